package emit

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// filters prints what filters are made with:
//
//	var Where = FilterFields{Email: "info.email"}
//	type FilterFields struct { Email FieldEqIn[Filter, string] }
//	func (f Filter) And(more ...Filter) Filter { return joinedFilters("$and", f, more, true) }
//	type FieldEqIn[F ~map[string]any, T any] string
//	func (f FieldEqIn[F, T]) Eq(value T) F { return comparison[F](string(f), "$eq", value) }
func (p *printer) filters(f *jen.File) {
	if !p.api.Features[api.FeatureFilters] {
		return
	}
	printed := map[*api.FilterKind]bool{}
	for _, one := range p.api.Filters {
		f.Add(filterFields(one))
		for _, field := range one.Fields {
			if field.Open != "" {
				f.Add(openField(one, field)).Line()
			}
		}
		combinations(f, one)
	}
	for _, one := range p.api.Filters {
		for _, field := range one.Fields {
			if !printed[field.Kind] {
				printed[field.Kind] = true
				filterKind(f, field.Kind)
			}
		}
	}
}

// filterFields prints the variable that has the fields of a filter, and its type.
func filterFields(f *api.Filter) jen.Code {
	about := f.VarName + " has the fields by which filters of the type [" + f.Type.Name + "] ask, each with a method for each operator that " +
		"it knows."
	if f.And+f.Or+f.Not != "" {
		about += " What they return is combined by " + strings.Join(combiners(f), ", ") + "."
	}
	return doc(about, "What it lacks can be written by hand: "+f.Type.Name+" is a map.").Line().
		Var().Id(f.VarName).Op("=").Id(f.FieldsName).Add(filled(fieldValues(f))).Line().Line().
		Add(doc(f.FieldsName + " is the type of [" + f.VarName + "].")).Line().
		Type().Id(f.FieldsName).StructFunc(func(g *jen.Group) {
		for _, field := range f.Fields {
			if field.Open == "" {
				g.Add(doc(field.GoName + " is " + field.Name + ".")).Line().Id(field.GoName).Add(fieldType(f, field))
			}
		}
	}).Line()
}

func combiners(f *api.Filter) []string {
	var out []string
	for _, one := range []struct{ member, method string }{{f.And, "And"}, {f.Or, "Or"}, {f.Not, "Not"}} {
		if one.member != "" {
			out = append(out, one.method)
		}
	}
	return out
}

func fieldValues(f *api.Filter) []jen.Code {
	var out []jen.Code
	for _, field := range f.Fields {
		if field.Open == "" {
			out = append(out, jen.Id(field.GoName).Op(":").Lit(field.Name))
		}
	}
	return out
}

func fieldType(f *api.Filter, field *api.FilterField) *jen.Statement {
	return jen.Id(field.Kind.Name).Types(jen.Id(f.Type.Name), goType(field.Type))
}

// openField prints the method that gives a field of any name.
func openField(f *api.Filter, field *api.FilterField) jen.Code {
	return doc(field.GoName + " is " + field.Name + " with " + field.Open + " behind it.").Line().
		Func().Params(jen.Id(f.FieldsName)).Id(field.GoName).Params(jen.Id(field.Open).String()).Add(fieldType(f, field)).
		Block(jen.Return(fieldType(f, field).Call(jen.Lit(field.Name).Op("+").Id(field.Open)))).Line()
}

// combinations prints the methods by which filters are combined.
func combinations(f *jen.File, one *api.Filter) {
	name := one.Type.Name
	several := func(method, about, member string, all bool) {
		if member == "" {
			return
		}
		f.Add(doc(about)).Line().Func().Params(jen.Id("v").Id(name)).Id(method).Params(jen.Id("more").Op("...").Id(name)).Id(name).
			Block(jen.Return(jen.Id("joinedFilters").Call(jen.Lit(member), jen.Id("v"), jen.Id("more"), jen.Lit(all))))
		f.Line()
	}
	several("And", "And holds where this filter and all of more hold. A filter that is nil asks nothing.", one.And, true)
	several("Or", "Or holds where this filter holds, or any of more.", one.Or, false)
	if one.Not != "" {
		f.Add(doc("Not holds where this filter does not.")).Line().Func().Params(jen.Id("v").Id(name)).Id("Not").Params().Id(name).
			Block(jen.Return(jen.Id("negated").Call(jen.Lit(one.Not), jen.Id("v"))))
		f.Line()
	}
}

// filterKind prints a set of operators.
func filterKind(f *jen.File, k *api.FilterKind) {
	var methods []string
	for _, o := range k.Operators {
		methods = append(methods, o.Method)
	}
	f.Add(doc(k.Name + " is a field of filters of type F that is compared with values of type T by " + strings.Join(methods, ", ") + "."))
	f.Type().Id(k.Name).Types(jen.Id("F").Op("~").Map(jen.String()).Any(), jen.Id("T").Any()).String()
	f.Line()
	for _, o := range k.Operators {
		function, arg := jen.Id("comparison").Types(jen.Id("F")), jen.Id("value").Id("T")
		switch o.Takes {
		case api.TakesList:
			function, arg = jen.Id("listed").Types(jen.Id("F")), jen.Id("value").Op("...").Id("T")
		case api.TakesFlag:
			arg = jen.Id("value").Bool()
		}
		f.Add(doc(o.Method + " is the condition " + o.Name + ".")).Line().
			Func().Params(jen.Id("f").Id(k.Name).Types(jen.Id("F"), jen.Id("T"))).Id(o.Method).Params(arg).Id("F").
			Block(jen.Return(function.Call(jen.String().Call(jen.Id("f")), jen.Lit(o.Name), jen.Id("value"))))
		f.Line()
	}
}
