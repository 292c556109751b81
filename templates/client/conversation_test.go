package client

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"
)

// conversation is a server that expects these requests, one after the other, and knows nothing else. Every request takes 10 ms
// there and 10 ms back, which in a bubble of testing/synctest are virtual.
type conversation struct {
	t    *testing.T
	mu   sync.Mutex
	rest []turn
}

// turn is a request, as its method and body, and its answer.
type turn struct {
	want   string
	status int
	body   string
}

// reads expects a read, which finds the counter at n; the revision is one ahead of it.
func reads(n int) turn { return turn{http.MethodGet, http.StatusOK, counterAt(n)} }

// writes expects a write with the revision of a read of the counter at n, and answers with the counter at next.
func writes(n, next int) turn {
	return turn{fmt.Sprintf(`PATCH {"info":{"jobTitle":"%d"},"revision":%d}`, next, n+1), http.StatusOK, counterAt(next)}
}

func counterAt(n int) string {
	return fmt.Sprintf(`{"contact":{"id":"A","revision":%d,"info":{"jobTitle":"%d"}}}`, n+1, n)
}

// converse makes a client for a conversation, which has to be over when the test is.
func converse(t *testing.T, turns []turn, opts ...ClientOption) *miniClient {
	t.Helper()
	s := &conversation{t: t, rest: turns}
	t.Cleanup(func() {
		for _, turn := range s.rest {
			t.Errorf("not requested: %s", turn.want)
		}
	})
	c, err := newMiniClient(contactsAPI(), append(opts, through(s.answer))...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *conversation) answer(r *http.Request) (*http.Response, error) {
	got := r.Method
	if r.Body != nil {
		doc, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		got += " " + string(doc)
	}
	if err := (systemClock{}).Sleep(r.Context(), 10*time.Millisecond); err != nil {
		return nil, err
	}
	s.mu.Lock()
	next := turn{want: "nothing", status: http.StatusTeapot}
	if len(s.rest) > 0 {
		next, s.rest = s.rest[0], s.rest[1:]
	}
	s.mu.Unlock()
	if got != next.want {
		s.t.Errorf("have %s\nwant %s", got, next.want)
	}
	if err := (systemClock{}).Sleep(r.Context(), 10*time.Millisecond); err != nil {
		return nil, err
	}
	return reply(next.status, next.body), nil
}

// increments is the callback of one who counts in the job title.
func increments(c *miniContact) error { return miniMutates["increment"](c, 1) }
