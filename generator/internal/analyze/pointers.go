package analyze

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
)

// decideShapes decides how each field is printed: as a pointer or a value, and what is left out of a request.
func (b *builder) decideShapes() {
	for _, o := range b.operations {
		if b.api.Features[api.FeatureHelpers] && o.Revision != nil && o.Revision.Type.HasFields() {
			o.Revision.Type.Resource = true
		}
	}
	cycles := components(b.api.Types)
	for _, t := range b.api.Types {
		for _, f := range t.Fields {
			b.decideShape(f, b.details[f].inResponses)
			if target := f.Type.Underlying(); target.HasFields() && cycles[t] != 0 && cycles[t] == cycles[target] && !f.Pointer && !f.Clears {
				f.Pointer = true
				f.OmitEmpty, f.OmitZero = !f.Required, false
			}
			obey(f, b.details[f].omit)
		}
	}
	b.decideFilling()
	for _, o := range b.operations {
		if o.Revision != nil {
			decideTold(o.Revision)
		}
		decideNull(&o.Result)
		if o.Body != nil {
			decideBody(o.Body)
			keepNulls(o.Body)
		}
	}
}

// decideFilling has the types fill their lists that requests are made of.
func (b *builder) decideFilling() {
	var written []*api.Type
	for _, o := range b.operations {
		written = append(written, o.bodyType())
		if o.Revision != nil {
			written = append(written, o.Revision.Type)
		}
		for _, p := range o.params {
			written = append(written, p.Type)
		}
		if o.Body != nil && o.Body.Form != nil {
			for _, p := range o.Body.Form.Parts {
				written = append(written, p.Type)
			}
		}
	}
	reach(written, func(t *api.Type) {
		t.FillsNil = slices.ContainsFunc(t.Fields, func(f *api.Field) bool { return f.FillsNil || f.Type.FillDepth() > 0 }) ||
			t.FillsValues() || t.FillsItself()
	})
}

// decideTold decides what is printed of a resource: which one it is, and its revision. The rest may be somebody's personal data. What is
// in a part that may not be there is left out.
func decideTold(r *api.Revision) {
	if !r.Type.Resource || r.Type.Tells != nil {
		return
	}
	for _, at := range r.Identity {
		if at.In == api.InBody {
			tell(r.Type, at.At)
		}
	}
	for _, part := range r.Tokens {
		rest, within := strings.CutPrefix(part.Read.At, r.Resource)
		switch {
		case part.Read.In == api.InHeader:
			r.Type.Tells = append(r.Type.Tells, api.Tell{Name: part.Read.Name})
		case part.Read.In == api.InBody && within:
			tell(r.Type, rest)
		}
	}
}

// tell adds what is at a JSON Pointer in a resource.
func tell(t *api.Type, at string) {
	var told api.Tell
	in, always := t, true
	for _, s := range strings.Split(at, "/")[1:] {
		f := in.FieldNamed(jsonpointer.Unescape(s))
		if f == nil || !always {
			return
		}
		told.Name, told.Fields = f.Name, append(told.Fields, f.GoName)
		in, always = f.Type, !f.Pointer
	}
	if told.Fields != nil && in.IsScalar() {
		t.Tells = append(t.Tells, told)
	}
}

// decideNull makes a result that may be null a pointer. A resource keeps what it was read from, so it is never null.
func decideNull(r *api.Result) {
	if r.Nullable && r.Kind == api.ResultJSON && !r.Type.Underlying().Resource {
		r.Type = element(use{r.Type, true})
	}
}

// decideBody decides whether a body is passed as a pointer, and what a required one is that is nil: empty where that is a value, null where
// that is one.
func decideBody(b *api.Body) {
	b.Pointer = !b.Required
	if b.Type == nil || !b.Required {
		return
	}
	switch t := b.Type.Underlying(); {
	case t.Kind == api.KindAny:
		b.CanBeNil, b.Nil = true, "null"
	case api.CategoryOf(t) != api.CategoryList:
		b.Pointer = b.Nullable
		b.CanBeNil = b.Nullable || t.Kind == api.KindUnion
	case t.Kind == api.KindArray:
		b.CanBeNil, b.Nil = true, "[]"
	case t.Kind == api.KindMap:
		b.CanBeNil, b.Nil = true, "{}"
	default:
		b.CanBeNil, b.Nil = true, `""`
	}
	if b.Nullable {
		b.Nil = "null"
	}
}

// keepNulls has the operations of a JSON Patch (RFC 6902) say their value, null or not: some mean null by it, and the others ignore it.
func keepNulls(b *api.Body) {
	if !strings.HasPrefix(b.ContentType, "application/json-patch+json") || b.Type == nil || b.Type.Underlying().Kind != api.KindArray {
		return
	}
	one := b.Type.Underlying().Elem.Underlying()
	if one.FieldNamed("op") == nil || one.FieldNamed("path") == nil {
		return
	}
	for _, f := range one.Fields {
		if f.Name == "value" && (f.Nullable || f.Type.Underlying().Kind == api.KindAny) {
			f.OmitEmpty, f.OmitZero = false, false
		}
	}
}

// decideClearing lets unguarded patches say null: a member that is null is cleared, one that is left out stays. What a helper writes stays
// as it is, since helpers find out themselves what was removed. It reports whether there is such a member.
func (b *builder) decideClearing() (found bool) {
	guarded := map[*api.Type]bool{}
	for _, o := range b.operations {
		if r := o.Revision; r != nil {
			reach(append(o.roots(), r.Type), func(t *api.Type) { guarded[t] = true })
		}
	}
	seen := map[*api.Type]bool{}
	var visit func(t *api.Type)
	visit = func(t *api.Type) {
		if t = t.Underlying(); t.Kind != api.KindStruct || seen[t] || guarded[t] {
			return
		}
		seen[t] = true
		for _, f := range t.Fields {
			f.Clears = f.Nullable && !f.Required && !f.ReadOnly && f.Type.Underlying().Kind != api.KindAny
			found = found || f.Clears
			visit(f.Type)
		}
	}
	for _, o := range b.operations {
		if o.Revision == nil && o.bodyType() != nil &&
			(o.Method == "PATCH" || strings.HasPrefix(o.Body.ContentType, "application/merge-patch+json")) {
			visit(o.bodyType())
		}
	}
	return found
}

// decideShape decides one field, but for cycles.
//
//	                 in requests required   always in answers    optional
//	string, enum     value                  value, omitzero      pointer, omitempty
//	number, bool     value                  pointer, omitempty   pointer, omitempty    (read-only: as strings)
//	object           value                  value, omitzero      pointer, omitempty    (or value, omitzero: x-optional-objects)
//	array, map, []byte  value, filled       value, omitzero      value, omitzero
//	free-form        value                  value, omitempty     value, omitempty
//
// Where null is a value, scalars and objects are pointers; one that requests require is sent as null when it is nil. So is a list, which is
// sent as an empty one where null is no value.
func (b *builder) decideShape(f *api.Field, inResponses bool) {
	target := f.Type.Underlying()
	switch form := api.CategoryOf(target); {
	case f.Clears:
		f.OmitZero = true
	case form == api.CategoryFree:
		f.OmitEmpty = !f.Required
	case form == api.CategoryList:
		f.OmitZero, f.FillsNil = !f.Required, f.Required && !f.Nullable
	case f.Required:
		f.Pointer = f.Nullable
	case f.Nullable:
		f.Pointer, f.OmitEmpty = true, true
		if form == api.CategoryObject && b.objectsByValue(f.Type) {
			f.Pointer, f.OmitEmpty, f.OmitZero = false, false, true
		}
	case inResponses && (form != api.CategoryNumber || f.ReadOnly):
		f.OmitZero = true
	case form == api.CategoryObject && b.objectsByValue(f.Type):
		f.OmitZero = true
	default:
		f.Pointer, f.OmitEmpty = true, true
	}
}

// objectsByValue tells whether the optional uses of a type are plain values.
func (b *builder) objectsByValue(t *api.Type) bool {
	for ; ; t = t.Elem {
		if b.byValue[t] {
			return true
		}
		if t.Kind != api.KindRef {
			return b.optionalObjects == "value"
		}
	}
}

// components numbers the cycles among structs that hold each other as fields (Tarjan's strongly connected components). A
// struct in none has no number. Arrays, maps and the variants of unions break a cycle: Go sees a pointer there.
func components(types []*api.Type) map[*api.Type]int {
	c := &cycleFinder{index: map[*api.Type]int{}, low: map[*api.Type]int{}, onStack: map[*api.Type]bool{}, number: map[*api.Type]int{}}
	for _, t := range types {
		if t.HasFields() && c.index[t] == 0 {
			c.visit(t)
		}
	}
	return c.number
}

type cycleFinder struct {
	index, low map[*api.Type]int
	onStack    map[*api.Type]bool
	stack      []*api.Type
	number     map[*api.Type]int
	count      int
}

func (c *cycleFinder) visit(t *api.Type) {
	c.index[t] = len(c.index) + 1
	c.low[t] = c.index[t]
	c.stack = append(c.stack, t)
	c.onStack[t] = true
	self := false
	for _, f := range t.Fields {
		next := f.Type.Underlying()
		if !next.HasFields() {
			continue
		}
		self = self || next == t
		if c.index[next] == 0 {
			c.visit(next)
			c.low[t] = min(c.low[t], c.low[next])
		} else if c.onStack[next] {
			c.low[t] = min(c.low[t], c.index[next])
		}
	}
	if c.low[t] == c.index[t] {
		c.pop(t, self)
	}
}

// pop takes a component off the stack; one struct alone is a cycle only when it holds itself.
func (c *cycleFinder) pop(root *api.Type, self bool) {
	at := len(c.stack) - 1
	for c.stack[at] != root {
		at--
	}
	members := c.stack[at:]
	c.stack = c.stack[:at]
	isCycle := len(members) > 1 || self
	if isCycle {
		c.count++
	}
	for _, t := range members {
		c.onStack[t] = false
		if isCycle {
			c.number[t] = c.count
		}
	}
}
