package api

import (
	"slices"
	"testing"
)

// text, number and anything are types that many others are made of.
var (
	text     = &Type{Kind: KindScalar, Go: "string"}
	number   = &Type{Kind: KindScalar, Go: "int64"}
	anything = &Type{Kind: KindAny}
)

// address is an object in a contact, which has a list of them, and labels by name.
var (
	address = &Type{Name: "Address", Kind: KindStruct, Fields: []*Field{{Name: "id", Type: text}, {Name: "a/b", Type: number},
		{Name: "[city", Type: text}}}
	contact = &Type{Name: "Contact", Kind: KindStruct, Fields: []*Field{
		{Name: "id", Type: text},
		{Name: "addresses", Type: &Type{Kind: KindArray, Elem: &Type{Kind: KindRef, Name: "Home", Elem: address}}},
		{Name: "labels", Type: &Type{Kind: KindMap, Values: number}},
		{Name: "extra", Type: anything},
	}}
)

// A pointer leads through members, indexes, filters, names of a map, aliases and whatever is free-form, and nowhere else.
func TestAt(t *testing.T) {
	for _, tt := range []struct {
		pointer string
		want    *Type
	}{
		{"", contact},
		{"/id", text},
		{"/nothing", nil},
		{"/id/more", nil},
		{"/addresses/0/id", text},
		{"/addresses/first/id", nil},
		{"/addresses/[id=home]/a~1b", number},
		{"/addresses/[kind=home]/id", nil},
		{"/addresses/0/~2city", text},
		{"/labels/any name", number},
		{"/extra/whatever/lies/0/below", anything},
	} {
		got := contact.At(tt.pointer)
		if tt.want == nil && got == nil {
			continue
		}
		if got == nil || tt.want == nil || got.Underlying() != tt.want {
			t.Errorf("at %q there is %+v, want %+v", tt.pointer, got, tt.want)
		}
	}
}

// Where a path ends says what could have been there instead.
func TestFindSaysWhatThereIs(t *testing.T) {
	found, at, have := contact.Find([]Step{{Name: "addresses"}, {Name: "0"}, {Name: "street"}})
	if want := []string{"id", "a/b", "[city"}; found != nil || at != 2 || !slices.Equal(have, want) {
		t.Errorf("found %v after %d steps, among %v, want nothing after 2, among %v", found, at, have, want)
	}
}

// A member of one variant is a member of the union, as are those beside the variants.
func TestFindInUnions(t *testing.T) {
	card, cash := &Type{Kind: KindStruct, Fields: []*Field{{Name: "digits", Type: text}}},
		&Type{Kind: KindStruct, Fields: []*Field{{Name: "coins", Type: number}}}
	payment := &Type{Kind: KindUnion, Fields: []*Field{{Name: "amount", Type: number}},
		Union: &Union{Variants: []*Variant{{Type: card}, {Type: cash}}}}
	for name, want := range map[string]*Type{"digits": text, "coins": number, "amount": number, "cheque": nil} {
		if got := payment.At("/" + name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

// Go compares a struct with == unless something in it cannot be, or must not be, compared; what is behind a pointer is not looked at.
func TestComparable(t *testing.T) {
	list, bytes := &Type{Kind: KindArray, Elem: text}, &Type{Kind: KindScalar, Go: "[]byte"}
	of := func(types ...*Type) *Type {
		s := &Type{Kind: KindStruct}
		for _, inner := range types {
			s.Fields = append(s.Fields, &Field{Type: inner})
		}
		return s
	}
	behind := of(list)
	behind.Fields[0].Pointer = true
	resource := of(text)
	resource.Resource = true
	for _, tt := range []struct {
		name string
		typ  *Type
		want bool
	}{
		{"text", text, true},
		{"enum", &Type{Kind: KindEnum}, true},
		{"bytes", bytes, false},
		{"list", list, false},
		{"map", &Type{Kind: KindMap, Values: text}, false},
		{"free-form", anything, false},
		{"struct of scalars", of(text, number), true},
		{"struct in a struct", of(of(text)), true},
		{"struct with a list", of(text, list), false},
		{"struct with a list behind a pointer", behind, true},
		{"alias", &Type{Kind: KindRef, Elem: of(text)}, true},
		{"resource, which keeps a snapshot", resource, false},
		{"struct with additional properties", &Type{Kind: KindStruct, Values: text}, false},
	} {
		if got := tt.typ.Comparable(); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// What cannot be compared has to tell whether it is zero, and so have the structs in it that cannot be compared; those behind a pointer
// need not.
func TestTellZero(t *testing.T) {
	inner := &Type{Kind: KindStruct, Fields: []*Field{{Type: &Type{Kind: KindArray, Elem: text}}}}
	plain, behind := &Type{Kind: KindStruct, Fields: []*Field{{Type: text}}}, &Type{Kind: KindStruct, Fields: []*Field{{Type: anything}}}
	outer := &Type{Kind: KindStruct, Fields: []*Field{{Type: inner}, {Type: plain}, {Type: behind, Pointer: true}}}
	outer.TellZero()
	if !outer.Codec.TellsZero || !inner.Codec.TellsZero || plain.Codec.TellsZero || behind.Codec.TellsZero {
		t.Errorf("outer %v, inner %v, plain %v, behind a pointer %v", outer.Codec.TellsZero, inner.Codec.TellsZero, plain.Codec.TellsZero,
			behind.Codec.TellsZero)
	}
}

// A text names a value when all its words are there; of two that are, the longer one is meant, and of two as long none.
func TestValueNamedIn(t *testing.T) {
	status := &Type{Kind: KindEnum, Enum: []*EnumValue{{Value: "DONE"}, {Value: "NOT_DONE"}, {Value: "FAILED"}}}
	for text, want := range map[string]string{
		"It is done.":           "DONE",
		"It is not done yet.":   "NOT_DONE",
		"It is done or failed.": "",
		"Nothing is said.":      "",
	} {
		got, ok := status.ValueNamedIn(text)
		if got != want || ok != (want != "") {
			t.Errorf("%q names %q (%v), want %q", text, got, ok, want)
		}
	}
}

// Null is a value of its own only where Go has no nil for it already.
func TestIsPointer(t *testing.T) {
	for _, tt := range []struct {
		typ  Type
		want bool
	}{
		{Type{Kind: KindScalar, Go: "string"}, false},
		{Type{Kind: KindScalar, Go: "string", Nullable: true}, true},
		{Type{Kind: KindArray, Elem: text, Nullable: true}, false},
		{Type{Kind: KindMap, Values: text, Nullable: true}, false},
		{Type{Kind: KindScalar, Go: "[]byte", Nullable: true}, false},
		{Type{Kind: KindAny, Nullable: true}, false},
		{Type{Kind: KindRef, Elem: address, Nullable: true}, true},
	} {
		if got := tt.typ.IsPointer(); got != tt.want {
			t.Errorf("%+v: %v, want %v", tt.typ, got, tt.want)
		}
	}
}
