package analyze

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// readRelations reads what operations say of each other.
func (b *builder) readRelations() {
	for _, o := range b.operations {
		if x, ok := b.extension(o.node, "x-revision"); ok {
			b.readRevision(o, x)
		}
		if x, ok := b.extension(o.node, "x-paging"); ok {
			b.readPaging(o, x)
		}
		if x, ok := b.extension(o.node, "x-job"); ok {
			b.readJob(o, x)
		}
	}
	for _, o := range b.operations {
		if x, ok := b.extension(o.node, "x-bulk"); ok {
			b.readBulk(o, x)
		}
		if x, ok := b.extension(o.node, "x-upsert"); ok {
			b.readUpsert(o, x)
		}
	}
	if b.options.Suggest {
		b.suggest()
	}
}

// revisionReader is a revision being read, with what only the reading needs.
type revisionReader struct {
	*api.Revision
	b           *builder
	write, read *operation
	resource    []api.Step // place of the resource in the read's answer
	payload     *api.Type  // of what the payload is read from
	keyNodes    []string   // Keys as the description writes them
}

// readRevision reads an x-revision. Parts are independent of each other, so each complains for itself; only without a read
// there is nothing to check the rest against.
func (b *builder) readRevision(o *operation, x source.Node) {
	read, ok := b.operationNamed(x.Get("read").Get("operationId"))
	if !ok {
		return
	}
	t := &revisionReader{b: b, write: o, read: read, resource: read.resultPath,
		Revision: &api.Revision{Write: o.Operation, Read: read.Operation, Pos: x.KeyPos(), Resource: read.Result.At}}
	before := b.problems.Len()
	if !t.readResource(x.Get("read")) {
		return
	}
	t.readArguments(x.Get("read"))
	t.readIdentity(x.Get("read"))
	t.readToken(x.Get("token"))
	t.readPayload(x.Get("payload"))
	t.Conflict = t.readRules(x.Get("conflict"))
	t.Terminal = t.readRules(x.Get("terminal"))
	t.Again = t.readRules(x.Get("again"))
	t.Terminal = append(t.Terminal, t.Again...) // whatever may be sent again as it is, was not about the token
	t.readCarried(x.Get("carried"))
	t.readEscape(x.Get("escape"))
	if key := x.Get("idempotencyKey"); !key.IsZero() {
		t.IdempotencyKey = t.sent(key)
	}
	t.readApplied(x)
	t.readReply(x.Get("reply"))
	t.readRest()
	t.readForce(x)
	t.checkRules(x)
	if b.problems.Len() == before {
		o.Revision = t.Revision
		t.restOfRequest()
	}
}

// readResource decides what a helper's callback gets: the result of the read.
func (t *revisionReader) readResource(n source.Node) bool {
	if t.read.Result.Kind != api.ResultJSON {
		t.b.problems.Add(&diag.Problem{Pos: n.Get("operationId").Pos(), Message: t.read.ID +
			" does not answer with JSON, so there is no state to write back",
			Help: "name an operation that answers with the resource"})
		return false
	}
	if t.Type = t.read.Result.Type.Underlying(); !t.Type.HasFields() {
		t.b.problems.Add(&diag.Problem{Pos: n.Get("operationId").Pos(), Message: "what " + t.read.ID +
			" answers with is no object with declared members, so nothing is known of what can be written back",
			Help: "declare the properties of the resource, or point x-contactsgen-result of " + t.read.ID + " at an object that has some"})
		return false
	}
	return true
}

// readArguments reads how the read's parameters are filled in.
func (t *revisionReader) readArguments(n source.Node) {
	t.ReadArgs, t.ReadParams = t.arguments(t.read, n, t.keyArgument)
	t.readAsks(n)
	for _, m := range n.Get("projection").Members() {
		if p := t.parameterOf(t.read, m); p != nil && t.isOptional(p, m) {
			t.Projection = append(t.Projection, api.FixedParam{Param: p, Value: constants(m.Value)})
		}
	}
	for _, item := range n.Get("whole").Items() {
		p := t.parameterOf(t.read, source.Member{Key: item.Text(), KeyPos: item.Pos(), Value: item})
		if p == nil {
			continue
		}
		if p.In != api.InQuery || p.Required {
			t.b.problems.Add(&diag.Problem{Pos: item.Pos(), Message: "the parameter " + diag.Quote(p.Name) +
				" is no optional query parameter: with others the answer is taken for whole anyway",
				Help: "leave it out"})
			continue
		}
		p.Whole = true
	}
}

// arguments reads the parameters with which a read is called: path parameters from the write's request, others constant.
func (t *revisionReader) arguments(read *operation, n source.Node,
	argument func(source.Node) api.Argument) (args []api.Argument, fixed []api.FixedParam) {
	given := n.Get("parameters")
	args = make([]api.Argument, len(read.PathParams))
	for i, p := range read.PathParams {
		value := given.Get(p.Name)
		if value.IsZero() {
			t.b.problems.Add(&diag.Problem{Pos: n.Get("operationId").Pos(),
				Message: fmt.Sprintf("nothing is said to fill in the path parameter %s of %s", diag.Quote(p.Name), read.ID),
				Help:    "add it to parameters, for instance " + p.Name + ": $request.path." + p.Name})
			continue
		}
		args[i] = argument(value)
	}
	for _, p := range read.Required {
		if p.In == api.InQuery && !given.Has(p.Name) { // a header may come from an option of the client
			t.b.problems.Add(&diag.Problem{Pos: n.Get("operationId").Pos(),
				Message: fmt.Sprintf("nothing is said to fill in the query parameter %s, which %s requires", diag.Quote(p.Name), read.ID),
				Help:    "add it to parameters with a constant"})
		}
	}
	for _, m := range given.Members() {
		p := t.parameterOf(read, m)
		if p == nil || p.In == api.InPath || isExpression(m.Value) {
			continue
		}
		if t.isOptional(p, m) {
			fixed = append(fixed, api.FixedParam{Param: p, Value: constants(m.Value)})
		}
	}
	return args, fixed
}

// argument reads where a path parameter of the read that looks for an applied action comes from: the request is there by then.
func (t *revisionReader) argument(n source.Node) api.Argument {
	at, ok := t.b.requestAt(t.write, n)
	if !ok {
		return api.Argument{}
	}
	switch at.In {
	case api.InPath:
		return api.Argument{Write: slices.Index(t.write.PathParams, at.Param)}
	case api.InBody:
		return api.Argument{Write: -1, Body: at.At}
	}
	t.b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "a path parameter of the read cannot come from the " + string(at.In) +
		" of the write",
		Help: "take it from $request.path or $request.body"})
	return api.Argument{}
}

// parameterOf finds the parameter of an operation that a key names, path parameters first.
func (t *revisionReader) parameterOf(o *operation, m source.Member) *api.Param {
	var found *api.Param
	var have []string
	for _, p := range o.params {
		have = append(have, p.Name)
		if p.Name == m.Key && (found == nil || p.In == api.InPath) {
			found = p
		}
	}
	if found == nil {
		t.b.problems.Add(diag.Missing(m.KeyPos, o.ID, "parameter", m.Key, have))
	}
	return found
}

// isOptional tells whether a constant can be given to a parameter; false after a complaint.
func (t *revisionReader) isOptional(p *api.Param, m source.Member) bool {
	switch {
	case p.In == api.InPath:
		t.b.problems.Add(&diag.Problem{Pos: m.KeyPos, Message: "the path parameter " + diag.Quote(p.Name) + " cannot be part of a projection"})
	case isExpression(m.Value):
		t.b.problems.Add(&diag.Problem{Pos: m.Value.Pos(), Message: "a projection is the same for every write", Help: "give the " + string(p.In) +
			" parameter " + p.Name + " a constant"})
	default:
		return true
	}
	return false
}

// constants reads a constant or a list of them.
func constants(n source.Node) []string {
	if n.Kind() != source.Sequence {
		return []string{n.Text()}
	}
	var out []string
	for _, item := range n.Items() {
		out = append(out, item.Text())
	}
	return out
}

// readIdentity reads where the resource says which one it is, for each path parameter of the write.
func (t *revisionReader) readIdentity(n source.Node) {
	identity := n.Get("identity")
	t.Identity = make([]api.Location, len(t.write.PathParams)+len(t.Keys))
	if identity.IsString() {
		if len(t.Identity) != 1 {
			t.b.problems.Add(&diag.Problem{Pos: identity.Pos(), Message: fmt.Sprintf("one identity is given, and the key of %s has %s", t.write.ID,
				plural(len(t.Identity), "part")),
				Help: "write a map from the parts of the key to expressions"})
			return
		}
		t.Identity[0] = t.identityAt(identity)
	}
	for _, m := range identity.Members() {
		i := slices.Index(t.keyNames(), m.Key)
		if i < 0 {
			t.b.problems.Add(diag.Missing(m.KeyPos, "the key of "+t.write.ID, "part", m.Key, t.keyNames()))
			continue
		}
		t.Identity[i] = t.identityAt(m.Value)
	}
	t.readKey()
}

// identityAt reads one identity, relative to the resource.
func (t *revisionReader) identityAt(n source.Node) api.Location {
	at, ok := t.b.answerAt(t.read, n)
	if !ok || at.In != api.InBody {
		return at.Location
	}
	return t.inResource(at, "the identity")
}

// inResource makes a place in the read's answer one in the resource; what lies outside is a complaint.
func (t *revisionReader) inResource(at spot, what string) api.Location {
	rest, ok := api.Below(t.resource, at.path)
	if !ok || at.In != api.InBody {
		t.b.problems.Add(&diag.Problem{Pos: at.Pos, Message: fmt.Sprintf("%s lies outside of what %s returns, which is %s", what, t.read.ID,
			api.DescribePlace(t.Resource)),
			Help: "name a place in it, or mend the x-contactsgen-result of " + t.read.ID})
		return api.Location{}
	}
	at.At = api.Pointer(rest)
	return at.Location
}

// readKey decides whether a copy of the resource is enough to know which one to write.
func (t *revisionReader) readKey() {
	keys := make([]string, len(t.Identity))
	for i, at := range t.Identity {
		if at.In != api.InBody {
			return
		}
		keys[i] = at.At
	}
	if len(keys) > 0 {
		t.Key = keys
	}
}

// readToken reads the parts of the token and what is known of their order.
func (t *revisionReader) readToken(n source.Node) {
	read, send, reply := list(n.Get("read")), list(n.Get("send")), list(n.Get("reply"))
	if len(read) != len(send) || len(reply) != 0 && len(reply) != len(read) {
		t.b.problems.Add(&diag.Problem{Pos: n.KeyPos(), Message: fmt.Sprintf("the token has %s to read, %d to send and %d in the reply",
			plural(len(read), "part"), len(send), len(reply)),
			Help: "give each part one place in read, send and reply, in the same order; leave reply out when the answer has no token"})
		return
	}
	for i := range read {
		part := t.tokenPart(read[i], send[i])
		if len(reply) > 0 {
			if at, ok := t.b.answerAt(t.write, reply[i]); ok {
				part.Reply = at.Location
			}
		}
		part.Unquoted, _ = n.Get("unquoted").Bool()
		part.SendWeak = n.Get("weak").Text() == "send"
		t.Tokens = append(t.Tokens, part)
	}
	t.readOrder(n, len(read))
	t.readForms()
}

// readForms decides what each part has to look like, and which answers must not be compressed on their way, since that changes the tag.
func (t *revisionReader) readForms() {
	for i := range t.Tokens {
		part := &t.Tokens[i]
		part.Form = tokenFormOf(*part, t.Order)
		if part.Form == api.EntityTag || part.Form == api.BareTag {
			t.read.Tagged = t.read.Tagged || part.Read.In == api.InHeader
			t.write.Tagged = t.write.Tagged || part.Reply.In == api.InHeader
		}
	}
}

// tokenPart reads where a part of the token comes from and goes to.
func (t *revisionReader) tokenPart(read, send source.Node) api.TokenPart {
	var part api.TokenPart
	from, okFrom := t.b.answerAt(t.read, read)
	to, okTo := t.b.requestAt(t.write, send)
	part.Read, part.Send = from.Location, to.Location
	if okTo && to.In == api.InPath {
		t.b.problems.Add(&diag.Problem{Pos: send.Pos(), Message: "the token cannot travel in the path: the path names the resource"})
	}
	if okFrom && okTo && to.In == api.InBody {
		part.AsString = isText(to.Type) && !isText(from.Type)
	}
	return part
}

// tokenFormOf decides what a part of a token has to look like. HTTP says it of the headers that it knows; what a body has in their place is
// a word as often as it has quotes, and a counter is one.
func tokenFormOf(part api.TokenPart, order string) api.TokenForm {
	travels := func(from, to string) bool {
		return part.Read.In == api.InHeader && strings.EqualFold(part.Read.Name, from) || part.Send.In == api.InHeader &&
			strings.EqualFold(part.Send.Name, to)
	}
	switch {
	case travels("Last-Modified", "If-Unmodified-Since"):
		return api.HTTPDate
	case !travels("ETag", "If-Match"):
		return api.AnyToken
	case part.Unquoted || order != "opaque" || part.Read.In != api.InHeader || !strings.EqualFold(part.Read.Name, "ETag"):
		return api.BareTag
	}
	return api.EntityTag
}

// isText tells whether a type is sent as a JSON string.
func isText(t *api.Type) bool {
	if t = t.Underlying(); t.Kind == api.KindEnum {
		return t.EnumGo == "string"
	}
	return t.Kind == api.KindScalar && (t.Go == "string" || t.Go == "Timestamp" || t.Go == "[]byte")
}

// readOrder reads what is known of successive tokens.
func (t *revisionReader) readOrder(n source.Node, parts int) {
	t.Order = "opaque"
	order := n.Get("order")
	if !order.IsZero() {
		t.Order = order.Text()
	}
	t.Next = n.Get("use").Text() == "next"
	switch {
	case t.Order != "opaque" && parts > 1:
		t.b.problems.Add(&diag.Problem{Pos: order.Pos(), Message: "a token of several parts has no order", Help: "leave order out"})
	case t.Next && (t.Order == "opaque" || t.Order == "content"):
		t.b.problems.Add(&diag.Problem{Pos: n.Get("use").Pos(), Message: "the next token is only known of tokens that are counted",
			Help: "add order: increments"})
	}
}

// list gives a node's items, or the node itself as the only one.
func list(n source.Node) []source.Node {
	switch n.Kind() {
	case source.Sequence:
		return n.Items()
	case source.Missing:
		return nil
	}
	return []source.Node{n}
}

// readCarried reads what a conflict's answer carries of the current state.
func (t *revisionReader) readCarried(n source.Node) {
	nowhere := "no error answer of " + t.write.ID
	if at := n.Get("token"); !at.IsZero() {
		t.CarriedToken = t.b.errorLocation(at, t.write.failures, nowhere)
	}
	if at := n.Get("entity"); !at.IsZero() {
		t.CarriedEntity = t.b.errorLocation(at, t.write.failures, nowhere)
	}
}

// readEscape reads how the check can be switched off.
func (t *revisionReader) readEscape(n source.Node) {
	if n.IsZero() {
		return
	}
	omit, value, flag := n.Has("omit"), n.Has("value"), n.Has("parameter")
	if omit && (value || flag) || flag && !value {
		t.b.problems.Add(&diag.Problem{Pos: n.KeyPos(), Message: "x-contactsgen-revision.escape contradicts itself",
			Help: "write omit: true, or value, or parameter and value"})
		return
	}
	t.Escape = &api.Escape{Omit: omit}
	switch text := n.Get("value").Text(); {
	case flag:
		t.Escape.Flag, t.Escape.On = t.sent(n.Get("parameter")), text
	case value:
		t.Escape.Value = text
	}
}

// sent reads a place in the write's request.
func (t *revisionReader) sent(n source.Node) api.Location {
	at, _ := t.b.requestAt(t.write, n)
	return at.Location
}

// readApplied reads how an action is recognised after a lost answer.
func (t *revisionReader) readApplied(x source.Node) {
	n := x.Get("applied")
	if n.IsZero() {
		return
	}
	if x.Has("payload") {
		t.b.problems.Add(&diag.Problem{Pos: n.KeyPos(), Message: "applied is for actions, and this write has a payload, which tells by itself " +
			"whether it was applied", Help: "leave applied out"})
		return
	}
	read, ok := t.b.operationNamed(n.Get("read").Get("operationId"))
	if !ok {
		return
	}
	a := &api.Applied{Read: read.Operation}
	a.Args, _ = t.arguments(read, n.Get("read"), t.argument)
	if at, ok := t.b.answerAt(read, n.Get("identity")); ok {
		a.Identity = at.At
	}
	t.Applied = a
}

// readForce reads whether the request of an action can be the same for every state. A write with a payload always can, and a request
// that is nothing but its token has nothing else to say.
func (t *revisionReader) readForce(x source.Node) {
	n := x.Get("force")
	if t.Forced, _ = n.Bool(); !t.Forced {
		return
	}
	var reason string
	switch {
	case x.Has("payload"):
		reason = "this write has a payload, so that it can be forced anyway"
	case t.Bare:
		reason = "the request is nothing but its token, so that its helper without a callback does the same"
	case t.write.bodyType() == nil:
		reason = "the request is no JSON that could be sent again"
	default:
		return
	}
	t.b.problems.Add(&diag.Problem{Pos: n.KeyPos(), Message: "force is for actions, and " + reason, Help: "leave force out"})
}

// readReply finds the resource in the write's answer: it is there when the method returns the type that the read returns.
func (t *revisionReader) readReply(n source.Node) {
	r := t.write.Result
	if r.Kind == api.ResultJSON && r.Type.Underlying() == t.Type && t.Type.Kind != api.KindAny {
		t.HasReply, t.ReplyResource = true, r.At
	}
	t.b.readWholeReply(t.Revision, n, t.write.ID)
}

// readWholeReply reads whether the next write can be made from the answer to the last one.
func (b *builder) readWholeReply(r *api.Revision, n source.Node, where string) {
	if r.WholeReply = n.Text() == "whole"; r.WholeReply && !r.HasReply {
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: where + " does not answer with what " + r.Read.ID +
			" answers with, so that is not whole",
			Help: "leave reply out, or name the resource in the answer"})
	}
}

// readRules reads the rules by which an answer is recognised.
func (t *revisionReader) readRules(n source.Node) []api.ConflictRule {
	var out []api.ConflictRule
	for _, item := range n.Items() {
		status, _ := item.Get("status").Int()
		r := api.ConflictRule{Status: int(status), Code: item.Get("code").Text(), Text: item.Get("text").Text(), Pos: item.Pos()}
		if body := item.Get("body"); !body.IsZero() {
			data, err := body.JSON()
			t.b.problems.Merge(err)
			r.Body = string(data)
		}
		if _, err := regexp.Compile(r.Text); err != nil {
			t.b.problems.Add(&diag.Problem{Pos: item.Get("text").Pos(), Message: "text is not a regular expression: " + err.Error(),
				Help: "it is matched in the syntax of Go's regexp package"})
		}
		t.checkSources(item)
		if r.Code != "" {
			t.write.addCode(&api.Code{Value: r.Code, Status: r.Status, Pos: item.Get("code").Pos()})
		}
		out = append(out, r)
	}
	return out
}

// checkSources checks that x-errors says where the code or text that a rule looks for is.
func (t *revisionReader) checkSources(item source.Node) {
	format := t.b.api.Errors
	if t.write.Errors != nil {
		format = *t.write.Errors
	}
	for _, one := range []struct {
		key, wanted string
		at          api.Location
	}{{"code", "code", format.Code}, {"text", "message", format.Message}} {
		if item.Has(one.key) && one.at.In == api.Nowhere {
			t.b.problems.Add(&diag.Problem{Pos: item.Get(one.key).Pos(),
				Message: fmt.Sprintf("the rule looks for a %s, and x-contactsgen-errors does not say where an error answer has it", one.key),
				Help:    fmt.Sprintf("add x-contactsgen-errors with %s: $response.body#/…", one.wanted)})
		}
	}
}

// checkRules complains of a rule that is both a conflict and none.
func (t *revisionReader) checkRules(source.Node) {
	for _, r := range t.Terminal {
		for _, c := range t.Conflict {
			if r.Status == c.Status && r.Code == c.Code && r.Text == c.Text && r.Body == c.Body {
				t.b.problems.Add(&diag.Problem{Pos: r.Pos, Message: "this rule says that the answer is no conflict, and one at " + c.Pos.String() +
					" that it is", Help: "leave one of them out"})
			}
		}
	}
}

// names lists the names of parameters.
func names(params []*api.Param) []string {
	out := make([]string, len(params))
	for i, p := range params {
		out[i] = p.Name
	}
	return out
}
