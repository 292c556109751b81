package analyze

import (
	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// readPaging reads an x-paging.
func (b *builder) readPaging(o *operation, x source.Node) {
	before := b.problems.Len()
	p := &api.Paging{Pos: x.KeyPos()}
	if at, ok := b.answerAt(o, x.Get("items")); ok {
		p.Items = at.At
		switch t := at.Type.Underlying(); {
		case t.Kind == api.KindArray:
			p.Item = t.Elem.Value()
		default:
			b.problems.Add(&diag.Problem{Pos: at.Pos, Message: "the items of a page are not an array",
				Help: "name the member of the answer that lists them"})
		}
	}
	p.Limit = b.pageInput(o, x.Get("limit"))
	p.Offset = b.pageInput(o, x.Get("offset"))
	if n := x.Get("total"); !n.IsZero() {
		at, _ := b.answerAt(o, n)
		p.Total = at.At
	}
	cursor := x.Get("cursor")
	if !cursor.IsZero() {
		p.CursorSend = b.pageInput(o, cursor.Get("send"))
		at, _ := b.answerAt(o, cursor.Get("read"))
		p.CursorRead = at.Location
		b.readLink(p, cursor.Get("link"))
	}
	if page := x.Get("page"); !page.IsZero() {
		b.readPageNumber(o, p, page)
	}
	if ways := count(x.Has("offset"), x.Has("cursor"), x.Has("page")); ways != 1 {
		b.problems.Add(&diag.Problem{Pos: x.KeyPos(), Message: "x-contactsgen-paging needs one of offset, cursor and page",
			Help: "pages are asked for by the number of items before them, by a cursor that the page before names, or by their number"})
	}
	p.DefaultLimit, p.MaxLimit = number(x.Get("defaultLimit")), number(x.Get("maxLimit"))
	if b.problems.Len() == before {
		o.Paging = p
	}
}

// readLink reads whether the cursor is in the address of the next page. Only a query has a place for it there.
func (b *builder) readLink(p *api.Paging, n source.Node) {
	p.CursorLink, _ = n.Bool()
	if p.CursorLink && p.CursorSend.In != api.InQuery && p.CursorSend.In != api.Nowhere {
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "an address carries nothing that is sent in the " + string(p.CursorSend.In),
			Help: "let send be $request.query.…, or leave link out"})
	}
}

// readPageNumber reads how pages are counted.
func (b *builder) readPageNumber(o *operation, p *api.Paging, n source.Node) {
	p.Number, p.First = b.pageInput(o, n.Get("send")), 1
	if first, ok := n.Get("first").Int(); ok {
		p.First = int(first)
	}
	if at := n.Get("count"); !at.IsZero() {
		found, _ := b.answerAt(o, at)
		p.Count = found.At
	}
}

// count counts what is true.
func count(list ...bool) int {
	n := 0
	for _, is := range list {
		if is {
			n++
		}
	}
	return n
}

// pageInput reads a place in the request that asks for a page.
func (b *builder) pageInput(o *operation, n source.Node) api.Location {
	if n.IsZero() {
		return api.Location{}
	}
	at, ok := b.requestAt(o, n)
	if ok && at.In == api.InPath {
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "a page cannot be asked for in the path"})
	}
	return at.Location
}

// number reads a whole number; 0 when it is not there.
func number(n source.Node) int {
	i, _ := n.Int()
	return int(i)
}

// answersObjects tells whether an answer has room for anything beside a list.
func (o *operation) answersObjects() bool {
	return o.Result.Kind == api.ResultJSON && o.Result.Type.Underlying().Kind == api.KindStruct
}
