// Package faketable decides what the fake does: it makes the fake's table of routes from a decided API.
//
// The table is data of package templates/fake. The emitter prints it, the sandbox serves it; both see the same one. Where the description
// says nothing (x-fake), the shape decides, in the manner of the table below; what no rule covers is left to Handle.
//
//	resource        what answers one JSON object at a path that ends in a parameter, or is read by an x-revision; items of pages
//	create          POST beside it, with a body
//	read            the operation that made it a resource
//	update          what an x-revision guards with a payload; PATCH (merged) or PUT (replaced) at the same path
//	delete          DELETE at the same path
//	list, query     an answer in pages of it, by GET or by POST; GET beside it that answers an array of it
//	touch           what an x-revision guards without a payload
//	answer          everything else: an example of the description, or one that is made
package faketable

import (
	"net/url"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// Table gives the table of routes of an API.
func Table(a *api.API) *fake.Table {
	t := &table{api: a, byPath: map[string]*resource{}, within: map[*api.Type]bool{}}
	t.collectResources()
	out := &fake.Table{
		Title:    a.Title,
		BasePath: basePath(a.BaseURL),
		Pack:     a.FakePack,
		Errors:   errorFormat(&a.Errors),
		Shapes:   t.shapes(),
	}
	t.eachOperation(func(op *api.Operation) { out.Routes = append(out.Routes, t.route(op)) })
	for _, r := range t.resources {
		c := r.collection()
		t.complete(r, &c, out.Routes)
		out.Collections = append(out.Collections, c)
	}
	return out
}

// complete decides what a resource has that no request says. Where a pack keeps resources, it knows.
func (t *table) complete(r *resource, c *fake.Collection, routes []fake.Route) {
	if t.api.FakePack != "" {
		return
	}
	c.Open = !slices.ContainsFunc(routes, func(one fake.Route) bool { return one.Collection == r.name && one.Verb == fake.VerbCreate })
	sample := r.sample()
	if !c.Open {
		for name := range sample {
			if f := r.typ.FieldNamed(name); f == nil || !f.Required {
				delete(sample, name)
			}
		}
	}
	for _, at := range slices.Concat(c.Key, c.Created, c.Updated) {
		delete(sample, strings.TrimPrefix(at, "/"))
	}
	if len(sample) > 0 {
		c.Sample = written(sample)
	}
}

// sample is the description's example of a resource, or one that is made of its type.
func (r *resource) sample() map[string]any {
	if v := exampleAt(r.read.Result.Example, r.at); v != nil && Conforms(r.typ, v) {
		return v
	}
	out, _ := Example(r.typ).(map[string]any)
	return out
}

// table is a table in the making.
type table struct {
	api       *api.API
	resources []*resource
	byPath    map[string]*resource
	within    map[*api.Type]bool // the arrays and maps whose schemas are being made
}

// resource is a kind of thing that the fake keeps: a collection to be.
type resource struct {
	name     string
	path     string // template of its path with parameters unnamed
	read     *api.Operation
	at       string // place in the read's answer
	typ      *api.Type
	revision *api.Revision // one of those that read it; nil when none does
	examples []any         // what the example of a list has, where nothing reads one by itself
}

// collectResources finds the resources: first those that guarded writes read, then what a path with a parameter at its end answers, and
// then the items of lists in pages, which come to an end only where there are so many and no more.
func (t *table) collectResources() {
	t.eachOperation(func(op *api.Operation) {
		if r := op.Revision; r != nil {
			t.add(&resource{read: r.Read, at: r.Resource, typ: r.Type.Underlying(), revision: r})
		}
	})
	t.eachOperation(func(op *api.Operation) {
		named := op.Fake != nil && op.Fake.Verb == "read"
		if isObject(op.Result) && (named || op.Method == "GET" && endsInParameter(op.Path) && op.Paging == nil) {
			t.add(&resource{read: op, at: op.Result.At, typ: op.Result.Type.Underlying()})
		}
	})
	t.eachOperation(func(op *api.Operation) {
		if p := op.Paging; p != nil && op.Fake == nil && t.api.FakePack == "" && p.Item != nil && p.Item.Underlying().HasFields() &&
			t.ofType(p.Item) == nil && t.byPath[unnamed(op.Path)+"/{}"] == nil {
			t.add(itemOf(op))
		}
	})
}

// itemOf makes a resource of what a list has and nothing reads: as if it were read below the list.
func itemOf(op *api.Operation) *resource {
	id := &api.Param{Name: "id", In: api.InPath}
	read := &api.Operation{ID: op.ID, Path: op.Path + "/{id}", PathParams: append(slices.Clone(op.PathParams), id)}
	r := &resource{read: read, typ: op.Paging.Item.Underlying()}
	if r.examples = listAt(op.Result.Example, op.Paging.Items); len(r.examples) > 0 {
		read.Result.Example = written(r.examples[0])
	}
	return r
}

// add keeps a resource, unless one of its path is known. It is called as its read's x-fake says, or like its type; if that is taken, like
// what reads it.
func (t *table) add(r *resource) {
	r.path = unnamed(r.read.Path)
	if t.byPath[r.path] != nil {
		return
	}
	r.name = r.typ.Name
	if f := r.read.Fake; f != nil && f.Collection != "" {
		r.name = f.Collection
	}
	if r.name == "" || t.named(r.name) != nil {
		r.name = r.read.ID
	}
	t.byPath[r.path] = r
	t.resources = append(t.resources, r)
}

func (t *table) named(name string) *resource {
	for _, r := range t.resources {
		if r.name == name {
			return r
		}
	}
	return nil
}

// keyNames gives what the request of its read calls the parts of a resource's key.
func (r *resource) keyNames() []string {
	var out []string
	if f := r.read.Fake; f != nil && f.Key != nil {
		for _, l := range f.Key {
			name := l.Name
			if l.In == api.InBody {
				name = l.At[strings.LastIndexByte(l.At, '/')+1:]
			}
			out = append(out, name)
		}
		return out
	}
	for _, p := range r.read.PathParams {
		out = append(out, p.Name)
	}
	return out
}

// ofType gives the resource of a type; nil when there is none.
func (t *table) ofType(typ *api.Type) *resource {
	if typ == nil {
		return nil
	}
	for _, r := range t.resources {
		if r.typ == typ.Underlying() {
			return r
		}
	}
	return nil
}

// above gives the resource that a path is at or below.
func (t *table) above(path string) *resource {
	for path = unnamed(path); path != ""; path = parent(path) {
		if r := t.byPath[path]; r != nil {
			return r
		}
	}
	return nil
}

func (t *table) eachOperation(f func(*api.Operation)) {
	for _, s := range t.api.Services {
		for _, op := range s.Operations {
			f(op)
		}
	}
}

func isObject(r api.Result) bool {
	return r.Kind == api.ResultJSON && r.Type != nil && r.Type.Underlying().HasFields()
}

func basePath(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(u.EscapedPath(), "/")
}

// unnamed gives a path template without the names of its parameters.
func unnamed(path string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(path, "{")
		b.WriteString(before)
		if !ok {
			return strings.TrimSuffix(b.String(), "/")
		}
		b.WriteString("{}")
		_, path, _ = strings.Cut(rest, "}")
	}
}

func parent(path string) string {
	i := strings.LastIndexByte(path, '/')
	return path[:max(i, 0)]
}

// ownBase gives the path of an operation's own server, when that is the same host as that of the others: a client that is pointed at the
// fake then keeps the path.
func (t *table) ownBase(op *api.Operation) string {
	own, err := url.Parse(op.BaseURL)
	all, bad := url.Parse(t.api.BaseURL)
	if op.BaseURL == "" || err != nil || bad != nil || own.Scheme != all.Scheme || own.Host != all.Host {
		return ""
	}
	return strings.TrimSuffix(own.EscapedPath(), "/")
}

func endsInParameter(path string) bool { return strings.HasSuffix(unnamed(path), "/{}") }
