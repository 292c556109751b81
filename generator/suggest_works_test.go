package generator_test

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
)

// TestSuggestionsWork keeps the promise that a suggestion works at once when its conflict rule is filled in. The client of every
// description with a hidden token is made with its suggested overlay, and a program calls each helper while somebody else writes in
// between: one conflict, then success, two writes and two runs of the callback. The fakes are those that the sandbox serves.
func TestSuggestionsWork(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command over a module of its own")
	}
	files, err := filepath.Glob(filepath.Join(suggestDir, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), []byte("module suggested\n\ngo 1.24\n"))
	copyDir(t, "../testdata/suggest/program", dir)
	var imports, cases strings.Builder
	made := 0
	for _, file := range files {
		o := options(t, file)
		if len(wanted(o.Spec.Data, "want")) == 0 {
			continue
		}
		made++
		o = completed(t, o)
		o.Features = []generator.Feature{"client", "helpers"}
		out, err := generator.Generate(t.Context(), o)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, f := range out {
			write(t, filepath.Join(dir, o.Package, f.Path), f.Data)
		}
		sandbox, err := generator.NewSandbox(t.Context(), o, "", 0)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		server := httptest.NewServer(sandbox.Handler)
		defer server.Close()
		fmt.Fprintf(&imports, "\t%q\n", "suggested/"+o.Package)
		fmt.Fprintf(&cases, "\t{%q, %q, %q, func() (client, option, report any, err error) {\n\t\tr := &%[1]s.Report{}\n\t\tc, err := "+
			"%[1]s.NewClient(%[1]s.WithBaseURL(%[2]q))\n\t\treturn c, %[1]s.WithReport(r), r, err\n\t}},\n",
			o.Package, server.URL, sandbox.Sample)
	}
	if made < 25 {
		t.Fatalf("only %d descriptions", made)
	}
	write(t, filepath.Join(dir, "cases.go"), []byte("package main\n\nimport (\n"+imports.String()+")\n\nvar cases = []clientCase{\n"+
		cases.String()+"}\n"))
	run := exec.CommandContext(t.Context(), "go", "run", ".")
	run.Dir = dir
	run.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local")
	var text bytes.Buffer
	run.Stdout, run.Stderr = &text, &text
	if err := run.Run(); err != nil {
		t.Fatalf("%v\n%s", err, text.String())
	}
	if got := strings.Count(text.String(), "survived"); got != made {
		t.Errorf("%d of %d survived a conflict:\n%s", got, made, text.String())
	}
}
