package generator

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestClientsHaveExamples keeps the promise that a client comes with an Example for each kind of helper that it has: clients of three
// descriptions, and of those that come with the generator. TestCorpus runs such Examples.
func TestClientsHaveExamples(t *testing.T) {
	for file, want := range map[string][]string{
		"testdata/specs/notes.yaml": {"NotesService_Get", "NotesService_UpdateWithRetry", "NotesService_UpdateFrom"},
		"testdata/specs/leases.yaml": {
			"LeasesService_Read", "LeasesService_ReplaceWithRetry", "LeasesService_ReplaceFrom", "LeasesService_Create",
		},
		"testdata/specs/engine.yaml": {"ServicesService_Inspect"},
		"spec/contacts.yaml": {
			"ContactsService_Get", "ContactsService_UpdateWithRetry", "ContactsService_UpdateFrom", "ContactsService_ListAll",
			"ContactsService_Create", "APIError",
		},
		"spec/contacts-v5.yaml": {
			"ContactsService_Get", "ContactsService_UpdateWithRetry", "ContactsService_UpdateFrom", "ContactsService_Create", "APIError",
		},
	} {
		o := describedBy(t, file)
		o.ImportPath = "example.com/shop/internal/client"
		text := exampleFile(t, o)
		var got []string
		for _, m := range regexp.MustCompile(`(?m)^func Example(\w+)\(`).FindAllStringSubmatch(text, -1) {
			got = append(got, m[1])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the Examples are %v, want %v", file, got, want)
		}
		if n := strings.Count(text, "// Output: "); n != len(want) {
			t.Errorf("%s: %d of %d Examples run", file, n, len(want))
		}
	}
}

// TestNoExamplesWhereNoneCanBe: without a path to import by, without a fake, and where they were not asked for, there are none.
func TestNoExamplesWhereNoneCanBe(t *testing.T) {
	o := describedBy(t, "testdata/specs/notes.yaml")
	if exampleFile(t, o) != "" {
		t.Error("there are Examples of a client that nobody can import")
	}
	o.ImportPath = "example.com/shop/client"
	for _, features := range [][]Feature{{"client", "helpers", "examples"}, {"client", "fake"}} {
		if o.Features = features; exampleFile(t, o) != "" {
			t.Errorf("there are Examples with the features %v", features)
		}
	}
}

// describedBy are options for a description of this repository.
func describedBy(t *testing.T, file string) Options {
	t.Helper()
	name := filepath.Join("..", filepath.FromSlash(file))
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return Options{Spec: Input{Name: file, Data: data, Root: filepath.Dir(name)}, Package: "client"}
}

// exampleFile gives the file of Examples that is generated; "" when there is none.
func exampleFile(t *testing.T, o Options) string {
	t.Helper()
	files, err := Generate(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(files, func(f File) bool { return f.Path == "example.gen_test.go" })
	if i < 0 {
		return ""
	}
	return string(files[i].Data)
}
