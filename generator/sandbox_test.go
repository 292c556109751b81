package generator_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
	"github.com/contactsgen/contactsgen/spec"
)

func get(t *testing.T, s *generator.Sandbox, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.Host = "127.0.0.1:8484"
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	return w
}

// A sandbox of any description begins with something that can be read.
func TestSandboxIsSeeded(t *testing.T) {
	names, err := filepath.Glob("../testdata/specs/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no descriptions", err)
	}
	inputs := []generator.Input{{Name: spec.Name, Data: spec.Contacts}}
	for _, name := range names {
		in, err := generator.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		inputs = append(inputs, in)
	}
	sampled := 0
	for _, in := range inputs {
		s, err := generator.NewSandbox(t.Context(), generator.Options{Spec: in, Package: "sandbox"}, "", 0)
		if err != nil {
			t.Errorf("%s: %v", in.Name, err)
			continue
		}
		if s.Sample != "" {
			sampled++
			if w := get(t, s, s.Sample); w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "{") {
				t.Errorf("%s: GET %s: %d %s", in.Name, s.Sample, w.Code, w.Body)
			}
		}
		if w := get(t, s, "/"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<!doctype html>") {
			t.Errorf("%s: the page: %d", in.Name, w.Code)
		}
	}
	if sampled < len(inputs)/2 {
		t.Errorf("%d of %d have a sample", sampled, len(inputs))
	}
}

// The embedded description's own example is what its sandbox begins with, revision and all.
func TestSandboxBeginsWithTheExample(t *testing.T) {
	s, err := generator.NewSandbox(t.Context(), generator.Options{Spec: generator.Input{Name: spec.Name, Data: spec.Contacts},
		Package: "sandbox"}, "throttle=7", 0)
	if err != nil {
		t.Fatal(err)
	}
	if w := get(t, s, s.Sample); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "7" {
		t.Errorf("the fault: %d %v", w.Code, w.Header())
	}
	if w := get(t, s, s.Sample); s.Operations != 34 || !strings.Contains(w.Body.String(), `"revision":7`) ||
		!strings.Contains(w.Body.String(), "custom.regular-guest") {
		t.Errorf("%d operations, GET %s: %d %s", s.Operations, s.Sample, w.Code, w.Body)
	}
}

// A seed makes a sandbox repeatable: the same one makes the same of the same calls, another one other ids.
func TestSandboxRepeatsItself(t *testing.T) {
	makeTwo := func(seed uint64) string {
		s, err := generator.NewSandbox(t.Context(), generator.Options{Spec: generator.Input{Name: spec.Name, Data: spec.Contacts},
			Package: "sandbox"}, "", seed)
		if err != nil {
			t.Fatal(err)
		}
		made := ""
		for range 2 {
			body := strings.NewReader(`{"info":{"name":{"first":"Ada"}},"allowDuplicates":true}`)
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/contacts/v4/contacts", body)
			r.Host = "127.0.0.1:8484"
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "test")
			w := httptest.NewRecorder()
			s.Handler.ServeHTTP(w, r)
			_, rest, ok := strings.Cut(w.Body.String(), `"id":"`)
			id, _, _ := strings.Cut(rest, `"`)
			if w.Code != http.StatusOK || !ok {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			made += id + " "
		}
		return made
	}
	first, again, other := makeTwo(7), makeTwo(7), makeTwo(8)
	if first != again || first == other {
		t.Errorf("seed 7 makes %s and %s, seed 8 %s", first, again, other)
	}
}
