package source

import (
	"slices"
	"testing"

	"github.com/speakeasy-api/jsonpath/pkg/jsonpath"
	"github.com/speakeasy-api/jsonpath/pkg/jsonpath/token"
)

// TestPlainPaths holds what plain paths select against the evaluator that knows all of JSONPath: the same nodes, in the same order.
func TestPlainPaths(t *testing.T) {
	doc, err := Load(t.Context(), Input{Name: "a.yaml", Data: []byte(`openapi: 3.0.3
paths:
  /a: {get: {tags: [x, y, [z, {get: 1}]], get: {get: 2}}}
  /b: {get: {tags: []}, a.b: 3, "*": 4}
components: {schemas: {get: {a: {a: {a: 5}}}}}
`)}, nil, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var search search
	for _, path := range []string{
		"$", "$.paths", "$['paths']['/a'].get", `$["paths"].*`, "$.*", "$[*]", "$..*", "$..[*]", "$..get", "$..['get', 'tags']", "$..tags[0]",
		"$..tags[-1]",
		"$..tags[2][1].get", "$.paths.*['get','get']", "$..*..*", "$..a..a", "$..get..*", "$.paths['/b']['a.b', '*']", "$..[0, 1, -1]",
		"$..[*, 'get', 0]", "$.nowhere..*",
		"$..*[*]", "$..get.get", "$ ['paths'] ..get",
	} {
		steps, plain := plainSteps(token.NewTokenizer(path).Tokenize())
		if !plain {
			t.Errorf("%s is not taken for a plain path", path)
			continue
		}
		m := &mirror{top: doc.main.root, search: &search}
		m.make()
		evaluator, err := jsonpath.NewPath(path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		var want []*tree
		for _, n := range evaluator.Query(m.to[m.top]) {
			if found := m.back[n]; !slices.Contains(want, found) {
				want = append(want, found)
			}
		}
		if got := m.search.follow(m.top, steps); !slices.Equal(got, want) {
			t.Errorf("%s gives %d nodes, and the evaluator %d", path, len(got), len(want))
		}
	}
	for _, path := range []string{"$.a[?@.b]", "$.a[1:2]", "$.a[:]", "$.a~"} {
		if _, plain := plainSteps(token.NewTokenizer(path).Tokenize()); plain {
			t.Errorf("%s is taken for a plain path", path)
		}
	}
}
