package runtime

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/output"
	"github.com/contactsgen/contactsgen/templates"
)

// everything are all the features that a client can have.
func everything() api.Features {
	has := api.Features{api.FeatureOAuth: true, api.FeatureMultipart: true, api.FeatureBulkWrite: true, api.FeatureNullable: true,
		api.FeatureDeclared: true, api.FeatureProgress: true, api.FeatureUpsert: true}
	for _, f := range slices.Concat(api.DefaultFeatures, api.OptInFeatures) {
		has[f] = true
	}
	return has
}

// mentioning is what an output would have printed to make use of names.
func mentioning(t *testing.T, names ...string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "", "package p\n\nvar _ = []any{"+strings.Join(names, ", ")+"}\n",
		parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// declared are the package-level names of an output.
func declared(t *testing.T, files []output.File) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, f := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Path, f.Data, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					names[d.Name.Name] = true
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						names[s.Name.Name] = true
					case *ast.ValueSpec:
						for _, n := range s.Names {
							names[n.Name] = true
						}
					}
				}
			}
		}
	}
	return names
}

// TestFeaturesBringTheirFiles keeps the promise that an output has what its features ask for, and nothing of the others.
func TestFeaturesBringTheirFiles(t *testing.T) {
	for _, tt := range []struct {
		feature api.Feature
		name    string // exported by a file of that feature
	}{
		{api.FeatureHelpers, "WithMaxAttempts"},
		{api.FeatureWebhooks, "UnknownEvent"},
		{api.FeatureCombining, "WithCombining"},
		{api.FeatureProgress, "WithProgress"},
	} {
		for _, has := range []bool{true, false} {
			features := everything()
			if !has {
				delete(features, tt.feature)
			}
			r, err := Client(&api.API{Features: features})
			if err != nil {
				t.Fatal(err)
			}
			r.See(mentioning(t, "call"))
			files, err := r.Files("", "p")
			if err != nil {
				t.Fatal(err)
			}
			if got := declared(t, files)[tt.name]; got != has {
				t.Errorf("feature %s %v: %s is declared: %v", tt.feature, has, tt.name, got)
			}
		}
	}
}

// TestWhatNothingRefersToIsLeftOut keeps the promise that a declaration stays when the output leads to it, and only then; exported ones
// always do.
func TestWhatNothingRefersToIsLeftOut(t *testing.T) {
	source := `package client

// Kept is exported.
func Kept() {}

func asked() { reached() }

func reached() {}

func idle() { alone() }

func alone() {}

type held struct{}

func (held) used() {}

func (held) unused() {}
`
	files, err := parsed([]templates.Source{{Name: "a", Feature: templates.Core, Part: "client", Data: []byte(source)}})
	if err != nil {
		t.Fatal(err)
	}
	r := &Runtime{files: files, parts: []templates.Part{{Name: "client"}, {Name: "json"}}, printed: newMentions()}
	r.See(mentioning(t, "asked", "held{}.used"))
	out, err := r.Files("folder", "p")
	if err != nil || len(out) != 1 || out[0].Path != "folder/runtime_client.gen.go" {
		t.Fatalf("%d files, %v: a part that has nothing is no file", len(out), err)
	}
	text := string(out[0].Data)
	for word, want := range map[string]bool{
		"package p": true, "// Kept is exported.": true, "func asked": true, "func reached": true, "held) used": true,
		"func idle": false, "func alone": false, "held) unused": false,
	} {
		if strings.Contains(text, word) != want {
			t.Errorf("%q is there: %v, want %v\n%s", word, !want, want, text)
		}
	}
}

// TestOneLineTouchesOneFile keeps the promise that a change of one line in the runtime is one of one line in one file of the output: in
// every fifth file of both runtimes, the first line that begins a block gets a comment.
func TestOneLineTouchesOneFile(t *testing.T) {
	for _, side := range []struct {
		name    string
		parts   []templates.Part
		sources func() ([]templates.Source, error)
	}{
		{"client", templates.ClientParts, templates.Client},
		{"fake", templates.FakeParts, func() ([]templates.Source, error) { return templates.Fake("contacts") }},
	} {
		sources, err := side.sources()
		if err != nil {
			t.Fatal(err)
		}
		stamped := func(sources []templates.Source) []output.File {
			r, err := newRuntime(sources, side.parts, everything(), nil)
			if err != nil {
				t.Fatal(err)
			}
			r.See(mentioning(t, namesOf(r.files)...))
			out, err := r.Files("", "p")
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		before := stamped(sources)
		for i := 0; i < len(sources); i += 5 {
			changed := slices.Clone(sources)
			changed[i].Data = commented(sources[i].Data)
			after := stamped(changed)
			if len(before) != len(after) {
				t.Fatalf("%s/%s: %d files, then %d", side.name, sources[i].Name, len(before), len(after))
			}
			var touched []string
			for j := range before {
				if !bytes.Equal(before[j].Data, after[j].Data) {
					touched = append(touched, after[j].Path)
					if n := differing(before[j].Data, after[j].Data); n != 1 {
						t.Errorf("%s/%s: %d lines of %s are others", side.name, sources[i].Name, n, after[j].Path)
					}
				}
			}
			if want := prefix + sources[i].Part + ".gen.go"; !slices.Equal(touched, []string{want}) {
				t.Errorf("%s/%s: touched %v, want %s", side.name, sources[i].Name, touched, want)
			}
		}
	}
}

// namesOf are all names that runtime files declare, as an output could mention them.
func namesOf(files []*file) (names []string) {
	for _, f := range files {
		for _, d := range f.declarations {
			for _, n := range d.names {
				if d.receiver != "" {
					n = d.receiver + "{}." + n
				}
				names = append(names, n)
			}
		}
	}
	return names
}

// commented puts a comment behind the first line of code that begins a block.
func commented(source []byte) []byte {
	at := bytes.Index(source, []byte("{\n")) + 1
	return slices.Concat(source[:at], []byte(" // a change"), source[at:])
}

// differing counts the lines that are others.
func differing(a, b []byte) (n int) {
	x, y := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	if len(x) != len(y) {
		return max(len(x), len(y))
	}
	for i := range x {
		if !bytes.Equal(x[i], y[i]) {
			n++
		}
	}
	return n
}

// TestDeclaredIn holds the names that lines show against those that the parser finds, in every runtime file.
func TestDeclaredIn(t *testing.T) {
	clients, err := templates.Client()
	if err != nil {
		t.Fatal(err)
	}
	fakes, err := templates.Fake("contacts")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range slices.Concat(clients, fakes) {
		f, err := parse(s)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, d := range f.declarations {
			if d.receiver == "" {
				want = append(want, d.names...)
			}
		}
		if got := declaredIn(s.Data); !slices.Equal(got, want) {
			t.Errorf("%s declares\n%v, not\n%v", s.Name, want, got)
		}
	}
}
