package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The output needs the standard library alone, and a new need is a decision: what generated/ imports is written down.
// With -update the list is rewritten, and the test fails.
func TestGeneratedImportsAreWrittenDown(t *testing.T) {
	const module = "github.com/contactsgen/contactsgen/"
	foreign := goList(t, "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./generated/...")
	for _, name := range foreign {
		if !strings.HasPrefix(name, module+"generated/") {
			t.Errorf("generated/ depends on %s", name)
		}
	}
	name := filepath.Join(repository, "testdata", "generated-imports.txt")
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var got []byte
	for _, name := range goList(t, "-f", `{{range .Imports}}{{println .}}{{end}}`, "./generated/...") {
		got = append(got, name+"\n"...)
	}
	if bytes.Equal(got, want) {
		return
	}
	t.Errorf("generated/ imports\n%sand %s says\n%s", got, name, want)
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Error(err)
		}
	}
}

// What users vendor is the client, its fake and examples. Other tests stand in acceptance/: tidying a user's module looks at the tests of
// what that imports, and would bring the libraries that they need.
func TestGeneratedHoldsExamplesAlone(t *testing.T) {
	const module = "github.com/contactsgen/contactsgen/"
	files := goList(t, "-f", `{{range .TestGoFiles}}{{println .}}{{end}}{{range .XTestGoFiles}}{{println .}}{{end}}`, "./generated/...")
	for _, name := range files {
		if name != "example_test.go" && name != "example.gen_test.go" {
			t.Errorf("generated/ holds the test %s", name)
		}
	}
	if len(files) == 0 {
		t.Error("generated/ holds no examples")
	}
	for _, name := range goList(t, "-f", `{{range .XTestImports}}{{println .}}{{end}}`, "./generated/...") {
		if strings.Contains(strings.Split(name, "/")[0], ".") && !strings.HasPrefix(name, module+"generated/") {
			t.Errorf("examples of generated/ need %s", name)
		}
	}
}

// goList gives the lines of go list, each once, in order.
func goList(t *testing.T, args ...string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...)
	cmd.Dir = repository
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := slices.DeleteFunc(strings.Split(string(out), "\n"), func(s string) bool { return s == "" })
	slices.Sort(lines)
	return slices.Compact(lines)
}

var (
	// What belongs to one description must not be known to what works for all of them.
	particular = regexp.MustCompile(`(?i)contact|wix`)
	// The tool's own name is that of the command, the module and the config file.
	ownName = regexp.MustCompile(`(?i)github\.com/contactsgen|contactsgen`)
)

// Everything particular to an API is in its description. Nothing else knows that there are contacts, but for the fake's pack of
// its own: no identifier and no text in the generator, the command or the runtimes.
func TestOnlyTheDescriptionIsParticular(t *testing.T) {
	for _, folder := range []string{"cmd", "generator", "templates"} {
		root := os.DirFS(repository)
		err := fs.WalkDir(root, folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "templates/fake/pack_") {
				return err
			}
			switch path.Ext(name) {
			case ".go":
				return neutralGo(t, root, name)
			case ".tmpl":
				data, err := fs.ReadFile(root, name)
				if m := particular.Find(ownName.ReplaceAll(data, nil)); m != nil {
					t.Errorf("%s says %q", name, m)
				}
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func neutralGo(t *testing.T, root fs.FS, name string) error {
	src, err := fs.ReadFile(root, name)
	if err != nil {
		return err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	check := func(pos token.Pos, text string) {
		if particular.MatchString(ownName.ReplaceAllString(text, "")) {
			t.Errorf("%s: %s", fset.Position(pos), text)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			// Package spec holds the description; to name what it holds is not to know what that says.
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "spec" {
				return false
			}
		case *ast.Ident:
			check(n.Pos(), n.Name)
		case *ast.BasicLit:
			// OpenAPI itself has the keyword "contact" in its info: whom to write to about the API.
			isKeyword := n.Value == `"contact"` && name == "generator/internal/analyze/keywords.go"
			if text, err := strconv.Unquote(n.Value); err == nil && !isKeyword {
				check(n.Pos(), text)
			}
		}
		return true
	})
	return nil
}
