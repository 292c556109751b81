//contactsgen:feature bulk
//contactsgen:part bulk

package client

import (
	"context"
	"errors"
	"iter"
	"sync"
)

// updateEach makes the same edit of many resources, some of them at the same time. parts takes a key apart.
func updateEach[K, T any](ctx context.Context, c *core, t *revisionTrait, keys iter.Seq[K], parts func(K) []string, mutate func(*T) error, opts []CallOption) iter.Seq2[BulkItem[K, T], error] {
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
		defer l.close()
		over := false
		give := func() bool {
			call := l.first()
			b.settled(call.item.Report, call.err)
			return yield(call.item, call.err)
		}
		for key := range keys {
			for !l.admits() {
				if !give() {
					return
				}
			}
			w := &guardedWrite{c: c, t: t, key: parts(key), empty: func() any { return new(T) }}
			w.want = editOf(w, mutate)
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

// givenUp is the error of a call that was not begun because its context is done.
func (w *guardedWrite) givenUp(ctx context.Context) error {
	return &UpdateError{Op: w.t.write.id, Key: w.key, Cause: causeOf(ctx), Err: joinContext(ctx, nil)}
}

// lineup makes calls side by side, so many at a time, and gives them back in the order in which they began. A call that
// takes long holds back those behind it, but only so many: whatever number of calls there is, few are held.
type lineup[I any] struct {
	ctx    context.Context
	cancel context.CancelFunc
	slots  chan struct{}    // one for each call that runs
	calls  []*lineupCall[I] // not given back yet, in order
	begun  int              // calls in all
	room   int              // for calls
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
		defer close(call.done)
		defer func() { call.panicked = recover() }()
		call.err = do(l.ctx, &call.item)
	}()
}

var errCallbackExit = errors.New("a callback ended its goroutine")

// first waits for the first call and takes it out. A panic in it goes on here: it belongs to the caller.
func (l *lineup[I]) first() *lineupCall[I] {
	call := l.calls[0]
	<-call.done
	l.calls[0] = nil
	l.calls = l.calls[1:]
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
