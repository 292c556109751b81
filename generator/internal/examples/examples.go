// Package examples writes the Examples of a client: programs that go test runs against the client's own fake, one for each kind of helper
// that there is.
//
// What an Example prints is known before it is written: each is tried on the fake, request by request, and what the fake does not do as the
// Example would say is not shown. The package decides what is worth showing; it does not know what files are for.
package examples

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/emit"
	"github.com/contactsgen/contactsgen/generator/internal/faketable"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// FileName is the file that has them, in the client's folder. It is a test's, so no program that imports the client gets it.
const FileName = "example.gen_test.go"

// An example is one function.
type example struct {
	name   string // "ExampleThingsService_Create"
	about  string // its comment, a line for each element
	body   []string
	output string
}

// Print gives the file of Examples for a client that is imported by a path; nil where there is nothing to show. Those that are called as
// without says are left out.
func Print(a *api.API, importPath string, without func(name string) bool) []byte {
	credentials := emit.CredentialCalls(a)
	if credentials == nil || !a.Features[api.FeatureFake] {
		return nil
	}
	p := newPrinter(a)
	all := slices.DeleteFunc([]*example{p.read(), p.update(), p.from(), p.iterate(), p.create(), p.missing()}, func(e *example) bool {
		return e == nil || without(e.name)
	})
	if len(all) == 0 {
		return nil
	}
	return p.file(all, importPath, credentials)
}

// printer holds what every Example is made from.
type printer struct {
	api       *api.API
	table     *fake.Table
	routes    map[string]fake.Route // by operationId
	samples   map[string]string     // by collection, as JSON
	pkg, fake string
}

// taken are names that mean something in Examples: a package of such a name is imported by another.
var taken = []string{
	"client", "context", "err", "error", "errors", "failed", "fmt", "found", "id", "nil", "panic", "read", "report", "string", "srv", "v",
}

func newPrinter(a *api.API) *printer {
	p := &printer{
		api: a, table: faketable.Table(a), routes: map[string]fake.Route{}, samples: faketable.Resources(a),
		pkg: a.Package, fake: emit.FakePackage(a),
	}
	if slices.Contains(taken, p.pkg) {
		p.pkg += "api"
	}
	for _, r := range p.table.Routes {
		p.routes[r.ID] = r
	}
	return p
}

// file joins Examples, and the function that they get their client from.
func (p *printer) file(all []*example, importPath string, credentials []string) []byte {
	var b strings.Builder
	for _, e := range all {
		b.WriteString("\n")
		for _, line := range strings.Split(e.about, "\n") {
			fmt.Fprintf(&b, "// %s\n", line)
		}
		fmt.Fprintf(&b, "func %s() {\n", e.name)
		for _, line := range e.body {
			b.WriteString(line + "\n")
		}
		fmt.Fprintf(&b, "// Output: %s\n}\n", e.output)
	}
	options := []string{p.pkg + ".WithBaseURL(srv.URL())"}
	for _, option := range credentials {
		options = append(options, p.pkg+strings.TrimPrefix(option, p.api.Package))
	}
	fmt.Fprintf(&b, `
// exampleClient makes a client of a fake. Without its first option it calls the API itself.
func exampleClient(srv *%s.Server) *%s.Client {
	client, err := %s.NewClient(%s)
	if err != nil {
		panic(err)
	}
	return client
}
`, p.fake, p.pkg, p.pkg, strings.Join(options, ", "))
	body := b.String()
	var head strings.Builder
	fmt.Fprintf(&head, "package %s_test\n\nimport (\n", p.api.Package)
	for _, name := range []string{"context", "errors", "fmt"} {
		if strings.Contains(body, name+".") {
			fmt.Fprintf(&head, "%q\n", name)
		}
	}
	alias := ""
	if path.Base(importPath) != p.pkg {
		alias = p.pkg + " "
	}
	fmt.Fprintf(&head, "\n%s%q\n%q\n)\n", alias, importPath, importPath+"/"+p.fake)
	return []byte(head.String() + body)
}

// failing are the lines that end an Example where a call fails, which its output would then tell.
var failing = []string{"if err != nil {", "\tfmt.Println(err)", "\treturn", "}"}

// server are the lines that an Example begins with.
func (p *printer) server() []string {
	return []string{"srv := " + p.fake + ".New()", "defer srv.Close()"}
}

// method gives the name of the Example of a method, and what the method is called by.
func (p *printer) method(s *api.Service, name string) (example, call string) {
	return "Example" + s.TypeName + "_" + name, "client." + s.Name + "." + name
}

// read shows the first read of a resource.
func (p *printer) read() *example {
	for _, s := range p.api.Services {
		for _, op := range s.Operations {
			route := p.routes[op.ID]
			if op.Result.Kind != api.ResultJSON || route.Verb != fake.VerbRead || !p.isPlain(op) || op.Body != nil || len(op.Required) > 0 {
				continue
			}
			r := p.resource(route.Collection, op.PathParams)
			if r == nil || p.readStatus(r, op) != http.StatusOK {
				continue
			}
			name, call := p.method(s, op.Name)
			field, value := shown(op.Result.Type, op.Result.At, route.Resource, r.value)
			e := &example{name: name, about: "A resource that the fake was given is read.", body: append(p.server(), r.seed(),
				"client := exampleClient(srv)", "")}
			if field == "" {
				e.body = append(e.body, fmt.Sprintf("_, err := %s(context.Background(), %s)", call, r.args),
					fmt.Sprintf("fmt.Println(err, srv.Count(%s.%s))", p.pkg, op.ConstName))
				e.output = "<nil> 1"
				return e
			}
			e.body = append(append(e.body, fmt.Sprintf("read, err := %s(context.Background(), %s)", call, r.args)), failing...)
			e.body = append(e.body, "fmt.Println("+field+")")
			e.output = value
			return e
		}
	}
	return nil
}

// update shows the first guarded write, which another writer is faster than.
func (p *printer) update() *example {
	g := p.guarded(func(r *api.Revision) string { return r.Helper })
	if g == nil {
		return nil
	}
	name, call := p.method(g.service, g.revision.Helper)
	body := append(p.server(), g.seed,
		fmt.Sprintf("srv.Inject(%s.Fault{Kind: %s.Conflict, Operation: %s.%s})", p.fake, p.fake, p.pkg, g.revision.Write.ConstName),
		"client := exampleClient(srv)", "", "var report "+p.pkg+".Report",
		fmt.Sprintf("_, err := %s(context.Background(), %s, func(v *%s) error {", call, g.args, p.typ(g.revision.Type)),
		"\t"+g.edit, "\treturn nil", "}, "+p.pkg+".WithReport(&report))")
	body = append(append(body, failing...), `fmt.Println(report.Outcome, "after", report.Conflicts, "conflict")`)
	return &example{
		name:  name,
		about: "Somebody else writes first, once. What they wrote is read, and the change is made on that: neither is lost.",
		body:  body, output: "updated after 1 conflict",
	}
}

// from shows a guarded write of a copy.
func (p *printer) from() *example {
	g := p.guarded(func(r *api.Revision) string {
		if r.Resource != r.Read.Result.At || r.Read.Result.Type.Name != r.Type.Name {
			return "" // what is read is not what is written
		}
		return r.From
	})
	if g == nil {
		return nil
	}
	name, call := p.method(g.service, g.revision.From)
	_, read := p.method(p.serviceOf(g.revision.Read), g.revision.Read.Name)
	body := append(p.server(), g.seed, "client := exampleClient(srv)", "",
		fmt.Sprintf("read, err := %s(context.Background(), %s)", read, g.args))
	body = append(append(body, failing...),
		fmt.Sprintf("_, err = %s(context.Background(), read, func(v *%s) error {", call, p.typ(g.revision.Type)),
		"\t"+g.edit, "\treturn nil", "})",
		fmt.Sprintf("fmt.Println(err, srv.Count(%s.%s))", p.pkg, g.revision.Read.ConstName))
	return &example{
		name:  name,
		about: "A copy that was read a moment ago is changed without reading it again.",
		body:  body, output: "<nil> 1",
	}
}

// iterate shows the first list that the fake has something for.
func (p *printer) iterate() *example {
	for _, s := range p.api.Services {
		for _, op := range s.Operations {
			r := p.listed(op)
			if r == nil {
				continue
			}
			name, call := p.method(s, op.Paging.Method)
			body := append(p.server(), "for range 2 {", r.seed(), "}", "client := exampleClient(srv)", "", "found := 0",
				fmt.Sprintf("for _, err := range %s(%s) {", call, p.joined(r.args)))
			body = append(append(body, failing...), "found++", "}", `fmt.Println("found", found)`)
			return &example{
				name: name, about: "All there are, page by page. An error ends the iteration.", body: body, output: "found 2",
			}
		}
	}
	return nil
}

// create shows the first operation that makes a resource.
func (p *printer) create() *example {
	for _, s := range p.api.Services {
		for _, op := range s.Operations {
			args := p.creates(op)
			if args == "" {
				continue
			}
			name, call := p.method(s, op.Name)
			result := "_, err :="
			if op.Result.Kind == api.ResultNone {
				result = "err :="
			}
			body := append(p.server(), "client := exampleClient(srv)", "",
				fmt.Sprintf("%s %s(context.Background(), %s)", result, call, args),
				fmt.Sprintf("fmt.Println(err, srv.Count(%s.%s))", p.pkg, op.ConstName))
			return &example{name: name, about: "A request with what the API asks for.", body: body, output: "<nil> 1"}
		}
	}
	return nil
}

// missing shows what reading something that is not there gives.
func (p *printer) missing() *example {
	for _, s := range p.api.Services {
		for _, op := range s.Operations {
			if op.Result.Kind != api.ResultJSON || !p.answers404(op) {
				continue
			}
			_, call := p.method(s, op.Name)
			body := append(p.server(), "client := exampleClient(srv)", "",
				fmt.Sprintf("_, err := %s(context.Background(), %q)", call, nobody),
				fmt.Sprintf("var failed *%s.APIError", p.pkg),
				fmt.Sprintf("if errors.Is(err, %s.ErrNotFound) && errors.As(err, &failed) {", p.pkg),
				"\tfmt.Println(failed.Operation, failed.Status)", "}")
			return &example{
				name: "ExampleAPIError", about: "What went wrong is asked with errors.Is; what the server said is an *APIError.",
				body: body, output: op.ID + " 404",
			}
		}
	}
	return nil
}

// joined puts arguments behind the context.
func (p *printer) joined(args string) string {
	return strings.TrimSuffix("context.Background(), "+args, ", ")
}

// typ gives the name of a type as a caller writes it.
func (p *printer) typ(t *api.Type) string { return p.pkg + "." + t.Name }

func (p *printer) serviceOf(op *api.Operation) *api.Service {
	for _, s := range p.api.Services {
		if slices.Contains(s.Operations, op) {
			return s
		}
	}
	return nil
}
