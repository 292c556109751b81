//contactsgen:feature combining
//contactsgen:part update

// One write for the edits that wait for their turn at the same resource.

package client

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"sync"
)

// WithCombining lets updates of one resource that wait for their turn become one write: their callbacks run one after
// the other on one state, and what they change is sent once. A callback that fails is left out and does not disturb
// the others; when the server refuses what they made together, each is sent alone. Only updates that start from a read
// combine, and only those that have no headers, parameters, hooks, limits, retries or doubts of their own, of a client without WithCredentialFunc; a
// report counts the requests of the write as a whole.
func WithCombining() Option {
	return helperFlag(func(h *helperOptions) { h.combine = joinBatch })
}

// batches are the writes of a client that calls can still join, by resource.
type batches struct {
	mu   sync.Mutex
	open map[string]*batch
}

// batch is one write of several edits. It runs in a goroutine and under a context of its own: the end of one caller's
// context is not the end of the others' write.
type batch struct {
	all      *batches
	name     string
	cancel   context.CancelFunc
	members  []*batchMember // until closed guarded by all.mu
	closed   bool
	waiting  int  // members whose callers still wait
	trusted  bool // the state at hand is as new as the call: a callback that fails has failed
	deciding bool // the callbacks run to decide whose write a state shows
	report   Report
}

// batchMember is one caller's edit in a batch.
type batchMember struct {
	w    *guardedWrite
	edit *editIntent
	done chan struct{} // closed when the rest is set

	err      error // why the edit is not in the write
	panicked any
	alone    bool // the write was refused: the caller is to try alone
	value    any
	end      error // how the write ended
	report   Report
}

// plain tells whether a call begins with a read and can be made at all.
func (w *guardedWrite) plain() bool { return w.supplied == nil && w.broken == nil }

// joinBatch makes the call as part of a batch. It reports false when the call has to be made alone.
func joinBatch(ctx context.Context, w *guardedWrite, o *callOptions) (v any, done bool, err error) {
	edit, ok := w.want.(*editIntent)
	if !ok || !w.plain() || !ordinary(w.c, o) {
		return nil, false, nil
	}
	m := &batchMember{w: w, edit: edit, done: make(chan struct{})}
	b := m.join(ctx, o)
	select {
	case <-m.done:
	case <-ctx.Done():
		return nil, true, b.leave(ctx, m)
	}
	if m.panicked != nil {
		panic(m.panicked)
	}
	if h := optionValue[helperOptions](o); h.report != nil {
		*h.report = m.report
	}
	return m.value, !m.alone, m.end
}

// ordinary reports whether a call has nothing of its own that a common write could not honour.
func ordinary(c *core, o *callOptions) bool {
	own, all := optionValue[helperOptions](o), optionValue[helperOptions](&c.calls)
	h := own.hooks
	return !bool(optionValue[credentialsOfCalls](o)) && !own.apart() && len(o.arguments) == 0 && reflect.DeepEqual(o.header, c.calls.header) && o.response == nil && !own.followMerged &&
		h.OnAttempt == nil && h.OnConflict == nil && h.BeforeWrite == nil && h.OwnWrite == nil &&
		own.maxAttempts == all.maxAttempts && own.maxElapsed == all.maxElapsed && own.idempotent == all.idempotent &&
		own.readBack == all.readBack && own.doubtful == all.doubtful &&
		o.timeout == c.calls.timeout && o.maxBytes == c.calls.maxBytes &&
		optionValue[RetryPolicy](o) == optionValue[RetryPolicy](&c.calls)
}

// join adds the member to the batch that is open for its resource, or opens one.
func (m *batchMember) join(ctx context.Context, o *callOptions) *batch {
	all, name := clientState[batches](m.w.c), m.w.t.write.id+"\x00"+(&run{w: m.w, key: m.w.key}).queueKey()
	all.mu.Lock()
	defer all.mu.Unlock()
	b := all.open[name]
	if b == nil {
		own, cancel := context.WithCancel(context.WithoutCancel(ctx))
		b = &batch{all: all, name: name, cancel: cancel}
		if all.open == nil {
			all.open = map[string]*batch{}
		}
		all.open[name] = b
		go b.run(own, m.w, o.clone())
	}
	b.members = append(b.members, m)
	b.waiting++
	return b
}

// leave lets a caller go whose context is done. What is under way goes on for the others; when the caller was the last
// one it ends.
func (b *batch) leave(ctx context.Context, m *batchMember) error {
	b.all.mu.Lock()
	defer b.all.mu.Unlock()
	e := &UpdateError{Op: m.w.t.write.id, Key: m.w.key, Cause: causeOf(ctx), Err: joinContext(ctx, nil)}
	if b.closed {
		e.Kind = ErrAmbiguousWrite
	} else {
		b.members = slices.DeleteFunc(b.members, func(other *batchMember) bool { return other == m })
	}
	if b.waiting--; b.waiting == 0 {
		b.close()
		b.cancel()
	}
	return e
}

// close lets nobody join any more.
func (b *batch) close() {
	b.closed = true
	if b.all.open[b.name] == b {
		delete(b.all.open, b.name)
	}
}

// run makes the write and tells its callers.
func (b *batch) run(ctx context.Context, first *guardedWrite, o *callOptions) {
	w := &guardedWrite{c: first.c, t: first.t, key: first.key, empty: first.empty}
	w.want = &combinedIntent{editIntent: editIntent{mutate: func(v any) error { return b.apply(w, v) }}, batch: b}
	adjust(o, func(h *helperOptions) { h.combine, h.report = nil, &b.report })
	var value any
	end := errBatchBroken // unless the run comes back: a callback may have ended its goroutine
	defer func() { b.deliver(value, end) }()
	defer b.cancel()
	value, end = w.runWith(ctx, o)
}

var errBatchBroken = errors.New("a callback of a combined write ended its goroutine")

// deliver gives every caller what became of the edit.
func (b *batch) deliver(value any, end error) {
	b.all.mu.Lock()
	b.close()
	members := b.members
	b.all.mu.Unlock()
	alone := len(members) > 1 && refusedTogether(end)
	for _, m := range members {
		m.report = b.report
		switch {
		case m.err != nil || m.panicked != nil:
			m.report.Outcome = ""
			m.end = m.failure(b)
		case alone:
			m.alone = true
		case end != nil:
			m.end = end
		default:
			m.value, m.end = m.copyOf(value)
		}
		close(m.done)
	}
}

// refusedTogether reports whether the server refused what the edits made together, so that it may take some alone.
func refusedTogether(end error) bool {
	var e *UpdateError
	var refused *APIError
	return errors.As(end, &e) && e.Kind == nil && errors.As(e.Err, &refused) &&
		refused.Status >= 400 && refused.Status < 500 && refused.Status != http.StatusTooManyRequests
}

// failure is the error of an edit that was left out.
func (m *batchMember) failure(b *batch) error {
	e := &UpdateError{
		Op: m.w.t.write.id, Key: m.w.key, Kind: ErrMutate, Err: m.err,
		Writes: b.report.Writes, Reads: b.report.Reads, Conflicts: b.report.Conflicts, Waited: b.report.Waited,
	}
	var breach *contractViolation
	if errors.As(m.err, &breach) {
		e.Kind, e.Path = ErrContract, breach.path
	}
	return e
}

// copyOf is a result of the member's own.
func (m *batchMember) copyOf(value any) (any, error) {
	v := m.w.empty()
	doc, err := encode(value)
	if err == nil {
		err = decode(doc, v)
	}
	from, ok := value.(snapshotHolder)
	if to, keeps := v.(snapshotHolder); ok && keeps {
		to.keepSnapshot(from.lastSnapshot())
	}
	return v, err
}

// combinedIntent is an edit made of the edits of a batch.
type combinedIntent struct {
	editIntent
	batch *batch
}

// draft closes the batch: who comes later goes with the next write.
func (c *combinedIntent) draft(w *guardedWrite, base *baseState) (*draft, error) {
	c.batch.all.mu.Lock()
	c.batch.close()
	c.batch.all.mu.Unlock()
	c.batch.trusted = base.trusted()
	return c.editIntent.draft(w, base)
}

// settle is that of an edit. A callback that fails now is no sign that its change is there.
func (c *combinedIntent) settle(ctx context.Context, r *run) (verdict, error) {
	c.batch.deciding = true
	defer func() { c.batch.deciding = false }()
	return c.editIntent.settle(ctx, r)
}

// apply runs the callbacks one after the other, and takes back what one did that fails.
func (b *batch) apply(w *guardedWrite, v any) error {
	for _, m := range b.members {
		before, err := encode(v)
		if err != nil {
			return err
		}
		panicked, err := m.try(v)
		var after []byte
		if err == nil && panicked == nil {
			if after, err = encode(v); err == nil {
				_, err = w.t.diff(before, before, after)
			}
		}
		failed := panicked != nil || err != nil && !errors.Is(err, ErrSkip)
		if failed && b.deciding {
			return errors.Join(errBatchBroken, err)
		}
		if failed && !b.trusted {
			return ErrSkip // a read will tell whether it fails on the present state too
		}
		if !b.deciding {
			m.err, m.panicked = nil, panicked
			if failed {
				m.err = err
			}
		}
		if panicked != nil || err != nil {
			if err := restore(w, v, before); err != nil {
				return err
			}
		}
	}
	return nil
}

// try runs the callback and catches its panic: it belongs to the goroutine of its caller.
func (m *batchMember) try(v any) (panicked any, err error) {
	defer func() { panicked = recover() }()
	return nil, m.edit.mutate(v)
}

// restore makes a value again what it was.
func restore(w *guardedWrite, v any, doc []byte) error {
	was := w.empty()
	if err := decode(doc, was); err != nil {
		return err
	}
	reflect.ValueOf(v).Elem().Set(reflect.ValueOf(was).Elem())
	return nil
}

// apart reports whether a call cannot be made together with others.
func (h *helperOptions) apart() bool {
	return h.beyond != nil && (h.beyond.journal != nil || h.beyond.planned != nil)
}
