//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"context"
	"slices"
	"sync"
)

// lanes order the helpers of one client that write to the same resource, first come, first served: callers in one
// process need never conflict with each other. A lane exists while a call holds it and is forgotten with the last one,
// so there are never more lanes than calls under way.
type lanes struct {
	mu   sync.Mutex
	held map[string]*lane // per resource
}

// lane is a resource that a call holds, and the calls behind it.
type lane struct {
	holder  *stopwatch
	waiting []*laneTicket
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

// laneTicket is a call's place in a lane.
type laneTicket struct {
	watch *stopwatch
	turn  chan *baseState // receives once: the turn, with the state the last holder left, or nil
}

// enter takes the resource when it is free, or a place in its lane. Only with a place is there something to await.
func (l *lanes) enter(resource string, watch *stopwatch) (place *laneTicket, free bool) {
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
	place = &laneTicket{watch: watch, turn: make(chan *baseState, 1)}
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
func (l *lanes) await(ctx context.Context, resource string, place *laneTicket) (*baseState, error) {
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
func (l *lanes) release(resource string, state *baseState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pass(resource, state)
}

// pass is release for who has the lock.
func (l *lanes) pass(resource string, state *baseState) {
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
func (l *lanes) leave(resource string, place *laneTicket) *laneBusy {
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
