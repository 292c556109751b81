package client

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"strings"
	"testing"
)

// The states of a guarded write, as functions. Each is a sentence of the law.
var engineStates = map[string]string{
	"stateStart": "S0", "stateRead": "S1", "stateRefill": "S1'", "stateMutate": "S2", "stateWrite": "S3", "stateConflict": "S4",
	"stateWait": "S5", "stateOwnWrite": "S6", "exhausted": "S7",
}

// The engine can be read: no function is longer than 60 lines, and each state is a function that says which one it is.
func TestTheEngineCanBeRead(t *testing.T) {
	const most = 60
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	found, longest, where := map[string]string{}, 0, ""
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		files := gotoken.NewFileSet()
		f, err := parser.ParseFile(files, e.Name(), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := files.Position(fn.End()).Line - files.Position(fn.Pos()).Line + 1
			if lines > longest {
				longest, where = lines, e.Name()+": "+fn.Name.Name
			}
			if lines > most {
				t.Errorf("%s: %s has %d lines", e.Name(), fn.Name.Name, lines)
			}
			if strings.HasPrefix(e.Name(), "update") {
				found[fn.Name.Name] = fn.Doc.Text()
			}
		}
	}
	for name, state := range engineStates {
		if !strings.HasPrefix(found[name], name+" ("+state+") ") {
			t.Errorf("%s does not say that it is %s: %q", name, state, found[name])
		}
	}
	for name := range found {
		if _, known := engineStates[name]; strings.HasPrefix(name, "state") && !known {
			t.Errorf("%s is none of the states", name)
		}
	}
	t.Logf("the longest function has %d lines: %s", longest, where)
}
