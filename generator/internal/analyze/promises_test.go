package analyze_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/contactsgen/contactsgen/generator/internal/analyze"
	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/spec"
)

// describe gives the description of a case.
func describe(t testing.TB, name string) []byte {
	t.Helper()
	ar, err := txtar.ParseFile("testdata/build/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	return part(ar, "openapi.yaml")
}

// TestGenerations: the 3.0 and the 3.1 spelling of a description give the same model.
func TestGenerations(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/generations.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var dumps []string
	for _, name := range []string{"3.0.yaml", "3.1.yaml"} {
		a, err := build(t, name, part(ar, name), analyze.Options{})
		if err != nil {
			t.Fatal(err)
		}
		dumps = append(dumps, dump(a))
	}
	if dumps[0] != dumps[1] {
		t.Errorf("3.0 gives\n%s\n3.1 gives\n%s%s", dumps[0], dumps[1], firstDifference(dumps[1], dumps[0]))
	}
	if !strings.Contains(dumps[0], "KindA = ") || !strings.Contains(dumps[0], "nullable") {
		t.Errorf("the case has lost what it compares:\n%s", dumps[0])
	}
}

// TestEmbeddedDescription: the description that comes with the generator builds, and its writes that carry a revision are guarded.
func TestEmbeddedDescription(t *testing.T) {
	a, err := build(t, spec.Name, spec.Contacts, analyze.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var guarded []string
	for _, s := range a.Services {
		for _, o := range s.Operations {
			if r := o.Revision; r != nil {
				guarded = append(guarded, fmt.Sprintf("%s.%s %s", s.Name, r.Helper, r.Tokens[0].Send.At))
			}
		}
	}
	if got, want := strings.Join(guarded, ", "), "Contacts.UpdateWithRetry /revision, Contacts.MergeWithRetry /targetContactRevision"; got != want {
		t.Errorf("guarded: %s, want %s", got, want)
	}
}

// TestDeterminism: what is decided depends on the description alone, however often and by how many at a time it is decided.
func TestDeterminism(t *testing.T) {
	for _, name := range []string{"names", "unions", "tokens", "skip"} {
		in := describe(t, name)
		var mu sync.Mutex
		seen := map[string]bool{}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				a, err := build(t, "openapi.yaml", in, analyze.Options{SkipUnsupported: true})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
					return
				}
				seen[dump(a)] = true
			})
		}
		wg.Wait()
		if len(seen) != 1 {
			t.Errorf("%s: %d different models", name, len(seen))
		}
	}
}

// TestNamesStay: what is added to a description renames nothing that was there, as long as it claims no name of its own.
func TestNamesStay(t *testing.T) {
	additions := []struct{ at, add string }{
		{"  schemas:\n", ""}, // the place of the next ones
		{"    Sort: {type: string, enum: [name, -name", ", Name, NAME, -Name"},
		{"        première: {type: string}\n", "        premiere: {type: string}\n        a.b: {type: string}\n        GET: {type: string}\n"},
		{"    SortName: {type: string}\n", "    thing.part: {type: object, properties: {x: {type: string}}}\n    parent-child: {type: string, " +
			"enum: [a]}\n    sort_name: {type: string}\n"},
		{"  /b/{x}: {get: {responses: {'204': {description: ok}}}", ", post: {responses: {'204': {description: ok}}}"},
		{"components:\n", ""},
	}
	in := string(describe(t, "names"))
	before := namesOf(t, in)
	for _, a := range additions {
		if !strings.Contains(in, a.at) {
			t.Fatalf("the case has no %q", a.at)
		}
		after := namesOf(t, strings.Replace(in, a.at, a.at+a.add, 1))
		for what, name := range before {
			if after[what] != name {
				t.Errorf("adding %q renames %s: %s becomes %s", a.add, what, name, after[what])
			}
		}
	}
}

// namesOf lists every exported name of a description by what it names.
func namesOf(t *testing.T, in string) map[string]string {
	a, err := build(t, "openapi.yaml", []byte(in), analyze.Options{})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, typ := range a.Types {
		names[typ.Pointer] = typ.Name
		for _, v := range typ.Enum {
			names[typ.Pointer+" value "+v.Value] = v.GoName
		}
		for _, f := range typ.Fields {
			names[typ.Pointer+" field "+f.Name] = f.GoName
		}
	}
	for _, s := range a.Services {
		for _, o := range s.Operations {
			names[o.Method+" "+o.Path] = s.Name + "." + o.Name
			if o.Params != nil {
				names[o.Method+" "+o.Path+" params"] = o.Params.TypeName
			}
		}
	}
	return names
}

var goName = regexp.MustCompile(`^\p{Lu}[\pL\p{Nd}]*$`)

// TestNamesAreUniqueGo: whatever a description calls things, every name is Go and stands for one thing.
func TestNamesAreUniqueGo(t *testing.T) {
	a, err := build(t, "openapi.yaml", describe(t, "names"), analyze.Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkNames(t, a)
}

// checkNames checks what every model must keep.
func checkNames(t testing.TB, a *api.API) {
	t.Helper()
	pkg := map[string]bool{}
	for _, name := range reserved {
		pkg[name] = true
	}
	claim := func(where string, taken map[string]bool, name string) {
		if !goName.MatchString(name) {
			t.Errorf("%s: %q is no exported Go name", where, name)
		}
		if taken[name] {
			t.Errorf("%s: %q stands for two things", where, name)
		}
		taken[name] = true
	}
	for _, typ := range a.Types {
		claim("package", pkg, typ.Name)
		fields := map[string]bool{}
		for _, f := range typ.Fields {
			claim(typ.Name, fields, f.GoName)
		}
		for _, v := range typ.Enum {
			claim("package", pkg, v.GoName)
		}
	}
	for _, p := range a.Params {
		claim("package", pkg, p.TypeName)
	}
	for _, c := range a.Codes {
		claim("package", pkg, c.GoName)
	}
	for _, s := range a.Services {
		claim("package", pkg, s.TypeName)
		methods := map[string]bool{}
		for _, o := range s.Operations {
			claim(s.Name, methods, o.Name)
		}
	}
}

func choosing(c analyze.Choice) analyze.Options { return analyze.Options{Choice: c} }

// named are choices at places of their own.
func named(names ...string) []analyze.Chosen {
	var out []analyze.Chosen
	for i, name := range names {
		out = append(out, analyze.Chosen{Name: name, Pos: diag.Position{File: "contactsgen.yaml", Line: i + 1, Column: 9}})
	}
	return out
}

// TestSelectionMistakes: a name that the description does not have is a complaint where the caller wrote it, as is a choice of nothing.
func TestSelectionMistakes(t *testing.T) {
	for _, c := range []struct {
		choice analyze.Choice
		want   string
	}{
		{analyze.Choice{IncludeTags: named("Note")}, "contactsgen.yaml:1:9: the description has no tag \"Note\"\n\tdid you mean Notes?"},
		{analyze.Choice{ExcludeTags: named("Notes", "notes")},
			"contactsgen.yaml:2:9: the description has no tag \"notes\"\n\tdid you mean Notes?"},
		{analyze.Choice{IncludeOperations: named("getNote", "getNotes")},
			"contactsgen.yaml:2:9: the description has no operation \"getNotes\"\n\tdid you mean getNote?"},
		{analyze.Choice{ExcludeOperations: named("")},
			"contactsgen.yaml:1:9: the description has no operation \"\"\n\tit has createNote, listNotes, getNote, updateNote, deleteNote"},
		{analyze.Choice{ExcludeTags: named("Notes")},
			"contactsgen.yaml:1:9: the choice of operations leaves none of the description\n\tchoose fewer to exclude, or others to include"},
	} {
		_, err := build(t, "openapi.yaml", describe(t, "slice"), choosing(c.choice))
		if err == nil || err.Error() != c.want {
			t.Errorf("%+v: got\n%v\nwant\n%s", c.choice, err, c.want)
		}
	}
}

// TestSelection: the caller's choice of operations leaves out the others, and the types that nothing needs any more.
func TestSelection(t *testing.T) {
	in := describe(t, "slice")
	for _, c := range []struct {
		o    analyze.Options
		want string
	}{
		{analyze.Options{}, "createNote listNotes getNote updateNote deleteNote"},
		{choosing(analyze.Choice{IncludeOperations: named("getNote")}), "getNote"},
		{choosing(analyze.Choice{ExcludeOperations: named("createNote", "updateNote")}), "listNotes getNote deleteNote"},
		{choosing(analyze.Choice{IncludeTags: named("Notes"), ExcludeOperations: named("listNotes")}),
			"createNote getNote updateNote deleteNote"},
	} {
		a, err := build(t, "openapi.yaml", in, c.o)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, s := range a.Services {
			for _, o := range s.Operations {
				ids = append(ids, o.ID)
			}
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%+v keeps %s, want %s", c.o, got, c.want)
		}
		if unneeded := strings.Contains(dump(a), "type CreateNoteRequest"); unneeded != strings.Contains(c.want, "createNote") {
			t.Errorf("%+v: CreateNoteRequest is there: %v", c.o, unneeded)
		}
	}
}

// TestSelectionWithoutRead: leaving out the operation that a guarded one reads with is the caller's mistake, and is said so.
func TestSelectionWithoutRead(t *testing.T) {
	_, err := build(t, "openapi.yaml", describe(t, "slice"), choosing(analyze.Choice{ExcludeOperations: named("getNote")}))
	if err == nil || !strings.Contains(err.Error(), "the operation getNote is needed here, and the choice of operations leaves it out") {
		t.Errorf("got %v", err)
	}
}

// TestLongChains: a chain of references as long as a description can hold is refused, not followed until the stack ends.
func TestLongChains(t *testing.T) {
	const length = 30_000 // three times as many as are made within one another
	var b bytes.Buffer
	b.WriteString(`{"openapi": "3.0.3", "info": {"title": "Chain", "version": "1"}, "paths": {}, "components": {"schemas": {`)
	for i := range length {
		fmt.Fprintf(&b, `"S%d": {"properties": {"next": {"$ref": "#/components/schemas/S%d"}}},`, i, i+1)
	}
	fmt.Fprintf(&b, `"S%d": {}}}}`, length)
	_, err := build(t, "openapi.json", b.Bytes(), analyze.Options{})
	if err == nil || !strings.Contains(err.Error(), "refer to one another in one chain") {
		t.Errorf("got %v", err)
	}
}

// FuzzBuild: no description, however broken, makes Build panic, hang, complain without a position, or name two things alike.
func FuzzBuild(f *testing.F) {
	for _, dir := range []string{"testdata/build", "testdata/errors"} {
		files, err := os.ReadDir(dir)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			ar, err := txtar.ParseFile(dir + "/" + file.Name())
			if err != nil {
				f.Fatal(err)
			}
			f.Add(bytes.TrimSpace(part(ar, "openapi.yaml")))
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, skip := range []bool{false, true} {
			a, err := build(t, "openapi.yaml", in, analyze.Options{SkipUnsupported: skip})
			if err == nil {
				checkNames(t, a)
				continue
			}
			var list *diag.Error
			if !errors.As(err, &list) {
				t.Fatalf("not a list of complaints: %v", err)
			}
			for _, p := range list.Problems {
				if p.Pos.File == "" {
					t.Errorf("no position: %v", p)
				}
			}
		}
	})
}
