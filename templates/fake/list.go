//contactsgen:feature core
//contactsgen:part resources

package fake

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// defaultLimit is the size of a page where nothing else is said.
const defaultLimit = 50

// answerList answers the resources that match, a page of them.
func (c *call) answerList() (Answer, error) {
	if err := c.resume(); err != nil {
		return Answer{}, err
	}
	found, err := c.matching()
	if err != nil {
		return Answer{}, err
	}
	if err := c.sort(found); err != nil {
		return Answer{}, err
	}
	p := c.route.Paging
	if p == nil {
		p = &paging{Items: c.route.Resource, Default: len(found) + 1}
	}
	from, to, err := c.page(p, len(found))
	if err != nil {
		return Answer{}, err
	}
	items := make([]any, 0, to-from)
	for _, e := range found[from:to] {
		if c.route.Sample != "" {
			items = append(items, c.sampled(e.value))
			continue
		}
		items = append(items, c.shown(e))
	}
	header := http.Header{}
	beside, err := decode([]byte(cmp.Or(c.route.Beside, "{}")))
	if err != nil {
		return Answer{}, err
	}
	body := with(beside, p.Items, items)
	if p.Total != "" {
		body = with(body, p.Total, json.Number(strconv.Itoa(len(found))))
	}
	if to < len(found) {
		next, err := c.nextPage(p, to)
		if err != nil {
			return Answer{}, err
		}
		body = setAt(body, header, p.Next, next)
	}
	if size := to - from; p.Count != "" && size > 0 {
		limit, _ := c.count(p.Limit, cmp.Or(p.Default, defaultLimit))
		body = with(body, p.Count, json.Number(strconv.Itoa((len(found)+limit-1)/max(limit, 1))))
	}
	return Answer{Status: c.route.Status, Header: header, Body: body}, nil
}

// answerCount answers how many resources match.
func (c *call) answerCount() (Answer, error) {
	found, err := c.matching()
	if err != nil {
		return Answer{}, err
	}
	return Answer{Status: c.route.Status, Body: with(object{}, c.route.Total, len(found))}, nil
}

// matching gives the resources below the request's parents that its parameters and its filter let through.
func (c *call) matching() ([]*entity, error) {
	if c.badBody != nil {
		_, err := c.jsonBody()
		return nil, err
	}
	filter, _ := c.at(c.route.Filter)
	if s, ok := filter.(string); ok && c.route.Filter.In == inQuery {
		v, err := decode([]byte(s))
		if err != nil {
			return nil, filterFailure(&filterFault{malformedFilter, "it is not JSON"})
		}
		filter = v
	}
	match, err := compileFilter(filter, dotted)
	if err != nil {
		return nil, filterFailure(err)
	}
	c.stock()
	var out []*entity
	below := c.below()
	for _, e := range c.listed(c.collection) {
		if strings.HasPrefix(e.key, below) && c.narrowed(e.value) && match(e.value) {
			out = append(out, e)
		}
	}
	return out, nil
}

// stock makes a resource for a list to show, where nothing could have made one.
func (c *call) stock() {
	b, below := c.collection, c.below()
	isHere := func(key string) bool { return strings.HasPrefix(key, below) }
	if !b.def.Open || b.kept || slices.ContainsFunc(b.order, func(e *entity) bool { return isHere(e.key) }) {
		return
	}
	for key := range b.gone {
		if isHere(key) {
			return // it was there, and was removed
		}
	}
	key, value := c.newKey(b.def.completed(object{}))
	b.put(key, value, 1)
}

// below is what the keys of the request's parents' resources begin with.
func (c *call) below() string {
	if len(c.route.Key) == 0 {
		return ""
	}
	return joinKey(c.keyParts()...) + "/"
}

// narrowed tells whether a resource's members equal the parameters that narrow the list.
func (c *call) narrowed(value object) bool {
	for _, n := range c.route.Narrow {
		wanted := c.list(n.From)
		v, _ := lookup(value, n.At)
		if len(wanted) > 0 && !slices.Contains(wanted, text(v)) {
			return false
		}
	}
	return true
}

// page gives the bounds of the page that the request asks for.
func (c *call) page(p *paging, total int) (from, to int, err error) {
	limit, err := c.count(p.Limit, cmp.Or(p.Default, defaultLimit))
	if err == nil && p.Max > 0 && limit > p.Max {
		err = invalid(fieldName(p.Limit), "must be at most "+strconv.Itoa(p.Max), "MAX")
	}
	if err != nil {
		return 0, 0, err
	}
	if from, err = c.count(p.Offset, 0); err != nil {
		return 0, 0, err
	}
	if v, ok := c.at(p.Number); ok && p.Number.In != nowhere {
		n, err := strconv.Atoi(text(v))
		if err != nil || n < p.First {
			return 0, 0, invalid(fieldName(p.Number), "must be a number from "+strconv.Itoa(p.First), "FORMAT")
		}
		from = min(n-p.First, total) * limit
	}
	if v, ok := c.at(p.Cursor); ok && text(v) != "" {
		if from, _, err = parseCursor(text(v)); err != nil {
			return 0, 0, invalid(fieldName(p.Cursor), "is not a cursor", "FORMAT")
		}
	}
	from = min(from, total)
	return from, from + min(limit, total-from), nil
}

// count reads a number that is not negative from the request.
func (c *call) count(l location, otherwise int) (int, error) {
	v, ok := c.at(l)
	if !ok || v == nil {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text(v))
	if err != nil || n < 0 {
		return 0, invalid(fieldName(l), "must be a number from 0", "FORMAT")
	}
	return n, nil
}

// resume gives a request that carries a cursor what the cursor stands for. What the request says beside it all the same is refused.
func (c *call) resume() error {
	p := c.route.Paging
	if p == nil || len(p.Replaces) == 0 {
		return nil
	}
	v, ok := c.at(p.Cursor)
	if !ok || text(v) == "" {
		return nil
	}
	for _, l := range p.Replaces {
		if beside, _ := c.at(l); beside != nil {
			return invalid(fieldName(l), "cannot be given with a cursor", "")
		}
	}
	_, carried, _ := parseCursor(text(v)) // what is no cursor is refused where pages are counted
	r := *c.Request
	r.Query, r.Header = maps.Clone(r.Query), r.Header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	c.Request = &r
	for i, l := range p.Replaces[:min(len(carried), len(p.Replaces))] {
		c.say(l, carried[i])
	}
	return nil
}

// say puts a value, as said gives it, into the request; null is none.
func (c *call) say(l location, v any) {
	values, _ := v.([]any)
	switch {
	case v == nil:
	case l.In == inBody:
		c.body = with(c.body, l.At, v)
	case l.In == inQuery:
		c.Query[l.Name] = texts(values)
	case l.In == inHeader:
		c.Header[http.CanonicalHeaderKey(l.Name)] = texts(values)
	}
}

// said gives what the request has at a location: JSON, or a list of texts; nil where it has nothing.
func (c *call) said(l location) any {
	var found []string
	switch l.In {
	case inQuery:
		found = c.Query[l.Name]
	case inHeader:
		found = c.Header.Values(l.Name)
	default:
		v, _ := c.at(l)
		return v
	}
	if found == nil {
		return nil
	}
	return found
}

// nextPage gives what the answer has of the next page: a cursor, or the address that it is in. A parameter that is a number gets one, which
// has no room for what the request said.
func (c *call) nextPage(p *paging, at int) (string, error) {
	carried := make([]any, len(p.Replaces))
	for i, l := range p.Replaces {
		carried[i] = c.said(l)
	}
	next, err := carrying(at, carried)
	if slices.ContainsFunc(c.route.Params, func(q parameter) bool {
		return q.Name == p.Cursor.Name && slices.Contains([]kind{kindInteger, kindInt32}, q.Is.Form)
	}) {
		next = strconv.Itoa(at)
	}
	if !p.Link || err != nil {
		return next, err
	}
	query := maps.Clone(c.Query)
	for _, l := range p.Replaces {
		if l.In == inQuery {
			query.Del(l.Name)
		}
	}
	query.Set(p.Cursor.Name, next)
	address := c.origin + c.Path + "?" + query.Encode()
	if p.Next.In == inHeader {
		return "<" + address + `>; rel="next"`, nil
	}
	return address, nil
}

// cursor hides a place in a list, so that nobody counts with it.
func cursor(at int) string { return hidden("from " + strconv.Itoa(at)) }

// carrying is a cursor that has what the request said of the list, too.
func carrying(at int, said []any) (string, error) {
	if len(said) == 0 {
		return cursor(at), nil
	}
	data, err := encode(said)
	return hidden("from " + strconv.Itoa(at) + " " + string(data)), err
}

func hidden(plain string) string { return base64.RawURLEncoding.EncodeToString([]byte(plain)) }

func parseCursor(s string) (at int, carried []any, err error) {
	if n, err := strconv.ParseUint(s, 10, 31); err == nil {
		return int(n), nil, nil
	}
	data, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return 0, nil, err
	}
	place, said, more := strings.Cut(strings.TrimPrefix(string(data), "from "), " ")
	n, err := strconv.ParseUint(place, 10, 31)
	if err == nil && more {
		var v any
		v, err = decode([]byte(said))
		carried, _ = v.([]any)
	}
	return int(n), carried, err
}

// order is one thing to sort by.
type order struct {
	path       []string
	descending bool
}

// sort puts resources in the order that the request asks for: [{"fieldName": "name", "order": "DESC"}], or names joined by commas, a minus
// before those that descend.
func (c *call) sort(list []*entity) error {
	v, _ := c.at(c.route.Sort)
	if one, ok := v.(object); ok {
		v = []any{one}
	}
	var by []order
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			o, _ := x.(object)
			f, ok := dotted(text(o["fieldName"]))
			if !ok {
				return invalid(fieldName(c.route.Sort), "must name a field", "FORMAT")
			}
			by = append(by, order{f.path, text(o["order"]) == "DESC"})
		}
	case string:
		for _, name := range strings.Split(v, ",") {
			plain, descending := strings.CutPrefix(name, "-")
			f, _ := dotted(plain)
			by = append(by, order{f.path, descending})
		}
	}
	sortBy(list, by)
	return nil
}

// sortBy sorts resources; those without a value come last.
func sortBy(list []*entity, by []order) {
	slices.SortStableFunc(list, func(a, b *entity) int {
		for _, o := range by {
			x, y := valuesAt(a.value, o.path), valuesAt(b.value, o.path)
			switch {
			case len(x) == 0 || len(y) == 0:
				if len(x) != len(y) {
					return len(y) - len(x)
				}
				continue
			}
			n, _ := compare(x[0], y[0])
			if o.descending {
				n = -n
			}
			if n != 0 {
				return n
			}
		}
		return 0
	})
}

// projected gives the members of a resource that the request asks for, and those of its key and token.
func (c *call) projected(value object) any {
	names := c.list(c.route.Fields)
	if len(names) == 0 {
		return value
	}
	paths := make([]string, 0, len(names))
	for _, name := range names {
		paths = append(paths, "/"+strings.ReplaceAll(name, ".", "/"))
	}
	return c.collection.def.project(value, paths)
}

// project gives the members of a resource at some JSON Pointers, and those of its key and token.
func (c *collection) project(value object, pointers []string) any {
	var out any = object{}
	for _, t := range c.Tokens {
		pointers = append(pointers, t.At)
	}
	for _, at := range append(pointers, c.Key...) {
		if v, ok := lookup(value, at); ok && at != "" {
			out = with(out, at, v)
		}
	}
	return out
}
