// Package typecheck tells tests what compiles against a generated client, and what does not.
package typecheck

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/packages"
)

// Checker checks pieces of Go that use some packages.
type Checker struct {
	packages map[string]*types.Package
	imports  string
}

// New makes what checks pieces of Go that use the packages with these paths.
func New(t *testing.T, paths ...string) *Checker {
	t.Helper()
	loaded, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	c := &Checker{packages: map[string]*types.Package{}}
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			t.Fatal(p.Errors)
		}
		c.packages[p.PkgPath] = p.Types
		c.imports += fmt.Sprintf("import %q\n", p.PkgPath)
	}
	return c
}

// Import gives one of the packages.
func (c *Checker) Import(path string) (*types.Package, error) {
	if p := c.packages[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("the checker was not made for %s", path)
}

// Error says why an expression does not compile; nil: it does. Variables are declarations of what it uses, such as "c *contacts.Client".
func (c *Checker) Error(t *testing.T, variables, expression string) error {
	t.Helper()
	fset := token.NewFileSet()
	source := "package p\n" + c.imports + "func f(" + variables + ") {\n\tuse(" + expression + ")\n}\nfunc use(...any) {}\n"
	file, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	var first error
	config := types.Config{Importer: c, Error: func(err error) {
		if failure, ok := err.(types.Error); ok && failure.Soft { //nolint:errorlint // as the type checker hands it over
			return // an import that this expression does not use
		}
		if first == nil {
			first = err
		}
	}}
	_, err = config.Check("p", fset, []*ast.File{file}, nil)
	if first == nil && err != nil {
		return nil //nolint:nilerr // unused imports
	}
	return first
}
