package generator_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// TestFeaturesAreKnownEverywhere keeps the promise that a feature that can be chosen is one for editors, for readers and for the linters,
// too: the schema of the config, the reference, and the selections that have to compile name the same ones.
func TestFeaturesAreKnownEverywhere(t *testing.T) {
	var want []string
	for _, f := range slices.Concat(api.DefaultFeatures, api.OptInFeatures) {
		want = append(want, string(f))
	}
	slices.Sort(want)
	for _, place := range []struct {
		file string
		list *regexp.Regexp // its first group names features
	}{
		{"docs/contactsgen.schema.json", regexp.MustCompile(`(?s)"features".*?"enum": \[(.*?)\]`)},
		{"docs/reference.md", regexp.MustCompile("(?m)^\\| `targets\\[\\]\\.features` \\|(.*)$")},
		{"testdata/features/contactsgen.yaml", regexp.MustCompile(`(?s)\ntargets:(.*)`)},
	} {
		data, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(place.file)))
		if err != nil {
			t.Fatal(err)
		}
		found := place.list.FindSubmatch(data)
		if found == nil {
			t.Errorf("%s has no list of features", place.file)
			continue
		}
		words := regexp.MustCompile(`[a-z-]+`).FindAllString(string(found[1]), -1)
		for _, f := range want {
			if !slices.Contains(words, f) {
				t.Errorf("%s does not name the feature %s, of %s", place.file, f, strings.Join(want, ", "))
			}
		}
	}
}
