//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// request is one call, ready to be sent any number of times.
type request struct {
	op      *operation
	path    []string    // values, as the caller gave them
	query   url.Values  // nil: none
	encoded []string    // query pairs that are escaped already
	header  http.Header // nil: none
	cookies []pair
	body    []byte     // nil: none
	upload  uploadBody // in the place of a body; nil: none
	o       *callOptions
	time    allowance // of the call that it is a part of; nil: there is no limit but those of the context and of each try

	url *url.URL // without the query
}

// allowance is the time that a call of several requests may take. Waits that a limiter or the server asks for are no part of it.
type allowance interface {
	// left is what is left of it; false when it has no limit.
	left() (time.Duration, bool)
	// pause has it stand still until resume.
	pause()
	resume()
}

// excused waits for something that others ask for.
func (r *request) excused(wait func() error) error {
	if r.time != nil {
		r.time.pause()
		defer r.time.resume()
	}
	return wait()
}

// limited is the context of one try. It ends when the try has taken as long as it may, or its call has.
func (r *request) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if r.time != nil {
		if left, ok := r.time.left(); ok && (r.o.timeout <= 0 || left < r.o.timeout) {
			return context.WithTimeoutCause(ctx, left, callTimeout{})
		}
	}
	return withTryTimeout(ctx, r.o.timeout)
}

// prepare makes the request of a call: options added up, path values checked, the body marshalled.
func (c *core) prepare(op *operation, path []string, b body, opts []CallOption) (*request, error) {
	o, err := c.options(opts, op)
	if err != nil {
		return nil, err
	}
	r, err := c.request(op, path, b, o)
	if err != nil {
		return nil, err
	}
	if err := r.write(); err != nil {
		return nil, c.refused(op, err)
	}
	return r, nil
}

// request is prepare with options that are added up already, by a helper that sends several operations. Its body is JSON until it is written.
func (c *core) request(op *operation, path []string, b body, o *callOptions) (*request, error) {
	r := &request{op: op, path: path, header: o.header.Clone(), o: o}
	base, err := c.base, error(nil)
	if op.server != nil {
		base, err = op.server.base(c)
	}
	if err == nil {
		err = errors.Join(r.locate(base), r.marshal(b))
	}
	if err != nil {
		return nil, c.refused(op, err)
	}
	if a := o.given(op); a != nil {
		if err := r.fill(a); err != nil {
			return nil, c.refused(op, err)
		}
	}
	return r, nil
}

func (r *request) locate(base *url.URL) error {
	escaped, err := expandPath(r.op.path, r.path, r.op.escaped...)
	if err != nil {
		return err
	}
	r.url, err = below(base, escaped)
	return err
}

func (r *request) marshal(b body) (err error) {
	switch {
	case b.raw != nil:
		r.body = b.raw
	case b.upload != nil:
		r.upload, err = b.upload, b.upload.check()
	case b.value != nil:
		r.body, err = b.value.marshal()
	}
	return err
}

// write gives the body, which is JSON so far, the form of the operation's media type.
func (r *request) write() (err error) {
	if r.body != nil {
		r.body, err = encodeBody(r.op, r.body)
	}
	return err
}

// repeatable reports whether the request may be sent again without knowing what became of it.
func (r *request) repeatable() bool { return r.op.safe && r.replayable() }

// replayable reports whether the body can be sent again.
func (r *request) replayable() bool { return r.upload == nil || r.upload.replayable() }

// fill adds the parameters of the operation's own options.
func (r *request) fill(a *arguments) (err error) {
	for _, p := range a.query {
		if r.query == nil {
			r.query = url.Values{}
		}
		r.query.Add(p.name, p.value)
	}
	r.encoded = a.encoded
	for _, p := range a.header {
		r.setHeader(p.name, p.value)
	}
	r.cookies = a.cookies
	return r.edit(a)
}

func (r *request) setHeader(name, value string) {
	if r.header == nil {
		r.header = http.Header{}
	}
	r.header.Set(name, value)
}

func (r *request) setQuery(name, value string) {
	if r.query == nil {
		r.query = url.Values{}
	}
	r.query.Set(name, value)
}

// edit adds to the body what the options of the operation say.
func (r *request) edit(a *arguments) (err error) {
	for _, edit := range a.edits {
		if r.body, err = edit(r.body); err != nil {
			return err
		}
	}
	return nil
}

// build makes the HTTP request of one try.
func (r *request) build(ctx context.Context, userAgent string) *http.Request {
	u := *r.url
	u.RawQuery = r.rawQuery()
	header := r.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	req := (&http.Request{Method: r.op.method, URL: &u, Host: u.Host, Header: header}).WithContext(ctx)
	if host := header.Get("Host"); host != "" { // a parameter of the operation; package net/http takes it from here
		req.Host = host
		header.Del("Host")
	}
	setDefault(req.Header, "Accept", r.op.accept, "application/json")
	setDefault(req.Header, "User-Agent", userAgent, "")
	if r.op.tagged {
		// Package net/http would ask for gzip, and what compresses an answer on the way gives it another tag, or a weak one.
		setDefault(req.Header, "Accept-Encoding", "identity", "")
	}
	for _, c := range r.cookies {
		req.AddCookie(&http.Cookie{Name: c.name, Value: c.value})
	}
	if r.upload != nil && r.upload.mediaType() != "" {
		req.Header.Set("Content-Type", r.upload.mediaType())
	}
	if r.body != nil || r.upload != nil {
		setDefault(req.Header, "Content-Type", r.op.content, "application/json")
	}
	r.attach(req)
	return req
}

// attach gives the HTTP request its body, and a way to get it again for redirects and new connections.
func (r *request) attach(req *http.Request) {
	if u := r.upload; u != nil {
		req.Body, req.ContentLength = u.open(), u.size()
		if u.replayable() {
			req.GetBody = func() (io.ReadCloser, error) { return u.open(), nil }
		}
	}
	if sent := r.body; sent != nil {
		open := func() io.ReadCloser { return io.NopCloser(bytes.NewReader(sent)) }
		req.Body, req.ContentLength = open(), int64(len(sent))
		req.GetBody = func() (io.ReadCloser, error) { return open(), nil }
	}
}

// readsWhole reports whether the answer can be the whole resource, as far as is known: that of a read that neither a
// parameter nor a body makes narrower.
func (r *request) readsWhole() bool {
	a := r.o.given(r.op)
	return r.op.safe && r.body == nil && (a == nil || a.narrowed == "")
}

// setDefault sets a header that the caller did not set. The name is written as HTTP writes it.
func setDefault(h http.Header, name, value, otherwise string) {
	if value == "" {
		value = otherwise
	}
	if given := h[name]; len(given) == 0 || given[0] == "" {
		h[name] = []string{value}
	}
}

func (r *request) rawQuery() string {
	pairs := slices.Clone(r.encoded)
	if len(r.query) > 0 {
		// Encode sorts, which keeps requests the same from run to run, and writes spaces as "+".
		pairs = append([]string{strings.ReplaceAll(r.query.Encode(), "+", "%20")}, pairs...)
	}
	if r.op.query != "" {
		pairs = append([]string{r.op.query}, pairs...)
	}
	return strings.Join(pairs, "&")
}
