package generator_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
)

// TestSpellingsOfExtensions: the spelling without our prefix gives the same output, and inspect names every place.
func TestSpellingsOfExtensions(t *testing.T) {
	data, err := os.ReadFile("../spec/contacts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	with := func(data []byte) ([]generator.File, []string) {
		o := generator.Options{Spec: generator.Input{Name: "contacts.yaml", Data: data}, Package: "contacts", Features: allFeatures()}
		files, err := generator.Generate(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		found, err := generator.Inspect(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		return files, found.Notes
	}
	files, notes := with(data)
	if len(notes) > 0 {
		t.Errorf("our own description has old spellings: %v", notes)
	}
	prefixed := regexp.MustCompile(`x-contactsgen-([a-z-]+):`)
	count := len(prefixed.FindAll(data, -1)) - bytes.Count(data, []byte("x-contactsgen-enum-descriptions:"))
	old, notes := with(prefixed.ReplaceAll(data, []byte("x-$1:")))
	if !slices.EqualFunc(files, old, func(a, b generator.File) bool { return a.Path == b.Path && bytes.Equal(a.Data, b.Data) }) {
		t.Error("the old spelling gives another output")
	}
	if len(notes) == 0 || len(notes) > count || !strings.Contains(notes[0], "is the old spelling of x-contactsgen-") {
		t.Errorf("%d notes for %d places: %v", len(notes), count, notes)
	}
}

// TestExtensionsOfOthers: what somebody else says under the name of one of ours is left alone, and named; under our prefix it is a mistake.
func TestExtensionsOfOthers(t *testing.T) {
	const description = `openapi: 3.0.3
info: {title: Things, version: '1'}
servers: [{url: https://things.example/v1}]
%[1]swebhooks: {thingMade: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {'200': {description: Heard.}}}}}
%[1]sfake: [a, b]
tags: [{name: Things, %[1]sservice: {team: red}, %[1]snoun: 3}]
paths:
  /things:
    get:
      operationId: listThings
      tags: [Things]
      %[1]serrors: [NOT_FOUND, FORBIDDEN]
      %[1]smethod: {a: b}
      %[1]sresult: [x]
      %[1]ssafe: sometimes
      %[1]spaging: {style: token}
      %[1]sjob: nightly
      %[1]sbulk: true
      %[1]srevision: '2024-01-01'
      responses:
        '200': {description: Things., content: {application/json: {schema: {type: array, items: {type: string, %[1]sitem-key: {a: 1}}}}}}
`
	for prefix, wrong := range map[string]bool{"x-": false, "x-contactsgen-": true} {
		o := generator.Options{Spec: generator.Input{Name: "things.yaml", Data: fmt.Appendf(nil, description, prefix)}, Package: "things"}
		_, err := generator.Generate(t.Context(), o)
		if (err != nil) != wrong {
			t.Errorf("%s: %v", prefix, err)
		}
		if wrong {
			continue
		}
		found, err := generator.Inspect(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if len(found.Notes) != 13 || !strings.HasPrefix(found.Notes[0], "things.yaml:") ||
			!strings.Contains(strings.Join(found.Notes, "\n"), "x-webhooks is not what x-contactsgen-webhooks would be") {
			t.Errorf("%d notes:\n%s", len(found.Notes), strings.Join(found.Notes, "\n"))
		}
	}
}

// TestExtensionsAreReadInBothSpellings: code that looks for the name of one of our extensions itself knows one spelling of it. Only the
// functions that know both may be given a name; in a list of names it is theirs to loop over.
func TestExtensionsAreReadInBothSpellings(t *testing.T) {
	schemas, err := filepath.Glob("internal/*/schema/x-*.json")
	if err != nil || len(schemas) == 0 {
		t.Fatalf("no schemas of extensions: %v", err)
	}
	ours := map[string]bool{}
	for _, s := range schemas {
		name := strings.TrimSuffix(filepath.Base(s), ".json")
		ours[name], ours["x-contactsgen-"+strings.TrimPrefix(name, "x-")] = true, true
	}
	files, err := filepath.Glob("internal/*/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources: %v", err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			for _, at := range oneSpelling(n, ours) {
				t.Errorf("%s: looks for one spelling of an extension", fset.Position(at))
			}
			return true
		})
	}
}

// oneSpelling gives where a node of the syntax looks for the name of an extension: an index, a comparison, a case, an argument of
// Get or Has, or a name for it that could be one.
func oneSpelling(n ast.Node, ours map[string]bool) []token.Pos {
	var names []ast.Expr
	switch n := n.(type) {
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"Get", "Has", "get", "HasPrefix"}, f.Sel.Name) {
			names = n.Args
		}
	case *ast.IndexExpr:
		names = []ast.Expr{n.Index}
	case *ast.BinaryExpr:
		names = []ast.Expr{n.X, n.Y}
	case *ast.CaseClause:
		names = n.List
	case *ast.ValueSpec:
		names = n.Values
	}
	var found []token.Pos
	for _, e := range names {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil && ours[text] && text != "x-enum-descriptions" {
				found = append(found, lit.Pos())
			}
		}
	}
	return found
}
