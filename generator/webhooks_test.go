package generator_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
	"github.com/contactsgen/contactsgen/spec"
)

// A client that was generated with webhooks accepts what another library of tokens accepts, refuses what it refuses, and understands its
// fake. The tests are put into a module that knows that library and nothing else.
func TestWebhooks(t *testing.T) {
	dir := t.TempDir()
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	library := regexp.MustCompile(`github\.com/golang-jwt/jwt/v5 v\S+`).Find(mod)
	if library == nil {
		t.Fatal("go.mod has no library of tokens")
	}
	sums, err := os.ReadFile("../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.mod"), []byte("module try\n\ngo 1.24\n\nrequire "+string(library)+"\n"))
	write(t, filepath.Join(dir, "go.sum"), sums)
	standard, err := os.ReadFile("../testdata/webhooks/notices.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const byHMAC = `algorithm: HMAC-SHA256
  headers: {timestamp: X-Sent, signature: X-Signature}
  prefix: v0=
  signed: 'v0:{timestamp}:{body}'`
	for name, doc := range map[string][]byte{
		"contacts": spec.Contacts, "notices": standard, "hooks": bytes.Replace(standard, []byte("algorithm: standard-webhooks"), []byte(byHMAC), 1),
	} {
		files, err := generator.Generate(t.Context(), generator.Options{
			Spec: generator.Input{Name: name + ".yaml", Data: doc}, Package: name, Features: []generator.Feature{"helpers", "fake", "webhooks"},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			write(t, filepath.Join(dir, name, filepath.FromSlash(f.Path)), f.Data)
		}
	}
	copyDir(t, "../testdata/webhooks", filepath.Join(dir, "webhooks"))
	run := exec.CommandContext(t.Context(), "go", "test", "./webhooks")
	run.Dir = dir
	run.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local")
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, strings.ReplaceAll(string(out), dir, ""))
	}
}
