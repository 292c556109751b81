package generator

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Module is a module of generated code that needs nothing but the standard library, unless its go.mod says otherwise. Its root is a folder
// of testdata that has no go.mod: the go command finds what was generated beside what stands there, by an overlay. Nothing is copied, and
// what does not change is compiled once, not in every run: the go command takes the same code in another folder for new.
type Module struct {
	root  string
	files map[string]string // where the go command finds a file, and where it is
	made  string            // the folder of those that were generated
}

// NewModule makes a module of a folder, which can be anywhere below testdata.
func NewModule(t *testing.T, root, name string) *Module {
	t.Helper()
	root, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	m := &Module{root: root, files: map[string]string{}, made: t.TempDir()}
	m.Put(t, "go.mod", []byte("module "+name+"\n\ngo 1.24\n"))
	return m
}

// Put adds a file to the module, or replaces one.
func (m *Module) Put(t *testing.T, name string, data []byte) {
	t.Helper()
	name = filepath.FromSlash(name)
	put(t, filepath.Join(m.made, name), string(data))
	m.files[filepath.Join(m.root, name)] = filepath.Join(m.made, name)
}

// PutAll adds generated files in a folder of the module.
func (m *Module) PutAll(t *testing.T, folder string, files []File) {
	t.Helper()
	for _, f := range files {
		m.Put(t, filepath.Join(folder, f.Path), f.Data)
	}
}

// Lend adds the Go files of a folder that is elsewhere.
func (m *Module) Lend(t *testing.T, folder, from string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(from, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there is no Go in %s: %v", from, err)
	}
	for _, f := range files {
		if f, err = filepath.Abs(f); err != nil {
			t.Fatal(err)
		}
		m.files[filepath.Join(m.root, filepath.FromSlash(folder), filepath.Base(f))] = f
	}
}

// Quickly has the go command compile generated code in two thirds of the time; what is linked for a test has no debug information anyway.
const Quickly = "-gcflags=./...=-N -l -dwarf=false"

// Go runs the go command in the module and gives what it printed, without the folders' names. The first argument is its command, which gets
// the overlay; more is what to add to the environment.
func (m *Module) Go(t *testing.T, more []string, command string, args ...string) (string, error) {
	t.Helper()
	list, err := json.Marshal(map[string]any{"Replace": m.files})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	put(t, overlay, string(list))
	return m.run(t, m.root, more, append([]string{command, "-overlay=" + overlay}, args...)...)
}

// Vet has the go command check all that was put into the module, and the Go files that stand in some of its folders. It looks at types
// alone, which takes a fraction of compiling; but it wants folders that exist, so this is done on copies.
func (m *Module) Vet(t *testing.T, standing ...string) (string, error) {
	t.Helper()
	for _, folder := range standing {
		m.Lend(t, folder, filepath.Join(m.root, filepath.FromSlash(folder)))
	}
	for name, file := range m.files {
		copied := filepath.Join(m.made, strings.TrimPrefix(name, m.root))
		if file == copied {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		put(t, copied, string(data))
	}
	return m.run(t, m.made, nil, "vet", "./...")
}

func (m *Module) run(t *testing.T, dir string, more []string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local"), more...)
	out, err := cmd.CombinedOutput()
	return strings.NewReplacer(m.made, "", m.root, "").Replace(string(out)), err
}
