package analyze

import (
	"slices"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
)

// nameOptionTypes decides which types the options of each call have, and names them. A call that may be given parameters takes a type of
// its own, so that those of another operation do not compile.
func (b *builder) nameOptionTypes(pkg *naming.Namespace) {
	var claims []naming.Claim
	of := func(o *operation, ops ...*api.Operation) *api.Options {
		var params []*api.Params
		for _, op := range ops {
			if op.Params != nil && !slices.Contains(params, op.Params) {
				params = append(params, op.Params)
			}
		}
		if params == nil {
			return nil
		}
		for _, known := range b.api.Options {
			if sameParams(known.Params, params) {
				return known
			}
		}
		t := &api.Options{Params: params}
		b.api.Options = append(b.api.Options, t)
		suffix := "Option"
		if len(params) > 1 {
			suffix = "HelperOption"
		}
		var forms []string
		for _, form := range operationForms("", o) {
			forms = append(forms, form+suffix)
		}
		claims = append(claims, naming.Claim{Forms: forms, Rank: naming.Derived, What: "the options of " + o.ID, Pos: o.Pos,
			Taken: func(name string) { t.TypeName, t.Method = name, "of"+name }})
		return t
	}
	for _, o := range b.operations {
		o.Options = of(o, o.Operation)
	}
	for _, o := range b.operations {
		if r := o.Revision; r != nil {
			r.Options = of(o, r.Write, r.Read)
		}
	}
	for _, o := range b.operations {
		if k := o.Bulk; k != nil {
			k.Options = of(o, o.Operation, k.Of.Read)
		}
		if u := o.Upsert; u != nil {
			u.Options = of(o, o.Operation, u.Update.Write, u.Update.Read)
		}
		if j := o.Job; j != nil {
			j.Options = of(b.byID[j.Read.ID], j.Read)
		}
	}
	pkg.Give(claims)
}

// sameParams tells whether two lists have the same parameters, in whatever order.
func sameParams(a, b []*api.Params) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(p *api.Params) bool { return !slices.Contains(b, p) })
}
