package generator_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
)

// unguard takes from a description what it says of revisions.
const unguard = `
overlay: 1.0.0
info: {title: Nothing is said of revisions, version: '1'}
actions:
  - {target: '$.paths.*.*["x-revision"]', remove: true}
`

// TestSuggestedOverlay keeps the promise that a suggested overlay works once its conflict rules are filled in, and that it finds the token: in
// a header, in the query and nested in the answer, or in one element of a list, whatever else is called like one.
func TestSuggestedOverlay(t *testing.T) {
	for _, tt := range []struct{ name, read, send, helper, passedOver string }{
		{"people", `$response.body$.metadata.sources[?@.type=="CONTACT"].etag`, `$request.body$.metadata.sources[?@.type=="CONTACT"].etag`, "UpdateWithRetry", "#/etag"},
		{"products", "$response.header.ETag", "$request.header.If-Match", "UpdateWithRetry", ""},
		{"leases", "$response.body#/metadata/resourceVersion", "$request.body#/metadata/resourceVersion", "ReplaceWithRetry", ""},
		{"engine", "$response.body#/Version/Index", "$request.query.version", "UpdateWithRetry", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(specsDir, tt.name+".yaml")
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			o := generator.Options{Spec: generator.Input{Name: file, Data: data}, Package: tt.name, Overlays: []generator.Input{{Name: "unguard.yaml", Data: []byte(unguard)}}}
			overlay, candidates, err := generator.SuggestOverlay(t.Context(), o)
			if err != nil || candidates == 0 {
				t.Fatalf("%d candidates, %v", candidates, err)
			}
			if !strings.Contains(string(overlay), tt.passedOver) {
				t.Errorf("nothing is said of %s:\n%s", tt.passedOver, overlay)
			}
			o.Overlays = append(o.Overlays, generator.Input{Name: "suggested.yaml", Data: overlay})
			if _, err := generator.Generate(t.Context(), o); err == nil || !strings.Contains(err.Error(), "suggested.yaml:") {
				t.Errorf("an overlay that is not filled in gives %v", err)
			}
			o.Overlays[1].Data = bytes.ReplaceAll(overlay, []byte("FILL-IN"), []byte("412"))
			o.Typecheck = true
			if _, err := generator.Generate(t.Context(), o); err != nil {
				t.Fatalf("%v\n%s", err, overlay)
			}
			found, err := generator.Inspect(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if !guards(found, tt.helper, tt.read, tt.send) {
				t.Errorf("no %s with %s and %s:\n%s", tt.helper, tt.read, tt.send, overlay)
			}
		})
	}
}

// guards tells whether an operation has a helper, and a token that travels so.
func guards(found *generator.Inspection, helper, read, send string) bool {
	for _, s := range found.Services {
		for _, o := range s.Operations {
			if r := o.Revision; r != nil && len(r.Tokens) == 1 && r.Tokens[0].Read == read && r.Tokens[0].Send == send && strings.Contains(strings.Join(r.Helpers, " "), helper) {
				return true
			}
		}
	}
	return false
}
