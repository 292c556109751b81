package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"os"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.yaml.in/yaml/v3"
)

// testCase is one case of testdata/conformance/cases.yaml; the file says what its members mean.
type testCase struct {
	Name   string
	API    string
	State  map[string]any
	Calls  []callCase
	Script []stepCase
	// Together starts the calls one after another without waiting for their ends.
	Together bool
	Applied  *int
	Final    map[string]any // members of the state at the end
	Budget   *int           // left in the budget for transport retries
}

type callCase struct {
	Helper   string
	Key      string
	Mutate   string
	Copy     string // revision of the caller's copy
	Desired  string // callback that makes of the copy what ThreeWay is to write
	Resolve  string // ours or theirs
	Handmade bool   // the copy has no raw answer
	Edited   bool   // the copy was changed by the caller
	Revision string // sent by a plain call
	Deadline time.Duration
	Options  []string
	Want     wantCase
}

func (c callCase) key() string {
	if c.Key == "" {
		return "A"
	}
	return c.Key
}

type wantCase struct {
	Outcome  Outcome
	Revision string
	Unknown  bool // the revision is not known
	Errors   []string
	Not      []string
	Cause    Cause
	Path     string
	Panics   bool
	Runs     *int // of the callback
	Counts   map[string]int
	Result   map[string]any // members of info
	Paths    []string       // of a MergeConflictError
	Assumed  bool
}

// stepCase is one line of a script.
type stepCase struct {
	do    string
	Sends map[string]any
	Keys  []string
	Same  bool
	Other bool
	Body  string
	Patch map[string]any
}

// UnmarshalYAML takes a line, or a mapping that says more about it.
func (s *stepCase) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&s.do)
	}
	var m struct {
		Do    string
		Sends map[string]any
		Keys  []string
		Same  bool
		Other bool
		Body  string
		Patch map[string]any
	}
	if err := n.Decode(&m); err != nil {
		return err
	}
	*s = stepCase{m.Do, m.Sends, m.Keys, m.Same, m.Other, m.Body, m.Patch}
	return nil
}

func readCases(t *testing.T) []testCase {
	t.Helper()
	doc, err := os.Open("../../testdata/conformance/cases.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = doc.Close() }()
	var file struct{ Cases []testCase }
	d := yaml.NewDecoder(doc)
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil {
		t.Fatal(err)
	}
	return file.Cases
}

// Every case of the law, twins included: exactly these requests, with exactly these waits, and this outcome.
func TestConformance(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range readCases(t) {
		if seen[c.Name] {
			t.Errorf("%s is there twice", c.Name)
		}
		seen[c.Name] = true
		t.Run(c.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { c.run(t) })
		})
	}
}

func (c testCase) run(t *testing.T) {
	newAPI := miniAPIs[c.API]
	if newAPI == nil {
		t.Fatalf("no API %q", c.API)
	}
	s := newScript(t, newAPI(), c)
	// Half of the envelope at least, so that every wait is seen.
	random := rand.New(rand.NewPCG(1, 2))
	client, err := newMiniClient(s.api,
		WithHTTPClient(&http.Client{Transport: s}),
		WithRandom(func() float64 { return 0.5 + random.Float64()/2 }),
		WithTimeout(5*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if c.Budget != nil {
		client.core.budget.left = *c.Budget
	}
	done := make(chan int, len(c.Calls))
	for i, call := range c.Calls {
		go func() {
			defer func() { done <- i }()
			s.makeCall(client, call)
		}()
		if c.Together {
			synctest.Wait()
		} else {
			<-done
		}
	}
	if c.Together {
		for range c.Calls {
			<-done
		}
	}
	s.finish()
}

// script is a server that follows the lines of a case, and a transport to it.
type script struct {
	t     *testing.T
	api   *miniAPI
	steps []stepCase
	total int
	state miniState
	want  testCase

	last    time.Time // of the last answer
	waits   int       // since the last request that began a call
	cancel  context.CancelFunc
	ended   time.Time // when the context was canceled
	written []byte    // body of the last write
	key     string    // its idempotency key
	applied int
}

func newScript(t *testing.T, api *miniAPI, c testCase) *script {
	info := map[string]any{
		"name": map[string]any{"first": "Ada"}, "jobTitle": "5",
		"phones": map[string]any{"items": []any{map[string]any{"id": "p1", "phone": "100", "carrier": "X"}}},
		"extra":  map[string]any{"kept": true},
	}
	return &script{
		t: t, api: api, steps: slices.Clone(c.Script), total: len(c.Script), want: c, last: time.Now(),
		state: miniState{id: "A", info: mergePatch(info, c.State)},
	}
}

// miniLatency is how long every answer takes.
const miniLatency = 10 * time.Millisecond

func (s *script) makeCall(client *miniClient, c callCase) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if c.Deadline > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, c.Deadline)
		defer stop()
	}
	s.cancel, s.ended = func() { s.ended = time.Now(); cancel() }, time.Time{}
	s.waits = 0
	copied := s.copyFor(client, c)
	before := mustJSON(copied)
	var report Report
	runs := 0
	opts := append(callOptionsNamed(c.Options), WithReport(&report))
	if c.Helper == "Update" {
		opts = nil
	}
	var got *miniContact
	var err error
	panicked := func() (p any) {
		defer func() { p = recover() }()
		got, err = client.call(ctx, c, copied, &runs, opts)
		return nil
	}()
	if !s.ended.IsZero() {
		if late := time.Since(s.ended); late > 10*time.Millisecond {
			s.t.Errorf("returned %v after it was canceled", late)
		}
	}
	s.compare(c.Want, got, report, err, panicked, runs)
	if after := mustJSON(copied); string(after) != string(before) {
		s.t.Errorf("the caller's copy was changed:\n%s\n%s", before, after)
	}
}

func (s *script) copyFor(client *miniClient, c callCase) *miniContact {
	if c.Copy == "" {
		return nil
	}
	at := s.state
	at.revision = c.Copy
	copied, err := client.fresh(at)
	if err != nil {
		s.t.Fatal(err)
	}
	if c.Handmade {
		copied.snapshot = snapshot{}
	}
	if c.Edited {
		copied.Info.JobTitle = Ptr("edited")
	}
	return copied
}

// callOptionsNamed are the options that cases name.
func callOptionsNamed(names []string) []CallOption {
	var opts []CallOption
	for _, name := range names {
		name, value, _ := strings.Cut(name, "=")
		switch name {
		case "Idempotent":
			opts = append(opts, Idempotent())
		case "TrustNoop":
			opts = append(opts, TrustNoop())
		case "FollowMerged":
			opts = append(opts, FollowMerged())
		case "SkipIfEqual":
			opts = append(opts, SkipIfEqual())
		case "WithoutLane":
			opts = append(opts, WithoutLane())
		case "WithMaxAttempts":
			n, err := strconv.Atoi(value)
			if err != nil {
				panic(err)
			}
			opts = append(opts, WithMaxAttempts(n))
		case "WithMaxElapsed":
			d, err := time.ParseDuration(value)
			if err != nil {
				panic(err)
			}
			opts = append(opts, WithMaxElapsed(d))
		case "OwnWrite":
			answer := map[string]Ownership{"yes": Yes, "no": No}[value]
			opts = append(opts, WithHooks(Hooks{
				OwnWrite: func(context.Context, json.RawMessage, json.RawMessage) Ownership { return answer },
			}))
		case "Abort":
			opts = append(opts, WithHooks(Hooks{OnConflict: func(context.Context, ConflictInfo) Decision { return Abort }}))
		default:
			panic("no option " + name)
		}
	}
	return opts
}

// errorsNamed are the errors that cases name.
var errorsNamed = map[string]error{
	"conflict": ErrConflict, "stalled": ErrStalledConflict, "stale": ErrStaleRead, "ambiguous": ErrAmbiguousWrite,
	"gone": ErrGone, "identity": ErrIdentity, "missing": ErrMissingRevision, "contract": ErrContract,
	"mutate": ErrMutate, "budget": ErrBudget, "exists": ErrAlreadyExists, "notfound": ErrNotFound,
	"ratelimited": ErrRateLimited, "precondition": ErrPrecondition, "canceled": context.Canceled,
	"deadline": context.DeadlineExceeded, "user": errUser,
}

func (s *script) compare(want wantCase, got *miniContact, report Report, err error, panicked any, runs int) {
	s.t.Helper()
	if want.Panics != (panicked != nil) {
		s.t.Fatalf("panicked with %v", panicked)
	}
	if want.Runs != nil && *want.Runs != runs {
		s.t.Errorf("the callback ran %d times, want %d", runs, *want.Runs)
	}
	counts := map[string]int{
		"writes": report.Writes, "reads": report.Reads, "conflicts": report.Conflicts, "stale": report.StaleReads,
		"suspect": report.SuspectConflicts,
	}
	for name, n := range want.Counts {
		if got, known := counts[name]; !known || got != n {
			s.t.Errorf("%d %s, want %d", got, name, n)
		}
	}
	if report.Assumed != want.Assumed {
		s.t.Errorf("assumed %v", report.Assumed)
	}
	if want.Errors != nil || want.Not != nil || want.Outcome == "" {
		s.compareError(want, err, report)
		return
	}
	if panicked != nil {
		return
	}
	if err != nil {
		s.t.Fatalf("failed: %v", err)
	}
	if report.Outcome != want.Outcome || report.Revision != want.Revision || report.RevisionKnown == want.Unknown {
		s.t.Errorf("%q at revision %q (known %v)", report.Outcome, report.Revision, report.RevisionKnown)
	}
	s.compareMembers("result", want.Result, got.Info)
}

func (s *script) compareError(want wantCase, err error, report Report) {
	s.t.Helper()
	if want.Panics {
		return
	}
	if err == nil {
		if len(want.Errors) > 0 {
			s.t.Error("no error")
		}
		return
	}
	for _, name := range want.Errors {
		if target := errorsNamed[name]; target == nil || !errors.Is(err, target) {
			s.t.Errorf("%v is not %s", err, name)
		}
	}
	for _, name := range want.Not {
		if target := errorsNamed[name]; target == nil || errors.Is(err, target) {
			s.t.Errorf("%v is %s", err, name)
		}
	}
	var paths []string
	if merge := (*MergeConflictError)(nil); errors.As(err, &merge) {
		for _, c := range merge.Paths {
			paths = append(paths, c.Path)
		}
	}
	if !slices.Equal(paths, want.Paths) {
		s.t.Errorf("merge conflicts at %v, want %v", paths, want.Paths)
	}
	var e *UpdateError
	if !errors.As(err, &e) {
		if want.Cause != "" || want.Path != "" {
			s.t.Errorf("%T is no UpdateError", err)
		}
		return
	}
	if e.Cause != want.Cause || e.Path != want.Path {
		s.t.Errorf("cause %q path %q, want %q %q", e.Cause, e.Path, want.Cause, want.Path)
	}
	if e.Writes != report.Writes || e.Reads != report.Reads || e.Conflicts != report.Conflicts {
		s.t.Errorf("error and report count differently: %+v %+v", e, report)
	}
	if len(e.Key) == 0 || e.Op == "" || e.Writes > 0 && e.Sent == "" && s.want.API != "wildcard" {
		s.t.Errorf("the error does not say all it knows: %+v", e)
	}
}

// compareMembers checks that got has the members of want, whatever else it has.
func (s *script) compareMembers(what string, want map[string]any, got any) {
	s.t.Helper()
	if want == nil {
		return
	}
	var members map[string]any
	if err := json.Unmarshal(mustJSON(got), &members); err != nil {
		s.t.Fatal(err)
	}
	for name, v := range want {
		if !sameValue(v, members[name]) {
			s.t.Errorf("%s: %s is %s, want %s", what, name, mustJSON(members[name]), mustJSON(v))
		}
	}
}

func sameValue(a, b any) bool {
	var x, y any
	if json.Unmarshal(mustJSON(a), &x) != nil || json.Unmarshal(mustJSON(b), &y) != nil {
		return false
	}
	return reflect.DeepEqual(x, y)
}

// finish checks what is left when all calls are over.
func (s *script) finish() {
	s.t.Helper()
	synctest.Wait()
	for _, step := range s.steps {
		if !strings.HasPrefix(step.do, "W") {
			s.t.Errorf("not requested: %s", step.do)
		}
	}
	if s.want.Applied != nil && s.applied != *s.want.Applied {
		s.t.Errorf("applied %d times, want %d", s.applied, *s.want.Applied)
	}
	s.compareMembers("final state", s.want.Final, s.state.info)
}

// RoundTrip answers a request with the next line.
func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.checkWait()
	if len(s.steps) == 0 {
		s.t.Errorf("request after the end: %s %s", r.Method, r.URL)
		return nil, errors.New("the script is over")
	}
	step := s.steps[0]
	s.steps = s.steps[1:]
	var doc []byte
	if r.Body != nil {
		var err error
		if doc, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	request, answer, _ := strings.Cut(step.do, " -> ")
	if got := s.describe(r, doc); got != request {
		s.t.Errorf("line %d: have %s, want %s", s.total-len(s.steps), got, request)
		return nil, errors.New("not the next line")
	}
	s.checkBody(step, r, doc)
	return s.answer(r, doc, step, strings.Fields(answer))
}

// describe is a request in the notation of the cases.
func (s *script) describe(r *http.Request, doc []byte) string {
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
		least, most = 1, backoffEnvelope(miniLatency, s.waits)
		if d, ok := strings.CutPrefix(s.steps[0].do, "W="); ok {
			least, _ = time.ParseDuration(d)
			most = least
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
func (s *script) checkBody(step stepCase, r *http.Request, doc []byte) {
	key := r.Header.Get("Idempotency-Key")
	if r.Method == http.MethodGet {
		return
	}
	if step.Same && (string(doc) != string(s.written) || key != s.key) {
		s.t.Errorf("%s: not the same again: %s and %s, keys %q and %q", step.do, s.written, doc, s.key, key)
	}
	if step.Other && key == s.key {
		s.t.Errorf("%s: the same key again", step.do)
	}
	s.written, s.key = doc, key
	var sent map[string]any
	if err := json.Unmarshal(doc, &sent); err != nil {
		s.t.Errorf("%s: %v", step.do, err)
		return
	}
	payload := sent
	if s.api.payload != "" {
		payload, _ = sent[s.api.payload].(map[string]any)
	}
	if step.Sends != nil && !sameValue(step.Sends, payload) {
		s.t.Errorf("%s: sends %s, want %s", step.do, mustJSON(payload), mustJSON(step.Sends))
	}
}

var errReset = errors.New("connection reset by peer")

// answer does what the words of a line say.
func (s *script) answer(r *http.Request, doc []byte, step stepCase, words []string) (*http.Response, error) {
	defer func() {
		s.last = time.Now()
		if len(s.steps) > 0 && s.steps[0].do == "W cancel" {
			time.AfterFunc(time.Millisecond, s.cancel)
		}
	}()
	trace := httptrace.ContextClientTrace(r.Context())
	if slices.Contains(words, "unsent") {
		trace.GetConn("api.example.com:443")
		return nil, errors.New("connection refused")
	}
	if err := sleepIn(r.Context(), miniLatency); err != nil {
		return nil, err
	}
	answer := s.compose(doc, step, words)
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

func sleepIn(ctx context.Context, d time.Duration) error {
	return systemClock{}.Sleep(ctx, d)
}

// compose changes the state as a line says, and makes its answer.
func (s *script) compose(doc []byte, step stepCase, words []string) *http.Response {
	write := strings.HasPrefix(step.do, "P")
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
			s.state.merged = true
		case name == "id":
			s.state.id = value
		case name == "after":
			header.Set("Retry-After", value)
		case name == "code":
			code = value
		case strings.HasPrefix(w, "r") && w != "resent":
			s.state.revision = w[1:]
		}
	}
	if applies {
		s.applied++
		if err := s.api.apply(&s.state, doc); err != nil {
			s.t.Error(err)
		}
	}
	s.state.info = mergePatch(s.state.info, step.Patch)
	return s.render(step, words, status, code, write, header)
}

func (s *script) render(step stepCase, words []string, status int, code string, write bool, header http.Header) *http.Response {
	var body any
	refusal, refused := s.api.refusal(s.state)
	switch {
	case code != "":
		body = applicationError(code)
	case write && status == refusal && (status >= 400 || slices.Contains(words, "refused")):
		body = refused
	case write && s.api.reply != nil && status/100 == 2:
		_, _, body = s.api.reply(s.state)
	case status/100 == 2:
		var extra http.Header
		extra, body = s.api.answer(s.state)
		for name, values := range extra {
			header[name] = values
		}
	}
	text := ""
	if body != nil {
		text = string(mustJSON(body))
	}
	if step.Body != "" {
		text = step.Body
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
