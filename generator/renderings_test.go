package generator_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
)

// TestRenderings keeps the promise that it does not matter in which OpenAPI a description is written: 3.0 and 3.1 renderings of one give
// the same Go.
func TestRenderings(t *testing.T) {
	var first []generator.File
	for _, name := range []string{"library", "library-3.1"} {
		file := filepath.Join(specsDir, name+".yaml")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		files, err := generator.Generate(context.Background(), generator.Options{Spec: generator.Input{Name: file, Data: data},
			Package: "library"})
		if err != nil {
			t.Fatalf("%s:\n%v", name, err)
		}
		if first == nil {
			first = files
			continue
		}
		if len(files) != len(first) {
			t.Fatalf("%s gives %d files, want %d", name, len(files), len(first))
		}
		for i, f := range files {
			if f.Path != first[i].Path || !bytes.Equal(f.Data, first[i].Data) {
				t.Errorf("%s gives another %s than %s", name, f.Path, first[i].Path)
			}
		}
	}
}
