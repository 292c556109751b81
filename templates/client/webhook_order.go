//contactsgen:feature webhooks
//contactsgen:part webhooks

package client

import (
	"container/list"
	"context"
	"errors"
	"sync"
)

// errHandlerPanicked is what an event is forgotten for whose handler never returned.
var errHandlerPanicked = errors.New("the handler panicked")

// WebhookStore remembers which events were handled. [NewWebhookStore] keeps them in memory; where several processes receive events, put one
// over a database that they share.
type WebhookStore interface {
	// Begin tells whether an event is news: neither was its id handled before, nor an event of the same entity with a larger sequence. For what is
	// no news, end is nil. Otherwise the entity is held until end is called, once: with nil it remembers the event, with the error of the handler it forgets
	// it. In a database that is a transaction, with the entity's row locked.
	Begin(ctx context.Context, event *WebhookInfo) (end func(handled error) error, err error)
}

// InOrder makes of handle a handler that sees each event once, and the events of one entity one after the other in the order of their Sequence. What was
// handled already is passed over, and so is what comes after a later event of the same entity: there is nothing to learn from it, since the later one
// tells how the entity is now. So handle should take an update for a creation where it knows of none.
//
// An event that handle fails is not remembered, and is handled when it is delivered again.
func InOrder(store WebhookStore, handle func(context.Context, WebhookEvent) error) func(context.Context, WebhookEvent) error {
	return func(ctx context.Context, event WebhookEvent) error {
		end, err := store.Begin(ctx, event.Info())
		if err != nil || end == nil {
			return err
		}
		failed := errHandlerPanicked
		defer func() {
			if failed == errHandlerPanicked {
				_ = end(failed) // the panic goes on
			}
		}()
		failed = handle(ctx, event)
		if err := end(failed); failed == nil {
			return err
		}
		return failed
	}
}

// NewWebhookStore gives a store that remembers, in memory, the ids of the last limit events and the sequences of the last limit entities; 0 is
// 10,000, some megabytes. An event that is delivered again after it was forgotten is handled again; so is everything after a restart.
func NewWebhookStore(limit int) WebhookStore {
	if limit <= 0 {
		limit = 10_000
	}
	return &memoryStore{ids: newRecent(limit), entities: newRecent(limit), busy: map[string]chan struct{}{}}
}

// memoryStore is a WebhookStore in memory.
type memoryStore struct {
	mu            sync.Mutex
	ids, entities *recent
	busy          map[string]chan struct{} // entities that are held; closed when they are let go
}

// Begin waits until the event's entity is not held.
func (s *memoryStore) Begin(ctx context.Context, event *WebhookInfo) (func(error) error, error) {
	key := event.key()
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.mu.Lock()
		held := s.busy[key]
		if held == nil {
			defer s.mu.Unlock()
			return s.hold(key, *event), nil
		}
		s.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-held:
		}
	}
}

// hold takes an entity, unless the event is no news; called with the store locked.
func (s *memoryStore) hold(key string, event WebhookInfo) func(error) error {
	_, seen := s.ids.get(event.id())
	last, _ := s.entities.get(key)
	if seen || event.Sequence != 0 && event.Sequence < last {
		return nil
	}
	done := make(chan struct{})
	s.busy[key] = done
	return func(handled error) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if handled == nil && event.ID != "" {
			s.ids.put(event.id(), 0)
		}
		if handled == nil && event.EntityID != "" {
			s.entities.put(key, max(event.Sequence, last))
		}
		delete(s.busy, key)
		close(done)
		return nil
	}
}

// key names the entity of an event; the event itself, where it names none.
func (i *WebhookInfo) key() string {
	if i.EntityID == "" {
		return i.id()
	}
	return i.Instance + "\x00" + i.Entity + "\x00" + i.EntityID
}

// id names an event: ids of other instances are their own.
func (i *WebhookInfo) id() string { return i.Instance + "\x00\x00" + i.ID }

// recent remembers the numbers of the keys that were used last.
type recent struct {
	limit int
	order *list.List // of *recentEntry, the last used in front
	at    map[string]*list.Element
}

type recentEntry struct {
	key string
	n   int64
}

func newRecent(limit int) *recent {
	return &recent{limit: limit, order: list.New(), at: map[string]*list.Element{}}
}

func (r *recent) get(key string) (int64, bool) {
	e := r.at[key]
	if e == nil {
		return 0, false
	}
	return e.Value.(*recentEntry).n, true
}

func (r *recent) put(key string, n int64) {
	if e := r.at[key]; e != nil {
		e.Value.(*recentEntry).n = n
		r.order.MoveToFront(e)
		return
	}
	r.at[key] = r.order.PushFront(&recentEntry{key, n})
	if r.order.Len() > r.limit {
		oldest := r.order.Back()
		r.order.Remove(oldest)
		delete(r.at, oldest.Value.(*recentEntry).key)
	}
}
