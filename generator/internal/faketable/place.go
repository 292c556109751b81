package faketable

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
	"github.com/contactsgen/contactsgen/templates/fake"
)

func location(l api.Location) fake.Location {
	return fake.Location{In: fake.Place(l.In), Name: l.Name, At: l.At}
}

// below gives what is left of a JSON Pointer behind another one, if it lies at or below it.
func below(prefix, pointer string) (string, bool) {
	rest, ok := strings.CutPrefix(pointer, prefix)
	return rest, ok && (rest == "" || rest[0] == '/')
}

// segment writes a member's name in a JSON Pointer.
func segment(name string) string {
	s := jsonpointer.Escape(name)
	if strings.HasPrefix(s, "[") {
		return "~2" + s[1:]
	}
	return s
}

func isScalar(t *api.Type) bool {
	k := t.Underlying().Kind
	return k == api.KindScalar || k == api.KindEnum
}

func sorted[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
