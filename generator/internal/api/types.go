package api

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
)

// Codec says which methods a type has for JSON of its own.
type Codec struct {
	Reads, Writes       bool // as part of a document
	ReadsDoc, WritesDoc bool // as a document
	TellsZero           bool // whether it is its zero value: Go cannot compare it
}

// HasCodec tells whether a type can read and write itself: it is no scalar, has a name to declare methods on, and has none for JSON yet.
func (t *Type) HasCodec() bool {
	return t.Name != "" && (t.Kind == KindStruct || t.Kind == KindArray || t.Kind == KindMap) && !t.IsOpaque()
}

// IsOpaque tells whether a type has methods for JSON that encoding/json calls.
func (t *Type) IsOpaque() bool { return t.Kind == KindUnion || t.Kind == KindStruct && t.Values != nil }

// TellZero has the type, and the structs in it, say whether they are zero: they cannot be compared with ==.
func (t *Type) TellZero() {
	t.Codec.TellsZero = true
	for _, f := range t.Fields {
		if inner := f.Type.Underlying(); inner.HasFields() && !f.Pointer && !inner.Codec.TellsZero && !inner.Comparable() {
			inner.TellZero()
		}
	}
}

// Comparable tells whether Go compares values of a type with ==, and a free-form value is not in them.
func (t *Type) Comparable() bool {
	switch t = t.Underlying(); t.Kind {
	case KindScalar:
		return t.Go != "[]byte"
	case KindEnum:
		return true
	case KindStruct:
		if t.Resource || t.Values != nil {
			return false
		}
		for _, f := range t.Fields {
			if !f.Pointer && !f.Type.Comparable() {
				return false
			}
		}
		return true
	}
	return false
}

// ValueNamedIn gives the only value of an enum whose words all occur in a text. One that has fewer words than another is not meant where
// that is.
func (t *Type) ValueNamedIn(text string) (string, bool) {
	said := map[string]bool{}
	for _, w := range naming.Words(text) {
		said[strings.ToLower(w)] = true
	}
	var found []string
	most := 0
	for _, v := range t.Enum {
		list := naming.Words(v.Value)
		if len(list) < max(most, 1) || slices.ContainsFunc(list, func(w string) bool {
			return !said[strings.ToLower(w)]
		}) || strings.ContainsAny(v.Value, `"'\\`) {
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

// Find follows a path through a type. It gives how many of its steps lead somewhere, and what the next could have been.
func (t *Type) Find(path []Step) (found *Type, at int, have []string) {
	for i, s := range path {
		next, have := t.Step(s)
		if next == nil {
			return nil, i, have
		}
		t = next
	}
	return t, len(path), nil
}

// Step gives the type of what a step leads to; nil and what there is when it leads nowhere. Anything is in a free-form value.
func (t *Type) Step(s Step) (next *Type, have []string) {
	t = t.Underlying()
	switch t.Kind {
	case KindAny:
		return t, nil
	case KindMap:
		return t.Values, nil
	case KindArray:
		if s.Filter {
			_, have = t.Elem.Step(Step{Name: s.Name})
			if have != nil {
				return nil, have
			}
			return t.Elem, nil
		}
		if s.Name != "" && strings.Trim(s.Name, "0123456789") == "" {
			return t.Elem, nil
		}
	case KindStruct:
		return t.Member(s)
	case KindUnion:
		if next, have = t.Member(s); next != nil {
			return next, nil
		}
		for _, v := range t.Union.Variants {
			next, more := v.Type.Step(s)
			if next != nil {
				return next, nil
			}
			have = append(have, more...)
		}
	}
	return nil, have
}

// Member gives a member of a struct.
func (t *Type) Member(s Step) (next *Type, have []string) {
	for _, f := range t.Fields {
		if f.Name == s.Name && !s.Filter {
			return f.Type, nil
		}
		have = append(have, f.Name)
	}
	if t.Values != nil && !s.Filter {
		return t.Values, nil
	}
	return nil, have
}

// Underlying gives the type that a chain of aliases leads to.
func (t *Type) Underlying() *Type {
	for t.Kind == KindRef && t.Elem != nil {
		t = t.Elem
	}
	return t
}

// At gives the type of what is at a JSON Pointer in a value of this type; nil where nothing is declared.
func (t *Type) At(pointer string) *Type {
	var path []Step
	for _, s := range strings.Split(pointer, "/")[1:] {
		if filter, ok := strings.CutPrefix(s, "["); ok {
			name, value, _ := strings.Cut(strings.TrimSuffix(filter, "]"), "=")
			path = append(path, Step{Name: jsonpointer.Unescape(name), Filter: true, Value: jsonpointer.Unescape(value)})
			continue
		}
		path = append(path, Step{Name: jsonpointer.Unescape(strings.Replace(s, "~2", "[", 1))})
	}
	found, _, _ := t.Find(path)
	return found
}

// IsScalar tells whether a value of a type is one text.
func (t *Type) IsScalar() bool {
	t = t.Underlying()
	return t.Kind == KindScalar || t.Kind == KindEnum
}

// IsPointer tells whether an element, a value of a map or a result is a pointer: null is a declared value of it, and Go has no other nil
// for it.
func (t *Type) IsPointer() bool {
	form := CategoryOf(t.Underlying())
	return t.Nullable && t.Name == "" && form != CategoryList && form != CategoryFree
}

// IsFilled tells whether an element or a value of a map is sent as an empty list, map or bytes when it is nil: null is no value of it.
func (t *Type) IsFilled() bool { return !t.Nullable && CategoryOf(t.Underlying()) == CategoryList }

// FillsItself tells whether a list or a map of itself ends with empty ones, since null is no value of it. It writes itself so.
func (t *Type) FillsItself() bool {
	held := t.held()
	return held != nil && held.IsFilled() && t.holdsItself()
}

// holdsItself tells whether a list or a map is of itself, at whatever depth.
func (t *Type) holdsItself() bool {
	seen := map[*Type]bool{}
	for at := t; at != nil && !seen[at]; {
		seen[at] = true
		held := at.held()
		if held == nil {
			return false
		}
		at = held.Underlying()
		if at == t {
			return true
		}
	}
	return false
}

// FillsValues tells whether nil is sent as something empty in the members of a struct that are not declared.
func (t *Type) FillsValues() bool {
	return t.Kind == KindStruct && t.Values != nil && t.Values.IsFilled()
}

// held gives what a list or a map is of; nil of anything else.
func (t *Type) held() *Type {
	switch t.Kind {
	case KindArray:
		return t.Elem
	case KindMap:
		return t.Values
	}
	return nil
}

// FillDepth gives how many levels of lists and maps within this one are sent as empty ones when they are nil. What is of itself sees to its
// own.
func (t *Type) FillDepth() int {
	for depth := 0; ; depth++ {
		at := t.Underlying()
		inner := at.held()
		if inner == nil || !inner.IsFilled() || at.holdsItself() {
			return depth
		}
		t = inner
	}
}

// Value gives the type without a null.
func (t *Type) Value() *Type {
	if !t.Nullable {
		return t
	}
	if t.Kind == KindRef && t.Name == "" {
		return t.Elem
	}
	v := *t
	v.Nullable = false
	return &v
}

// Category groups the kinds of types that are printed alike.
type Category int

// The categories.
const (
	CategoryString Category = iota // and enums and instants: the zero value says "not there" well enough in an answer
	CategoryNumber                 // and booleans: it does not
	CategoryObject                 // and unions
	CategoryList                   // and maps and bytes: nil says "not there" always
	CategoryFree
)

// CategoryOf gives the category of a type.
func CategoryOf(t *Type) Category {
	switch t.Kind {
	case KindStruct, KindUnion:
		return CategoryObject
	case KindArray, KindMap:
		return CategoryList
	case KindAny:
		return CategoryFree
	case KindEnum:
		if t.EnumGo != "string" {
			return CategoryNumber
		}
		return CategoryString
	}
	switch t.Go {
	case "string", "Timestamp":
		return CategoryString
	case "[]byte":
		return CategoryList
	}
	return CategoryNumber
}

// HasFields tells whether a type is an object with declared members: a struct, or a union that has some beside its variants.
func (t *Type) HasFields() bool {
	return t.Kind == KindStruct || t.Kind == KindUnion && len(t.Fields) > 0
}

// FieldNamed finds the field of a member; nil when none is declared.
func (t *Type) FieldNamed(name string) *Field {
	for _, f := range t.Underlying().Fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}
