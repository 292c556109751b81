package generator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
)

// TestConformanceOfMembers keeps the promises about many writes in one request, seen from outside: the cases of an API that has such
// are played on its generated client, which the go command finds beside the test that plays them.
func TestConformanceOfMembers(t *testing.T) {
	home, err := filepath.Abs(filepath.Join("..", "testdata", "conformance", "members"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-v", overlayFlag(t, home, membersByFive(t)), ".")
	cmd.Dir = home
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%d cases are played", strings.Count(string(out), "\n    --- PASS: TestConformance/"))
}

// overlayFlag has the go command find generated files in a folder, those of the fake apart: it gives the argument that says so.
func overlayFlag(t *testing.T, home string, files []generator.File) string {
	t.Helper()
	dir := t.TempDir()
	var overlay struct{ Replace map[string]string }
	overlay.Replace = map[string]string{}
	for _, f := range files {
		if strings.Contains(f.Path, "/") {
			continue // the fake
		}
		made := filepath.Join(dir, f.Path)
		write(t, made, f.Data)
		overlay.Replace[filepath.Join(home, f.Path)] = made
	}
	data, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	write(t, file, data)
	return "-overlay=" + file
}

// membersByFive generates the client of that API with room for five items in a request, as the cases have it.
func membersByFive(t *testing.T) []generator.File {
	t.Helper()
	file := filepath.Join(specsDir, "members.yaml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data = bytes.Replace(data, []byte("maxItems: 100"), []byte("maxItems: 5"), 1)
	files, err := generator.Generate(context.Background(), generator.Options{
		Spec: generator.Input{Name: file, Data: data}, Package: "members", Features: []generator.Feature{"bulk"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
