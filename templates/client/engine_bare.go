//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"context"
	"errors"
	"net/http"
)

// bareIntent is the intent of an operation whose request is nothing but the token, such as a removal: a callback
// decides from the state whether it is sent.
type bareIntent struct {
	check   func(any) error // nil: it is
	removes bool
}

func (*bareIntent) blind() bool { return false }

// repeats is true of a removal: the server's check lets at most one of two equal ones win, and nothing is left for
// another.
func (b *bareIntent) repeats() bool { return b.removes }

// draft has the callback look at the state.
func (b *bareIntent) draft(w *guardedWrite, base *baseState) (*draft, error) {
	d := &draft{base: base.resource, after: base.resource}
	if b.check == nil {
		return d, nil
	}
	v, err := w.decode(base)
	if err != nil {
		return nil, err
	}
	switch err := b.check(v); {
	case errors.Is(err, ErrSkip):
		return nil, nil
	case err != nil:
		return nil, &callbackError{err: err}
	}
	return d, nil
}

// settle cannot tell: that something is there does not say since when.
func (*bareIntent) settle(context.Context, *run) (verdict, error) { return verdictOpen, nil }

// holdsWhenGone reports whether an absent resource is what the call wanted, after a send that may have led to it.
func (r *run) holdsWhenGone() bool {
	b, ok := r.w.want.(*bareIntent)
	return ok && b.removes && r.sent != nil && (r.sent.ambiguous || r.inDoubt)
}

// checkWithRetry reads a resource, has check decide, and sends a request that is nothing but the revision.
func checkWithRetry[T any](ctx context.Context, c *core, t *revisionTrait, key []string, check func(*T) error, opts []CallOption) (*T, error) {
	w := &guardedWrite{c: c, t: t, key: key}
	b := &bareIntent{removes: t.write.method == http.MethodDelete}
	if check != nil {
		b.check = func(v any) error { return check(v.(*T)) }
	}
	return guarded[T](ctx, w, b, opts)
}
