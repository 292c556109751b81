package analyze

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
)

// What lists call the things that they are asked for pages with, and that they answer beside the items: words in lower case, joined.
var (
	limitNames = naming.Set("limit", "pagesize", "perpage", "maxresults", "count", "top", "take", "size", "pagelimit", "maxitems",
		"maxpagesize", "itemsperpage", "maxcount", "first", "results", "pagecount", "recordsperpage")
	cursorNames = naming.Set("cursor", "pagetoken", "nextpagetoken", "nexttoken", "after", "continuationtoken", "continuation", "marker",
		"pagecursor", "pageafter", "startcursor", "bookmark", "scrollid", "skiptoken", "paginationtoken", "nextcursor", "cursornext", "startkey",
		"exclusivestartkey", "startingtoken", "pageid", "msstartkey", "nextmarker", "aftercursor", "continue", "mscontinuation", "pagestart")
	offsetNames = naming.Set("offset", "skip", "startat", "start", "from", "pageoffset", "startoffset")
	numberNames = naming.Set("page", "pagenumber", "pageno", "pageindex", "pagenum", "currentpage", "p")
	nextNames   = naming.Set("nextcursor", "nextpagetoken", "nexttoken", "nextmarker", "cursor", "next", "endcursor", "after",
		"continuationtoken", "continuation", "nextpage", "bookmark", "scrollid", "nextcontinuationtoken", "cursornext", "lastevaluatedkey",
		"nextstartkey", "paginationtoken", "nextoffset", "nextpagecursor", "nextpageid", "pagetoken", "continue")
	linkNames = naming.Set("nextlink", "odatanextlink", "nexturl", "nexthref", "nextpageurl", "nextpagelink", "nexturi", "nextpageuri",
		"odatanext")
	totalNames = naming.Set("total", "totalcount", "totalresults", "totalitems", "numfound", "totalsize", "totalrecords", "totalelements",
		"totalhits", "itemcount", "odatacount", "resultcount", "totalnumber", "counttotal")
	pageCounts = naming.Set("totalpages", "pagecount", "lastpage", "pages", "numpages", "pagetotal", "numberofpages")
	itemNames  = naming.Set("items", "results", "data", "records", "values", "value", "entries", "list", "rows", "content", "elements",
		"objects", "resources", "hits", "nodes")
	searchVerbs   = naming.Set("search", "query", "list", "find", "filter", "lookup")
	bookkeeping   = naming.Set("errors", "warnings", "links", "included", "messages", "facets", "aggregations")
	oneBasedWords = []string{"1-based", "one-based", "starts at 1", "starting at 1", "starts with 1", "first record is 1"}
)

// input is a place in a request that may ask for a page.
type input struct {
	api.Location
	name, doc string
	typ       *api.Type
}

// output is a member of an answer beside its items.
type output struct {
	api.Location
	name, holder, doc string
	typ               *api.Type
	link              bool
}

// suggestPaging finds the pages in which an operation seems to answer.
func (b *builder) suggestPaging(o *operation) {
	if o.Paging != nil || b.has(o.node, "x-paging") || o.Result.Kind != api.ResultJSON || !o.asksForList() {
		return
	}
	p := &api.PagingCandidate{Paging: &api.Paging{First: 1}}
	items, ok := o.pageItems()
	if !ok {
		return
	}
	p.Items = items
	in, out := o.pageInputs(), b.pageOutputs(o, items)
	limit := find(in, limitNames, isCounter)
	p.Limit = limit.Location
	p.DefaultLimit, p.MaxLimit = b.limitsOf(limit)
	p.Total = find(out, totalNames, isCounter).At
	if !byCursor(p, in, out) && !byLink(p, in, out) && !b.byNumber(p, in, out) && !byOffset(p, in) {
		return
	}
	o.PagingCandidate = p
}

// asksForList tells whether an operation may be one that lists: a read, or a search that is sent by POST.
func (o *operation) asksForList() bool {
	if o.Method == "GET" || o.Safe {
		return o.Method != "HEAD"
	}
	return o.Method == "POST" && slices.ContainsFunc(append(lowerWords(o.ID), lowerWords(o.Path)...), func(w string) bool {
		return searchVerbs[w]
	})
}

// pageItems gives the place of the list in an answer: the only one, or of several the one that is called like what is listed.
func (o *operation) pageItems() (string, bool) {
	if t := o.answer.Underlying(); t.Kind == api.KindArray {
		return "", true
	}
	var found []string
	best := ""
	visit(o.answer, nil, func(*api.Type) (api.Step, bool) { return api.Step{}, false }, func(path []api.Step, f *api.Field) {
		if f.Type.Underlying().Kind != api.KindArray || bookkeeping[strings.ToLower(strings.TrimLeft(f.Name, "_"))] || len(path) > 2 {
			return
		}
		found = append(found, api.Pointer(path))
		words := lowerWords(f.Name)
		if len(words) > 0 && (itemNames[strings.Join(words, "")] || slices.Contains(o.nouns(), naming.Singular(strings.Join(words, "")))) &&
			best == "" {
			best = api.Pointer(path)
		}
	})
	if len(found) == 1 {
		return found[0], true
	}
	return best, best != ""
}

// pageInputs lists the places of a request that may ask for a page.
func (o *operation) pageInputs() []input {
	var out []input
	for _, p := range o.params {
		if p.In == api.InQuery || p.In == api.InHeader {
			out = append(out, input{api.Location{In: p.In, Name: p.Name, Pos: p.Pos}, strings.TrimPrefix(strings.Join(lowerWords(p.Name), ""), "x"),
				p.Doc, p.Type.Underlying()})
		}
	}
	if o.Method == "POST" {
		visit(o.bodyType(), nil, func(*api.Type) (api.Step, bool) { return api.Step{}, false }, func(path []api.Step, f *api.Field) {
			out = append(out, input{api.Location{In: api.InBody, At: api.Pointer(path), Pos: f.Pos}, strings.Join(lowerWords(f.Name), ""), f.Doc,
				f.Type.Underlying()})
		})
	}
	return out
}

// pageOutputs lists what an answer has beside its items, in its body and among its headers.
func (b *builder) pageOutputs(o *operation, items string) []output {
	var out []output
	visit(o.answer, nil, func(*api.Type) (api.Step, bool) { return api.Step{}, false }, func(path []api.Step, f *api.Field) {
		at := api.Pointer(path)
		if strings.HasPrefix(at, items+"/") && items != "" || !f.Type.IsScalar() {
			return
		}
		one := output{Location: api.Location{In: api.InBody, At: at, Pos: f.Pos}, name: strings.Join(lowerWords(f.Name), ""), doc: f.Doc,
			typ: f.Type.Underlying()}
		if names := memberNames(path); len(names) > 1 {
			one.holder = strings.Join(lowerWords(names[len(names)-2]), "")
			if len(names) > 2 && (one.name == "href" || one.name == "url") {
				one.name, one.holder = one.holder+one.name, strings.Join(lowerWords(names[0]), "")
			}
		}
		one.link = linkNames[one.name] || strings.Contains(one.holder, "link") && one.name == "next" ||
			one.name == "next" && saysAddress(f.Doc, b.formatAt(f))
		out = append(out, one)
	})
	for _, h := range o.answerHeaders {
		name := strings.TrimPrefix(strings.Join(lowerWords(h.Name), ""), "x")
		out = append(out, output{Location: api.Location{In: api.InHeader, Name: h.Name}, name: name, typ: h.Type, link: name == "link"})
	}
	return out
}

// saysAddress tells whether a text or a format says that a value is an address.
func saysAddress(doc, format string) bool {
	words := lowerWords(doc)
	return format == "uri" || format == "url" || format == "uri-reference" ||
		slices.ContainsFunc([]string{"url", "uri", "link", "address", "href"}, func(w string) bool {
			return slices.Contains(words, w)
		})
}

// formatAt gives the format that the description says of a member.
func (b *builder) formatAt(f *api.Field) string {
	return b.doc.At(f.Type.Pointer).Get("format").Text()
}

// place is what is looked for by name in a request or an answer.
type place interface {
	called() string
	form() *api.Type
}

func (i input) called() string   { return i.name }
func (i input) form() *api.Type  { return i.typ }
func (o output) called() string  { return o.name }
func (o output) form() *api.Type { return o.typ }

// find gives the first place with one of some names, and of a fitting type; its zero value when there is none.
func find[P place](list []P, names map[string]bool, fits func(*api.Type) bool) P {
	for _, p := range list {
		if names[p.called()] && fits(p.form().Underlying()) {
			return p
		}
	}
	var none P
	return none
}

func isWord(t *api.Type) bool { return t.Kind == api.KindScalar && t.Go == "string" }

// byCursor takes a cursor that one page names and the next one is asked for with.
func byCursor(p *api.PagingCandidate, in []input, out []output) bool {
	send := find(in, cursorNames, isWord)
	if send.In == api.Nowhere {
		send = find(in, offsetNames, isWord) // an offset that is a text is a cursor
	}
	read := nextOf(out, send.name)
	if send.In == api.Nowhere || read.In == api.Nowhere {
		return false
	}
	p.CursorSend, p.CursorRead, p.CursorLink = send.Location, read.Location, read.link
	p.Reason = fmt.Sprintf("%s takes what the page before has as %s", send.Location, read.Location)
	return true
}

// nextOf gives what an answer says about the next page: a member that is called so, or like what asks for one.
func nextOf(out []output, asked string) output {
	var found output
	for _, o := range out {
		next := (nextNames[o.name] || o.link || strings.Contains(o.name, "continuation") || o.name == asked && asked != "") &&
			isWord(o.typ.Underlying())
		if !next || strings.Contains(o.holder, "prev") || strings.Contains(o.holder, "self") {
			continue
		}
		better := strings.HasPrefix(o.name, "next") || o.holder == "next"
		if found.In == api.Nowhere || better && !strings.HasPrefix(found.name, "next") && found.holder != "next" {
			found = o
		}
	}
	return found
}

// byLink takes a cursor, a number or an offset from the address of the next page.
func byLink(p *api.PagingCandidate, in []input, out []output) bool {
	i := slices.IndexFunc(out, func(o output) bool { return o.link && !strings.Contains(o.holder, "prev") })
	if i < 0 {
		return false
	}
	for _, names := range []map[string]bool{cursorNames, numberNames, offsetNames} {
		send := find(in, names, func(*api.Type) bool { return true })
		if send.In == api.InQuery {
			p.CursorSend, p.CursorRead, p.CursorLink = send.Location, out[i].Location, true
			p.Reason = fmt.Sprintf("%s is in the address of the next page, which an answer has as %s", send.Location, out[i].Location)
			return true
		}
	}
	return false
}

// byNumber counts pages.
func (b *builder) byNumber(p *api.PagingCandidate, in []input, out []output) bool {
	send := find(in, numberNames, isCounter)
	if send.In == api.Nowhere {
		return false
	}
	if next := find(out, naming.Set("nextpage"), func(*api.Type) bool { return true }); next.In == api.InHeader {
		p.CursorSend, p.CursorRead = send.Location, next.Location
		p.Reason = fmt.Sprintf("%s takes what the page before has as %s", send.Location, next.Location)
		return true
	}
	p.Number, p.Count = send.Location, find(out, pageCounts, isCounter).At
	if limits := send.typ.Limits; limits.Minimum == "0" || b.defaultOf(send) == "0" ||
		strings.Contains(strings.ToLower(send.doc), "zero-based") || strings.Contains(send.doc, "0-based") {
		p.First = 0
	}
	p.Reason = fmt.Sprintf("%s counts pages", send.Location)
	return true
}

// byOffset counts the items before a page. What counts from 1 is none.
func byOffset(p *api.PagingCandidate, in []input) bool {
	send := find(in, offsetNames, isCounter)
	about := strings.ToLower(send.doc)
	if send.In == api.Nowhere || send.typ.Limits.Minimum == "1" || slices.ContainsFunc(oneBasedWords, func(w string) bool {
		return strings.Contains(about, w)
	}) {
		return false
	}
	p.Offset = send.Location
	p.Reason = fmt.Sprintf("%s counts the items before a page", send.Location)
	return true
}

// limitsOf gives the default and the greatest size of a page, where the description says them.
func (b *builder) limitsOf(limit input) (standard, most int) {
	if limit.In == api.Nowhere {
		return 0, 0
	}
	standard, _ = strconv.Atoi(b.defaultOf(limit))
	most, _ = strconv.Atoi(limit.typ.Limits.Maximum)
	return max(standard, 0), max(most, 0)
}

// defaultOf gives the value that the description says a place has when it is left out.
func (b *builder) defaultOf(i input) string {
	return b.doc.At(i.typ.Pointer).Get("default").Text()
}
