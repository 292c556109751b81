//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"context"
	"errors"
	"slices"
)

// updateWithRetry reads a resource, has mutate edit it, and writes what changed, again from a new read when the
// revision turns out stale.
func updateWithRetry[T any](ctx context.Context, c *core, t *revisionTrait, key []string, mutate func(*T) error, opts []CallOption) (*T, error) {
	w := &guardedWrite{c: c, t: t, key: key}
	return guarded[T](ctx, w, editOf(w, mutate), opts)
}

// updateFrom is updateWithRetry beginning with a copy that the caller has.
func updateFrom[T any](ctx context.Context, c *core, t *revisionTrait, copied *T, mutate func(*T) error, opts []CallOption) (*T, error) {
	w := &guardedWrite{c: c, t: t}
	if copied == nil {
		w.broken = errNoCopy
	} else {
		w.supply(copied, new(T))
	}
	return guarded[T](ctx, w, editOf(w, mutate), opts)
}

// editOf erases the type of an edit.
func editOf[T any](w *guardedWrite, mutate func(*T) error) *editIntent {
	if mutate == nil {
		w.broken = errNoCallback
	}
	return &editIntent{mutate: func(v any) error { return mutate(v.(*T)) }}
}

var errNoCopy = errors.New("the copy is nil")

// editIntent is the intent of an update: a callback that edits the resource.
type editIntent struct{ mutate func(any) error }

func (*editIntent) blind() bool   { return false }
func (*editIntent) repeats() bool { return true }

// draft runs the callback on a resource of its own, and takes what it changed.
func (e *editIntent) draft(w *guardedWrite, base *baseState) (*draft, error) {
	v, err := w.decode(base)
	if err != nil {
		return nil, err
	}
	before, err := encode(v)
	if err != nil {
		return nil, err
	}
	if err := e.mutate(v); err != nil {
		if errors.Is(err, ErrSkip) {
			return nil, nil
		}
		return nil, &callbackError{err: err}
	}
	after, err := encode(v)
	if err != nil {
		return nil, &contractViolation{reason: "the resource cannot be marshalled: " + describe(err)}
	}
	changed, err := w.t.diff(base.resource, before, after)
	if err != nil || changed.payload == nil {
		return nil, err
	}
	sent, err := w.t.payload.send.set(nil, changed.payload)
	return &draft{body: sent, base: base.resource, after: after, change: changed}, err
}

// settle reads from the state whether our edit led to it (lines 3 to 5 of the decision).
func (e *editIntent) settle(_ context.Context, r *run) (verdict, error) {
	defer r.watch.calling()()
	s, t := r.sent, r.w.t
	// Line 3: the callback finds nothing left to do.
	again, err := e.draft(r.w, r.base)
	if err == nil && again == nil {
		return verdictOurs, nil
	}
	// Line 4: one write was accepted since, and it left everything that ours would have changed.
	if slices.Equal(s.key, r.key) && t.follows(s.token, r.base.token) && t.untouched(s.base, s.change, r.base.resource) {
		return verdictForeign, nil
	}
	// Line 5: an equal change by a rival, our own as the server stored it, or later writers: the state is the same.
	if !r.h.idempotent {
		return verdictOpen, err
	}
	r.report.Assumed = true
	if t.contains(s.change, r.base.resource) {
		return verdictOurs, nil
	}
	return verdictRedo, nil
}

// supply makes a copy of the caller the first state to build on. Its raw answer, when it has one, is what the write
// starts from: that keeps what the type does not know.
func (w *guardedWrite) supply(copied, scratch any) {
	doc, err := encode(copied)
	if err != nil {
		w.broken = err
		return
	}
	if w.key, err = w.t.keyOf(doc); err != nil {
		w.broken = err
		return
	}
	w.supplied = &baseState{resource: doc, token: w.t.findToken(w.t.inResource, doc, nil), origin: originCopy, partial: true}
	k, ok := copied.(keeper)
	if !ok || k.lastSnapshot().body == nil {
		return
	}
	s := k.lastSnapshot()
	raw, ok := s.at.get(s.body)
	if !ok || decode(raw, scratch) != nil {
		return
	}
	if kept, err := encode(scratch); err != nil || string(kept) != string(doc) {
		w.broken = errCopyEdited
		return
	}
	if s.partial {
		w.supplied = nil // the call reads for itself
		return
	}
	w.supplied.resource, w.supplied.answer, w.supplied.partial = raw, s, false
	if w.supplied.token = w.t.findToken(w.t.inResource, raw, nil); w.supplied.token == nil {
		w.supplied.token = w.t.findToken(readAt, s.body, s.header)
	}
}

var errCopyEdited = errors.New("the copy was changed outside the callback; changes belong into the callback, which runs on a copy of the copy")

// keyOf takes the path parameters of the write from the resource.
func (t *revisionTrait) keyOf(resource []byte) ([]string, error) {
	key := make([]string, len(t.key))
	for i, at := range t.key {
		v, _ := at.get(resource)
		if key[i] = text(v); key[i] == "" {
			return nil, &contractViolation{path: string(at), reason: "does not say which resource to write"}
		}
	}
	return key, nil
}
