package generator_test

import (
	"fmt"
	"go/ast"
	"go/parser"
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
		kind := []string{"type: string, enum: [%q, %q]", "type: object, properties: {%q: {type: string}, %q: {type: integer}}",
			"type: array, items: {oneOf: [{type: object, title: %q}, {type: string, title: %q}]}"}[i%3]
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

// TestNoConstructorClashes keeps the same promise for the functions and methods that an output makes of its description: what each of them
// is called is a type, a property beside the union, an operation and a tag of the next description, and so on.
func TestNoConstructorClashes(t *testing.T) {
	names := []string{"snapshot", "union"}
	for range 3 {
		files, err := generator.Generate(t.Context(), generator.Options{
			Spec: generator.Input{Name: "made.yaml", Data: []byte(madeOf(names))}, Package: "made", Features: allFeatures(),
		})
		if err != nil {
			t.Fatalf("%s: %v", names, err)
		}
		made := functionNames(t, files)
		for _, want := range []string{"NewShapeSquare", "AsSquare", "FromSquare", "WithKey", "NewClient"} {
			if !slices.Contains(made, want) && !slices.Contains(names, want) {
				t.Fatalf("%s is not made", want)
			}
		}
		names = slices.Compact(slices.Sorted(slices.Values(append(names, made...))))
	}
	if len(names) < 30 {
		t.Errorf("only %d functions are made", len(names))
	}
}

// functionNames lists the functions and methods for callers that are printed for a description.
func functionNames(t *testing.T, files []generator.File) []string {
	t.Helper()
	var out []string
	for _, f := range files {
		if strings.HasPrefix(f.Path, "runtime_") || strings.Contains(f.Path, "/") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Path, f.Data, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.IsExported() {
				out = append(out, fn.Name.Name)
			}
		}
	}
	return out
}

// madeOf writes a description of a guarded union in which everything but the union and its variants is called like one of the names.
func madeOf(names []string) string {
	var paths, properties, types strings.Builder
	for _, n := range names {
		fmt.Fprintf(&properties, "        %q: {type: string}\n", n)
		if n != "Shape" && n != "Circle" && n != "Square" {
			fmt.Fprintf(&types, "    %q: {type: object, properties: {%q: {type: string}}}\n", n, n)
		}
		fmt.Fprintf(&paths, "  \"/%s\": {get: {operationId: %q, tags: [%q], responses: {'204': {description: It is done.}}}}\n", n, n, n)
	}
	return fmt.Sprintf(constructorsDescription, paths.String(), properties.String(), types.String())
}

const constructorsDescription = `openapi: 3.0.3
info: {title: Made, version: '1'}
servers: [{url: https://names.example/v1}]
security: [{key: []}]
paths:
%s  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: readShape
      responses: &answer
        '200': {description: The shape., headers: {ETag: {schema: {type: string}}}, content: {application/json: {schema: {$ref: '#/components/schemas/Shape'}}}}
    put:
      operationId: replaceShape
      parameters: [{name: If-Match, in: header, schema: {type: string}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Shape'}}}}
      responses: *answer
      x-contactsgen-revision:
        read: {operationId: readShape, parameters: {id: $request.path.id}, identity: {id: $response.body#/the id}}
        token: {read: $response.header.ETag, send: $request.header.If-Match, reply: $response.header.ETag}
        payload: {read: $response.body, send: $request.body, as: replace}
        conflict: [{status: 412}]
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Shape:
      type: object
      required: [the id]
      oneOf: [{$ref: '#/components/schemas/Circle'}, {$ref: '#/components/schemas/Square'}]
      discriminator: {propertyName: kind}
      properties:
        the id: {type: string}
%s    Circle: {type: object, properties: {kind: {type: string}, radius: {type: number}}}
    Square: {type: object, properties: {kind: {type: string}, side: {type: number}}}
%s`
