package generator

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/runtime"
)

// TestArgumentsHideNothing keeps the promise that an argument is called like its parameter wherever nothing clashes: what the methods of
// clients use of the runtime is what no argument may be called, and nothing else is kept from them.
func TestArgumentsHideNothing(t *testing.T) {
	declared, err := runtime.Identifiers()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../testdata/specs/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no descriptions", err)
	}
	used := map[string]bool{}
	for _, file := range append(files, "../spec/contacts.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out, err := Generate(context.Background(), Options{Spec: Input{Name: file, Data: data}, Package: "tried",
			Features: append(DefaultFeatures(), OptInFeatures()...)})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range out {
			if strings.HasSuffix(f.Path, "_service.gen.go") {
				usedByMethods(t, f.Data, used)
			}
		}
	}
	if len(used) < 20 {
		t.Fatalf("methods use only %d names", len(used))
	}
	for _, name := range declared {
		if used[name] && token.IsIdentifier(name) && !ast.IsExported(name) && naming.IsUsableArgument(name) {
			t.Errorf("methods use %s of the runtime, and an argument may be called so", name)
		}
	}
	for _, name := range []string{"location", "origin", "state", "apiVersion"} {
		if !naming.IsUsableArgument(name) {
			t.Errorf("no argument may be called %s", name)
		}
	}
}

// usedByMethods enters the identifiers in methods of services.
func usedByMethods(t *testing.T, source []byte, used map[string]bool) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil || len(f.Recv.List[0].Names) == 0 || f.Recv.List[0].Names[0].Name != "s" {
			continue
		}
		var locals []string
		for _, p := range f.Type.Params.List {
			for _, n := range p.Names {
				locals = append(locals, n.Name)
			}
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				ast.Inspect(sel.X, func(n ast.Node) bool { return enter(n, locals, used) })
				return false
			}
			return enter(n, locals, used)
		})
	}
}

func enter(n ast.Node, locals []string, used map[string]bool) bool {
	if id, ok := n.(*ast.Ident); ok && !slices.Contains(locals, id.Name) {
		used[id.Name] = true
	}
	return true
}
