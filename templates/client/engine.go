//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"context"
	"errors"
	"fmt"
	"reflect"
)

// Limits of what a call does beside its attempts. They add up so that no call makes more than 2·MaxAttempts + 17
// requests, one of them to read back what was written, the retries of its reads apart, which the retry budget limits.
const (
	maxStaleReads   = 3 // reads older than a state already seen
	maxStalledReads = 2 // reads, after the first, that show the token just refused
	maxResends      = 3 // identical writes sent again because nobody knows of the one before
	maxThrottled    = 5 // identical writes sent again because the server said to come back
)

// guardedWrite is one call of a revision-aware helper. The type of the resource is erased: everything below the few
// generic lines of each helper is compiled once, whatever number of resources a package has.
type guardedWrite struct {
	c        *core
	t        *revisionTrait
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
	// settle decides whose write a fresh read shows, after a send whose fate is unknown. It is asked when the token
	// alone does not tell.
	settle(ctx context.Context, r *run) (verdict, error)
	// blind says that neither drafts nor results need more of a read than identity and token.
	blind() bool
	// repeats says that a send of unknown fate may be repeated under its own token without further proof.
	repeats() bool
}

// baseState is a state of the resource that a write can be built on.
type baseState struct {
	resource []byte // as the API wrote it
	token    token
	origin   origin
	answer   snapshot // what it was taken from; empty for a copy without one
	partial  bool     // a copy without its raw answer: members may be missing from it
}

// origin says where a state comes from.
type origin uint8

const (
	originRead   origin = iota // this call read it
	originCopy                 // the caller had it
	originReply                // the last write in the lane was answered with it
	originAnswer               // a conflict carried it
)

// trusted reports whether a state is as new as this call: then "nothing to do" holds, and a callback's error is one.
func (s *baseState) trusted() bool { return s.origin == originRead || s.origin == originAnswer }

// draft is what a write sends, but for the token.
type draft struct {
	body  []byte
	base  []byte // the resource the draft was made from
	after []byte // the resource as it is wanted
	change
}

// shipment is a write that was sent, or is about to be. It is marshalled once: what is sent again is identical.
type shipment struct {
	*draft
	request   *request
	token     token
	key       []string
	ambiguous bool  // an earlier send may have been applied
	err       error // what became of the last send
}

// state is one state of the machine in section "states" of a call: it does its work and returns the next; nil ends.
type state func(ctx context.Context, r *run) state

// run is the course of one call.
type run struct {
	w     *guardedWrite
	o     *callOptions
	h     helperOptions
	key   []string // of the resource that answers; another than asked for after FollowMerged
	held  string   // lane; "" is none
	clock Clock
	via   courier

	base    *baseState
	sent    *shipment // last
	refused token     // last token the server refused
	floor   token     // highest token known
	suspect *suspicion
	pause   pause
	backoff backoff

	attempts, resends, throttled, stalled int
	budgetDenied                          bool
	inDoubt                               bool // a write of unknown fate was left behind
	watch                                 *stopwatch
	last                                  token   // read or answered last
	idempotencyKey                        string  // of the last write
	answered                              token   // of the last success; nil: it had none
	certain                               Outcome // of a write that was applied, while its effect is being read

	report Report
	value  any
	err    *UpdateError
}

// run adds up the options and makes the call.
func (w *guardedWrite) run(ctx context.Context, opts []CallOption) (any, error) {
	o, err := w.c.options(opts, w.t.write, w.t.read)
	if err == nil && !w.want.blind() {
		err = w.c.readsWhole(w.t.write, w.t.read, o)
	}
	if err != nil {
		return nil, err
	}
	return w.perform(ctx, o)
}

// readsWhole refuses options with which a read may leave out a part of the resource. What a callback does not see it
// would overwrite.
func (c *core) readsWhole(write, read *operation, o *callOptions) error {
	if a := o.given(read); a != nil && a.narrowed != "" {
		return c.refused(write, fmt.Errorf("the parameter %s of %s may leave out a part of the resource, and a write made from the rest would lose it; "+
			"a helper reads all", a.narrowed, read.id))
	}
	return nil
}

// perform makes the call, with others where the caller allows that.
func (w *guardedWrite) perform(ctx context.Context, o *callOptions) (any, error) {
	if combine := setting[helperOptions](o).combine; combine != nil {
		if v, done, err := combine(ctx, w, o); done {
			return v, err
		}
	}
	return w.runWith(ctx, o)
}

// newRun begins the course of a call.
func (w *guardedWrite) newRun(ctx context.Context, o *callOptions) *run {
	r := &run{w: w, o: o, h: setting[helperOptions](o), key: w.key, clock: w.c.clock, via: alone{}, base: w.supplied}
	w.skipIfEqual = r.h.skipIfEqual
	_, hasDeadline := ctx.Deadline()
	r.watch = newStopwatch(r.clock, r.h.elapsed(hasDeadline))
	return r
}

// runWith makes the call. Whatever happens in a callback, the lane is left.
func (w *guardedWrite) runWith(ctx context.Context, o *callOptions) (any, error) {
	r := w.newRun(ctx, o)
	defer r.finish(ctx)
	if r.enterLane(ctx) {
		defer r.leaveLane()
		r.follow(ctx)
	}
	return r.end()
}

// follow goes from state to state until there is none.
func (r *run) follow(ctx context.Context) {
	for next := state(stateStart); next != nil; {
		next = next(ctx, r)
	}
}

// end is what the call returns.
func (r *run) end() (any, error) {
	if r.err != nil {
		return nil, r.err
	}
	return r.value, nil
}

// stateStart (S0) begins with the state at hand, or with a read.
func stateStart(_ context.Context, r *run) state {
	if r.w.broken != nil {
		return r.fail(ErrContract, r.w.broken)
	}
	r.raiseFloor(part[floors](r.w.c).get(r.lane(), r.clock.Now()))
	if r.base == nil {
		if r.unconditional() && !r.h.skipIfEqual {
			r.base = &baseState{}
			return stateMutate
		}
		return stateRead
	}
	// A copy older than what this client has seen since would only be refused.
	if r.w.t.usable(r.base.token) != nil || r.w.t.older(r.base.token, r.floor) {
		return stateRead
	}
	r.raiseFloor(r.base.token)
	return stateMutate
}

// unconditional reports whether the write needs no token.
func (r *run) unconditional() bool {
	e := r.w.t.escape
	return r.w.want.blind() && (e.omit || e.value != "" || e.flag.in != nowhere)
}

// raiseFloor takes note of a token that the server has, or that a copy proves it to have had.
func (r *run) raiseFloor(t token) {
	if t != nil && (r.floor == nil || r.w.t.older(r.floor, t)) {
		r.floor = t
	}
}

// saw takes note of a token in an answer of the server, for later calls too.
func (r *run) saw(t token) {
	r.last = t
	r.raiseFloor(t)
	if t != nil && r.w.t.order != orderOpaque && !r.w.t.older(t, r.floor) {
		part[floors](r.w.c).put(r.lane(), t, r.clock.Now())
	}
}

// succeed ends the call.
func (r *run) succeed(outcome Outcome, value any, t token) state {
	r.value = value
	r.report.Outcome, r.report.Revision, r.report.RevisionKnown = outcome, t.String(), t != nil
	return nil
}

// guarded makes the call and gives its result its type back.
func guarded[T any](ctx context.Context, w *guardedWrite, want intent, opts []CallOption) (*T, error) {
	w.want, w.empty = want, func() any { return new(T) }
	v, err := w.run(ctx, opts)
	if err != nil {
		return nil, err
	}
	return v.(*T), nil
}

var errNoCallback = errors.New("the callback is nil")

// decode makes a new resource of the caller's type.
func (w *guardedWrite) decode(s *baseState) (any, error) {
	v := w.empty()
	s.resource = spelled(s.resource, reflect.TypeOf(v), true) // so that what is written is what was read
	if err := decode(s.resource, v); err != nil {
		return nil, &undecodableResource{err: err}
	}
	if k, ok := v.(keeper); ok && s.answer.body != nil {
		k.keepSnapshot(s.answer)
	}
	return v, nil
}

// undecodableResource is a resource that does not fit its type.
type undecodableResource struct{ err error }

func (e *undecodableResource) Error() string { return "the resource: " + describe(e.err) }

func (e *undecodableResource) Unwrap() error { return e.err }
