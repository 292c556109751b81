package generator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
)

// TestCircles has schemas that lead back to themselves by way of properties, items and values, which a type can do. Where a circle goes
// through an allOf the schema is met again while it is being taken apart.
func TestCircles(t *testing.T) {
	const head = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /nodes:\n    get:\n      operationId: getNode\n" +
		"      responses: {'200': {description: d, content: {application/json: {schema: {$ref: 'REF'}}}}}\n"
	tests := map[string]struct{ schemas, ref, want string }{
		"an allOf that has what leads to it": {`
Problem: {type: object, properties: {code: {type: string}, cause: {$ref: '#/PLACE/Reason'}}}
Reason: {allOf: [{type: object, properties: {field: {type: string}}}, {$ref: '#/PLACE/Problem'}]}`, "Problem", "Cause *Reason "},
		"items that are all of several": {`
One: {type: object, properties: {next: {type: object, allOf: [{$ref: '#/PLACE/Two'}]}, all: {$ref: '#/PLACE/All'}}}
Two: {type: object, properties: {back: {type: object, allOf: [{$ref: '#/PLACE/One'}]}, all: {$ref: '#/PLACE/All'}}}
All: {type: array, items: {allOf: [{$ref: '#/PLACE/One'}, {$ref: '#/PLACE/Two'}]}}`, "One", "Next *Two "},
		"values of a map": {`
Tree: {type: object, properties: {name: {type: string}, kids: {type: object, additionalProperties: {allOf: [{$ref: '#/PLACE/Branch'}]}}}}
Branch: {allOf: [{$ref: '#/PLACE/Tree'}, {type: object, properties: {length: {type: integer}}}]}`, "Tree", "Kids TreeKids "},
		"one beside null": {`
Item: {type: object, properties: {name: {type: string}, parent: {oneOf: [{$ref: '#/PLACE/Parent'}, {type: 'null'}]}}}
Parent: {allOf: [{$ref: '#/PLACE/Item'}, {type: object, properties: {count: {type: integer}}}]}`, "Item", "Parent *Parent "},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			inside := strings.Replace(head, "REF", "#/components/schemas/"+tt.ref, 1) + "components:\n  schemas:" +
				strings.ReplaceAll(strings.ReplaceAll(tt.schemas, "\n", "\n    "), "PLACE", "components/schemas") + "\n"
			checkCircle(t, inside, "", tt.want)
		})
		t.Run(name+", in a file of its own", func(t *testing.T) {
			beside := "parts:" + strings.ReplaceAll(strings.ReplaceAll(tt.schemas, "\n", "\n  "), "PLACE", "parts") + "\n"
			checkCircle(t, strings.Replace(head, "REF", "parts.yaml#/parts/"+tt.ref, 1), beside, tt.want)
		})
	}
}

// checkCircle generates a client, which is type-checked, and looks for a field of it.
func checkCircle(t *testing.T, main, beside, want string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "parts.yaml"), []byte(beside), 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := generator.Generate(t.Context(), generator.Options{
		Spec: generator.Input{Name: filepath.Join(dir, "main.yaml"), Data: []byte(main), Root: dir}, Package: "circles",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Path == "models.gen.go" && strings.Contains(strings.Join(strings.Fields(string(f.Data)), " "), want) {
			return
		}
	}
	t.Errorf("no field %q", want)
}
