package generator_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
)

// Descriptions for tests, and what their clients have to do.
const (
	specsDir  = "../testdata/specs"
	shapesDir = "../testdata/shapes"
	codecTest = "../testdata/shapes/codec_test.go" // knows no type by name, so it holds every client's codec against encoding/json
)

// own is the description that the generator comes with. Its client of the default features is under generated/; here it has all of them.
const own = "contacts"

// allFeatures are those of the default and those on request.
func allFeatures() []generator.Feature {
	return slices.Concat(generator.DefaultFeatures(), generator.OptInFeatures())
}

// generateSpec generates the client of a description in a package of its name, with every feature.
func generateSpec(t *testing.T, name string) []generator.File {
	t.Helper()
	file := filepath.Join(specsDir, name+".yaml")
	if name == own {
		file = filepath.Join("..", "spec", name+".yaml")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	files, err := generator.Generate(context.Background(), generator.Options{
		Spec: generator.Input{Name: file, Data: data}, Package: name, Features: allFeatures(),
	})
	if err != nil {
		t.Fatalf("%s:\n%v", name, err)
	}
	return files
}

// shapes lists the descriptions that have behaviour to test: one folder each.
func shapes(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(shapesDir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && e.Name() != "script" {
			names = append(names, e.Name())
		}
	}
	return names
}

// TestShapes keeps the promise that generated code stands alone and gets every token shape right. It puts the client of each
// description, made anew, into a module that depends on nothing, beside the tests that say what it has to send and how its types are
// written, and has the go command vet and test them all at once.
func TestShapes(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command over a module of its own")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), []byte("module shapes\n\ngo 1.24\n"))
	copyDir(t, filepath.Join(shapesDir, "script"), filepath.Join(dir, "script"))
	codec, err := os.ReadFile(codecTest)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(shapes(t), "values") {
		files := generateSpec(t, name)
		for _, f := range files {
			write(t, filepath.Join(dir, name, filepath.FromSlash(f.Path)), f.Data)
		}
		copyDir(t, filepath.Join(shapesDir, name), filepath.Join(dir, name))
		if writes := func(f generator.File) bool {
			return bytes.Contains(f.Data, []byte("\nfunc writeDocument("))
		}; slices.ContainsFunc(files, writes) {
			_, rest, _ := bytes.Cut(codec, []byte("\n"))
			write(t, filepath.Join(dir, name, filepath.Base(codecTest)), append([]byte("package "+name+"\n"), rest...))
		}
	}
	run := exec.CommandContext(t.Context(), "go", "test", "./...")
	run.Dir = dir
	run.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local")
	var out bytes.Buffer
	run.Stdout, run.Stderr = &out, &out
	if err := run.Run(); err != nil {
		t.Fatalf("%v\n%s", err, strings.ReplaceAll(out.String(), dir, ""))
	}
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// copyDir copies the files of a folder.
func copyDir(t *testing.T, from, to string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(from, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(to, filepath.Base(f)), data)
	}
}
