package faketable

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// parameters gives what the description asks of an operation's parameters in the query: of texts and numbers, and of lists of
// them that are repeated or joined by commas. A parameter that takes any text is left out, and so is one that carries a token, which the fake looks at by itself.
func parameters(op *api.Operation) []fake.Parameter {
	all := op.Required
	if op.Params != nil {
		all = slices.Concat(all, op.Params.Fields)
	}
	var out []fake.Parameter
	for _, p := range all {
		if p.In != api.InQuery || p.Style != "form" || carriesToken(op, p) {
			continue
		}
		one := fake.Parameter{Name: p.Name}
		typ := p.Type.Underlying()
		if typ.Kind == api.KindArray {
			one.Many, one.MinItems, one.MaxItems = true, typ.Limits.MinItems, typ.Limits.MaxItems
			typ = typ.Elem.Underlying()
		}
		if !asks(typ, &one) || one.Form == "" && one.Enum == nil && one.MinLength+one.MaxLength+one.MinItems+one.MaxItems == 0 {
			continue
		}
		out = append(out, one)
	}
	return out
}

// asks fills in what a scalar type asks of a text, and tells whether the type is one.
func asks(t *api.Type, p *fake.Parameter) bool {
	if !isScalar(t) {
		return false
	}
	p.MinLength, p.MaxLength, p.Minimum, p.Maximum = t.Limits.MinLength, t.Limits.MaxLength, t.Limits.Minimum, t.Limits.Maximum
	for _, v := range t.Enum {
		p.Enum = append(p.Enum, v.Value)
	}
	switch {
	case t.Kind == api.KindEnum:
	case strings.HasPrefix(t.Go, "int") || strings.HasPrefix(t.Go, "uint"):
		p.Form = fake.KindInteger
	case t.Go == "float64":
		p.Form = fake.KindNumber
	case t.Go == "bool":
		p.Form = fake.KindBoolean
	case t.Go == "Timestamp":
		p.Form = fake.KindInstant
	}
	if p.Form != fake.KindInteger && p.Form != fake.KindNumber {
		p.Minimum, p.Maximum = "", ""
	}
	return true
}

func carriesToken(op *api.Operation, p *api.Param) bool {
	return op.Revision != nil && slices.ContainsFunc(op.Revision.Tokens, func(part api.TokenPart) bool {
		return part.Send.In == api.InQuery && part.Send.Name == p.Name
	})
}
