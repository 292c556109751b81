package faketable

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// route decides one operation.
func (t *table) route(op *api.Operation) fake.Route {
	verb, res := t.verb(op)
	out := fake.Route{ID: op.ID, Method: op.Method, Path: op.Path, Base: t.ownBase(op), Status: status(op), Safe: op.Safe, Verb: verb,
		Params: t.parameters(op), Unchanged: op.Safe && op.NotModified}
	if hasJSON(op) {
		if is := t.schema(op.Body.Type, op.Body.Nullable); is.Form != fake.KindAny {
			out.Body, out.Needed = &is, op.Body.Required
		}
	}
	if op.Errors != nil {
		format := errorFormat(op.Errors)
		out.Errors = &format
	}
	out.NotFound = codeOf(op, "not-found", 404)
	out.Exists = codeOf(op, "already-exists", 409)
	if op.Fake != nil {
		out.Filter, out.Sort, out.Fields = location(op.Fake.Filter), location(op.Fake.Sort), location(op.Fake.Fields)
		out.List, out.Items, out.Add, out.Off = op.Fake.List, location(op.Fake.Items), location(op.Fake.Add), location(op.Fake.Remove)
		out.Total, out.Value = op.Fake.Total, op.Fake.Answer
	}
	switch {
	case verb == fake.VerbBulk:
		out.Bulk = t.bulk(op.Bulk)
	case verb == fake.VerbAnswer && op.Fake == nil:
		out.Value = answerOf(op)
		if op.Result.Kind == api.ResultStream {
			out.Stream, _, _ = strings.Cut(op.Accept, ",")
			if strings.Contains(out.Stream, "*") {
				out.Stream = "application/octet-stream"
			}
		}
	case res != nil:
		t.about(op, res, &out)
	}
	return out
}

// codeOf gives the application code of a class: declared so, or else by the status that it comes with. What tells a conflict is none.
func codeOf(op *api.Operation, class string, status int) string {
	for _, c := range op.Codes {
		if c.Class == class {
			return c.Value
		}
	}
	for _, c := range op.Codes {
		if c.Class == "" && c.Status == status && !tellsConflict(op, c) {
			return c.Value
		}
	}
	return ""
}

func tellsConflict(op *api.Operation, c *api.Code) bool {
	return op.Revision != nil && slices.ContainsFunc(op.Revision.Conflict, func(r api.ConflictRule) bool { return r.Code == c.Value })
}

// verb decides what an operation does, and to what.
func (t *table) verb(op *api.Operation) (fake.Verb, *resource) {
	verb, res := t.shapedVerb(op)
	if op.Fake == nil {
		if verb == fake.VerbNone && t.api.FakePack == "" { // a pack knows better
			verb = fake.VerbAnswer
		}
		return verb, res
	}
	if named := t.named(op.Fake.Collection); named != nil {
		res = named
	}
	switch op.Fake.Verb {
	case "":
	case "none":
		verb = fake.VerbNone
	default:
		verb = fake.Verb(op.Fake.Verb)
	}
	if verb == fake.VerbRead && t.byPath[unnamed(op.Path)] != nil {
		res = t.byPath[unnamed(op.Path)]
	}
	return verb, res
}

// shapedVerb decides by shape alone.
func (t *table) shapedVerb(op *api.Operation) (fake.Verb, *resource) {
	if op.Revision != nil {
		return guardedVerb(op), t.byPath[unnamed(op.Revision.Read.Path)]
	}
	if op.Bulk != nil {
		return fake.VerbBulk, t.byPath[unnamed(op.Bulk.Of.Read.Path)]
	}
	if op.Paging != nil {
		if res := t.ofType(op.Paging.Item); res != nil {
			return listVerb(op), res
		}
	}
	if res := t.byPath[unnamed(op.Path)]; res != nil {
		return t.itemVerb(op, res), res
	}
	if res := t.byPath[unnamed(op.Path)+"/{}"]; res != nil {
		return t.besideVerb(op, res), res
	}
	return fake.VerbNone, t.above(op.Path)
}

func guardedVerb(op *api.Operation) fake.Verb {
	switch {
	case op.Revision.Payload != nil:
		return fake.VerbUpdate
	case op.Method == "DELETE" && unnamed(op.Path) == unnamed(op.Revision.Read.Path):
		return fake.VerbDelete
	}
	return fake.VerbTouch // an action, or a part of the resource: its revision moves
}

func listVerb(op *api.Operation) fake.Verb {
	if op.Method == "GET" {
		return fake.VerbList
	}
	return fake.VerbQuery
}

// itemVerb decides an operation at the path of a resource.
func (t *table) itemVerb(op *api.Operation, res *resource) fake.Verb {
	switch {
	case op == res.read:
		return fake.VerbRead
	case op.Method == "DELETE":
		return fake.VerbDelete
	case op.Method != "GET" && !op.Safe && t.writes(op, res):
		return fake.VerbUpdate
	}
	return fake.VerbNone
}

// besideVerb decides an operation at the path above that of a resource.
func (t *table) besideVerb(op *api.Operation, res *resource) fake.Verb {
	switch {
	case op.Method == "POST" && !op.Safe && t.writes(op, res):
		return fake.VerbCreate
	case op.Method == "GET" && (arrayOf(op.Result, res) != nil || listIn(op.Result) != nil):
		return fake.VerbList
	}
	return fake.VerbNone
}

// writes tells whether an operation's request holds what a resource is made of, and its answer the resource or nothing. What answers
// something else does more than its shape says: finding or creating, starting a job.
func (t *table) writes(op *api.Operation, res *resource) bool {
	if op.Result.Kind != api.ResultNone && (!isObject(op.Result) || op.Result.Type.Underlying() != res.typ &&
		!isKindOf(op.Result.Type.Underlying(), res.typ)) {
		return false
	}
	_, ok := t.payload(op, res)
	return ok
}

// isKindOf tells whether an answer is another form of a resource: most of its members are called like members of that.
func isKindOf(answer, resource *api.Type) bool {
	shared := 0
	for _, f := range answer.Fields {
		if resource.FieldNamed(f.Name) != nil {
			shared++
		}
	}
	return shared > 0 && 2*shared > len(answer.Fields)
}

// listIn finds the only list of objects in a result; nil when there is none.
func listIn(r api.Result) (found *listed) {
	if r.Kind != api.ResultJSON || r.Type == nil {
		return nil
	}
	typ := r.Type.Underlying()
	if isListOfObjects(typ) {
		return &listed{r.At, typ.Elem.Underlying()}
	}
	for _, f := range typ.Fields {
		at, member := r.At+"/"+segment(f.Name), f.Type.Underlying()
		if isListOfObjects(member) {
			if found != nil {
				return nil
			}
			found = &listed{at, member.Elem.Underlying()}
		}
	}
	return found
}

// listed is a list in an answer.
type listed struct {
	at   string
	elem *api.Type
}

func isListOfObjects(t *api.Type) bool {
	return t.Kind == api.KindArray && t.Elem.Underlying().HasFields()
}

func hasJSON(op *api.Operation) bool {
	return op.Body != nil && op.Body.Encoding == api.BodyJSON && op.Body.Type != nil
}

// arrayOf gives where a result has an array of a resource; nil when it has none.
func arrayOf(r api.Result, res *resource) *string {
	if r.Kind != api.ResultJSON || r.Type == nil {
		return nil
	}
	typ, at := r.Type.Underlying(), r.At
	if typ.Kind == api.KindArray && typ.Elem.Underlying() == res.typ {
		return &at
	}
	for _, f := range typ.Fields {
		if member := f.Type.Underlying(); member.Kind == api.KindArray && member.Elem.Underlying() == res.typ {
			at += "/" + segment(f.Name)
			return &at
		}
	}
	return nil
}

// about fills in what a route does to its resource.
func (t *table) about(op *api.Operation, res *resource, out *fake.Route) {
	out.Collection = res.name
	out.Key = keyOf(op, res, out.Verb)
	out.Resource, out.Empty = answered(op, res)
	if op.Paging != nil {
		out.Paging = paging(op.Paging)
	}
	switch out.Verb {
	case fake.VerbList, fake.VerbQuery:
		out.Narrow = narrowing(op, res)
		t.chosen(op, out)
		if at := arrayOf(op.Result, res); at != nil {
			out.Resource, out.Empty = *at, false
		} else if list := listIn(op.Result); list != nil {
			out.Resource, out.Empty, out.Sample = list.at, false, written(Example(list.elem))
		}
		out.Beside = beside(op)
	case fake.VerbRead:
		t.chosen(op, out)
	case fake.VerbCreate, fake.VerbUpdate:
		out.Payload, _ = t.payload(op, res)
		out.Asks = asked(op, res, out.Payload)
		fallthrough
	default:
		if out.Empty && out.Verb != fake.VerbNone && op.Result.Kind == api.ResultJSON {
			out.Sample = answerOf(op)
		}
	}
	if op.Revision != nil {
		out.Guard = guard(op.Revision)
	}
	out.Show, out.Hide = shown(op, res)
}

// asked names the shape of what a request says of a resource; "" is the resource's own, or that of the part of it.
func asked(op *api.Operation, res *resource, p fake.Payload) string {
	if op.Body == nil || op.Body.Type == nil {
		return ""
	}
	sent, have := op.Body.Type.At(p.Send), res.typ.At(p.Read)
	if sent == nil || have == nil || sent.Underlying() == have.Underlying() || !sent.Underlying().HasFields() {
		return ""
	}
	return sent.Underlying().Name
}

// keyOf gives where the request has the parts of the key.
func keyOf(op *api.Operation, res *resource, verb fake.Verb) []fake.Location {
	var out []fake.Location
	if op.Fake != nil && op.Fake.Key != nil {
		for _, l := range op.Fake.Key {
			out = append(out, location(l))
		}
		return out
	}
	if op.Revision != nil {
		for _, a := range op.Revision.ReadArgs {
			if a.Write < 0 {
				out = append(out, fake.Location{In: fake.Place(api.InBody), At: a.Body})
				continue
			}
			out = append(out, inPath(op.PathParams[a.Write]))
		}
		return out
	}
	most := len(res.keyNames())
	if slices.Contains([]fake.Verb{fake.VerbCreate, fake.VerbList, fake.VerbQuery, fake.VerbCount}, verb) {
		most = parents(op, res)
	}
	for _, p := range op.PathParams[:min(most, len(op.PathParams))] {
		out = append(out, inPath(p))
	}
	return out
}

// parents counts the path parameters that an operation shares with the resource's own path: a collection below others is listed for each of
// them. The resource's own key is none of them.
func parents(op *api.Operation, res *resource) int {
	n := 0
	theirs, own := strings.Split(unnamed(op.Path), "/"), strings.Split(unnamed(res.read.Path), "/")
	for i := range min(len(theirs), len(own)) {
		if theirs[i] != own[i] {
			break
		}
		n += strings.Count(own[i], "{}")
	}
	return min(n, max(len(res.keyNames())-1, 0))
}

func inPath(p *api.Param) fake.Location {
	return fake.Location{In: fake.Place(api.InPath), Name: p.Name}
}

// answered gives where the answer has the resource, and whether it has none.
func answered(op *api.Operation, res *resource) (at string, empty bool) {
	switch {
	case op == res.read:
		return res.at, false
	case op.Revision != nil:
		return op.Revision.ReplyResource, !op.Revision.HasReply
	case isObject(op.Result) && op.Result.Type.Underlying() == res.typ:
		return op.Result.At, false
	}
	return "", true
}

// shown gives where the answer carries the token outside of the resource, and whether the resource comes without it.
func shown(op *api.Operation, res *resource) (show []fake.Location, hide bool) {
	if res.revision == nil {
		return nil, false
	}
	elsewhere := false
	for i, part := range tokensOf(op, res) {
		l := part.Read
		if op.Revision != nil {
			l = part.Reply
			hide = hide || l.In == api.Nowhere && i < len(res.revision.Tokens)
		}
		if within(op, res, l) {
			l = api.Location{}
		}
		elsewhere = elsewhere || l.In != api.Nowhere
		show = append(show, location(l))
	}
	if !elsewhere {
		show = nil
	}
	return show, hide && op.Revision != nil && op.Revision.HasReply
}

// tokensOf gives the parts of the token that an operation's answer may carry.
func tokensOf(op *api.Operation, res *resource) []api.TokenPart {
	switch {
	case op.Revision != nil:
		return op.Revision.Tokens
	case op == res.read:
		return res.revision.Tokens
	}
	var out []api.TokenPart
	for _, part := range res.revision.Tokens { // what a header has beside the read's answer, it has beside any other that declares it
		if part.Read.In == api.InHeader && slices.ContainsFunc(op.Headers, func(h string) bool { return strings.EqualFold(h, part.Read.Name) }) {
			out = append(out, api.TokenPart{Read: part.Read})
			continue
		}
		out = append(out, api.TokenPart{})
	}
	return out
}

// within tells whether a place in an answer is within the resource there.
func within(op *api.Operation, res *resource, l api.Location) bool {
	at := res.at
	if op.Revision != nil {
		if at = op.Revision.ReplyResource; !op.Revision.HasReply {
			return false
		}
	}
	_, inside := below(at, l.At)
	return l.In == api.InBody && inside
}

// narrowing gives the parameters of a list that are called like a scalar member of the resource.
func narrowing(op *api.Operation, res *resource) []fake.Narrow {
	if op.Params == nil {
		return nil
	}
	var out []fake.Narrow
	for _, p := range op.Params.Fields {
		if slices.ContainsFunc(res.typ.Fields, func(f *api.Field) bool { return f.Name == p.Name && isScalar(f.Type) }) {
			out = append(out, fake.Narrow{From: fake.Location{In: fake.Place(p.In), Name: p.Name}, At: "/" + segment(p.Name)})
		}
	}
	return out
}

// status gives the status of success.
func status(op *api.Operation) int {
	if len(op.Success) == 0 || op.Success[0].From == 200 {
		return 0
	}
	return op.Success[0].From
}
