//contactsgen:feature helpers
//contactsgen:part update

// Revision-aware writes: the helpers, and the run that takes one through its states. update_states.go has the states.

package client

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"slices"
)

// run adds up the options and makes the call.
func (w *guardedWrite) run(ctx context.Context, opts []CallOption) (any, error) {
	o, err := w.c.options(opts, w.t.write, w.t.read)
	if err == nil && !w.want.blind() {
		err = w.c.readsWhole(w.t.write, w.t.read, o)
	}
	if err != nil {
		return nil, err
	}
	return w.perform(ctx, o)
}

// readsWhole refuses options with which a read may leave out a part of the resource. What a callback does not see it
// would overwrite.
func (c *core) readsWhole(write, read *operation, o *callOptions) error {
	if a := o.given(read); a != nil && a.narrowed != "" {
		return c.refused(write, fmt.Errorf("the parameter %s of %s may leave out a part of the resource, and a write made from the rest would "+
			"lose it; "+
			"a helper reads all", a.narrowed, read.id))
	}
	return nil
}

// perform makes the call, with others where the caller allows that.
func (w *guardedWrite) perform(ctx context.Context, o *callOptions) (any, error) {
	if combine := optionValue[helperOptions](o).combine; combine != nil {
		if v, done, err := combine(ctx, w, o); done {
			return v, err
		}
	}
	return w.runWith(ctx, o)
}

// newRun begins the course of a call.
func (w *guardedWrite) newRun(ctx context.Context, o *callOptions) *run {
	r := &run{w: w, o: o, h: optionValue[helperOptions](o), key: w.key, clock: w.c.clock, via: alone{}, base: w.supplied}
	w.skipIfEqual = r.h.skipIfEqual
	_, hasDeadline := ctx.Deadline()
	if r.watch = r.h.watch; r.watch == nil {
		r.watch = newStopwatch(r.clock, r.h.elapsed(hasDeadline))
	}
	return r
}

// runWith makes the call. Whatever happens in a callback, the queue is left.
func (w *guardedWrite) runWith(ctx context.Context, o *callOptions) (any, error) {
	r := w.newRun(ctx, o)
	defer r.finish(ctx)
	if r.enterQueue(ctx) {
		defer r.leaveQueue()
		r.follow(ctx)
	}
	return r.end()
}

// follow goes from state to state until there is none.
func (r *run) follow(ctx context.Context) {
	for next := stateFunc(stateStart); next != nil; {
		next = next(ctx, r)
	}
	r.settle(ctx)
}

// end is what the call returns.
func (r *run) end() (any, error) {
	if r.err != nil {
		return nil, r.err
	}
	return r.value, nil
}

// finish reports what the call did, however it ended.
func (r *run) finish(ctx context.Context) {
	r.report.Elapsed = r.clock.Now().Sub(r.watch.started)
	if e := r.err; e != nil {
		e.Writes, e.Reads, e.Conflicts, e.Waited = r.report.Writes, r.report.Reads, r.report.Conflicts, r.report.Waited
	}
	if r.h.report != nil {
		*r.h.report = r.report
	}
	r.log(ctx)
}

// log writes one record per call. Only at level debug does it have the token, and never the key.
func (r *run) log(ctx context.Context) {
	if r.w.c.log == nil {
		return
	}
	log := r.w.c.log.logger()
	if !log.Enabled(ctx, slog.LevelInfo) {
		return
	}
	p := r.report
	attrs := []any{
		slog.String("operation", r.w.t.write.id),
		slog.String("outcome", r.outcome()),
		slog.Int("writes", p.Writes),
		slog.Int("reads", p.Reads),
		slog.Int("conflicts", p.Conflicts),
		slog.Int("stale_reads", p.StaleReads),
		slog.Int("suspect_conflicts", p.SuspectConflicts),
		slog.Int64("wait_ms", p.Waited.Milliseconds()),
		slog.Bool("budget_denied", r.budgetDenied),
	}
	if log.Enabled(ctx, slog.LevelDebug) {
		attrs = append(attrs, slog.String("revision", p.Revision))
	}
	log.LogAttrs(ctx, slog.LevelInfo, r.w.c.d.name+" guarded write", slog.Group("guarded", attrs...))
}

// outcome is how the call ended, in a word.
func (r *run) outcome() string {
	switch {
	case r.err == nil && r.report.Outcome == "":
		return "panicked"
	case r.err == nil:
		return string(r.report.Outcome)
	case r.err.Kind != nil:
		return r.err.Kind.Error()
	}
	return "failed"
}

// guarded makes the call and gives its result its type back.
func guarded[T any](ctx context.Context, w *guardedWrite, want intent, opts []CallOption) (*T, error) {
	w.want, w.empty = want, func() any { return new(T) }
	v, err := w.run(ctx, opts)
	if err != nil {
		return nil, err
	}
	return v.(*T), nil
}

var errNoCallback = errors.New("the callback is nil")

// decode makes a new resource of the caller's type.
func (w *guardedWrite) decode(s *baseState) (any, error) {
	v := w.empty()
	s.resource = spelled(s.resource, reflect.TypeOf(v), true) // so that what is written is what was read
	if err := decode(s.resource, v); err != nil {
		return nil, &undecodableResource{err: err}
	}
	if k, ok := v.(snapshotHolder); ok && s.answer.body != nil {
		k.keepSnapshot(s.answer)
	}
	return v, nil
}

// undecodableResource is a resource that does not fit its type.
type undecodableResource struct{ err error }

func (e *undecodableResource) Error() string { return "the resource: " + describe(e.err) }

func (e *undecodableResource) Unwrap() error { return e.err }

// updateWithRetry reads a resource, has mutate edit it, and writes what changed, again from a new read when the
// revision turns out stale.
func updateWithRetry[T any](ctx context.Context, c *core, t *revisionDescriptor, key []string, mutate func(*T) error,
	opts []CallOption) (*T, error) {
	w := &guardedWrite{c: c, t: t, key: key}
	return guarded[T](ctx, w, editOf(w, mutate), opts)
}

// updateFrom is updateWithRetry beginning with a copy that the caller has.
func updateFrom[T any](ctx context.Context, c *core, t *revisionDescriptor, copied *T, mutate func(*T) error,
	opts []CallOption) (*T, error) {
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

// settle reads from the state whether our edit led to it (lines 4 to 6 of the decision).
func (e *editIntent) settle(_ context.Context, r *run) (verdict, error) {
	defer r.watch.calling()()
	s, t := r.sent, r.w.t
	// Line 4: the callback finds nothing left to do.
	again, err := e.draft(r.w, r.base)
	if err == nil && again == nil {
		return verdictApplied, nil
	}
	// Line 5: one write was accepted since, and it left everything that ours would have changed. A redirect says that the write was taken
	// all the same: what became of it may be seen elsewhere.
	if !redirected(s.err) && slices.Equal(s.key, r.key) && t.follows(s.token, r.base.token) && t.untouched(s.base, s.change, r.base.resource) {
		return verdictForeign, nil
	}
	// Line 6: an equal change by a rival, our own as the server stored it, or later writers: the state is the same.
	if !r.h.idempotent {
		return verdictOpen, err
	}
	r.report.Assumed = true
	if t.contains(s.change, r.base.resource) {
		return verdictApplied, nil
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
	k, ok := copied.(snapshotHolder)
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

var errCopyEdited = errors.New("the copy was changed outside the callback; changes belong into the callback, which runs on a copy of " +
	"the copy")

// keyOf takes the path parameters of the write from the resource.
func (t *revisionDescriptor) keyOf(resource []byte) ([]string, error) {
	key := make([]string, len(t.key))
	for i, at := range t.key {
		v, _ := at.get(resource)
		if key[i] = text(v); key[i] == "" {
			return nil, &contractViolation{path: string(at), reason: "does not say which resource to write"}
		}
	}
	return key, nil
}

// forceUpdate writes the payload whatever the state of the resource.
func forceUpdate[T, P any](ctx context.Context, c *core, t *revisionDescriptor, key []string, payload P, opts []CallOption) (*T, error) {
	w := &guardedWrite{c: c, t: t, key: key}
	f := &forceIntent{}
	f.payload, w.broken = encode(payload)
	return guarded[T](ctx, w, f, opts)
}

// forceIntent is the intent of a forced update: a payload that goes out whatever the state is.
type forceIntent struct{ payload []byte }

func (*forceIntent) blind() bool   { return true }
func (*forceIntent) repeats() bool { return true }

// draft sends the payload, the same every time, less what the API does not take.
func (f *forceIntent) draft(w *guardedWrite, base *baseState) (*draft, error) {
	t := w.t
	payload, err := parseNode(f.payload)
	if err != nil {
		return nil, err
	}
	payload = payload.writable(t.shape.descend(t.payload.read))
	known := base.known()
	d := &draft{base: base.resource, change: change{payload: payload.bytes()}}
	for _, e := range payload.entries {
		d.mask = append(d.mask, e.name)
	}
	if f.skips(w, base, d) {
		return nil, nil
	}
	if d.after, err = w.t.payload.read.set(known, t.forced(known, payload)); err != nil {
		return nil, err
	}
	d.body, err = t.payload.send.set(nil, d.payload)
	return d, err
}

// forced is the payload after the write: members that are not sent stay as they were, unless all of it is replaced.
func (t *revisionDescriptor) forced(base []byte, payload *node) []byte {
	raw, ok := t.payload.read.get(base)
	if !ok || t.payload.kind == payloadWhole || !payload.is(kindObject) {
		return payload.bytes()
	}
	was, err := parseNode(raw)
	if err != nil || !was.is(kindObject) {
		return payload.bytes()
	}
	for _, e := range payload.entries {
		was = was.withMember(e.name, e.value)
	}
	return was.bytes()
}

// skips reports whether the caller asked to leave alone what holds the payload already.
func (f *forceIntent) skips(w *guardedWrite, base *baseState, d *draft) bool {
	return w.skipIfEqual && base.resource != nil && w.t.contains(d.change, base.resource)
}

// settle goes on with the newest token: the payload is the same, so it does no harm to send it again.
func (*forceIntent) settle(context.Context, *run) (verdict, error) { return verdictRedo, nil }

// writable is n without the members that a write must not carry. The member by which an array's elements keep their
// identity stays.
func (n *node) writable(s *shape) *node {
	switch {
	case s == nil:
		return n
	case n.is(kindArray):
		items := make([]*node, len(n.items))
		for i, item := range n.items {
			items[i] = item.writable(s.element())
		}
		return newArray(items)
	case !n.is(kindObject):
		return n
	}
	var entries []entry
	for _, e := range n.entries {
		m := s.role(e.name)
		if m.readOnly && e.name != s.key() {
			continue
		}
		e.value = e.value.writable(m.shape)
		entries = append(entries, e)
	}
	return newObject(entries)
}

// appliedCheck recognises, after a lost answer, that an action was applied: read's answer names the target.
type appliedCheck struct {
	read     *operation
	args     []argument
	identity pointer // in the read's answer; applied when it equals the write's first path parameter
}

// actWithRetry reads a resource, has build make the request of an action from it, and sends that with the revision. Where the API cannot
// say whether an action was applied, the check is nil.
func actWithRetry[T, R any](ctx context.Context, c *core, t *revisionDescriptor, key []string, check *appliedCheck,
	build func(*T) (R, error), opts []CallOption) (*T, error) {
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

// settle asks the API whether the action took place. Where it cannot say, nothing is sent again, and the call only ends well when the
// callback finds nothing left to do in a state that is newer than the one it was made for.
func (a *actionIntent) settle(ctx context.Context, r *run) (verdict, error) {
	if a.check == nil && a.build != nil && r.isNewer(r.base.token) {
		defer r.watch.calling()()
		if d, err := a.draft(r.w, r.base); err == nil && d == nil {
			return verdictApplied, nil
		}
	}
	if a.check == nil {
		return verdictOpen, nil
	}
	done, err := a.tookPlace(ctx, r)
	switch {
	case err != nil:
		return verdictOpen, err
	case done:
		return verdictDone, nil
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
	req, err := r.w.c.request(a.check.read, path, requestBody{}, r.o)
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

// checkWithRetry reads a resource, has check decide, and sends a request that is nothing but the revision.
func checkWithRetry[T any](ctx context.Context, c *core, t *revisionDescriptor, key []string, check func(*T) error,
	opts []CallOption) (*T, error) {
	w := &guardedWrite{c: c, t: t, key: key}
	b := &bareIntent{removes: t.write.method == http.MethodDelete}
	if check != nil {
		b.check = func(v any) error { return check(v.(*T)) }
	}
	return guarded[T](ctx, w, b, opts)
}

// forceAction sends the request of an action with the newest revision, whatever the state is.
func forceAction[T, R any](ctx context.Context, c *core, t *revisionDescriptor, key []string, request R, opts []CallOption) (*T, error) {
	w := &guardedWrite{c: c, t: t, key: key}
	f := &forcedAction{}
	f.request, w.broken = encode(request)
	return guarded[T](ctx, w, f, opts)
}

// forcedAction is the intent of an action that is the same for every state. A refused token says that it was not applied, and it goes out
// again with another; after a lost answer it may have been, and to apply it twice is not what the caller asked for.
type forcedAction struct {
	actionIntent
	request []byte
}

func (*forcedAction) blind() bool { return true }

// draft sends the request, the same every time.
func (f *forcedAction) draft(_ *guardedWrite, base *baseState) (*draft, error) {
	return &draft{body: f.request, base: base.resource, after: base.known(), change: change{payload: f.request}}, nil
}
