package model

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
)

// maxDepth is how deep tokens are looked for; deeper ones belong to parts of what is written.
const maxDepth = 3

// visit walks the members of a type that are structs in structs, the outermost first. It goes into lists, too, where it is known which of
// the elements is meant.
func visit(t *Type, at []step, element func(*Type) (step, bool), f func(path []step, f *Field)) {
	if t == nil || len(memberNames(at)) >= maxDepth {
		return
	}
	t = t.Underlying()
	for _, field := range t.Fields {
		f(append(slices.Clone(at), step{name: field.Name}), field)
	}
	for _, field := range t.Fields {
		next, path := field.Type.Underlying(), append(slices.Clone(at), step{name: field.Name})
		if next.Kind == KindArray {
			one, ok := element(next.Elem.Underlying())
			if !ok {
				continue
			}
			next, path = next.Elem, append(path, one)
		}
		visit(next, path, element, f)
	}
}

// memberNames lists the names of the members that a path leads through.
func memberNames(path []step) []string {
	var out []string
	for _, s := range path {
		if !s.filter {
			out = append(out, s.name)
		}
	}
	return out
}

// element tells which element of a list an operation is about: the one whose kind is a word of the operation's name, as the source of kind
// CONTACT for updateContact; or else the only kind that its text names.
func (o *operation) element(elem *Type) (step, bool) {
	for _, f := range elem.Fields {
		kind := f.Type.Underlying()
		if kind.Kind != KindEnum || kind.EnumGo != "string" {
			continue
		}
		if value, ok := kind.valueNamedIn(o.ID); ok {
			return step{name: f.Name, filter: true, value: value}, true
		}
		if value, ok := kind.valueNamedIn(o.Summary + " " + o.Doc); ok {
			return step{name: f.Name, filter: true, value: value}, true
		}
	}
	return step{}, false
}

// valueNamedIn gives the only value of an enum whose words all occur in a text. One that has fewer words than another is not meant where that is.
func (t *Type) valueNamedIn(text string) (string, bool) {
	said := map[string]bool{}
	for _, w := range words(text) {
		said[strings.ToLower(w)] = true
	}
	var found []string
	most := 0
	for _, v := range t.Enum {
		list := words(v.Value)
		if len(list) < max(most, 1) || slices.ContainsFunc(list, func(w string) bool { return !said[strings.ToLower(w)] }) || strings.ContainsAny(v.Value, `"'\\`) {
			continue
		}
		if len(list) > most {
			most, found = len(list), nil
		}
		found = append(found, v.Value)
	}
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// speaksOf tells whether the text of an operation names a member by its path: "person.metadata.sources.etag".
func (o *operation) speaksOf(path []step) bool {
	list := memberNames(path)
	if len(list) < 2 {
		return false
	}
	name, text := strings.ToLower(strings.Join(list, ".")), strings.ToLower(o.Summary+" "+o.Doc)
	for {
		_, rest, found := strings.Cut(text, name)
		if !found {
			return false
		}
		if rest == "" || !isAlnum(rune(rest[0])) {
			return true
		}
		text = rest
	}
}

// jsonPath writes a place in the runtime's notation as the part of a JSONPath (RFC 9535) behind its root.
func jsonPath(at string) string {
	var b strings.Builder
	for _, s := range strings.Split(at, "/")[1:] {
		if filter, ok := strings.CutPrefix(s, "["); ok {
			name, value, _ := strings.Cut(strings.TrimSuffix(filter, "]"), "=")
			b.WriteString("[?@." + jsonpointer.Unescape(name) + `=="` + jsonpointer.Unescape(value) + `"]`)
			continue
		}
		name := jsonpointer.Unescape(strings.Replace(s, "~2", "[", 1))
		if strings.ContainsFunc(name, func(r rune) bool { return !isAlnum(r) && r != '_' }) {
			b.WriteString("['" + name + "']")
			continue
		}
		b.WriteString("." + name)
	}
	return b.String()
}
