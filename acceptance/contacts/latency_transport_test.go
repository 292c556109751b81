package contacts_test

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// opHeader names the operation of a test that a request belongs to, so that what the fake recorded can be told apart by it.
const opHeader = "X-Op"

// road is the way to a fake in the same process, and back. It takes time, which in a bubble of testing/synctest is virtual.
type road struct {
	to     http.RoundTripper
	oneWay func(*http.Request) time.Duration
}

// RoundTrip takes a request there and its answer back.
func (w road) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := w.travel(r); err != nil {
		return nil, err
	}
	resp, err := w.to.RoundTrip(r)
	if err := w.travel(r); err != nil {
		return nil, err
	}
	return resp, err
}

func (w road) travel(r *http.Request) error {
	timer := time.NewTimer(w.oneWay(r))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-r.Context().Done():
		return r.Context().Err()
	}
}

// tenMilliseconds is how long one way takes where nothing depends on chance.
func tenMilliseconds(*http.Request) time.Duration { return 10 * time.Millisecond }

// scattered is |N(10 ms, 2 ms)|. Each operation has chances of its own, so that they do not depend on which comes first.
func scattered(seed uint64) func(*http.Request) time.Duration {
	var mu sync.Mutex
	own := map[string]*rand.Rand{}
	return func(r *http.Request) time.Duration {
		mu.Lock()
		defer mu.Unlock()
		op := r.Header.Get(opHeader)
		if own[op] == nil {
			stream := fnv.New64a()
			_, _ = stream.Write([]byte(op)) // never fails
			own[op] = rand.New(rand.NewPCG(seed, stream.Sum64()))
		}
		return time.Duration(math.Abs(own[op].NormFloat64()*2+10) * float64(time.Millisecond))
	}
}

// clientAt makes a client of a server at the end of a road. It has a lane and a seed of its own, as another process would have.
func clientAt(t *testing.T, srv transported, oneWay func(*http.Request) time.Duration, seed uint64,
	opts ...contacts.ClientOption) *contacts.Client {
	t.Helper()
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, 11))
	c, err := clientThrough(road{srv.Transport(), oneWay}, append(opts, contacts.WithTimeout(2*time.Second),
		contacts.WithRandom(func() float64 {
			mu.Lock()
			defer mu.Unlock()
			return random.Float64()
		}))...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// seedCounter puts a contact in whose job title is the number 0, and gives its id.
func seedCounter(srv *contactstest.Server) string {
	return srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}, "jobTitle": "0"}}`)
}

// counted is the number in a contact of a fake.
func counted(srv *contactstest.Server, id string) string {
	var c contacts.Contact
	srv.Get("Contact", id, &c)
	return *c.Info.JobTitle
}

// conflictsIn counts the writes that a fake refused as stale.
func conflictsIn(srv *contactstest.Server) (n int) {
	for _, x := range srv.Requests("updateContact") {
		if x.Status == http.StatusConflict {
			n++
		}
	}
	return n
}
