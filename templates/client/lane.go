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
	held map[string][]*laneTicket // calls waiting behind the holder, per resource; present while it is held
}

// laneTicket is a call's place in a lane.
type laneTicket struct {
	turn chan *baseState // receives once: the turn, with the state the last holder left, or nil
}

// acquire waits for the caller's turn with the resource. The state it returns is what the last holder's write
// answered with, handed over only to a call that was waiting already; nil has to be read.
func (l *lanes) acquire(ctx context.Context, resource string) (*baseState, error) {
	l.mu.Lock()
	waiting, busy := l.held[resource]
	if !busy {
		if l.held == nil {
			l.held = map[string][]*laneTicket{}
		}
		l.held[resource] = nil
		l.mu.Unlock()
		return nil, nil
	}
	ticket := &laneTicket{turn: make(chan *baseState, 1)}
	l.held[resource] = append(waiting, ticket)
	l.mu.Unlock()

	select {
	case state := <-ticket.turn:
		return state, nil
	case <-ctx.Done():
		l.leave(resource, ticket)
		return nil, context.Cause(ctx)
	}
}

// release hands the resource to the next call in the lane, with what the holder knows of it, or forgets the lane.
func (l *lanes) release(resource string, state *baseState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	waiting := l.held[resource]
	if len(waiting) == 0 {
		delete(l.held, resource)
		return
	}
	l.held[resource] = waiting[1:]
	waiting[0].turn <- state
}

// awaited reports whether a call is waiting behind the holder.
func (l *lanes) awaited(resource string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.held[resource]) > 0
}

// leave takes a call that gave up out of the lane. Its turn may have come meanwhile: then the next one has it.
func (l *lanes) leave(resource string, ticket *laneTicket) {
	l.mu.Lock()
	if i := slices.Index(l.held[resource], ticket); i >= 0 {
		l.held[resource] = slices.Delete(l.held[resource], i, i+1)
		l.mu.Unlock()
		return
	}
	l.mu.Unlock()
	l.release(resource, <-ticket.turn)
}
