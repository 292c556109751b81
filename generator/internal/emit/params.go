package emit

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/godoc"
)

// params prints the optional parameters of each operation that has some: a struct that is a call option.
//
//	type ListContactsParams struct { PagingLimit *int32; … }
//	func (p ListContactsParams) applyCall(o *callOptions) error {
//		return errors.Join(o.addParam(&opListContacts, param{in: inQuery, name: "paging.limit"}, p.PagingLimit), …)
//	}
func (p *printer) params(f *jen.File, s *api.Service) {
	for _, ps := range p.api.Params {
		if !slices.Contains(s.Operations, ps.Operation) {
			continue
		}
		link := "[" + s.TypeName + "." + ps.Operation.Name + "]"
		f.Add(doc(ps.TypeName + " holds the optional parameters of " + link + ". Pass it as an option; nil and empty fields are not sent."))
		f.Type().Id(ps.TypeName).StructFunc(func(g *jen.Group) { paramFields(g, ps) })
		f.Line()
		f.Func().Params(jen.Id("p").Id(ps.TypeName)).Id("applyCall").Params(jen.Id("o").Op("*").Id("callOptions")).Error().Block(
			jen.Return(jen.Qual("errors", "Join").Custom(jen.Options{Open: "(", Close: ")", Separator: ",", Multi: true}, applications(ps)...)),
		)
		f.Line()
	}
}

func paramFields(g *jen.Group, ps *api.Params) {
	for _, f := range ps.Fields {
		g.Add(fieldDoc(f.Doc, f.GoName, deprecation(f.Deprecated, f.Reason)), jen.Line(), jen.Id(f.GoName).Add(optional(f.Type)))
	}
	for _, m := range ps.Members {
		g.Add(fieldDoc(m.Doc, m.GoName, ""), jen.Line(), jen.Id(m.GoName).Add(optional(m.Type)))
	}
}

func fieldDoc(text, name, deprecated string) *jen.Statement {
	about := name + " is an optional parameter."
	if s, ok := godoc.Noun(name, text); ok {
		about = godoc.Sentence(s)
	}
	return doc(about, deprecated)
}

// deprecation is what linters look for, and why; "" where something is not deprecated.
func deprecation(deprecated bool, reason string) string {
	if !deprecated {
		return ""
	}
	return "Deprecated: " + godoc.Reason(reason)
}

// optional gives the type of an optional parameter: what cannot be nil by itself becomes a pointer.
func optional(t *api.Type) *jen.Statement {
	switch {
	case t.Kind == api.KindArray, t.Kind == api.KindMap, t.Kind == api.KindAny, t.Name == "" && t.Go == "[]byte":
		return goType(t)
	}
	return jen.Op("*").Add(goType(t))
}

func applications(ps *api.Params) []jen.Code {
	var out []jen.Code
	for _, f := range ps.Fields {
		out = append(out, jen.Id("o").Dot("addParam").Call(jen.Op("&").Id(ps.Operation.VarName), paramLiteral(f), jen.Id("p").Dot(f.GoName)))
	}
	for _, m := range ps.Members {
		out = append(out, jen.Id("o").Dot("setMember").Call(jen.Op("&").Id(ps.Operation.VarName), jen.Lit(m.At), jen.Id("p").Dot(m.GoName)))
	}
	return out
}
