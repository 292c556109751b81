// Package service is a server of contacts that the proofs of this module are judged by. It knows nothing of the client: it was written from
// the law of revisions alone. It has a limit, loses answers, and counts what it applied for whom.
package service

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Job is the header by which a request says whom it is for. The server only counts by it.
const Job = "X-Job"

// Settings is how the server behaves. Its zero value answers everything at once.
type Settings struct {
	Rate  float64       // requests a second; 0 is no limit
	Burst float64       // requests at once
	Lose  float64       // share of writes whose answers are lost, half of them before they are applied
	Delay time.Duration // of each request
}

// Service is the server.
type Service struct {
	settings Settings

	mu       sync.Mutex
	random   *rand.Rand
	contacts map[string]*contact
	applied  map[string]int // writes, by job
	tokens   float64
	filled   time.Time
	taken    []time.Time // when requests came that were not throttled
	counts   Counts
}

// Counts is what happened so far.
type Counts struct{ Requests, Throttled, Conflicts, Lost int }

type contact struct {
	revision int64
	info     map[string]any
}

// New gives a server that makes its choices from a seed.
func New(seed uint64, settings Settings) *Service {
	return &Service{settings: settings, random: rand.New(rand.NewPCG(seed, 1)), contacts: map[string]*contact{}, applied: map[string]int{}}
}

// Add puts a contact in.
func (s *Service) Add(id string) {
	s.contacts[id] = &contact{1, map[string]any{"name": map[string]any{"first": "Ada"}}}
}

// Listen serves on a free port of this machine until close is called.
func (s *Service) Listen() (url string, close func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(l) }()
	return "http://" + l.Addr().String(), server.Close, nil
}

// Applied tells how many writes were applied for a job.
func (s *Service) Applied(job string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.applied[job]
}

// Counts tells what happened so far.
func (s *Service) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts
}

// Throughput is how many requests a second were taken, until nine of ten had come: what follows is waits for the last jobs.
func (s *Service) Throughput() float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.taken) * 9 / 10
	if n < 2 {
		return 0
	}
	return float64(n) / s.taken[n].Sub(s.taken[0]).Seconds()
}

// Info gives a member of a contact as text.
func (s *Service) Info(id, member string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, _ := s.contacts[id].info[member].(string)
	return text
}

// Phones tells how many phones a contact has.
func (s *Service) Phones(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	phones, _ := s.contacts[id].info["phones"].(map[string]any)
	items, _ := phones["items"].([]any)
	return len(items)
}

func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if job, ok := strings.CutPrefix(r.URL.Path, "/audit/"); ok {
		fmt.Fprint(w, s.Applied(job)) // no part of the API: what a company may know by other ways
		return
	}
	time.Sleep(s.settings.Delay)
	status, answer, lost := s.answer(r)
	if lost {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

// answer deals with a request of the API.
func (s *Service) answer(r *http.Request) (status int, answer any, lost bool) {
	var sent struct {
		Revision json.Number    `json:"revision"`
		Info     map[string]any `json:"info"`
	}
	if r.Method == http.MethodPatch {
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
			return http.StatusBadRequest, nil, false
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts.Requests++
	if !s.admits() {
		s.counts.Throttled++
		return http.StatusTooManyRequests, map[string]any{"message": "too many requests"}, false
	}
	s.taken = append(s.taken, time.Now())
	id := strings.TrimPrefix(r.URL.Path, "/contacts/v4/contacts/")
	c := s.contacts[id]
	switch {
	case c == nil:
		return http.StatusNotFound, nil, false
	case r.Method == http.MethodGet:
		return http.StatusOK, c.json(id), false
	}
	fate := s.random.Float64()
	if fate < s.settings.Lose/2 {
		s.counts.Lost++
		return 0, nil, true
	}
	lost = fate < s.settings.Lose
	if lost {
		s.counts.Lost++
	}
	if sent.Revision.String() != fmt.Sprint(c.revision) {
		s.counts.Conflicts++
		return http.StatusConflict, map[string]any{"message": "changed", "details": map[string]any{
			"applicationError": map[string]any{"code": "CONTACT_ALREADY_CHANGED"}}}, lost
	}
	c.merge(sent.Info)
	c.revision++
	s.applied[r.Header.Get(Job)]++
	return http.StatusOK, c.json(id), lost
}

// admits takes a token out of the bucket, if there is one.
func (s *Service) admits() bool {
	if s.settings.Rate == 0 {
		return true
	}
	now := time.Now()
	if s.filled.IsZero() {
		s.filled, s.tokens = now, s.settings.Burst
	}
	s.tokens = min(s.settings.Burst, s.tokens+now.Sub(s.filled).Seconds()*s.settings.Rate)
	s.filled = now
	if s.tokens < 1 {
		return false
	}
	s.tokens--
	return true
}

// merge lays members over those that are there; items of lists that are new get ids.
func (c *contact) merge(info map[string]any) {
	for name, value := range info {
		if value == nil {
			delete(c.info, name)
			continue
		}
		if object, ok := value.(map[string]any); ok {
			items, _ := object["items"].([]any)
			for i, item := range items {
				if m, ok := item.(map[string]any); ok && m["id"] == nil {
					m["id"] = fmt.Sprintf("%d-%d", c.revision, i)
				}
			}
		}
		c.info[name] = value
	}
}

// json is the contact as it is now: it is written while the lock is held, since another request may change it before it is sent.
func (c *contact) json(id string) any {
	text, err := json.Marshal(map[string]any{"contact": map[string]any{"id": id, "revision": c.revision, "info": c.info}})
	if err != nil {
		panic(err) // it came as JSON
	}
	return json.RawMessage(text)
}
