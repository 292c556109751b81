//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// fate is what became of one send.
type fate uint8

const (
	fateApplied   fate = iota // a success
	fateUnread                // a success whose body was lost: applied for certain
	fateConflict              // the token was refused, and no earlier send can be why
	fateSuspect               // the token was refused, maybe because an earlier send was applied
	fateThrottled             // certainly not applied, and the server wants to be asked again
	fateUnsent                // certainly not sent
	fateLost                  // nobody knows
	fateRefused               // certainly not applied, and never will be
)

// stateWrite (S3) sends the write once.
func stateWrite(ctx context.Context, r *run) state {
	if ctx.Err() != nil {
		return r.interrupted(ctx)
	}
	if err := r.announce(ctx); err != nil {
		return r.fail(ErrMutate, err)
	}
	s := r.sent
	r.report.Writes++
	a, err := r.via.write(ctx, r)
	s.err = err
	switch r.fateOf(a, err) {
	case fateApplied:
		return r.applied(a)
	case fateUnread:
		r.certain = Recovered
		return stateRefill
	case fateConflict:
		return stateConflict
	case fateSuspect:
		r.report.SuspectConflicts++
		s.ambiguous, r.refused = true, s.token
		if r.h.doubtful {
			return r.wait(stateRead, ErrConflict, err)
		}
		return stateRead
	case fateThrottled:
		return r.throttle(err)
	case fateUnsent:
		return r.resend(ctx, stateWrite, err)
	case fateLost:
		s.ambiguous = true
		return r.lost(ctx, err)
	}
	return r.refusedWrite(ctx, err)
}

// announce calls the hooks before a send; the one that may object only before the first of a shipment.
func (r *run) announce(ctx context.Context) error {
	defer r.watch.calling()()
	s, again := r.sent, r.sent.err != nil
	if before := r.h.hooks.BeforeWrite; before != nil && !again {
		if err := before(ctx, s.base, s.after, s.payload); err != nil {
			r.sent = nil // it never was
			return err
		}
	}
	if on := r.h.hooks.OnAttempt; on != nil {
		on(ctx, AttemptInfo{Operation: r.w.t.write.id, Attempt: r.attempts, Resend: again})
	}
	return nil
}

// fateOf judges what came back for a send.
func (r *run) fateOf(a *answer, err error) fate {
	var answered *APIError
	var lost *transportError
	switch {
	case err == nil && len(a.body) > 0 && !validJSON(a.body):
		return fateUnread
	case err == nil:
		return fateApplied
	case errors.As(err, &answered):
		return r.fateOfAnswer(a, answered)
	case errors.As(err, &lost) && lost.sent && lost.op.succeeds(lost.status):
		return fateUnread
	case errors.As(err, &lost) && lost.sent:
		return fateLost
	case errors.As(err, &lost) && !lost.final:
		return fateUnsent
	}
	return fateRefused
}

// fateOfAnswer judges a refusal. When package net/http has sent the request twice, the refusal may be the second one's
// and the first one may have been applied.
func (r *run) fateOfAnswer(a *answer, e *APIError) fate {
	s := r.sent
	s.ambiguous = s.ambiguous || a.resent
	switch {
	case e.accepted:
		return fateUnread
	case e.class == ErrConflict && r.h.doubtful:
		return fateSuspect
	case e.class == ErrConflict && s.ambiguous:
		return fateSuspect
	case e.class == ErrConflict:
		return fateConflict
	case e.Status == http.StatusTooManyRequests:
		return fateThrottled
	case anyMatches(r.w.t.again, a, e) && (e.Status < 500 || a.header.Get("Retry-After") != ""):
		return fateThrottled
	case leavesDoubt(e.Status):
		return fateLost
	}
	return fateRefused
}

// throttle waits as long as the server, or the description, says, and sends the same again.
func (r *run) throttle(err error) state {
	if r.throttled++; r.throttled > maxThrottled {
		return r.fail(nil, err)
	}
	var answered *APIError
	errors.As(err, &answered)
	asked, most := answered.RetryAfter, r.sent.request.policy().MaxRetryAfter
	if asked > most {
		return r.fail(nil, fmt.Errorf("%w (%w)", err, tooLong{asked, most}))
	}
	if asked == 0 {
		return r.wait(stateWrite, nil, err)
	}
	r.pause = pause{d: asked + r.w.c.spread(asked), asked: true, then: stateWrite, err: err}
	return stateWait
}

// lost finds out, after a wait, what became of a write whose answer was lost.
func (r *run) lost(ctx context.Context, err error) state {
	if r.unconditional() && r.w.want.repeats() {
		return r.resend(ctx, stateWrite, err)
	}
	return r.retryTransport(ctx, stateRead, err)
}

// resend sends the same again, a few times.
func (r *run) resend(ctx context.Context, then state, err error) state {
	if r.resends++; r.resends > maxResends {
		return r.fail(nil, err)
	}
	return r.retryTransport(ctx, then, err)
}

// retryTransport goes on after a wait when the client's budget for failed transmissions allows it.
func (r *run) retryTransport(ctx context.Context, then state, err error) state {
	if late := r.overdue(ctx, err); late != nil {
		return late
	}
	if !r.via.withdraw(r) {
		r.budgetDenied = true
		return r.exhausted(ctx, CauseBudget, ErrBudget, err)
	}
	end := r.wait(then, nil, err)
	r.pause.d = max(r.pause.d, untilReady(err, r.clock.Now()))
	return end
}

// refusedWrite ends the call with what the server said, which sending again would not change.
func (r *run) refusedWrite(ctx context.Context, err error) state {
	var answered *APIError
	isAnswer := errors.As(err, &answered)
	if late := r.overdue(ctx, err); late != nil && !isAnswer {
		return late
	}
	switch {
	case isAnswer && answered.class == ErrNotFound && r.w.t.payload.kind == payloadNone && len(r.sent.payload) > 0:
		return r.missing(ctx, answered)
	case isAnswer && answered.class == ErrNotFound:
		return r.gone(answered)
	case isAnswer && answered.Status == http.StatusPreconditionRequired && !r.w.t.write.declares(answered.Code):
		// The server asks for what the token should have been: the description says wrongly how it travels.
		return r.fail(ErrContract, err)
	}
	return r.fail(nil, err)
}

// missing ends the call because something is not there, and finds out what: the request of an action can name others than the resource that
// it is about. The refusal stands either way, so this read may fail.
func (r *run) missing(ctx context.Context, refused *APIError) state {
	_, err := r.via.read(ctx, r, false)
	if err != nil && ctx.Err() != nil {
		return r.interrupted(ctx, refused)
	}
	if answered, ok := wrapped[*APIError](err); ok && answered.class == ErrNotFound {
		return r.gone(refused)
	}
	return r.fail(nil, refused)
}

// declares reports whether the description knows an application code of the operation.
func (op *operation) declares(code ErrorCode) bool {
	return slices.ContainsFunc(op.codes, func(c codeClass) bool { return c.code == code })
}
