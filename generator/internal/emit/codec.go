package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// codec prints how types read and write themselves:
//
//	func (v *ContactName) readJSON(r *reader) bool { return r.object(v) }
//
//	func (v *ContactName) readMember(r *reader, name []byte) bool {
//		switch string(name) {
//		case "first":
//			return readPointer(&v.First, r, readString)
//		}
//		return r.unknown(name, "first")
//	}
//
//	func (v *ContactName) writeJSON(w *writer) {
//		if w.open('{') {
//			if v.First != nil {
//				writeString(v.First, w.label("first"))
//			}
//			w.shut('}')
//		}
//	}
//
// Without the feature there are only lists that are filled.
func (p *printer) codec(f *jen.File) {
	p.lists(f)
	if !p.api.Features[api.FeatureCodec] {
		return
	}
	f.Comment("How types read themselves from JSON, and write themselves. What they leave to encoding/json, and why, the runtime says.")
	for _, t := range p.api.Types {
		c := t.Codec
		for _, part := range []struct {
			wanted bool
			code   func(*api.Type) jen.Code
		}{{c.ReadsDoc, readsDoc}, {c.Reads, reads}, {c.WritesDoc, writesDoc}, {c.Writes, writes}, {c.TellsZero, tellsZero}} {
			if part.wanted {
				f.Add(part.code(t))
				f.Line()
			}
		}
	}
}

// onPointer begins a method of a type, called on a pointer.
func onPointer(t *api.Type, name string) *jen.Statement {
	return jen.Func().Params(jen.Id("v").Op("*").Id(t.Name)).Id(name)
}

func readsDoc(t *api.Type) jen.Code {
	return onPointer(t, "readDocument").Params(jen.Id("doc").Index().Byte(), jen.Id("at").Id("pointer")).Bool().
		Block(jen.Return(jen.Id("readDocument").Call(jen.Id("doc"), jen.Id("at"), jen.Id("v"))))
}

func writesDoc(t *api.Type) jen.Code {
	return jen.Func().Params(jen.Id("v").Id(t.Name)).Id("writeDocument").Params().Params(jen.Index().Byte(), jen.Bool()).
		Block(jen.Return(jen.Id("writeDocument").Call(jen.Op("&").Id("v"))))
}

func reads(t *api.Type) jen.Code {
	head := onPointer(t, "readJSON").Params(jen.Id("r").Op("*").Id("reader")).Bool()
	if t.Kind != api.KindStruct {
		return head.Block(jen.Return(readInPlace(t, jen.Id("v"))))
	}
	var cases, known []jen.Code
	known = append(known, jen.Id("name"))
	for _, f := range t.Fields {
		cases = append(cases, jen.Case(jen.Lit(f.Name)).Block(jen.Return(readField(f))))
		known = append(known, jen.Lit(f.Name))
	}
	return head.Block(jen.Return(jen.Id("r").Dot("object").Call(jen.Id("v")))).Line().Line().
		Add(onPointer(t, "readMember")).Params(jen.Id("r").Op("*").Id("reader"), jen.Id("name").Index().Byte()).Bool().
		Block(jen.Switch(jen.String().Call(jen.Id("name"))).Block(cases...), jen.Return(jen.Id("r").Dot("unknown").Call(known...)))
}

// readField prints the call that reads a field.
func readField(f *api.Field) jen.Code {
	t := f.Type.Underlying()
	place := jen.Id("v").Dot(f.GoName)
	switch {
	case f.Clears:
		return jen.Id("readOther").Call(jen.Op("&").Add(place), jen.Id("r"))
	case f.Pointer && t.Go == "string":
		return jen.Id("readText").Call(jen.Op("&").Add(place), jen.Id("r"))
	case f.Pointer:
		return jen.Id("readPointer").Call(jen.Op("&").Add(place), jen.Id("r"), readFunc(t))
	case t.HasCodec():
		return place.Dot("readJSON").Call(jen.Id("r"))
	}
	return readInPlace(t, jen.Op("&").Add(place))
}

// readInPlace prints the call that reads a value without a method of its own into a place.
func readInPlace(t *api.Type, place jen.Code) jen.Code {
	switch t.Kind {
	case api.KindArray:
		return jen.Id("readList").Call(place, jen.Id("r"), readPart(t.Elem))
	case api.KindMap:
		return jen.Id("readMap").Call(place, jen.Id("r"), readPart(t.Values))
	}
	return jen.Add(readFunc(t)).Call(place, jen.Id("r"))
}

// readPart prints the function that reads an element of an array or a value of a map.
func readPart(t *api.Type) jen.Code {
	if !t.IsPointer() {
		return readFunc(t.Underlying())
	}
	return jen.Func().Params(jen.Id("v").Op("*").Add(goType(t)), jen.Id("r").Op("*").Id("reader")).Bool().
		Block(jen.Return(jen.Id("readPointer").Call(jen.Id("v"), jen.Id("r"), readFunc(t.Underlying()))))
}

// readFunc prints the function that reads a value of a type.
func readFunc(t *api.Type) jen.Code {
	switch {
	case t.HasCodec():
		return jen.Params(jen.Op("*").Id(t.Name)).Dot("readJSON")
	case t.Kind == api.KindArray, t.Kind == api.KindMap:
		return jen.Func().Params(jen.Id("v").Op("*").Add(goType(t)), jen.Id("r").Op("*").Id("reader")).Bool().
			Block(jen.Return(readInPlace(t, jen.Id("v"))))
	}
	return jen.Id("read" + codecOf(t))
}

// codecOf gives what the runtime's functions for a type without a method of its own are called, after read and write. What it has no
// functions for it leaves to encoding/json.
func codecOf(t *api.Type) string {
	switch t.Kind {
	case api.KindAny:
		return "Any"
	case api.KindEnum:
		return map[bool]string{true: "String", false: "Int"}[t.EnumGo == "string"]
	case api.KindScalar:
		switch t.Go {
		case "string", "Timestamp":
			return "String"
		case "int32", "int64":
			return "Int"
		case "float64":
			return "Float"
		case "bool":
			return "Bool"
		case "[]byte":
			return "Bytes"
		}
	}
	return "Other"
}

func writes(t *api.Type) jen.Code {
	head := onPointer(t, "writeJSON").Params(jen.Id("w").Op("*").Id("writer"))
	if t.Kind != api.KindStruct {
		return head.Block(writeInPlace(t, jen.Id("v"), jen.Id("w")))
	}
	var members []jen.Code
	for _, f := range t.Fields {
		members = append(members, writeField(f))
	}
	members = append(members, jen.Id("w").Dot("shut").Call(jen.LitRune('}')))
	return head.Block(jen.If(jen.Id("w").Dot("open").Call(jen.LitRune('{'))).Block(members...))
}

// writeField prints the statement that writes a member, unless it is to be left out.
func writeField(f *api.Field) jen.Code {
	t := f.Type.Underlying()
	place := jen.Id("v").Dot(f.GoName)
	writer := jen.Id("w").Dot("label").Call(jen.Lit(f.Name))
	var write jen.Code
	switch leftOut := f.OmitEmpty || f.OmitZero; {
	case f.Clears:
		write = jen.Id("writeOther").Call(jen.Op("&").Add(place), writer)
	case f.Pointer && !leftOut:
		write = jen.Id("writePointer").Call(jen.Op("&").Add(place), writer, writeFunc(t))
	case t.HasCodec():
		write = place.Clone().Dot("writeJSON").Call(writer)
	case f.Pointer:
		write = writeInPlace(t, place, writer)
	default:
		write = writeInPlace(t, jen.Op("&").Add(place), writer)
	}
	if f.FillsNil {
		return jen.If(isZero(f, place)).Block(writer.Clone().Dot("empty").Call(jen.Lit(emptyOf(t)))).Else().Block(write)
	}
	if !f.OmitEmpty && !f.OmitZero {
		return write
	}
	return jen.If(isSet(f, place)).Block(write)
}

// emptyOf gives the JSON of an empty list, map or text.
func emptyOf(t *api.Type) string {
	switch t.Kind {
	case api.KindArray:
		return "[]"
	case api.KindMap:
		return "{}"
	}
	return `""`
}

func writeInPlace(t *api.Type, place, writer jen.Code) jen.Code {
	switch t.Kind {
	case api.KindArray:
		return jen.Id("writeList").Call(place, writer, writePart(t.Elem))
	case api.KindMap:
		return jen.Id("writeMap").Call(place, writer, writePart(t.Values))
	}
	return jen.Add(writeFunc(t)).Call(place, writer)
}

// writePart prints the function that writes an element of an array or a value of a map.
func writePart(t *api.Type) jen.Code {
	if t.IsFilled() {
		return jen.Id(map[string]string{"[]": "filledList", "{}": "filledMap", `""`: "filledBytes"}[emptyOf(t.Underlying())]).
			Call(writeFunc(t.Underlying()))
	}
	if !t.IsPointer() {
		return writeFunc(t.Underlying())
	}
	return jen.Func().Params(jen.Id("v").Op("*").Add(goType(t)), jen.Id("w").Op("*").Id("writer")).
		Block(jen.Id("writePointer").Call(jen.Id("v"), jen.Id("w"), writeFunc(t.Underlying())))
}

// writeFunc prints the function that writes a value of a type.
func writeFunc(t *api.Type) jen.Code {
	switch {
	case t.HasCodec():
		return jen.Params(jen.Op("*").Id(t.Name)).Dot("writeJSON")
	case t.Kind == api.KindArray, t.Kind == api.KindMap:
		return jen.Func().Params(jen.Id("v").Op("*").Add(goType(t)), jen.Id("w").Op("*").Id("writer")).
			Block(writeInPlace(t, jen.Id("v"), jen.Id("w")))
	}
	return jen.Id("write" + codecOf(t))
}

// receiverOf gives what the methods of a type call their receiver.
func receiverOf(t *api.Type) string {
	switch {
	case t.Kind == api.KindUnion:
		return "u"
	case t.Kind == api.KindStruct && t.Values != nil:
		return "a" // as the template of additional properties does
	}
	return "v"
}

// tellsZero prints the method that tells whether a struct is its zero value.
func tellsZero(t *api.Type) jen.Code {
	self := receiverOf(t)
	zero := jen.Null()
	for i, f := range t.Fields {
		if i > 0 {
			zero.Op("&&").Line()
		}
		zero.Add(isZero(f, jen.Id(self).Dot(f.GoName)))
	}
	if t.Kind == api.KindUnion {
		zero.Op("&&").Line().Id(self).Dot("union").Dot("isZero").Call()
	}
	if t.Resource {
		zero.Op("&&").Line().Id("neverRead").Call(jen.Op("&").Id(self).Dot("snapshot"))
	}
	if t.Values != nil {
		zero.Op("&&").Line().Id(self).Dot("AdditionalProperties").Op("==").Nil()
	}
	return jen.Func().Params(jen.Id(self).Op("*").Id(t.Name)).Id("isZero").Params().Bool().Block(jen.Return(zero))
}

// isSet and isZero print the condition that a field has a value, and that it has none.
func isSet(f *api.Field, place jen.Code) jen.Code { return compared(f, place, "!=", "!") }

func isZero(f *api.Field, place jen.Code) jen.Code { return compared(f, place, "==", "") }

func compared(f *api.Field, place jen.Code, operator, not string) jen.Code {
	t := f.Type.Underlying()
	is := func(zero jen.Code) jen.Code { return jen.Add(place).Op(operator).Add(zero) }
	switch {
	case f.Clears:
		return jen.Op(not).Add(place).Dot("IsZero").Call()
	case f.Pointer:
		return is(jen.Nil())
	case t.Codec.TellsZero:
		return jen.Op(not).Add(place).Dot("isZero").Call()
	case t.Kind == api.KindUnion:
		return jen.Op(not).Add(place).Dot("union").Dot("isZero").Call()
	case t.Kind == api.KindStruct:
		return is(jen.Parens(jen.Id(t.Name).Values()))
	case !t.Comparable():
		return is(jen.Nil())
	case codecOf(t) == "String":
		return is(jen.Lit(""))
	case t.Go == "bool":
		return jen.Op(map[string]string{"!=": "", "==": "!"}[operator]).Add(place)
	}
	return is(jen.Lit(0))
}
