package generator_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	m := generator.NewModule(t, shapesDir, "shapes")
	codec, err := os.ReadFile(codecTest)
	if err != nil {
		t.Fatal(err)
	}
	const folderless = "values" // has no tests of its own
	tested := []string{"-count=1", "-vet=off", generator.Quickly}
	for _, name := range append(shapes(t), folderless) {
		files := generateSpec(t, name)
		m.PutAll(t, name, files)
		if name != folderless {
			tested = append(tested, "./"+name)
		}
		if writes := func(f generator.File) bool {
			return bytes.Contains(f.Data, []byte("\nfunc writeDocument("))
		}; slices.ContainsFunc(files, writes) {
			_, rest, _ := bytes.Cut(codec, []byte("\n"))
			m.Put(t, name+"/"+filepath.Base(codecTest), append([]byte("package "+name+"\n"), rest...))
		}
	}
	if out, err := m.Vet(t, append(shapes(t), "script")...); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := m.Go(t, nil, "test", tested...); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	program := filepath.Join(t.TempDir(), "values.test") // the go command would run it in its folder
	if out, err := m.Go(t, nil, "test", "-c", "-o", program, "-vet=off", generator.Quickly, "./"+folderless); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := exec.CommandContext(t.Context(), program).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", folderless, err, out)
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
