package main

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/contactsgen/contactsgen/testdata/judge/law"
	"github.com/contactsgen/contactsgen/testdata/judge/network"
)

// server is the API under test, over HTTP on this machine: one schedule after the other.
type server struct {
	api  law.API
	url  string
	http *http.Server

	mu       sync.Mutex
	law      *law.Server
	schedule schedule
	seen     int // requests
	late     []law.Request
	met      bool // the fate struck, or the rival wrote where no fate was to
}

func listen(api law.API) (*server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &server{api: api, url: "http://" + l.Addr().String()}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.http.Serve(l) }() // it ends with close
	return s, nil
}

func (s *server) close() { _ = s.http.Close() }

// begin forgets everything, and makes one resource for a schedule.
func (s *server) begin(plan schedule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.law = law.NewServer(s.api)
	s.law.Seed(resource, `{"count":0,"tags":["first"],"keep":{"n":9007199254740993}}`)
	s.schedule, s.seen, s.late, s.met = plan, 0, nil, plan.at == 0
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	request, err := network.Request(r, "loop")
	if err != nil {
		return // the loop has gone
	}
	fate, answered := s.exchange(request, r)
	if answered == nil {
		panic(http.ErrAbortHandler) // the connection ends
	}
	for name, values := range answered.Header {
		w.Header()[name] = values
	}
	if fate == network.Torn && len(answered.Body) > 0 {
		w.Header().Set("Content-Length", fmt.Sprint(len(answered.Body)))
		w.WriteHeader(answered.Status)
		_, _ = w.Write(answered.Body[:len(answered.Body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(answered.Status)
	_, _ = w.Write(answered.Body) // the loop may have gone
}

// exchange lets a request meet its fate.
func (s *server) exchange(request law.Request, r *http.Request) (network.Fate, *law.Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen++
	if s.seen == s.schedule.rival {
		s.law.Write(resource, "rival", func(info map[string]any) {
			add(info, rivalWeight)
			tags, _ := info["tags"].([]any)
			info["tags"] = append(append([]any{}, tags...), "rival")
		})
	}
	fate := network.Deliver
	reading := r.Method == http.MethodGet
	if s.seen == s.schedule.at && (fits(s.schedule.fate, reading)) {
		fate, s.met = s.schedule.fate, true
	}
	before := s.late
	answered := network.Serve(s.law, request, r, fate)
	if fate.Arrives() > 0 {
		s.late = nil
		s.land(before)
	}
	if fate.Late() {
		s.late = append(s.late, request)
	}
	return fate, answered
}

// fits reports whether a request can meet a fate.
func fits(fate network.Fate, reading bool) bool {
	switch fate {
	case network.Stale:
		return reading
	case network.LostBefore, network.Torn, network.Throttled, network.FailedBefore:
		return true
	}
	return !reading
}

func (s *server) land(late []law.Request) {
	for _, r := range late {
		s.law.Serve(r)
	}
}

// end has everything arrive that is still on its way.
func (s *server) end() []law.Version {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.land(s.late)
	s.late = nil
	return s.law.History(resource)
}
