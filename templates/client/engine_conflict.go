//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"context"
	"errors"
	"time"
)

// pause is a wait: how long, for what, and what a call that cannot wait so long fails with.
type pause struct {
	d     time.Duration
	asked bool // by the server
	then  state
	kind  error
	err   error
	late  state // in the place of a failure, when there is no time; nil: there is none
}

// stateConflict (S4) takes note of a refused token and decides whether to go on.
func stateConflict(ctx context.Context, r *run) state {
	s := r.sent
	r.refused = s.token
	if stop := r.countConflict(ctx); stop != nil {
		return stop
	}
	if r.report.Conflicts == 1 {
		if carried := r.carried(); carried != nil {
			// What the refusal carries is as new as can be, but only now: after a wait it would be worth nothing.
			r.base = carried
			r.saw(carried.token)
			return stateMutate
		}
	}
	return r.wait(stateRead, ErrConflict, s.err)
}

// countConflict returns the state that ends the call when a conflict was one too many; nil to go on.
func (r *run) countConflict(ctx context.Context) state {
	r.report.Conflicts++
	if on := r.h.hooks.OnConflict; on != nil {
		info := ConflictInfo{
			Operation: r.w.t.write.id, Conflicts: r.report.Conflicts, Attempts: r.attempts,
			Elapsed: r.clock.Now().Sub(r.watch.started), Err: r.sent.err,
		}
		if r.decides(ctx, on, info) == Abort {
			return r.stopWith(CauseAborted)
		}
	}
	return r.anotherAttempt()
}

// decides asks a hook.
func (r *run) decides(ctx context.Context, on func(context.Context, ConflictInfo) Decision, info ConflictInfo) Decision {
	defer r.watch.calling()()
	return on(ctx, info)
}

// anotherAttempt returns the state that ends the call when it may write nothing new; nil to go on.
func (r *run) anotherAttempt() state {
	if r.via.attempts(r) >= r.h.attempts() {
		return r.stopWith(CauseAttempts)
	}
	return nil
}

// stopWith ends the call as a conflict.
func (r *run) stopWith(cause Cause) state {
	return func(ctx context.Context, r *run) state { return r.exhausted(ctx, cause, ErrConflict, r.sent.err) }
}

// carried is the state that a refusal carries: the resource, or for a blind write the token alone. A resource that lacks
// what was there before may be a part of it only.
func (r *run) carried() *baseState {
	t := r.w.t
	var refused *APIError
	if !errors.As(r.sent.err, &refused) {
		return nil
	}
	s := &baseState{origin: originAnswer}
	if at := t.conflict.entity; at.in == inBody {
		if resource, ok := at.at.get(refused.Body); ok && r.identify(resource) == nil {
			s.resource = resource
			s.token = t.findToken(t.inResource, resource, nil)
		}
	}
	if at := t.conflict.token; at.in != nowhere && len(t.tokens) == 1 {
		s.token = t.findToken(func(tokenPart) location { return at }, refused.Body, refused.Header)
	}
	whole := r.w.want.blind() || s.resource != nil && !r.partial() && t.covers(r.sent.base, change{}, s.resource)
	if !whole || t.usable(s.token) != nil || s.token.equal(r.refused) || t.older(s.token, r.floor) {
		return nil
	}
	return s
}

// wait has the call pause before then. kind and err are what it fails with when there is no time for that.
func (r *run) wait(then state, kind, err error) state {
	r.pause = pause{d: r.jitter(), then: then, kind: kind, err: err}
	return stateWait
}

// jitter is the next wait of the call.
func (r *run) jitter() time.Duration {
	return r.backoff.next(r.w.c.rtt(), r.w.c.random())
}

// stateWait (S5) waits, unless the call would be over before the wait is.
func stateWait(ctx context.Context, r *run) state {
	p := r.pause
	if cause := r.outOfTime(ctx, p); cause != "" {
		return r.late(ctx, cause)
	}
	if p.asked {
		r.watch.pause()
		defer r.watch.resume()
	}
	before := r.clock.Now()
	err := r.clock.Sleep(ctx, p.d)
	r.report.Waited += r.clock.Now().Sub(before)
	if err != nil {
		return r.late(ctx, causeOf(ctx))
	}
	return p.then
}

// late ends the call because there is no time for its pause.
func (r *run) late(ctx context.Context, cause Cause) state {
	if r.pause.late != nil {
		return r.pause.late
	}
	return r.exhausted(ctx, cause, r.pause.kind, r.pause.err)
}

// outOfTime says what leaves no time for a wait; "" when there is time.
func (r *run) outOfTime(ctx context.Context, p pause) Cause {
	deadline, hasDeadline := ctx.Deadline()
	left, limited := r.watch.left()
	switch {
	case ctx.Err() != nil:
		return causeOf(ctx)
	case hasDeadline && r.clock.Now().Add(p.d).After(deadline):
		return CauseDeadline
	case limited && (left <= 0 || left < p.d && !p.asked):
		return CauseElapsed
	}
	return ""
}

// causeOf says how a context ended.
func causeOf(ctx context.Context) Cause {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return CauseDeadline
	}
	return CauseCanceled
}

// exhausted (S7) ends the call because something it may spend is spent. An error of the context, or of the deadline
// that was not waited for, joins what was going on; it never takes its place.
func (r *run) exhausted(ctx context.Context, cause Cause, kind, err error) state {
	switch {
	case ctx.Err() != nil:
		err = joinContext(ctx, err)
	case cause == CauseDeadline && !errors.Is(err, context.DeadlineExceeded):
		err = errors.Join(err, context.DeadlineExceeded)
	}
	end := r.fail(kind, err)
	r.err.Cause = cause
	return end
}

// interrupted ends the call because its context is done.
func (r *run) interrupted(ctx context.Context, errs ...error) state {
	return r.cutShort(ctx, causeOf(ctx), errs...)
}

// cutShort ends the call in a request, or before one, because its time is over.
func (r *run) cutShort(ctx context.Context, cause Cause, errs ...error) state {
	var kind error
	if r.report.Conflicts > 0 {
		kind = ErrConflict
		errs = append(errs, r.lastRefusal())
	}
	return r.exhausted(ctx, cause, kind, errors.Join(errs...))
}

// overdue ends the call when err says that there was no time for a request, or not enough; nil when it says something else.
func (r *run) overdue(ctx context.Context, err error) state {
	switch {
	case ctx.Err() != nil:
		return func(ctx context.Context, r *run) state { return r.interrupted(ctx, err) }
	case isCallTimeout(err):
		return func(ctx context.Context, r *run) state { return r.cutShort(ctx, CauseElapsed, err) }
	case isPastDeadline(err):
		return func(ctx context.Context, r *run) state { return r.cutShort(ctx, CauseDeadline, err) }
	}
	return nil
}

// joinContext adds the error of a context, and why it was canceled, to err.
func joinContext(ctx context.Context, err error) error {
	if errors.Is(err, ctx.Err()) {
		return err
	}
	if why := context.Cause(ctx); !errors.Is(why, ctx.Err()) {
		return errors.Join(err, ctx.Err(), why)
	}
	return errors.Join(err, ctx.Err())
}

// fail ends the call. As long as nobody knows what became of a write, that is what the error says, whatever happened
// since: a caller who is told of a conflict would make the change again.
func (r *run) fail(kind, err error) state {
	e := &UpdateError{Op: r.w.t.write.id, Key: r.key, Kind: kind, Err: err, Current: r.last.String(), CurrentKnown: r.last != nil}
	if r.sent != nil {
		e.Sent = r.sent.token.String()
	}
	if r.inDoubt || r.sent != nil && r.sent.ambiguous {
		e.Kind, e.Err = ErrAmbiguousWrite, inDoubtAbout(kind, err)
	}
	var breach *contractViolation
	if errors.As(err, &breach) {
		e.Path = breach.path
	}
	r.err = e
	return nil
}
