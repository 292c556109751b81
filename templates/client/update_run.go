//contactsgen:feature helpers
//contactsgen:part update

// What a revision-aware write keeps from one state to the next, and the stopwatch that bounds it.

package client

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Limits of what a call does beside its attempts. They add up so that no call makes more than 2·MaxAttempts + 17
// requests, one of them to read back what was written, the retries of its reads apart, which the retry budget limits.
const (
	maxStaleReads   = 3 // reads older than a state already seen
	maxYoungReads   = 3 // reads of a date that others may share, which takes the place of tokens with an order
	maxStalledReads = 2 // reads, after the first, that show the token just refused
	maxResends      = 3 // identical writes sent again because nobody knows of the one before
	maxThrottled    = 5 // identical writes sent again because the server said to come back
)

// guardedWrite is one call of a revision-aware helper. The type of the resource is erased: everything below the few
// generic lines of each helper is compiled once, whatever number of resources a package has.
type guardedWrite struct {
	c        *core
	t        *revisionDescriptor
	key      []string // path parameters of the write
	want     intent
	empty    func() any // a new resource
	supplied *baseState // the caller's copy; nil: there is none
	broken   error      // why the call cannot be made at all

	skipIfEqual bool // SkipIfEqual was given
}

// intent is what a helper wants of the resource: an edit, a payload whatever the state, or an action.
type intent interface {
	// draft makes what is to be sent from a state; nil when there is nothing to do.
	draft(w *guardedWrite, base *baseState) (*draft, error)
	// settle decides whose write a fresh read shows, after a send with an unknown outcome. It is asked when the token
	// alone does not tell.
	settle(ctx context.Context, r *run) (verdict, error)
	// blind says that neither drafts nor results need more of a read than identity and token.
	blind() bool
	// repeats says that a send with an unknown outcome may be repeated under its own token without further proof.
	repeats() bool
}

// baseState is a state of the resource that a write can be built on.
type baseState struct {
	resource []byte // as the API wrote it; nil: only the token is known
	token    revisionToken
	origin   origin
	answer   snapshot // what it was taken from; empty for a copy without one
	earlier  []byte   // where only the token is known: the resource as it was read before, or nil
	partial  bool     // members may be missing: a copy without its raw answer, a read of little else than the token, or that alone
}

// origin says where a state comes from.
type origin uint8

const (
	originRead   origin = iota // this call read it
	originCopy                 // the caller had it
	originReply                // the last write in the queue was answered with it
	originAnswer               // a conflict carried it
)

// trusted reports whether a state is as new as this call: then "nothing to do" holds, and a callback's error is one.
func (s *baseState) trusted() bool { return s.origin == originRead || s.origin == originAnswer }

// known is the newest that is known of the resource, which may be older than the token.
func (s *baseState) known() []byte {
	if s.resource == nil {
		return s.earlier
	}
	return s.resource
}

// draft is what a write sends, but for the token.
type draft struct {
	body  []byte
	base  []byte // the resource the draft was made from
	after []byte // the resource as it is wanted
	change
}

// pendingWrite is a write that was sent, or is about to be. It is marshalled once: what is sent again is identical.
type pendingWrite struct {
	*draft
	request   *request
	token     revisionToken
	key       []string
	ambiguous bool      // an earlier send may have been applied
	err       error     // what became of the last send
	decide    stateFunc // in the place of the rules for an own write, where it may be another call's; nil: it is this one's
}

// stateFunc is one state of the machine in section "states" of a call: it does its work and returns the next; nil ends.
type stateFunc func(ctx context.Context, r *run) stateFunc

// run is the course of one call.
type run struct {
	w     *guardedWrite
	o     *callOptions
	h     helperOptions
	key   []string // of the resource that answers; another than asked for after FollowMerged
	held  string   // key of the queue; "" is none
	clock Clock
	via   sender

	base     *baseState
	sent     *pendingWrite // last
	refused  revisionToken // last token the server refused
	lastSeen revisionToken // highest token known
	suspect  *unconfirmed
	unlock   func() // gives the resource back to other processes; nil: it is not taken
	entry    any    // nil: the journal has nothing of the call
	pause    plannedWait
	backoff  backoff

	attempts, resends, throttled, stalled, young int
	budgetDenied                                 bool
	inDoubt                                      bool // a write with an unknown outcome was left behind
	watch                                        *stopwatch
	last                                         revisionToken // read or answered last
	idempotencyKey                               string        // of the last write
	answered                                     revisionToken // of the last success; nil: it had none
	certain                                      Outcome       // of a write that was applied, while its effect is being read

	report Report
	value  any
	err    *UpdateError
}

// unconfirmed is a callback's conclusion from a state that may be out of date. It is checked against a read, once.
type unconfirmed struct {
	token    revisionToken
	err      error // what the callback returned
	panicked any   // or panicked with
	noop     bool  // or it changed nothing
}

// plannedWait is a wait: how long, for what, and what a call that cannot wait so long fails with.
type plannedWait struct {
	d     time.Duration
	asked bool // by the server
	then  stateFunc
	kind  error
	err   error
	late  stateFunc // in the place of a failure, when there is no time; nil: there is none
}

// verdict is whose write a fresh read shows after a send with an unknown outcome.
type verdict uint8

const (
	verdictOpen    verdict = iota // the state does not tell: no further write
	verdictApplied                // what was wanted holds
	verdictDone                   // it was done, but the read may show the state before
	verdictRepeat                 // the same may be sent again: its token, or its key, lets one copy of it win
	verdictForeign                // the token has moved on without us, and ours can never be applied
	verdictRedo                   // the state does not tell, and the caller has said that twice does no harm
)

// callbackError marks what a callback returned.
type callbackError struct{ err error }

func (e *callbackError) Error() string { return e.err.Error() }

func (e *callbackError) Unwrap() error { return e.err }

// helperError marks an error of a callback that is the helper's own: it is no failure of the caller's.
type helperError struct{ err error }

func (e *helperError) Error() string { return e.err.Error() }

func (e *helperError) Unwrap() error { return e.err }

// sender carries what a call sends. Calls that belong together share one, and with it their requests.
type sender interface {
	// read reads the resource of a call, as fetch does.
	read(ctx context.Context, r *run, cheap bool) (*baseState, error)
	// write sends the call's pending write once.
	write(ctx context.Context, r *run) (*response, error)
	// attempts is how many writes count against the call's limit.
	attempts(r *run) int
	// withdraw takes what sending again costs from the client's budget; refund gives back after a success.
	withdraw(r *run) bool
	refund(r *run)
}

// alone is the sender of a call that sends for itself.
type alone struct{}

func (alone) read(ctx context.Context, r *run, cheap bool) (*baseState, error) {
	return r.fetch(ctx, cheap)
}

func (alone) write(ctx context.Context, r *run) (*response, error) {
	return r.w.c.exchange(ctx, r.sent.request)
}

func (alone) attempts(r *run) int { return r.attempts }

func (alone) withdraw(r *run) bool { return r.w.c.budget.withdraw(retryCost) }

func (alone) refund(r *run) { r.w.c.budget.refund(successfulCost) }

// stopwatch is the time that a call of a helper has taken of what it may take. It stands still while the call waits
// because a limiter or the server asks for it, and so do those of the calls behind it.
type stopwatch struct {
	clock   Clock
	limit   time.Duration // 0: none
	started time.Time

	mu       sync.Mutex
	paused   int           // how many waits it stands still for
	shared   int           // how many of them those behind it stand still for, too
	since    time.Time     // when it stopped
	excused  time.Duration // before that
	going    chan struct{} // closed when it goes on; nil: it goes
	behind   []*followers  // calls that wait for this one
	callback atomic.Int32  // how many callbacks and hooks the call is inside of
}

func newStopwatch(clock Clock, limit time.Duration) *stopwatch {
	return &stopwatch{clock: clock, limit: limit, started: clock.Now()}
}

// left is what is left of the limit; false when there is none.
func (w *stopwatch) left() (time.Duration, bool) {
	if w.limit <= 0 {
		return 0, false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock.Now()
	if w.paused > 0 {
		now = w.since
	}
	return w.limit - (now.Sub(w.started) - w.excused), true
}

// pause has it, and those of the calls behind, stand still until resume.
func (w *stopwatch) pause() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stand()
	if w.shared++; w.shared > 1 {
		return
	}
	for _, q := range w.behind {
		q.pause()
	}
}

func (w *stopwatch) resume() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.goOn()
	if w.shared--; w.shared > 0 {
		return
	}
	for _, q := range w.behind {
		q.resume()
	}
}

// excuse has it alone stand still until the function it returns is called: for the calls behind, the time goes on.
func (w *stopwatch) excuse() (over func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stand()
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.goOn()
	}
}

// stand and goOn are for callers that hold the lock.
func (w *stopwatch) stand() {
	if w.paused++; w.paused == 1 {
		w.since, w.going = w.clock.Now(), make(chan struct{})
	}
}

func (w *stopwatch) goOn() {
	if w.paused--; w.paused > 0 {
		return
	}
	w.excused += w.clock.Now().Sub(w.since)
	close(w.going)
	w.going = nil
}

// standing is closed when it goes on; nil when it goes.
func (w *stopwatch) standing() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.going
}

// over is closed or receives when the time may be over, or when the stopwatch goes on: then has to be looked again. stop lets go of it.
func (w *stopwatch) over() (over <-chan struct{}, stop func()) {
	left, limited := w.left()
	if !limited {
		return nil, func() {}
	}
	if going := w.standing(); going != nil {
		return going, func() {}
	}
	done := make(chan struct{})
	timer := time.AfterFunc(left, func() { close(done) })
	return done, func() { timer.Stop() }
}

// lead has the calls of a queue stand still whenever this one does, until unlead.
func (w *stopwatch) lead(q *followers) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.behind = append(w.behind, q)
	if w.shared > 0 {
		q.pause()
	}
}

func (w *stopwatch) unlead(q *followers) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.behind = slices.DeleteFunc(w.behind, func(other *followers) bool { return other == q })
	if w.shared > 0 {
		q.resume()
	}
}

// calling marks that the call is inside a callback or a hook, until the function it returns is called.
func (w *stopwatch) calling() (done func()) {
	w.callback.Add(1)
	return func() { w.callback.Add(-1) }
}

// isCalling reports whether the call is inside a callback or a hook.
func (w *stopwatch) isCalling() bool { return w.callback.Load() > 0 }

// followers are the stopwatches of the calls in a queue, which stand still when the holder's does.
type followers struct {
	mu      sync.Mutex
	paused  bool
	watches map[*stopwatch]bool
}

func (q *followers) pause() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.paused = true
	for w := range q.watches {
		w.pause()
	}
}

func (q *followers) resume() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.paused = false
	for w := range q.watches {
		w.resume()
	}
}

func (q *followers) add(w *stopwatch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.watches[w] = true
	if q.paused {
		w.pause()
	}
}

func (q *followers) remove(w *stopwatch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.watches, w)
	if q.paused {
		w.resume()
	}
}
