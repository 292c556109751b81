//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"sync"
	"time"
)

// What a client remembers of tokens between calls. Replicas lag for seconds; a resource that was deleted and made
// again begins anew, and must not be taken for a lagging one for long.
const (
	floorLife  = time.Minute
	floorCount = 1024
)

// floors remember, per resource, the highest token a client has seen, so that the call after a write recognises a read
// that does not know of the write yet. It is a help, not a guard: the server checks every token. So it may forget.
type floors struct {
	mu   sync.Mutex
	seen map[string]floor
}

type floor struct {
	token   token
	expires time.Time
}

// get returns the highest token known of a resource; nil when there is none.
func (f *floors) get(resource string, now time.Time) token {
	f.mu.Lock()
	defer f.mu.Unlock()
	if known, ok := f.seen[resource]; ok && now.Before(known.expires) {
		return known.token
	}
	return nil
}

// put remembers the highest token of a resource.
func (f *floors) put(resource string, highest token, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.seen == nil {
		f.seen = map[string]floor{}
	}
	if _, known := f.seen[resource]; !known && len(f.seen) >= floorCount {
		f.makeRoom(now)
	}
	f.seen[resource] = floor{token: highest, expires: now.Add(floorLife)}
}

// makeRoom drops what has expired, or anything when nothing has.
func (f *floors) makeRoom(now time.Time) {
	for resource, known := range f.seen {
		if !now.Before(known.expires) {
			delete(f.seen, resource)
		}
	}
	for resource := range f.seen {
		if len(f.seen) < floorCount {
			return
		}
		delete(f.seen, resource)
	}
}

// forget drops a resource that is gone, or whose reads do not come up to what was seen.
func (f *floors) forget(resource string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.seen, resource)
}
