package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// tardy is a server of a counter that tests hold up as they like, and the moments in which it was asked.
type tardy struct {
	hold  func(r *http.Request, n int) *http.Response // before the nth request is answered, from 1; an answer of its own, or nil
	mu    sync.Mutex
	n     int
	count int
	begin time.Time
	at    []time.Duration
}

func newTardy(hold func(r *http.Request, n int) *http.Response) *tardy {
	return &tardy{hold: hold, begin: time.Now()}
}

func (s *tardy) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.n++
	n := s.n
	s.at = append(s.at, time.Since(s.begin))
	s.mu.Unlock()
	own := s.hold(r, n)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if own != nil {
		return own, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method != http.MethodGet {
		s.count++
	}
	return reply(200, strings.Replace(counterAt(s.count), `"A"`, `"`+path.Base(r.URL.Path)+`"`, 1)), nil
}

// client is a client of the server. It draws the same number every time.
func (s *tardy) client(t *testing.T, opts ...ClientOption) *miniClient {
	t.Helper()
	own := []ClientOption{WithHTTPClient(&http.Client{Transport: s}), WithRandom(func() float64 { return 0.5 })}
	m, err := newMiniClient(contactsAPI(), append(own, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *miniClient) increment(ctx context.Context, id string, opts ...CallOption) error {
	_, err := updateWithRetry(ctx, m.core, m.api.trait, []string{id}, increments, opts)
	return err
}

// never answers requests of a method.
func never(method string) func(*http.Request, int) *http.Response {
	return func(r *http.Request, _ int) *http.Response {
		if r.Method == method {
			<-r.Context().Done()
		}
		return nil
	}
}

// hung is a body that never comes.
type hung struct{ ctx context.Context }

func (h hung) Read([]byte) (int, error) {
	<-h.ctx.Done()
	return 0, h.ctx.Err()
}

// A request is cut off when the time of its call is over. In a read nothing was done; a write may have been.
func TestElapsedCutsRequestsOff(t *testing.T) {
	for _, tt := range []struct {
		method    string
		limit     time.Duration
		ambiguous bool
	}{{"GET", 0, false}, {"GET", 5 * time.Second, false}, {"PATCH", 0, true}, {"PATCH", 5 * time.Second, true}} {
		synctest.Test(t, func(t *testing.T) {
			s := newTardy(never(tt.method))
			var opts []CallOption
			want := defaultMaxElapsed
			if tt.limit > 0 {
				opts, want = append(opts, WithMaxElapsed(tt.limit)), tt.limit
			}
			err := s.client(t).increment(context.Background(), "A", opts...)
			var e *UpdateError
			if took := time.Since(s.begin); took != want || !errors.As(err, &e) || e.Cause != CauseElapsed || !isCallTimeout(err) {
				t.Errorf("%s: after %v: %v", tt.method, took, err)
			}
			if errors.Is(err, ErrAmbiguousWrite) != tt.ambiguous {
				t.Errorf("%s: %v", tt.method, err)
			}
			for _, other := range []error{ErrConflict, ErrBudget, context.DeadlineExceeded} {
				if errors.Is(err, other) {
					t.Errorf("%s: %v is %v", tt.method, err, other)
				}
			}
		})
	}
}

// A success whose status was seen was applied, whatever time there was left for its body.
func TestElapsedInTheBodyOfASuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTardy(func(r *http.Request, _ int) *http.Response {
			if r.Method == http.MethodGet {
				return nil
			}
			answer := reply(200, "")
			answer.Body, answer.ContentLength = io.NopCloser(hung{r.Context()}), -1
			return answer
		})
		var report Report
		err := s.client(t).increment(context.Background(), "A", WithMaxElapsed(5*time.Second), WithReport(&report))
		if took := time.Since(s.begin); err != nil || report.Outcome != Recovered || took != 5*time.Second {
			t.Errorf("%v after %v: %v", report.Outcome, took, err)
		}
	})
}

var absurd = []string{
	"2147483647", "86400", "99999999999", "9223372036854775808", "99999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT",
}

// Nobody waits longer than MaxRetryAfter because a server says so: not a helper's write or read, not a plain call, not
// the client as a whole.
func TestAskedWaitsAreCapped(t *testing.T) {
	for _, asked := range absurd {
		for _, method := range []string{"GET", "PATCH"} {
			synctest.Test(t, func(t *testing.T) {
				s := newTardy(func(r *http.Request, n int) *http.Response {
					if r.Method == method && n <= 2 {
						return reply(429, "", "Retry-After: "+asked)
					}
					return nil
				})
				c := s.client(t, WithRetryPolicy(RetryPolicy{MaxRetryAfter: 10 * time.Second}))
				err := c.increment(context.Background(), "A")
				took := time.Since(s.begin)
				if took != 0 || !errors.Is(err, ErrRateLimited) || errors.Is(err, ErrAmbiguousWrite) ||
					!strings.Contains(err.Error(), "MaxRetryAfter is 10s") {
					t.Errorf("%s, Retry-After: %s: after %v: %v", method, asked, took, err)
				}
				s.n = 2
				if err := c.increment(context.Background(), "B"); err != nil || time.Since(s.begin) > 11*time.Second {
					t.Errorf("%s, Retry-After: %s: the next call, after %v: %v", method, asked, time.Since(s.begin), err)
				}
			})
		}
		synctest.Test(t, func(t *testing.T) {
			s := &replies{answers: []func() (*http.Response, error){status(429, "Retry-After: "+asked)}}
			c := newTestCore(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: s}))
			begin := time.Now()
			_, err := saveThing(context.Background(), c, "1", thing{})
			if !errors.Is(err, ErrRateLimited) || len(s.at) != 1 || time.Since(begin) != 0 {
				t.Errorf("Retry-After: %s: %d requests: %v", asked, len(s.at), err)
			}
		})
	}
}

// slowLimiter lets a request go after a while.
type slowLimiter time.Duration

func (l slowLimiter) Wait(ctx context.Context) error {
	return systemClock{}.Sleep(ctx, time.Duration(l))
}

// What a limiter takes is not the server's latency, by which waits are measured, and no part of what a call may take.
func TestLimiterIsNeitherLatencyNorElapsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTardy(func(r *http.Request, n int) *http.Response {
			time.Sleep(10 * time.Millisecond)
			if r.Method != http.MethodGet && n <= 8 {
				return reply(409, `{"details":{"applicationError":{"code":"CONTACT_ALREADY_CHANGED"}}}`)
			}
			return nil
		})
		c := s.client(t, WithLimiter(slowLimiter(24*time.Second)))
		// Each conflict has to bring another revision.
		s.hold = advancing(s, s.hold)
		var report Report
		err := c.increment(context.Background(), "A", WithReport(&report))
		if err != nil || report.Conflicts != 4 || c.core.rtt() != 10*time.Millisecond || report.Waited > 320*time.Millisecond {
			t.Errorf("%+v, a round trip of %v: %v", report, c.core.rtt(), err)
		}
	})
}

// advancing has somebody else write before every answer that refuses.
func advancing(s *tardy, hold func(*http.Request, int) *http.Response) func(*http.Request, int) *http.Response {
	return func(r *http.Request, n int) *http.Response {
		answer := hold(r, n)
		if answer != nil {
			s.mu.Lock()
			s.count++
			s.mu.Unlock()
		}
		return answer
	}
}

// Who waits for a call that waits for a limiter, or for a throttling server, waits with it: neither has used up any time.
func TestLaneStandsStillWithItsHolder(t *testing.T) {
	for name, tt := range map[string]struct {
		hold func(*http.Request, int) *http.Response
		opts []ClientOption
	}{
		"limiter": {func(*http.Request, int) *http.Response { return nil }, []ClientOption{WithLimiter(slowLimiter(24 * time.Second))}},
		"throttled": {func(r *http.Request, _ int) *http.Response {
			if r.Method != http.MethodGet && time.Now().Second() < 50 {
				return reply(429, "", "Retry-After: 25")
			}
			return nil
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newTardy(tt.hold)
				c := s.client(t, tt.opts...)
				var all sync.WaitGroup
				for i := range 4 {
					all.Go(func() {
						time.Sleep(time.Duration(i) * time.Millisecond)
						if err := c.increment(context.Background(), "A"); err != nil {
							t.Errorf("caller %d after %v: %v", i, time.Since(s.begin), err)
						}
					})
				}
				all.Wait()
				if s.count != 4 {
					t.Errorf("the counter is %d", s.count)
				}
			})
		})
	}
}

// A turn that does not come says what the call with the resource is doing: inside its callback or not, and nothing else.
func TestBusySaysWhatTheHolderDoes(t *testing.T) {
	for _, tt := range []struct {
		name     string
		callback bool
		deadline bool
	}{{"callback", true, false}, {"callback, deadline", true, true}, {"request", false, false}, {"request, deadline", false, true}} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newTardy(never(map[bool]string{true: "NONE", false: "PATCH"}[tt.callback]))
				c := s.client(t)
				var all sync.WaitGroup
				all.Go(func() {
					_, _ = updateWithRetry(context.Background(), c.core, c.api.trait, []string{"A"}, func(m *miniContact) error {
						if tt.callback {
							time.Sleep(20 * time.Second)
						}
						return increments(m)
					}, nil)
				})
				synctest.Wait()
				ctx, opts := context.Background(), []CallOption{WithMaxElapsed(5 * time.Second)}
				if tt.deadline {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, 5*time.Second)
					defer cancel()
					opts = nil
				}
				err := c.increment(ctx, "A", opts...)
				took := time.Since(s.begin)
				if !errors.Is(err, ErrBusy) || errors.Is(err, ErrBudget) || errors.Is(err, ErrConflict) || took != 5*time.Second {
					t.Errorf("after %v: %v", took, err)
				}
				if errors.Is(err, context.DeadlineExceeded) != tt.deadline {
					t.Errorf("after %v: %v", took, err)
				}
				if strings.Contains(err.Error(), "callback") != tt.callback {
					t.Errorf("%v", err)
				}
				all.Wait()
			})
		})
	}
}

// What was throttled at one instant does not come back at one.
func TestThrottledWritesComeBackOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var at []time.Duration
		var all sync.WaitGroup
		begin := time.Now()
		for i := range 16 {
			s := newTardy(func(r *http.Request, n int) *http.Response {
				if r.Method != http.MethodGet && n == 2 {
					return reply(429, "", "Retry-After: 30")
				}
				if n == 3 {
					mu.Lock()
					at = append(at, time.Since(begin))
					mu.Unlock()
				}
				return nil
			})
			c := s.client(t, WithRandom(func() float64 { return float64(i) / 16 }))
			all.Go(func() {
				if err := c.increment(context.Background(), "A"); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		slices.Sort(at)
		if len(slices.Compact(slices.Clone(at))) != 16 || at[0] < 30*time.Second || at[15] > 33*time.Second {
			t.Errorf("came back at %v", at)
		}
	})
}

// After a 429 the whole client holds back, calls that begin later included; those with no time to wait say so at once.
func TestWholeClientHoldsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTardy(func(_ *http.Request, n int) *http.Response {
			if n == 5 {
				return reply(429, "", "Retry-After: 60")
			}
			return nil
		})
		c := s.client(t)
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * time.Second)
				if err := c.increment(context.Background(), fmt.Sprint("k", i)); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(30 * time.Second)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		begin := time.Now()
		err := c.increment(ctx, "late")
		both := errors.Is(err, ErrRateLimited) && errors.Is(err, context.DeadlineExceeded)
		if !both || errors.Is(err, ErrAmbiguousWrite) || time.Since(begin) != 0 {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
		all.Wait()
		inside := 0
		for _, at := range s.at[5:] {
			if at < s.at[4]+time.Minute {
				inside++
			}
		}
		if inside != 0 || len(s.at) != 41 {
			t.Errorf("%d requests, of which %d were sent when the client was to hold back", len(s.at), inside)
		}
	})
}

// A client is not held back for ever by what other calls are told: a request waits for MaxRetryAfter at most, then it asks for itself.
func TestHoldingBackIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTardy(func(*http.Request, int) *http.Response { return nil })
		c := s.client(t, WithRetryPolicy(RetryPolicy{MaxRetryAfter: time.Minute}))
		stop := make(chan struct{})
		go func() {
			for range 3600 {
				c.core.hold.extend(time.Now().Add(time.Minute))
				select {
				case <-stop:
					return
				case <-time.After(time.Second):
				}
			}
		}()
		synctest.Wait()
		err := c.increment(context.Background(), "A")
		close(stop)
		if took := time.Since(s.begin); err != nil || took > 3*time.Minute {
			t.Errorf("after %v: %v", took, err)
		}
	})
}

// A plain write that was throttled was not applied, and is tried again as often as the policy says; unless package
// net/http had sent it twice.
func TestThrottledPlainWrites(t *testing.T) {
	busy, later := status(429, "Retry-After: 2"), []time.Duration{0, 2200 * time.Millisecond}
	for _, tt := range []struct {
		name    string
		answers []func() (*http.Response, error)
		opts    []CallOption
		at      []time.Duration
		fails   bool
	}{
		{"once", []func() (*http.Response, error){busy, status(200)}, nil, later, false},
		{"for ever", []func() (*http.Response, error){busy}, []CallOption{WithRetryPolicy(RetryPolicy{MaxAttempts: 2})}, later, true},
		{"then broken", []func() (*http.Response, error){busy, broken}, nil, later, true},
		{"no retries", []func() (*http.Response, error){busy}, []CallOption{WithRetryPolicy(RetryPolicy{MaxAttempts: 1})}, later[:1], true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &replies{answers: tt.answers}
				c := newTestCore(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: s}))
				_, err := saveThing(context.Background(), c, "1", thing{ID: "1"}, tt.opts...)
				if !slices.Equal(s.at, tt.at) || (err != nil) != tt.fails || !slices.Equal(slices.Compact(s.bodies), []string{`{"id":"1"}`}) {
					t.Errorf("at %v with %q: %v", s.at, s.bodies, err)
				}
			})
		})
	}
	t.Run("sent twice", func(t *testing.T) {
		n := 0
		c := newTestCore(t, "https://api.example.com", through(func(r *http.Request) (*http.Response, error) {
			n++
			trace := httptrace.ContextClientTrace(r.Context())
			trace.WroteRequest(httptrace.WroteRequestInfo{})
			trace.WroteRequest(httptrace.WroteRequestInfo{})
			return reply(429, "", "Retry-After: 1"), nil
		}))
		if _, err := saveThing(context.Background(), c, "1", thing{}); !errors.Is(err, ErrAmbiguousWrite) || n != 1 {
			t.Errorf("%d requests: %v", n, err)
		}
	})
}
