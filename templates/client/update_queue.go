//contactsgen:feature helpers
//contactsgen:part update

// The write queue of one resource: callers of one client that write to it go one after the other, and hand on what they know.

package client

import (
	"context"
	"slices"
	"strings"
	"sync"
)

// writeQueues order the helpers of one client that write to the same resource, first come, first served: callers in one
// process need never conflict with each other. A queue exists while a call holds its resource and is forgotten with the last one,
// so there are never more queues than calls under way.
type writeQueues struct {
	mu   sync.Mutex
	held map[string]*writeQueue // per resource
}

// writeQueue is a resource that a call holds, and the calls behind it.
type writeQueue struct {
	holder  *stopwatch
	waiting []*waiter
	behind  *followers // of those who wait; nil as long as nobody has
}

// waiter is a call's place in a queue.
type waiter struct {
	watch *stopwatch
	turn  chan *baseState // receives once: the turn, with the state the last holder left, or nil
}

// enter takes the resource when it is free, or a place in its queue. Only with a place is there something to await.
func (l *writeQueues) enter(resource string, watch *stopwatch) (mine *waiter, free bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	busy := l.held[resource]
	if busy == nil {
		if l.held == nil {
			l.held = map[string]*writeQueue{}
		}
		l.held[resource] = &writeQueue{holder: watch}
		return nil, true
	}
	mine = &waiter{watch: watch, turn: make(chan *baseState, 1)}
	busy.waiting = append(busy.waiting, mine)
	if busy.behind == nil {
		busy.behind = &followers{watches: map[*stopwatch]bool{}}
		busy.holder.lead(busy.behind)
	}
	busy.behind.add(watch)
	return mine, false
}

// await waits for the turn of a place. The state it returns is what the last holder's write answered with, handed over
// only to a call that was waiting already; nil has to be read. When ctx or the call's own time is over first, the place is given
// up, and the error says what the holder was doing.
func (l *writeQueues) await(ctx context.Context, resource string, mine *waiter) (*baseState, error) {
	for {
		over, stop := mine.watch.over()
		select {
		case state := <-mine.turn:
			stop()
			return state, nil
		case <-ctx.Done():
			stop()
			return nil, l.leave(resource, mine)
		case <-over:
			stop()
			if left, _ := mine.watch.left(); mine.watch.standing() == nil && left <= 0 {
				return nil, l.leave(resource, mine)
			}
		}
	}
}

// release hands the resource to the next call in the queue, with what the holder knows of it, or forgets the queue.
func (l *writeQueues) release(resource string, state *baseState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pass(resource, state)
}

// pass is release for callers that hold the lock.
func (l *writeQueues) pass(resource string, state *baseState) {
	busy := l.held[resource]
	if busy.behind != nil {
		busy.holder.unlead(busy.behind)
	}
	if len(busy.waiting) == 0 {
		delete(l.held, resource)
		return
	}
	next := busy.waiting[0]
	busy.holder, busy.waiting = next.watch, busy.waiting[1:]
	busy.behind.remove(next.watch)
	busy.holder.lead(busy.behind)
	next.turn <- state
}

// leave takes a call that gave up out of the queue. Its turn may have come meanwhile: then the next one has it.
func (l *writeQueues) leave(resource string, mine *waiter) *turnTimeout {
	l.mu.Lock()
	defer l.mu.Unlock()
	busy := l.held[resource]
	i := slices.Index(busy.waiting, mine)
	if i < 0 {
		l.pass(resource, <-mine.turn)
		return &turnTimeout{}
	}
	busy.behind.remove(mine.watch)
	busy.waiting = slices.Delete(busy.waiting, i, i+1)
	return &turnTimeout{calling: busy.holder.isCalling()}
}

// turnTimeout is the error of a turn that did not come in time.
type turnTimeout struct {
	calling bool // the holder was inside a callback or a hook
}

func (e *turnTimeout) Error() string {
	if e.calling {
		return "that call is inside its callback; a callback that calls the client for the resource it edits waits for itself"
	}
	return "its turn did not come in time"
}

// queueKey names the resource that a call writes to, among all resources of the client. Writes of different kinds to one
// resource share its revision, so they share the read that it comes from.
func (r *run) queueKey() string {
	t := r.w.t
	path, err := t.fillPath(t.readArgs, r.key, nil)
	if err != nil {
		path = r.key
	}
	for _, ask := range t.readKeyParams {
		path = append(path, r.key[ask.key])
	}
	return t.read.id + "\x00" + strings.Join(path, "\x00")
}

// enterQueue waits for the call's turn with the resource. It is false when that failed.
func (r *run) enterQueue(ctx context.Context) bool {
	if r.h.withoutLane || r.w.broken != nil {
		return true
	}
	l, name := clientState[writeQueues](r.w.c), r.queueKey()
	mine, free := l.enter(name, r.watch)
	var state *baseState
	var err error
	if !free {
		state, err = l.await(ctx, name, mine)
	}
	if err != nil {
		r.queueFailed(ctx, err)
		return false
	}
	if err := r.lockBeyond(ctx); err != nil {
		l.release(name, state)
		r.lockFailed(ctx, err)
		return false
	}
	r.held = name
	if state != nil && !r.sharesResource() && (r.base == nil || !r.w.t.older(state.token, r.base.token)) {
		r.base = state
	}
	return true
}

// lockFailed ends the call because the resource could not be had of other processes.
func (r *run) lockFailed(ctx context.Context, err error) {
	if left, limited := r.watch.left(); ctx.Err() != nil || limited && left <= 0 {
		r.queueFailed(ctx, err)
		return
	}
	r.fail(ErrBusy, err)
}

// queueFailed ends the call before it began.
func (r *run) queueFailed(ctx context.Context, err error) {
	cause := CauseElapsed
	if ctx.Err() != nil {
		cause = causeOf(ctx)
	}
	r.exhausted(ctx, cause, ErrBusy, err)
}

// leaveQueue lets the next call have the resource, with the state that the write was answered with.
func (r *run) leaveQueue() {
	if r.unlock != nil {
		r.unlock()
	}
	if r.held != "" {
		clientState[writeQueues](r.w.c).release(r.held, r.handed(r.held))
	}
}

// handed is the state that the write was answered with, for the next call in the queue; nil when that has to read.
func (r *run) handed(key string) *baseState {
	if r.err != nil || r.base == nil || r.base.token == nil || r.base.resource == nil || r.report.Writes == 0 || r.queueKey() != key {
		return nil
	}
	next := *r.base
	next.origin = originReply
	return &next
}
