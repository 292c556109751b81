package model

import (
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// readFakes reads what the description says of its fake.
func (b *builder) readFakes() {
	if x, ok := b.extension(b.root, "x-fake"); ok {
		b.api.FakePack = x.Get("pack").Text()
		for _, m := range x.Members() {
			if m.Key != "pack" {
				b.problems.Add(&diag.Problem{Pos: m.KeyPos, Message: "x-fake." + m.Key + " is for an operation, not for the document"})
			}
		}
	}
	for _, o := range b.operations {
		if x, ok := b.extension(o.node, "x-fake"); ok {
			b.readFake(o, x)
		}
	}
}

// readFake reads the x-fake of an operation.
func (b *builder) readFake(o *operation, x source.Node) {
	f := &Fake{Verb: x.Get("verb").Text(), Collection: x.Get("collection").Text(), List: x.Get("list").Text(), Pos: x.KeyPos()}
	for _, one := range []struct {
		key string
		at  *Location
	}{
		{"filter", &f.Filter}, {"sort", &f.Sort}, {"fields", &f.Fields}, {"items", &f.Items},
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
			b.problems.Addf(n.Pos(), "x-fake.answer cannot be read: %v", err)
		}
		f.Answer = string(data)
	}
	b.checkFake(x, f)
	o.Fake = f
}

// fakeNeeds are the keys without which a verb says nothing.
var fakeNeeds = map[string][]string{"add": {"list", "items"}, "remove": {"list", "items"}, "count": {"total"}}

func (b *builder) checkFake(x source.Node, f *Fake) {
	if n := x.Get("pack"); !n.IsZero() {
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "x-fake.pack is for the document, not for an operation"})
	}
	for _, key := range fakeNeeds[f.Verb] {
		if !x.Has(key) {
			b.problems.Add(&diag.Problem{Pos: x.KeyPos(), Message: "x-fake lacks " + key, Help: "the verb " + f.Verb + " needs it"})
		}
	}
}
