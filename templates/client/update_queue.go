//contactsgen:feature helpers
//contactsgen:part update

// The write queue of one resource: callers of one client that write to it go one after the other, and hand on what they know.

package client

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// writeQueues order the helpers of one client that write to the same resource, first come, first served: callers in one
// process need never conflict with each other. A lane exists while a call holds it and is forgotten with the last one,
// so there are never more lanes than calls under way.
type writeQueues struct {
	mu   sync.Mutex
	held map[string]*lane // per resource
}

// lane is a resource that a call holds, and the calls behind it.
type lane struct {
	holder  *stopwatch
	waiting []*waiter
	queue   *laneQueue // of those who wait; nil as long as nobody has
}

// laneQueue is the stopwatches of the calls in a lane, which stand still when the holder's does.
type laneQueue struct {
	mu      sync.Mutex
	paused  bool
	watches map[*stopwatch]bool
}

func (q *laneQueue) pause() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.paused = true
	for w := range q.watches {
		w.pause()
	}
}

func (q *laneQueue) resume() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.paused = false
	for w := range q.watches {
		w.resume()
	}
}

func (q *laneQueue) add(w *stopwatch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.watches[w] = true
	if q.paused {
		w.pause()
	}
}

func (q *laneQueue) remove(w *stopwatch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.watches, w)
	if q.paused {
		w.resume()
	}
}

// waiter is a call's place in a lane.
type waiter struct {
	watch *stopwatch
	turn  chan *baseState // receives once: the turn, with the state the last holder left, or nil
}

// enter takes the resource when it is free, or a place in its lane. Only with a place is there something to await.
func (l *writeQueues) enter(resource string, watch *stopwatch) (place *waiter, free bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	busy := l.held[resource]
	if busy == nil {
		if l.held == nil {
			l.held = map[string]*lane{}
		}
		l.held[resource] = &lane{holder: watch}
		return nil, true
	}
	place = &waiter{watch: watch, turn: make(chan *baseState, 1)}
	busy.waiting = append(busy.waiting, place)
	if busy.queue == nil {
		busy.queue = &laneQueue{watches: map[*stopwatch]bool{}}
		busy.holder.lead(busy.queue)
	}
	busy.queue.add(watch)
	return place, false
}

// await waits for the turn of a place. The state it returns is what the last holder's write answered with, handed over
// only to a call that was waiting already; nil has to be read. When ctx or the call's own time is over first, the place is given
// up, and the error says what the holder was doing.
func (l *writeQueues) await(ctx context.Context, resource string, place *waiter) (*baseState, error) {
	for {
		over, stop := place.watch.over()
		select {
		case state := <-place.turn:
			stop()
			return state, nil
		case <-ctx.Done():
			stop()
			return nil, l.leave(resource, place)
		case <-over:
			stop()
			if left, _ := place.watch.left(); place.watch.standing() == nil && left <= 0 {
				return nil, l.leave(resource, place)
			}
		}
	}
}

// release hands the resource to the next call in the lane, with what the holder knows of it, or forgets the lane.
func (l *writeQueues) release(resource string, state *baseState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pass(resource, state)
}

// pass is release for who has the lock.
func (l *writeQueues) pass(resource string, state *baseState) {
	busy := l.held[resource]
	if busy.queue != nil {
		busy.holder.unlead(busy.queue)
	}
	if len(busy.waiting) == 0 {
		delete(l.held, resource)
		return
	}
	next := busy.waiting[0]
	busy.holder, busy.waiting = next.watch, busy.waiting[1:]
	busy.queue.remove(next.watch)
	busy.holder.lead(busy.queue)
	next.turn <- state
}

// leave takes a call that gave up out of the lane. Its turn may have come meanwhile: then the next one has it.
func (l *writeQueues) leave(resource string, place *waiter) *laneBusy {
	l.mu.Lock()
	defer l.mu.Unlock()
	busy := l.held[resource]
	i := slices.Index(busy.waiting, place)
	if i < 0 {
		l.pass(resource, <-place.turn)
		return &laneBusy{}
	}
	busy.queue.remove(place.watch)
	busy.waiting = slices.Delete(busy.waiting, i, i+1)
	return &laneBusy{calling: busy.holder.isCalling()}
}

// laneBusy is the error of a turn that did not come in time.
type laneBusy struct {
	calling bool // the holder was inside a callback or a hook
}

func (e *laneBusy) Error() string {
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
	place, free := l.enter(name, r.watch)
	var state *baseState
	var err error
	if !free {
		state, err = l.await(ctx, name, place)
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

// handed is the state that the write was answered with, for the next call in the lane; nil when that has to read.
func (r *run) handed(lane string) *baseState {
	if r.err != nil || r.base == nil || r.base.token == nil || r.base.resource == nil || r.report.Writes == 0 || r.queueKey() != lane {
		return nil
	}
	next := *r.base
	next.origin = originReply
	return &next
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

// log writes one record per call. Tokens are only for those who debug, keys for nobody.
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
