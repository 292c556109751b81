package source_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

var update = flag.Bool("update", false, "rewrite the expectations, and fail")

// TestErrors compares every complaint about the corpus, whole texts and positions included.
func TestErrors(t *testing.T) {
	archives(t, "testdata/errors", func(t *testing.T, a *txtar.Archive) string {
		doc, err := load(t, a)
		var complaints diag.List
		complaints.Merge(err)
		if doc != nil {
			walk(doc.Root(), func(n source.Node) {
				_, err := n.Follow()
				complaints.Merge(err)
			})
		}
		if complaints.Len() == 0 {
			t.Fatal("there was no complaint")
		}
		return complaints.Err().Error() + "\n"
	})
}

// TestTrees compares the values and positions of whole descriptions, after overlays and conversion, and where references lead.
func TestTrees(t *testing.T) {
	archives(t, "testdata/trees", func(t *testing.T, a *txtar.Archive) string {
		doc, err := load(t, a)
		if err != nil {
			t.Fatal(err)
		}
		b := &strings.Builder{}
		fmt.Fprintf(b, "generation %s\n", doc.Generation())
		seen := map[source.Node]bool{}
		var show func(source.Node)
		show = func(n source.Node) {
			walk(n, func(n source.Node) {
				if doc.At(n.Pointer()) != n {
					t.Errorf("%q does not lead back", n.Pointer())
				}
				fmt.Fprintf(b, "%s\t%s\t%s\n", n.Pos(), n.Pointer(), value(t, n))
			})
			walk(n, func(n source.Node) {
				if !n.Get("$ref").IsString() {
					return
				}
				target, err := n.Follow()
				if err != nil {
					t.Error(err)
				} else if file, _, ok := strings.Cut(target.Pointer(), "#"); ok && !seen[target] {
					seen[target] = true
					fmt.Fprintf(b, "%s refers to %s\n", n.Pos(), file)
					show(target)
				}
			})
		}
		show(doc.Root())
		return b.String()
	})
}

// value gives a scalar or an empty collection as JSON, and for others only what they are.
func value(t *testing.T, n source.Node) string {
	if len(n.Members())+len(n.Items()) > 0 {
		return n.Kind().String()
	}
	j, err := n.JSON()
	if err != nil {
		t.Error(err)
	}
	return string(j)
}

// walk visits a node and everything in it.
func walk(n source.Node, visit func(source.Node)) {
	visit(n)
	for _, m := range n.Members() {
		walk(m.Value, visit)
	}
	for _, item := range n.Items() {
		walk(item, visit)
	}
}

// archives runs a test for each archive of a folder. The last file, want, is what got must give.
func archives(t *testing.T, folder string, got func(*testing.T, *txtar.Archive) string) {
	names, err := filepath.Glob(folder + "/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no archives in %s: %v", folder, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := &a.Files[len(a.Files)-1]
			if want.Name != "want" {
				t.Fatal("the last file must be want")
			}
			have := got(t, a)
			if have == string(want.Data) {
				return
			}
			t.Errorf("got:\n%swant:\n%s", have, want.Data)
			if *update {
				want.Data = []byte(have)
				if err := os.WriteFile(name, txtar.Format(a), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// load loads the first file of an archive as a description and those called overlay… as overlays on it.
func load(t *testing.T, a *txtar.Archive) (*source.Document, error) {
	root := t.TempDir()
	inputs := []source.Input{}
	for i, f := range a.Files[:len(a.Files)-1] {
		name := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
		if i == 0 || strings.HasPrefix(f.Name, "overlay") {
			inputs = append(inputs, source.Input{Name: f.Name, Data: f.Data, Root: root})
		}
	}
	inputs[0].Name = "spec/" + inputs[0].Name
	return source.Load(context.Background(), inputs[0], inputs[1:], source.Limits{})
}
