package contacts_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// isClient tells whether a file is the client, apart from its models, its error codes and its runtime.
func isClient(file string) bool {
	file = filepath.Base(file)
	return file == "client.gen.go" || strings.HasSuffix(file, "_service.gen.go")
}

// A client is small enough to be read: at most 4 exported names (functions, types, methods, fields of the structs of
// parameters) and 40 lines, comments included and the heads of files left out, for each operation.
func TestClientIsSmall(t *testing.T) {
	names, lines := 0, 0
	for _, file := range outputFiles(t) {
		if !isClient(file) {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, body, _ := bytes.Cut(src, []byte("\n)\n")) // what follows the imports
		lines += bytes.Count(body, []byte("\n"))
		f, err := parser.ParseFile(token.NewFileSet(), file, src, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			names += exportedNames(d)
		}
	}
	t.Logf("%d operations: %d exported names, %d lines", len(operations), names, lines)
	// The counts are written down, so that whoever changes them means to.
	if want := 121; names != want {
		t.Errorf("%d exported names, want %d", names, want)
	}
	if most := 4 * len(operations); names > most {
		t.Errorf("%d exported names are more than %d", names, most)
	}
	if most := 40 * len(operations); lines > most {
		t.Errorf("%d lines are more than %d", lines, most)
	}
}

// The output is a small, fixed set of files: one for each service, and those below. No file of the client escapes the count.
func TestOutputIsFewFiles(t *testing.T) {
	for _, file := range outputFiles(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".gen.go")
		if !isClient(file) && !strings.HasPrefix(name, "runtime_") && !slices.Contains([]string{"models", "codec", "enums", "codes", "doc"},
			name) {
			t.Errorf("%s is not counted", file)
		}
	}
	fake, err := filepath.Glob(clientDir + "/contactstest/*.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if most := 23; len(outputFiles(t))+len(fake) > most {
		t.Errorf("%d files and %d of the fake are more than %d", len(outputFiles(t)), len(fake), most)
	}
}

func outputFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(clientDir + "/*.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// What types read and write themselves with is small enough to be read, too: it grows with the types, not with the operations.
func TestCodecIsSmall(t *testing.T) {
	src, err := os.ReadFile(clientDir + "/codec.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	f, err := parser.ParseFile(token.NewFileSet(), "codec", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]bool{}
	for _, d := range f.Decls {
		if m, ok := d.(*ast.FuncDecl); ok && m.Recv != nil {
			if star, ok := m.Recv.List[0].Type.(*ast.StarExpr); ok {
				types[star.X.(*ast.Ident).Name] = true
			}
		}
	}
	lines := bytes.Count(src, []byte("\n"))
	t.Logf("%d types, %d lines", len(types), lines)
	if most := 60 * len(types); lines > most {
		t.Errorf("%d lines are more than %d", lines, most)
	}
}

func exportedNames(d ast.Decl) int {
	n := 0
	count := func(id *ast.Ident) {
		if id.IsExported() {
			n++
		}
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		count(d.Name)
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.ValueSpec:
				for _, id := range s.Names {
					count(id)
				}
			case *ast.TypeSpec:
				count(s.Name)
				if fields, ok := s.Type.(*ast.StructType); ok {
					for _, f := range fields.Fields.List {
						for _, id := range f.Names {
							count(id)
						}
					}
				}
			}
		}
	}
	return n
}
