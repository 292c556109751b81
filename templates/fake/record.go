//contactsgen:feature core
//contactsgen:part server

package fake

import (
	"slices"
	"sync"
	"time"
)

// bodyKept is how much of a request's or an answer's body the record keeps.
const bodyKept = 64 << 10

// Exchange is a request that the server was sent, and what it answered.
type Exchange struct {
	Request
	Number int // counts from 1
	Time   time.Time
	Key    string // of the resource, "" when the operation names none
	Status int    // 0: none yet, or the connection was dropped
	Answer []byte
	Faults string // kinds that the request met, joined by +
	// Applied counts how often the request changed what the server keeps, whatever became of its answer: 1 for a write that was accepted,
	// 0 for one that was refused, dropped before it arrived or held back by Late so far. What a function given to Handle does is not counted.
	Applied int
}

// Requests gives the recorded exchanges of the named operations, or all, oldest first. The server keeps as many as WithRecord says.
// An operation that the description does not have fails the test.
func (s *Server) Requests(operationIDs ...string) []Exchange {
	if s.tb != nil {
		s.tb.Helper()
	}
	if !s.known("Requests", named(operationIDs)...) {
		return nil
	}
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	var out []Exchange
	for i := range s.record.ring {
		x := s.record.ring[(s.record.next+i)%len(s.record.ring)]
		if x != nil && wanted(operationIDs, x.Operation) {
			out = append(out, *x)
		}
	}
	return out
}

// Count tells how many requests there were for the named operations, or for all. It counts those that are no longer kept, too.
// An operation that the description does not have fails the test.
func (s *Server) Count(operationIDs ...string) int {
	if s.tb != nil {
		s.tb.Helper()
	}
	if !s.known("Count", named(operationIDs)...) {
		return 0
	}
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	n := 0
	for id, count := range s.record.counts {
		if wanted(operationIDs, id) {
			n += count
		}
	}
	return n
}

// Forget empties the record and its counts.
func (s *Server) Forget() {
	s.record.mu.Lock()
	defer s.record.mu.Unlock()
	s.record.ring, s.record.next, s.record.counts = nil, 0, nil
}

// named are the ids but for "", by which requests are found that were for no operation.
func named(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" })
}

func wanted(ids []string, id string) bool {
	for _, x := range ids {
		if x == id {
			return true
		}
	}
	return len(ids) == 0
}

// record is a ring of the last exchanges.
type record struct {
	mu     sync.Mutex
	limit  int
	ring   []*Exchange
	next   int // of the ring, once it is full
	total  int
	counts map[string]int
}

// begin records a request.
func (r *record) begin(q Request, key string, now time.Time) *Exchange {
	q.Body = q.Body[:min(len(q.Body), bodyKept)]
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total++
	if r.counts == nil {
		r.counts = map[string]int{}
	}
	r.counts[q.Operation]++
	x := &Exchange{Request: q, Number: r.total, Time: now, Key: key}
	switch {
	case len(r.ring) < r.limit:
		r.ring = append(r.ring, x)
	case r.limit > 0:
		r.ring[r.next] = x
		r.next = (r.next + 1) % r.limit
	}
	return x
}

// applied records that a request took effect.
func (r *record) applied(x *Exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	x.Applied++
}

// end records what was answered.
func (r *record) end(x *Exchange, status int, body []byte, faults string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	x.Status, x.Answer, x.Faults = status, body[:min(len(body), bodyKept)], faults
}
