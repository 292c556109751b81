package generator_test

import (
	"bytes"
	"os"
	"regexp"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
	"github.com/contactsgen/contactsgen/spec"
)

// A client that was generated with webhooks accepts what another library of tokens accepts, refuses what it refuses, and understands its
// fake. The tests are put into a module that knows that library and nothing else.
func TestWebhooks(t *testing.T) {
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
	m := generator.NewModule(t, "../testdata", "try")
	m.Put(t, "go.mod", []byte("module try\n\ngo 1.24\n\nrequire "+string(library)+"\n"))
	m.Put(t, "go.sum", sums)
	standard, err := os.ReadFile("../testdata/webhooks/notices.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const byHMAC = `algorithm: HMAC-SHA256
  headers: {timestamp: X-Sent, signature: X-Signature}
  prefix: v0=
  signed: 'v0:{timestamp}:{body}'`
	for name, doc := range map[string][]byte{
		"contacts": spec.Contacts, "notices": standard,
		"hooks": bytes.Replace(standard, []byte("algorithm: standard-webhooks"), []byte(byHMAC), 1),
	} {
		files, err := generator.Generate(t.Context(), generator.Options{
			Spec: generator.Input{Name: name + ".yaml", Data: doc}, Package: name, Features: []generator.Feature{"helpers", "fake", "webhooks"},
		})
		if err != nil {
			t.Fatal(err)
		}
		m.PutAll(t, name, files)
	}
	if out, err := m.Vet(t, "webhooks"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := m.Go(t, nil, "test", "-count=1", "-vet=off", generator.Quickly, "./webhooks"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
