package analyze

import (
	"fmt"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// spot is a place that an expression names, found in the description.
type spot struct {
	api.Location
	Type  *api.Type // what is declared there; nil in a header that declares nothing
	Param *api.Param
	path  []api.Step
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
	at := spot{Location: api.Location{In: e.in, Name: e.name, At: api.Pointer(e.path), Pos: n.Pos()}, path: e.path}
	switch {
	case e.in == api.InBody && answer:
		at.Type, ok = b.walk(o.answer, e, "the answer of "+o.ID)
	case e.in == api.InBody:
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
func (b *builder) walk(t *api.Type, e *expression, where string) (*api.Type, bool) {
	if t == nil {
		b.problems.Add(&diag.Problem{Pos: e.node.Pos(), Message: where + " is not JSON, so nothing in it can be named"})
		return nil, false
	}
	found, at, have := t.Find(e.path)
	if at < len(e.path) {
		if at > 0 {
			where = api.Pointer(e.path[:at]) + " in " + where
		}
		b.problems.Add(diag.Missing(e.node.Pos(), where, "property", e.path[at].Name, have))
		return nil, false
	}
	return found, true
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
	b.problems.Add(diag.Missing(e.node.Pos(), "the answer of "+o.ID, "header", e.name, have))
	return false
}

// parameter finds a parameter of the request. Names of headers know no case.
func (b *builder) parameter(o *operation, e *expression, at *spot) bool {
	var have []string
	for _, p := range o.params {
		if p.In != e.in {
			continue
		}
		if p.Name == e.name || p.In == api.InHeader && strings.EqualFold(p.Name, e.name) {
			at.Name, at.Type, at.Param = p.Name, p.Type, p
			return true
		}
		have = append(have, p.Name)
	}
	b.problems.Add(diag.Missing(e.node.Pos(), o.ID, string(e.in)+" parameter", e.name, have))
	return false
}

// operationNamed finds an operation that an extension names by its operationId.
func (b *builder) operationNamed(n source.Node) (*operation, bool) {
	if o := b.byID[n.Text()]; o != nil {
		return o, true
	}
	if b.leftOut[n.Text()] {
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "the operation " + n.Text() +
			" is needed here, and the choice of operations leaves it out", Help: "include it as well"})
		return nil, false
	}
	have := make([]string, len(b.operations))
	for i, o := range b.operations {
		have[i] = o.ID
	}
	b.problems.Add(diag.Missing(n.Pos(), "the description", "operation", n.Text(), have))
	return nil, false
}
