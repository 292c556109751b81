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

// RetryPolicy says how requests that change nothing are repeated after a network error or an answer of 429, 502, 503
// or 504. Plain writes are sent once, whatever it says. A member that is 0 has its default.
type RetryPolicy struct {
	// MaxAttempts is how often a request is sent at most; 1 is no retry. The default is 4.
	MaxAttempts int
	// MinWait is what the first wait is drawn from: anything between 0 and twice that. The default is 200 ms.
	MinWait time.Duration
	// MaxWait limits what waits grow to. The default is 20 s.
	MaxWait time.Duration
	// MaxRetryAfter is the longest wait that a server can ask for; one that asks for more is not asked again. The
	// default is 2 minutes.
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
	return retried(ctx, c, r, c.exchange)
}

// retried does what once does, and again as the operation allows: not at all unless repeating it changes nothing.
func retried[A any](ctx context.Context, c *core, r *request, once func(context.Context, *request) (A, error)) (A, error) {
	policy := setting[RetryPolicy](r.o).withDefaults()
	paid := 0
	for try := 1; ; try++ {
		a, err := once(ctx, r)
		if err == nil {
			c.budget.refund(max(paid, successfulCost))
			return a, nil
		}
		if !r.repeatable() || try >= policy.MaxAttempts || ctx.Err() != nil || !transient(err) {
			return a, err
		}
		wait, ok := c.wait(policy, try, err)
		cost := costOf(err)
		if !ok || passesDeadline(ctx, c.clock, wait) {
			return a, err
		}
		if !c.budget.withdraw(cost) {
			return a, fmt.Errorf("%w (%w)", err, ErrBudget)
		}
		paid = cost
		if stopped := c.clock.Sleep(ctx, wait); stopped != nil {
			return a, fmt.Errorf("%w (%w)", err, stopped)
		}
	}
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

// wait is what to wait before the try after this one. What the server asks for is a floor, with jitter on top:
// everybody else was told the same.
func (c *core) wait(p RetryPolicy, try int, err error) (time.Duration, bool) {
	ceiling := min(p.MaxWait, max(p.MinWait, c.rtt())<<min(try, 20))
	jitter := time.Duration(c.random() * float64(ceiling))
	answered, ok := wrapped[*APIError](err)
	if !ok {
		return jitter, true
	}
	return answered.RetryAfter + jitter, answered.RetryAfter <= p.MaxRetryAfter
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
