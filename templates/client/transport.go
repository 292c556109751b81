//contactsgen:feature core
//contactsgen:part transport

// From a request to its response: sending, sending again where that is safe, waiting, and what a failure says about the write.

package client

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// maxErrorBytes is how much of an error's body is read.
const maxErrorBytes = 64 << 10

var errTooLong = errors.New("the body is longer than allowed (WithMaxResponseBytes)")

// inflight is an answer whose body is still on its way.
type inflight struct {
	*http.Response
	wire *wire
	ctx  context.Context
	done context.CancelFunc
	used []string // values of the credentials

	limited io.LimitedReader // what is read of the body
}

// close lets go of the connection. A body that was not read to its end closes it.
func (f *inflight) close() {
	_ = f.Body.Close() // nothing more is wanted of it
	f.done()
}

// exchange sends a request once, and reads the answer. It neither waits nor repeats (but see openAgain).
//
// The error is nil for the declared success only, an *APIError for any other complete answer (which is returned too),
// and a *transportError when there is none.
func (c *core) exchange(ctx context.Context, r *request) (*response, error) {
	f, err := c.openAgain(ctx, r)
	if err != nil {
		return nil, err
	}
	defer f.close()
	a, err := c.read(ctx, r, f)
	if err != nil {
		return nil, err
	}
	return a, c.classify(r.op, a)
}

// openAgain is open, and once more when a token had expired: a 401 says that nothing was done.
func (c *core) openAgain(ctx context.Context, r *request) (*inflight, error) {
	f, err := c.open(ctx, r)
	if err != nil || f.StatusCode != http.StatusUnauthorized || !r.replayable() || !c.renew(r.op, f.used) {
		return f, err
	}
	f.close()
	return c.open(ctx, r)
}

// open sends a request once and returns as soon as the head of the answer is there.
func (c *core) open(ctx context.Context, r *request) (*inflight, error) {
	ctx = c.withRequest(ctx, r)
	err := c.await(ctx, r)
	started := c.clock.Now()
	var f *inflight
	if err == nil {
		f, err = c.roundTrip(ctx, r)
	}
	if err != nil {
		c.logTry(ctx, r.op, started, nil, err)
		return nil, err
	}
	c.logTry(ctx, r.op, started, f.Response, nil)
	c.heard(ctx, r, f)
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

func (c *core) roundTrip(ctx context.Context, r *request) (*inflight, error) {
	try, done := r.limited(ctx)
	var w *wire
	watched := try
	if r.op.watch != nil {
		w, watched = r.op.watch(try)
	}
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
		err = endCause(ctx, try, err)
		done()
		return nil, &transportError{api: c.d.name, op: r.op, err: err, sent: w.sent(), final: isCallTimeout(err)}
	}
	clientState[latency](c).observe(c.clock.Now().Sub(started))
	unpack(resp)
	return &inflight{Response: resp, wire: w, ctx: try, done: done, used: used}, nil
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
func (c *core) read(ctx context.Context, r *request, f *inflight) (*response, error) {
	a := &response{status: f.StatusCode, header: f.Header, resent: f.wire.resent(), partial: !r.readsWhole()}
	success := r.op.succeeds(a.status)
	limit := int64(maxErrorBytes)
	if success {
		limit = r.o.maxBytes
	}
	f.limited = io.LimitedReader{R: f.Body, N: limit + 1}
	body, err := readAll(&f.limited, min(f.ContentLength, limit))
	if err != nil {
		err = endCause(ctx, f.ctx, err)
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

// RetryPolicy says how requests are repeated: those that change nothing after a network error or an answer of 429, 502, 503
// or 504, plain writes after a 429 alone, which says that nothing was done. A member that is 0 has its default.
type RetryPolicy struct {
	// MaxAttempts is how often a request is sent at most; 1 is no retry. The default is 4.
	MaxAttempts int
	// MinWait is what the first wait is drawn from: anything between 0 and twice that. The default is 200 ms.
	MinWait time.Duration
	// MaxWait limits what waits grow to. The default is 20 s.
	MaxWait time.Duration
	// MaxRetryAfter is the longest wait that a server can ask for, of any call and of the client as a whole; one that asks
	// for more is not asked again. The default is 2 minutes.
	MaxRetryAfter time.Duration
}

func (p RetryPolicy) check() error {
	if p.MaxAttempts < 0 || p.MinWait < 0 || p.MaxWait < 0 || p.MaxRetryAfter < 0 {
		return errors.New("WithRetryPolicy: a member is negative")
	}
	return nil
}

func (p RetryPolicy) withDefaults() RetryPolicy {
	setIfZero(&p.MaxAttempts, 4)
	setIfZero(&p.MinWait, 200*time.Millisecond)
	setIfZero(&p.MaxWait, 20*time.Second)
	setIfZero(&p.MaxRetryAfter, 2*time.Minute)
	return p
}

func setIfZero[T comparable](p *T, v T) {
	var zero T
	if *p == zero {
		*p = v
	}
}

// send is exchange with the retries that the operation allows.
func (c *core) send(ctx context.Context, r *request) (*response, error) {
	a, err := retried(ctx, c, r, c.exchange)
	return a, r.blame(err)
}

// retried does what once does, and again as the operation allows: after a failure only where repeating it changes
// nothing, after a 429 always, for nothing was done.
func retried[A any](ctx context.Context, c *core, r *request, once func(context.Context, *request) (A, error)) (A, error) {
	policy := r.policy()
	paid := 0
	for try := 1; ; try++ {
		a, err := once(ctx, r)
		if err == nil {
			c.budget.refund(max(paid, successfulCost))
			return a, nil
		}
		if try >= policy.MaxAttempts || ctx.Err() != nil || !r.mayRepeat(err) {
			r.o.keepNotModified(err)
			return a, err
		}
		wait := c.wait(policy, try, err)
		if why := wait.obstacle(ctx, c.clock, policy); why != nil {
			return a, fmt.Errorf("%w (%w)", err, why)
		}
		cost := costOf(err)
		if !c.budget.withdraw(cost) {
			return a, fmt.Errorf("%w (%w)", err, ErrBudget)
		}
		paid = cost
		if stopped := wait.sleep(ctx, c.clock, r); stopped != nil {
			return a, fmt.Errorf("%w (%w)", err, withContext(ctx, stopped))
		}
	}
}

// policy is how the request is repeated.
func (r *request) policy() RetryPolicy { return optionValue[RetryPolicy](r.o).withDefaults() }

// mayRepeat reports whether the request may be sent again after an error.
func (r *request) mayRepeat(err error) bool {
	return r.repeatable() && transient(err) || r.replayable() && throttled(err)
}

// throttled reports whether an error says that nothing was done and that the request may be sent again. If package net/http sent it twice,
// that holds for the second copy alone.
func throttled(err error) bool {
	e, ok := wrapped[*APIError](err)
	return ok && e.Status == http.StatusTooManyRequests && e.class != ErrConflict && !e.ambiguous
}

// transient reports whether another try may fare better.
func transient(err error) bool {
	if answered, ok := wrapped[*APIError](err); ok {
		switch answered.Status {
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	lost, ok := wrapped[*transportError](err)
	return ok && !lost.final
}

// retryWait is a wait between two tries: what the server asks for, and what comes on top.
type retryWait struct{ asked, jitter time.Duration }

// wait is what to wait before the try after this one. What the server asks for is a floor, with jitter on top:
// everybody else was told the same.
func (c *core) wait(p RetryPolicy, try int, err error) retryWait {
	ceiling := min(p.MaxWait, max(p.MinWait, c.rtt())<<min(try, 20))
	w := retryWait{jitter: time.Duration(c.random() * float64(ceiling))}
	if answered, ok := wrapped[*APIError](err); ok {
		w.asked = answered.RetryAfter
	}
	w.jitter = max(w.jitter, untilReady(err, c.clock.Now()))
	return w
}

// tooLong is the error for a wait that is longer than MaxRetryAfter.
type tooLong struct{ asked, allowed time.Duration }

func (e tooLong) Error() string {
	return fmt.Sprintf("it asks for a wait of %v, and MaxRetryAfter is %v", e.asked, e.allowed)
}

// obstacle is why the wait is not begun: the answer is known now. nil: it is begun.
func (w retryWait) obstacle(ctx context.Context, clock Clock, p RetryPolicy) error {
	switch {
	case w.asked > p.MaxRetryAfter:
		return tooLong{w.asked, p.MaxRetryAfter}
	case passesDeadline(ctx, clock, w.asked+w.jitter):
		return pastDeadline{}
	}
	return nil
}

// sleep waits. A wait that the server asked for is no part of what a call may take; any other has to fit in.
func (w retryWait) sleep(ctx context.Context, clock Clock, r *request) error {
	sleep := func() error { return clock.Sleep(ctx, w.asked+w.jitter) }
	if w.asked > 0 {
		return r.excused(sleep)
	}
	if r.time != nil {
		if left, ok := r.time.left(); ok && left < w.jitter {
			return callTimeout{}
		}
	}
	return sleep()
}

// pastDeadline is the error of a wait that would outlast the deadline of the context.
type pastDeadline struct{}

func (pastDeadline) Error() string { return "the next try would be after the deadline" }

// Is matches the error that waiting would have ended with.
func (pastDeadline) Is(target error) bool { return target == context.DeadlineExceeded }

func isPastDeadline(err error) bool {
	_, ok := wrapped[pastDeadline](err)
	return ok
}

// postponed is the error of something that is not tried again before a certain time.
type postponed interface {
	error
	until() time.Time
}

// untilReady is how long it makes no sense to try again after an error; 0 when it may make sense at once.
func untilReady(err error, now time.Time) time.Duration {
	if p, ok := wrapped[postponed](err); ok {
		return max(0, p.until().Sub(now))
	}
	return 0
}

func costOf(err error) int {
	if errors.Is(err, ErrRateLimited) {
		return throttledCost
	}
	return retryCost
}

// passesDeadline reports whether a wait would not leave time for anything. Then the answer is known now.
func passesDeadline(ctx context.Context, clock Clock, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && !clock.Now().Add(wait).Before(deadline)
}

// defaultRetryAfter is the wait after a 429 or 503 when neither the server nor the description names one.
const defaultRetryAfter = time.Second

// longestRetryAfter stands for every longer wait, also for those that overflow. MaxRetryAfter keeps anybody from waiting that long.
const longestRetryAfter = 100 * 365 * 24 * time.Hour

// retryAfter is how long an answer asks to wait; 0 when it does not.
func (c *core) retryAfter(f *errorFormat, status int, h http.Header) time.Duration {
	if h["Retry-After"] != nil {
		if d, ok := parseRetryAfter(h, c.clock.Now()); ok {
			return d
		}
	}
	switch {
	case status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable:
		return 0
	case f.retryAfter > 0:
		return f.retryAfter
	}
	return defaultRetryAfter
}

// parseRetryAfter reads Retry-After: seconds, or a date. A date is taken by the server's clock, which the Date header
// shows, for the caller's may be off.
func parseRetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, uint64(longestRetryAfter/time.Second))) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(0, at.Sub(now)), longestRetryAfter), true
}

const maxRedirects = 5

// httpClients are copies of the caller's client with the redirect rules of reads and of writes.
func httpClients(h *http.Client) (reads, writes *http.Client) {
	if h == nil {
		h = &http.Client{}
	}
	r, w := *h, *h
	r.CheckRedirect = followWithin
	w.CheckRedirect = followNone
	return &r, &w
}

// followNone hands the redirect to the caller as the answer it is: whether a write may be sent elsewhere, or twice, is
// not for the server to say.
func followNone(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// followWithin follows redirects while scheme, host and port stay the same, so that no other server gets the credentials. It does not
// follow one that changes the method, since that would be another request.
func followWithin(req *http.Request, via []*http.Request) error {
	first := via[0]
	if t := triedIn(req.Context()); t != nil && t.r != nil && t.op.succeeds(req.Response.StatusCode) {
		return http.ErrUseLastResponse // it is the answer
	}
	if len(via) > maxRedirects || req.Method != first.Method ||
		req.URL.Scheme != first.URL.Scheme || req.URL.Host != first.URL.Host {
		return http.ErrUseLastResponse
	}
	req.Header.Del("Referer") // it would show the query to the server's logs
	return nil
}

// latency is the smoothed round-trip time of a client's server. Waits are measured by it: a wait much shorter than a
// round trip is none, a much longer one wastes time.
type latency struct {
	mu       sync.Mutex
	smoothed time.Duration
}

// observe takes in one more round trip, with the weight that TCP gives it.
func (l *latency) observe(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.smoothed == 0 {
		l.smoothed = d
		return
	}
	l.smoothed += (d - l.smoothed) / 8
}

// rtt is the smoothed round-trip time; 0 when nothing was sent yet.
func (c *core) rtt() time.Duration {
	l := clientState[latency](c)
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.smoothed
}

// What retries cost. A server in trouble is not loaded further: with the budget spent only one retry per fourteen
// successes is left. Throttled requests are cheap for a server, and told us when to come back.
const (
	budgetSize     = 500
	retryCost      = 14
	throttledCost  = 5
	successfulCost = 1 // what a success without a retry gives back
)

// budget limits the retries of a client over all its calls.
type budget struct {
	mu   sync.Mutex
	left int
}

func newBudget() *budget { return &budget{left: budgetSize} }

// withdraw takes what a retry costs, and reports whether there was enough.
func (b *budget) withdraw(cost int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < cost {
		return false
	}
	b.left -= cost
	return true
}

// refund gives back after a success.
func (b *budget) refund(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = min(b.left+n, budgetSize)
}

// wire watches what package net/http does with one request that writes; nil is a read's, which may be sent any number of times. Only the
// descriptors of operations that write lead here: a program that reads does not carry along what package httptrace needs.
type wire struct {
	dialled, connected atomic.Bool
	written            atomic.Int32
	trace              httptrace.ClientTrace
}

// watchWire returns a context whose request is watched.
func watchWire(ctx context.Context) (*wire, context.Context) {
	w := &wire{}
	w.trace = httptrace.ClientTrace{
		GetConn: func(string) { w.dialled.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { w.connected.Store(true) },
		WroteRequest: func(i httptrace.WroteRequestInfo) {
			if i.Err == nil {
				w.written.Add(1)
			}
		},
	}
	return w, httptrace.WithClientTrace(ctx, &w.trace)
}

// sent reports whether the request may have reached the server. Only a transport that was seen to look for a connection
// and to find none proves that it did not.
func (w *wire) sent() bool { return w == nil || w.connected.Load() || !w.dialled.Load() }

// resent reports whether the request was written more than once: package net/http repeats some by itself.
func (w *wire) resent() bool { return w != nil && w.written.Load() > 1 }

// transportError is a request without a usable answer.
type transportError struct {
	api    string
	op     *operation
	err    error
	sent   bool // the request may have reached the server
	status int  // of the answer, when its status line was seen and its body was lost
	final  bool // trying again would end the same way
}

func (e *transportError) Error() string {
	status := ""
	if e.status != 0 {
		status = fmt.Sprintf("%d, ", e.status)
	}
	return fmt.Sprintf("%s: %s: %s %s: %s%s", e.api, e.op.id, e.op.method, e.op.path, status, describe(e.err))
}

// Is matches ErrAmbiguousWrite: the write may have arrived. Where a success was announced it was applied, and no error may say less.
func (e *transportError) Is(target error) bool {
	return target == ErrAmbiguousWrite && e.sent && !e.op.safe
}

func (e *transportError) Unwrap() error { return e.err }

// tryTimeout is the error of a request that took longer than WithTimeout allows. It is no context error: the caller's
// context is not done.
type tryTimeout struct{}

func (tryTimeout) Error() string { return "no complete answer in time" }

// Timeout reports that it is one, as package net does.
func (tryTimeout) Timeout() bool { return true }

// callTimeout is the error of a request that the time of its call had no room for, or was over in the middle of. It is
// no context error either.
type callTimeout struct{}

func (callTimeout) Error() string { return "the time for the call is over (WithMaxElapsed)" }

// Timeout reports that it is one, as package net does.
func (callTimeout) Timeout() bool { return true }

func isCallTimeout(err error) bool { return errors.Is(err, callTimeout{}) }

// endCause tells the end of one try from the end of the caller's context.
func endCause(ctx, try context.Context, err error) error {
	if why := context.Cause(try); ctx.Err() == nil && isTimeLimit(why) {
		return why
	}
	return withContext(ctx, withoutURL(err))
}

// withContext is an error of a call whose context may have ended. What package net/http says then is the cause that the context was given,
// and what other packages say is that it ended: a caller may ask for either.
func withContext(ctx context.Context, err error) error {
	ended, why := ctx.Err(), context.Cause(ctx)
	if ended == nil || errors.Is(err, ended) && errors.Is(err, why) {
		return err
	}
	if errors.Is(err, ended) || errors.Is(err, why) {
		return fmt.Errorf("%w (%w)", ended, why)
	}
	return fmt.Errorf("%w (%w): %w", ended, why, err)
}

// endOf is why a try is over: it took longer than it may, its call did, or the caller's context is done.
func endOf(try context.Context) error {
	if why := context.Cause(try); isTimeLimit(why) {
		return why
	}
	return withContext(try, try.Err())
}

func isTimeLimit(err error) bool { return isCallTimeout(err) || errors.Is(err, tryTimeout{}) }

// refused is an error found before anything was sent.
func (c *core) refused(op *operation, err error) error {
	return &transportError{api: c.d.name, op: op, err: err, final: true}
}

// holdback keeps all requests of a client back after a 429: the others would only be told the same, and make it worse.
type holdback struct {
	mu    sync.Mutex
	until time.Time
}

// end is when requests may go again.
func (h *holdback) end() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.until
}

// extend keeps requests back until t at least.
func (h *holdback) extend(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if t.After(h.until) {
		h.until = t
	}
}

// heard takes note of an answer: after a 429 the client asks nothing for as long as the server wants, MaxRetryAfter at most. A limiter
// that listens is told of every answer.
func (c *core) heard(ctx context.Context, r *request, f *inflight) {
	throttled := f.StatusCode == http.StatusTooManyRequests
	if !throttled && c.listener == nil {
		return
	}
	asked := min(c.retryAfter(c.errorFormat(r.op), f.StatusCode, f.Header), r.policy().MaxRetryAfter)
	if throttled {
		c.hold.extend(c.clock.Now().Add(asked))
	}
	if c.listener != nil {
		c.listener.Observe(ctx, f.StatusCode, asked)
	}
}

// waitOut waits as long as the client holds back. When that is prolonged meanwhile it waits on, but for MaxRetryAfter at
// most: what the request is told then is news.
func (c *core) waitOut(ctx context.Context, r *request) error {
	until, known := c.hold.end(), time.Time{}
	if until.IsZero() {
		return nil
	}
	for most := r.policy().MaxRetryAfter; ; until = c.hold.end() {
		d := min(until.Sub(c.clock.Now()), most)
		if d <= 0 || !until.After(known) {
			return nil
		}
		wait := d + c.spread(d)
		if passesDeadline(ctx, c.clock, wait) {
			return c.refused(r.op, heldBack{pastDeadline{}})
		}
		if err := r.excused(func() error { return c.clock.Sleep(ctx, wait) }); err != nil {
			return c.refused(r.op, heldBack{err})
		}
		known, most = until, most-d
	}
}

// heldBack is the error of a request that was kept back until its context was done, or would have been until after the deadline.
type heldBack struct{ err error }

func (e heldBack) Error() string {
	return "held back after a 429 to another request of this client: " + e.err.Error()
}

// Is matches what the other request was told.
func (heldBack) Is(target error) bool { return target == ErrRateLimited }

// Unwrap is what keeps this one from waiting.
func (e heldBack) Unwrap() error { return e.err }

// leastSpread is what waits are spread over that the server asks for and that are short.
const leastSpread = 100 * time.Millisecond

// spread is what a wait that the server asked for is longer by, a tenth at most: everybody else was told the same.
func (c *core) spread(asked time.Duration) time.Duration {
	return time.Duration(c.random() * float64(max(leastSpread, asked/10)))
}
