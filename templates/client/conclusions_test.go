package client

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A plain write that was refused without a token is not said to be stale: what was not sent cannot be.
func TestConflictWithoutToken(t *testing.T) {
	guarded := opSave
	guarded.token = []location{{in: inBody, at: "/revision"}}
	byHeader, byQuery := opSave, opSave
	byHeader.token, byQuery.token = []location{{in: inHeader, name: "If-Match"}}, []location{{in: inQuery, name: "v"}}
	for _, tt := range []struct {
		name  string
		op    *operation
		body  string
		opts  []CallOption
		words string
		class error
	}{
		{"none in the body", &guarded, `{"a":1}`, nil, ", no revision was sent", ErrPrecondition},
		{"null", &guarded, `{"revision":null}`, nil, ", no revision was sent", ErrPrecondition},
		{"empty", &guarded, `{"revision":""}`, nil, ", no revision was sent", ErrPrecondition},
		{"never set", &guarded, `{"revision":0}`, nil, ", the revision that was sent is 0", ErrConflict},
		{"a token", &guarded, `{"revision":5}`, nil, ", the revision is stale", ErrConflict},
		{"no header", &byHeader, `{}`, nil, ", no revision was sent", ErrPrecondition},
		{"a header", &byHeader, `{}`, []CallOption{WithHeader("If-Match", `"a"`)}, ", the revision is stale", ErrConflict},
		{"no parameter", &byQuery, `{}`, nil, ", no revision was sent", ErrPrecondition},
		{"a parameter", &byQuery, `{}`, []CallOption{requiredParam{&byQuery, param{in: inQuery, name: "v"}, "5"}}, ", the revision is stale",
			ErrConflict},
	} {
		c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) {
			return reply(409, application("ALREADY_CHANGED")), nil
		}))
		_, err := call[thing](t.Context(), c, tt.op, []string{"1"}, requestBody{raw: []byte(tt.body)}, tt.opts)
		if err == nil || !strings.HasSuffix(err.Error(), "409 ALREADY_CHANGED"+tt.words) {
			t.Errorf("%s: %v", tt.name, err)
		}
		for _, class := range []error{ErrConflict, ErrPrecondition} {
			if errors.Is(err, class) != (class == tt.class) {
				t.Errorf("%s: %v is %v: %v", tt.name, err, class, errors.Is(err, class))
			}
		}
	}
}

// What has no id says which one is missing, whoever is called.
func TestEmptyID(t *testing.T) {
	c := converse(t, nil)
	calls := map[string]func() error{
		"plain": func() error {
			_, err := getThing(t.Context(), newTestCore(t, "https://api.example.com"), "")
			return err
		},
		"update": func() error {
			_, err := updateWithRetry(t.Context(), c.core, c.api.trait, []string{""}, increments, nil)
			return err
		},
	}
	for name, call := range calls {
		err := call()
		if err == nil || !strings.Contains(err.Error(), ": path parameter ") || !strings.HasSuffix(err.Error(), "d is empty") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A context that ended for a reason is found by what contexts say and by the reason, wherever the call was.
func TestCauseOfACanceledCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mine := errors.New("shutting down")
		hanging := func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, context.Cause(r.Context())
		}
		busy := func(*http.Request) (*http.Response, error) { return reply(503, "", "Retry-After: 3600"), nil }
		before := func(*http.Request) (*http.Response, error) { return nil, errors.New("was sent") }
		for name, serve := range map[string]transport{"in a request": hanging, "in a wait": busy, "before": before} {
			ctx, cancel := context.WithCancelCause(context.Background())
			if name == "before" {
				cancel(mine)
			} else {
				time.AfterFunc(time.Second, func() { cancel(mine) })
			}
			c := newTestCore(t, "https://api.example.com", through(serve), WithRetryPolicy(RetryPolicy{MaxRetryAfter: 2 * time.Hour}))
			_, err := getThing(ctx, c, "1")
			if !errors.Is(err, context.Canceled) || !errors.Is(err, mine) {
				t.Errorf("%s: %v", name, err)
			}
			cancel(nil)
		}
		ctx, done := context.WithTimeoutCause(context.Background(), time.Second, mine)
		defer done()
		_, err := getThing(ctx, newTestCore(t, "https://api.example.com", through(hanging)), "1")
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, mine) {
			t.Errorf("deadline: %v", err)
		}
	})
}

// All that RFC 3339 allows is a time.
func TestTimestamps(t *testing.T) {
	for text, want := range map[Timestamp]string{
		"2026-01-02T03:04:05Z":           "2026-01-02T03:04:05Z",
		"2026-01-02t03:04:05z":           "2026-01-02T03:04:05Z",
		"2026-01-02t03:04:05.5+01:00":    "2026-01-02T03:04:05.5+01:00",
		"2016-12-31T23:59:60Z":           "2017-01-01T00:00:00Z",
		"2016-12-31t23:59:60.25z":        "2017-01-01T00:00:00.25Z",
		"1990-12-31T15:59:60-08:00":      "1990-12-31T16:00:00-08:00",
		"2026-01-02T03:04:05.123456789Z": "2026-01-02T03:04:05.123456789Z",
	} {
		got, err := text.Time()
		if err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []Timestamp{"", "2026-01-02", "2026-01-02T03:04:61Z", "2026-01-02T03:04:60", "2026-01-02T03:04:605Z"} {
		if got, err := text.Time(); err == nil {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// A description whose server is relative needs to be told where it is.
func TestRelativeServer(t *testing.T) {
	for _, server := range []string{"/v1", "", "/", "v1"} {
		d := testDescription(server)
		d.alternatives = nil
		if _, err := newCore(d, nil); err == nil || !strings.Contains(err.Error(), "WithBaseURL") {
			t.Errorf("%q: %v", server, err)
		}
	}
	if _, err := newCore(testDescription("/v1"), []ClientOption{WithBaseURL("ftp://a")}); err == nil ||
		strings.Contains(err.Error(), "WithBaseURL") {
		t.Errorf("%v", err)
	}
}
