package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Timeout is the limit of a single request that a driver's clients have to set.
const Timeout = 5 * time.Second

// Driver makes the clients that cases are played against, and reads what they say.
type Driver struct {
	// New makes a client for the case.
	New func(c Case, transport http.RoundTripper, random func() float64) (Client, error)
	// DefaultWait is how long the description says to wait after a 429 that does not say it.
	DefaultWait time.Duration
	// Errors are the errors that cases name.
	Errors map[string]error
	// Failure takes apart the error of a helper; false for any other error.
	Failure func(error) (Failure, bool)
	// Paths are those of a three-way merge's conflicts; nil for any other error.
	Paths func(error) []string
}

// Client is a client of one case.
type Client interface {
	// Copy is the caller's copy of the resource, as a read with this answer gives it.
	Copy(c Call, header http.Header, body []byte) (any, error)
	// Call makes the call. runs counts how often the callback ran.
	Call(ctx context.Context, c Call, copied any, runs *int) Result
}

// Result is what came of a call.
type Result struct {
	Key    string // of one of many
	ID     string // of the resource
	Info   any    // what it has as info
	Report Report
	Err    error
}

// Report is what a helper reports.
type Report struct {
	Outcome, Revision                                      string
	RevisionKnown                                          bool
	Writes, Reads, Conflicts, StaleReads, SuspectConflicts int
	Assumed, Derived                                       bool
}

// Failure is what the error of a helper says.
type Failure struct {
	Op, Cause, Path, Sent    string
	Key                      []string
	Writes, Reads, Conflicts int
}

// Play plays a case in a bubble of its own and complains to t.
func Play(t *testing.T, d Driver, c Case) {
	synctest.Test(t, func(t *testing.T) {
		s, before := newScript(t, c), Goroutines()
		s.play(d)
		s.finish()
		s.compareLeft(before)
	})
}

// PlayGivingUp plays a case once for every moment in which the caller could give up: in each request, and after each, be it
// a wait, another request or the turn of another call. The calls under way have to return within 10 ms with the error of the
// context, unless what they were to do is done; nothing may be requested any more, and nothing be left running.
func PlayGivingUp(t *testing.T, d Driver, c Case) (moments int) {
	for at := 1; ; at++ {
		reached := false
		synctest.Test(t, func(t *testing.T) {
			s := newScript(t, c)
			s.giveUp = at
			before := Goroutines()
			s.play(d)
			s.compareLeft(before)
			reached = s.events >= at
		})
		if !reached || t.Failed() {
			return at - 1
		}
	}
}

// play makes the calls.
func (s *script) play(d Driver) {
	s.defaultWait = d.DefaultWait
	// Half of the envelope at least, so that every wait is seen.
	random := rand.New(rand.NewPCG(1, 2))
	client, err := d.New(s.want, s, func() float64 { return 0.5 + random.Float64()/2 })
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if s.giveUp > 0 {
		s.cancel = cancel
	}
	done := make(chan int, len(s.want.Calls))
	for i, call := range s.want.Calls {
		go func() {
			defer func() { done <- i }()
			if s.given.Load() == nil {
				s.makeCall(ctx, d, client, call)
			}
		}()
		if s.want.Together {
			synctest.Wait()
		} else {
			<-done
		}
	}
	if s.want.Together {
		for range s.want.Calls {
			<-done
		}
	}
}

func (s *script) makeCall(ctx context.Context, d Driver, client Client, c Call) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if c.Deadline > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, c.Deadline)
		defer stop()
	}
	if s.giveUp == 0 {
		s.cancel, s.ended = func() { s.ended = time.Now(); cancel() }, time.Time{}
	}
	s.waits = 0
	var copied any
	if c.Copy != "" {
		at := s.state
		at.Revision = c.Copy
		header, body := s.api.answer(at)
		var err error
		if copied, err = client.Copy(c, header, JSON(body)); err != nil {
			s.t.Error(err)
			return
		}
	}
	before := JSON(copied)
	runs := 0
	if c.Keys != nil {
		s.callMany(ctx, d, client, c)
		return
	}
	var r Result
	panicked := func() (p any) {
		defer func() { p = recover() }()
		r = client.Call(ctx, c, copied, &runs)
		return nil
	}()
	if after := JSON(copied); string(after) != string(before) {
		s.t.Errorf("the caller's copy was changed:\n%s\n%s", before, after)
	}
	switch {
	case s.given.Load() != nil:
		s.compareGivenUp(d, r)
		return
	case s.giveUp > 0:
		return // another moment's matter
	case !s.ended.IsZero() && time.Since(s.ended) > 10*time.Millisecond:
		s.t.Errorf("returned %v after it was canceled", time.Since(s.ended))
	}
	s.compare(d, c.Want, r, panicked, runs)
}

// callMany makes a call about many resources.
func (s *script) callMany(ctx context.Context, d Driver, client Client, c Call) {
	runs := 0
	got := client.(BulkClient).CallMany(ctx, c, &runs)
	switch {
	case s.given.Load() != nil:
		if late := time.Since(*s.given.Load()); late > 10*time.Millisecond {
			s.t.Errorf("given up at %d: returned %v later", s.giveUp, late)
		}
	case s.giveUp == 0:
		s.compareMany(d, c, got, runs)
	}
}

// compareGivenUp judges a call whose caller gave up.
func (s *script) compareGivenUp(d Driver, r Result) {
	if late := time.Since(*s.given.Load()); late > 10*time.Millisecond {
		s.t.Errorf("given up at %d: returned %v later", s.giveUp, late)
	}
	switch {
	case r.Err == nil && r.Report.Outcome != "recovered" && !r.Report.Derived:
		s.t.Errorf("given up at %d: %q without an error", s.giveUp, r.Report.Outcome)
	case r.Err != nil && !errors.Is(r.Err, context.Canceled):
		s.t.Errorf("given up at %d: %v is not canceled", s.giveUp, r.Err)
	case s.doubt.Load() && r.Report.Writes > 0 && r.Err != nil &&
		(!errors.Is(r.Err, d.Errors["ambiguous"]) || errors.Is(r.Err, d.Errors["conflict"])):
		s.t.Errorf("given up at %d, in a write: %v does not say that it may have been applied", s.giveUp, r.Err)
	}
}

func (s *script) compare(d Driver, want want, r Result, panicked any, runs int) {
	s.t.Helper()
	if want.Panics != (panicked != nil) {
		s.t.Fatalf("panicked with %v", panicked)
	}
	if want.Runs != nil && *want.Runs != runs {
		s.t.Errorf("the callback ran %d times, want %d", runs, *want.Runs)
	}
	if panicked != nil {
		return
	}
	report := r.Report
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
	if report.Derived != want.Derived {
		s.t.Errorf("derived %v", report.Derived)
	}
	if want.Errors != nil || want.Not != nil || want.Outcome == "" {
		s.compareError(d, want, r)
		return
	}
	if r.Err != nil {
		s.t.Fatalf("failed: %v", r.Err)
	}
	if report.Outcome != want.Outcome || report.Revision != want.Revision || report.RevisionKnown == want.Unknown {
		s.t.Errorf("%q at revision %q (known %v)", report.Outcome, report.Revision, report.RevisionKnown)
	}
	if r.Info != nil && r.ID == "" {
		s.t.Error("the result does not say which resource it is")
	}
	s.compareMembers("result", want.Result, r.Info)
}

func (s *script) compareError(d Driver, want want, r Result) {
	s.t.Helper()
	err := r.Err
	if err == nil {
		s.t.Error("no error")
		return
	}
	for _, name := range want.Errors {
		if target := d.Errors[name]; target == nil || !errors.Is(err, target) {
			s.t.Errorf("%v is not %s", err, name)
		}
	}
	for _, name := range want.Not {
		if target := d.Errors[name]; target == nil || errors.Is(err, target) {
			s.t.Errorf("%v is %s", err, name)
		}
	}
	if paths := d.Paths(err); !slices.Equal(paths, want.Paths) {
		s.t.Errorf("merge conflicts at %v, want %v", paths, want.Paths)
	}
	e, ok := d.Failure(err)
	if !ok {
		if want.Cause != "" || want.Path != "" {
			s.t.Errorf("%T is no error of a helper", err)
		}
		return
	}
	if e.Cause != want.Cause || e.Path != want.Path {
		s.t.Errorf("cause %q path %q, want %q %q", e.Cause, e.Path, want.Cause, want.Path)
	}
	if e.Writes != r.Report.Writes || e.Reads != r.Report.Reads || e.Conflicts != r.Report.Conflicts {
		s.t.Errorf("error and report count differently: %+v %+v", e, r.Report)
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
	if err := json.Unmarshal(JSON(got), &members); err != nil {
		s.t.Fatal(err)
	}
	for name, v := range want {
		if !sameValue(v, members[name]) {
			s.t.Errorf("%s: %s is %s, want %s", what, name, JSON(members[name]), JSON(v))
		}
	}
}

func sameValue(a, b any) bool {
	var x, y any
	if json.Unmarshal(JSON(a), &x) != nil || json.Unmarshal(JSON(b), &y) != nil {
		return false
	}
	return reflect.DeepEqual(x, y)
}

// compareLeft checks that nothing runs on when all calls are over.
func (s *script) compareLeft(goroutines int) {
	s.t.Helper()
	if n := Goroutines() - goroutines; n > 0 {
		s.t.Errorf("given up at %d: %d goroutines are left", s.giveUp, n)
	}
	for _, ctx := range s.requests {
		if ctx.Err() == nil {
			s.t.Errorf("given up at %d: the context of a request, with its timer, is left", s.giveUp)
		}
	}
}

// Goroutines is how many goroutines there are in the caller's bubble.
func Goroutines() int {
	synctest.Wait()
	own := make([]byte, 200)
	head, _, _ := strings.Cut(string(own[:runtime.Stack(own, false)]), "]:")
	_, bubble, _ := strings.Cut(head, "synctest bubble ")
	all := make([]byte, 1<<20)
	all = all[:runtime.Stack(all, true)]
	return strings.Count(string(all), "synctest bubble "+bubble+"]")
}

// finish checks what is left when all calls are over.
func (s *script) finish() {
	s.t.Helper()
	synctest.Wait()
	for _, line := range s.steps {
		if !strings.HasPrefix(line.do, "W") {
			s.t.Errorf("not requested: %s", line.do)
		}
	}
	if s.want.Applied != nil && s.applied != *s.want.Applied {
		s.t.Errorf("applied %d times, want %d", s.applied, *s.want.Applied)
	}
	s.compareMembers("final state", s.want.Final, s.state.Info)
}
