// Package models prints decided types: it turns them into a document, and has oapi-codegen print the models of that.
//
// The document is new: components only, OpenAPI 3.0.3, built in memory and never written. Every name, pointer and tag in it
// was decided by package analyze; nothing of the description's own extensions is copied. That keeps everything away from the printer that
// it is known to stumble over: operations, colliding names, foreign extensions, merges and idioms of other OpenAPI versions.
package models

import (
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/godoc"
)

// Extensions that oapi-codegen v2.8.2 reads.
const (
	extGoName      = "x-go-name"
	extGoType      = "x-go-type"
	extHonourName  = "x-oapi-codegen-only-honour-go-name"
	extSkipPointer = "x-go-type-skip-optional-pointer"
	extOmitEmpty   = "x-omitempty"
	extOmitZero    = "x-omitzero"
	extOrder       = "x-order"
	extTags        = "x-oapi-codegen-extra-tags"
	extVarNames    = "x-enum-varnames"
	extReason      = "x-deprecated-reason"
)

const schemaRef = "#/components/schemas/"

// Schema gives the components-only document of the types. Types without a name are written where they are used.
func Schema(types []*api.Type) *openapi3.T {
	schemas := openapi3.Schemas{}
	for _, t := range types {
		schemas[t.Name] = openapi3.NewSchemaRef("", named(t))
	}
	return &openapi3.T{
		OpenAPI:    "3.0.3",
		Info:       &openapi3.Info{Title: "models", Version: "1"},
		Paths:      openapi3.NewPaths(),
		Components: &openapi3.Components{Schemas: schemas},
	}
}

// named gives the schema of a named type.
func named(t *api.Type) *openapi3.Schema {
	var s *openapi3.Schema
	switch t.Kind {
	case api.KindStruct, api.KindUnion:
		s = structure(t)
	case api.KindEnum:
		s = enum(t)
	case api.KindRef:
		s = &openapi3.Schema{Extensions: map[string]any{extGoType: goName(t.Elem)}}
	default:
		s = inPlace(t)
	}
	s.Description = typeDoc(t)
	s.Deprecated = t.Deprecated
	if t.Deprecated {
		extend(s, extReason, godoc.Reason(t.Reason))
	}
	return s
}

// typeDoc gives the comment of a type without its name, which the printer puts in front.
func typeDoc(t *api.Type) string {
	if text, ok := godoc.Noun(t.Name, t.Doc); ok {
		return comment(t.Name, text)
	}
	return strings.Join(godoc.Wrap(t.Use), "\n")
}

// comment wraps a comment and takes the name off again that it begins with: the printer puts it there.
func comment(name, text string) string {
	return strings.TrimPrefix(strings.Join(godoc.Wrap(godoc.Sentence(text)), "\n"), name+" ")
}

func structure(t *api.Type) *openapi3.Schema {
	s := openapi3.NewObjectSchema()
	s.Properties = openapi3.Schemas{}
	if t.Resource {
		s.Properties[",snapshot"] = privateField("snapshot", "snapshot")
	}
	if t.Kind == api.KindUnion {
		s.Properties[",union"] = privateField("union", "variant")
	}
	for i, f := range t.Fields {
		s.Properties[f.Name] = field(f, i+1)
		if f.Required {
			s.Required = append(s.Required, f.Name)
		}
	}
	if t.Values != nil {
		s.AdditionalProperties = openapi3.AdditionalProperties{Schema: use(t.Values)}
	}
	return s
}

// privateField is a field of the runtime's that no JSON shows: in a resource the document it was read from, in a union what it holds. It
// stands under a name that no property can have: package analyze refuses commas, which a struct tag cannot hold.
func privateField(name, goType string) *openapi3.SchemaRef {
	return openapi3.NewSchemaRef("", &openapi3.Schema{Extensions: map[string]any{
		extGoType: goType, extGoName: name, extHonourName: true, extSkipPointer: true, extOrder: float64(0),
		extOmitEmpty: false, extOmitZero: false, extTags: map[string]any{"json": "-"},
	}})
}

func field(f *api.Field, order int) *openapi3.SchemaRef {
	ref := use(f.Type)
	private := *ref.Value
	private.Extensions = map[string]any{}
	for k, v := range ref.Value.Extensions {
		private.Extensions[k] = v
	}
	private.Description = fieldDoc(f)
	private.Deprecated = f.Deprecated
	private.Nullable = f.Pointer && f.Required // the only way to a pointer in a required place
	s := &private
	extend(s, extGoName, f.GoName)
	extend(s, extOrder, float64(order)) // numbers of a loaded document are float64
	extend(s, extSkipPointer, !f.Pointer)
	extend(s, extOmitEmpty, f.OmitEmpty)
	extend(s, extOmitZero, f.OmitZero)
	if f.Deprecated {
		extend(s, extReason, godoc.Reason(f.Reason))
	}
	if f.Clears {
		ref.Ref = ""
		extend(s, extGoType, "Nullable["+goName(f.Type)+"]")
	}
	if tags := tagsOf(f); len(tags) > 0 {
		extend(s, extTags, tags)
	}
	return &openapi3.SchemaRef{Ref: ref.Ref, Value: s, Extensions: s.Extensions}
}

// tagsOf gives the struct tags that the printer would not give a field by itself.
func tagsOf(f *api.Field) map[string]any {
	tags := map[string]any{}
	for key, value := range f.Tags {
		tags[key] = value
	}
	if f.Name == "-" {
		tags["json"] = "-," + strings.TrimPrefix(options(f), ",")
	}
	return tags
}

func options(f *api.Field) string {
	o := ""
	if f.OmitEmpty {
		o += ",omitempty"
	}
	if f.OmitZero {
		o += ",omitzero"
	}
	return o
}

func fieldDoc(f *api.Field) string {
	text, ok := godoc.Noun(f.GoName, f.Doc)
	if !ok {
		return ""
	}
	text = godoc.Sentence(text)
	if f.ReadOnly {
		text += " Read-only."
	}
	return comment(f.GoName, text)
}

func enum(t *api.Type) *openapi3.Schema {
	s := openapi3.NewStringSchema()
	if t.EnumGo != "string" {
		s = openapi3.NewInt64Schema()
	}
	names := make([]any, len(t.Enum))
	for i, v := range t.Enum {
		// The constants are printed apart (package emit), so their values need not pass through here, whatever is in them.
		s.Enum = append(s.Enum, i)
		names[i] = v.GoName
	}
	extend(s, extVarNames, names)
	return s
}

// use gives the schema of a type at a place where it is used: a reference when it has a name.
func use(t *api.Type) *openapi3.SchemaRef {
	if t.IsPointer() {
		return openapi3.NewSchemaRef("", &openapi3.Schema{Extensions: map[string]any{extGoType: goName(t), extSkipPointer: true}})
	}
	if t.Name == "" && t.Kind == api.KindRef {
		return use(t.Elem)
	}
	if t.Name == "" {
		return openapi3.NewSchemaRef("", inPlace(t))
	}
	// The printer takes the name from the reference alone; the value says only what kind of thing it is.
	return openapi3.NewSchemaRef(schemaRef+t.Name, kindOf(t))
}

func kindOf(t *api.Type) *openapi3.Schema {
	switch t.Kind {
	case api.KindStruct, api.KindUnion, api.KindMap:
		return openapi3.NewObjectSchema()
	case api.KindArray:
		s := openapi3.NewArraySchema()
		s.Items = openapi3.NewSchemaRef("", openapi3.NewSchema()) // of no particular type: an array can be an array of itself
		return s
	case api.KindEnum:
		return openapi3.NewStringSchema()
	case api.KindRef:
		return kindOf(t.Elem)
	case api.KindScalar:
		return scalar(t.Go)
	}
	return &openapi3.Schema{}
}

// inPlace gives the schema of an array, a map, a scalar or a free-form value.
func inPlace(t *api.Type) *openapi3.Schema {
	switch t.Kind {
	case api.KindArray:
		s := openapi3.NewArraySchema()
		s.Items = use(t.Elem)
		return s
	case api.KindMap:
		s := openapi3.NewObjectSchema()
		s.AdditionalProperties = openapi3.AdditionalProperties{Schema: use(t.Values)}
		return s
	case api.KindScalar:
		return scalar(t.Go)
	case api.KindAny:
		return &openapi3.Schema{Extensions: map[string]any{extGoType: "any"}}
	}
	panic(fmt.Sprintf("lower: a type of kind %d needs a name", t.Kind)) // package analyze names all others
}

func scalar(goType string) *openapi3.Schema {
	switch goType {
	case "string":
		return openapi3.NewStringSchema()
	case "bool":
		return openapi3.NewBoolSchema()
	case "int32":
		return openapi3.NewInt32Schema()
	case "int64":
		return openapi3.NewInt64Schema()
	case "float64":
		return openapi3.NewFloat64Schema().WithFormat("double")
	case "[]byte":
		return openapi3.NewStringSchema().WithFormat("byte")
	}
	return &openapi3.Schema{Extensions: map[string]any{extGoType: goType}}
}

func goName(t *api.Type) string {
	if t.Name != "" {
		return t.Name
	}
	if t.IsPointer() {
		return "*" + goName(t.Value())
	}
	switch t.Kind {
	case api.KindRef:
		return goName(t.Elem)
	case api.KindArray:
		return "[]" + goName(t.Elem)
	case api.KindMap:
		return "map[string]" + goName(t.Values)
	case api.KindAny:
		return "any"
	}
	return t.Go
}

func extend(s *openapi3.Schema, key string, value any) {
	if s.Extensions == nil {
		s.Extensions = map[string]any{}
	}
	s.Extensions[key] = value
}
