package analyze

import (
	"slices"
	"strings"

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
		b.readReplaced(o, p, cursor.Get("replaces"))
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

// readReplaced reads what is left out of a request that carries a cursor. The rest of it has to be a request still.
func (b *builder) readReplaced(o *operation, p *api.Paging, n source.Node) {
	for _, one := range list(n) {
		at, ok := b.requestAt(o, one)
		switch {
		case !ok:
		case at.In == api.InPath:
			b.problems.Add(&diag.Problem{Pos: one.Pos(), Message: "nothing can be left out of the path"})
		case at.holds(p.CursorSend) || at.holds(p.Limit):
			b.problems.Add(&diag.Problem{Pos: one.Pos(), Message: "the cursor or the size of a page would be left out with this",
				Help: "name members beside them"})
		case at.required(o):
			b.problems.Add(&diag.Problem{Pos: one.Pos(), Message: o.ID + " requires this, so no request can leave it out",
				Help: "take it off the list, or do not require it"})
		case at.scattered():
			b.problems.Add(&diag.Problem{Pos: one.Pos(), Message: "the members of this parameter are parameters of their own when they are sent",
				Help: "only a parameter that is sent under its name can be left out"})
		default:
			p.Replaces = append(p.Replaces, at.Location)
		}
	}
}

// holds tells whether another place is this one or within it.
func (s spot) holds(other api.Location) bool {
	return s.In == other.In && s.Name == other.Name && (s.At == other.At || strings.HasPrefix(other.At, s.At+"/"))
}

// required tells whether every request of an operation has what is at this place.
func (s spot) required(o *operation) bool {
	if s.In != api.InBody {
		return s.Param.Required
	}
	if len(s.path) == 0 {
		return true
	}
	last := len(s.path) - 1
	holder, _, _ := o.bodyType().Find(s.path[:last])
	return slices.ContainsFunc(holder.Underlying().Fields, func(f *api.Field) bool { return f.Name == s.path[last].Name && f.Required })
}

// scattered tells whether a parameter is written as parameters of other names.
func (s spot) scattered() bool {
	if s.In != api.InQuery || s.Param.Style == "json" {
		return false
	}
	t := s.Type.Underlying()
	return s.Param.Style == "deepObject" || s.Param.Explode && t.Kind != api.KindArray && t.Kind != api.KindScalar && t.Kind != api.KindEnum
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
