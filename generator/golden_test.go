package generator_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden files, and fail where that changed one")

// TestGolden shows what is printed for every token shape: the trait, the helpers, the plain methods and the forms with files. The goldens
// compile: TestShapes builds the same files.
func TestGolden(t *testing.T) {
	for _, name := range shapes(t) {
		if name == own {
			continue // generated/ shows it
		}
		t.Run(name, func(t *testing.T) {
			got := &txtar.Archive{Comment: []byte("Printed for testdata/specs/" + name + ".yaml.\n")}
			for _, f := range generateSpec(t, name) {
				if strings.HasSuffix(f.Path, "_service.gen.go") || f.Path == "webhooks.gen.go" {
					got.Files = append(got.Files, txtar.File{Name: f.Path, Data: f.Data})
				}
			}
			file := filepath.Join("..", "testdata", "golden", name+".txtar")
			want, err := os.ReadFile(file)
			if err != nil && !*update {
				t.Fatal(err)
			}
			if bytes.Equal(txtar.Format(got), want) {
				return
			}
			if !*update {
				t.Errorf("%s is not what is printed: run the test with -update, and read what changes", file)
				return
			}
			write(t, file, txtar.Format(got))
			t.Errorf("%s has changed: read it", file)
		})
	}
}
