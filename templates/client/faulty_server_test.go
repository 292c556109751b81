package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/contactsgen/contactsgen/testdata/conformance"
)

// faultyServer is an in-process server of contactsAPI that enforces revisions, and loses, delays, repeats and refuses
// as it is told. It is a transport; inside a synctest bubble its time costs nothing.
type faultyServer struct {
	faults     faults
	delay      func(*rand.Rand) time.Duration // one way; nil: 10 ms
	normalises bool                           // stores phones in a form of its own, and gives them ids

	mu       sync.Mutex
	random   *rand.Rand            // of the request at hand
	own      map[string]*rand.Rand // of each operation, so that chance does not depend on who comes first
	seed     uint64
	contacts map[string][]conformance.State // every state there was, the present one last
	applied  map[string]int                 // writes that were applied, by the operation they belong to

	requests, reads, writes, conflicts int
	injected                           map[string]int
	late                               sync.WaitGroup // copies of requests still under way
}

// faults are how likely each fault is, per request.
type faults struct {
	drop    float64 // before it is applied
	lose    float64 // the answer, after it was applied
	late    float64 // dropped for the client, applied some time later
	double  float64 // delivered twice; the client sees the first answer
	resend  float64 // sent twice by package net/http; the client sees the second answer
	throttl float64 // 429
	fail    float64 // 500 or 503, applied or not
	stale   float64 // a read shows an earlier state
	cut     float64 // the success's body breaks off
}

func newFaultyServer(seed uint64, f faults) *faultyServer {
	return &faultyServer{
		faults: f, seed: seed, own: map[string]*rand.Rand{}, contacts: map[string][]conformance.State{},
		applied: map[string]int{}, injected: map[string]int{},
	}
}

// chances draws from what belongs to the operation of a request, or to all that do not name theirs.
func (s *faultyServer) chances(r *http.Request) {
	op := r.Header.Get("X-Op")
	if s.own[op] == nil {
		stream := uint64(7)
		if op != "" {
			name := fnv.New64a()
			_, _ = name.Write([]byte(op)) // never fails
			stream = name.Sum64()
		}
		s.own[op] = rand.New(rand.NewPCG(s.seed, stream))
	}
	s.random = s.own[op]
}

// put makes a contact at revision 1 with the counter at 0.
func (s *faultyServer) put(id string) {
	s.contacts[id] = []conformance.State{{ID: id, Revision: "1", Info: map[string]any{"jobTitle": "0"}}}
}

func (s *faultyServer) present(id string) conformance.State {
	states := s.contacts[id]
	return states[len(states)-1]
}

// chance draws a fault.
func (s *faultyServer) chance(name string, p float64) bool {
	if p == 0 || s.random.Float64() >= p {
		return false
	}
	s.injected[name]++
	return true
}

// served is an answer as it leaves the server.
type served struct {
	status int
	body   any
	after  string
}

// RoundTrip takes a request there and its answer back.
func (s *faultyServer) RoundTrip(r *http.Request) (*http.Response, error) {
	var doc []byte
	if r.Body != nil {
		var err error
		if doc, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	if err := s.travel(r); err != nil {
		return nil, err
	}
	a, lost := s.receive(r, doc)
	if err := s.travel(r); err != nil {
		return nil, err
	}
	if lost {
		return nil, errReset
	}
	return s.pack(r, a), nil
}

// travel takes one way's time.
func (s *faultyServer) travel(r *http.Request) error {
	d := 10 * time.Millisecond
	if s.delay != nil {
		s.mu.Lock()
		s.chances(r)
		d = s.delay(s.random)
		s.mu.Unlock()
	}
	return systemClock{}.Sleep(r.Context(), d)
}

// receive decides the fate of a request that reached the server.
func (s *faultyServer) receive(r *http.Request, doc []byte) (a served, lost bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chances(r)
	s.requests++
	write := r.Method != http.MethodGet
	f := s.faults
	switch {
	case s.chance("drop", f.drop):
		return served{}, true
	case s.chance("lose", f.lose):
		s.handle(r, doc)
		return served{}, true
	case write && s.chance("late", f.late):
		s.again(r, doc)
		return served{}, true
	case s.chance("throttle", f.throttl):
		return served{status: 429, after: "1"}, false
	case s.chance("fail", f.fail):
		if s.random.IntN(2) == 0 {
			s.handle(r, doc)
		}
		return served{status: []int{500, 502, 503}[s.random.IntN(3)]}, false
	case write && s.chance("double", f.double):
		s.again(r, doc)
	case write && s.chance("resend", f.resend):
		s.handle(r, doc)
		if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
			trace.WroteRequest(httptrace.WroteRequestInfo{})
		}
	}
	return s.handle(r, doc), false
}

// again delivers a copy of a request some time later, when nobody waits for its answer.
func (s *faultyServer) again(r *http.Request, doc []byte) {
	d := time.Duration(s.random.Int64N(int64(300 * time.Millisecond)))
	s.late.Go(func() {
		time.Sleep(d)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.handle(r, doc)
	})
}

// handle is the server without faults, but for reads that lag.
func (s *faultyServer) handle(r *http.Request, doc []byte) served {
	id := path.Base(r.URL.Path)
	states := s.contacts[id]
	if states == nil {
		return served{status: 404}
	}
	now := states[len(states)-1]
	if r.Method == http.MethodGet {
		s.reads++
		if len(states) > 1 && s.chance("stale", s.faults.stale) {
			now = states[len(states)-2]
		}
		return served{status: 200, body: map[string]any{"contact": now.Contact(now.Number())}}
	}
	s.writes++
	var request struct {
		Revision json.Number
		Info     map[string]any
	}
	if err := json.Unmarshal(doc, &request); err != nil {
		return served{status: 400}
	}
	if request.Revision.String() != now.Revision {
		s.conflicts++
		return served{status: 409, body: conformance.ApplicationError("CONTACT_ALREADY_CHANGED")}
	}
	next := conformance.State{ID: id, Revision: nextDecimal(now.Revision), Info: conformance.MergePatch(now.Info, request.Info)}
	if s.normalises {
		next.Info = normalised(next.Info)
	}
	s.contacts[id] = append(states, next)
	s.applied[r.Header.Get("X-Op")]++
	return served{status: 200, body: map[string]any{"contact": next.Contact(next.Number())}}
}

// normalised stores phones without spaces and plus signs, with an id and a form to show.
func normalised(info map[string]any) map[string]any {
	phones, _ := info["phones"].(map[string]any)
	items, _ := phones["items"].([]any)
	stored := make([]any, len(items))
	for i, item := range items {
		phone, _ := item.(map[string]any)["phone"].(string)
		digits := strings.TrimPrefix(phone, "+")
		stored[i] = map[string]any{"id": "id-" + digits, "phone": digits, "formattedPhone": "(" + digits + ")"}
	}
	if items == nil {
		return info
	}
	return conformance.MergePatch(info, map[string]any{"phones": map[string]any{"items": stored}})
}

// pack makes the response, and may break it off.
func (s *faultyServer) pack(r *http.Request, a served) *http.Response {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chances(r)
	var body []byte
	if a.body != nil {
		body = conformance.JSON(a.body)
	}
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
	var reader io.Reader = bytes.NewReader(body)
	if a.status == 200 && s.chance("cut", s.faults.cut) {
		reader = io.MultiReader(bytes.NewReader(body[:len(body)/2]), brokenReader{})
	}
	header := http.Header{}
	if a.after != "" {
		header.Set("Retry-After", a.after)
	}
	return &http.Response{
		StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: header, Body: io.NopCloser(reader), ContentLength: -1,
	}
}

// client is a client of the server with a lane of its own, as another process would have.
func (s *faultyServer) client(seed uint64) *miniClient {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, 11))
	c, err := newMiniClient(contactsAPI(),
		WithHTTPClient(&http.Client{Transport: s}), WithTimeout(2*time.Second),
		WithRandom(func() float64 {
			mu.Lock()
			defer mu.Unlock()
			return random.Float64()
		}))
	if err != nil {
		panic(err)
	}
	return c
}

// edits by which operations differ.
const (
	editIncrement = "increment"
	editAppend    = "append"
	editEnsure    = "ensure"
	editTouch     = "touch"
	// editEnsureTwice is editEnsure by a caller who says that making the change twice does no harm.
	editEnsureTwice = "ensure-idempotent"
)

// counterOf reads the counter in a contact.
func counterOf(c *miniContact) (n int) {
	if c.Info.JobTitle != nil {
		_, _ = fmt.Sscan(*c.Info.JobTitle, &n) // anything else counts as 0
	}
	return n
}

// editOfKind is the callback of an operation.
func editOfKind(kind, arg string) func(*miniContact) error {
	return func(c *miniContact) error {
		switch kind {
		case editIncrement:
			c.Info.JobTitle = Ptr(fmt.Sprint(counterOf(c) + 1))
		case editAppend:
			c.Info.appendPhone("+" + arg)
		case editEnsure, editEnsureTwice:
			known := func(p miniPhone) bool { return strings.TrimPrefix(p.Phone, "+") == arg }
			if !slices.ContainsFunc(c.Info.Phones.Items, known) {
				c.Info.appendPhone("+" + arg)
			}
		case editTouch:
			c.Info.Company = Ptr(arg)
		default:
			return errors.New("no such edit")
		}
		return nil
	}
}

// errReset is what an answer that is lost looks like.
var errReset = errors.New("connection reset by peer")

// brokenReader is a body that the connection breaks off.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
