//contactsgen:feature core
//contactsgen:part transport

// What limiters, transports and spans can know of a request.

package client

import (
	"context"
	"errors"
	"time"
)

// RequestInfo says what a request is for. None of it is a value of a caller: it is fit for logs, spans and names of metrics.
type RequestInfo struct {
	Operation string // operationId
	Method    string
	Path      string // template: "/contacts/v4/contacts/{contactId}"
	Tenant    string // WithTenant; "" when the client was given none
	// Attempt counts, from 1, the requests that the call has made of this operation: tries of one request, and in a helper those
	// of earlier rounds, too.
	Attempt int
	// Completes says that the call has paid for this request already: it is a write, and the state that it was made from is read,
	// or it reads what became of a write. The longer it waits, the more likely its call has to begin again. A limiter that gives
	// such requests precedence needs fewer requests for the same work.
	Completes bool
}

// RequestOf says what a request is for. ctx is the context that a Limiter gets, or that of the *http.Request that a transport gets. For any
// other context ok is false.
func RequestOf(ctx context.Context) (RequestInfo, bool) {
	t := triedIn(ctx)
	if t == nil {
		return RequestInfo{}, false
	}
	info := RequestInfo{Operation: t.op.id, Method: t.op.method, Path: t.op.path, Tenant: t.c.tenant, Attempt: t.number}
	info.Completes = t.r != nil && t.r.completes
	return info, true
}

// LimitObserver can be implemented by a Limiter that wants to know how each request was answered, for example to hold back all processes
// after a 429 to one. Observe is called before the call goes on, and concurrently; RequestOf says for which request. retryAfter is how long
// the server asks to wait, in its response or its description, at most MaxRetryAfter, and 0 if it does not ask. Requests without a response
// are not observed.
type LimitObserver interface {
	Observe(ctx context.Context, status int, retryAfter time.Duration)
}

// WithLimiter asks l before every request, retries included. What it takes is neither latency of the server nor a part of
// WithMaxElapsed; only the context of the call ends it. A limiter that is a LimitObserver hears of the answers.
func WithLimiter(l Limiter) ClientOption {
	return clientOption(func(o *clientOptions) error {
		if l == nil {
			return errors.New("WithLimiter: the limiter is nil")
		}
		o.limiter = l
		return nil
	})
}

// WithTenant names whose resources the client is for, where one program has clients for many: a site, an account. The name is part of
// RequestInfo, and of the keys that a Locker and a Journal are given. It is never sent. It should not be a secret, and not change when
// credentials do.
func WithTenant(name string) ClientOption {
	return clientOption(func(o *clientOptions) error {
		if name == "" {
			return errors.New("WithTenant: the name is empty")
		}
		o.tenant = name
		return nil
	})
}

// tryContext is the context of one try of a request, and what is known of that.
type tryContext struct {
	context.Context
	c      *core
	op     *operation
	r      *request // nil: it asks for a token
	number int
}

// triedIn gives the try that a context belongs to; nil when it belongs to none.
func triedIn(ctx context.Context) *tryContext {
	t, _ := ctx.Value(tryKey{}).(*tryContext)
	return t
}

type tryKey struct{}

// Value gives the try itself for its key, and everything else from the context around it.
func (t *tryContext) Value(key any) any {
	if key == (tryKey{}) {
		return t
	}
	return t.Context.Value(key)
}

// withRequest is the context of the next try of a request.
func (c *core) withRequest(ctx context.Context, r *request) context.Context {
	r.tries++
	return &tryContext{Context: ctx, c: c, op: r.op, r: r, number: int(r.tries)}
}
