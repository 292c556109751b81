package model

// decideShapes decides how each field is printed: as a pointer or a value, and what is left out of a request.
func (b *builder) decideShapes() {
	for _, o := range b.operations {
		if b.api.Features[FeatureHelpers] && o.Revision != nil && o.Revision.Type.Kind == KindStruct {
			o.Revision.Type.Resource = true
		}
	}
	cycles := components(b.api.Types)
	for _, t := range b.api.Types {
		for _, f := range t.Fields {
			b.decideShape(f, b.details[f].inResponses)
			if target := f.Type.Underlying(); target.Kind == KindStruct && cycles[t] != 0 && cycles[t] == cycles[target] && !f.Pointer {
				f.Pointer = true
				f.OmitEmpty, f.OmitZero = !f.Required, false
			}
		}
	}
}

// decideShape decides one field, but for cycles.
//
//	                 in requests required   always in answers    optional
//	string, enum     value                  value, omitzero      pointer, omitempty
//	number, bool     value                  pointer, omitempty   pointer, omitempty    (read-only: as strings)
//	object           value                  value, omitzero      pointer, omitempty    (or value, omitzero: x-optional-objects)
//	array, map, []byte  value               value, omitzero      value, omitzero
//	free-form        value                  value, omitempty     value, omitempty
//
// Where null is a value, scalars and objects are pointers; one that requests require is sent as null when it is nil.
func (b *builder) decideShape(f *Field, inResponses bool) {
	target := f.Type.Underlying()
	switch form := formOf(target); {
	case form == isFree:
		f.OmitEmpty = !f.Required
	case form == isList:
		f.OmitZero = !f.Required
	case f.Required:
		f.Pointer = f.Nullable
	case f.Nullable:
		f.Pointer, f.OmitEmpty = true, true
		if form == isObject && b.objectsByValue(f.Type) {
			f.Pointer, f.OmitEmpty, f.OmitZero = false, false, true
		}
	case inResponses && (form != isNumber || f.ReadOnly):
		f.OmitZero = true
	case form == isObject && b.objectsByValue(f.Type):
		f.OmitZero = true
	default:
		f.Pointer, f.OmitEmpty = true, true
	}
}

// objectsByValue tells whether the optional uses of a type are plain values.
func (b *builder) objectsByValue(t *Type) bool {
	for ; ; t = t.Elem {
		if b.byValue[t] {
			return true
		}
		if t.Kind != KindRef {
			return b.optionalObjects == "value"
		}
	}
}

// form groups the kinds of types that are printed alike.
type form int

const (
	isString form = iota // and enums and instants: the zero value says "not there" well enough in an answer
	isNumber             // and booleans: it does not
	isObject             // and unions
	isList               // and maps and bytes: nil says "not there" always
	isFree
)

func formOf(t *Type) form {
	switch t.Kind {
	case KindStruct, KindUnion:
		return isObject
	case KindArray, KindMap:
		return isList
	case KindAny:
		return isFree
	case KindEnum:
		if t.EnumGo != "string" {
			return isNumber
		}
		return isString
	}
	switch t.Go {
	case "string", "Timestamp":
		return isString
	case "[]byte":
		return isList
	}
	return isNumber
}

// components numbers the cycles among structs that hold each other as fields (Tarjan's strongly connected components). A
// struct in none has no number. Arrays, maps and unions break a cycle: Go sees a pointer there.
func components(types []*Type) map[*Type]int {
	c := &cycleFinder{index: map[*Type]int{}, low: map[*Type]int{}, onStack: map[*Type]bool{}, number: map[*Type]int{}}
	for _, t := range types {
		if t.Kind == KindStruct && c.index[t] == 0 {
			c.visit(t)
		}
	}
	return c.number
}

type cycleFinder struct {
	index, low map[*Type]int
	onStack    map[*Type]bool
	stack      []*Type
	number     map[*Type]int
	count      int
}

func (c *cycleFinder) visit(t *Type) {
	c.index[t] = len(c.index) + 1
	c.low[t] = c.index[t]
	c.stack = append(c.stack, t)
	c.onStack[t] = true
	self := false
	for _, f := range t.Fields {
		next := f.Type.Underlying()
		if next.Kind != KindStruct {
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
func (c *cycleFinder) pop(root *Type, self bool) {
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
