package generator

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
)

// attacks are texts that mean something in a place where they do not belong. Whatever becomes code through one of them declares
// Injected.
var attacks = map[string]string{
	"comments": "*/ func Injected() {} /* // \nfunc Injected() {}\r\nfunc Injected() {}\u2028func Injected() {}\v",
	"strings":  "\" + Injected() + \"` + Injected() + `' \\\" \\` \\",
	"directives": "x\n//go:embed *\n//go:linkname Injected os.Exit\n//go:build ignore\n// +build ignore\n//line /etc/passwd:1\n//export " +
		"Injected\n//go:generate sh\nimport \"C\"\nimport \"os/exec\"",
	"terminal":  "x\x1b]0;title\a\x1b[31mred\b\u009b31m\u202egnp.exe\u2066\u200b\ufeff",
	"tags":      "x\" json:\"y\" `injected:\"z,omitempty,string",
	"templates": "{{.Injected}} ${Injected} %s%n $(id) `id` ; rm -rf / && \\x22 \\u0022",
	"paths":     "../../../../etc/passwd/.gen.go\x00/\\C:\\x",
	"a length":  strings.Repeat("long", 2_500),
	"nothing":   "",
	"Go":        "func",
	"a dash":    "-",
}

var everyPlace = flag.Bool("every-place", false,
	"have TestHostileStrings try every attack at every place, which takes minutes; otherwise each is tried at some")

// TestHostileStrings keeps the promise that no string of a description becomes anything else. It puts every attack at the place of
// every string of a description, keys included, one at a time: either the description is refused, with a position and without passing the
// attack on to the terminal, or the output has the declarations, imports and comments that output has.
func TestHostileStrings(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "hostile.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	harmless := generateHostile(t, &root)
	if harmless.err != nil {
		t.Fatal(harmless.err)
	}
	imports := importsOf(t, harmless.files)
	for first, name := range slices.Sorted(maps.Keys(attacks)) {
		t.Run(name, func(t *testing.T) {
			generated, place := 0, first
			eachString(root.Content[0], "", func(n *yaml.Node, at string) {
				path := strings.HasPrefix(n.Value, "/")
				if place++; !*everyPlace && place%32 != 0 && !path {
					return
				}
				kept := *n
				n.Value, n.Tag, n.Style = attacks[name], "!!str", yaml.DoubleQuotedStyle
				if path { // what is no path any more would be refused
					n.Value = kept.Value + n.Value
				}
				got := generateHostile(t, &root)
				*n = kept
				if got.err != nil {
					checkComplaint(t, at, got.err)
					return
				}
				generated++
				checkOutput(t, at, got.files, imports)
			})
			if generated == 0 {
				t.Error("every place was refused, so nothing was tried")
			}
		})
	}
}

// outcome is what became of one description.
type outcome struct {
	files []File
	err   error
}

func generateHostile(t *testing.T, root *yaml.Node) outcome {
	t.Helper()
	files, err := Generate(t.Context(), Options{Spec: Input{Name: "hostile.json", Data: asJSON(root.Content[0])}, Package: "hostile",
		Features: []Feature{"client"}})
	return outcome{files, err}
}

// asJSON writes a tree as JSON, which can hold every character.
func asJSON(n *yaml.Node) []byte {
	switch n.Kind {
	case yaml.MappingNode, yaml.SequenceNode:
		parts := make([]string, 0, len(n.Content))
		for i, c := range n.Content {
			if n.Kind == yaml.MappingNode && i%2 == 0 {
				continue
			}
			text := string(asJSON(c))
			if n.Kind == yaml.MappingNode {
				text = string(quoteJSON(n.Content[i-1].Value)) + ":" + text
			}
			parts = append(parts, text)
		}
		if n.Kind == yaml.MappingNode {
			return []byte("{" + strings.Join(parts, ",\n") + "}")
		}
		return []byte("[" + strings.Join(parts, ",\n") + "]")
	}
	if n.Tag == "!!str" {
		return quoteJSON(n.Value)
	}
	return []byte(n.Value)
}

func quoteJSON(s string) []byte {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string can be marshalled
	}
	return data
}

// eachString visits every string of a tree.
func eachString(n *yaml.Node, at string, visit func(*yaml.Node, string)) {
	for i, c := range n.Content {
		here := at + "/" + strconv.Itoa(i)
		if n.Kind == yaml.MappingNode {
			here = at + "/" + n.Content[i-i%2].Value
			if i%2 == 0 {
				here += " (the key)"
			}
		}
		if c.Kind == yaml.ScalarNode && c.Tag == "!!str" {
			visit(c, here)
			continue
		}
		eachString(c, here, visit)
	}
}

// checkComplaint checks that a refusal is one about the description, and fit for a terminal.
func checkComplaint(t *testing.T, at string, err error) {
	t.Helper()
	var list *diag.Error
	var one *diag.Problem
	if !errors.As(err, &list) && !errors.As(err, &one) {
		t.Errorf("%s: refused, but not as a fault of the description: %.300v", at, err)
		return
	}
	for line := range strings.Lines(err.Error()) {
		if !strings.HasPrefix(line, "\t") && !regexp.MustCompile(`^hostile\.json:\d+:\d+: |^and \d+ more`).MatchString(line) {
			t.Errorf("%s: a complaint without a position: %.500q", at, line)
		}
		if len(line) > 1_000 {
			t.Errorf("%s: a complaint of %d bytes in one line", at, len(line))
		}
	}
	if c, bad := unprintable(err.Error()); bad {
		t.Errorf("%s: the complaint has the character %U: %.500q", at, c, err)
	}
}

// unprintable finds a character that does something to a terminal, or to the eye.
func unprintable(text string) (rune, bool) {
	for _, c := range text {
		if c != '\n' && c != '\t' && !unicode.IsGraphic(c) {
			return c, true
		}
	}
	return 0, false
}

// importsOf lists what all files import.
func importsOf(t *testing.T, files []File) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, f := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Path, f.Data, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range parsed.Imports {
			all[i.Path.Value] = true
		}
	}
	return all
}

var (
	filePath   = regexp.MustCompile(`^[a-z0-9_]+\.gen\.go$`)
	identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,599}$`)
)

// checkOutput checks that files are what output is: comments are prose, names are names, and nothing is there that was not decided.
func checkOutput(t *testing.T, at string, files []File, imports map[string]bool) {
	t.Helper()
	for _, f := range files {
		if !filePath.MatchString(f.Path) {
			t.Errorf("%s: a file %q", at, f.Path)
		}
		if strings.HasPrefix(f.Path, "runtime_") {
			continue
		}
		if c, bad := unprintable(string(f.Data)); bad {
			t.Errorf("%s: %s has the character %U", at, f.Path, c)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Path, f.Data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Errorf("%s: %v", at, err)
			continue
		}
		for _, i := range parsed.Imports {
			if !imports[i.Path.Value] {
				t.Errorf("%s: %s imports %s", at, f.Path, i.Path.Value)
			}
		}
		for _, group := range parsed.Comments {
			for _, c := range group.List {
				if c.Text != "//" && !strings.HasPrefix(c.Text, "// ") && !strings.HasPrefix(c.Text, "//\t") || strings.HasPrefix(c.Text, "// +build") {
					t.Errorf("%s: %s has the comment %q", at, f.Path, c.Text)
				}
			}
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && (!identifier.MatchString(id.Name) || id.Name == "Injected") {
				t.Errorf("%s: %s has the identifier %.100q", at, f.Path, id.Name)
			}
			return true
		})
	}
}

// TestHostileReferences keeps the promise that nothing outside of the description's folder is ever read, and nothing fetched.
func TestHostileReferences(t *testing.T) {
	for _, ref := range []string{
		"/etc/passwd", "../secret.yaml", "a/../../secret.yaml", "file:///etc/passwd", "http://127.0.0.1:1/x.yaml",
		"https://example.com/x.yaml#/X",
		"//example.com/x.yaml", `..\secret.yaml`, "%2e%2e/secret.yaml", "./", "hostile.yaml#/components/schemas/../..",
		"#/components/schemas/Missing", "#nowhere", "x\x1b[31m.yaml",
		"#/components/schemas/Loop", "#/components/schemas/Self",
	} {
		spec := fmt.Sprintf(`{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {"/x": {"get": {"operationId": "x",
			"responses": {"200": {"description": "d", "content": {"application/json": {"schema": {"$ref": %s}}}}}}}},
			"components": {"schemas": {"Loop": {"$ref": "#/components/schemas/Pool"}, "Pool": {"$ref": "#/components/schemas/Loop"},
			"Self": {"allOf": [{"$ref": "#/components/schemas/Self"}]}}}}`, quoteJSON(ref))
		files, err := Generate(t.Context(), Options{Spec: Input{Name: "hostile.json", Data: []byte(spec), Root: t.TempDir()}, Package: "hostile"})
		if err == nil {
			t.Errorf("%s: generated %d files", ref, len(files))
			continue
		}
		checkComplaint(t, ref, err)
	}
}

// TestTooManyMembers: an object with more members than anybody writes is refused where it stands, before it takes long.
func TestTooManyMembers(t *testing.T) {
	var b strings.Builder
	b.WriteString("openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    Thing:\n      type: object\n     " +
		" properties:\n")
	for i := range 100_000 {
		fmt.Fprintf(&b, "        p%d: {type: string}\n", i)
	}
	_, err := Generate(t.Context(), Options{Spec: Input{Name: "a.yaml", Data: []byte(b.String())}, Package: "p"})
	if err == nil || !strings.HasPrefix(err.Error(), "a.yaml:6:5: this object has 100000 properties, and 10000 are the most") {
		t.Errorf("%v", err)
	}
}
