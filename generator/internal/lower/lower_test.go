package lower_test

import (
	"flag"
	"os"
	"testing"

	"github.com/aymanbagabas/go-udiff"

	"github.com/contactsgen/contactsgen/generator/internal/lower"
	"github.com/contactsgen/contactsgen/generator/internal/model"
	"github.com/contactsgen/contactsgen/generator/internal/oapi"
)

var update = flag.Bool("update", false, "rewrite golden files, and fail")

func scalar(name string) *model.Type { return &model.Type{Kind: model.KindScalar, Go: name} }

// TestModelsArePrintedAsDecided keeps the promise that the printer decides nothing: names, pointers, tags, order and comments are the model's.
func TestModelsArePrintedAsDecided(t *testing.T) {
	tag := &model.Type{Name: "PhoneTag", Kind: model.KindEnum, EnumGo: "string", Doc: "The use of a phone.", Enum: []*model.EnumValue{
		{Value: "MOBILE", GoName: "PhoneTagMobile"}, {Value: "HOME", GoName: "PhoneTagHome"},
	}}
	phone := &model.Type{Name: "Phone", Kind: model.KindStruct, Doc: "A phone number.", ItemKey: "id", Fields: []*model.Field{
		{Name: "tag", GoName: "Tag", Type: tag, OmitZero: true},
		{Name: "id", GoName: "ID", Type: scalar("string"), Pointer: true, OmitEmpty: true, ReadOnly: true, Doc: "The id.\nOn two lines."},
		{Name: "phone", GoName: "Phone", Type: scalar("string"), Required: true, Doc: "The number as it was typed"},
		{Name: "-", GoName: "Dash", Type: scalar("string"), Pointer: true, OmitEmpty: true},
		{Name: "seen", GoName: "Seen", Type: scalar("Timestamp"), Pointer: true, OmitEmpty: true},
		{Name: "must", GoName: "Must", Type: scalar("int32"), Pointer: true, Required: true, Nullable: true},
	}}
	node := &model.Type{Name: "Node", Kind: model.KindStruct, Doc: "a tree", Resource: true}
	node.Fields = []*model.Field{
		{Name: "next", GoName: "Next", Type: node, Pointer: true, OmitEmpty: true},
		{Name: "phones", GoName: "Phones", Type: &model.Type{Kind: model.KindArray, Elem: phone}, OmitZero: true},
		{Name: "main", GoName: "Main", Type: phone, OmitZero: true, Doc: "Whether it is the main one."},
		{Name: "extra", GoName: "Extra", Type: &model.Type{Kind: model.KindMap, Values: &model.Type{Kind: model.KindAny}}, OmitZero: true},
		{Name: "free", GoName: "Free", Type: &model.Type{Kind: model.KindAny}, OmitEmpty: true},
		{Name: "big", GoName: "Big", Type: scalar("int64"), Pointer: true, OmitEmpty: true},
		{Name: "ratio", GoName: "Ratio", Type: scalar("float64"), Pointer: true, OmitEmpty: true},
		{Name: "data", GoName: "Data", Type: scalar("[]byte"), OmitEmpty: true},
		{Name: "on", GoName: "On", Type: scalar("bool"), Pointer: true, OmitEmpty: true},
	}
	types := []*model.Type{node, phone, tag,
		{Name: "Nodes", Kind: model.KindArray, Elem: node, Doc: "Several trees."},
		{Name: "ByName", Kind: model.KindMap, Values: node},
		{Name: "Alias", Kind: model.KindRef, Elem: phone},
		{Name: "Word", Kind: model.KindScalar, Go: "string"},
		{Name: "Either", Kind: model.KindUnion, Union: &model.Union{Variants: []*model.Variant{{Type: phone}, {Type: node}}}},
		{Name: "Told", Kind: model.KindUnion, Doc: "One of two.", Union: &model.Union{Variants: []*model.Variant{{Type: phone}, {Type: node}}},
			Fields: []*model.Field{{Name: "kind", GoName: "Kind", Type: scalar("string"), Required: true}}},
		{Name: "Anything", Kind: model.KindAny},
	}
	got, err := oapi.Models(lower.Document(types), "p")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/models.golden", got)
}

// golden compares with a file that a person has read; -update rewrites it and fails, so that nobody forgets to read it again.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Fatalf("%s was rewritten: read it", name)
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := udiff.Unified(name, "got", string(want), string(got)); d != "" {
		t.Error(d)
	}
}
