package contacts_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestManualLinksEveryHelper keeps the promise that the package comment is a manual: whoever opens it finds every helper.
func TestManualLinksEveryHelper(t *testing.T) {
	names, err := filepath.Glob(clientDir + "/*.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	var manual string
	var helpers []string
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if file.Doc != nil {
			manual += file.Doc.Text()
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || !f.Name.IsExported() {
				continue
			}
			star, ok := f.Recv.List[0].Type.(*ast.StarExpr)
			if !ok {
				continue
			}
			on, name := star.X.(*ast.Ident), f.Name.Name
			isHelper := strings.HasPrefix(name, "Force") || strings.HasSuffix(name, "WithRetry") || strings.HasSuffix(name, "From") ||
				strings.HasSuffix(name, "All") || strings.HasSuffix(name, "Wait")
			if isHelper && strings.HasSuffix(on.Name, "Service") {
				helpers = append(helpers, on.Name+"."+name)
			}
		}
	}
	if len(helpers) < 10 {
		t.Fatalf("only %q were found", helpers)
	}
	for _, name := range helpers {
		if !strings.Contains(strings.Join(strings.Fields(manual), " "), "["+name+"]") {
			t.Errorf("the package comment does not link %s", name)
		}
	}
}
