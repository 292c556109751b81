package generator

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/emit"
	"github.com/contactsgen/contactsgen/generator/internal/faketable"
	"github.com/contactsgen/contactsgen/generator/internal/models"
)

// FuzzGenerate: whatever the bytes of a description, they are refused with a position, or what is written for them parses and declares
// what the model has named and nothing else. What every output has, the runtime and the fake's, takes most of the time and is left out.
func FuzzGenerate(f *testing.F) {
	for _, pattern := range []string{"testdata/*.yaml", "../testdata/specs/*.yaml"} {
		files, err := filepath.Glob(filepath.FromSlash(pattern))
		if err != nil || len(files) == 0 {
			f.Fatalf("no descriptions in %s: %v", pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		o := Options{Spec: Input{Name: "fuzz.yaml", Data: in}, Package: "fuzz", SkipUnsupported: true}
		a, err := build(t.Context(), o)
		var list *diag.Error
		switch {
		case errors.As(err, &list):
			return
		case err != nil:
			t.Fatalf("refused, but not as a fault of the description: %v", err)
		}
		_ = faketable.Table(a)
		printed, err := emit.Files(a, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		models, err := models.Print(models.Schema(a.Types), a.Package, nil)
		if err != nil {
			t.Fatal(err)
		}
		files := []File{{Path: "models.gen.go", Data: models}}
		for _, f := range printed {
			files = append(files, File{Path: f.Name + ".gen.go", Data: f.Data})
		}
		if files, err = finish(t.Context(), files, false); err != nil {
			t.Fatal(err)
		}
		checkDeclared(t, files, a)
	})
}

// checkDeclared checks that files declare what the model has named, each once, and nothing else.
func checkDeclared(t *testing.T, files []File, a *api.API) {
	t.Helper()
	left := decided(a)
	for _, f := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Path, f.Data, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			for _, name := range declared(d) {
				if left[name] == 0 {
					t.Errorf("%s declares %s, which nobody decided", f.Path, name)
				}
				left[name]--
			}
		}
	}
	for name, n := range left {
		if n > 0 && !optional(a, name) {
			t.Errorf("%s was decided and is not declared", name)
		}
	}
}

// optional tells whether a name is only declared where something needs it.
func optional(a *api.API, name string) bool {
	return name == "init" || name == "_" || strings.HasPrefix(name, "shape") || !a.Features[api.FeatureWebhooks] &&
		strings.HasSuffix(name, "ebhooks")
}

// decided counts the package-level names that a model gives.
func decided(a *api.API) map[string]int {
	names := map[string]int{"api": 1, "webhooks": 1, "clientOf": 1, "init": 1, "_": 1 << 30}
	for _, name := range emit.Identifiers {
		names[name]++
	}
	if a.Webhooks != nil && a.Features[api.FeatureWebhooks] {
		for _, e := range a.Webhooks.Events {
			names[e.Name]++
		}
	}
	for _, f := range a.Forms {
		names[f.TypeName]++
	}
	for _, t := range a.Types {
		names[t.Name]++
		names["shape"+t.Name]++ // of what guarded operations send, and of no other type
		for _, v := range t.Enum {
			names[v.GoName]++
		}
		if t.Union != nil {
			names[t.Union.VarName]++
			for _, v := range t.Union.Variants {
				names[v.Constructor]++
			}
		}
	}
	for _, p := range a.Params {
		names[p.TypeName]++
	}
	for _, c := range a.Codes {
		names[c.GoName]++
	}
	for _, c := range a.Credentials {
		names["With"+c.Option]++
	}
	for _, s := range a.Services {
		names[s.TypeName]++
		for _, o := range s.Operations {
			names[o.VarName]++
			if o.ConstName != "" {
				names[o.ConstName]++
			}
			if o.Revision != nil {
				names[o.Revision.VarName]++
				if o.Revision.KeyName != "" {
					names[o.Revision.KeyName]++
				}
			}
			if o.Paging != nil {
				names[o.Paging.VarName]++
			}
			if o.Job != nil {
				names[o.Job.VarName]++
			}
		}
	}
	return names
}

// declared lists the package-level names of a declaration.
func declared(d ast.Decl) []string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return []string{d.Name.Name}
		}
	case *ast.GenDecl:
		var names []string
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, n := range s.Names {
					names = append(names, n.Name)
				}
			}
		}
		return names
	}
	return nil
}
