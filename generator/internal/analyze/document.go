package analyze

import (
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// tag is what is said of a group of operations.
type tag struct {
	name    string // "" is the group of operations without a tag
	service string // x-service
	noun    string
	doc     string
	pos     diag.Position
}

// readDocument reads what the description says of itself.
func (b *builder) readDocument() {
	info := b.root.Get("info")
	b.api.Title = cleanText(info.Get("title").Text())
	b.api.Version = cleanText(info.Get("version").Text())
	b.api.Description = cleanText(info.Get("description").Text())
	b.api.BaseURL = serverOf(b.root)
	b.undeclared()
	if n, ok := b.extension(b.root, "x-optional-objects"); ok {
		b.optionalObjects = n.Text()
	}
	for _, t := range b.root.Get("tags").Items() {
		b.readTag(t)
	}
}

// readTag reads what is said of a tag before any operation uses it.
func (b *builder) readTag(n source.Node) {
	name := n.Get("name").Text()
	if name == "" || b.tags[name] != nil {
		return
	}
	t := &tag{name: name, noun: name, doc: docOf(n), pos: n.Pos()}
	if s, ok := b.extension(n, "x-service"); ok {
		t.service = s.Text()
		t.pos = s.Pos()
	}
	if s, ok := b.extension(n, "x-noun"); ok {
		t.noun = s.Text()
	}
	b.tags[name] = t
	b.tagOrder = append(b.tagOrder, name)
}

// tagOf gives the group an operation belongs to: its first tag.
func (b *builder) tagOf(n source.Node) *tag {
	name := ""
	pos := n.Pos()
	if list := n.Get("tags").Items(); len(list) > 0 {
		name, pos = list[0].Text(), list[0].Pos()
	}
	if b.tags[name] == nil {
		b.tags[name] = &tag{name: name, noun: name, pos: pos}
		b.tagOrder = append(b.tagOrder, name)
	}
	return b.tags[name]
}
