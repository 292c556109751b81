package generator_test

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/contactsgen/contactsgen/generator"
)

// wireDir has a folder for each kind of thing that goes over the wire: a description, and tests of its client that say what.
const wireDir = "../testdata/wire"

// TestWire keeps the promise that what a client sends is what its description says. The tests of each folder compare requests word for
// word with what a person wrote down; and every request they make is held against the description by a reader of OpenAPI that shares no
// code with the generator.
func TestWire(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command over a module of its own")
	}
	m, sent := generator.NewModule(t, wireDir, "shapes"), t.TempDir()
	m.Lend(t, "script", filepath.Join(shapesDir, "script"))
	specs, err := filepath.Glob(filepath.Join(wireDir, "*", "openapi.yaml"))
	if err != nil || len(specs) == 0 {
		t.Fatal("there are no descriptions", err)
	}
	var names, tested []string
	for _, spec := range specs {
		name := filepath.Base(filepath.Dir(spec))
		m.PutAll(t, name, wireClient(t, spec, name))
		names, tested = append(names, name), append(tested, "./"+name)
	}
	if out, err := m.Vet(t, names...); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	tested = append([]string{"-count=1", "-vet=off", generator.Quickly}, tested...)
	if out, err := m.Go(t, []string{"SCRIPT_REQUESTS=" + sent}, "test", tested...); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	for _, spec := range specs {
		judgeRequests(t, spec, sent)
	}
}

// wireClient generates the client of a description with the default features but for the fake.
func wireClient(t *testing.T, spec, name string) []generator.File {
	t.Helper()
	data, err := os.ReadFile(spec)
	if err != nil {
		t.Fatal(err)
	}
	files, err := generator.Generate(context.Background(), generator.Options{
		Spec: generator.Input{Name: spec, Data: data}, Package: name, Features: []generator.Feature{"client", "helpers", "codec"},
	})
	if err != nil {
		t.Fatalf("%s:\n%v", name, err)
	}
	return files
}

// judgeRequests has kin-openapi hold what was sent against the description.
func judgeRequests(t *testing.T, spec, sent string) {
	t.Helper()
	name := filepath.Base(filepath.Dir(spec))
	doc, err := openapi3.NewLoader().LoadFromFile(spec)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = nil // requests went to the script's server
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	requests, err := filepath.Glob(filepath.Join(sent, name+"-*"))
	if err != nil || len(requests) == 0 {
		t.Errorf("%s: nothing was sent: %v", name, err)
	}
	judged := 0
	for _, file := range requests {
		if judge(t, name, router, file) {
			judged++
		}
	}
	t.Logf("%s: %d requests are what the description says", name, judged)
}

// judge reports whether a request fits its operation. One that the description does not have is not judged, nor is one that says why nobody
// can (x-unjudged).
func judge(t *testing.T, name string, router routers.Router, file string) bool {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(data)))
	if err != nil {
		t.Fatal(err)
	}
	route, params, err := router.FindRoute(r)
	if err != nil || route.Operation.Extensions["x-unjudged"] != nil {
		return false
	}
	input := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: &openapi3filter.Options{
		AuthenticationFunc: hasCredential, MultiError: true,
	}}
	if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
		t.Errorf("%s: %s %s is not what the description says: %v", name, r.Method, r.URL, err)
		return false
	}
	return true
}

// hasCredential tells whether a request carries what a security scheme asks for.
func hasCredential(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	r, s := in.RequestValidationInput.Request, in.SecurityScheme
	ok := false
	switch {
	case s.Type == "mutualTLS":
		ok = true
	case s.Type == "http":
		ok = strings.HasPrefix(strings.ToLower(r.Header.Get("Authorization")), s.Scheme+" ")
	case s.Type == "oauth2":
		ok = strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ")
	case s.In == "header":
		ok = r.Header.Get(s.Name) != ""
	case s.In == "query":
		ok = r.URL.Query().Get(s.Name) != ""
	case s.In == "cookie":
		_, err := r.Cookie(s.Name)
		ok = err == nil
	}
	if !ok {
		return in.NewError(http.ErrNoCookie)
	}
	return nil
}
