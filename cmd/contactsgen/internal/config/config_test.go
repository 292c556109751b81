package config

import (
	"encoding/json"
	"fmt"
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
    features: [client, helpers, iterators, waiters, fake, codec, examples]
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
	if got.SpecPos.Line != 3 || got.SpecPos.Column != 11 || len(got.OverlaysPos) != 2 || got.OverlaysPos[1].Column != 26 ||
		got.OutPos.Line != 5 {
		t.Errorf("positions %+v", got)
	}
	if got.PackagePos.Line != 6 || targets[1].PackagePos.Line != 0 {
		t.Errorf("positions of packages %v %v", got.PackagePos, targets[1].PackagePos)
	}
	got.SpecPos, got.OverlaysPos, got.OutPos, got.PackagePos = targets[1].SpecPos, nil, targets[1].SpecPos, targets[1].SpecPos
	at := func(line, column int, name string) []generator.Chosen {
		return []generator.Chosen{{Name: name, Pos: generator.Position{File: filepath.ToSlash(targets[0].OutPos.File), Line: line,
			Column: column}}}
	}
	want := Target{
		Spec:     filepath.Join(dir, "specs", "notes.yaml"),
		Overlays: []string{filepath.Join(dir, "one.yaml"), filepath.Join(filepath.Dir(dir), "two.yaml")},
		Out:      filepath.Join(dir, "generated", "notes"),
		Package:  "memo",
		Choice: generator.Choice{
			IncludeTags: at(7, 22, "Notes"), IncludeOperations: at(7, 43, "getNote"),
			ExcludeTags: at(8, 22, "Other"), ExcludeOperations: at(8, 43, "deleteNote"),
		},
		Features:        generator.DefaultFeatures(),
		SkipUnsupported: true,
		Typecheck:       true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
	if short := targets[1]; short.Out != filepath.Clean("/elsewhere/short") || short.Package != "short" || short.Features != nil ||
		short.Spec != "" {
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
			Enum       []string
			Properties map[string]struct {
				Enum []string
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
		{"features", slices.Sorted(slices.Values(schema.Defs["feature"].Enum)), known("targets: [{out: x, features: [zzzzzzzz]}]")},
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
		{"targets: [{out: x, features: {add: [bulk], remove: [fake]}}]", true},
		{"targets: [{out: x, features: {}}]", true},
		{"targets: [{out: x, features: {add: [nothing]}}]", false},
		{"targets: [{out: x, features: {plus: [bulk]}}]", false},
		{"targets: [{out: x, features: bulk}]", false},
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

// Features are all of them by name, or what differs from the default.
func TestFeatures(t *testing.T) {
	for text, want := range map[string]string{
		"[]":                                "[]",
		"[client, bulk]":                    "[client bulk]",
		"{}":                                "[client helpers iterators waiters fake codec examples]",
		"{add: [bulk, fake]}":               "[client helpers iterators waiters fake codec examples bulk]",
		"{remove: [fake, codec]}":           "[client helpers iterators waiters examples]",
		"{add: [webhooks], remove: [fake]}": "[client helpers iterators waiters codec examples webhooks]",
	} {
		targets, err := Load(write(t, "targets: [{out: x, features: "+text+"}]"))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := fmt.Sprint(targets[0].Features); got != want || targets[0].Features == nil {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// What could not work, or would overwrite itself, is a complaint at its place.
func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"targets: [{out: x, features: {remove: [bulk]}}]": ":1:40: the feature bulk is not one of the default, so that it " +
			"cannot be removed",
		"targets: [{out: x, features: {remove: [fak]}}]": `:1:40: unknown feature "fak"` + "\n\tdid you mean fake?",
		"targets: [{out: x, package: documentation}]":    `:1:29: "documentation" cannot be the name of a Go package`,
		"targets: [{out: documentation}]":                `:1:17: out ends in "documentation", which cannot be the name of a Go package`,
		"targets: [{out: .hidden/x}]":                    `:1:17: the go command does not take packages from a folder named ".hidden"`,
		"targets: [{out: ../vendor/x}]":                  `:1:17: the go command does not take packages from a folder named "vendor"`,
		"targets: [{out: _x, package: x}]":               `:1:17: the go command does not take packages from a folder named "_x"`,
		"targets: [{out: x}, {out: ./y/../x}]":           ":1:27: the target at line 1 has the same out",
		"targets: [{out: api}, {out: API}]": ":1:29: the target at line 1 has the same out on systems that do " +
			"not tell capital letters apart",
		"targets: [{out: a}, {out: a/atest}]":                             `:1:27: the fake of the target at line 1 goes to "`,
		"targets: [{out: a/atest/b}, {out: a}]":                           `:1:35: the fake of this target goes to "`,
		"targets: [{out: a, features: {remove: [fake]}}, {out: a/atest}]": "",
		"targets: [{out: a}, {out: a/b}]":                                 "",
		"targets: [{out: a}, {out: a/atests}]":                            "",
	} {
		name := write(t, text)
		_, err := Load(name)
		if want == "" {
			if err != nil {
				t.Errorf("%s: %v", text, err)
			}
		} else if err == nil || !strings.HasPrefix(err.Error(), filepath.ToSlash(name)+want) {
			t.Errorf("%s: got\n%v\nwant\n%s", text, err, want)
		}
	}
}

// A folder is the same by whatever link.
func TestFoldersBehindLinks(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "real"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, Name)
	if err := os.WriteFile(name, []byte("targets: [{out: real/x}, {out: link/x}]"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(name); err == nil || !strings.Contains(err.Error(), "has the same out") {
		t.Error(err)
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
