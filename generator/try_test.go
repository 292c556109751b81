package generator_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
)

func TestTry(t *testing.T) {
	files, _ := filepath.Glob("../testdata/specs/*.yaml")
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			data, _ := os.ReadFile(f)
			out, err := generator.Generate(context.Background(), generator.Options{Spec: generator.Input{Name: filepath.Base(f), Data: data}, Package: "api", Typecheck: true})
			if err != nil {
				t.Error(err)
			}
			for _, o := range out {
				p := filepath.Join("/tmp/shapes", filepath.Base(f), o.Path)
				os.MkdirAll(filepath.Dir(p), 0o755)
				os.WriteFile(p, o.Data, 0o644)
			}
		})
	}
}
