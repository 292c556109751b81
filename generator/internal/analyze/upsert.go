package analyze

import (
	"fmt"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// readUpsert reads an x-upsert.
func (b *builder) readUpsert(o *operation, x source.Node) {
	before := b.problems.Len()
	update, ok := b.operationNamed(x.Get("update"))
	if !ok {
		return
	}
	if !b.canUpdate(o, update, x) {
		return
	}
	u := &api.Upsert{Update: update.Revision, Pos: x.KeyPos()}
	status, _ := x.Get("exists").Get("status").Int()
	u.Exists = api.ConflictRule{Status: int(status), Code: x.Get("exists").Get("code").Text(), Pos: x.Get("exists").Pos()}
	b.checkCode(o, x.Get("exists").Get("code"))
	u.Key = b.upsertKey(o, update, x.Get("parameters"))
	for _, n := range x.Get("by").Items() {
		at, _ := b.requestAt(o, n)
		u.By = append(u.By, at.At)
	}
	if n := x.Get("unless"); !n.IsZero() {
		at, ok := b.requestAt(o, n)
		if ok && (at.Type == nil || at.Type.Underlying().Go != "bool") {
			b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "this is no flag", Help: "name a boolean in the request"})
		}
		u.Unless = at.At
	}
	if b.problems.Len() == before {
		o.Upsert = u
	}
}

// canUpdate complains of operations that cannot be the two halves of one.
func (b *builder) canUpdate(o, update *operation, x source.Node) bool {
	at := x.Get("update").Pos()
	switch {
	case update.Revision == nil || update.Revision.Payload == nil:
		b.problems.Add(&diag.Problem{Pos: at, Message: update.ID + " changes no resource that has a revision",
			Help: "give it an x-contactsgen-revision with a payload, or name another operation"})
	case len(update.Revision.Required) > 0 || len(update.Revision.KeyParams()) != len(update.PathParams):
		b.problems.Add(&diag.Problem{Pos: at, Message: update.ID + " needs more than its path to be called",
			Help: "an upsert knows no more than what the refusal says"})
	case o.Result.Kind != api.ResultJSON || o.Result.Type.Underlying() != update.Revision.Type.Underlying():
		b.problems.Add(&diag.Problem{Pos: x.KeyPos(), Message: o.ID + " does not return what " + update.ID + " returns",
			Help: "name the member that is the resource in x-contactsgen-result"})
	case o.Body == nil || o.Body.Encoding != api.BodyJSON:
		b.problems.Add(&diag.Problem{Pos: x.KeyPos(), Message: o.ID + " has no JSON body, so nothing says what one is known by"})
	default:
		return true
	}
	return false
}

// checkCode complains of a code that the answers of an operation do not declare, if they declare any.
func (b *builder) checkCode(o *operation, n source.Node) {
	var have []string
	for _, c := range o.Codes {
		have = append(have, c.Value)
	}
	if !n.IsZero() && len(have) > 0 && !contains(have, n.Text()) {
		b.problems.Add(diag.Missing(n.Pos(), o.ID, "error code", n.Text(), have))
	}
}

// upsertKey reads where a refusal has the path parameters of the update.
func (b *builder) upsertKey(o, update *operation, given source.Node) []string {
	key := make([]string, len(update.PathParams))
	for i, p := range update.PathParams {
		n := given.Get(p.Name)
		if n.IsZero() {
			b.problems.Add(&diag.Problem{Pos: given.Pos(), Message: fmt.Sprintf("nothing is said to fill in the path parameter %s of %s",
				diag.Quote(p.Name), update.ID),
				Help: "add it to parameters, for instance " + p.Name + ": $response.body#/…"})
			continue
		}
		key[i] = b.errorLocation(n, o.failures, "no error answer of "+o.ID).At
	}
	for _, m := range given.Members() {
		if !contains(names(update.PathParams), m.Key) {
			b.problems.Add(diag.Missing(m.KeyPos, update.ID, "path parameter", m.Key, names(update.PathParams)))
		}
	}
	return key
}
