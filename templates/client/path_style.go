//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"net/url"
	"strings"
)

// pathText writes the value of a path parameter that is more than a text: a list, an object, or one whose style has punctuation of
// its own. It is escaped but for that. What cannot be written is empty, and is refused as such.
func pathText(p param, value any) string {
	tree, err := p.tree(value)
	if err != nil {
		return ""
	}
	var texts []string
	switch tree.kind {
	case kindNull:
	case kindObject:
		texts = escapedMembers(tree.entries, p.explode)
	case kindArray:
		texts = escapedElements(tree.items)
	default:
		texts = []string{pathEscape(scalar(tree))}
	}
	if texts == nil {
		return ""
	}
	switch p.style {
	case "label":
		return "." + strings.Join(texts, map[bool]string{true: ".", false: ","}[p.explode])
	case "matrix":
		return matrix(p, texts, tree.kind == kindObject)
	}
	return strings.Join(texts, ",")
}

// matrix writes ;name=a,b or, exploded, ;name=a;name=b and ;member=a;other=b.
func matrix(p param, texts []string, isObject bool) string {
	name := ";" + pathEscape(p.name) + "="
	switch {
	case !p.explode:
		return name + strings.Join(texts, ",")
	case isObject:
		return ";" + strings.Join(texts, ";")
	}
	return name + strings.Join(texts, name)
}

func escapedElements(list []*node) []string {
	out := texts(list)
	for i, v := range out {
		out[i] = pathEscape(v)
	}
	return out
}

// escapedMembers lists an object as name, value, name, value; joined: as name=value.
func escapedMembers(o []entry, joined bool) []string {
	pairs := members(o, false)
	var out []string
	for i := 0; i+1 < len(pairs); i += 2 {
		name, value := pathEscape(pairs[i]), pathEscape(pairs[i+1])
		if joined {
			out = append(out, name+"="+value)
			continue
		}
		out = append(out, name, value)
	}
	return out
}

// pathEscape escapes what a style could take for its own punctuation, too.
func pathEscape(s string) string { return strings.ReplaceAll(url.PathEscape(s), "=", "%3D") }
