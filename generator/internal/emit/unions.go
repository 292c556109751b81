package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// unions prints the methods of unions, whose types are printed with the models:
//
//	func NewPaymentCard(v Card) (u Payment) {
//		u.union.err = u.FromCard(v)
//		return u
//	}
//
//	func (u Payment) AsCard() (Card, error) { return asVariant[Card](u) }
//
//	func (u *Payment) FromCard(v Card) error { return fromVariant(u, u.union, v, &unionPayment[0]) }
func (p *printer) unions(f *jen.File) {
	for _, t := range p.api.Types {
		if t.Union == nil {
			continue
		}
		f.Add(variantDescriptors(t.Union))
		f.Line()
		for i, v := range t.Union.Variants {
			f.Add(constructor(t, v))
			f.Line()
			f.Add(accessors(t, v, i))
			f.Line()
		}
		if t.Union.Discriminator != "" {
			f.Add(discriminator(t))
			f.Line()
		}
		f.Add(unionJSON(t))
		f.Line()
	}
}

func hasUnions(a *api.API) bool {
	for _, t := range a.Types {
		if t.Union != nil {
			return true
		}
	}
	return false
}

// variantDescriptors prints what the runtime has to know of the variants of a union.
func variantDescriptors(u *api.Union) jen.Code {
	var variants []jen.Code
	for _, v := range u.Variants {
		var fixed []jen.Code
		for _, f := range v.Type.Underlying().Fields {
			if f.Fixed != "" && f.Name != v.Discriminator {
				fixed = append(fixed, jen.Values(jen.Lit(f.Name), jen.Lit(f.Fixed)))
			}
		}
		var fixedMembers jen.Code
		if fixed != nil {
			fixedMembers = jen.Index().Id("fixedMember").Values(fixed...)
		}
		variants = append(variants, inline(
			pair{"discriminator", text(v.Discriminator)}, pair{"kinds", strs(v.KindsJSON)}, pair{"fixed", fixedMembers},
			pair{"own", strs(v.Own)}, pair{"others", strs(v.Others)},
		))
	}
	return jen.Var().Id(u.VarName).Op("=").Index().Id("variantDescriptor").Add(list(variants))
}

func constructor(t *api.Type, v *api.Variant) jen.Code {
	about := v.Constructor + " makes the variant " + v.Type.Name + " a value of " + t.Name +
		", with the members it cannot be without set where they have one value alone. " +
		"What cannot be written is an error when it is sent."
	return doc(about).Line().Func().Id(v.Constructor).Params(jen.Id("v").Id(v.Type.Name)).Params(jen.Id("u").Id(t.Name)).Block(
		jen.Id("u").Dot("union").Dot("err").Op("=").Id("u").Dot("From"+v.Type.Name).Call(jen.Id("v")),
		jen.Return(jen.Id("u")),
	).Line()
}

// accessors prints how a union is read and written as one of its variants.
func accessors(t *api.Type, v *api.Variant, i int) jen.Code {
	name := v.Type.Name
	return doc("As"+name+" decodes the value as the variant "+name+", whatever it is.").Line().
		Func().Params(jen.Id("u").Id(t.Name)).Id("As"+name).Params().Params(jen.Id(name), jen.Error()).
		Block(jen.Return(jen.Id("asVariant").Index(jen.Id(name)).Call(jen.Id("u")))).Line().Line().
		Add(doc("From" + name + " makes the value the variant " + name +
			" and keeps what that has no part in. Members that only other variants have go.")).Line().
		Func().Params(jen.Id("u").Op("*").Id(t.Name)).Id("From" + name).Params(jen.Id("v").Id(name)).Error().
		Block(jen.Return(jen.Id("fromVariant").Call(jen.Id("u"), jen.Id("u").Dot("union"), jen.Id("v"),
			jen.Op("&").Id(t.Union.VarName).Index(jen.Lit(i))))).Line()
}

// discriminator prints how a union says what it is, and how it is read by that.
func discriminator(t *api.Type) jen.Code {
	name := t.Union.Discriminator
	receiver := func() *jen.Statement { return jen.Func().Params(jen.Id("u").Id(t.Name)) }
	var cases []jen.Code
	for _, v := range t.Union.Variants {
		if v.Discriminator != name || len(v.Kinds) == 0 {
			continue
		}
		var kinds []jen.Code
		for _, kind := range v.Kinds {
			kinds = append(kinds, jen.Lit(kind))
		}
		cases = append(cases, jen.Case(kinds...).Block(jen.Return(jen.Id("u").Dot("As"+v.Type.Name).Call())))
	}
	return doc("Discriminator gives the member "+name+", which tells what the value is.").Line().
		Add(receiver()).Id("Discriminator").Params().Params(jen.String(), jen.Error()).
		Block(jen.Return(jen.Id("discriminatorOf").Call(jen.Id("u"), jen.Lit(name)))).Line().Line().
		Add(doc("ValueByDiscriminator decodes the value as what it says it is, for a switch on its type. An unknown kind is an error.")).Line().
		Add(receiver()).Id("ValueByDiscriminator").Params().Params(jen.Any(), jen.Error()).Block(
		jen.List(jen.Id("kind"), jen.Err()).Op(":=").Id("u").Dot("Discriminator").Call(),
		jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err())),
		jen.Switch(jen.Id("kind")).Block(cases...),
		jen.Return(jen.Nil(), jen.Qual("fmt", "Errorf").Call(jen.Lit("unknown discriminator value %q"), jen.Id("kind"))),
	).Line()
}

// unionJSON prints how a union is read from JSON, and written.
func unionJSON(t *api.Type) jen.Code {
	write := jen.Return(jen.Id("u").Dot("union").Dot("write").Call())
	read := jen.Return(jen.Id("readUnion").Call(jen.Id("doc"), jen.Op("&").Id("u").Dot("union"), jen.Nil()))
	plain := &jen.Statement{}
	if len(t.Fields) > 0 {
		plain = jen.Type().Id("fields").Id(t.Name).Line()
		write = jen.Return(jen.Id("writeUnion").Call(jen.Id("u").Dot("union"), jen.Parens(jen.Op("*").Id("fields")).Call(jen.Op("&").Id("u"))))
		read = jen.Return(jen.Id("readUnion").Call(jen.Id("doc"), jen.Op("&").Id("u").Dot("union"),
			jen.Parens(jen.Op("*").Id("fields")).Call(jen.Id("u"))))
	}
	if t.FillsNil {
		write = jen.Id("u").Dot("fillNil").Call().Line().Add(write)
	}
	return doc("MarshalJSON gives the value as it came, or as it was made.").Line().
		Func().Params(jen.Id("u").Id(t.Name)).Id("MarshalJSON").Params().Params(jen.Index().Byte(), jen.Error()).Block(plain.Clone().Add(write)).
		Line().Line().
		Add(doc("UnmarshalJSON keeps the value as it is, to be decoded on demand.")).Line().
		Func().Params(jen.Id("u").Op("*").Id(t.Name)).Id("UnmarshalJSON").Params(jen.Id("doc").Index().Byte()).Error().
		Block(plain.Clone().Add(read)).Line()
}
