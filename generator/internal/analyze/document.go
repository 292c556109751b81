package analyze

import (
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// tag is what is said of a group of operations.
type tag struct {
	name    string // "" is a group of operations without a tag
	group   string // what these are about, as a name; "" is nothing in particular
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
	b.api.Swagger = b.doc.Generation() == "2.0"
	if !b.root.Has("paths") && !b.root.Has("components") && !b.root.Has("webhooks") {
		b.problems.Add(&diag.Problem{Pos: b.root.Pos(), Message: "the description describes nothing",
			Help: "it has none of paths, webhooks and components"})
	}
	b.undeclared()
	b.readVariables()
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

// tagOf gives the group an operation belongs to: its first tag, or the first thing on its path.
func (b *builder) tagOf(n source.Node, path string) *tag {
	key, pos := "", n.Pos()
	t := &tag{noun: naming.Group(path)}
	if list := n.Get("tags").Items(); len(list) > 0 {
		t.name, pos = list[0].Text(), list[0].Pos()
		key, t.noun = t.name, t.name
	} else if name := naming.Exported(t.noun); t.noun != "" {
		t.group, key = name, "/"+name
	}
	if b.tags[key] == nil {
		t.pos = pos
		b.tags[key] = t
		b.tagOrder = append(b.tagOrder, key)
	}
	return b.tags[key]
}

// subject is what a group of operations is about, in the words of the description.
func (t *tag) subject() string {
	if t.group != "" {
		return t.noun
	}
	return t.name
}
