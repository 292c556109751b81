package generator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/faketable"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// itemsSeeded is more than two pages of whatever size.
const itemsSeeded = 120

// changed finds what the program has written.
var changed = regexp.MustCompile(`"changed!?"|\b471[12]\b`)

// unguarded takes from a description what it says of revisions.
const unguarded = `{"overlay": "1.0.0", "info": {"title": "Nothing is said of revisions", "version": "1"},
	"actions": [{"target": "$.paths.*.*['x-contactsgen-revision']", "remove": true}]}`

// title is what the document of all descriptions says of itself.
var title = map[string]any{"title": "Suggested", "version": "1"}

// TestSuggestionsWork keeps the promise that a suggestion works at once when its conflict rule is filled in. Each description with a
// hidden token, one for every way to hide it and the shapes of tokens less what they say of revisions, gets its suggested overlay and its
// fake. A program calls each helper while somebody else writes in between: it has to see one conflict, and both changes have to be in the
// fake afterwards. Lists with suggested pages are walked to their end, and have to give each item once.
//
// All are made into one client, so that the runtime is compiled once; every description keeps a fake of its own. Descriptions of one's own:
//
//	SUGGEST='/path/*.yaml' go test ./generator -run '^TestSuggestionsWork$' -v
func TestSuggestionsWork(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command over a module of its own")
	}
	b := &bench{t: t, mux: http.NewServeMux(), doc: map[string]any{"openapi": "3.1.0", "info": title, "paths": map[string]any{},
		"components": map[string]any{}, "servers": []any{map[string]any{"url": "https://api.example.com"}}}}
	if pattern := os.Getenv("SUGGEST"); pattern != "" {
		b.addAll(pattern)
	} else {
		b.addAll("../testdata/suggest/*.yaml")
		for _, name := range strings.Fields("carts customers documents files leases notes pages people products validators") {
			b.add("../testdata/specs/"+name+".yaml", Input{Name: "unguard.yaml", Data: []byte(unguarded)})
		}
		b.add("../testdata/suggest/lists/lists.yaml")
	}
	b.run()
	writes, lists := 0, 0
	for _, d := range b.tried {
		for _, w := range d.writes {
			writes++
			t.Run(d.name+"/"+w.write.ID, func(t *testing.T) { d.judge(t, w, b.said[d.name+" "+w.write.ID]) })
		}
		for _, l := range d.lists {
			lists++
			t.Run(d.name+"/"+l.ID, func(t *testing.T) { d.judgeList(t, l, b.said[d.name+" "+l.ID]) })
		}
	}
	if os.Getenv("SUGGEST") == "" && (writes < 50 || lists < 14) {
		t.Errorf("only %d writes and %d lists", writes, lists)
	}
}

// bench makes one client of many descriptions.
type bench struct {
	t       *testing.T
	doc     map[string]any
	actions []any
	mux     *http.ServeMux
	tried   []*tried
	said    map[string]string // by description and operation
}

// tried is one description with its suggestions, and its fake.
type tried struct {
	name   string
	server *fake.Server
	writes []guarded
	lists  []*api.Operation
}

// guarded is a write that was suggested to be guarded, and the resource that it is tried on.
type guarded struct {
	write           *api.Operation
	collection, key string
}

// addAll adds descriptions, but for those that are there because nothing is to be found in them.
func (b *bench) addAll(pattern string) {
	b.t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		b.t.Fatalf("%s: %d files, %v", pattern, len(files), err)
	}
	for _, file := range files {
		if !strings.HasPrefix(filepath.Base(file), "none") {
			b.add(file)
		}
	}
}

// add completes the suggestions for a description, opens its fake, and puts both into the document of all.
func (b *bench) add(file string, overlays ...Input) {
	b.t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatal(err)
	}
	name := strings.ReplaceAll(strings.TrimSuffix(filepath.Base(file), ".yaml"), "-", "")
	o := Options{Spec: Input{Name: file, Data: data}, Package: "suggested", Overlays: overlays}
	overlay, found, err := SuggestOverlay(b.t.Context(), o)
	if err != nil || found.Writes+found.Lists == 0 {
		b.t.Fatalf("%s: %+v, %v", file, found, err)
	}
	overlay = bytes.ReplaceAll(overlay, []byte("FILL-IN"), []byte("409"))
	o.Overlays = append(o.Overlays, Input{Name: "suggested.yaml", Data: overlay})
	a, err := build(b.t.Context(), o)
	if err != nil {
		b.t.Fatalf("%s: %v\n%s", file, err, overlay)
	}
	one := &tried{name: name, server: fake.Open(faketable.Table(a))}
	one.prepare(a)
	if len(one.writes) != found.Writes || len(one.lists) != found.Lists {
		b.t.Errorf("%s: %d writes and %d lists of %+v", file, len(one.writes), len(one.lists), found)
	}
	b.tried = append(b.tried, one)
	base := faketable.Table(a).BasePath
	b.mux.Handle("/"+name+"/", http.StripPrefix("/"+name, under(base, one.server)))
	b.join(name, data, append(overlays, Input{Data: overlay}))
}

// under sends what is asked of a handler below a path.
func under(base string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path, r.URL.RawPath = base+r.URL.Path, ""
		h.ServeHTTP(w, r)
	})
}

// prepare gives the fake what its operations are tried on, and a rival for each write. Removals come last.
func (d *tried) prepare(a *api.API) {
	keys, routes := map[string]string{}, map[string]fake.Route{}
	table := faketable.Table(a)
	for _, r := range table.Routes {
		routes[r.ID] = r
	}
	samples := map[string]string{}
	for _, c := range table.Collections {
		samples[c.Name] = cmp.Or(c.Sample, "{}")
	}
	for _, s := range faketable.Samples(a) {
		keys[s.Collection] = d.server.Seed(s.Collection, s.Value)
	}
	for _, s := range a.Services {
		for _, op := range s.Operations {
			collection := routes[op.ID].Collection
			if op.Revision != nil {
				if keys[collection] == "" { // it is below others
					keys[collection] = d.server.Seed(collection, samples[collection], slices.Repeat([]string{"part"}, len(op.Revision.ReadArgs)-1)...)
				}
				d.server.Inject(fake.Fault{Kind: fake.Conflict, Operation: op.ID,
					Edit: func(o map[string]any) { o["rival-"+op.ID] = "was here" }})
				d.writes = append(d.writes, guarded{op, collection, keys[collection]})
			}
			if op.Paging != nil {
				d.lists = append(d.lists, op)
			}
		}
	}
	slices.SortStableFunc(d.writes, func(x, y guarded) int { return removes(x.write) - removes(y.write) })
	if len(d.lists) > 0 && len(d.writes) == 0 {
		for _, c := range table.Collections {
			for i := 1; i < itemsSeeded; i++ { // one is there as a sample
				d.server.Seed(c.Name, fmt.Sprintf(`{"name": "name %d"}`, i))
			}
		}
	}
}

func removes(op *api.Operation) int {
	if op.Method == http.MethodDelete {
		return 1
	}
	return 0
}

// join adds a description to the document of all: its paths are below its name, and everything that is called something is called so, too.
func (b *bench) join(name string, data []byte, overlays []Input) {
	b.t.Helper()
	var doc map[string]any
	if err := yaml.Unmarshal(data, &doc); err != nil {
		b.t.Fatal(err)
	}
	renamed, _ := renamedIn(doc, name).(map[string]any)
	all, _ := b.doc["paths"].(map[string]any)
	paths, _ := renamed["paths"].(map[string]any)
	for path, item := range paths {
		all["/"+name+path] = item
	}
	into, _ := b.doc["components"].(map[string]any)
	components, _ := renamed["components"].(map[string]any)
	delete(components, "securitySchemes")
	for kind, named := range components {
		list, _ := named.(map[string]any)
		joined, ok := into[kind].(map[string]any)
		if !ok {
			joined = map[string]any{}
			into[kind] = joined
		}
		for k, v := range list {
			joined[name+"_"+k] = v
		}
	}
	for _, overlay := range overlays {
		var doc struct{ Actions []map[string]any }
		if err := yaml.Unmarshal(overlay.Data, &doc); err != nil {
			b.t.Fatal(err)
		}
		for _, action := range doc.Actions {
			target, _ := action["target"].(string)
			if target == "$" || action["remove"] == true {
				continue // said of the whole document; or taken away below
			}
			action["target"] = strings.NewReplacer("$.paths['/", "$.paths['/"+name+"/",
				"$.components.schemas.", "$.components.schemas."+name+"_", "$.components.schemas['", "$.components.schemas['"+name+"_",
				"$.components.responses.", "$.components.responses."+name+"_").Replace(target)
			action["update"] = renamedIn(action["update"], name)
			b.actions = append(b.actions, action)
		}
	}
}

// renamedIn gives a part of a description with the names of one among many. What it says beyond a plain description stays away from the
// client, but for results.
func renamedIn(v any, name string) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		_, isOperation := v["responses"].(map[string]any)
		isOperation = isOperation && v["operationId"] != nil
		for k, x := range v {
			switch {
			case k == "operationId":
				out[k] = name + "_" + fmt.Sprint(x)
			case k == "security", k == "servers", isOperation && k != "x-contactsgen-result" && strings.HasPrefix(k, "x-contactsgen-"):
			default:
				out[k] = renamedIn(x, name)
			}
		}
		if isOperation {
			out["tags"] = []any{name}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = renamedIn(x, name)
		}
		return out
	case string:
		if kind, rest, ok := strings.Cut(strings.TrimPrefix(v, "#/components/"), "/"); ok && strings.HasPrefix(v, "#/components/") {
			return "#/components/" + kind + "/" + name + "_" + rest
		}
	}
	return v
}

// run makes the client of all descriptions, and has a program use it.
func (b *bench) run() {
	b.t.Helper()
	doc, err := json.Marshal(b.doc)
	if err != nil {
		b.t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"overlay": "1.0.0", "info": title, "actions": b.actions})
	if err != nil {
		b.t.Fatal(err)
	}
	o := Options{Spec: Input{Name: "all.json", Data: doc}, Package: "suggested", Features: []Feature{"client", "helpers", "iterators"},
		Overlays: []Input{{Name: "all-suggested.json", Data: overlay}}}
	files, err := Generate(b.t.Context(), o)
	if err != nil {
		b.t.Fatal(err)
	}
	a, err := build(b.t.Context(), o)
	if err != nil {
		b.t.Fatal(err)
	}
	server := httptest.NewServer(b.mux)
	defer server.Close()
	m := NewModule(b.t, "../testdata/suggest/program", "tried")
	m.PutAll(b.t, "suggested", files)
	m.Put(b.t, "cases.go", b.cases(a, server.URL))
	text, err := m.Go(b.t, nil, "run", Quickly, "-buildvcs=false", ".")
	if err != nil {
		b.t.Fatalf("%v\n%s", err, text)
	}
	b.said = map[string]string{}
	for line := range strings.Lines(text) {
		name, said, _ := strings.Cut(line, ": ")
		b.said[name] = strings.TrimSpace(said)
	}
}

// cases writes what the program is to call: a line for each helper and each iterator.
func (b *bench) cases(a *api.API, address string) []byte {
	type method struct{ service, helper, iterator string }
	methods := map[string]method{}
	for _, s := range a.Services {
		for _, op := range s.Operations {
			m := method{service: s.Name}
			if op.Revision != nil {
				m.helper = op.Revision.Helper
			}
			if op.Paging != nil {
				m.iterator = op.Paging.Method
			}
			methods[op.ID] = m
		}
	}
	var out strings.Builder
	fmt.Fprintf(&out, "package main\n\nimport \"tried/suggested\"\n\nconst address = %q\n\nvar cases = []attempt{\n", address)
	line := func(name, call string, key, change []string) {
		fmt.Fprintf(&out, "\t{%q, func(c *suggested.Client) any { return c.%s }, %#v, %#v},\n", name, call, key, change)
	}
	for _, d := range b.tried {
		for _, w := range d.writes {
			m := methods[d.name+"_"+w.write.ID]
			line(d.name+" "+w.write.ID, m.service+"."+m.helper, strings.Split(w.key, "/"), changeable(w.write))
		}
		for _, l := range d.lists {
			m := methods[d.name+"_"+l.ID]
			line(d.name+" "+l.ID, m.service+"."+m.iterator, nil, nil)
		}
	}
	out.WriteString("}\n")
	return []byte(out.String())
}

// changeable gives the Go names of the members that lead to a text or a number that a write may change: nothing of the key, or the token.
func changeable(write *api.Operation) []string {
	r := write.Revision
	if r.Payload == nil {
		return nil
	}
	isFree := func(f *api.Field) bool {
		return !f.ReadOnly && !slices.Contains(r.Key, "/"+f.Name) &&
			!slices.Contains([]string{"id", "Id", "etag", "metadata"}, f.Name) &&
			!slices.ContainsFunc(r.Tokens, func(p api.TokenPart) bool { return strings.HasSuffix(p.Read.At, "/"+f.Name) })
	}
	names, at := []string(nil), r.Type
	for _, name := range strings.Split(r.Payload.Read, "/")[1:] {
		f := at.Underlying().FieldNamed(name)
		names, at = append(names, f.GoName), f.Type
	}
	return append(names, simple(at, write.Body.Type.At(r.Payload.Send), isFree)...)
}

// simple looks for a text or a number in a type, and in what is in it, that is in another type, too.
func simple(t, sent *api.Type, isFree func(*api.Field) bool) []string {
	for _, deeper := range []bool{false, true} {
		for _, f := range t.Underlying().Fields {
			to, is := sent.Underlying().FieldNamed(f.Name), f.Type.Underlying()
			switch {
			case to == nil || !isFree(f):
			case !deeper && is.Kind == api.KindScalar && (is.Go == "string" || is.Go == "float64" || strings.HasPrefix(is.Go, "int")):
				return []string{f.GoName}
			case deeper && is.Kind == api.KindArray && is.Elem.Underlying().Kind == api.KindStruct:
				return append([]string{f.GoName}, simple(is.Elem, to.Type.Underlying().Elem, isFree)...)
			case deeper && is.Kind == api.KindStruct:
				if within := simple(is, to.Type, isFree); within != nil {
					return append([]string{f.GoName}, within...)
				}
			}
		}
	}
	return nil
}

// judge says whether a helper survived the conflict, and whether both changes are there.
func (d *tried) judge(t *testing.T, w guarded, said string) {
	t.Helper()
	if said != "1 conflicts, 2 writes, 2 runs" {
		t.Errorf("the helper: %q", said)
	}
	var now map[string]any
	if exists := d.server.Get(w.collection, w.key, &now); !exists {
		if w.write.Method != http.MethodDelete && !slices.ContainsFunc(d.writes, func(x guarded) bool { return removes(x.write) > 0 }) {
			t.Error("the resource is gone")
		}
		return
	}
	if now["rival-"+w.write.ID] != "was here" {
		t.Errorf("what the rival wrote is lost: %v", now)
	}
	data, err := json.Marshal(now)
	if err != nil {
		t.Fatal(err)
	}
	if w.write.Revision.Payload != nil && !changed.Match(data) {
		t.Errorf("the change is not there: %s", data)
	}
}

// judgeList says whether a walk gave each item once, on several pages.
func (d *tried) judgeList(t *testing.T, l *api.Operation, said string) {
	t.Helper()
	if len(d.writes) > 0 {
		return // a list beside guarded writes has one item
	}
	if want := fmt.Sprintf("%d items, %[1]d different", itemsSeeded); said != want || d.server.Count(l.ID) < 2 {
		t.Errorf("%q on %d pages, want %q", said, d.server.Count(l.ID), want)
	}
}
