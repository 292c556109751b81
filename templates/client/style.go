//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// addParam adds one parameter of op. Values that are absent (null, or an array or object without elements) add nothing.
func (o *callOptions) addParam(op *operation, p param, value any) error {
	tree, err := p.tree(value)
	if err == nil {
		err = o.argumentsOf(op).addStyled(p, tree)
	}
	if err != nil {
		return fmt.Errorf("parameter %s: %w", p.name, err)
	}
	return nil
}

// tree takes a value apart that is to be written. One that is described by a media type is JSON, and a text from there on.
func (p param) tree(value any) (tree any, err error) {
	doc, err := encode(value)
	if err != nil {
		return nil, err
	}
	if err := decode(doc, &tree); err != nil {
		return nil, err
	}
	if p.style == "json" && tree != nil {
		return string(doc), nil
	}
	return tree, nil
}

// addStyled adds a parameter in the style that it has.
func (a *arguments) addStyled(p param, v any) error {
	switch p.in {
	case inHeader:
		return a.addHeader(p, v)
	case inCookie:
		return a.addCookie(p, v)
	}
	a.addQuery(p, v)
	return nil
}

func (a *arguments) addQuery(p param, v any) {
	switch v := v.(type) {
	case nil:
	case []any:
		a.addArray(p, texts(v))
	case map[string]any:
		a.addObject(p, v)
	default:
		a.query = append(a.query, pair{p.name, scalar(v)})
	}
}

// addArray writes an array into the query: the name repeated, or once with delimited elements.
func (a *arguments) addArray(p param, elements []string) {
	switch {
	case len(elements) == 0:
	case p.explode || p.style == "deepObject":
		for _, e := range elements {
			a.query = append(a.query, pair{p.name, e})
		}
	default:
		a.addDelimited(p, elements)
	}
}

// addDelimited escapes the elements but not what stands between them: the server splits before it unescapes.
func (a *arguments) addDelimited(p param, elements []string) {
	escaped := make([]string, len(elements))
	for i, e := range elements {
		escaped[i] = queryEscape(e)
	}
	delimiter := ","
	switch p.style {
	case "spaceDelimited":
		delimiter = "%20"
	case "pipeDelimited":
		delimiter = "%7C"
	case "tabDelimited":
		delimiter = "%09"
	}
	a.encoded = append(a.encoded, queryEscape(p.name)+"="+strings.Join(escaped, delimiter))
}

// addObject writes an object into the query, its members in the order of their names.
func (a *arguments) addObject(p param, o map[string]any) {
	switch {
	case len(o) == 0:
	case p.style == "deepObject":
		for _, name := range slices.Sorted(maps.Keys(o)) {
			member := p
			member.name += "[" + name + "]"
			a.addQuery(member, o[name])
		}
	case p.explode:
		for _, name := range slices.Sorted(maps.Keys(o)) {
			a.addArray(param{name: name, explode: true}, texts([]any{o[name]}))
		}
	default:
		a.addDelimited(p, members(o, false))
	}
}

func (a *arguments) addHeader(p param, v any) error {
	value := simple(p, v)
	if !validHeaderValue(value) {
		return errors.New("the value has control characters")
	}
	if value != "" {
		a.header = append(a.header, pair{p.name, value})
	}
	return nil
}

func (a *arguments) addCookie(p param, v any) error {
	value := simple(p, v)
	if !validCookieValue(value) {
		return errors.New("the value cannot be in a cookie")
	}
	if value != "" {
		a.cookies = append(a.cookies, pair{p.name, value})
	}
	return nil
}

// simple writes a value in the style of that name: with commas.
func simple(p param, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		return strings.Join(texts(v), ",")
	case map[string]any:
		return strings.Join(members(v, p.explode), ",")
	default:
		return scalar(v)
	}
}

// members lists an object as name, value, name, value; joined: as name=value.
func members(o map[string]any, joined bool) []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(o)) {
		switch {
		case o[name] == nil:
		case joined:
			list = append(list, name+"="+scalar(o[name]))
		default:
			list = append(list, name, scalar(o[name]))
		}
	}
	return list
}

func texts(list []any) []string {
	var out []string
	for _, v := range list {
		if v != nil {
			out = append(out, scalar(v))
		}
	}
	return out
}

// scalar is the text of a value. OpenAPI does not say how an object inside a parameter looks; JSON is what servers take.
func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	doc, err := encode(v)
	if err != nil {
		return ""
	}
	return string(doc)
}

// queryEscape escapes like package url, but for the space: "+" means one only to servers that take the query for a form.
func queryEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
