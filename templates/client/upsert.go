//contactsgen:feature upsert
//contactsgen:part update

// Creating a resource or, where there is one already, changing that one.

package client

import (
	"bytes"
	"context"
	"errors"
)

// Created is the outcome of a helper that made what was not there.
const Created Outcome = "created"

// ErrNotThis says that the resource is not the one that is meant. A callback of a helper that creates or updates returns it, and creating
// is tried again.
var ErrNotThis = errors.New("it is not this one")

// upsertDescriptor says how an operation that creates finds who is there already.
type upsertDescriptor struct {
	create *operation
	update *revisionDescriptor
	exists conflictRule // the answer that says so
	key    []pointer    // where that answer has the path parameters of the update
	by     []pointer    // where the request says what one is known by
	unless pointer      // a flag in the request that lets the server make another
}

var (
	errUnknown = errors.New("the request has nothing that one could be known by")
	errAnyway  = errors.New("the request asks to create, whoever is there")
	errNoKey   = errors.New("the refusal does not say who is there")
	errVanish  = errors.New("who is said to be there keeps going away")
)

// upsert is the course of one call.
type upsert struct {
	u    *upsertDescriptor
	w    *guardedWrite
	o    *callOptions
	h    helperOptions // as the caller gave them
	want func() intent
	path []string
	body requestBody

	watch   *stopwatch
	backoff backoff
	doubt   error // a request to create that may have been applied
	report  Report
}

// createOrUpdate creates what a body describes, or changes who is there already.
func createOrUpdate[T any](ctx context.Context, c *core, u *upsertDescriptor, path []string, b requestBody, mutate func(*T) error,
	opts []CallOption) (*T, error) {
	w := &guardedWrite{c: c, t: u.update, empty: func() any { return new(T) }}
	want := func() intent { return editOf(w, mutate) }
	want() // a callback that is nil is noticed
	o, err := c.options(opts, u.create, u.update.write, u.update.read)
	if err == nil {
		err = c.readsWhole(u.update.write, u.update.read, o)
	}
	if err == nil && w.broken != nil {
		err = &UpdateError{Op: u.create.id, Kind: ErrContract, Err: w.broken}
	}
	if err != nil {
		return nil, err
	}
	up := &upsert{u: u, w: w, o: o, h: optionValue[helperOptions](o), want: want, path: path, body: b}
	_, hasDeadline := ctx.Deadline()
	up.watch = newStopwatch(c.clock, up.h.elapsed(hasDeadline))
	v, err := up.run(ctx, func(a *response) (any, error) { return decodeResult[T](c, u.create, a) })
	if up.report.Elapsed = c.clock.Now().Sub(up.watch.started); up.h.report != nil {
		*up.h.report = up.report
	}
	if err != nil {
		return nil, err
	}
	return v.(*T), nil
}

// run creates, and changes who is there, until one of them ends the call.
func (up *upsert) run(ctx context.Context, decoded func(*response) (any, error)) (any, error) {
	var err error
	for range up.h.attempts() {
		var v any
		var done bool
		if v, done, err = up.once(ctx, decoded); done {
			return v, err
		}
		if late := up.rest(ctx); late != nil {
			return nil, late.with(err)
		}
	}
	return nil, up.failed(nil, CauseAttempts, errors.Join(errVanish, err))
}

// once creates or, where that is refused because there is one, changes that one. It is not done when the other has to be tried again.
func (up *upsert) once(ctx context.Context, decoded func(*response) (any, error)) (v any, done bool, err error) {
	a, err := up.create(ctx)
	if err == nil {
		up.report.Outcome = Created
		v, err = decoded(a)
		return v, true, err
	}
	key, exists := up.found(err)
	switch {
	case !exists && errors.Is(err, ErrAmbiguousWrite) && ctx.Err() == nil:
		up.doubt = err
		return nil, false, err
	case !exists && up.doubt != nil:
		return nil, true, up.failed(ErrAmbiguousWrite, "", errors.Join(up.doubt, err))
	case !exists:
		return nil, true, err
	case key == nil:
		return nil, true, up.failed(nil, "", errors.Join(errNoKey, err))
	case up.doubt != nil && !up.h.idempotent:
		return nil, true, up.failed(ErrAmbiguousWrite, "", errors.Join(up.doubt, err))
	}
	v, err = up.change(ctx, key)
	return v, err == nil || !vanished(err), err
}

// vanished tells whether an error says that there is nobody to change any more, and that nothing was changed.
func vanished(err error) bool {
	if errors.Is(err, ErrAmbiguousWrite) {
		return false
	}
	return errors.Is(err, ErrNotFound) || errors.Is(err, ErrGone) || errors.Is(err, ErrIdentity) || errors.Is(err, ErrNotThis)
}

// create sends the request to create.
func (up *upsert) create(ctx context.Context) (*response, error) {
	r, err := up.w.c.request(up.u.create, up.path, up.body, up.o)
	if err != nil {
		return nil, err
	}
	if err := up.u.check(r.body); err != nil {
		return nil, up.failed(ErrContract, "", err)
	}
	if err := r.write(); err != nil {
		return nil, up.w.c.refused(up.u.create, err)
	}
	r.time = up.watch
	up.report.Writes++
	a, err := up.w.c.send(ctx, r)
	if err == nil {
		r.o.keepResponse(a)
	}
	return a, err
}

// check refuses a request that the server could not find anybody by: it would make one each time.
func (u *upsertDescriptor) check(request []byte) error {
	if flag, ok := u.unless.get(request); ok && u.unless != "" && string(flag) == "true" {
		return errAnyway
	}
	for _, at := range u.by {
		v, ok := at.get(request)
		if ok && !bytes.Equal(v, []byte("null")) && !bytes.Equal(v, []byte(`""`)) && !bytes.Equal(v, []byte("[]")) &&
			!bytes.Equal(v, []byte("{}")) {
			return nil
		}
	}
	return errUnknown
}

// found tells whether a refusal says that there is one already, and which; nil where it does not say.
func (up *upsert) found(err error) (key []string, exists bool) {
	refused, ok := wrapped[*APIError](err)
	if !ok || !up.u.exists.matches(&response{status: refused.Status}, refused) {
		return nil, false
	}
	for _, at := range up.u.key {
		v, _ := at.get(refused.Body)
		if text(v) == "" {
			return nil, true
		}
		key = append(key, text(v))
	}
	return key, true
}

// change lets the callback change who is there, in what is left of the time.
func (up *upsert) change(ctx context.Context, key []string) (any, error) {
	w := *up.w
	w.key, w.want = key, up.want()
	o := up.o.clone()
	var done Report
	adjust(o, func(h *helperOptions) { h.report, h.watch = &done, up.watch })
	v, err := w.perform(ctx, o)
	done.Writes += up.report.Writes
	done.Reads += up.report.Reads
	done.Conflicts += up.report.Conflicts
	done.Waited += up.report.Waited
	done.Assumed = done.Assumed || up.doubt != nil
	up.report = done
	return v, err
}

// rest waits before the next try; an error is why there is no time for that.
func (up *upsert) rest(ctx context.Context) *UpdateError {
	c := up.w.c
	d := up.backoff.next(c.rtt(), c.random())
	left, limited := up.watch.left()
	switch {
	case ctx.Err() != nil:
		return up.failed(nil, causeOf(ctx), ctx.Err())
	case passesDeadline(ctx, c.clock, d):
		return up.failed(nil, CauseDeadline, nil)
	case limited && left < d:
		return up.failed(nil, CauseElapsed, nil)
	}
	if err := c.clock.Sleep(ctx, d); err != nil {
		return up.failed(nil, causeOf(ctx), err)
	}
	up.report.Waited += d
	return nil
}

// failed is the error of a call that ended between its requests. What may have been created is said, whatever ended it.
func (up *upsert) failed(kind error, cause Cause, err error) *UpdateError {
	if up.doubt != nil {
		kind = ErrAmbiguousWrite
	}
	p := up.report
	return &UpdateError{Op: up.u.create.id, Kind: kind, Cause: cause, Writes: p.Writes, Reads: p.Reads, Conflicts: p.Conflicts,
		Waited: p.Waited, Err: err}
}

// with adds what came before.
func (e *UpdateError) with(err error) *UpdateError {
	e.Err = errors.Join(e.Err, err)
	return e
}
