package analyze_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/txtar"

	"github.com/contactsgen/contactsgen/generator/internal/analyze"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/spec"
)

// FuzzRearranged builds descriptions that are well formed and make no sense: parts of real ones, put where other parts were.
func FuzzRearranged(f *testing.F) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	trees := []any{parse(f, spec.Contacts)}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		trees = append(trees, parse(f, part(ar, "openapi.yaml")))
	}
	for i := range 40 {
		f.Add(uint64(i))
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 0))
		tree := clone(t, trees[r.IntN(len(trees))])
		from := places(trees[r.IntN(len(trees))])
		for range 1 + r.IntN(6) {
			to := places(tree)
			to[r.IntN(len(to))].set(clone(t, from[r.IntN(len(from))].get()))
		}
		in, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		for _, skip := range []bool{false, true} {
			a, err := build(t, "openapi.json", in, analyze.Options{SkipUnsupported: skip})
			var list *diag.Error
			switch {
			case err == nil:
				checkNames(t, a)
				_ = dump(a)
			case !errors.As(err, &list):
				t.Fatalf("not a list of complaints: %v", err)
			}
		}
	})
}

// parse reads YAML into maps and lists.
func parse(t testing.TB, in []byte) any {
	var tree any
	if err := yaml.Unmarshal(in, &tree); err != nil {
		t.Fatal(err)
	}
	return clone(t, tree)
}

// clone copies a tree by way of JSON.
func clone(t testing.TB, tree any) any {
	data, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// spotInTree is a place in a tree that can be read and replaced.
type spotInTree struct {
	get func() any
	set func(any)
}

// places lists every place in a tree, in an order that does not depend on maps.
func places(tree any) []spotInTree {
	var out []spotInTree
	switch v := tree.(type) {
	case map[string]any:
		for _, k := range sortedKeys(v) {
			out = append(out, spotInTree{func() any { return v[k] }, func(x any) { v[k] = x }})
			out = append(out, places(v[k])...)
		}
	case []any:
		for i := range v {
			out = append(out, spotInTree{func() any { return v[i] }, func(x any) { v[i] = x }})
			out = append(out, places(v[i])...)
		}
	}
	return out
}
