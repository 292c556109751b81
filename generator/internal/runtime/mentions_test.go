package runtime

import (
	"go/ast"
	"go/types"
	"slices"
	"testing"

	"golang.org/x/tools/go/packages"
)

// TestMentionsMissNothing keeps the promise that nothing is left out which something needs: whatever the type checker takes for a reference
// to the runtime's own declarations is a mention, in every declaration of both runtimes.
func TestMentionsMissNothing(t *testing.T) {
	config := &packages.Config{
		Mode: packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedFiles,
		Dir:  "../../../templates",
	}
	pkgs, err := packages.Load(config, "./client", "./fake")
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range pkgs {
		if len(pkg.Errors) > 0 {
			t.Fatal(pkg.Errors)
		}
		checked := 0
		for _, file := range pkg.Syntax {
			for _, d := range file.Decls {
				checked += missing(t, pkg, d)
			}
		}
		if checked == 0 {
			t.Errorf("%s: no reference was checked", pkg.Name)
		}
		t.Logf("%s: %d references", pkg.Name, checked)
	}
}

// missing reports the references in a declaration that are no mention, and counts all.
func missing(t *testing.T, pkg *packages.Package, d ast.Decl) (checked int) {
	t.Helper()
	refers := newMentions().of(d)
	ast.Inspect(d, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		obj := pkg.TypesInfo.Uses[id]
		if obj == nil || obj.Pkg() != pkg.Types {
			return true
		}
		known := refers.plain
		if f, isFunc := obj.(*types.Func); isFunc && f.Signature().Recv() != nil {
			known = refers.selected
		} else if obj.Parent() != pkg.Types.Scope() {
			return true
		}
		checked++
		if !id.IsExported() && !slices.Contains(known, id.Name) {
			t.Errorf("%s: %s is not seen", pkg.Fset.Position(id.Pos()), id.Name)
		}
		return true
	})
	return checked
}
