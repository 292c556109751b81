// Package stamp copies the runtime into an output: the embedded Go files of the features that a model asks for, with their package
// clause rewritten and what nothing refers to left out.
package stamp

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"sort"
	"sync"

	"github.com/contactsgen/contactsgen/generator/internal/model"
	"github.com/contactsgen/contactsgen/generator/internal/output"
	"github.com/contactsgen/contactsgen/generator/internal/parallel"
	"github.com/contactsgen/contactsgen/templates"
)

// syntax is one runtime file, parsed. It is never changed.
type syntax struct {
	templates.Source
	fset *token.FileSet
	file *ast.File
}

// client is the whole runtime of clients, parsed once: names are reserved from it, and it is stamped from it.
var client = sync.OnceValues(func() ([]*syntax, error) {
	sources, err := templates.Client()
	if err != nil {
		return nil, err
	}
	return parallel.Map(sources, parse)
})

func parse(s templates.Source) (*syntax, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, s.Name, s.Data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("runtime file %s: %w", s.Name, err)
	}
	return &syntax{s, fset, f}, nil
}

// offset is where in the file a place is.
func (s *syntax) offset(p token.Pos) int { return s.fset.PositionFor(p, false).Offset }

// Client gives the files of the client runtime that the API needs, in order of name. What neither the printed files nor the
// runtime's own exported names lead to is left out.
func Client(api *model.API, printed [][]byte) ([]output.File, error) {
	files, err := client()
	if err != nil {
		return nil, err
	}
	return prune(wanted(files, api.Features), "", api.Package, printed)
}

// Fake gives the files of the fake's runtime, with the pack that the API asks for, in the folder that is called like the package. What neither the
// printed files nor its own exported names lead to is left out.
func Fake(api *model.API, pkg string, printed [][]byte) ([]output.File, error) {
	sources, err := templates.Fake(api.FakePack)
	if err != nil {
		return nil, err
	}
	files, err := parallel.Map(sources, parse)
	if err != nil {
		return nil, err
	}
	return prune(wanted(files, api.Features), pkg, pkg, printed)
}

// wanted are the files of the core and of the features that an output has.
func wanted(files []*syntax, has model.Features) []*syntax {
	return slices.DeleteFunc(slices.Clone(files), func(s *syntax) bool {
		return s.Feature != templates.Core && !has[model.Feature(s.Feature)]
	})
}

// Identifiers gives every package-level identifier of the whole client runtime, sorted. They are reserved in every output, whichever
// features it has, so that a name does not change when a feature joins. The list is the caller's.
func Identifiers() ([]string, error) {
	names, err := identifiers()
	return slices.Clone(names), err
}

// identifiers looks through the runtime once: it is part of the program.
var identifiers = sync.OnceValues(func() ([]string, error) {
	files, err := client()
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, s := range files {
		for _, d := range s.file.Decls {
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
