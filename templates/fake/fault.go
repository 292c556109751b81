//contactsgen:feature core
//contactsgen:part server

package fake

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind string

// The kinds of faults.
const (
	// Conflict has somebody else write the resource just before the request is looked at, so that its token is stale.
	Conflict FaultKind = "conflict"
	// Refuse answers as if the token were stale, though nothing has changed.
	Refuse FaultKind = "refuse"
	// Drop closes the connection without an answer. The request is not applied, unless Applied is set.
	Drop FaultKind = "drop"
	// Late closes the connection without an answer, and applies the request just before the next one that may change something.
	Late FaultKind = "late"
	// Delay holds the request back before it is looked at.
	Delay FaultKind = "delay"
	// Duplicate delivers the request twice; the second answer is the one that goes out. Over Transport package httptrace sees the request
	// written twice, as it does when package net/http sends one again; over a network it is somebody between who does, and nobody sees it.
	Duplicate FaultKind = "duplicate"
	// Throttle answers 429, with Retry-After if that is set.
	Throttle FaultKind = "throttle"
	// Fail answers Status, 503 if there is none. The request is not applied, unless Applied is set.
	Fail FaultKind = "fail"
	// Truncate ends the connection after Bytes of the answer's body, half of it if there is none.
	Truncate FaultKind = "truncate"
	// Endless sends the answer less its last byte and then blanks, until the client goes away.
	Endless FaultKind = "endless"
	// Stale reads the resource as it was one write ago, or Back writes.
	Stale FaultKind = "stale"
	// Normalise changes what the request stores: by Edit, or else by trimming its strings and naming the items of its arrays.
	Normalise FaultKind = "normalise"
	// Thin answers a success that may have changed something with the resource's key and token alone, or with Answer.
	Thin FaultKind = "thin"
	// OtherStatus answers a success with Status, 202 if there is none, in the place of the one that the description has. The request takes
	// effect.
	OtherStatus FaultKind = "status"
	// Hang never answers. The request is not applied, unless Applied is set.
	Hang FaultKind = "hang"
	// Absurd is Throttle with a Retry-After that nobody can wait for: RetryAfter, or the most seconds that 32 bits hold.
	Absurd FaultKind = "absurd"
	// Lag has lists, queries and counts see each resource as it was one write ago, or Back writes, and not at all what was made by its last
	// write. A read of one resource sees what there is.
	Lag FaultKind = "lag"
)

// kinds are all kinds of faults, as a person may write them.
var kinds = []FaultKind{Conflict, Refuse, Drop, Late, Delay, Duplicate, Throttle, Fail, Truncate, Endless, Stale, Normalise, Thin,
	OtherStatus, Hang, Absurd, Lag}

// Fault is something to go wrong. A fault without Operation or Key is for any; Key is the resource's, as it is in the path.
type Fault struct {
	Kind      FaultKind
	Operation string
	Key       string
	Times     int     // how often; 0 is once, -1 is always
	Skip      int     // how many requests that it is for pass first
	Chance    float64 // of each request that it is for, in (0, 1); 0 is every one

	Applied    bool                 // Drop, Fail, Hang: the request takes effect all the same
	Hidden     bool                 // Duplicate: package httptrace sees nothing of it, whatever the transport
	Answer     []byte               // Thin: the body; empty is none, nil is key and token
	Delay      time.Duration        // Delay
	Status     int                  // Fail, OtherStatus
	RetryAfter string               // Throttle, Fail, Absurd: the header's value
	Bytes      int                  // Truncate
	Back       int                  // Stale, Lag
	Edit       func(map[string]any) // Conflict: what the other writer changes; Normalise: what the server changes
}

// Inject adds faults to those that are still to come. A request meets the first of each kind that is for it, so that faults of one
// kind happen one after the other. A fault that no request can meet, since there is no such kind or operation, or because the operation
// has nothing that could go wrong in this way, fails the test.
func (s *Server) Inject(list ...Fault) {
	if s.tb != nil {
		s.tb.Helper()
	}
	for _, f := range list {
		if problem := s.impossible(&f); problem != "" {
			s.misuse("Inject: %s", problem)
			return
		}
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	for _, f := range list {
		if f.Times == 0 {
			f.Times = 1
		}
		s.faults.list = append(s.faults.list, &f)
	}
}

// impossible says why no request can meet a fault, if that is so.
func (s *Server) impossible(f *Fault) string {
	if !slices.Contains(kinds, f.Kind) {
		return unknown("kind of fault", string(f.Kind), kinds)
	}
	if f.Operation == "" {
		return ""
	}
	r := s.routes[f.Operation]
	switch {
	case r == nil:
		return unknown("operation", f.Operation, slices.Collect(maps.Keys(s.routes)))
	case !f.Kind.fits(r):
		return fmt.Sprintf("%s cannot meet %q: %s", f.Operation, f.Kind, f.Kind.needs())
	}
	return ""
}

// fits tells whether a request of an operation can meet the kind.
func (k FaultKind) fits(r *route) bool {
	switch k {
	case Conflict, Refuse:
		return r.Guard != nil || r.Bulk != nil
	case Stale:
		return r.Verb == verbRead
	case Lag:
		return r.Verb == verbList || r.Verb == verbQuery || r.Verb == verbCount
	case Late, Normalise, Thin, OtherStatus:
		return !r.Safe
	}
	return true
}

// needs says which operations can meet the kind, where not all can.
func (k FaultKind) needs() string {
	switch k {
	case Conflict, Refuse:
		return "it is for writes that carry a revision"
	case Stale:
		return "it is for reads of one resource"
	case Lag:
		return "it is for lists, queries and counts"
	}
	return "it is for what may change something"
}

// Heal takes back all faults that are still to come.
func (s *Server) Heal() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = nil
}

// faults are those still to come, and the requests that will be applied late.
type faults struct {
	mu     sync.Mutex
	random *rand.Rand
	list   []*Fault
	late   []func()
}

// plan is what goes wrong with one request.
type plan map[FaultKind]*Fault

// Land applies what Late holds back, as the next request that may change something would.
func (s *Server) Land() { s.faults.land() }

// draw takes the faults of one request.
func (f *faults) draw(c *call) plan {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) == 0 {
		return nil
	}
	p, kept := plan{}, f.list[:0:0]
	for _, x := range f.list {
		if p[x.Kind] == nil && x.isFor(c) && f.strikes(x) {
			p[x.Kind] = x
		}
		if x.Times != 0 {
			kept = append(kept, x)
		}
	}
	f.list = kept
	return p
}

// isFor tells whether a request can meet a fault.
func (f *Fault) isFor(c *call) bool {
	if f.Operation != "" && f.Operation != c.Operation || f.Key != "" && !c.concerns(f.Key) {
		return false
	}
	return f.Kind.fits(c.route)
}

// concerns tells whether a call is about a resource.
func (c *call) concerns(key string) bool {
	return slices.ContainsFunc(c.each(), func(one *call) bool { return joinKey(one.keyParts()...) == key })
}

// strikes counts a request that a fault is for, and tells whether it is met.
func (f *faults) strikes(x *Fault) bool {
	if x.Skip > 0 {
		x.Skip--
		return false
	}
	if x.Chance > 0 && f.random.Float64() >= x.Chance {
		return false
	}
	if x.Times > 0 {
		x.Times--
	}
	return true
}

// postpone keeps a request to be applied late.
func (f *faults) postpone(apply func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.late = append(f.late, apply)
}

// land applies what was postponed.
func (f *faults) land() {
	f.mu.Lock()
	late := f.late
	f.late = nil
	f.mu.Unlock()
	for _, apply := range late {
		apply()
	}
}

// String names the plan's kinds for the record, in the order of their names.
func (p plan) String() string {
	var out []string
	for _, kind := range []FaultKind{
		Absurd, Conflict, Delay, Drop, Duplicate, Endless, Fail, Hang, Lag, Late, Normalise, Refuse, Stale, OtherStatus, Thin, Throttle, Truncate,
	} {
		if p[kind] != nil {
			out = append(out, string(kind))
		}
	}
	return strings.Join(out, "+")
}

// tidy is what Normalise does by itself.
func tidy(newID func() string) func(map[string]any) {
	return func(o map[string]any) {
		for k, v := range o {
			o[k] = tidied(v, newID)
		}
	}
}

func tidied(v any, newID func() string) any {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case object:
		tidy(newID)(v)
	case []any:
		for i, x := range v {
			v[i] = tidied(x, newID)
			if o, ok := v[i].(object); ok && o["id"] == nil {
				o["id"] = newID()
			}
		}
	}
	return v
}

// failed is the answer of Throttle, Absurd and Fail.
func (f *Fault) failed() *failure {
	x := &failure{status: f.Status, message: fmt.Sprintf("The fake was told to %s.", f.Kind)}
	switch {
	case f.Kind == Throttle || f.Kind == Absurd:
		x.status = 429
	case x.status == 0:
		x.status = 503
	}
	after := f.RetryAfter
	if f.Kind == Absurd {
		after = cmp.Or(after, "2147483647")
	}
	if after != "" {
		x.extra = []carried{{location{In: inHeader, Name: "Retry-After"}, after}}
	}
	return x
}
