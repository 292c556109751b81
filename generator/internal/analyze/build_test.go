package analyze_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/contactsgen/contactsgen/generator/internal/analyze"
	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

var update = flag.Bool("update", false, "rewrite what the cases want; the run fails all the same, so that nobody forgets to read it")

// reserved stands for the identifiers of the runtimes.
var reserved = []string{"APIError", "Client", "NewClient", "Timestamp", "Ptr", "WithTimeout", "WithHeader", "call", "body", "param",
	"snapshot", "Report"}

// build builds a description with every option the case asks for.
func build(t testing.TB, name string, data []byte, o analyze.Options) (*api.API, error) {
	t.Helper()
	doc, err := source.Load(context.Background(), source.Input{Name: name, Data: data}, nil, source.Limits{})
	if err != nil {
		return nil, err
	}
	o.Package, o.Reserved, o.Packs = "try", reserved, []string{"contacts", "people"}
	o.Suggest = true
	return analyze.Build(doc, o)
}

// TestBuild decides each description in testdata/build as the model beside it says.
func TestBuild(t *testing.T) {
	each(t, "testdata/build", func(t *testing.T, in []byte, o analyze.Options) string {
		a, err := build(t, "openapi.yaml", in, o)
		if err != nil {
			t.Fatal(err)
		}
		return dump(a)
	})
}

// TestComplaints refuses each description in testdata/errors with exactly the complaints beside it.
func TestComplaints(t *testing.T) {
	each(t, "testdata/errors", func(t *testing.T, in []byte, o analyze.Options) string {
		_, err := build(t, "openapi.yaml", in, o)
		if err == nil {
			t.Fatal("no complaint")
		}
		return err.Error() + "\n"
	})
}

// each runs the cases of a folder: openapi.yaml gives want. The line "skip unsupported" in a case's comment sets that option.
func each(t *testing.T, dir string, run func(t *testing.T, in []byte, o analyze.Options) string) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in %s: %v", dir, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			o := analyze.Options{SkipUnsupported: strings.Contains(string(ar.Comment), "skip unsupported")}
			compare(t, file, ar, run(t, part(ar, "openapi.yaml"), o))
		})
	}
}

// part gives a file of an archive.
func part(ar *txtar.Archive, name string) []byte {
	for _, f := range ar.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// compare compares what came with what the case wants.
func compare(t *testing.T, file string, ar *txtar.Archive, got string) {
	t.Helper()
	want := string(part(ar, "want"))
	if got == want {
		return
	}
	if *update {
		kept := ar.Files[:0:0]
		for _, f := range ar.Files {
			if f.Name != "want" {
				kept = append(kept, f)
			}
		}
		ar.Files = append(kept, txtar.File{Name: "want", Data: []byte(got)})
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Fatal("rewritten: read it")
	}
	t.Errorf("got\n%s\nwant\n%s%s", got, want, firstDifference(got, want))
}

// firstDifference names the first line in which two texts differ.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "\nfirst difference:\n- " + w[i] + "\n+ " + g[i]
		}
	}
	return "\none is longer"
}
