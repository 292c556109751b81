// Package stamp copies the runtime into an output: the embedded Go files of the features that a model asks for, with their package
// clause rewritten and what nothing refers to left out.
package stamp

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"sort"
	"sync"

	"github.com/contactsgen/contactsgen/generator/internal/model"
	"github.com/contactsgen/contactsgen/generator/internal/output"
	"github.com/contactsgen/contactsgen/templates"
)

// Client gives the files of the client runtime that the API needs, in order of name. What neither the printed files nor the
// runtime's own exported names lead to is left out.
func Client(api *model.API, printed [][]byte) ([]output.File, error) {
	sources, err := templates.Client()
	if err != nil {
		return nil, err
	}
	var files []output.File
	for _, s := range sources {
		if s.Feature != templates.Core && !api.Features[model.Feature(s.Feature)] {
			continue
		}
		data, err := repackage(s, api.Package)
		if err != nil {
			return nil, err
		}
		files = append(files, output.File{Path: "runtime_" + s.Name + ".gen.go", Data: data})
	}
	return prune(files, printed)
}

// Fake gives the files of the fake's runtime, with the pack that the API asks for, in the folder that is called like the package. What neither the
// printed files nor its own exported names lead to is left out.
func Fake(api *model.API, pkg string, printed [][]byte) ([]output.File, error) {
	sources, err := templates.Fake(api.FakePack)
	if err != nil {
		return nil, err
	}
	var files []output.File
	for _, s := range sources {
		if s.Feature != templates.Core && !api.Features[model.Feature(s.Feature)] {
			continue
		}
		data, err := repackage(s, pkg)
		if err != nil {
			return nil, err
		}
		files = append(files, output.File{Path: path.Join(pkg, "runtime_"+s.Name+".gen.go"), Data: data})
	}
	return prune(files, printed)
}

// repackage replaces the name in the package clause.
func repackage(s templates.Source, name string) ([]byte, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, s.Name, s.Data, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("runtime file %s: %w", s.Name, err)
	}
	from, to := fset.Position(f.Name.Pos()).Offset, fset.Position(f.Name.End()).Offset
	var b bytes.Buffer
	b.Write(s.Data[:from])
	b.WriteString(name)
	b.Write(s.Data[to:])
	return b.Bytes(), nil
}

// Identifiers gives every package-level identifier of the whole client runtime, sorted. They are reserved in every output, whichever
// features it has, so that a name does not change when a feature joins. The list is the caller's.
func Identifiers() ([]string, error) {
	names, err := identifiers()
	return slices.Clone(names), err
}

// identifiers reads the runtime once: it is part of the program.
var identifiers = sync.OnceValues(func() ([]string, error) {
	sources, err := templates.Client()
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, s := range sources {
		f, err := parser.ParseFile(token.NewFileSet(), s.Name, s.Data, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("runtime file %s: %w", s.Name, err)
		}
		for _, d := range f.Decls {
			declared(d, names)
		}
	}
	out := make([]string, 0, len(names))
	for n := range names {
		out = append(out, n)
	}
	sort.Strings(out)
	return out, nil
})

func declared(d ast.Decl, names map[string]bool) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			names[d.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names[spec.Name.Name] = true
			case *ast.ValueSpec:
				for _, n := range spec.Names {
					names[n.Name] = true
				}
			}
		}
	}
}
