package simulation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	contacts "github.com/contactsgen/contactsgen/testdata/fleet/client"
)

const (
	keysPerSite = 1_000
	perMinute   = 200
	interval    = time.Minute / perMinute
	marker      = "import 1" // the name of the calls, and what each leaves in its contact
)

// site is one of the server's, with what hosts share about it. All of it is made beforehand, so that what grows are the hosts.
type site struct {
	mu       sync.Mutex
	contacts [keysPerSite]contact
	pending  map[int]entry // the journal's
	due      time.Time     // when the next request may go, by the shared limit
	open     time.Time     // and by the server's own count

	requests, refused, lost int
	begun, ended            time.Time
}

// contact has been written so often, and counted so often.
type contact struct {
	revision uint16
	counted  uint8
	marked   bool
	settled  bool // in the journal
}

// entry is a call on its way.
type entry struct {
	owner  string
	intent []byte
}

func (s *site) json(name string, i int) string {
	c, company := s.contacts[i], ""
	if c.marked {
		company = `,"company":"` + marker + `"`
	}
	return fmt.Sprintf(`{"id":"%s-%d","revision":%d,"info":{"name":{"first":"No. %d"},"jobTitle":"%d"%s}}`, name, i, c.revision, i, c.counted,
		company)
}

// index is the number of a contact by what ends with its id.
func index(id string) int {
	n, _ := strconv.Atoi(id[strings.LastIndexByte(id, '-')+1:])
	return n
}

// serve answers a request. Every hundredth answer to a write is lost.
func (s *site) serve(q *http.Request, name string) (status int, body string, lost bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if s.requests++; s.begun.IsZero() {
		s.begun = now
	}
	s.ended = now
	if s.open = later(s.open, now).Add(interval); s.open.Sub(now) > 3*interval {
		s.refused++
		return http.StatusTooManyRequests, `{}`, false
	}
	path := strings.TrimPrefix(q.URL.Path, "/contacts/v4/contacts")
	if path == "" {
		return http.StatusOK, s.page(q, name), false
	}
	i := index(path)
	if q.Method == http.MethodGet {
		return http.StatusOK, `{"contact":` + s.json(name, i) + `}`, false
	}
	var sent struct {
		Revision int
		Info     struct{ JobTitle, Company string }
	}
	text, _ := io.ReadAll(q.Body)
	c := &s.contacts[i]
	switch err := json.Unmarshal(text, &sent); {
	case err != nil:
		return http.StatusBadRequest, `{}`, false
	case sent.Revision != int(c.revision):
		return http.StatusConflict, `{"details":{"applicationError":{"code":"CONTACT_ALREADY_CHANGED"}}}`, false
	}
	counted, _ := strconv.Atoi(sent.Info.JobTitle)
	c.revision, c.counted, c.marked = c.revision+1, uint8(counted), sent.Info.Company == marker
	if lost = s.requests%100 == 99; lost {
		s.lost++
	}
	return http.StatusOK, `{"contact":` + s.json(name, i) + `}`, lost
}

// page lists contacts.
func (s *site) page(q *http.Request, name string) string {
	limit, _ := strconv.Atoi(q.URL.Query().Get("paging.limit"))
	offset, _ := strconv.Atoi(q.URL.Query().Get("paging.offset"))
	var list []string
	for i := offset; i < min(offset+limit, keysPerSite); i++ {
		list = append(list, s.json(name, i))
	}
	return fmt.Sprintf(`{"contacts":[%s],"pagingMetadata":{"count":%d,"offset":%d,"total":%d}}`, strings.Join(list, ","), len(list), offset,
		keysPerSite)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// host is one process: its transport, limiter and journal. When it is killed nothing of it has an effect any more, but for requests that
// are on their way.
type host struct {
	sites map[string]*site
	dead  atomic.Bool
	end   context.CancelFunc
}

var errDead = errors.New("the host was killed")

func (h *host) RoundTrip(q *http.Request) (*http.Response, error) {
	if h.dead.Load() {
		return nil, errDead
	}
	time.Sleep(25 * time.Millisecond)
	name := q.Header.Get("Wix-Site-Id")
	status, body, lost := h.sites[name].serve(q, name)
	time.Sleep(25 * time.Millisecond)
	if h.dead.Load() || lost {
		return nil, errDead
	}
	header := http.Header{"Content-Type": {"application/json"}}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
		Request: q}, nil
}

// Wait is the limit that all hosts share: one request of a site after the other.
func (h *host) Wait(ctx context.Context) error {
	info, _ := contacts.RequestOf(ctx)
	s := h.sites[info.Tenant]
	s.mu.Lock()
	at := later(s.due, time.Now())
	s.due = at.Add(interval)
	s.mu.Unlock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Until(at)):
		return nil
	}
}

// of finds what the journal has of a call, with its site locked.
func (h *host) of(call contacts.JournaledCall) (s *site, i int, err error) {
	if h.dead.Load() {
		return nil, 0, errDead
	}
	parts := strings.Split(call.Key, "/") // API, tenant, operation, id
	s = h.sites[parts[1]]
	s.mu.Lock()
	return s, index(call.Key), nil
}

func (h *host) Open(_ context.Context, call contacts.JournaledCall) ([]byte, bool, error) {
	s, i, err := h.of(call)
	if err != nil {
		return nil, false, err
	}
	defer s.mu.Unlock()
	e, ok := s.pending[i]
	if ok {
		s.pending[i] = entry{call.Owner, e.intent}
	}
	return e.intent, s.contacts[i].settled, nil
}

func (h *host) Record(_ context.Context, call contacts.JournaledCall, intent []byte) error {
	s, i, err := h.of(call)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	if e, ok := s.pending[i]; s.contacts[i].settled || ok && e.owner != call.Owner {
		return contacts.ErrTakenOver
	}
	s.pending[i] = entry{call.Owner, append([]byte(nil), intent...)}
	return nil
}

func (h *host) Settle(_ context.Context, call contacts.JournaledCall, done bool) error {
	s, i, err := h.of(call)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	if done || s.pending[i].owner == call.Owner {
		delete(s.pending, i)
		s.contacts[i].settled = s.contacts[i].settled || done
	}
	return nil
}
