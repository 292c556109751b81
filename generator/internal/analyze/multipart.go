package analyze

import (
	"fmt"
	"mime"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// readForm reads the parts of a multipart form. Where the schema declares none, any parts can be sent.
func (b *builder) readForm(o *operation, media source.Node, hint string) *api.Form {
	v := b.flatten(media.Get("schema"))
	for _, p := range v.faults {
		o.problems.Add(p)
	}
	form := &api.Form{Operation: o.Operation}
	for _, p := range v.props {
		if !flagged("readOnly", p.schemas) {
			b.addPart(o, form, v, p, media.Get("encoding").Get(p.name), hint)
		}
	}
	switch {
	case b.isFile(lastOf(v.values), ""):
		form.Rest = fileType(lastOf(v.values))
	case len(v.values) > 0:
		form.Rest = b.oneOfAll(v.values, hint+"Value").Type
	case v.open || len(v.props) == 0 && !v.closed:
		form.Rest = &api.Type{Kind: api.KindAny, Pos: media.Pos()}
	}
	return form
}

// addPart reads one part of a form, and what the encoding says of it.
func (b *builder) addPart(o *operation, form *api.Form, v *view, p *prop, how source.Node, hint string) {
	if p.name == "" || strings.ContainsFunc(p.name, isUnprintable) {
		o.problems.Add(&diag.Problem{Pos: p.pos, Message: "a part of the form has no name that can be sent",
			Help: "give it a name without control characters"})
		return
	}
	part := &api.Part{Name: p.name, Doc: withFacts(docOf(p.schemas...), b.heard(p.schemas...)...), Pos: p.pos, Required: v.required[p.name],
		Deprecated: flagged("deprecated", p.schemas), Reason: deprecationOf(p.schemas...),
		ContentType: oneMediaType(how.Get("contentType").Text()), Delimiter: delimiterOf(how)}
	part.Type = b.partType(p, part, hint)
	if !isFormFile(part.Type) && part.ContentType != "" && !b.canWrite(part.Type, part.ContentType) {
		o.problems.Add(&diag.Problem{Pos: how.Get("contentType").Pos(),
			Message: fmt.Sprintf("the part %s of the form is an object in the form of %s", diag.Quote(p.name), diag.Quote(part.ContentType)),
			Help:    "objects are written as JSON; let it be a file (type: string, format: binary), whose content the caller writes"})
	}
	for _, h := range how.Get("headers").Members() {
		if needed, _ := h.Value.Get("required").Bool(); needed && !strings.EqualFold(h.Key, "Content-Type") {
			o.problems.Add(&diag.Problem{Pos: h.KeyPos, Message: fmt.Sprintf("the part %s of the form requires a header of its own",
				diag.Quote(p.name)),
				Help: "parts carry a name, a file name and a media type; leave the header out with an overlay if the server does without"})
		}
	}
	form.Parts = append(form.Parts, part)
}

// partType decides between a file, a list of files and a value.
func (b *builder) partType(p *prop, part *api.Part, hint string) *api.Type {
	last := p.schemas[len(p.schemas)-1]
	if b.isFile(last, part.ContentType) {
		describePart(part, b.flatten(last))
		return fileType(last)
	}
	if items := lastOf(b.flatten(last).items); b.isFile(items, part.ContentType) {
		describePart(part, b.flatten(items))
		return &api.Type{Kind: api.KindArray, Elem: fileType(items), Pos: last.Pos(), Pointer: last.Pointer()}
	}
	return b.property(p, hint+naming.Exported(p.name)).Type
}

// describePart takes the media type of a file from its schema where the encoding has none. That it is bytes goes without saying.
func describePart(p *api.Part, file *view) {
	if media := oneMediaType(file.media); p.ContentType == "" && media != "application/octet-stream" {
		p.ContentType = media
	}
}

func fileType(n source.Node) *api.Type {
	return &api.Type{Kind: api.KindScalar, Go: api.FormFile, Pos: n.Pos(), Pointer: n.Pointer()}
}

// isFormFile tells whether a type is a file of a form, or a list of them.
func isFormFile(t *api.Type) bool {
	return t.Go == api.FormFile || t.Kind == api.KindArray && t.Elem.Go == api.FormFile
}

// isFile tells whether a part of a form is a file: what OpenAPI 3.0 calls binary, 3.1 gives a media type and no encoding, or a
// text whose media type no text has.
func (b *builder) isFile(n source.Node, contentType string) bool {
	if n.Kind() != source.Mapping {
		return false
	}
	v := b.flatten(n)
	switch form := v.form(); {
	case form != "string" && form != "" || len(v.enum)+len(v.unions) > 0:
		return false
	case v.format == "binary":
		return true
	case v.encoding != "" || form == "" && v.media == "":
		return false
	case v.media != "":
		return !isTextual(v.media)
	}
	return v.format == "" && contentType != "" && !isTextual(contentType)
}

// isTextual tells whether what has a media type is written as text.
func isTextual(mediaType string) bool {
	base, _, err := mime.ParseMediaType(mediaType)
	return err == nil && (strings.HasPrefix(base, "text/") || isJSON(base) || base == "application/xml" || strings.HasSuffix(base, "+xml"))
}

// canWrite tells whether a value can be written in a media type: objects as JSON alone, anything else as its text.
func (b *builder) canWrite(t *api.Type, mediaType string) bool {
	t = t.Underlying()
	for depth := 0; t.Kind == api.KindArray && depth < maxDepth; depth++ {
		t = t.Elem.Underlying() // a list can be one of itself
	}
	return t.Kind == api.KindScalar || t.Kind == api.KindEnum || t.Kind == api.KindAny || isJSON(mediaType)
}

// oneMediaType gives the media type of a text that names exactly one; a choice and a pattern are the caller's to make.
func oneMediaType(s string) string {
	if s == "" || strings.ContainsAny(s, "*,") || strings.ContainsFunc(s, isUnprintable) {
		return ""
	}
	return s
}

// readStyles reads how the members of a form are written where that is not OpenAPI's default.
func (b *builder) readStyles(media source.Node) []*api.Param {
	var out []*api.Param
	for _, m := range media.Get("encoding").Members() {
		p := &api.Param{Name: m.Key, In: api.InQuery, Style: "form", Pos: m.KeyPos}
		if s := m.Value.Get("style").Text(); s != "" {
			p.Style = s
		} else if isJSON(m.Value.Get("contentType").Text()) {
			p.Style = "json"
		}
		p.Explode = p.Style == "form"
		if e, ok := m.Value.Get("explode").Bool(); ok {
			p.Explode = e
		}
		p.AllowReserved, _ = m.Value.Get("allowReserved").Bool()
		if p.Style != "form" || !p.Explode || p.AllowReserved {
			out = append(out, p)
		}
	}
	return out
}

// nameForms names the types of multipart forms after the whole operationId.
func (b *builder) nameForms(pkg *naming.Namespace) {
	var claims []naming.Claim
	for _, o := range b.operations {
		if o.Body == nil || o.Body.Form == nil {
			continue
		}
		form := o.Body.Form
		b.api.Forms = append(b.api.Forms, form)
		var list []string
		for _, name := range operationForms("", o) {
			list = append(list, strings.TrimSuffix(name, "Request")+"Request")
		}
		list = append([]string{list[0], o.label + "FormRequest"}, list[1:]...)
		claims = append(claims, naming.Claim{Forms: naming.WithoutRepeats(list), Rank: naming.Derived, What: "the form of " + o.ID, Pos: o.Pos,
			Taken: func(name string) { form.TypeName = name }})
	}
	pkg.Give(claims)
	for _, form := range b.api.Forms {
		b.nameParts(form)
	}
}

// nameParts names the fields of a form.
func (b *builder) nameParts(form *api.Form) {
	ns := naming.New(b.problems)
	if form.Rest != nil {
		ns.Reserve(naming.MapStructMembers)
	}
	var claims []naming.Claim
	for _, p := range form.Parts {
		list := naming.FieldForms(p.Name)
		claims = append(claims, naming.Claim{Forms: list, Rank: naming.RankOf(p.Name, list[0]), What: "the part " + p.Name, Pos: p.Pos,
			Taken: func(name string) { p.GoName = name }})
	}
	ns.Give(claims)
}
