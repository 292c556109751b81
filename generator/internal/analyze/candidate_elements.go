package analyze

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
)

// maxDepth is how deep tokens are looked for; deeper ones belong to parts of what is written.
const maxDepth = 3

// visit walks the members of a type that are structs in structs, the outermost first. It goes into lists, too, where it is known which of
// the elements is meant.
func visit(t *api.Type, at []api.Step, element func(*api.Type) (api.Step, bool), f func(path []api.Step, f *api.Field)) {
	if t == nil || len(memberNames(at)) >= maxDepth {
		return
	}
	t = t.Underlying()
	for _, field := range t.Fields {
		f(append(slices.Clone(at), api.Step{Name: field.Name}), field)
	}
	for _, field := range t.Fields {
		next, path := field.Type.Underlying(), append(slices.Clone(at), api.Step{Name: field.Name})
		if next.Kind == api.KindArray {
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
func memberNames(path []api.Step) []string {
	var out []string
	for _, s := range path {
		if !s.Filter {
			out = append(out, s.Name)
		}
	}
	return out
}

// element tells which element of a list an operation is about: the one whose kind is a word of the operation's name, as the source of kind
// CONTACT for updateContact; or else the only kind that its text names.
func (o *operation) element(elem *api.Type) (api.Step, bool) {
	for _, f := range elem.Fields {
		kind := f.Type.Underlying()
		if kind.Kind != api.KindEnum || kind.EnumGo != "string" {
			continue
		}
		if value, ok := kind.ValueNamedIn(o.ID); ok {
			return api.Step{Name: f.Name, Filter: true, Value: value}, true
		}
		if value, ok := kind.ValueNamedIn(o.Summary + " " + o.Doc); ok {
			return api.Step{Name: f.Name, Filter: true, Value: value}, true
		}
	}
	return api.Step{}, false
}

// speaksOf tells whether the text of an operation names a member by its path: "person.metadata.sources.etag".
func (o *operation) speaksOf(path []api.Step) bool {
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
		if rest == "" || !naming.IsAlnum(rune(rest[0])) {
			return true
		}
		text = rest
	}
}
