package source_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// FuzzLoad loads anything: it never panics, ends, keeps to the limits, and complains with a position that is in the file.
func FuzzLoad(f *testing.F) {
	for _, folder := range []string{"testdata/errors", "testdata/trees"} {
		names, err := filepath.Glob(folder + "/*.txtar")
		if err != nil || len(names) == 0 {
			f.Fatalf("no archives in %s: %v", folder, err)
		}
		for _, name := range names {
			a, err := txtar.ParseFile(name)
			if err != nil {
				f.Fatal(err)
			}
			overlay := []byte(nil)
			if strings.HasPrefix(a.Files[1].Name, "overlay") {
				overlay = a.Files[1].Data
			}
			f.Add(a.Files[0].Data, overlay)
		}
	}
	limits := source.Limits{Bytes: 1 << 16, Depth: 50, Nodes: 5000, NameLength: 100, Aliases: 1000}
	f.Fuzz(func(t *testing.T, description, overlay []byte) {
		files := map[string][]byte{"a.yaml": description, "overlay.yaml": overlay}
		var overlays []source.Input
		if len(overlay) > 0 {
			overlays = append(overlays, source.Input{Name: "overlay.yaml", Data: overlay})
		}
		doc, err := source.Load(context.Background(), source.Input{Name: "a.yaml", Data: description}, overlays, limits)
		if err != nil {
			checkComplaints(t, files, err)
			return
		}
		nodes := 0
		walk(doc.Root(), func(n source.Node) {
			nodes++
			checkPosition(t, files, n.Pos())
			checkPosition(t, files, n.KeyPos())
			if doc.At(n.Pointer()) != n {
				t.Fatalf("%q does not lead back", n.Pointer())
			}
			if target, err := n.Follow(); err != nil {
				checkComplaints(t, files, err)
			} else if target.IsZero() {
				t.Fatalf("%q leads to nothing", n.Pointer())
			}
			if i, ok := n.Int(); ok && n.Kind() != source.Scalar {
				t.Fatalf("%q is the number %d", n.Pointer(), i)
			}
		})
		// What conversion and overlays make besides copies of nodes is at most a few for each.
		if nodes > 10*limits.Nodes {
			t.Fatalf("%d nodes", nodes)
		}
		if _, err := doc.Root().JSON(); err != nil {
			checkComplaints(t, files, err)
		}
	})
}

func checkComplaints(t *testing.T, files map[string][]byte, err error) {
	t.Helper()
	var list *diag.Error
	if !errors.As(err, &list) || len(list.Problems) == 0 {
		t.Fatalf("not a list of complaints: %v", err)
	}
	for _, p := range list.Problems {
		checkPosition(t, files, p.Pos)
		if p.Message == "" || strings.ContainsAny(p.Message+p.Help, "\n\r\x1b\x00\u202e") {
			t.Fatalf("the complaint %q, %q can move the cursor", p.Message, p.Help)
		}
	}
}

func checkPosition(t *testing.T, files map[string][]byte, p diag.Position) {
	t.Helper()
	data, ok := files[p.File]
	if !ok || p.Line < 1 || p.Column < 1 || p.Line > len(data)+1 || p.Column > len(data)+1 {
		t.Fatalf("there is no %#v", p)
	}
}
