package client

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// listener is a limiter that writes down what it is asked for and what it hears.
type listener struct {
	mu    sync.Mutex
	asked []RequestInfo
	heard []heardAnswer
}

type heardAnswer struct {
	info   RequestInfo
	status int
	after  time.Duration
}

func (l *listener) Wait(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	info, ok := RequestOf(ctx)
	if !ok {
		info.Operation = "not known"
	}
	l.asked = append(l.asked, info)
	return nil
}

func (l *listener) Observe(ctx context.Context, status int, after time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	info, _ := RequestOf(ctx)
	l.heard = append(l.heard, heardAnswer{info, status, after})
}

// Limiters and transports see what each request is for, and the same of one request.
func TestRequestOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := contactstest.NewServer(t)
		server.Seed("Contact", map[string]any{"id": "c", "info": map[string]any{"name": map[string]any{"first": "Ada"}, "jobTitle": "0"}})
		server.Inject(contactstest.Fault{Kind: contactstest.Throttle, Operation: "getContact", RetryAfter: "3"})
		server.Inject(contactstest.Fault{Kind: contactstest.Conflict, Operation: "updateContact"})
		limiter := &listener{}
		var sent []RequestInfo
		c, err := newMiniClient(contactsAPI(), WithBaseURL("https://api.example.com/contacts"), WithLimiter(limiter), WithTenant("north"),
			through(func(q *http.Request) (*http.Response, error) {
				info, ok := RequestOf(q.Context())
				if !ok {
					t.Error("a transport does not know its request")
				}
				sent = append(sent, info)
				return server.Transport().RoundTrip(q)
			}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := updateWithRetry(t.Context(), c.core, c.api.trait, []string{"c"}, increment, nil); err != nil {
			t.Fatal(err)
		}
		get := RequestInfo{Operation: "getContact", Method: "GET", Path: "/v4/contacts/{id}", Tenant: "north"}
		patch := RequestInfo{Operation: "updateContact", Method: "PATCH", Path: "/v4/contacts/{contactId}", Tenant: "north", Completes: true}
		numbered := func(i RequestInfo, attempt int) RequestInfo { i.Attempt = attempt; return i }
		// A read that was throttled, a write that was stale, and both once more.
		want := []RequestInfo{numbered(get, 1), numbered(get, 2), numbered(patch, 1), numbered(get, 2), numbered(patch, 2)}
		if !slices.Equal(sent, want) || !slices.Equal(limiter.asked, want) {
			t.Errorf("sent\n%+v\nasked\n%+v\nwant\n%+v", sent, limiter.asked, want)
		}
		statuses := []heardAnswer{{want[0], 429, 3 * time.Second}, {want[1], 200, 0}, {want[2], 409, 0}, {want[3], 200, 0}, {want[4], 200, 0}}
		if !slices.Equal(limiter.heard, statuses) {
			t.Errorf("heard %+v", limiter.heard)
		}
	})
}

// A read that looks what became of a write is what the call has paid for; a call that begins is not; and no other context is a request's.
func TestRequestsThatCompleteACall(t *testing.T) {
	server := contactstest.NewServer(t)
	server.Seed("Contact", map[string]any{"id": "c", "info": map[string]any{"name": map[string]any{"first": "Ada"}, "jobTitle": "0"}})
	server.Inject(contactstest.Fault{Kind: contactstest.Drop, Applied: true, Operation: "updateContact"})
	limiter := &listener{}
	c, err := newMiniClient(contactsAPI(), WithBaseURL("https://api.example.com/contacts"), WithLimiter(limiter),
		WithHTTPClient(&http.Client{Transport: server.Transport()}))
	if err != nil {
		t.Fatal(err)
	}
	set := func(c *miniContact) error { c.Info.JobTitle = Ptr("x"); return nil }
	if _, err := updateWithRetry(t.Context(), c.core, c.api.trait, []string{"c"}, set, nil); err != nil {
		t.Fatal(err)
	}
	var completes []bool
	for _, info := range limiter.asked {
		completes = append(completes, info.Completes)
	}
	if !slices.Equal(completes, []bool{false, true, true}) || len(limiter.heard) != 2 {
		t.Errorf("%+v, %+v", limiter.asked, limiter.heard)
	}
	if info, ok := RequestOf(t.Context()); ok {
		t.Errorf("%+v", info)
	}
}
