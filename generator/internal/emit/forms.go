package emit

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/godoc"
)

// forms prints the request of each operation that sends a multipart form.
//
//	type UploadFileRequest struct { File FormFile; Tags []string; … }
//	func (r *UploadFileRequest) parts() []formPart {
//		return []formPart{{name: "file", content: "image/png", value: r.File}, …}
//	}
func (p *printer) forms(f *jen.File, s *api.Service) {
	for _, form := range p.api.Forms {
		if !slices.Contains(s.Operations, form.Operation) {
			continue
		}
		link := "[" + s.TypeName + "." + form.Operation.Name + "]"
		f.Add(doc(form.TypeName+" is the form that "+link+" sends, streamed part by part. Nil parts are left out.",
			godoc.Sentence(godoc.Clean(form.Operation.Body.Doc))))
		f.Type().Id(form.TypeName).StructFunc(func(g *jen.Group) { partFields(g, form) })
		f.Line()
		f.Func().Params(jen.Id("r").Op("*").Id(form.TypeName)).Id("parts").Params().Index().Id("formPart").Block(
			jen.If(jen.Id("r").Op("==").Nil()).Block(jen.Return(jen.Nil())),
			jen.Return(jen.Index().Id("formPart").Add(list(parts(form)))),
		)
		f.Line()
	}
}

func partFields(g *jen.Group, form *api.Form) {
	for _, part := range form.Parts {
		typ := optional(part.Type)
		if part.Required {
			typ = goType(part.Type)
		}
		g.Add(partDoc(part), jen.Line(), jen.Id(part.GoName).Add(typ))
	}
	if form.Rest != nil {
		text := "AdditionalProperties are parts that the description does not name. A member that is no [FormFile] is sent as text, or as JSON " +
			"when it is an object."
		g.Add(doc(text), jen.Line(), jen.Id("AdditionalProperties").Map(jen.String()).Add(goType(form.Rest)))
	}
}

func partDoc(part *api.Part) *jen.Statement {
	kind := "an optional part of the form."
	if part.Required {
		kind = "a part of the form."
	}
	about := part.GoName + " is " + kind
	if s, ok := godoc.Noun(part.GoName, part.Doc); ok {
		about = godoc.Sentence(s)
	}
	return doc(about, deprecation(part.Deprecated, part.Reason))
}

func parts(form *api.Form) []jen.Code {
	var out []jen.Code
	for _, part := range form.Parts {
		out = append(out, inline(
			pair{"name", text(part.Name)}, pair{"content", text(part.ContentType)}, pair{"delimiter", text(part.Delimiter)},
			pair{"value", jen.Id("r").Dot(part.GoName)},
		))
	}
	if form.Rest != nil {
		out = append(out, inline(pair{"value", jen.Id("r").Dot("AdditionalProperties")}))
	}
	return out
}
