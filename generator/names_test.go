package generator_test

import (
	"fmt"
	"go/scanner"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
)

// TestNoNameClashes keeps the promise that nothing in a description can clash with a name of the output's own. Every identifier that is in
// outputs, wherever it is declared, is the name of a property of a guarded resource and of an object with further members, of a type, an
// enum's value, an operation, its parameters and its tag; and what is made of that compiles.
func TestNoNameClashes(t *testing.T) {
	files := slices.Concat(generateSpec(t, own), generateSpec(t, "values"), generateSpec(t, "library"), generateSpec(t, "orders"))
	names := identifiers(files)
	if len(names) < 1500 {
		t.Fatalf("only %d identifiers are in outputs", len(names))
	}
	const atOnce = 400
	pieces := len(names)/atOnce + 1 // of one size: a small rest would be paired with itself
	for some := range slices.Chunk(names, len(names)/pieces+1) {
		data := named(some)
		_, err := generator.Generate(t.Context(), generator.Options{
			Spec: generator.Input{Name: "names.yaml", Data: []byte(data)}, Package: "names", Features: allFeatures(),
		})
		if err != nil {
			t.Errorf("%s to %s: %v", some[0], some[len(some)-1], err)
		}
	}
}

// identifiers lists what is an identifier in Go files.
func identifiers(files []generator.File) []string {
	found := map[string]bool{"snapshot": true}
	for _, f := range files {
		var s scanner.Scanner
		s.Init(token.NewFileSet().AddFile("", -1, len(f.Data)), f.Data, nil, 0)
		for {
			_, tok, text := s.Scan()
			if tok == token.EOF {
				break
			}
			if tok == token.IDENT || tok.IsKeyword() {
				found[text] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// named writes a description in which everything is called like one of the names.
func named(names []string) string {
	var paths, properties, types, references strings.Builder
	for i, n := range names {
		other := names[(i+7)%len(names)]
		fmt.Fprintf(&properties, "        %q: {type: string}\n", n)
		fmt.Fprintf(&references, "        %q: {$ref: '#/components/schemas/%s'}\n", other, n)
		kind := []string{"type: string, enum: [%q, %q]", "type: object, properties: {%q: {type: string}, %q: {type: integer}}", "type: array, items: {oneOf: [{type: object, title: %q}, {type: string, title: %q}]}"}[i%3]
		fmt.Fprintf(&types, "    %q: {"+kind+"}\n", n, n, other)
		fmt.Fprintf(&paths, `  "/%s/{%s}":
    post:
      operationId: %q
      tags: [%q]
      parameters:
        - {name: %q, in: path, required: true, schema: {type: string}}
        - {name: %q, in: query, schema: {type: string}}
        - {name: %q, in: query, required: true, schema: {$ref: '#/components/schemas/%s'}}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/%s'}}}}
      responses: {'200': {description: It is done., content: {application/json: {schema: {$ref: '#/components/schemas/%s'}}}}}
`, n, n, n, n, n, n, other, names[i/3*3], n, other)
	}
	return fmt.Sprintf(namesDescription, paths.String(), properties.String(), references.String(), types.String())
}

const namesDescription = `openapi: 3.0.3
info: {title: Names, version: '1'}
servers: [{url: https://names.example/v1}]
paths:
%s  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: readOneThing
      responses: &answer
        '200': {description: The thing., headers: {ETag: {schema: {type: string}}}, content: {application/json: {schema: {$ref: '#/components/schemas/OneThing'}}}}
    put:
      operationId: replaceOneThing
      parameters: [{name: If-Match, in: header, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/OneThing'}}}}
      responses: *answer
      x-revision:
        read: {operationId: readOneThing, parameters: {id: $request.path.id}, identity: {id: $response.body#/the id}}
        token: {read: $response.header.ETag, send: $request.header.If-Match, reply: $response.header.ETag}
        payload: {read: $response.body, send: $request.body, as: replace}
        conflict: [{status: 412}]
components:
  schemas:
    OneThing:
      type: object
      properties:
        the id: {type: string}
        references: {$ref: '#/components/schemas/Referring'}
%s
    Referring:
      type: object
      additionalProperties: true
      properties:
%s
%s`
