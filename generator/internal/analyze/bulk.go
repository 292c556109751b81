package analyze

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// bulkReader is an x-bulk being read, with what only the reading needs.
type bulkReader struct {
	*api.Bulk
	b            *builder
	op           *operation
	item, result *api.Type // one of the request's list, one of the answer's
}

// readBulk reads an x-bulk: the operation writes many resources, each like another operation writes one. What is known of that one holds
// for each item; only the places are others.
func (b *builder) readBulk(o *operation, x source.Node) {
	each, ok := b.operationNamed(x.Get("each"))
	if !ok {
		return
	}
	if each.Revision == nil || each.Revision.Payload == nil {
		b.problems.Add(&diag.Problem{Pos: x.Get("each").Pos(), Message: "nothing is known of how " + each.ID + " is guarded",
			Help: "name an operation with an x-contactsgen-revision that has a payload"})
		return
	}
	t := &bulkReader{b: b, op: o, Bulk: &api.Bulk{Op: o.Operation, Of: each.Revision, Pos: x.KeyPos()}}
	before := b.problems.Len()
	t.checkPath(x)
	t.Items, t.item = t.listAt(b.requestAt, x.Get("items"))
	t.Results, t.result = t.listAt(b.answerAt, x.Get("results"))
	t.readLimit(x)
	if t.item == nil || t.result == nil {
		return
	}
	t.readResult(x.Get("result"))
	t.readItem(x.Get("item"), x.Get("result"))
	if b.problems.Len() == before {
		o.Bulk = t.Bulk
		t.restOfRequest()
	}
}

// checkPath complains of a path with parameters: nobody could say where their values come from.
func (t *bulkReader) checkPath(x source.Node) {
	if len(t.op.PathParams) > 0 {
		t.b.problems.Add(&diag.Problem{Pos: x.KeyPos(),
			Message: fmt.Sprintf("the path of %s has the parameter %s, and a bulk write is not about one resource", t.op.ID,
				diag.Quote(t.op.PathParams[0].Name)),
			Help: "leave x-contactsgen-bulk out: the operation keeps its method"})
	}
}

// listAt reads an expression that names a list, and gives the type of what is in it; nil after a complaint.
func (t *bulkReader) listAt(locate func(*operation, source.Node) (spot, bool), n source.Node) (string, *api.Type) {
	at, ok := locate(t.op, n)
	if !ok {
		return "", nil
	}
	if list := at.Type.Underlying(); list.Kind == api.KindArray {
		return at.At, list.Elem
	}
	t.b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "what is named here is no array", Help: "name the list of the items"})
	return "", nil
}

// readLimit reads how many items a request may have, or takes it from the list's schema.
func (t *bulkReader) readLimit(x source.Node) {
	if t.Limit = number(x.Get("limit")); t.Limit > 0 {
		return
	}
	if e, err := parseExpression(x.Get("items").Text()); err == nil {
		t.Limit = maxItems(t.b.schemaAt(t.op, e.path))
	}
	if t.Limit == 0 {
		t.b.problems.Add(&diag.Problem{Pos: x.KeyPos(), Message: "nothing is said of how many items one request may have",
			Help: "add limit, or maxItems to the list's schema"})
	}
}

// schemaAt follows the properties of an operation's JSON request body; the zero node where that leads nowhere.
func (b *builder) schemaAt(o *operation, path []api.Step) source.Node {
	body, err := o.node.Get("requestBody").Follow()
	if err != nil || o.Body == nil {
		return source.Node{}
	}
	n := body.Get("content").Get(o.Body.ContentType).Get("schema")
	for i := 0; ; i++ {
		if n, err = n.Follow(); err != nil || i == len(path) {
			return n
		}
		n = n.Get("properties").Get(path[i].Name)
	}
}

func maxItems(n source.Node) int { return number(n.Get("maxItems")) }

// readResult reads where a result has what, all but the resource's token.
func (t *bulkReader) readResult(n source.Node) {
	for _, one := range []struct {
		key string
		at  *string
	}{{"index", &t.Index}, {"id", &t.ID}, {"success", &t.Success}, {"status", &t.Status}} {
		*one.at, _ = t.place(n.Get(one.key), t.result, "a result")
	}
	for _, one := range []struct {
		key string
		at  *api.Location
	}{{"code", &t.Errors.Code}, {"message", &t.Errors.Message}, {"description", &t.Errors.Description}, {"data", &t.Errors.Data}} {
		if at, typ := t.place(n.Get(one.key), t.result, "a result"); typ != nil {
			*one.at = api.Location{In: api.InBody, At: at, Pos: n.Get(one.key).Pos()}
		}
	}
	if !n.Has("success") && !n.Has("status") {
		t.b.problems.Add(&diag.Problem{Pos: n.KeyPos(), Message: "nothing is said of how a result shows that its item was written",
			Help: "add success, a boolean in the result, or status, an HTTP status"})
	}
	if t.ID != "" && len(t.Of.KeyParams()) != 1 {
		t.b.problems.Add(&diag.Problem{Pos: n.Get("id").Pos(), Message: fmt.Sprintf("the key of %s has %s, and an id is only one", t.Of.Write.ID,
			plural(len(t.Of.KeyParams()), "part")), Help: "name the index"})
	}
}

// place reads a JSON Pointer within an item of a list, and gives the type that is declared there; nil without one.
func (t *bulkReader) place(n source.Node, in *api.Type, where string) (string, *api.Type) {
	if n.IsZero() {
		return "", nil
	}
	e := &expression{in: api.InBody, node: n}
	if n.Text() != "" {
		if err := e.parseBody("#" + n.Text()); err != nil {
			t.b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "the pointer " + diag.Quote(n.Text()) + " " + err.Error()})
			return "", nil
		}
	}
	typ, ok := t.b.walk(in, e, where+" of "+t.op.ID)
	if !ok {
		return "", nil
	}
	return api.Pointer(e.path), typ
}

// readItem makes the guarded write that an item is.
func (t *bulkReader) readItem(item, result source.Node) {
	r := *t.Of
	r.Write = &api.Operation{ID: t.op.ID, Method: t.op.Method, Path: t.op.Path, Success: t.op.Success, Codes: t.codes(), Errors: &t.Errors,
		Pos: t.op.Pos}
	r.Pos, r.Helper, r.Force, r.From, r.ThreeWay, r.Each, r.EachFrom, r.VarName = t.Pos, "", "", "", "", "", "", ""
	r.Required, r.Escape, r.Applied, r.IdempotencyKey, r.CarriedToken, r.CarriedEntity = nil, nil, nil, api.Location{}, api.Location{},
		api.Location{}
	r.Keys = t.keys(item.Get("key"))
	if _, typ := t.place(result.Get("resource"), t.result, "a result"); typ != nil {
		r.ReplyResource = api.Pointer(must(parseExpression("$response.body#" + result.Get("resource").Text())).path)
		if r.HasReply = typ.Underlying() == r.Type.Underlying(); !r.HasReply {
			t.b.problems.Add(&diag.Problem{Pos: result.Get("resource").Pos(), Message: "what is here in a result is not what " + r.Read.ID +
				" answers with", Help: "leave resource out"})
		}
	} else {
		r.ReplyResource, r.HasReply = "", false
	}
	t.b.readWholeReply(&r, result.Get("reply"), "a result")
	t.readTokens(&r, item, result)
	t.readPayload(&r, item)
	r.Conflict, r.Terminal, r.Again = t.rules(r.Conflict), t.rules(r.Terminal), t.rules(r.Again)
	if len(r.Conflict) == 0 && len(t.Of.Conflict) > 0 && !result.Has("status") {
		t.b.problems.Add(&diag.Problem{Pos: result.KeyPos(), Message: "no conflict of " + t.Of.Write.ID +
			" can be told in a result, which has neither the code, the message nor the status that its rules look at",
			Help: "add code, message or status"})
	}
	t.Each = &r
	r.Write.Revision = t.Each
}

func must(e *expression, err error) *expression {
	if err != nil {
		return &expression{} // complained of already
	}
	return e
}

// codes are the application codes of one item: its own, and those of the operation for one resource. Where a result has no status, the one
// that a code was declared with gives it its class.
func (t *bulkReader) codes() []*api.Code {
	var out []*api.Code
	for _, c := range slices.Concat(t.op.Codes, t.Of.Write.Codes) {
		if slices.ContainsFunc(out, func(own *api.Code) bool { return own.Value == c.Value }) {
			continue
		}
		item := *c
		if item.Class == "" && t.Status == "" && !slices.ContainsFunc(t.Of.Conflict, func(r api.ConflictRule) bool { return r.Code == c.Value }) {
			item.Class = classOfStatus[c.Status]
		}
		out = append(out, &item)
	}
	return out
}

// classOfStatus is the class that a status alone gives.
var classOfStatus = map[int]string{
	http.StatusBadRequest: "invalid", http.StatusUnprocessableEntity: "invalid", http.StatusUnauthorized: "unauthenticated",
	http.StatusForbidden: "permission",
	http.StatusNotFound:  "not-found", http.StatusGone: "not-found", http.StatusPreconditionFailed: "precondition",
	http.StatusPreconditionRequired: "precondition",
	http.StatusTooManyRequests:      "rate-limited",
}

// keys reads where an item has the parts of its key.
func (t *bulkReader) keys(n source.Node) []*api.Key {
	params, places := t.Of.KeyParams(), list(n)
	if len(places) != len(params) {
		t.b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: fmt.Sprintf("the item has %s for its key, and the key of %s has %s",
			plural(len(places), "place"), t.Of.Write.ID, plural(len(params), "part")),
			Help: "give each part of the key its place: " + strings.Join(names(params), ", ")})
		return nil
	}
	out := make([]*api.Key, len(places))
	for i, place := range places {
		out[i] = &api.Key{Arg: params[i]}
		if at, typ := t.place(place, t.item, "an item"); typ != nil {
			out[i].Send, out[i].Raw = api.Location{In: api.InBody, At: at, Pos: place.Pos()}, !isText(typ)
		}
	}
	return out
}

// readTokens reads where an item, and a result, have the parts of the token. What is not said is as in the operation for one resource.
func (t *bulkReader) readTokens(r *api.Revision, item, result source.Node) {
	r.Tokens = append([]api.TokenPart(nil), t.Of.Tokens...)
	send, reply := list(item.Get("token")), list(result.Get("token"))
	for i := range r.Tokens {
		part := &r.Tokens[i]
		switch {
		case i < len(send):
			at, typ := t.place(send[i], t.item, "an item")
			part.Send = api.Location{In: api.InBody, At: at, Pos: send[i].Pos()}
			if typ != nil {
				part.AsString = isText(typ) && !t.readsText(part.Read)
			}
		case part.Send.In != api.InBody || t.item.At(part.Send.At) == nil:
			t.b.problems.Add(&diag.Problem{Pos: item.KeyPos(), Message: "nothing is said of where an item has its token", Help: "add token"})
		}
		rest, within := strings.CutPrefix(part.Read.At, t.Of.Resource)
		switch {
		case i < len(reply):
			at, _ := t.place(reply[i], t.result, "a result")
			part.Reply = api.Location{In: api.InBody, At: at, Pos: reply[i].Pos()}
		case r.HasReply && part.Read.In == api.InBody && within:
			part.Reply = api.Location{In: api.InBody, At: r.ReplyResource + rest}
		default:
			part.Reply = api.Location{}
		}
	}
	if len(send) > len(r.Tokens) || len(reply) > len(r.Tokens) {
		t.b.problems.Add(&diag.Problem{Pos: item.KeyPos(), Message: fmt.Sprintf("the token of %s has %s", t.Of.Write.ID,
			plural(len(r.Tokens), "part")), Help: "give each part one place"})
	}
}

// readsText tells whether a token is a text where it is read.
func (t *bulkReader) readsText(at api.Location) bool {
	if at.In != api.InBody {
		return true
	}
	rest, ok := strings.CutPrefix(at.At, t.Of.Resource)
	if !ok {
		return false
	}
	typ := t.Of.Type.At(rest)
	return typ != nil && isText(typ)
}

// readPayload reads where an item has its payload.
func (t *bulkReader) readPayload(r *api.Revision, item source.Node) {
	p := *t.Of.Payload
	if n := item.Get("payload"); !n.IsZero() {
		p.Send, _ = t.place(n, t.item, "an item")
	} else if t.item.At(p.Send) == nil {
		t.b.problems.Add(&diag.Problem{Pos: item.KeyPos(), Message: "nothing is said of where an item has its payload", Help: "add payload"})
	}
	if n := item.Get("mask"); !n.IsZero() {
		at, _ := t.place(n, t.item, "an item")
		p.Mask = api.Location{In: api.InBody, At: at, Pos: n.Pos()}
	} else if p.As == "fields" && (p.Mask.In != api.InBody || t.item.At(p.Mask.At) == nil) {
		t.b.problems.Add(&diag.Problem{Pos: item.KeyPos(), Message: "nothing is said of where an item has the list of what changes",
			Help: "add mask"})
	}
	r.Payload = &p
}

// rules gives the rules that can be told in a result, each once. One without a status of its own is told by code or text alone.
func (t *bulkReader) rules(all []api.ConflictRule) []api.ConflictRule {
	var out []api.ConflictRule
	for _, r := range all {
		if t.Status == "" {
			r.Status = 0
		}
		r.Body = ""
		coded := r.Code == "" || t.Errors.Code.In != api.Nowhere
		worded := r.Text == "" || t.Errors.Message.In != api.Nowhere
		told := slices.ContainsFunc(out, func(o api.ConflictRule) bool { return o.Status == r.Status && o.Code == r.Code && o.Text == r.Text })
		if coded && worded && !told && (r.Status != 0 || r.Code != "" || r.Text != "") {
			out = append(out, r)
		}
	}
	return out
}

// restOfRequest makes the members of the body beside the items options of the call.
func (t *bulkReader) restOfRequest() {
	members := rest(t.op.bodyType(), nil, []string{t.Items})
	if len(members) == 0 {
		return
	}
	if t.op.Params == nil {
		t.op.Params = &api.Params{Operation: t.op.Operation}
	}
	t.op.Params.Members = members
}
