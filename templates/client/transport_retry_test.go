package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// replies answers one request after the other, and notes when each came.
type replies struct {
	answers []func() (*http.Response, error)
	at      []time.Duration
	start   time.Time
	bodies  []string
}

func (s *replies) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if s.start.IsZero() {
		s.start = time.Now()
	}
	s.at = append(s.at, time.Since(s.start))
	if r.Body != nil {
		b, _ := io.ReadAll(r.Body)
		s.bodies = append(s.bodies, string(b))
	}
	return s.answers[min(len(s.at), len(s.answers))-1]()
}

func status(code int, headers ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return reply(code, `{"thing":{"id":"1"}}`, headers...), nil }
}

func broken() (*http.Response, error) { return nil, io.ErrUnexpectedEOF }

// Reads are repeated, with waits that grow and that the server can ask for; the jitter here is always one half.
func TestRetriesOfReads(t *testing.T) {
	// The clock of a bubble begins at midnight, 1 January 2000.
	const soon, date = "Sat, 01 Jan 2000 00:00:07 GMT", "Sat, 01 Jan 2000 00:00:04 GMT"
	seconds := func(s ...float64) (at []time.Duration) {
		for _, f := range s {
			at = append(at, time.Duration(f*float64(time.Second)))
		}
		return at
	}
	for _, tt := range []struct {
		name    string
		answers []func() (*http.Response, error)
		opts    []CallOption
		at      []time.Duration
		fails   bool
	}{
		{"success", []func() (*http.Response, error){status(200)}, nil, seconds(0), false},
		{"network", []func() (*http.Response, error){broken, broken, status(200)}, nil, seconds(0, .2, .6), false},
		{"gateways", []func() (*http.Response, error){status(502), status(504), status(200)}, nil, seconds(0, .2, .6), false},
		{"for ever", []func() (*http.Response, error){broken}, nil, seconds(0, .2, .6, 1.4), true},
		{"capped", []func() (*http.Response, error){broken}, []CallOption{WithRetryPolicy(RetryPolicy{MaxAttempts: 6, MaxWait: time.Second})},
			seconds(0, .2, .6, 1.1, 1.6, 2.1), true},
		{"no retries", []func() (*http.Response, error){broken}, []CallOption{WithRetryPolicy(RetryPolicy{MaxAttempts: 1})}, seconds(0), true},
		{"500", []func() (*http.Response, error){status(500)}, nil, seconds(0), true},
		{"404", []func() (*http.Response, error){status(404)}, nil, seconds(0), true},
		{"429, seconds", []func() (*http.Response, error){status(429, "Retry-After: 2"), status(200)}, nil, seconds(0, 2.2), false},
		{"503, date", []func() (*http.Response, error){status(503, "Retry-After: "+soon), status(200)}, nil, seconds(0, 7.2), false},
		{"503, date by the server's clock", []func() (*http.Response, error){status(503, "Retry-After: "+soon, "Date: "+date), status(200)}, nil,
			seconds(0, 3.2), false},
		{"503, date in the past", []func() (*http.Response, error){status(503, "Retry-After: "+date, "Date: "+soon), status(200)}, nil,
			seconds(0, .2), false},
		{"503, nonsense", []func() (*http.Response, error){status(503, "Retry-After: soon"), status(200)}, nil, seconds(0, 1.2), false},
		{"503, negative", []func() (*http.Response, error){status(503, "Retry-After: -5"), status(200)}, nil, seconds(0, 1.2), false},
		{"429, too long", []func() (*http.Response, error){status(429, "Retry-After: 3600"), status(200)}, nil, seconds(0), true},
		{"429, absurd", []func() (*http.Response, error){status(429, "Retry-After: 99999999999999999999"), status(200)}, nil, seconds(0), true},
		{"429, longer than durations", []func() (*http.Response, error){status(429, "Retry-After: 9999999999999"), status(200)}, nil, seconds(0),
			true},
		{"429, date in 9999", []func() (*http.Response, error){status(429, "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"), status(200)}, nil,
			seconds(0), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &replies{answers: tt.answers}
				c := newTestCore(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: s}))
				_, err := getThing(context.Background(), c, "1", tt.opts...)
				if !slices.Equal(s.at, tt.at) || (err != nil) != tt.fails {
					t.Errorf("at %v, want %v: %v", s.at, tt.at, err)
				}
			})
		})
	}
}

// A plain write is sent once, whatever happens, unless the server says that it did nothing.
func TestWritesAreSentOnce(t *testing.T) {
	for _, answer := range []func() (*http.Response, error){broken, status(429, "Retry-After: 3600"), status(502),
		status(503, "Retry-After: 1"), status(504), status(409), status(401)} {
		s := &replies{answers: []func() (*http.Response, error){answer}}
		c := newTestCore(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: s}))
		if _, err := saveThing(context.Background(), c, "1", thing{}); err == nil || len(s.at) != 1 {
			t.Errorf("%d requests, %v", len(s.at), err)
		}
	}
}

func TestQueriesAreRepeatedWithTheirBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &replies{answers: []func() (*http.Response, error){broken, status(503), status(200)}}
		c := newTestCore(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: s}))
		if err := callNothing(context.Background(), c, &opQuery, nil, jsonBody(thing{ID: "1"}), nil); err != nil {
			t.Fatal(err)
		}
		if want := []string{`{"id":"1"}`, `{"id":"1"}`, `{"id":"1"}`}; !slices.Equal(s.bodies, want) {
			t.Error(s.bodies)
		}
	})
}

// A wait that would outlast the deadline is not begun, and a cancelled one ends at once.
func TestRetriesKnowTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &replies{answers: []func() (*http.Response, error){status(429, "Retry-After: 30")}}
		c := newTestCore(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: s}))
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		start := time.Now()
		if _, err := getThing(ctx, c, "1"); !errors.Is(err, ErrRateLimited) || time.Since(start) != 0 || len(s.at) != 1 {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		// Another call is held back: it would only be told the same.
		for sent, c := range map[int]*core{1: c, 2: newTestCore(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: s}))} {
			start, s.at = time.Now(), s.at[:1]
			ctx, stop := context.WithCancel(context.Background())
			time.AfterFunc(time.Second, stop)
			_, err := getThing(ctx, c, "1")
			if !errors.Is(err, ErrRateLimited) || !errors.Is(err, context.Canceled) || time.Since(start) != time.Second || len(s.at) != sent {
				t.Errorf("after %v and %d requests: %v", time.Since(start), len(s.at), err)
			}
		}
	})
}

// A server that only fails is not asked four times for every call.
func TestBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &replies{answers: []func() (*http.Response, error){broken}}
		c := newTestCore(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: s}))
		const calls = 100
		for range calls {
			_, _ = getThing(context.Background(), c, "1")
		}
		if _, err := getThing(context.Background(), c, "1"); !errors.Is(err, ErrBudget) || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Error(err)
		}
		s.at = s.at[1:]
		if retries := len(s.at) - calls; retries != budgetSize/retryCost {
			t.Errorf("%d retries", retries)
		}
		s.answers = append([]func() (*http.Response, error){}, status(200))
		for range retryCost {
			if _, err := getThing(context.Background(), c, "1"); err != nil {
				t.Fatal(err)
			}
		}
		if !c.budget.withdraw(retryCost) {
			t.Error("successes gave nothing back")
		}
	})
}

func TestBudgetIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &replies{answers: []func() (*http.Response, error){broken, status(200)}}
		c := newTestCore(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: s}))
		if _, err := getThing(context.Background(), c, "1"); err != nil || c.budget.left != budgetSize {
			t.Errorf("%d left, %v", c.budget.left, err)
		}
	})
}

type countingLimiter struct{ waits, after int }

func (l *countingLimiter) Wait(context.Context) error {
	l.waits++
	if l.after > 0 && l.waits > l.after {
		return errors.New("enough")
	}
	return nil
}

// Every request asks the limiter, retries included, and one that says no ends the call unsent.
func TestLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &replies{answers: []func() (*http.Response, error){broken}}
		l := &countingLimiter{after: 2}
		c := newTestCore(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: s}), WithLimiter(l))
		_, err := getThing(context.Background(), c, "1")
		if l.waits != 3 || len(s.at) != 2 || textOf(err) != "things: getThing: GET /v4/things/{id}: enough" {
			t.Errorf("%d waits, %d requests: %v", l.waits, len(s.at), err)
		}
	})
}

func TestOptionsOfOneCallStayThere(t *testing.T) {
	c := newTestCore(t, "https://api.example.com", WithRetryPolicy(RetryPolicy{MaxAttempts: 2}), WithHeader("X-A", "1"))
	o, err := c.options([]CallOption{WithRetryPolicy(RetryPolicy{MaxAttempts: 9}), WithHeader("X-A", "2"), WithHeader("X-B", "3")}, &opGet)
	if err != nil || optionValue[RetryPolicy](o).MaxAttempts != 9 {
		t.Error(err)
	}
	if optionValue[RetryPolicy](&c.calls).MaxAttempts != 2 || len(c.calls.header) != 1 || c.calls.header.Get("X-A") != "1" {
		t.Error("the client's options were changed")
	}
}
