package analyze

import (
	"fmt"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// operation is an operation while it is being decided: what the model keeps, and what only the decisions need.
type operation struct {
	*api.Operation
	node          source.Node
	tag           *tag
	params        []*api.Param // all, in the order of the description
	answer        *api.Type    // of the whole successful answer; nil when it is not JSON
	answerNode    source.Node  // the first that is JSON
	joined        bool         // it is the union of several
	answerHeaders []header
	resultPath    []api.Step // Result.At, in steps
	failures      []failure  // declared answers that are not the success
	problems      diag.List  // why it cannot be generated
	derivedID     bool
	label         string // names what is made for it beside its method
	ownServer     bool   // it, or its path, names one
}

// header is a declared header of an answer.
type header struct {
	Name string
	Type *api.Type
}

// failure is a declared error answer.
type failure struct {
	status  int // 0 is default, or a class of statuses
	node    source.Node
	body    *api.Type
	headers []header
}

// methods are the HTTP methods that a path item has words for. That of QUERY is OpenAPI 3.2's.
var methods = []string{"get", "head", "options", "trace", "post", "put", "patch", "delete", "query"}

// bodyType gives the type of a body that is JSON or a form without files, nil when there is none.
func (o *operation) bodyType() *api.Type {
	if o.Body == nil {
		return nil
	}
	return o.Body.Type
}

// isWrite tells whether calling the operation changes something.
func (o *operation) isWrite() bool { return !o.Safe && o.Method != "OPTIONS" && o.Method != "TRACE" }

// readOperations reads all operations in the order of the description.
func (b *builder) readOperations() {
	for _, p := range b.root.Get("paths").Members() {
		item, err := p.Value.Follow()
		if err != nil {
			b.refusePath(p.Key, problemsOf(err))
			continue
		}
		items := []source.Node{item}
		if item != p.Value {
			items = append(items, p.Value) // what stands beside its reference
		}
		for _, m := range b.operationsOf(items) {
			if m.Value, err = m.Value.Follow(); err != nil { // OpenAPI has no references there; descriptions in several files do
				b.refusePath(p.Key, problemsOf(err))
				continue
			}
			if b.isWanted(m.Value) {
				b.readOperation(p.Key, items, m)
			} else {
				b.leftOut[m.Value.Get("operationId").Text()] = true
			}
		}
	}
	b.checkChoice()
	b.checkIDs()
	b.decideServers()
}

// operationsOf lists the operations of a path item by their HTTP methods, with those that stand beside a reference in the place of those
// that it leads to.
func (b *builder) operationsOf(items []source.Node) []source.Member {
	var out []source.Member
	for i, item := range items {
		for _, m := range b.methodsOf(item) {
			if !slices.ContainsFunc(items[i+1:], func(n source.Node) bool {
				return slices.ContainsFunc(b.methodsOf(n), func(other source.Member) bool { return other.Key == m.Key })
			}) {
				out = append(out, m)
			}
		}
	}
	return out
}

// methodsOf lists the operations that stand in a path item itself. Since OpenAPI 3.2 they may have any method.
func (b *builder) methodsOf(item source.Node) []source.Member {
	var out []source.Member
	since32 := b.doc.Generation() == "3.2"
	for _, m := range item.Members() {
		switch {
		case slices.Contains(methods, m.Key) && (since32 || m.Key != "query"):
			m.Key = strings.ToUpper(m.Key)
			out = append(out, m)
		case since32 && m.Key == "additionalOperations":
			for _, a := range m.Value.Members() {
				if slices.Contains(methods, strings.ToLower(a.Key)) || strings.ContainsFunc(a.Key, notOfMethods) || a.Key == "" {
					b.problems.Add(&diag.Problem{Pos: a.KeyPos, Message: "additionalOperations has " + diag.Quote(a.Key) +
						", which is no method of its own",
						Help: "write a method in letters, as it is sent; " + strings.Join(methods, ", ") + " stand in the path item itself"})
					continue
				}
				out = append(out, a)
			}
		}
	}
	return out
}

// notOfMethods tells whether a character cannot be in the name of a method.
func notOfMethods(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("-_.", c)
}

// refusePath refuses whatever operations a path has that cannot be reached, or leaves them out.
func (b *builder) refusePath(path string, problems []*diag.Problem) {
	if b.options.SkipUnsupported {
		b.api.Skipped = append(b.api.Skipped, api.Skipped{Method: "*", Path: path, Problem: problems[0]})
		return
	}
	for _, p := range problems {
		b.problems.Add(p)
	}
}

// readOperation reads one operation, but for what it says of others.
func (b *builder) readOperation(path string, items []source.Node, m source.Member) {
	n := m.Value
	o := &operation{node: n, tag: b.tagOf(n, path), Operation: &api.Operation{
		ID:      n.Get("operationId").Text(),
		Method:  m.Key,
		Summary: cleanText(n.Get("summary").Text()),
		Doc:     cleanText(n.Get("description").Text()),
		Pos:     m.KeyPos,
		Overlay: n.JSONPath(),
	}}
	for _, p := range b.slips[n] {
		o.problems.Add(p)
	}
	b.splitPath(o, path)
	o.Deprecated, _ = n.Get("deprecated").Bool()
	o.Reason = deprecationOf(n)
	if o.ID == "" {
		o.ID, o.derivedID = derivedID(o.Method, path), true
	}
	o.Safe = o.Method == "GET" || o.Method == "HEAD" || o.Method == "QUERY"
	if x, ok := b.extension(n, "x-safe"); ok {
		o.Safe, _ = x.Bool()
	}
	b.readServer(o, append([]source.Node{n}, reversed(items)...)...)
	b.checkSchemes(n.Get("security"), &o.problems)
	b.speaksOfSecurity = b.speaksOfSecurity || n.Has("security")
	o.label = naming.Label(o.naming())
	hint := o.label
	b.readParameters(o, items, hint)
	b.readBody(o, hint)
	b.readAnswers(o, hint)
	b.operations = append(b.operations, o)
}

func reversed(items []source.Node) []source.Node {
	out := slices.Clone(items)
	slices.Reverse(out)
	return out
}

// derivedID makes an operationId of method and path: GET /pets/{petId}/toys is getPetsByPetIdToys.
func derivedID(method, path string) string {
	var b strings.Builder
	b.WriteString(strings.ToLower(method))
	for _, segment := range strings.Split(path, "/") {
		if strings.ContainsAny(segment, "{}") {
			b.WriteString("By")
		}
		b.WriteString(naming.Camel(segment))
	}
	return b.String()
}

// checkIDs indexes operations by their id. Where two say that they are the same, the later one is called after its method and path by those
// who rather leave things out than mend them, which costs nothing but the name; everybody else hears of it.
func (b *builder) checkIDs() {
	for _, o := range b.operations {
		first := b.byID[o.ID]
		switch {
		case first == nil || first.derivedID && !o.derivedID:
			b.byID[o.ID] = o
		case !o.derivedID:
			p := &diag.Problem{
				Pos: o.node.Get("operationId").Pos(),
				Message: fmt.Sprintf("the operationId %s is already that of %s %s at %s", diag.Quote(o.ID), first.Method, first.Path,
					first.node.Get("operationId").Pos()),
				Help: "give one of them another operationId",
			}
			if !b.options.SkipUnsupported {
				o.problems.Add(p)
				continue
			}
			o.ID, o.derivedID = derivedID(o.Method, o.Path), true
			o.label = naming.Label(o.naming())
			b.api.Notes = append(b.api.Notes, p)
		}
	}
}
