package config

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/contactsgen/contactsgen/generator"
)

const repository = "../../../.."

func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), Name)
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

const everything = `
targets:
  - spec: specs/notes.yaml
    overlays: [one.yaml, ../two.yaml]
    out: generated/notes
    package: memo
    include: {tags: [Notes], operations: [getNote]}
    exclude: {tags: [Other], operations: [deleteNote]}
    features: [client, helpers, iterators, waiters, fake, codec]
    skip-unsupported: true
    typecheck: true
  - &short
    out: /elsewhere/short
`

func TestLoadReadsEverySetting(t *testing.T) {
	name := write(t, everything)
	targets, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(name)
	if len(targets) != 2 {
		t.Fatalf("%d targets", len(targets))
	}
	got := *targets[0]
	if got.SpecPos.Line != 3 || got.SpecPos.Column != 11 || len(got.OverlaysPos) != 2 || got.OverlaysPos[1].Column != 26 || got.OutPos.Line != 5 {
		t.Errorf("positions %+v", got)
	}
	got.SpecPos, got.OverlaysPos, got.OutPos = targets[1].SpecPos, nil, targets[1].SpecPos
	want := Target{
		Spec:              filepath.Join(dir, "specs", "notes.yaml"),
		Overlays:          []string{filepath.Join(dir, "one.yaml"), filepath.Join(filepath.Dir(dir), "two.yaml")},
		Out:               filepath.Join(dir, "generated", "notes"),
		Package:           "memo",
		IncludeTags:       []string{"Notes"},
		IncludeOperations: []string{"getNote"},
		ExcludeTags:       []string{"Other"},
		ExcludeOperations: []string{"deleteNote"},
		Features:          generator.DefaultFeatures(),
		SkipUnsupported:   true,
		Typecheck:         true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
	if short := targets[1]; short.Out != filepath.Clean("/elsewhere/short") || short.Package != "short" || short.Features != nil || short.Spec != "" {
		t.Errorf("%+v", short)
	}
}

// What the schema for editors allows is what the reader knows, and the other way round.
func TestSchemaIsInStep(t *testing.T) {
	name := filepath.Join(repository, "docs", "contactsgen.schema.json")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties map[string]any
		Defs       map[string]struct {
			Properties map[string]struct {
				Enum  []string
				Items struct{ Enum []string }
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	known := func(text string) []string {
		// The reader names what it knows when it meets what it does not.
		_, err := Load(write(t, text))
		m := regexp.MustCompile(`known: (.*)`).FindStringSubmatch(err.Error())
		if m == nil {
			t.Fatal(err)
		}
		return strings.Split(m[1], ", ")
	}
	keysOf := func(m any) []string {
		var names []string
		for _, k := range reflect.ValueOf(m).MapKeys() {
			names = append(names, k.String())
		}
		slices.Sort(names)
		return names
	}
	for _, test := range []struct {
		what            string
		schema, command []string
	}{
		{"config", keysOf(schema.Properties), known("zzzzzzzz: 1")},
		{"target", keysOf(schema.Defs["target"].Properties), known("targets: [{out: x, zzzzzzzz: 1}]")},
		{"selection", keysOf(schema.Defs["selection"].Properties), known("targets: [{out: x, include: {zzzzzzzz: 1}}]")},
		{"apis", schema.Defs["target"].Properties["api"].Enum, known("targets: [{out: x, api: zzzzzzzz}]")},
		{"features", slices.Sorted(slices.Values(schema.Defs["target"].Properties["features"].Items.Enum)), known("targets: [{out: x, features: [zzzzzzzz]}]")},
	} {
		if !slices.Equal(test.schema, test.command) {
			t.Errorf("%s: the schema has %q, the command knows %q", test.what, test.schema, test.command)
		}
	}

	compiled, err := jsonschema.NewCompiler().Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		text string
		good bool
	}{
		{everything, true},
		{"targets: [{out: x}]", true},
		{"targets: [{out: x, api: contacts-v5}]", true},
		{"targets: [{out: x, api: contacts-v6}]", false},
		{"targets: [{out: x, api: contacts-v5, spec: x.yaml}]", false},
		{"targets: []", false},
		{"{}", false},
		{"targets: [{spec: x}]", false},
		{"targets: [{out: ''}]", false},
		{"targets: [{out: x, package: a-b}]", false},
		{"targets: [{out: x, features: [nothing]}]", false},
		{"targets: [{out: x, typecheck: 1}]", false},
		{"targets: [{out: x, include: {tag: [A]}}]", false},
	} {
		var value any
		if err := yaml.Unmarshal([]byte(test.text), &value); err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(value); (err == nil) != test.good {
			t.Errorf("schema on %s: %v", test.text, err)
		}
		if _, err := Load(write(t, test.text)); (err == nil) != test.good {
			t.Errorf("command on %s: %v", test.text, err)
		}
	}
}

// The config of this repository is one that editors and the command understand.
func TestOwnConfig(t *testing.T) {
	targets, err := Load(filepath.Join(repository, Name))
	if err != nil || len(targets) != 2 {
		t.Fatal(targets, err)
	}
	for _, target := range targets {
		if _, err := os.Stat(target.Spec); err != nil {
			t.Error(err)
		}
	}
}

func TestMisspeltKeysAreRecognised(t *testing.T) {
	known := []string{"exclude", "features", "include", "out", "overlays", "package", "skip-unsupported", "spec", "typecheck"}
	for word, want := range map[string]string{
		"overlay": "overlays", "Package": "package", "output": "out", "skip_unsupported": "skip-unsupported",
		"skipUnsupported": "skip-unsupported", "specs": "spec", "exlude": "exclude", "banana": "", "": "",
	} {
		if got := generator.Nearest(word, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(everything))
	f.Add([]byte("targets: &a [*a]"))
	f.Add([]byte("a: b: c"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := &reader{file: Name}
		targets := r.read(data)
		if r.problems.Len() == 0 && len(targets) == 0 {
			t.Error("neither targets nor complaints")
		}
	})
}
