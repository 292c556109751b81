//contactsgen:feature bulk
//contactsgen:part bulk

// One edit of many resources, several at the same time: the items come in the order of their keys.

package client

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"
)

// BulkItem is one resource of a bulk helper. Items come in the order of the keys, each with an error of its own, and
// every key has its item: when a loop ends early, all that comes behind the last item is open.
type BulkItem[K, T any] struct {
	Index  int // place of the key among the keys, from 0
	Key    K
	Value  *T // the resource after the write; nil after a failure
	Report Report
}

// KeysOf gives the keys of what an iterator lists, for a bulk helper to go through while they are listed. The error that
// ends the list, if one does, is put into failed, to be looked at after the loop over the bulk helper.
func KeysOf[T, K any](list iter.Seq2[*T, error], key func(*T) K, failed *error) iter.Seq[K] {
	return func(yield func(K) bool) {
		for v, err := range list {
			if err != nil {
				*failed = err
				return
			}
			if !yield(key(v)) {
				return
			}
		}
	}
}

// defaultConcurrency is small: each update is a read and a write, and most servers limit requests per minute.
const defaultConcurrency = 4

// concurrency is what WithConcurrency was given.
type concurrency int

// WithConcurrency limits how many resources a bulk helper works on at the same time. The default is 4.
func WithConcurrency(n int) Option {
	return sharedOption(func(o *callOptions) error {
		if n < 1 {
			return errors.New("WithConcurrency: the limit is not positive")
		}
		adjust(o, func(v *concurrency) { *v = concurrency(n) })
		return nil
	})
}

// bulk is one call of a bulk helper: its options, and what became of the items so far.
type bulk struct {
	o        *callOptions
	report   *Report // nil: nobody wants it
	progress Progress
	clock    Clock
	started  time.Time
	below    int          // the loop has gone on from all items before this one
	beyond   map[int]bool // and from these
}

var errManyResponses = errors.New("WithResponse does not fit a bulk helper, which gets many")

// bulk adds up the options of a bulk helper.
func (c *core) bulk(opts []CallOption, ops ...*operation) (*bulk, error) {
	o, err := c.options(opts, ops...)
	if err != nil {
		return nil, err
	}
	if o.response != nil {
		return nil, c.refused(ops[0], errManyResponses)
	}
	b := &bulk{o: o, report: optionValue[helperOptions](o).report, clock: c.clock, started: c.clock.Now()}
	if b.report != nil {
		*b.report = Report{}
	}
	return b, nil
}

// concurrency is how many resources are worked on at the same time.
func (b *bulk) concurrency() int {
	if n := optionValue[concurrency](b.o); n > 0 {
		return int(n)
	}
	return defaultConcurrency
}

// optionsFor are the options of one item, which has a report of its own.
func (b *bulk) optionsFor(item *Report) *callOptions {
	o := b.o.clone()
	adjust(o, func(h *helperOptions) { h.report = item })
	return o
}

// settled counts an item. Reports add up.
func (b *bulk) settled(item Report, err error) {
	if err == nil {
		b.progress.Succeeded++
	} else {
		b.progress.Failed++
	}
	if r := b.report; r != nil {
		r.Writes, r.Reads, r.Conflicts = r.Writes+item.Writes, r.Reads+item.Reads, r.Conflicts+item.Conflicts
		r.StaleReads, r.SuspectConflicts = r.StaleReads+item.StaleReads, r.SuspectConflicts+item.SuspectConflicts
		r.Waited, r.Elapsed = r.Waited+item.Waited, b.clock.Now().Sub(b.started)
		r.Assumed, r.Derived = r.Assumed || item.Assumed, r.Derived || item.Derived
	}
	if report := optionValue[progressFunc](b.o); report != nil {
		report(b.progress)
	}
}

// updateEach makes the same edit of many resources, some of them at the same time. parts takes a key apart.
func updateEach[K, T any](ctx context.Context, c *core, t *revisionDescriptor, keys iter.Seq[K], parts func(K) []string,
	mutate func(*T) error, opts []CallOption) iter.Seq2[BulkItem[K, T], error] {
	write := func(key K) *guardedWrite { return &guardedWrite{c: c, t: t, key: parts(key)} }
	return editEach(ctx, c, t, keys, write, mutate, opts)
}

// updateEachFrom is updateEach beginning with copies that were listed. What ends the list ends the loop, as a last item without a copy.
func updateEachFrom[T any](ctx context.Context, c *core, t *revisionDescriptor, copies iter.Seq2[*T, error], mutate func(*T) error,
	opts []CallOption) iter.Seq2[BulkItem[*T, T], error] {
	return func(yield func(BulkItem[*T, T], error) bool) {
		var failed error
		n := 0
		keys := KeysOf(copies, func(v *T) *T { return v }, &failed)
		write := func(copied *T) *guardedWrite {
			w := &guardedWrite{c: c, t: t}
			if copied == nil {
				w.broken = errNoCopy
			} else {
				w.supply(copied, new(T))
			}
			return w
		}
		for item, err := range editEach(ctx, c, t, keys, write, mutate, opts) {
			n++
			if !yield(item, err) {
				return
			}
		}
		if failed != nil {
			yield(BulkItem[*T, T]{Index: n}, failed)
		}
	}
}

// editEach makes the same edit of many resources; write begins one of them.
func editEach[K, T any](ctx context.Context, c *core, t *revisionDescriptor, keys iter.Seq[K], write func(K) *guardedWrite,
	mutate func(*T) error, opts []CallOption) iter.Seq2[BulkItem[K, T], error] {
	return func(yield func(BulkItem[K, T], error) bool) {
		b, err := c.bulk(opts, t.write, t.read)
		if err == nil {
			err = c.readsWhole(t.write, t.read, b.o)
		}
		if err != nil {
			yield(BulkItem[K, T]{}, err)
			return
		}
		l := newLineup[BulkItem[K, T]](ctx, b.concurrency())
		if optionValue[unordered](b.o) {
			l.ended = make(chan *lineupCall[BulkItem[K, T]], l.room)
		}
		defer l.close()
		over := false
		give := func() bool {
			call := l.first()
			b.settled(call.item.Report, call.err)
			if !yield(call.item, call.err) {
				return false
			}
			b.passed(call.item.Index)
			return true
		}
		for key := range keys {
			for !l.admits() {
				if !give() {
					return
				}
			}
			w := write(key)
			w.empty, w.want = func() any { return new(T) }, editOf(w, mutate)
			late := ctx.Err() != nil
			l.begin(BulkItem[K, T]{Index: l.begun, Key: key}, func(ctx context.Context, item *BulkItem[K, T]) error {
				if late {
					return w.givenUp(ctx)
				}
				v, err := w.perform(ctx, b.optionsFor(&item.Report))
				item.Value, _ = v.(*T)
				return err
			})
			if over = late; over {
				break
			}
		}
		if !over {
			b.progress.Total = int64(l.begun)
		}
		for len(l.calls) > 0 && give() {
			continue
		}
	}
}

// unordered says that items come as they end.
type unordered bool

// Unordered has UpdateEach and UpdateEachFrom give items as they end, instead of in the order of their keys: one that takes long holds
// nobody up. Operations that write many resources in one request keep the order.
func Unordered() Option {
	return sharedOption(func(o *callOptions) error {
		adjust(o, func(v *unordered) { *v = true })
		return nil
	})
}

// checkpointFunc is what WithCheckpoint was given.
type checkpointFunc func(below int)

// WithCheckpoint has a bulk helper tell how far it is: the loop has gone on from every item whose Index is below a number, whatever order
// they came in. A program that keeps that number, and was ended, begins with the key of that place. It is called in the goroutine of the
// loop, and only when the number has grown.
func WithCheckpoint(reached func(below int)) CallOption {
	return callOption(func(o *callOptions) error {
		if reached == nil {
			return errors.New("WithCheckpoint: the function is nil")
		}
		adjust(o, func(v *checkpointFunc) { *v = reached })
		return nil
	})
}

// passed takes note that the loop has gone on from an item.
func (b *bulk) passed(index int) {
	reached := optionValue[checkpointFunc](b.o)
	if reached == nil {
		return
	}
	if b.beyond == nil {
		b.beyond = map[int]bool{}
	}
	b.beyond[index] = true
	before := b.below
	for b.beyond[b.below] {
		delete(b.beyond, b.below)
		b.below++
	}
	if b.below > before {
		reached(b.below)
	}
}

// givenUp is the error of a call that was not begun because its context is done.
func (w *guardedWrite) givenUp(ctx context.Context) error {
	return &UpdateError{Op: w.t.write.id, Key: w.key, Cause: causeOf(ctx), Err: joinContext(ctx, nil)}
}

// lineup makes calls side by side, so many at a time, and gives them back in the order in which they began. A call that
// takes long holds back those behind it, but only so many: whatever number of calls there is, few are held.
type lineup[I any] struct {
	ctx    context.Context
	cancel context.CancelFunc
	slots  chan struct{}       // one for each call that runs
	calls  []*lineupCall[I]    // not given back yet, in order
	begun  int                 // calls in all
	room   int                 // for calls
	ended  chan *lineupCall[I] // those that have, where they are given back as they end; nil: in order
	all    sync.WaitGroup
}

// heldPerSlot is how many calls are held for each that may run at a time, its own included.
const heldPerSlot = 4

// lineupCall is one call, and what came of it.
type lineupCall[I any] struct {
	item     I
	err      error
	panicked any
	done     chan struct{} // closed when the rest is set
}

func newLineup[I any](ctx context.Context, concurrency int) *lineup[I] {
	l := &lineup[I]{slots: make(chan struct{}, concurrency), room: heldPerSlot * concurrency}
	l.ctx, l.cancel = context.WithCancel(ctx)
	return l
}

// admits waits until another call may begin. It is false when the first one has to be taken before that: because it is
// over, or because there is no room.
func (l *lineup[I]) admits() bool {
	if len(l.calls) == 0 {
		l.slots <- struct{}{}
		return true
	}
	if l.ended != nil {
		return l.admitsAny()
	}
	first := l.calls[0].done
	if len(l.calls) == l.room || isClosed(first) {
		return false
	}
	select {
	case <-first:
		return false
	case l.slots <- struct{}{}:
		return true
	}
}

// admitsAny is admits where calls are given back as they end.
func (l *lineup[I]) admitsAny() bool {
	if len(l.calls) == l.room || len(l.ended) > 0 {
		return false
	}
	select {
	case call := <-l.ended:
		l.ended <- call // there is room for every call
		return false
	case l.slots <- struct{}{}:
		return true
	}
}

func isClosed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// begin begins a call that was admitted.
func (l *lineup[I]) begin(item I, do func(context.Context, *I) error) {
	call := &lineupCall[I]{item: item, err: errCallbackExit, done: make(chan struct{})}
	l.calls = append(l.calls, call)
	l.begun++
	l.all.Add(1)
	go func() {
		defer l.all.Done()
		defer func() { <-l.slots }()
		defer func() {
			close(call.done)
			if l.ended != nil {
				l.ended <- call
			}
		}()
		defer func() { call.panicked = recover() }()
		call.err = do(l.ctx, &call.item)
	}()
}

var errCallbackExit = errors.New("a callback ended its goroutine")

// first waits for the first call, or for any, and takes it out. A panic in it goes on here: it belongs to the caller.
func (l *lineup[I]) first() *lineupCall[I] {
	var call *lineupCall[I]
	if l.ended != nil {
		call = <-l.ended
		l.calls = slices.DeleteFunc(l.calls, func(other *lineupCall[I]) bool { return other == call })
	} else {
		call = l.calls[0]
		<-call.done
		l.calls[0] = nil
		l.calls = l.calls[1:]
	}
	if call.panicked != nil {
		panic(call.panicked)
	}
	return call
}

// close ends the calls that are not over, and waits for their ends.
func (l *lineup[I]) close() {
	l.cancel()
	l.all.Wait()
}
