//contactsgen:feature core
//contactsgen:part server

package fake

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// TB is what the fake needs of a test; *testing.T and *testing.B have it.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Option changes how a Server is made.
type Option func(*settings)

// settings are what options set.
type settings struct {
	now   func() time.Time
	newID func() string
	seed  uint64
	keep  int
	pack  any // the pack's own settings
}

// WithClock makes the server take its instants from now instead of time.Now.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.now = now } }

// WithIDs makes the server take the ids it gives from newID, which is called by one goroutine at a time. Without it they are
// GUIDs that count from one, so that a test sees the same ids in every run.
func WithIDs(newID func() string) Option { return func(s *settings) { s.newID = newID } }

// WithSeed seeds the chances of faults; without it the seed is 1.
func WithSeed(seed uint64) Option { return func(s *settings) { s.seed = seed } }

// WithRecord makes the server keep the last n exchanges for Requests; without it they are 4096.
func WithRecord(n int) Option { return func(s *settings) { s.keep = n } }

// Server is a fake of a described API. It is an http.Handler; URL makes it listen, Transport answers without a network.
// All its methods may be called by several goroutines at once.
type Server struct {
	api      *api
	settings settings
	router   *router
	tb       TB // nil without a test

	mu          sync.Mutex // of all below: the state behind the API
	collections map[string]*collectionState
	moves       int // changes to what is in the bags
	shapes      map[string]*shape
	simulated   map[string]simulation
	replays     replays
	routes      map[string]*route
	extra       map[string]http.Handler // by path prefix: what a pack serves beside the operations
	// unfold is a pack's, or nil: it gives a request that the description has in another form that form.
	unfold func(r *http.Request, body []byte) (*http.Request, []byte)

	customMu sync.RWMutex
	custom   map[string]func(*Request) Answer

	faults faults
	record record
	net    listening
}

// simulation answers one operation; it is called with the server's state locked.
type simulation func(*call) (Answer, error)

// pack teaches a server what its description cannot say. It gets the settings that the pack's own option made, nil without.
type pack func(s *Server, settings any)

// newServer makes a server for a table of routes. The pack, if there is one, adds what it knows.
func newServer(a *api, teach pack, options []Option) *Server {
	s := &Server{
		api:         a,
		settings:    settings{now: time.Now, newID: countingIDs(), seed: 1, keep: 4096},
		router:      newRouter(a),
		collections: map[string]*collectionState{},
		shapes:      map[string]*shape{},
		simulated:   map[string]simulation{},
		routes:      map[string]*route{},
		extra:       map[string]http.Handler{},
		custom:      map[string]func(*Request) Answer{},
	}
	for _, option := range options {
		option(&s.settings)
	}
	s.faults.random = rand.New(rand.NewPCG(s.settings.seed, 0))
	s.record.limit = s.settings.keep
	for i := range a.Collections {
		s.collections[a.Collections[i].Name] = newCollectionState(&a.Collections[i], &s.moves)
	}
	for i := range a.Shapes {
		s.shapes[a.Shapes[i].Name] = &a.Shapes[i]
	}
	for i := range a.Routes {
		s.routes[a.Routes[i].ID] = &a.Routes[i]
	}
	if teach != nil {
		teach(s, s.settings.pack)
	}
	return s
}

// newTestServer makes a server that is closed when the test ends, and fails it when it is used wrongly.
func newTestServer(a *api, teach pack, t TB, options []Option) *Server {
	t.Helper()
	s := newServer(a, teach, options)
	s.tb = t
	t.Cleanup(s.Close)
	return s
}

// Handle makes fn answer an operation, in the place of what the server would do. Fn may use the server. A nil fn gives the
// operation back to the server.
func (s *Server) Handle(operationID string, fn func(*Request) Answer) {
	if s.tb != nil {
		s.tb.Helper()
	}
	if !s.known("Handle", operationID) {
		return
	}
	s.customMu.Lock()
	defer s.customMu.Unlock()
	if fn == nil {
		delete(s.custom, operationID)
		return
	}
	s.custom[operationID] = fn
}

// misuse fails the test, or panics where there is none: the test program itself is wrong.
func (s *Server) misuse(format string, args ...any) {
	if s.tb == nil {
		panic("fake: " + fmt.Sprintf(format, args...))
	}
	s.tb.Helper()
	s.tb.Fatalf("fake: "+format, args...)
}

// known tells whether there are operations, and fails the test where one is not there: what is said of it would never come true.
func (s *Server) known(method string, operationIDs ...string) bool {
	if s.tb != nil {
		s.tb.Helper()
	}
	for _, id := range operationIDs {
		if s.routes[id] == nil {
			s.misuse("%s: %s", method, unknown("operation", id, slices.Collect(maps.Keys(s.routes))))
			return false
		}
	}
	return true
}

// unknown says that a name is not there, and which one was likely meant.
func unknown[S ~string](what, name string, have []S) string {
	have = slices.Sorted(slices.Values(have))
	near, least := "", len(name)/2+1
	for _, h := range have {
		if d := distance(strings.ToLower(name), strings.ToLower(string(h))); d < least {
			near, least = string(h), d
		}
	}
	if near != "" {
		return fmt.Sprintf("there is no %s %q; did you mean %q?", what, name, near)
	}
	return fmt.Sprintf("there is no %s %q; there are %q", what, name, have)
}

// distance counts the letters to add, drop or change to make one word of another.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0]++
		for j := range len(b) {
			changed := before
			if a[i] != b[j] {
				changed++
			}
			before, row[j+1] = row[j+1], min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// countingIDs gives GUIDs that count from one.
func countingIDs() func() string {
	n := 0
	return func() string {
		n++
		return fmt.Sprintf("%08x-0000-4000-8000-%012x", n, n)
	}
}

// instant gives the time as answers carry it.
func (s *Server) instant() string {
	return s.settings.now().UTC().Format("2006-01-02T15:04:05.000Z07:00")
}

// listening is the server's place in the network, if it has one.
type listening struct {
	mu     sync.Mutex
	server *http.Server
	url    string
}

// URL gives the server's address, http://127.0.0.1 and a port. The first call makes it listen.
func (s *Server) URL() string {
	if s.tb != nil {
		s.tb.Helper()
	}
	s.net.mu.Lock()
	listens := s.net.url != ""
	s.net.mu.Unlock()
	if !listens {
		if err := s.Start("127.0.0.1:0"); err != nil {
			s.misuse("URL: %v", err)
		}
	}
	s.net.mu.Lock()
	defer s.net.mu.Unlock()
	return s.net.url
}

// Start makes the server listen on an address; URL does so on a free port of 127.0.0.1. It does nothing when the server listens already.
func (s *Server) Start(address string) error { return s.start(address, s) }

func (s *Server) start(address string, handler http.Handler) error {
	s.net.mu.Lock()
	defer s.net.mu.Unlock()
	if s.net.url != "" {
		return nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	s.net.server = &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	s.net.url = "http://" + l.Addr().String()
	server := s.net.server
	go func() { _ = server.Serve(l) }() // its error says no more than that it was closed
	return nil
}

// Close stops listening and drops open connections. The state stays.
func (s *Server) Close() {
	s.net.mu.Lock()
	defer s.net.mu.Unlock()
	if s.net.server != nil {
		_ = s.net.server.Close()
	}
	s.net.server, s.net.url = nil, ""
}
