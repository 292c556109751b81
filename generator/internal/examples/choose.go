package examples

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/faketable"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// nobody is a key that nothing has.
const nobody = "nobody"

// guard is a guarded write that can be shown.
type guard struct {
	service          *api.Service
	revision         *api.Revision
	seed, args, edit string // Go
}

// guarded gives the first guarded update that a helper makes of a resource that can be put into the fake.
func (p *printer) guarded(helper func(*api.Revision) string) *guard {
	if !p.api.Features[api.FeatureHelpers] {
		return nil
	}
	for _, s := range p.api.Services {
		for _, op := range s.Operations {
			r := op.Revision
			if r == nil || r.Payload == nil || helper(r) == "" || !p.isPlain(op) || !p.isPlain(r.Read) || len(r.Required)+len(r.Asks) > 0 ||
				r.ReadBody != "" || len(r.Read.Required)+len(r.Keys) > 0 || len(r.Read.PathParams) != len(op.PathParams) ||
				p.serviceOf(r.Read) == nil || r.Type.Name == "" || p.routes[op.ID].Verb != fake.VerbUpdate {
				continue
			}
			have := p.resource(p.routes[op.ID].Collection, op.PathParams)
			if have == nil || p.readStatus(have, r.Read) != http.StatusOK {
				continue
			}
			if e := p.accepted(r, have); e != nil {
				return &guard{s, r, have.seed(), have.args, e.code}
			}
		}
	}
	return nil
}

// isPlain tells whether an operation needs no credentials but those of the others.
func (p *printer) isPlain(op *api.Operation) bool { return op.Security == 0 && op.BaseURL == "" }

// oneText tells whether parameters are one text.
func oneText(params []*api.Param) bool {
	if len(params) != 1 {
		return false
	}
	t := params[0].Type
	return t.Name == "" && t.Kind == api.KindScalar && t.Go == "string" && params[0].In == api.InPath
}

// resource is one that an Example puts into a fake.
type resource struct {
	collection string
	value      map[string]any
	parents    []string // parts of its key that it does not say itself
	args       string   // Go: its key, as arguments of a method
	path       []string // the same as texts
	ownKey     bool     // the fake makes the key
}

// resource gives one of a collection whose key, or the beginning of it, some path parameters are; nil where none can be made. What has one
// text for a key gets it from the fake, and so do ends of keys.
func (p *printer) resource(collection string, params []*api.Param) *resource {
	keys := p.collection(collection).Key
	if len(keys) == 0 || len(params) > len(keys) || slices.Contains(keys[len(params):], "") {
		return nil
	}
	r := &resource{collection: collection, value: p.sample(collection)}
	if r.value == nil {
		return nil
	}
	if oneText(params) && len(keys) == 1 && keys[0] != "" {
		r.args, r.ownKey = "id", true
		return r
	}
	values, ok := p.arguments(params)
	if !ok {
		return nil
	}
	for i, v := range values {
		switch at := keys[i]; {
		case at != "":
			put(r.value, at, v.value)
		case len(r.parents) < i:
			return nil // the fake takes parents from the first on
		default:
			r.parents = append(r.parents, v.text())
		}
		r.args, r.path = r.args+", "+v.code, append(r.path, v.text())
	}
	r.args = strings.TrimPrefix(r.args, ", ")
	return r
}

// argument is a value of a path parameter, and how it is written in Go.
type argument struct {
	value any
	code  string
}

func (a argument) text() string { return fmt.Sprint(a.value) }

// arguments makes values of path parameters up.
func (p *printer) arguments(params []*api.Param) (list []argument, ok bool) {
	m := &maker{pkg: p.pkg}
	for _, param := range params {
		value := faketable.Example(param.Type)
		code, made := m.value(param.Type, value, false, 0)
		if !made || param.In != api.InPath || param.Style != "" && param.Style != "simple" {
			return nil, false
		}
		list = append(list, argument{value, code})
	}
	return list, true
}

// put puts a value at a place in an object, making objects on the way.
func put(o map[string]any, at string, value any) {
	names := strings.Split(at, "/")[1:]
	for _, name := range names[:len(names)-1] {
		inner, is := o[jsonpointer.Unescape(name)].(map[string]any)
		if !is {
			inner = map[string]any{}
			o[jsonpointer.Unescape(name)] = inner
		}
		o = inner
	}
	o[jsonpointer.Unescape(names[len(names)-1])] = value
}

// shown gives a text of a resource that a read gives back, as a caller gets at it, and what it is; "" where it has none.
func shown(t *api.Type, at, resourceAt string, value map[string]any) (code, text string) {
	if t == nil || at != resourceAt {
		return "", ""
	}
	for _, f := range t.Underlying().Fields {
		word, isText := value[f.Name].(string)
		if !isText || !isShowable(word) || word != strings.TrimSpace(word) || word == "" || f.Clears || f.Type.Underlying().Go != "string" {
			continue
		}
		if f.Pointer {
			return "*read." + f.GoName, word
		}
		return "read." + f.GoName, word
	}
	return "", ""
}

// seed prints the call that puts a resource into a fake.
func (r *resource) seed() string {
	call := seeding(r.collection, r.value, r.parents)
	if r.ownKey {
		return "id := " + call
	}
	return call
}

// collection gives what the fake keeps under a name.
func (p *printer) collection(name string) fake.Collection {
	for _, c := range p.table.Collections {
		if c.Name == name {
			return c
		}
	}
	return fake.Collection{}
}

// sample gives a resource of a collection, without its key: the fake makes one. It is what is required, and a few texts, so that it can be
// read at a glance. A nil map is none.
func (p *printer) sample(collection string) map[string]any {
	var v map[string]any
	d := json.NewDecoder(strings.NewReader(p.samples[collection]))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil
	}
	for _, at := range p.collection(collection).Key {
		delete(v, jsonpointer.Unescape(strings.TrimPrefix(at, "/")))
	}
	for _, s := range p.api.Services {
		for _, op := range s.Operations {
			if r := op.Revision; r != nil && p.routes[op.ID].Collection == collection {
				for name := range v {
					if slices.ContainsFunc(r.Tokens, func(part api.TokenPart) bool { return isMember(part.Read.At, name) }) {
						delete(v, name)
					}
				}
			}
		}
	}
	return shortened(v, p.typeOf(collection))
}

// typeOf gives the type of a collection's resources: that of what its read answers.
func (p *printer) typeOf(collection string) *api.Type {
	for _, s := range p.api.Services {
		for _, op := range s.Operations {
			if r := p.routes[op.ID]; r.Collection == collection && r.Verb == fake.VerbRead && op.Result.Type != nil {
				t := op.Result.Type
				for _, name := range strings.Split(strings.TrimPrefix(r.Resource, op.Result.At), "/")[1:] {
					f := t.FieldNamed(jsonpointer.Unescape(name))
					if f == nil {
						return nil
					}
					t = f.Type
				}
				return t
			}
		}
	}
	return nil
}

// Bounds of what an Example shows.
const (
	maxText  = 60
	maxShown = 3
)

// shortened leaves what a resource requires, and the first few of its texts.
func shortened(v map[string]any, t *api.Type) map[string]any {
	if t == nil {
		return nil
	}
	out := map[string]any{}
	shown := 0
	for _, f := range t.Underlying().Fields {
		value, has := v[f.Name]
		text, isText := value.(string)
		switch {
		case !has:
		case isText && f.Type.Limits.Format+f.Type.Limits.Pattern != "" && !f.ReadOnly:
			if made := faketable.Example(f.Type); f.Required || shown < maxShown {
				out[f.Name] = made
				shown++
			}
		case f.Required && !f.ReadOnly:
			out[f.Name] = value
		case isText && isShowable(text) && !f.ReadOnly && !f.WriteOnly && shown < maxShown:
			out[f.Name] = value
			shown++
		}
	}
	return out
}

// isShowable tells whether a text is one that a program may have in it.
func isShowable(text string) bool {
	return len(text) <= maxText && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) || r == '`' })
}

// seeding prints a call that puts a resource into a fake, below its parents.
func seeding(collection string, sample map[string]any, parents []string) string {
	data, err := json.Marshal(sample)
	if err != nil {
		return ""
	}
	if len(data) > maxLine {
		var b bytes.Buffer
		if json.Indent(&b, data, "", "\t") == nil {
			data = b.Bytes()
		}
	}
	text := string(data)
	if strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) || r == '`' }) {
		text = strconv.QuoteToASCII(text)
	} else {
		text = "`" + text + "`"
	}
	args := []string{strconv.Quote(collection), text}
	for _, name := range parents {
		args = append(args, strconv.Quote(name))
	}
	return "srv.Seed(" + strings.Join(args, ", ") + ")"
}

// maxLine is how long a resource on one line may be.
const maxLine = 90

// edit is a change of one member of a payload.
type edit struct {
	code   string // an assignment, in which the resource is v
	member string
	value  any
}

// edit changes something of a resource; nil where nothing simple can be changed.
func (p *printer) edit(r *api.Revision, sample map[string]any) *edit {
	t, at := r.Type, "v"
	for _, name := range strings.Split(r.Payload.Read, "/")[1:] {
		f := t.FieldNamed(jsonpointer.Unescape(name))
		if f == nil || f.Pointer || f.Clears || f.Type.Underlying().Kind != api.KindStruct {
			return nil
		}
		t, at = f.Type, at+"."+f.GoName
		sample, _ = sample[f.Name].(map[string]any)
	}
	for _, form := range []string{"string", "bool", "int"} {
		for _, f := range t.Underlying().Fields {
			if !p.isEditable(r, f) || f.Type.Kind != api.KindScalar || f.Type.Name != "" || !strings.HasPrefix(f.Type.Go, form) {
				continue
			}
			code, value := `"another"`, any("another")
			switch was := sample[f.Name]; form {
			case "bool":
				value = was != true
				code = fmt.Sprint(value)
			case "int":
				code, value = "2", json.Number("2")
				if f.Pointer {
					code = f.Type.Go + "(2)"
				}
			}
			if value == sample[f.Name] {
				continue
			}
			if f.Pointer {
				code = p.pkg + ".Ptr(" + code + ")"
			}
			return &edit{at + "." + f.GoName + " = " + code, f.Name, value}
		}
	}
	return nil
}

// isMember tells whether a place is a member of a name.
func isMember(at, name string) bool { return strings.HasSuffix(at, "/"+jsonpointer.Escape(name)) }

// isEditable tells whether a field is one that a caller may change to anything: no key, no token, nothing that has bounds.
func (p *printer) isEditable(r *api.Revision, f *api.Field) bool {
	l := f.Type.Limits
	if f.ReadOnly || f.WriteOnly || f.Derived || f.Deprecated || f.Clears || f.Fixed != "" || l.Pattern != "" || l.Format != "" ||
		l.Minimum+l.Maximum+l.Above+l.Below+l.MultipleOf != "" || l.MinLength > len("another") ||
		l.MaxLength > 0 && l.MaxLength < len("another") {
		return false
	}
	if slices.Contains(r.Payload.Outside, f.Name) || slices.Contains(r.Payload.Outside, "/"+f.Name) ||
		slices.Contains(r.Payload.Exact, f.Name) {
		return false
	}
	own := slices.Clone(r.Key)
	for _, l := range r.Identity {
		own = append(own, l.At)
	}
	for _, part := range r.Tokens {
		own = append(own, part.Read.At, part.Send.At, part.Reply.At)
	}
	for _, tell := range r.Type.Tells {
		own = append(own, "/"+tell.Name)
	}
	for _, params := range [][]*api.Param{r.Write.PathParams, r.Read.PathParams} {
		for _, q := range params {
			own = append(own, "/"+q.Name)
		}
	}
	return f.Name != "id" && !slices.ContainsFunc(own, func(at string) bool { return isMember(at, f.Name) })
}

// readStatus gives the status of the fake's answer to a read of a resource that was put into it.
func (p *printer) readStatus(r *resource, read *api.Operation) int {
	srv := fake.Open(p.table)
	key, path := srv.Seed(r.collection, r.value, r.parents...), r.path
	if r.ownKey {
		path = []string{key}
	}
	return p.send(srv, request{op: read, path: path}).status
}

// takes tells whether the fake takes a change of a resource, sent as a helper would send it.
func (p *printer) takes(r *api.Revision, have *resource, e *edit) bool {
	srv := fake.Open(p.table)
	key, path := srv.Seed(have.collection, have.value, have.parents...), have.path
	if have.ownKey {
		path = []string{key}
	}
	read := p.send(srv, request{op: r.Read, path: path})
	payload := map[string]any{e.member: e.value}
	if r.Payload.As != "merge-patch" {
		payloadNow, _ := faketable.ValueAt(read.body, r.Resource+r.Payload.Read)
		now, _ := payloadNow.(map[string]any)
		for name, v := range now {
			if f := r.Payload.Type.FieldNamed(name); f != nil && !f.ReadOnly && name != e.member {
				payload[name] = v
			}
		}
	}
	body, _ := faketable.Wrapped(r.Payload.Send, payload).(map[string]any)
	write := request{op: r.Write, path: path, header: http.Header{}, query: url.Values{}}
	for _, part := range r.Tokens {
		token, _ := faketable.ValueAt(read.body, part.Read.At)
		if part.Read.In == api.InHeader {
			token = read.header.Get(part.Read.Name)
		}
		if n, err := strconv.Atoi(fmt.Sprint(token)); r.Next && err == nil {
			token = n + 1
		}
		switch part.Send.In {
		case api.InHeader:
			write.header.Set(part.Send.Name, fmt.Sprint(token))
		case api.InQuery:
			write.query.Set(part.Send.Name, fmt.Sprint(token))
		case api.InBody:
			put(body, part.Send.At, token)
		}
	}
	var err error
	if write.body, err = json.Marshal(body); err != nil {
		return false
	}
	return p.send(srv, write).isSuccess()
}

// accepted gives a change of a resource that the fake takes; nil where there is none. A resource that is refused, such as one
// that lacks something, keeps what it requires and gets one member more.
func (p *printer) accepted(r *api.Revision, have *resource) *edit {
	e := p.edit(r, have.value)
	if e == nil || p.takes(r, have, e) {
		return e
	}
	for name := range have.value {
		if f := r.Type.FieldNamed(name); f == nil || !f.Required {
			delete(have.value, name)
		}
	}
	bare, err := json.Marshal(have.value)
	if err != nil {
		return nil
	}
	for _, f := range r.Payload.Type.Underlying().Fields {
		if o, is := faketable.Example(f.Type).(map[string]any); is && !f.ReadOnly && f.Name != e.member {
			put(have.value, r.Payload.Read+"/"+jsonpointer.Escape(f.Name), shortened(o, f.Type))
			if p.takes(r, have, e) {
				return e
			}
			have.value = map[string]any{}
			if json.Unmarshal(bare, &have.value) != nil {
				return nil
			}
		}
	}
	return nil
}

// listed gives a resource of which the fake lists two, once they are put into it; nil where there is none.
func (p *printer) listed(op *api.Operation) *resource {
	route := p.routes[op.ID]
	if !p.api.Features[api.FeatureIterators] || op.Paging == nil || op.Paging.Method == "" || op.Body != nil || !p.isPlain(op) ||
		len(op.Required) > 0 || route.Verb != fake.VerbList || len(op.PathParams) >= len(p.collection(route.Collection).Key) {
		return nil
	}
	r := p.resource(route.Collection, op.PathParams)
	if r == nil {
		return nil
	}
	srv := fake.Open(p.table)
	for range 2 {
		srv.Seed(route.Collection, r.value, r.parents...)
	}
	answer := p.send(srv, request{op: op, path: r.path})
	items, _ := faketable.ValueAt(answer.body, op.Paging.Items)
	if list, _ := items.([]any); answer.status != http.StatusOK || len(list) != 2 {
		return nil
	}
	return r
}

// creates gives the arguments of an operation that makes a resource, if the fake takes them; "" where there are none.
func (p *printer) creates(op *api.Operation) string {
	route := p.routes[op.ID]
	if route.Verb != fake.VerbCreate || !p.isPlain(op) || len(op.Required) > 0 || op.Result.Kind == api.ResultStream ||
		op.Body == nil || op.Body.Encoding != api.BodyJSON || op.Body.Nullable || op.Body.Type.Underlying().Kind != api.KindStruct {
		return ""
	}
	values, ok := p.arguments(op.PathParams)
	if !ok {
		return ""
	}
	var code, path []string
	for _, v := range values {
		code, path = append(code, v.code), append(path, v.text())
	}
	like := p.sample(route.Collection)
	for _, also := range append([]*api.Field{nil}, extra(op.Body.Type)...) {
		m := &maker{pkg: p.pkg, also: also}
		literal, value, made := m.object(op.Body.Type, like, 0)
		data, err := json.Marshal(value)
		if !made || err != nil || !p.send(fake.Open(p.table), request{op: op, path: path, body: data}).isSuccess() {
			continue
		}
		if op.Body.Pointer {
			literal = "&" + literal
		}
		return strings.Join(append(code, literal), ", ")
	}
	return ""
}

// extra lists the objects that a request can have beside what it needs: of its own, and of those that it needs.
func extra(t *api.Type) []*api.Field {
	var list []*api.Field
	for _, f := range t.Underlying().Fields {
		switch {
		case f.ReadOnly || f.Type.Underlying().Kind != api.KindStruct:
		case f.Required:
			for _, inner := range f.Type.Underlying().Fields {
				if !inner.ReadOnly && !inner.Required && inner.Type.Underlying().Kind == api.KindStruct {
					list = append(list, inner)
				}
			}
		default:
			list = append(list, f)
		}
	}
	return list
}

// answers404 tells whether the fake says of an operation that there is nothing by a key which nothing has.
func (p *printer) answers404(op *api.Operation) bool {
	if p.routes[op.ID].Verb != fake.VerbRead || !p.isPlain(op) || op.Body != nil || len(op.Required) > 0 || !oneText(op.PathParams) ||
		!isShowable(op.ID) {
		return false
	}
	return p.send(fake.Open(p.table), request{op: op, path: []string{nobody}}).status == http.StatusNotFound
}
