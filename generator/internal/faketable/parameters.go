package faketable

import (
	"reflect"
	"slices"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// parameters gives what the description asks of an operation's parameters: of texts and numbers, and of lists of them that are repeated or
// joined by commas. A parameter that takes any text is left out, and so is one that carries a token, which the fake looks at by itself.
func (t *table) parameters(op *api.Operation) []fake.Parameter {
	all := slices.Concat(op.PathParams, op.Required)
	if op.Params != nil {
		all = slices.Concat(all, op.Params.Fields)
	}
	var out []fake.Parameter
	for _, p := range all {
		if !isPlain(p) || carriesToken(op, p) {
			continue
		}
		one := fake.Parameter{Name: p.Name, Required: p.Required && p.In != api.InPath, Is: t.schema(p.Type, false)}
		if p.In != api.InQuery {
			one.In = fake.Place(p.In)
		}
		if one.Required || asksAnything(one.Is) {
			out = append(out, one)
		}
	}
	return out
}

// isPlain tells whether a parameter is written as a text, or as several that are repeated or joined by commas.
func isPlain(p *api.Param) bool {
	typ := p.Type.Underlying()
	switch p.In {
	case api.InQuery:
		return p.Style == "form" && (isScalar(typ) || typ.Kind == api.KindArray && isScalar(typ.Elem.Underlying()))
	case api.InPath, api.InHeader:
		return p.Style == "simple" && isScalar(typ)
	}
	return false
}

// asksAnything tells whether there is a text that a schema refuses.
func asksAnything(is fake.Schema) bool {
	if is.Form == fake.KindArray {
		return is.MinItems+is.MaxItems > 0 || is.Unique || is.Elem != nil && asksAnything(*is.Elem)
	}
	return !reflect.DeepEqual(is, fake.Schema{Form: fake.KindText})
}

func carriesToken(op *api.Operation, p *api.Param) bool {
	return op.Revision != nil && slices.ContainsFunc(op.Revision.Tokens, func(part api.TokenPart) bool {
		return part.Send.In == p.In && part.Send.Name == p.Name
	})
}
