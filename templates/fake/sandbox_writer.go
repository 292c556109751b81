//contactsgen:generator

package fake

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Two writers of the page run into each other on one resource: both read, both write. Their requests are requests like any others:
// they meet faults and are in the log.

// writerHeader names the writer of a request.
const writerHeader = "Sandbox-Writer"

// writerPatience is how long a writer waits for an answer.
const writerPatience = 3 * time.Second

// reading is what a writer has read.
type reading struct {
	collection string
	entity     *entity
}

// sandboxStep is what became of a writer's request.
type sandboxStep struct {
	sandboxRequest
	Change string `json:"change"` // what the writer changed, in words
}

// meeting gives the operations by which two writers meet on a resource of a collection: how they read and how they write it.
func (b *sandbox) meeting(collection string) (read, write *route) {
	for i := range b.api.Routes {
		r := &b.api.Routes[i]
		switch {
		case r.Collection != collection:
		case r.Verb == verbRead && read == nil:
			read = r
		case r.Guard != nil && (r.Verb == verbUpdate || r.Verb == verbTouch && write == nil):
			if write == nil || write.Verb == verbTouch {
				write = r
			}
		}
	}
	return read, write
}

// serveWriter has a writer read or write a resource.
func (b *sandbox) serveWriter(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	name, collection, key, do := q.Get("writer"), q.Get("collection"), q.Get("key"), q.Get("do")
	read, write := b.meeting(collection)
	if read == nil || write == nil || (name != "A" && name != "B") || (do != "read" && do != "write") {
		http.Error(w, "writers A and B read and write a resource whose revision is checked", http.StatusBadRequest)
		return
	}
	if do == "read" {
		b.serveReading(w, r, read, name, collection, key)
		return
	}
	b.mu.Lock()
	seen := b.writers[name]
	b.mu.Unlock()
	if seen == nil || seen.collection != collection || seen.entity.key != key {
		http.Error(w, "the writer has not read this", http.StatusConflict)
		return
	}
	request, change := b.change(write, seen, name)
	step, err := b.send(r, request, name)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	step.Change = change
	serveJSON(w, step)
}

func (b *sandbox) serveReading(w http.ResponseWriter, r *http.Request, read *route, name, collection, key string) {
	step, err := b.send(r, b.draft(read, key), name)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	b.Server.mu.Lock()
	e := b.Server.collections[collection].byKey[key]
	seen := e.as(b.Server.collections[collection].def, step.Answered)
	b.Server.mu.Unlock()
	b.mu.Lock()
	if b.writers[name] = nil; seen != nil && step.Status == http.StatusOK {
		b.writers[name] = &reading{collection, seen}
	}
	b.mu.Unlock()
	serveJSON(w, step)
}

// as gives a resource as it was at a revision, or as it is.
func (e *entity) as(def *collection, revision string) *entity {
	if e == nil {
		return nil
	}
	for _, s := range e.past {
		if old := (&entity{key: e.key, state: s}); def.revision(old) == revision {
			return old
		}
	}
	return &entity{key: e.key, state: e.state}
}

// draft is a request in the making.
type draft struct {
	route  *route
	params map[string]string
	query  url.Values
	header http.Header
	body   any
}

// draft begins a request about a resource.
func (b *sandbox) draft(r *route, key string) *draft {
	d := &draft{route: r, params: map[string]string{}, query: url.Values{}, header: http.Header{}}
	parts := strings.Split(key, "/")
	for i, l := range r.Key {
		if i < len(parts) {
			part, _ := url.PathUnescape(parts[i])
			d.put(l, part)
		}
	}
	return d
}

func (d *draft) put(l location, v any) {
	switch l.In {
	case inPath:
		d.params[l.Name] = text(v)
	case inQuery:
		d.query.Set(l.Name, text(v))
	case inHeader:
		d.header.Set(l.Name, text(v))
	case inBody:
		d.body = with(d.body, l.At, v)
	}
}

// change drafts a writer's write of what it has read: one text more or less, and the revision that it knows.
func (b *sandbox) change(r *route, seen *reading, name string) (d *draft, change string) {
	d = b.draft(r, seen.entity.key)
	if r.Verb == verbUpdate {
		payload, _ := lookup(seen.entity.value, r.Payload.Read)
		whole := r.Payload.As == "replace"
		at := b.editable(payload, b.shapeAt(b.Server.collections[seen.collection].def.Shape, r.Payload.Read), name)
		if at != "" {
			old, _ := lookup(payload, at)
			value := signature.ReplaceAllString(text(old), "") + " (writer " + name + ")"
			payload = with(payload, at, value)
			change = strings.ReplaceAll(strings.TrimPrefix(at, "/"), "/", ".") + ": " + value
		}
		if first, _, _ := strings.Cut(strings.TrimPrefix(at, "/"), "/"); at != "" && !whole {
			member, _ := lookup(payload, "/"+first)
			payload = object{unescape.Replace(first): member}
			d.put(r.Payload.Mask, first)
		}
		if payload == nil {
			payload = object{}
		}
		d.body = with(d.body, r.Payload.Send, payload)
	}
	c := &call{s: b.Server, route: r, collection: b.Server.collections[seen.collection]}
	for i, s := range r.Guard.Tokens {
		d.put(s.In, c.expected(i, s, seen.entity))
	}
	return d, change
}

var (
	signature = regexp.MustCompile(` \(writer [AB]\)$`)
	words     = regexp.MustCompile(`^\p{Lu}[\p{L}']+([ .-]+[\p{L}']+)*( \(writer [AB]\))?$`)
)

// editable finds a text that a writer may change: for A the first that reads like words, those near the top first, for B the second, if
// there is one.
func (b *sandbox) editable(payload any, kind *shape, name string) string {
	all := b.texts(payload, kind, "")
	slices.SortStableFunc(all, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	switch {
	case len(all) == 0:
		return ""
	case name == "B" && len(all) > 1:
		return all[1]
	}
	return all[0]
}

func (b *sandbox) texts(v any, kind *shape, at string) []string {
	o, _ := v.(object)
	names := make([]string, 0, len(o))
	for name := range o {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []string
	for _, name := range names {
		var below *shape
		if kind != nil {
			i := slices.IndexFunc(kind.Members, func(m member) bool { return m.Name == name })
			if i < 0 || kind.Members[i].ReadOnly {
				continue
			}
			name, many := kind.Members[i].objects()
			if many {
				continue
			}
			below = b.shapes[name]
		}
		place := at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		if s, ok := o[name].(string); ok && words.MatchString(s) {
			out = append(out, place)
		}
		out = append(out, b.texts(o[name], below, place)...)
	}
	return out
}

// send sends a writer's request and gives its line of the log.
func (b *sandbox) send(from *http.Request, d *draft, name string) (*sandboxStep, error) {
	path := d.route.Path
	for name, value := range d.params {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	if len(d.query) > 0 {
		path += "?" + d.query.Encode()
	}
	var body []byte
	if d.body != nil {
		var err error
		if body, err = encode(d.body); err != nil {
			return nil, err
		}
		d.header.Set("Content-Type", "application/json")
	}
	ctx, cancel := context.WithTimeout(from.Context(), writerPatience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, d.route.Method, "http://"+from.Host+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header = d.header
	r.Header.Set(writerHeader, name)
	id := b.abide(r)
	for _, x := range slices.Backward(b.Requests()) {
		if x.Header.Get(exchangeHeader) == id {
			return &sandboxStep{sandboxRequest: b.shown(&x)}, nil
		}
	}
	return nil, errors.New("the request is not in the log: it was cleared meanwhile")
}

// abide has a request answered, however that ends.
func (b *sandbox) abide(r *http.Request) (id string) {
	defer func() {
		switch err := recover(); err {
		case nil:
		case http.ErrAbortHandler: // the connection was dropped
			id = r.Header.Get(exchangeHeader)
		default:
			panic(err)
		}
	}()
	return b.answer(&listener{header: http.Header{}}, r)
}

// listener takes an answer and keeps its headers alone. What has no end ends for it after as much as the record keeps.
type listener struct {
	header http.Header
	length int
}

func (l *listener) Header() http.Header { return l.header }

func (l *listener) WriteHeader(int) {}

func (l *listener) Write(p []byte) (int, error) {
	if l.length += len(p); l.length > bodyKept {
		return 0, errors.New("the answer is longer than is kept")
	}
	return len(p), nil
}
