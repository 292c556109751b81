package client

import (
	"context"
	"errors"
)

// actWithRetry reads a resource, has build make the request of an action from it, and sends that with the revision.
func actWithRetry[T, R any](ctx context.Context, c *core, t *revisionTrait, key []string, build func(*T) (R, error), opts []CallOption) (*T, error) {
	w := &guardedWrite{c: c, t: t, key: key}
	if build == nil {
		w.broken = errNoCallback
	}
	return guarded[T](ctx, w, &actionIntent{build: func(v any) (any, error) { return build(v.(*T)) }}, opts)
}

// actionIntent is the intent of an operation that is more than an edit: a callback makes its request from the state.
type actionIntent struct{ build func(any) (any, error) }

func (*actionIntent) blind() bool { return false }

// repeats is false: an action may not be reversible, so that its token alone does not make it safe to send again.
func (*actionIntent) repeats() bool { return false }

// draft has the callback make the request.
func (a *actionIntent) draft(w *guardedWrite, base *baseState) (*draft, error) {
	v, err := w.decode(base)
	if err != nil {
		return nil, err
	}
	request, err := a.build(v)
	if errors.Is(err, ErrSkip) {
		return nil, nil
	}
	if err != nil {
		return nil, &callbackError{err: err}
	}
	doc, err := encode(request)
	if err != nil {
		return nil, &contractViolation{reason: "the request cannot be marshalled: " + describe(err)}
	}
	return &draft{body: doc, base: base.resource, after: base.resource, change: change{payload: doc}}, nil
}

// settle asks the API whether the action took place. Where it cannot say, nothing is sent again.
func (a *actionIntent) settle(ctx context.Context, r *run) (verdict, error) {
	s, t := r.sent, r.w.t
	if t.applied == nil {
		return verdictOpen, nil
	}
	done, err := r.tookPlace(ctx)
	switch {
	case err != nil:
		return verdictOpen, err
	case done:
		r.refresh(ctx)
		return verdictOurs, nil
	case r.base.token.equal(s.token):
		return verdictRepeat, nil
	}
	return verdictForeign, nil
}

// tookPlace asks for something that answers with the target once the action was applied.
func (r *run) tookPlace(ctx context.Context) (bool, error) {
	t := r.w.t
	path, err := fillPath(t.applied.args, r.sent.key, r.sent.body)
	if err != nil {
		return false, err
	}
	req, err := r.w.c.request(t.applied.read, path, body{}, r.o)
	if err != nil {
		return false, err
	}
	r.report.Reads++
	a, err := r.w.c.send(ctx, req)
	if err != nil {
		return false, err
	}
	v, _ := t.applied.identity.get(a.body)
	return len(r.sent.key) > 0 && text(v) == r.sent.key[0], nil
}

// refresh reads the target again: the state at hand may be from before the action. When that fails it has to do.
func (r *run) refresh(ctx context.Context) {
	if base, err := r.via.read(ctx, r, false); err == nil && base.token != nil {
		r.base = base
		r.saw(base.token)
	}
}
