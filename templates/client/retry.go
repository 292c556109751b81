//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

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
func (c *core) send(ctx context.Context, r *request) (*answer, error) {
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
func (r *request) policy() RetryPolicy { return setting[RetryPolicy](r.o).withDefaults() }

// mayRepeat reports whether the request may be sent again after an error.
func (r *request) mayRepeat(err error) bool {
	return r.repeatable() && transient(err) || r.replayable() && throttled(err)
}

// throttled reports whether an error says that the request was not dealt with, and may come back. When package net/http
// sent it twice, that is said of the second one alone.
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

// tooLong is the error of a wait that the server asks for and nobody will wait.
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
