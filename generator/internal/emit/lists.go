package emit

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// lists prints how types are written that have lists which a request cannot leave out:
//
//	func (v *Order) fillNil() {
//		if v.Lines == nil {
//			v.Lines = []Line{}
//		}
//	}
//
//	func (v Order) MarshalJSON() ([]byte, error) {
//		type members Order
//		v.fillNil()
//		return encodeOrdinarily(members(v))
//	}
//
// Types that have a method for JSON already call the first one there. A list of itself has no members and needs the second one alone.
func (p *printer) lists(f *jen.File) {
	for i, t := range slices.DeleteFunc(slices.Clone(p.api.Types), func(t *api.Type) bool { return !t.FillsNil }) {
		if i == 0 {
			f.Comment("Lists and maps that a request cannot leave out, and that cannot be null, are sent empty when they are nil.")
		}
		if t.FillsItself() {
			f.Add(writesItselfFilled(t))
			f.Line()
			continue
		}
		f.Add(fillsNil(t))
		f.Line()
		if !t.IsOpaque() {
			f.Add(writesFilled(t))
			f.Line()
		}
	}
}

func fillsNil(t *api.Type) jen.Code {
	self := receiverOf(t)
	var fills []jen.Code
	for _, f := range t.Fields {
		if place := jen.Id(self).Dot(f.GoName); f.FillsNil {
			fills = append(fills, jen.If(isZero(f, place)).Block(place.Clone().Op("=").Add(goType(f.Type)).Values()))
		}
		if depth := f.Type.FillDepth(); depth > 0 && !f.Clears {
			fills = append(fills, fillsWithin(jen.Id(self).Dot(f.GoName), depth))
		}
	}
	if t.FillsValues() {
		fills = append(fills, fillsWithin(jen.Id(self).Dot("AdditionalProperties"), 1+t.Values.FillDepth()))
	}
	return jen.Func().Params(jen.Id(self).Op("*").Id(t.Name)).Id("fillNil").Params().Block(fills...)
}

// fillsWithin prints the statement that fills what is nil within a list or a map, as many levels deep.
func fillsWithin(place jen.Code, depth int) jen.Code {
	return jen.Id("fillWithin").Call(jen.Op("&").Add(place), jen.Lit(depth))
}

func writesFilled(t *api.Type) jen.Code {
	return doc("MarshalJSON writes lists and maps that have to be there and cannot be null as empty ones when they are nil.").Line().
		Func().Params(jen.Id("v").Id(t.Name)).Id("MarshalJSON").Params().Params(jen.Index().Byte(), jen.Error()).Block(
		jen.Type().Id("members").Id(t.Name),
		jen.Id("v").Dot("fillNil").Call(),
		jen.Return(jen.Id("encodeOrdinarily").Call(jen.Id("members").Call(jen.Id("v")))),
	)
}

// writesItselfFilled prints how a list or a map of itself is written, each level by itself.
func writesItselfFilled(t *api.Type) jen.Code {
	var plain jen.Code
	if t.Kind == api.KindMap {
		plain = jen.Map(jen.String()).Add(goType(t.Values))
	} else {
		plain = jen.Index().Add(goType(t.Elem))
	}
	return doc("MarshalJSON writes what is nil within as empty.").Line().
		Func().Params(jen.Id("v").Id(t.Name)).Id("MarshalJSON").Params().Params(jen.Index().Byte(), jen.Error()).Block(
		jen.Return(jen.Id("encodeOrdinarily").Call(
			jen.Id("filledTo").Call(jen.Add(plain).Call(jen.Id("v")), jen.Lit(1)))))
}
