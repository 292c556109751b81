package network

import (
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/contactsgen/contactsgen/testdata/judge/law"
)

// Chance is how likely a fate is, from 0 to 1.
type Chance struct {
	Fate Fate
	Of   float64
}

// Exchange is a request that was sent, and what became of it.
type Exchange struct {
	Request law.Request
	Fate    Fate
	Status  int // that came back; 0 is none
	Applied int // how many resources it changed, as far as it has arrived
	Time    time.Time
}

// Rough is a network on which things go wrong by chance, in front of a server. What was delayed arrives behind the next request. It may be
// used by several goroutines.
type Rough struct {
	Server  *law.Server
	Chances []Chance
	// By tells who sent a request; the server keeps it.
	By func(*http.Request) string

	mu     sync.Mutex
	random *rand.Rand
	late   []int // exchanges that have yet to arrive
	all    []Exchange
}

// NewRough makes a network whose chances follow from a seed, for requests that come in the same order.
func NewRough(srv *law.Server, seed uint64, by func(*http.Request) string, chances ...Chance) *Rough {
	return &Rough{Server: srv, Chances: chances, By: by, random: rand.New(rand.NewPCG(seed, 5))}
}

// RoundTrip sends a request over the network.
func (n *Rough) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	request, err := Request(r, n.By(r))
	if err != nil {
		return nil, err
	}
	fate, answered := n.exchange(request, r)
	switch {
	case fate.Hangs():
		<-r.Context().Done()
		return nil, r.Context().Err()
	case answered == nil:
		return nil, ErrLost
	}
	return Response(r, *answered, fate), nil
}

// exchange draws the fate of a request and lets it happen.
func (n *Rough) exchange(request law.Request, r *http.Request) (Fate, *law.Answer) {
	n.mu.Lock()
	defer n.mu.Unlock()
	fate := n.draw(r.Method)
	before := n.late
	n.all = append(n.all, Exchange{Request: request, Fate: fate, Time: time.Now()})
	x := &n.all[len(n.all)-1]
	// What it changes counts whether or not the answer comes back, so it is counted in what the server keeps.
	versions := n.versions(request)
	answered := Serve(n.Server, request, r, fate)
	x.Applied = n.versions(request) - versions
	if answered != nil {
		x.Status = answered.Status
	}
	if fate.Late() {
		n.late = append(n.late, len(n.all)-1)
	}
	if fate.Arrives() > 0 {
		n.arrive(before)
	}
	return fate, answered
}

func (n *Rough) draw(method string) Fate {
	at := n.random.Float64()
	for _, c := range n.Chances {
		if (method == http.MethodGet) != ofReads(c.Fate) && !ofBoth(c.Fate) {
			continue
		}
		if at -= c.Of; at < 0 {
			return c.Fate
		}
	}
	return Deliver
}

func ofReads(f Fate) bool { return f == Stale }

func ofBoth(f Fate) bool {
	for _, both := range ReadFates {
		if f == both && !ofReads(f) {
			return true
		}
	}
	return false
}

// versions counts the states that a resource has had.
func (n *Rough) versions(r law.Request) int {
	id, _ := n.Server.API.ID(r.Path)
	return n.Server.Versions(id)
}

// arrive has late requests take effect.
func (n *Rough) arrive(late []int) {
	for _, i := range late {
		x := &n.all[i]
		before := n.versions(x.Request)
		n.Server.Serve(x.Request)
		x.Applied += n.versions(x.Request) - before
	}
	n.late = n.late[len(late):]
}

// Settle has all take effect that is still on its way.
func (n *Rough) Settle() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.arrive(n.late)
}

// Exchanges are all requests so far.
func (n *Rough) Exchanges() []Exchange {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]Exchange(nil), n.all...)
}
