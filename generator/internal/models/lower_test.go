package models_test

import (
	"flag"
	"os"
	"testing"

	"github.com/aymanbagabas/go-udiff"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/models"
)

var update = flag.Bool("update", false, "rewrite golden files, and fail")

func scalar(name string) *api.Type { return &api.Type{Kind: api.KindScalar, Go: name} }

// TestModelsArePrintedAsDecided keeps the promise that the printer decides nothing: names, pointers, tags, order and comments are the
// model's.
func TestModelsArePrintedAsDecided(t *testing.T) {
	tag := &api.Type{Name: "PhoneTag", Kind: api.KindEnum, EnumGo: "string", Doc: "The use of a phone.", Enum: []*api.EnumValue{
		{Value: "MOBILE", GoName: "PhoneTagMobile"}, {Value: "HOME", GoName: "PhoneTagHome"},
	}}
	phone := &api.Type{Name: "Phone", Kind: api.KindStruct, Doc: "A phone number.", ItemKey: "id", Fields: []*api.Field{
		{Name: "tag", GoName: "Tag", Type: tag, OmitZero: true},
		{Name: "id", GoName: "ID", Type: scalar("string"), Pointer: true, OmitEmpty: true, ReadOnly: true, Doc: "The id.\nOn two lines."},
		{Name: "phone", GoName: "Phone", Type: scalar("string"), Required: true, Doc: "The number as it was typed"},
		{Name: "-", GoName: "Dash", Type: scalar("string"), Pointer: true, OmitEmpty: true},
		{Name: "seen", GoName: "Seen", Type: scalar("Timestamp"), Pointer: true, OmitEmpty: true},
		{Name: "must", GoName: "Must", Type: scalar("int32"), Pointer: true, Required: true, Nullable: true},
	}}
	node := &api.Type{Name: "Node", Kind: api.KindStruct, Doc: "a tree", Resource: true}
	node.Fields = []*api.Field{
		{Name: "next", GoName: "Next", Type: node, Pointer: true, OmitEmpty: true},
		{Name: "phones", GoName: "Phones", Type: &api.Type{Kind: api.KindArray, Elem: phone}, OmitZero: true},
		{Name: "main", GoName: "Main", Type: phone, OmitZero: true, Doc: "Whether it is the main one."},
		{Name: "extra", GoName: "Extra", Type: &api.Type{Kind: api.KindMap, Values: &api.Type{Kind: api.KindAny}}, OmitZero: true},
		{Name: "free", GoName: "Free", Type: &api.Type{Kind: api.KindAny}, OmitEmpty: true},
		{Name: "big", GoName: "Big", Type: scalar("int64"), Pointer: true, OmitEmpty: true},
		{Name: "ratio", GoName: "Ratio", Type: scalar("float64"), Pointer: true, OmitEmpty: true},
		{Name: "data", GoName: "Data", Type: scalar("[]byte"), OmitEmpty: true},
		{Name: "on", GoName: "On", Type: scalar("bool"), Pointer: true, OmitEmpty: true},
	}
	types := []*api.Type{node, phone, tag,
		{Name: "Nodes", Kind: api.KindArray, Elem: node, Doc: "Several trees."},
		{Name: "ByName", Use: "is the type of [Node.More].", Kind: api.KindMap, Values: node},
		{Name: "Alias", Use: "is the body of [Things.Create].", Kind: api.KindRef, Elem: phone},
		{Name: "Word", Use: "is an argument of [Things.Get].", Kind: api.KindScalar, Go: "string"},
		{Name: "Either", Use: "is the result of [Things.Get].", Kind: api.KindUnion,
			Union: &api.Union{Variants: []*api.Variant{{Type: phone}, {Type: node}}}},
		{Name: "Told", Kind: api.KindUnion, Doc: "One of two.", Union: &api.Union{Variants: []*api.Variant{{Type: phone}, {Type: node}}},
			Fields: []*api.Field{{Name: "kind", GoName: "Kind", Type: scalar("string"), Required: true}}},
		{Name: "Anything", Use: "is the component \"anything\" of the description. No operation uses it.", Kind: api.KindAny},
	}
	got, err := models.Print(models.Schema(types), "p", nil)
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
