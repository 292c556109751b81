package emit

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// optionTypes prints what calls take that may be given parameters: a type for each set of them, which options that fit every call have,
// too.
//
//	type (
//		// GetThingOption is a CallOption, or GetThingParams.
//		GetThingOption interface{ ofGetThingOption(o *callOptions) error }
//	)
//	type everyOperation interface { GetThingOption }
//	func (f callOption) ofGetThingOption(o *callOptions) error { return f(o) }
func (p *printer) optionTypes(f *jen.File) {
	if len(p.api.Options) > 0 {
		f.Type().DefsFunc(func(g *jen.Group) {
			for _, t := range p.api.Options {
				names := make([]string, len(t.Params))
				for i, params := range t.Params {
					names[i] = "[" + params.TypeName + "]"
				}
				g.Add(doc(t.TypeName + " is a [CallOption], or " + strings.Join(names, " or ") + "."))
				g.Id(t.TypeName).Op("interface{ " + t.Method + "(o *callOptions) error }")
			}
		})
		f.Line()
	}
	f.Comment("everyOperation is what options have that fit every call.")
	f.Type().Id("everyOperation").InterfaceFunc(func(g *jen.Group) {
		for _, t := range p.api.Options {
			g.Id(t.TypeName)
		}
	})
	f.Line()
	for _, t := range p.api.Options {
		f.Add(applies(jen.Id("f").Id("callOption"), t, jen.Id("f").Call(jen.Id("o"))))
	}
}

// applies prints a method on one line, by which an option joins the options of a call.
func applies(receiver jen.Code, t *api.Options, result *jen.Statement) jen.Code {
	return jen.Func().Params(receiver).Id(t.Method).Params(jen.Id("o").Op("*").Id("callOptions")).Error().
		Custom(jen.Options{Open: "{ ", Close: " }"}, jen.Return(result))
}

// optionsArg prints the last argument of a call: the options that it takes.
func optionsArg(t *api.Options) jen.Code {
	if t == nil {
		return jen.Id("opts").Op("...").Id("CallOption")
	}
	return jen.Id("opts").Op("...").Id(t.TypeName)
}

// withRequired passes required parameters on, and then the caller's options.
func withRequired(op *api.Operation, params []*api.Param, t *api.Options) jen.Code {
	opts := jen.Id("opts")
	if t != nil {
		opts = jen.Id("fitting").Call(jen.Id("opts"), jen.Id(t.TypeName).Dot(t.Method))
	}
	if len(params) == 0 {
		return opts
	}
	given := jen.Index().Id("CallOption").ValuesFunc(func(g *jen.Group) {
		for _, p := range params {
			g.Id("requiredParam").Call(jen.Op("&").Id(op.VarName), paramLiteral(p), jen.Id(p.GoName))
		}
	})
	return jen.Append(given, opts.Op("..."))
}
