//contactsgen:feature iterators
//contactsgen:part pages

// Iterators over all pages of a list or query.

package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// pageDescriptor is how an operation answers in pages: by offset, by cursor when it has a place to send one, or by number.
type pageDescriptor struct {
	items, total           pointer // in the success body; total may be unknown
	limit, offset          location
	cursorSend, cursorRead location
	cursorLink             bool       // what is read is the address of the next page, whose query has the cursor
	cursorReplaces         []location // what the request leaves out once it has a cursor
	number                 location   // of the page
	first                  int        // number of the first page
	count                  pointer    // in the success body: how many pages there are
	defaultLimit, maxLimit int        // 0: not known
}

var (
	errSameCursor = errors.New("the server gave a cursor that it had given before")
	errSamePage   = errors.New("the server gave the same page twice")
)

// eachItem goes through everything that an operation answers. Every range over it begins anew.
func eachItem[T any](ctx context.Context, c *core, op *operation, path []string, b requestBody, t *pageDescriptor,
	opts []CallOption) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for list, err := range turnPages(ctx, c, op, path, b, t, opts) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, raw := range list.items {
				item := new(T)
				if err := decode(raw, item); err != nil {
					yield(nil, c.undecodable(op, list.answer, err))
					return
				}
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// eachPage yields whole responses, for callers who need more than the items.
func eachPage[T any](ctx context.Context, c *core, op *operation, path []string, b requestBody, t *pageDescriptor,
	opts []CallOption) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for list, err := range turnPages(ctx, c, op, path, b, t, opts) {
			var page *T
			if err == nil {
				page, err = decodeResult[T](c, op, list.answer)
			}
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

// fetched is one answer, and the items in it.
type fetched struct {
	items  []json.RawMessage
	answer *response
}

// turnPages goes through the pages of an operation; an error is the last thing it gives.
func turnPages(ctx context.Context, c *core, op *operation, path []string, b requestBody, t *pageDescriptor,
	opts []CallOption) iter.Seq2[fetched, error] {
	return func(yield func(fetched, error) bool) {
		r, err := c.prepare(op, path, b, opts)
		if err != nil {
			yield(fetched{}, err)
			return
		}
		p := &pager{c: c, r: r, t: t, total: unknownCount, seen: map[string]bool{}}
		for !p.done {
			list, err := p.next(ctx)
			if !yield(fetched{list, p.answer}, err) || err != nil {
				return
			}
		}
	}
}

const unknownCount = -1

// pager is one walk through the pages of an operation.
type pager struct {
	c      *core
	r      *request
	t      *pageDescriptor
	limit  int64
	offset int64
	number int64           // of the page that is asked for
	total  int64           // of all items, unknown when the server does not say or cannot be believed
	seen   map[string]bool // cursors
	last   []byte          // the items before
	answer *response
	done   bool
}

// next asks for the next page. After an error, or when done is set, there is none.
func (p *pager) next(ctx context.Context) ([]json.RawMessage, error) {
	if p.answer == nil {
		if err := p.begin(); err != nil {
			return nil, p.c.refused(p.r.op, err)
		}
	}
	a, err := p.c.send(ctx, p.r)
	if err != nil {
		return nil, err
	}
	p.r.o.keepResponse(a)
	p.answer = a
	list, err := p.read()
	if err != nil {
		return nil, err
	}
	if err := p.advance(len(list)); err != nil {
		return nil, p.c.refused(p.r.op, err)
	}
	return list, nil
}

// begin takes the page size and the start from the caller's request. Without a size it asks for the largest pages, so that a whole list
// needs few requests.
func (p *pager) begin() error {
	p.offset = wholeNumber(p.r.valueAt(p.t.offset), 0)
	p.number = wholeNumber(p.r.valueAt(p.t.number), int64(p.t.first))
	p.limit = wholeNumber(p.r.valueAt(p.t.limit), unknownCount)
	if p.limit != unknownCount || p.t.limit.in == nowhere || p.t.maxLimit == 0 {
		return nil
	}
	p.limit = int64(p.t.maxLimit)
	return p.r.setAt(p.t.limit, jsonNumber(p.limit))
}

// read takes the items from the answer. An API may leave an empty list out.
func (p *pager) read() ([]json.RawMessage, error) {
	var whole json.RawMessage
	if err := decode(p.answer.body, &whole); err != nil {
		return nil, p.c.undecodable(p.r.op, p.answer, err)
	}
	raw, _ := p.t.items.get(whole)
	if len(raw) == 0 {
		return nil, nil
	}
	var list []json.RawMessage
	if err := decode(raw, &list); err != nil {
		return nil, p.c.undecodable(p.r.op, p.answer, err)
	}
	if len(list) > 0 && bytes.Equal(raw, p.last) {
		return nil, p.c.refused(p.r.op, errSamePage)
	}
	p.last = raw
	return list, nil
}

// advance prepares the request for the page after one with n items.
func (p *pager) advance(n int) error {
	if p.t.cursorSend.in != nowhere {
		return p.followCursor()
	}
	if p.t.number.in != nowhere {
		return p.turn(n)
	}
	p.offset += int64(n)
	p.done = p.t.offset.in == nowhere || p.ended(int64(n))
	if p.done {
		return nil
	}
	return p.r.setAt(p.t.offset, jsonNumber(p.offset))
}

// turn prepares the request for the page with the next number. What was skipped by beginning with a later page is not known, so a total
// only counts from the first one.
func (p *pager) turn(n int) error {
	p.offset += int64(n)
	p.number++
	pages := wholeNumber(valueAt(p.t.count, p.answer.body), unknownCount)
	switch {
	case n == 0, pages != unknownCount && p.number >= pages+int64(p.t.first):
		p.done = true
	case pages == unknownCount:
		p.done = p.ended(int64(n))
	}
	if p.done {
		return nil
	}
	return p.r.setAt(p.t.number, jsonNumber(p.number))
}

// ended reports whether there is nothing after a page with n items. A short page alone proves nothing where there is a
// total: servers may give less than they were asked for.
func (p *pager) ended(n int64) bool {
	p.count()
	switch {
	case n == 0:
		return true
	case p.total != unknownCount:
		return p.offset >= p.total
	}
	return n < p.least()
}

// count notes the total. A total that shrinks is ignored from then on: either items were removed, and the end that it gives would miss
// those that moved up, or the server counts on the first page only.
func (p *pager) count() {
	total := wholeNumber(valueAt(p.t.total, p.answer.body), unknownCount)
	if total < p.total {
		p.t = p.t.withoutTotal()
		total = unknownCount
	}
	p.total = total
}

func (t *pageDescriptor) withoutTotal() *pageDescriptor {
	c := *t
	c.total = ""
	return &c
}

// least is how many items any page but the last one has. A server that caps the size gives its default at least; where
// that is not known only an empty page is the end.
func (p *pager) least() int64 {
	d := int64(p.t.defaultLimit)
	switch {
	case d == 0:
		return 1
	case p.limit == unknownCount:
		return d
	}
	return min(d, p.limit)
}

func (p *pager) followCursor() error {
	cursor := text(p.answer.valueAt(p.t.cursorRead))
	if p.t.cursorLink {
		cursor = inAddress(cursor, p.t.cursorSend.name)
	}
	p.done = cursor == ""
	if p.done {
		return nil
	}
	if p.seen[cursor] {
		return errSameCursor
	}
	p.seen[cursor] = true
	quoted, err := encode(cursor)
	if err != nil {
		return err
	}
	for _, l := range p.t.cursorReplaces {
		if err := p.r.removeAt(l); err != nil {
			return err
		}
	}
	return p.r.setAt(p.t.cursorSend, quoted)
}

// inAddress returns a query parameter of the URL in link, or of the URL with rel=next in a Link header (RFC 8288). Nothing is ever sent to
// that URL.
func inAddress(link, name string) string {
	if strings.HasPrefix(strings.TrimLeft(link, " "), "<") {
		link = nextLink(link)
	}
	_, query, _ := strings.Cut(link, "?")
	query, _, _ = strings.Cut(query, "#")
	values, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	return values.Get(name)
}

// nextLink gives the address whose relation is next.
func nextLink(header string) string {
	for rest := header; ; {
		_, after, ok := strings.Cut(rest, "<")
		address, after, closed := strings.Cut(after, ">")
		if !ok || !closed {
			return ""
		}
		params, _, _ := strings.Cut(after, "<")
		for _, p := range strings.FieldsFunc(params, func(r rune) bool { return r == ';' || r == ',' }) {
			name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
			if strings.EqualFold(name, "rel") && slices.Contains(strings.Fields(strings.Trim(value, `"`)), "next") {
				return address
			}
		}
		rest = after
	}
}

func jsonNumber(n int64) json.RawMessage { return strconv.AppendInt(nil, n, 10) }

// valueAt returns what an answer has at a location.
func (a *response) valueAt(at location) json.RawMessage { return findIn(at, a.header, a.body) }

// valueAt returns what a request has at a location.
func (r *request) valueAt(at location) json.RawMessage {
	if at.in == inQuery {
		return jsonText(r.query.Get(at.name))
	}
	return findIn(at, r.header, r.body)
}

// setAt sets what a request has at a location.
func (r *request) setAt(at location, v json.RawMessage) (err error) {
	switch at.in {
	case inBody:
		r.body, err = at.at.set(r.body, v)
	case inQuery:
		r.setQuery(at.name, text(v))
	case inHeader:
		if !validHeaderValue(text(v)) {
			return fmt.Errorf("the value for %s has control characters", at.name)
		}
		r.setHeader(at.name, text(v))
	default:
		return fmt.Errorf("there is no place to send %s", at.name)
	}
	return err
}

// removeAt takes what a request has at a location out of it.
func (r *request) removeAt(at location) (err error) {
	switch at.in {
	case inBody:
		r.body, err = at.at.remove(r.body)
	case inQuery:
		r.query.Del(at.name)
		r.encoded = slices.DeleteFunc(slices.Clone(r.encoded), func(pair string) bool {
			return strings.HasPrefix(pair, queryEscape(at.name)+"=")
		})
	case inHeader:
		r.header.Del(at.name)
	default:
		return fmt.Errorf("there is no place that has %s", at.name)
	}
	return err
}
