package emit_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/contactsgen/contactsgen/generator/internal/analyze"
	"github.com/contactsgen/contactsgen/generator/internal/emit"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

var update = flag.Bool("update", false, "rewrite what the cases want; the run fails all the same, so that nobody forgets to read it")

// What is printed of a fake follows from the description alone, down to the last byte.
func TestFakeIsPrintedAsWrittenDown(t *testing.T) {
	files, err := filepath.Glob("testdata/fake/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(ar.Files) == 0 || ar.Files[0].Name != "openapi.yaml" {
				t.Fatal("the case does not begin with openapi.yaml")
			}
			got := append(ar.Files[:1:1], printed(t, ar.Files[0].Data)...)
			if same(got, ar.Files) {
				return
			}
			if *update {
				ar.Files = got
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				t.Fatal("rewritten: read it")
			}
			t.Errorf("got\n%s\nwant\n%s", txtar.Format(&txtar.Archive{Files: got[1:]}), txtar.Format(&txtar.Archive{Files: ar.Files[1:]}))
		})
	}
}

// printed gives the files that are printed of a description.
func printed(t *testing.T, description []byte) []txtar.File {
	t.Helper()
	doc, err := source.Load(t.Context(), source.Input{Name: "openapi.yaml", Data: description}, nil, source.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	a, err := analyze.Build(doc, analyze.Options{Package: "try"})
	if err != nil {
		t.Fatal(err)
	}
	files, err := emit.Fake(a, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []txtar.File
	for _, f := range files {
		out = append(out, txtar.File{Name: f.Name + ".go", Data: f.Data})
	}
	return out
}

func same(a, b []txtar.File) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || string(a[i].Data) != string(b[i].Data) {
			return false
		}
	}
	return true
}
