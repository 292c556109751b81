package spec_test

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/contactsgen/contactsgen/spec"
)

func load(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(spec.Contacts)
	if err != nil {
		t.Fatalf("load %s: %v", spec.Name, err)
	}
	return doc
}

func TestDescriptionIsValid(t *testing.T) {
	if err := load(t).Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
}
