//contactsgen:feature helpers
//contactsgen:part update

// Where a call reaches beyond its process: places for a queue that processes share, and for a journal that outlives them.

package client

import (
	"context"
	"encoding/json"
	"errors"
)

// beyond is what a call has to do with other processes. An output without the feature for that has no value of it.
type beyond struct {
	locker  resourceLocker
	journal writeJournal
	callID  string                              // WithCallID
	planned func(context.Context, PlannedWrite) // DryRun; nil: what is made is sent
}

// resourceLocker keeps a resource from the calls of other processes.
type resourceLocker interface {
	// lock waits for the resource; what it returns gives it back.
	lock(ctx context.Context, r *run) (unlock func(), err error)
}

// writeJournal keeps what a call sends until it is known what became of that.
type writeJournal interface {
	// recall goes on where an earlier process ended with the call of an id; "" is one that has none. It is false when there is nothing to go
	// on with.
	recall(ctx context.Context, r *run, callID string) (next stateFunc, resumed bool)
	// record keeps a write before it is sent. It is false when that failed, and the call has ended.
	record(ctx context.Context, r *run) bool
	// settle takes note of how the call ended, which has the given place in the journal.
	settle(ctx context.Context, r *run, entry any)
}

// reach has a call go through a locker or a journal.
func (h *helperOptions) reach(set func(*beyond)) {
	b := beyond{}
	if h.beyond != nil {
		b = *h.beyond
	}
	set(&b)
	h.beyond = &b
}

// journal returns the journal of the call, or nil if it has none. A write that may be sent any number of times needs none.
func (r *run) journal() writeJournal {
	if r.h.beyond == nil || r.isDry() || r.w.want.blind() && r.w.want.repeats() {
		return nil
	}
	return r.h.beyond.journal
}

// isDry reports whether nothing is to be sent.
func (r *run) isDry() bool { return r.h.beyond != nil && r.h.beyond.planned != nil }

// PlannedWrite is a write that DryRun kept from being sent.
type PlannedWrite struct {
	Operation string
	Key       []string        // of the resource
	Revision  string          // that it would have been made on; "" for one that needs none
	Base      json.RawMessage // the resource as it was read; nil when it was not
	Desired   json.RawMessage // the resource as it would be
	Body      json.RawMessage // of the request, without the revision
}

// DryRun has helpers do all but write: they read, run callbacks and hooks, and tell planned of each write instead of sending it. The call
// then ends with the resource as it was meant to become, and the outcome Planned. Whether the server would have taken the write is not
// known. For bulk helpers planned is called concurrently.
func DryRun(planned func(ctx context.Context, w PlannedWrite)) Option {
	return sharedOption(func(o *callOptions) error {
		if planned == nil {
			return errors.New("DryRun: the function is nil")
		}
		adjust(o, func(h *helperOptions) { h.reach(func(b *beyond) { b.planned = planned }) })
		return nil
	})
}

// planned ends the call where it would have sent its write.
func (r *run) planned(ctx context.Context) stateFunc {
	s := r.sent
	w := PlannedWrite{Operation: r.w.t.write.id, Key: s.key, Revision: s.token.String(), Base: s.base, Desired: s.after, Body: s.draft.body}
	defer r.watch.calling()()
	r.h.beyond.planned(ctx, w)
	return r.succeedUnseen(Planned, nil)
}

// recall goes on where an earlier process ended.
func (r *run) recall(ctx context.Context) (next stateFunc, resumed bool) {
	if j := r.journal(); j != nil {
		return j.recall(ctx, r, r.h.beyond.callID)
	}
	return nil, false
}

// record keeps a write that is about to be sent for the first time. It is false when the call has ended over that.
func (r *run) record(ctx context.Context) bool {
	j := r.journal()
	return j == nil || r.sent.err != nil || j.record(ctx, r)
}

// settle takes note of how the call ended.
func (r *run) settle(ctx context.Context) {
	if j := r.journal(); j != nil {
		j.settle(ctx, r, r.entry)
	}
}

// lockBeyond waits until no other process has the resource. Without a locker that is so.
func (r *run) lockBeyond(ctx context.Context) error {
	if r.h.beyond == nil || r.h.beyond.locker == nil {
		return nil
	}
	ctx, done := r.within(ctx)
	defer done()
	unlock, err := r.h.beyond.locker.lock(ctx, r)
	r.unlock = unlock
	return err
}

// within is a context that ends when the time of the call is over.
func (r *run) within(ctx context.Context) (context.Context, context.CancelFunc) {
	left, limited := r.watch.left()
	if !limited {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, left, callTimeout{})
}

// sharesResource reports whether other processes may have written since the last call of this one.
func (r *run) sharesResource() bool { return r.unlock != nil }
