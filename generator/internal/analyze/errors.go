package analyze

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// readErrors reads where error answers carry what, and the application codes they can carry.
func (b *builder) readErrors() {
	if x, ok := b.extension(b.root, "x-errors"); ok {
		var all []failure
		for _, o := range b.operations {
			all = append(all, o.failures...)
		}
		b.api.Errors = b.errorFormat(x, all, "no error answer")
	}
	for _, o := range b.operations {
		if x, ok := b.extension(o.node, "x-errors"); ok {
			format := b.errorFormat(x, o.failures, "no error answer of "+o.ID)
			o.Errors = &format
		}
		for _, f := range o.failures {
			b.readCodes(o, f)
		}
	}
}

// errorFormat reads one x-errors.
func (b *builder) errorFormat(x source.Node, failures []failure, nowhere string) api.Errors {
	var e api.Errors
	for _, one := range []struct {
		key string
		at  *api.Location
	}{
		{"code", &e.Code}, {"message", &e.Message}, {"description", &e.Description}, {"data", &e.Data},
		{"violations", &e.Violations}, {"requestId", &e.RequestID},
	} {
		if n := x.Get(one.key); !n.IsZero() {
			*one.at = b.errorLocation(n, failures, nowhere)
		}
	}
	v := x.Get("violation")
	e.Violation = api.ViolationMembers{Field: v.Get("field").Text(), Description: v.Get("description").Text(),
		Rule: v.Get("rule").Text(), RuleName: v.Get("ruleName").Text()}
	seconds, _ := x.Get("retryAfter").Int()
	e.RetryAfter = int(seconds)
	return e
}

// errorLocation reads a place in an error answer. It must be declared by at least one of them, if any of them declares a body
// or headers at all: many descriptions are silent about their errors.
func (b *builder) errorLocation(n source.Node, failures []failure, nowhere string) api.Location {
	e, ok := b.parse(n)
	if !ok {
		return api.Location{}
	}
	at := api.Location{In: e.in, Name: e.name, At: api.Pointer(e.path), Pos: n.Pos()}
	var have []string
	declared := false
	for _, f := range failures {
		found, is, names := f.declares(e)
		if found {
			return at
		}
		declared = declared || is
		have = append(have, names...)
	}
	if declared {
		kind, name := "property", at.At
		if e.in == api.InHeader {
			kind, name = "header", e.name
		}
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: nowhere + " declares the " + kind + " " + name,
			Help: diag.Suggestion(kind, last(e), unique(have))})
	}
	return at
}

// last gives the last name in an expression.
func last(e *expression) string {
	if len(e.path) > 0 {
		return e.path[len(e.path)-1].Name
	}
	return e.name
}

// declares tells whether an error answer has the place an expression names, whether it declares anything of the kind, and what.
func (f failure) declares(e *expression) (found, declared bool, have []string) {
	if e.in == api.InHeader {
		for _, h := range f.headers {
			have = append(have, h.Name)
			found = found || strings.EqualFold(h.Name, e.name)
		}
		return found, len(f.headers) > 0, have
	}
	if f.body == nil {
		return false, false, nil
	}
	_, at, have := f.body.Find(e.path)
	return at == len(e.path), true, have
}

// readCodes reads the application codes that one error answer declares.
func (b *builder) readCodes(o *operation, f failure) {
	x, ok := b.extension(f.node, "x-error-codes")
	if !ok {
		return
	}
	for _, n := range x.Items() {
		c := &api.Code{Value: n.Get("code").Text(), Class: n.Get("class").Text(), Doc: docOf(n), Status: f.status, Pos: n.Pos()}
		if data := n.Get("data"); !data.IsZero() {
			c.Data = b.codeData(o, data)
		}
		o.addCode(c)
	}
}

// codeData reads what an error adds to a code.
func (b *builder) codeData(o *operation, n source.Node) *api.Type {
	format := &b.api.Errors
	if o.Errors != nil {
		format = o.Errors
	}
	t := b.schema(n, o.label+"Data").Type
	switch {
	case format.Data.In != api.InBody:
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "nothing says where errors have the data of a code",
			Help: "name the place in x-contactsgen-errors: data: $response.body#/…"})
	case t.Underlying().Name == "" || t.Underlying().Kind != api.KindStruct:
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "the data of a code is no object with properties",
			Help: "describe an object; it becomes a type that errors.As finds"})
	default:
		return t
	}
	return nil
}

// addCode adds a code to an operation once.
func (o *operation) addCode(c *api.Code) {
	if !slices.ContainsFunc(o.Codes, func(have *api.Code) bool { return have.Value == c.Value && have.Status == c.Status }) {
		o.Codes = append(o.Codes, c)
	}
}

// gatherCodes makes the list of all codes: one per value, with the status and the class that all its declarations agree on.
func (b *builder) gatherCodes() {
	byValue := map[string]*api.Code{}
	for _, o := range b.operations {
		for _, c := range o.Codes {
			have := byValue[c.Value]
			if have == nil {
				one := *c
				byValue[c.Value] = &one
				b.api.Codes = append(b.api.Codes, &one)
				continue
			}
			if have.Data != nil && c.Data != nil && have.Data.Underlying() != c.Data.Underlying() {
				b.problems.Add(&diag.Problem{
					Pos: c.Pos, Message: fmt.Sprintf("the code %s has other data here than at %s", diag.Quote(c.Value), have.Pos),
					Help: "a code has one type of data; declare it once, or the same everywhere",
				})
			}
			have.Join(c)
		}
	}
}

// unique sorts a list and drops its repeats.
func unique(list []string) []string {
	sort.Strings(list)
	return slices.Compact(list)
}
