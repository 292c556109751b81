//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"context"
	"errors"
)

// appliedCheck recognises, after a lost answer, that an action was applied: read's answer names the target.
type appliedCheck struct {
	read     *operation
	args     []argument
	identity pointer // in the read's answer; applied when it equals the write's first path parameter
}

// actWithRetry reads a resource, has build make the request of an action from it, and sends that with the revision. Where the API cannot say
// whether an action was applied, the check is nil.
func actWithRetry[T, R any](ctx context.Context, c *core, t *revisionTrait, key []string, check *appliedCheck, build func(*T) (R, error), opts []CallOption) (*T, error) {
	w := &guardedWrite{c: c, t: t, key: key}
	if build == nil {
		w.broken = errNoCallback
	}
	return guarded[T](ctx, w, &actionIntent{build: func(v any) (any, error) { return build(v.(*T)) }, check: check}, opts)
}

// actionIntent is the intent of an operation that is more than an edit: a callback makes its request from the state.
type actionIntent struct {
	build func(any) (any, error)
	check *appliedCheck
}

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
	if a.check == nil {
		return verdictOpen, nil
	}
	done, err := a.tookPlace(ctx, r)
	switch {
	case err != nil:
		return verdictOpen, err
	case done:
		r.refresh(ctx)
		return verdictOurs, nil
	case r.base.token.equal(r.sent.token):
		return verdictRepeat, nil
	}
	return verdictForeign, nil
}

// tookPlace asks for something that answers with the target once the action was applied.
func (a *actionIntent) tookPlace(ctx context.Context, r *run) (bool, error) {
	path, err := r.w.t.fillPath(a.check.args, r.sent.key, r.sent.body)
	if err != nil {
		return false, err
	}
	req, err := r.w.c.request(a.check.read, path, body{}, r.o)
	if err != nil {
		return false, err
	}
	req.time = r.watch
	r.report.Reads++
	got, err := r.w.c.send(ctx, req)
	if err != nil {
		return false, err
	}
	v, _ := a.check.identity.get(got.body)
	return len(r.sent.key) > 0 && text(v) == r.sent.key[0], nil
}

// refresh reads the target again: the state at hand may be from before the action. When that fails it has to do.
func (r *run) refresh(ctx context.Context) {
	if base, err := r.via.read(ctx, r, false); err == nil && base.token != nil {
		r.base = base
		r.saw(base.token)
	}
}
