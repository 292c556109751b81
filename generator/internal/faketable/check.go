package faketable

import (
	"fmt"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// Check complains of every x-fake that does not fit the table: a collection that is not there, a verb without one, a list that is none.
// What can be seen at one operation alone was checked by package analyze.
func Check(a *api.API) error {
	t := &table{api: a, byPath: map[string]*resource{}}
	t.collectResources()
	problems := &diag.List{}
	t.eachOperation(func(op *api.Operation) {
		if op.Fake != nil {
			t.check(op, problems)
		}
	})
	return problems.Err()
}

func (t *table) check(op *api.Operation, problems *diag.List) {
	f := op.Fake
	if f.Collection != "" && t.named(f.Collection) == nil {
		problems.Add(&diag.Problem{Pos: f.CollectionPos, Message: "there is no collection " + diag.Quote(f.Collection) + " for the fake to keep",
			Help: t.collections()})
		return
	}
	verb, res := t.verb(op)
	switch {
	case verb == fake.VerbRead && !isObject(op.Result):
		problems.Add(&diag.Problem{Pos: f.Pos, Message: op.ID + " does not answer with one object, so it reads no resource",
			Help: "name the member that is the resource in x-contactsgen-result, or leave the verb out"})
	case verb == fake.VerbNone || verb == fake.VerbAnswer:
	case res == nil:
		problems.Add(&diag.Problem{Pos: f.Pos, Message: fmt.Sprintf("nothing tells which collection %s is about, which is to %s", op.ID, verb),
			Help: "name it in collection; " + t.collections()})
	case f.List != "":
		if typ := res.typ.At(f.List); typ == nil || typ.Underlying().Kind != api.KindArray {
			problems.Add(&diag.Problem{Pos: f.ListPos, Message: fmt.Sprintf("a %s has no list at %s", res.name, f.List),
				Help: "write a JSON Pointer to one of its arrays, such as /tags"})
		}
	}
}

// collections says which there are.
func (t *table) collections() string {
	if len(t.resources) == 0 {
		return "there are none: let an operation that answers one object say x-contactsgen-fake: {verb: read}"
	}
	names := make([]string, len(t.resources))
	for i, r := range t.resources {
		names[i] = r.name
	}
	return "there is " + strings.Join(names, ", ")
}
