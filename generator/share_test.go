package generator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/faketable"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// leastShare is how many of a hundred operations have to answer sensibly.
const leastShare = 70

// TestSandboxAnswers calls every operation of a description in its sandbox, with ids that the sandbox gave and bodies made of the
// description, and counts those that answer what they declare: a declared success, with a body of the declared type. Descriptions of one's
// own:
//
//	SHARE='/path/*.yaml' go test ./generator -run '^TestSandboxAnswers$' -v
func TestSandboxAnswers(t *testing.T) {
	pattern := os.Getenv("SHARE")
	if pattern == "" {
		pattern = "../testdata/specs/*.yaml"
	}
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		a, err := decide(t.Context(), Options{Spec: Input{Name: file, Data: data}, Package: "inspected", SkipUnsupported: true}, true)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		c := newCaller(t, a)
		all := c.callAll()
		good := all - len(c.failed)
		t.Logf("%-40s %4d of %4d operations answer sensibly: %3d %%", filepath.Base(file), good, all, 100*good/max(all, 1))
		for _, line := range c.failed {
			t.Log("    " + line)
		}
		if 100*good < leastShare*all {
			t.Errorf("%s: %d of %d operations answer sensibly", file, good, all)
		}
	}
}

// caller calls the operations of a fake.
type caller struct {
	t      *testing.T
	server *fake.Server
	routes map[string]fake.Route
	ops    []*api.Operation
	keys   map[string]string // of a resource, by collection
	failed []string

	collections map[string]fake.Collection
}

func newCaller(t *testing.T, a *api.API) *caller {
	t.Helper()
	table := faketable.Table(a)
	c := &caller{t: t, server: fake.Open(table), routes: map[string]fake.Route{}, keys: map[string]string{},
		collections: map[string]fake.Collection{}}
	for _, one := range table.Collections {
		c.collections[one.Name] = one
	}
	for _, s := range faketable.Samples(a) {
		c.keys[s.Collection] = c.server.Seed(s.Collection, s.Value)
	}
	for _, r := range table.Routes {
		c.routes[r.ID] = r
	}
	for _, s := range a.Services {
		c.ops = append(c.ops, s.Operations...)
	}
	slices.SortStableFunc(c.ops, func(x, y *api.Operation) int { return c.turn(x) - c.turn(y) })
	return c
}

// turn puts what makes resources first, and removals last.
func (c *caller) turn(op *api.Operation) int {
	switch {
	case c.routes[op.ID].Verb == fake.VerbCreate:
		return 0
	case op.Method == "DELETE":
		return 2
	}
	return 1
}

func (c *caller) callAll() int {
	for _, op := range c.ops {
		if reason := c.call(op); reason != "" {
			c.failed = append(c.failed, fmt.Sprintf("%s (%s %s): %s", op.ID, op.Method, op.Path, reason))
		}
	}
	return len(c.ops)
}

// call calls one operation, and says what is wrong with its answer.
func (c *caller) call(op *api.Operation) string {
	q := c.request(op)
	if r := op.Revision; r != nil {
		for _, p := range r.Tokens {
			if v, ok := c.token(r, q, p.Read); ok {
				if text, is := v.(string); is && p.Unquoted {
					v = strings.Trim(text, `"`)
				}
				q.put(p.Send, v, r.Next)
			}
		}
	}
	out := c.send(op.Method, q)
	body := out.Body.String()
	c.learn(op, q, body)
	isSuccess := len(op.Success) == 0 && out.Code/100 == 2
	for _, s := range op.Success {
		isSuccess = isSuccess || s.From <= out.Code && out.Code <= s.To
	}
	switch {
	case !isSuccess:
		return fmt.Sprintf("%d %.120s", out.Code, body)
	case op.Result.Kind == api.ResultStream && body == "":
		return "nothing in the body"
	case op.Result.Kind != api.ResultJSON || slices.Contains(op.Bare, out.Code) || out.Code == http.StatusNoContent:
		return ""
	}
	v, ok := parsedJSON(body)
	if ok {
		v, ok = at(v, op.Result.At)
	}
	if !ok || !faketable.Conforms(op.Result.Type, v) {
		return fmt.Sprintf("not as declared: %.200s", body)
	}
	return ""
}

// learn takes the key of what was made from the answer, or from the request where that chooses it.
func (c *caller) learn(op *api.Operation, q *question, body string) {
	r := c.routes[op.ID]
	v, _ := parsedJSON(body)
	if r.Verb != fake.VerbCreate || c.keys[r.Collection] != "" {
		return
	}
	of := c.collections[r.Collection]
	parts := slices.Clone(q.parents)
	for _, place := range of.Key[min(len(parts), len(of.Key)):] {
		value, ok := at(v, r.Resource+place)
		if !ok {
			value, _ = at(q.body, r.Payload.Send+place) // what the request chose
		}
		parts = append(parts, url.PathEscape(fmt.Sprint(value)))
	}
	c.keys[r.Collection] = strings.Join(parts, "/")
}

// question is a request in the making.
type question struct {
	path   string
	query  url.Values
	header http.Header
	body   any
	form   bool

	parents []string // keys in the path
}

// request makes the request of an operation: the key of a resource that is there, and values of the description.
func (c *caller) request(op *api.Operation) *question {
	q := &question{path: op.Path, query: url.Values{}, header: http.Header{}}
	keys := strings.Split(c.keys[c.routes[op.ID].Collection], "/")
	for i, p := range op.PathParams {
		value := fmt.Sprint(faketable.Example(p.Type))
		if i < len(keys) && keys[i] != "" {
			value = keys[i]
		} else {
			value = url.PathEscape(value)
		}
		q.path = strings.Replace(q.path, "{"+p.Name+"}", value, 1)
		q.parents = append(q.parents, value)
	}
	for _, p := range op.Required {
		v := faketable.Example(p.Type)
		if list, ok := v.([]any); ok && len(list) > 0 {
			v = list[0]
		}
		q.put(api.Location{In: p.In, Name: p.Name}, v, false)
	}
	if op.Body != nil && op.Body.Type != nil {
		q.body, q.form = faketable.Example(op.Body.Type), op.Body.Encoding == api.BodyForm
	}
	for i, l := range c.routes[op.ID].Key {
		if l.In != fake.Place(api.InPath) && i < len(keys) && keys[i] != "" {
			q.put(api.Location{In: api.Place(l.In), Name: l.Name, At: l.At}, keys[i], false)
		}
	}
	return q
}

// put sets a place of a request.
func (q *question) put(l api.Location, v any, next bool) {
	text := fmt.Sprint(v)
	if n, ok := v.(json.Number); ok && next {
		i, _ := n.Int64()
		v = json.Number(fmt.Sprint(i + 1))
		text = fmt.Sprint(v)
	}
	switch l.In {
	case api.InQuery:
		q.query.Set(l.Name, text)
	case api.InHeader:
		q.header.Set(l.Name, text)
	case api.InBody:
		q.body = set(q.body, strings.Split(l.At, "/")[1:], v)
	}
}

// set puts a value at a place; in a list at the element that a segment such as [type=CONTACT] names, which is made.
func set(in any, path []string, v any) any {
	if len(path) == 0 {
		return v
	}
	if filter, ok := strings.CutPrefix(path[0], "["); ok {
		name, value, _ := strings.Cut(strings.TrimSuffix(filter, "]"), "=")
		return []any{set(map[string]any{name: value}, path[1:], v)}
	}
	o, ok := in.(map[string]any)
	if !ok {
		o = map[string]any{}
	}
	o[path[0]] = set(o[path[0]], path[1:], v)
	return o
}

// token reads a part of the token that a write needs.
func (c *caller) token(r *api.Revision, write *question, l api.Location) (any, bool) {
	q := c.request(r.Read)
	q.path = r.Read.Path
	values := strings.Split(write.path, "/")
	for i, s := range strings.Split(r.Write.Path, "/") {
		if strings.Contains(s, "{") && i < len(values) {
			name, _, _ := strings.Cut(strings.TrimPrefix(s, "{"), "}")
			value, _, _ := strings.Cut(values[i], ":")
			q.path = strings.Replace(q.path, "{"+name+"}", value, 1)
		}
	}
	out := c.send(r.Read.Method, q)
	if l.In == api.InHeader {
		return out.Header().Get(l.Name), out.Header().Get(l.Name) != ""
	}
	v, ok := parsedJSON(out.Body.String())
	if !ok {
		return nil, false
	}
	return at(v, l.At)
}

func (c *caller) send(method string, q *question) *httptest.ResponseRecorder {
	body := ""
	if q.body != nil {
		data, err := json.Marshal(q.body)
		if err != nil {
			c.t.Fatal(err)
		}
		body = string(data)
		q.header.Set("Content-Type", "application/json")
	}
	if o, ok := q.body.(map[string]any); ok && q.form {
		values := url.Values{}
		for k, v := range o {
			values.Set(k, fmt.Sprint(v))
		}
		body = values.Encode()
		q.header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r := httptest.NewRequestWithContext(c.t.Context(), method, "http://127.0.0.1"+q.path+"?"+q.query.Encode(), strings.NewReader(body))
	for k, v := range q.header {
		r.Header[k] = v
	}
	out := httptest.NewRecorder()
	c.server.ServeHTTP(out, r)
	return out
}

func parsedJSON(text string) (v any, ok bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return v, d.Decode(&v) == nil
}

// at gives the value at a place, where lists are searched as a token's place says.
func at(v any, pointer string) (any, bool) {
	for _, s := range strings.Split(pointer, "/")[1:] {
		name, value, filters := strings.Cut(strings.Trim(s, "[]"), "=")
		switch node := v.(type) {
		case map[string]any:
			next, ok := node[strings.NewReplacer("~1", "/", "~0", "~").Replace(s)]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			i := slices.IndexFunc(node, func(x any) bool { o, _ := x.(map[string]any); return filters && o[name] == value })
			if i < 0 {
				return nil, false
			}
			v = node[i]
		default:
			return nil, false
		}
	}
	return v, true
}
