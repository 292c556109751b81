package analyze

import (
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// readFakes reads what the description says of its fake.
func (b *builder) readFakes() {
	if x, ok := b.extension(b.root, "x-fake"); ok {
		b.readPack(x)
	}
	for _, o := range b.operations {
		if x, ok := b.extension(o.node, "x-fake"); ok {
			b.readFake(o, x)
		}
	}
}

// readPack reads the x-fake of the document.
func (b *builder) readPack(x source.Node) {
	for _, m := range x.Members() {
		if m.Key != "pack" {
			b.problems.Add(&diag.Problem{Pos: m.KeyPos, Message: "x-contactsgen-fake." + m.Key + " is for an operation, not for the document",
				Help: "move it to the operation that it is about"})
		}
	}
	pack := x.Get("pack")
	if !pack.IsZero() && b.options.Packs != nil && !contains(b.options.Packs, pack.Text()) {
		b.problems.Add(diag.Missing(pack.Pos(), "the fake", "pack", pack.Text(), b.options.Packs))
		return
	}
	b.api.FakePack = pack.Text()
}

// readFake reads the x-fake of an operation.
func (b *builder) readFake(o *operation, x source.Node) {
	f := &api.Fake{Verb: x.Get("verb").Text(), Collection: x.Get("collection").Text(), List: x.Get("list").Text(), Pos: x.KeyPos(),
		CollectionPos: x.Get("collection").Pos(), ListPos: x.Get("list").Pos()}
	for _, n := range list(x.Get("key")) {
		at, _ := b.requestAt(o, n)
		f.Key = append(f.Key, at.Location)
	}
	for _, one := range []struct {
		key string
		at  *api.Location
	}{
		{"filter", &f.Filter}, {"sort", &f.Sort}, {"fields", &f.Fields}, {"items", &f.Items}, {"add", &f.Add}, {"remove", &f.Remove},
	} {
		if n := x.Get(one.key); !n.IsZero() {
			at, _ := b.requestAt(o, n)
			*one.at = at.Location
		}
	}
	if n := x.Get("total"); !n.IsZero() {
		at, _ := b.answerAt(o, n)
		f.Total = at.At
	}
	if n := x.Get("answer"); !n.IsZero() {
		data, err := n.JSON()
		if err != nil {
			b.problems.Addf(n.Pos(), "x-contactsgen-fake.answer cannot be read: %v", err)
		}
		f.Answer = string(data)
		if f.Verb == "" {
			f.Verb = "answer"
		}
	}
	b.checkFake(x, f)
	o.Fake = f
}

// fakeNeeds are the keys without which a verb says nothing; fakeOwn are the verbs that a key says something to.
var (
	fakeNeeds = map[string][]string{"add": {"list", "items"}, "remove": {"list", "items"}, "adjust": {"list", "add", "remove"},
		"count": {"total"}}
	fakeOwn = map[string][]string{"list": {"add", "remove", "adjust"}, "items": {"add", "remove"}, "add": {"adjust"}, "remove": {"adjust"},
		"total": {"count"}, "answer": {"answer"}}
)

// checkFake complains of keys that do not go together.
func (b *builder) checkFake(x source.Node, f *api.Fake) {
	if n := x.Get("pack"); !n.IsZero() {
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "x-contactsgen-fake.pack is for the document, not for an operation",
			Help: "move it to the top of the description"})
	}
	for _, key := range fakeNeeds[f.Verb] {
		if !x.Has(key) {
			b.problems.Add(&diag.Problem{Pos: x.KeyPos(), Message: "x-contactsgen-fake lacks " + key, Help: "the verb " + f.Verb + " needs it"})
		}
	}
	for _, m := range x.Members() {
		if verbs := fakeOwn[m.Key]; verbs != nil && !contains(verbs, f.Verb) {
			b.problems.Add(&diag.Problem{Pos: m.KeyPos, Message: "x-contactsgen-fake." + m.Key + " says nothing to " + verbOf(f),
				Help: "it is for the verb " + strings.Join(verbs, " or ")})
		}
	}
}

func verbOf(f *api.Fake) string {
	if f.Verb == "" {
		return "an operation whose verb is not given"
	}
	return "the verb " + f.Verb
}
