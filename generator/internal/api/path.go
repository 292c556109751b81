package api

import (
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
)

// Step is one step into a JSON body: to a member (or, in an array, an index), or to the element of an array whose member has a value.
type Step struct {
	Name   string
	Filter bool
	Value  string // of the member called name, when filter is set
}

// Pointer writes steps in the runtime's notation: RFC 6901, and [name=value] for a filter. A name that begins with "[" is told
// from a filter by "~2" in place of the bracket.
func Pointer(path []Step) string {
	var b strings.Builder
	for _, s := range path {
		b.WriteByte('/')
		switch name := jsonpointer.Escape(s.Name); {
		case s.Filter:
			b.WriteString("[" + name + "=" + jsonpointer.Escape(s.Value) + "]")
		case strings.HasPrefix(name, "["):
			b.WriteString("~2" + name[1:])
		default:
			b.WriteString(name)
		}
	}
	return b.String()
}

// Below gives what is left of path behind prefix, if it lies there.
func Below(prefix, path []Step) ([]Step, bool) {
	if len(path) < len(prefix) {
		return nil, false
	}
	for i, s := range prefix {
		if path[i] != s {
			return nil, false
		}
	}
	return path[len(prefix):], true
}
