package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// script is a server that follows the lines of a case, and a transport to it.
type script struct {
	t     testing.TB
	api   *api
	steps []step
	total int
	state State
	many  map[string]*State // where there are many resources
	want  Case

	last    time.Time // of the last answer
	waits   int       // since the last request that began a call
	cancel  context.CancelFunc
	ended   time.Time // when the context was canceled
	written []byte    // body of the last write
	key     string    // its idempotency key
	applied int

	defaultWait time.Duration // after a 429 that names none

	giveUp   int                       // number of the event after which the caller gives up; 0: never
	given    atomic.Pointer[time.Time] // when the caller did
	doubt    atomic.Bool               // a write was under way then
	writing  atomic.Bool               // a write is under way
	events   int
	requests []context.Context
}

func newScript(t testing.TB, c Case) *script {
	newAPI := apis[c.API]
	if newAPI == nil {
		t.Fatalf("no API %q", c.API)
	}
	info := map[string]any{
		"name": map[string]any{"first": "Ada"}, "jobTitle": "5",
		"phones": map[string]any{"items": []any{map[string]any{"id": "p1", "phone": "100", "carrier": "X"}}},
		"extra":  map[string]any{"kept": true},
	}
	return &script{
		t: t, api: newAPI(), steps: slices.Clone(c.Script), total: len(c.Script), want: c, last: time.Now(),
		state: State{ID: "A", Info: MergePatch(info, c.State)},
	}
}

// latency is how long every answer takes.
const latency = 10 * time.Millisecond

// envelope is the longest that wait k of a call may be: the base is 20 ms, the least there is, as answers take less.
func envelope(k int) time.Duration { return min(2*time.Second, 20*time.Millisecond<<k) }

// spread is the most that a wait is longer by than the server asked for: not all come back at the same instant.
func spread(asked time.Duration) time.Duration { return max(100*time.Millisecond, asked/10) }

// event counts the beginnings and ends of requests. The caller may give up a moment after one: while the request is under
// way, or in what follows its answer.
func (s *script) event() {
	if s.events++; s.events == s.giveUp {
		time.AfterFunc(time.Millisecond, func() {
			now := time.Now()
			s.doubt.Store(s.writing.Load())
			s.given.Store(&now)
			s.cancel()
		})
	}
}

// RoundTrip answers a request with the next line.
func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.requests = append(s.requests, r.Context())
	if s.given.Load() != nil {
		s.t.Errorf("requested after the caller gave up: %s %s", r.Method, r.URL)
		return nil, errors.New("the caller is gone")
	}
	s.checkWait()
	if len(s.steps) == 0 {
		s.t.Errorf("request after the end: %s %s", r.Method, r.URL)
		return nil, errors.New("the script is over")
	}
	line := s.steps[0]
	s.steps = s.steps[1:]
	var doc []byte
	if r.Body != nil {
		var err error
		if doc, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	request, answer, _ := strings.Cut(line.do, " -> ")
	if got := s.describe(r, doc); got != request {
		s.t.Errorf("line %d: have %s, want %s", s.total-len(s.steps), got, request)
		return nil, errors.New("not the next line")
	}
	s.checkBody(line, r, doc)
	s.writing.Store(r.Method != http.MethodGet)
	s.event()
	defer s.event()
	defer s.writing.Store(false)
	return s.answer(r, doc, line, strings.Fields(answer))
}

// describe is a request in the notation of the cases.
func (s *script) describe(r *http.Request, doc []byte) string {
	if s.api.many && r.Method != http.MethodGet {
		return describeMany(doc)
	}
	last := path.Base(r.URL.Path)
	if last == "merge" {
		last = path.Base(path.Dir(r.URL.Path))
	}
	who := ""
	if last != "A" {
		who = "@" + last
	}
	if r.Method == http.MethodGet {
		if r.URL.Query().Get("fieldsets") != "" {
			return "g" + who
		}
		return "G" + who
	}
	return fmt.Sprintf("P(%s)%s", s.api.sentToken(r, doc), who)
}

// checkWait compares the time since the last answer with the W before the next line, or with none.
func (s *script) checkWait() {
	waited := time.Since(s.last)
	least, most := time.Duration(0), time.Duration(0)
	if len(s.steps) > 0 && strings.HasPrefix(s.steps[0].do, "W") {
		s.waits++
		least, most = 1, envelope(s.waits)
		if d, ok := strings.CutPrefix(s.steps[0].do, "W="); ok {
			least, _ = time.ParseDuration(d)
			if d == "default" {
				least = s.defaultWait
			}
			most = least + spread(least)
			s.waits-- // what the server asks for is no step of the envelope
		}
		if d, ok := strings.CutPrefix(s.steps[0].do, "W>="); ok {
			least, _ = time.ParseDuration(d)
			most = 2 * least
			s.waits--
		}
		s.steps = s.steps[1:]
	}
	if waited < least || waited > most {
		s.t.Errorf("before line %d: waited %v, want %v to %v", s.total-len(s.steps)+1, waited, least, most)
	}
}

// checkBody compares what a write sends.
func (s *script) checkBody(line step, r *http.Request, doc []byte) {
	key := r.Header.Get("Idempotency-Key")
	if r.Method == http.MethodGet {
		return
	}
	if line.Same && (string(doc) != string(s.written) || key != s.key) {
		s.t.Errorf("%s: not the same again: %s and %s, keys %q and %q", line.do, s.written, doc, s.key, key)
	}
	if line.Other && key == s.key {
		s.t.Errorf("%s: the same key again", line.do)
	}
	s.written, s.key = doc, key
	if s.api.many {
		s.checkMany(line, doc)
		return
	}
	var sent map[string]any
	if err := json.Unmarshal(doc, &sent); err != nil {
		s.t.Errorf("%s: %v", line.do, err)
		return
	}
	payload := sent
	if s.api.payload != "" {
		payload, _ = sent[s.api.payload].(map[string]any)
	}
	if line.Sends != nil && !sameValue(line.Sends, payload) {
		s.t.Errorf("%s: sends %s, want %s", line.do, JSON(payload), JSON(line.Sends))
	}
}

var errReset = errors.New("connection reset by peer")

// answer does what the words of a line say.
func (s *script) answer(r *http.Request, doc []byte, line step, words []string) (*http.Response, error) {
	defer func() {
		s.last = time.Now()
		if len(s.steps) > 0 && s.steps[0].do == "W cancel" {
			time.AfterFunc(time.Millisecond, s.cancel)
		}
	}()
	trace := httptrace.ContextClientTrace(r.Context())
	if trace == nil { // nobody watches
		trace = &httptrace.ClientTrace{GetConn: func(string) {}, WroteRequest: func(httptrace.WroteRequestInfo) {}}
	}
	if slices.Contains(words, "unsent") {
		trace.GetConn("api.example.com:443")
		return nil, errors.New("connection refused")
	}
	if err := sleep(r.Context(), latency); err != nil {
		return nil, err
	}
	var answer *http.Response
	switch {
	case s.api.many && r.Method != http.MethodGet:
		answer = s.composeMany(doc, words)
	case s.api.many:
		one := s.of(path.Base(r.URL.Path))
		s.state, *one = *one, s.state
		answer = s.compose(doc, line, words)
		s.state, *one = *one, s.state
	default:
		answer = s.compose(doc, line, words)
	}
	switch {
	case slices.Contains(words, "cancel"):
		s.cancel()
		return nil, r.Context().Err()
	case slices.Contains(words, "timeout"):
		<-r.Context().Done()
		return nil, r.Context().Err()
	case words[0] == "!":
		return nil, errReset
	}
	if slices.Contains(words, "resent") {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
	trace.WroteRequest(httptrace.WroteRequestInfo{})
	answer.Request = r
	return answer, nil
}

// sleep passes time unless ctx is done first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// compose changes the state as a line says, and makes its answer.
func (s *script) compose(doc []byte, line step, words []string) *http.Response {
	write := strings.HasPrefix(line.do, "P")
	status, _ := strconv.Atoi(words[0])
	header := http.Header{}
	code, applies := "", write && status/100 == 2
	for _, w := range words[1:] {
		name, value, _ := strings.Cut(w, "=")
		switch {
		case name == "applied":
			applies = true
		case name == "refused":
			applies = false
		case name == "merged":
			s.state.Merged = true
		case name == "id":
			s.state.ID = value
		case name == "after":
			header.Set("Retry-After", value)
		case name == "code":
			code = value
		case strings.HasPrefix(w, "r") && w != "resent":
			s.state.Revision = w[1:]
		}
	}
	if applies {
		s.applied++
		if err := s.api.apply(&s.state, doc); err != nil {
			s.t.Error(err)
		}
	}
	s.state.Info = MergePatch(s.state.Info, line.Patch)
	return s.render(line, words, status, code, write, header)
}

func (s *script) render(line step, words []string, status int, code string, write bool, header http.Header) *http.Response {
	var body any
	refusal, refused := s.api.refusal(s.state)
	switch {
	case code != "":
		body = ApplicationError(code)
	case write && status == refusal && (status >= 400 || slices.Contains(words, "refused")):
		body = refused
	case write && s.api.silent && status/100 == 2:
	case status/100 == 2:
		var extra http.Header
		extra, body = s.api.answer(s.state)
		for name, values := range extra {
			header[name] = values
		}
	}
	text := ""
	if body != nil {
		text = string(JSON(body))
	}
	if line.Body != "" {
		text = line.Body
	}
	if slices.Contains(words, "bodiless") {
		text = ""
	}
	var reader io.Reader = strings.NewReader(text)
	if slices.Contains(words, "truncated") {
		reader = io.MultiReader(strings.NewReader(text[:len(text)/2]), brokenReader{})
	}
	if slices.Contains(words, "cut") {
		reader = strings.NewReader(text[:len(text)/2])
	}
	if slices.Contains(words, "endless") {
		reader = &endlessReader{}
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(reader), ContentLength: -1,
	}
}

// brokenReader is a body that the connection breaks off.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// endlessReader is a body without an end.
type endlessReader struct{}

func (*endlessReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
