//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"context"
	"net/http"
	"sync"
	"time"
)

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

// holdBack takes note of an answer: after a 429 the client asks nothing for as long as the server wants, MaxRetryAfter at most.
func (c *core) holdBack(r *request, f *flight) {
	if f.StatusCode == http.StatusTooManyRequests {
		asked := c.retryAfter(c.errorFormat(r.op), f.StatusCode, f.Header)
		c.hold.extend(c.clock.Now().Add(min(asked, r.policy().MaxRetryAfter)))
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
