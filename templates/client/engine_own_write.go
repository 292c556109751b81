//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
)

// verdict is whose write a fresh read shows after a send of unknown fate.
type verdict uint8

const (
	verdictOpen    verdict = iota // the state does not tell: no further write
	verdictOurs                   // what was wanted holds
	verdictRepeat                 // the same may be sent again: its token, or its key, lets one copy of it win
	verdictForeign                // the token has moved on without us, and ours can never be applied
	verdictRedo                   // the state does not tell, and the caller has said that twice does no harm
)

// stateOwnWrite (S6) decides from a fresh read what became of a write of unknown fate.
func stateOwnWrite(ctx context.Context, r *run) state {
	v, err := r.whose(ctx)
	switch v {
	case verdictOurs:
		return r.recovered()
	case verdictRepeat:
		if r.resends++; r.resends > maxResends {
			return r.fail(ErrAmbiguousWrite, r.sent.err)
		}
		return stateWrite
	case verdictForeign:
		r.sent.ambiguous = false
		r.refused = r.sent.token
		if stop := r.countConflict(ctx); stop != nil {
			return stop
		}
		// The read is as new as one after another wait would be.
		return stateMutate
	case verdictRedo:
		r.inDoubt, r.sent.ambiguous = true, false
		if stop := r.anotherAttempt(); stop != nil {
			return stop
		}
		return stateMutate
	}
	return r.fail(ErrAmbiguousWrite, errors.Join(r.sent.err, err))
}

// whose goes through the rules by which a fresh state tells whose write led to it. The first one that answers wins.
func (r *run) whose(ctx context.Context) (verdict, error) {
	s, t := r.sent, r.w.t
	same := slices.Equal(s.key, r.key)
	// Line 1: the token still is the one sent. The write was not applied yet, or the read is stale. A token made from the
	// content says less: ours may have been applied, and undone since.
	if same && r.base.token.equal(s.token) && r.w.want.repeats() && (t.order != orderContent || r.w.want.blind()) {
		return verdictRepeat, nil
	}
	// Line 2: the server, or the caller, can tell. A refusal of the token says nothing about the key: a server may look at
	// the token first, and refuse what it has applied.
	if t.idempotencyKey.in != nowhere && same && !isConflict(s.err) {
		return verdictRepeat, nil
	}
	if own := r.h.hooks.OwnWrite; own != nil {
		switch r.owns(ctx, own) {
		case Yes:
			return verdictOurs, nil
		case No:
			return verdictForeign, nil
		}
	}
	return r.w.want.settle(ctx, r)
}

// owns asks a hook.
func (r *run) owns(ctx context.Context, own func(context.Context, json.RawMessage, json.RawMessage) Ownership) Ownership {
	defer r.watch.calling()()
	return own(ctx, r.sent.after, r.base.resource)
}

func isConflict(err error) bool {
	refusal, ok := wrapped[*APIError](err)
	return ok && refusal.class == ErrConflict
}

// doubtful is the cause of an ErrAmbiguousWrite. It never matches ErrConflict, whatever it wraps: whoever handles a
// conflict makes the change again.
type doubtful struct{ err error }

func (e *doubtful) Error() string { return e.err.Error() }

// Is matches what the cause does, conflicts apart.
func (e *doubtful) Is(target error) bool { return target != ErrConflict && errors.Is(e.err, target) }

// As finds what the cause holds.
func (e *doubtful) As(target any) bool { return errors.As(e.err, target) }

// inDoubtAbout is the cause of an ErrAmbiguousWrite, made of what a call would have failed with otherwise.
func inDoubtAbout(kind, err error) error {
	if kind == ErrAmbiguousWrite || kind == ErrConflict {
		kind = nil
	}
	if err = errors.Join(kind, err); err == nil {
		return nil
	}
	return &doubtful{err: err}
}
