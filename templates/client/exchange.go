//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxErrorBytes is how much of an error's body is read.
const maxErrorBytes = 64 << 10

var errTooLong = errors.New("the body is longer than allowed (WithMaxResponseBytes)")

// answer is what came back for one try.
type answer struct {
	status    int
	header    http.Header
	body      []byte
	resent    bool  // net/http sent the request more than once
	truncated bool  // an error's body was longer than is kept, or broke off
	partial   bool  // what a success holds may be a part of the resource only
	lost      error // why it broke off
}

// flight is an answer whose body is still on its way.
type flight struct {
	*http.Response
	wire *wire
	ctx  context.Context
	done context.CancelFunc
	used []string // values of the credentials

	limited io.LimitedReader // what is read of the body
}

// land lets go of the connection. A body that was not read to its end closes it.
func (f *flight) land() {
	_ = f.Body.Close() // nothing more is wanted of it
	f.done()
}

// exchange sends a request once, and reads the answer. It neither waits nor repeats (but see openAgain).
//
// The error is nil for the declared success only, an *APIError for any other complete answer (which is returned too),
// and a *transportError when there is none.
func (c *core) exchange(ctx context.Context, r *request) (*answer, error) {
	f, err := c.openAgain(ctx, r)
	if err != nil {
		return nil, err
	}
	defer f.land()
	a, err := c.read(ctx, r, f)
	if err != nil {
		return nil, err
	}
	return a, c.judge(r.op, a)
}

// openAgain is open, and once more when a token had expired: a 401 says that nothing was done.
func (c *core) openAgain(ctx context.Context, r *request) (*flight, error) {
	f, err := c.open(ctx, r)
	if err != nil || f.StatusCode != http.StatusUnauthorized || !r.replayable() || !c.renew(r.op, f.used) {
		return f, err
	}
	f.land()
	return c.open(ctx, r)
}

// open sends a request once and returns as soon as the head of the answer is there.
func (c *core) open(ctx context.Context, r *request) (*flight, error) {
	err := c.await(ctx, r)
	started := c.clock.Now()
	var f *flight
	if err == nil {
		f, err = c.roundTrip(ctx, r)
	}
	if err != nil {
		c.logTry(ctx, r.op, started, nil, err)
		return nil, err
	}
	c.logTry(ctx, r.op, started, f.Response, nil)
	c.holdBack(r, f)
	return f, nil
}

// await waits until the request may go: until the server wants requests again, and the limiter lets it through, which
// may take long enough for the server to have spoken meanwhile. Others ask for that time: it is no part of what a call
// may take.
func (c *core) await(ctx context.Context, r *request) error {
	if c.limiter == nil {
		return c.waitOut(ctx, r)
	}
	if err := c.waitOut(ctx, r); err != nil {
		return err
	}
	err := r.excused(func() error { return c.limiter.Wait(ctx) })
	if err != nil {
		return c.refused(r.op, err)
	}
	return c.waitOut(ctx, r)
}

func (c *core) roundTrip(ctx context.Context, r *request) (*flight, error) {
	try, done := r.limited(ctx)
	w, watched := watch(withOperation(try, r.op), r.op)
	req := r.build(watched, c.userAgent)
	used, err := c.authorise(r.op, req)
	if err == nil && try.Err() != nil {
		err = endOf(try)
	}
	if err != nil {
		done()
		return nil, &transportError{api: c.d.name, op: r.op, err: err, final: errors.Is(err, ErrUnauthenticated) || isCallTimeout(err)}
	}
	started := c.clock.Now()
	resp, err := c.clientFor(r.op).Do(req)
	if err != nil {
		err = cause(ctx, try, err)
		done()
		return nil, &transportError{api: c.d.name, op: r.op, err: err, sent: w.sent(), final: isCallTimeout(err)}
	}
	part[latency](c).observe(c.clock.Now().Sub(started))
	unpack(resp)
	return &flight{Response: resp, wire: w, ctx: try, done: done, used: used}, nil
}

func (c *core) clientFor(op *operation) *http.Client {
	if op.safe {
		return c.reads
	}
	return c.writes
}

func withTryTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, d, tryTimeout{})
}

// read reads the body of an answer: of a success all or nothing, of an error as much as there is, up to a limit.
func (c *core) read(ctx context.Context, r *request, f *flight) (*answer, error) {
	a := &answer{status: f.StatusCode, header: f.Header, resent: f.wire.resent(), partial: !r.readsWhole()}
	success := r.op.succeeds(a.status)
	limit := int64(maxErrorBytes)
	if success {
		limit = r.o.maxBytes
	}
	f.limited = io.LimitedReader{R: f.Body, N: limit + 1}
	body, err := readAll(&f.limited, min(f.ContentLength, limit))
	if err != nil {
		err = cause(ctx, f.ctx, err)
	}
	tooLong := int64(len(body)) > limit
	if success && tooLong {
		err = errTooLong
	}
	if success && err != nil {
		return nil, &transportError{api: c.d.name, op: r.op, err: err, sent: true, status: a.status, final: tooLong || isCallTimeout(err)}
	}
	a.body = readable(body[:min(limit, int64(len(body)))], f.Header.Get("Content-Type"))
	a.lost, a.truncated = err, tooLong || err != nil
	return a, nil
}

// unpack has a body unpacked that package net/http left as it came, since the caller had a say in what is accepted.
func unpack(resp *http.Response) {
	if resp.Uncompressed || !strings.EqualFold(resp.Header.Get("Content-Encoding"), "gzip") {
		return
	}
	resp.Body, resp.ContentLength, resp.Uncompressed = &packed{ReadCloser: resp.Body}, -1, true
	resp.Header.Del("Content-Encoding")
	resp.Header.Del("Content-Length")
}

// packed is a body that is unpacked as it is read.
type packed struct {
	io.ReadCloser
	unpacked *gzip.Reader
}

func (p *packed) Read(b []byte) (n int, err error) {
	if p.unpacked == nil {
		if p.unpacked, err = gzip.NewReader(p.ReadCloser); err != nil {
			return 0, err
		}
	}
	return p.unpacked.Read(b)
}

// maxExpected is how much room a server can have made by saying how long its answer is.
const maxExpected = 8 << 20

// readAll reads to the end, into room for what is expected if that is known.
func readAll(r io.Reader, expected int64) ([]byte, error) {
	if expected <= 0 {
		return io.ReadAll(r)
	}
	b := make([]byte, 0, min(expected, maxExpected)+1) // one more, for the end to be seen without making room
	for {
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case err == io.EOF:
			return b, nil
		case err != nil:
			return b, err
		case len(b) == cap(b):
			b = slices.Grow(b, cap(b)) // twice the room
		}
	}
}

// operationKey is where a request's context holds its operation, for transports that print or measure.
type operationKey struct{}

func withOperation(ctx context.Context, op *operation) context.Context {
	return context.WithValue(ctx, operationKey{}, op)
}
