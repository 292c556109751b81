package model

import (
	"fmt"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// spot is a place that an expression names, found in the description.
type spot struct {
	Location
	Type  *Type // what is declared there; nil in a header that declares nothing
	Param *Param
	path  []step
}

// requestAt finds a place in an operation's request; answerAt one in its successful answer.
func (b *builder) requestAt(o *operation, n source.Node) (spot, bool) { return b.locate(o, n, false) }
func (b *builder) answerAt(o *operation, n source.Node) (spot, bool)  { return b.locate(o, n, true) }

// locate finds the place an expression names in an operation; false after a complaint.
func (b *builder) locate(o *operation, n source.Node, answer bool) (spot, bool) {
	e, ok := b.parse(n)
	if !ok {
		return spot{}, false
	}
	if e.answer != answer {
		want, got := "$request", "$response"
		if answer {
			want, got = got, want
		}
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: fmt.Sprintf("this must name a place in the %s of %s", side(answer), o.ID),
			Help: fmt.Sprintf("begin it with %s instead of %s", want, got)})
		return spot{}, false
	}
	at := spot{Location: Location{In: e.in, Name: e.name, At: pointer(e.path), Pos: n.Pos()}, path: e.path}
	switch {
	case e.in == InBody && answer:
		at.Type, ok = b.walk(o.answer, e, "the answer of "+o.ID)
	case e.in == InBody:
		at.Type, ok = b.walk(o.bodyType(), e, "the request body of "+o.ID)
	case answer:
		ok = b.answerHeader(o, e, &at)
	default:
		ok = b.parameter(o, e, &at)
	}
	return at, ok
}

func side(answer bool) string {
	if answer {
		return "answer"
	}
	return "request"
}

// walk follows an expression's path through a type.
func (b *builder) walk(t *Type, e *expression, where string) (*Type, bool) {
	if t == nil {
		b.problems.Add(&diag.Problem{Pos: e.node.Pos(), Message: where + " is not JSON, so nothing in it can be named"})
		return nil, false
	}
	found, at, have := t.find(e.path)
	if at < len(e.path) {
		if at > 0 {
			where = pointer(e.path[:at]) + " in " + where
		}
		b.problems.Add(missing(e.node.Pos(), where, "property", e.path[at].name, have))
		return nil, false
	}
	return found, true
}

// find follows a path through a type. It gives how many of its steps lead somewhere, and what the next could have been.
func (t *Type) find(path []step) (found *Type, at int, have []string) {
	for i, s := range path {
		next, have := t.step(s)
		if next == nil {
			return nil, i, have
		}
		t = next
	}
	return t, len(path), nil
}

// step gives the type of what a step leads to; nil and what there is when it leads nowhere. Anything is in a free-form value.
func (t *Type) step(s step) (next *Type, have []string) {
	t = t.Underlying()
	switch t.Kind {
	case KindAny:
		return t, nil
	case KindMap:
		return t.Values, nil
	case KindArray:
		if s.filter {
			_, have = t.Elem.step(step{name: s.name})
			if have != nil {
				return nil, have
			}
			return t.Elem, nil
		}
		if s.name != "" && strings.Trim(s.name, "0123456789") == "" {
			return t.Elem, nil
		}
	case KindStruct:
		return t.member(s)
	case KindUnion:
		if next, have = t.member(s); next != nil {
			return next, nil
		}
		for _, v := range t.Union.Variants {
			next, more := v.Type.step(s)
			if next != nil {
				return next, nil
			}
			have = append(have, more...)
		}
	}
	return nil, have
}

// member gives a member of a struct.
func (t *Type) member(s step) (next *Type, have []string) {
	for _, f := range t.Fields {
		if f.Name == s.name && !s.filter {
			return f.Type, nil
		}
		have = append(have, f.Name)
	}
	if t.Values != nil && !s.filter {
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

// answerHeader finds a header among those that the successful answers declare.
func (b *builder) answerHeader(o *operation, e *expression, at *spot) bool {
	var have []string
	for _, h := range o.answerHeaders {
		if strings.EqualFold(h.Name, e.name) {
			at.Name, at.Type = h.Name, h.Type
			return true
		}
		have = append(have, h.Name)
	}
	b.problems.Add(missing(e.node.Pos(), "the answer of "+o.ID, "header", e.name, have))
	return false
}

// parameter finds a parameter of the request. Names of headers know no case.
func (b *builder) parameter(o *operation, e *expression, at *spot) bool {
	var have []string
	for _, p := range o.params {
		if p.In != e.in {
			continue
		}
		if p.Name == e.name || p.In == InHeader && strings.EqualFold(p.Name, e.name) {
			at.Name, at.Type, at.Param = p.Name, p.Type, p
			return true
		}
		have = append(have, p.Name)
	}
	b.problems.Add(missing(e.node.Pos(), o.ID, string(e.in)+" parameter", e.name, have))
	return false
}

// operationNamed finds an operation that an extension names by its operationId.
func (b *builder) operationNamed(n source.Node) (*operation, bool) {
	if o := b.byID[n.Text()]; o != nil {
		return o, true
	}
	if b.leftOut[n.Text()] {
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "the operation " + n.Text() + " is needed here, and the choice of operations leaves it out", Help: "include it as well"})
		return nil, false
	}
	have := make([]string, len(b.operations))
	for i, o := range b.operations {
		have[i] = o.ID
	}
	b.problems.Add(missing(n.Pos(), "the description", "operation", n.Text(), have))
	return nil, false
}

// At gives the type of what is at a JSON Pointer in a value of this type; nil where nothing is declared.
func (t *Type) At(pointer string) *Type {
	var path []step
	for _, s := range strings.Split(pointer, "/")[1:] {
		if filter, ok := strings.CutPrefix(s, "["); ok {
			name, value, _ := strings.Cut(strings.TrimSuffix(filter, "]"), "=")
			path = append(path, step{name: jsonpointer.Unescape(name), filter: true, value: jsonpointer.Unescape(value)})
			continue
		}
		path = append(path, step{name: jsonpointer.Unescape(strings.Replace(s, "~2", "[", 1))})
	}
	found, _, _ := t.find(path)
	return found
}
