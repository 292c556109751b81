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
	held map[string][]*laneTicket // calls waiting behind the holder, per resource; present while it is held
}

// laneTicket is a call's place in a lane.
type laneTicket struct {
	turn chan *baseState // receives once: the turn, with the state the last holder left, or nil
}

// enter takes the resource when it is free, or a place in its lane. Only with a place is there something to await.
func (l *lanes) enter(resource string) (place *laneTicket, free bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	waiting, busy := l.held[resource]
	if !busy {
		if l.held == nil {
			l.held = map[string][]*laneTicket{}
		}
		l.held[resource] = nil
		return nil, true
	}
	place = &laneTicket{turn: make(chan *baseState, 1)}
	l.held[resource] = append(waiting, place)
	return place, false
}

// await waits for the turn of a place. The state it returns is what the last holder's write answered with, handed over
// only to a call that was waiting already; nil has to be read. When ctx is done first, the place is given up.
func (l *lanes) await(ctx context.Context, resource string, place *laneTicket) (*baseState, error) {
	select {
	case state := <-place.turn:
		return state, nil
	case <-ctx.Done():
		l.leave(resource, place)
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

// leave takes a call that gave up out of the lane. Its turn may have come meanwhile: then the next one has it.
func (l *lanes) leave(resource string, place *laneTicket) {
	l.mu.Lock()
	if i := slices.Index(l.held[resource], place); i >= 0 {
		l.held[resource] = slices.Delete(l.held[resource], i, i+1)
		l.mu.Unlock()
		return
	}
	l.mu.Unlock()
	l.release(resource, <-place.turn)
}
