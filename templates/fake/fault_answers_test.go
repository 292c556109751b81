package fake

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestThinAnswers(t *testing.T) {
	for name, want := range map[string]string{
		"thin":       `{"page":{"id":"p","version":"6"}}`,
		"thin=empty": "{}",
		"thin=null":  "null",
		"thin=none":  "",
	} {
		c := page(t)
		c.injectText(name)
		c.want(200, "PATCH /pages/p", toSix)
		if got := strings.TrimSpace(c.raw); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		c.pageIs("6", "mine")
	}
}

func TestOtherStatusOfASuccess(t *testing.T) {
	c := page(t)
	c.injectText("status,status=204,status=303")
	c.want(202, "PATCH /pages/p", toSix)
	c.pageIs("6", "mine")
	c.want(204, "PATCH /pages/p", `{"page":{"version":"7","text":"a"}}`)
	if c.raw != "" {
		t.Errorf("204 with %q", c.raw)
	}
	c.want(303, "PATCH /pages/p", `{"page":{"version":"8","text":"b"}}`)
	c.pageIs("8", "b")
}

func TestHangNeverAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := page(t)
		c.injectText("hang,hang=applied")
		for i, text := range []string{"a", "mine"} {
			ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
			r, err := http.NewRequestWithContext(ctx, "PATCH", "http://fake/pages/p", strings.NewReader(toSix))
			if err != nil {
				t.Fatal(err)
			}
			started := time.Now()
			if resp, err := c.s.Transport().RoundTrip(r); err == nil {
				_ = resp.Body.Close()
				t.Error("answered")
			}
			if d := time.Since(started); d != 24*time.Hour {
				t.Errorf("gave up after %v", d)
			}
			cancel()
			c.pageIs([]string{"5", "6"}[i], text)
		}
	})
}

func TestAbsurdWaits(t *testing.T) {
	c := page(t)
	c.injectText("absurd,absurd=overflow,absurd=date")
	for _, want := range []string{"2147483647", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		if c.want(429, "PATCH /pages/p", toSix); c.header.Get("Retry-After") != want {
			t.Errorf("Retry-After: %s, want %s", c.header.Get("Retry-After"), want)
		}
	}
	c.pageIs("5", "a")
}

// Lists lag, reads do not.
func TestLag(t *testing.T) {
	c := newClient(t, &notes)
	id := c.s.Seed("Note", `{"title":"old"}`)
	c.s.Edit("Note", id, func(v map[string]any) { v["title"] = "new" })
	c.want(201, "POST /notes", `{"title":"made"}`)
	c.injectText("lag*2")
	c.want(200, "GET /notes/"+id, "")
	if !strings.Contains(c.raw, "new") {
		t.Errorf("the read lags: %s", c.raw)
	}
	c.want(200, "GET /notes", "")
	if !strings.Contains(c.raw, "old") || strings.Contains(c.raw, "new") || strings.Contains(c.raw, "made") {
		t.Errorf("the list does not lag: %s", c.raw)
	}
	c.want(200, "GET /notes:count", "")
	if !strings.Contains(c.raw, `"n":1`) {
		t.Errorf("the count does not lag: %s", c.raw)
	}
	c.want(200, "GET /notes", "")
	if !strings.Contains(c.raw, "new") || !strings.Contains(c.raw, "made") {
		t.Errorf("the list lags for good: %s", c.raw)
	}
}

func TestHiddenDuplicate(t *testing.T) {
	for text, want := range map[string]int{"duplicate": 2, "duplicate=hidden": 1} {
		c := page(t)
		c.injectText(text)
		written := 0
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { written++ }})
		r, err := http.NewRequestWithContext(ctx, "PATCH", "http://fake/pages/p", strings.NewReader(toSix))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := c.s.Transport().RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if written != want {
			t.Errorf("%s: written %d times, want %d", text, written, want)
		}
		c.pageIs("6", "mine")
	}
}

func (c *client) injectText(text string) {
	c.t.Helper()
	faults, err := ParseFaults(text)
	if err != nil {
		c.t.Fatal(err)
	}
	c.s.Inject(faults...)
}

func TestParseOtherStatusIsASuccess(t *testing.T) {
	for _, text := range []string{"status=404", "thin=much", "absurd=1", "duplicate=seen"} {
		if _, err := ParseFaults(text); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}
