package fake

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// page is a client with one page at revision 5.
func page(t *testing.T) *client {
	c := newClient(t, &notes)
	c.s.Seed("Page", `{"id":"p","version":"5","text":"a"}`)
	return c
}

const toSix = `{"page":{"version":"6","text":"mine"}}`

func (c *client) pageIs(version, text string) {
	c.t.Helper()
	var p struct{ Version, Text string }
	if c.s.Get("Page", "p", &p); p.Version != version || p.Text != text {
		c.t.Errorf("the page is %+v, want %s at %s", p, text, version)
	}
}

func TestConflictIsARealRival(t *testing.T) {
	c := page(t)
	c.s.Inject(Fault{Kind: Conflict, Operation: "updatePage", Times: 2, Edit: func(v map[string]any) { v["text"] = "theirs" }})
	for range 2 {
		c.want(200, "PATCH /pages/p", toSix)
		if c.raw != "false" {
			t.Error(c.raw)
		}
	}
	c.pageIs("7", "theirs")
	c.want(200, "PATCH /pages/p", `{"page":{"version":"8"}}`)
	c.is("/page/version", "8")
	if got := c.s.Requests("updatePage"); len(got) != 3 || got[0].Faults != "conflict" || got[2].Faults != "" {
		t.Errorf("%+v", got)
	}
}

func TestRefuseMovesNothing(t *testing.T) {
	c := page(t)
	c.s.Inject(Fault{Kind: Refuse})
	c.want(200, "PATCH /pages/p", toSix)
	if c.raw != "false" {
		t.Error(c.raw)
	}
	c.pageIs("5", "a")
}

func TestLostRequestsAndAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		fault   Fault
		version string
	}{
		"not applied": {Fault{Kind: Drop}, "5"},
		"applied":     {Fault{Kind: Drop, Applied: true}, "6"},
		"late":        {Fault{Kind: Late}, "5"},
	} {
		c := page(t)
		c.s.Inject(test.fault)
		if _, err := c.send(t.Context(), "PATCH /pages/p", toSix); err == nil {
			t.Errorf("%s: there was an answer", name)
		}
		if got := c.s.Revision("Page", "p"); got != test.version {
			t.Errorf("%s: revision %s", name, got)
		}
	}
}

func TestLateLandsBeforeTheNextWrite(t *testing.T) {
	c := page(t)
	c.s.Inject(Fault{Kind: Late})
	if _, err := c.send(t.Context(), "PATCH /pages/p", toSix); err == nil {
		t.Error("there was an answer")
	}
	c.want(200, "PATCH /pages/p", toSix)
	if c.raw != "false" {
		t.Errorf("the late copy did not land first: %s", c.raw)
	}
	c.pageIs("6", "mine")
}

func TestDuplicateAnswersTheSecondDelivery(t *testing.T) {
	c := page(t)
	c.s.Inject(Fault{Kind: Duplicate})
	c.want(200, "PATCH /pages/p", toSix)
	if c.raw != "false" {
		t.Error(c.raw)
	}
	c.pageIs("6", "mine")
}

// However the answer fares, the record knows how often a request took effect; and package httptrace sees one that is sent twice.
func TestAppliedIsCountedWhateverTheAnswer(t *testing.T) {
	for name, test := range map[string]struct {
		faults         []Fault
		applied, wrote int
	}{
		"nothing goes wrong":   {nil, 1, 1},
		"refused":              {[]Fault{{Kind: Conflict}}, 0, 1},
		"dropped":              {[]Fault{{Kind: Drop}}, 0, 1},
		"dropped when applied": {[]Fault{{Kind: Drop, Applied: true}}, 1, 1},
		"failed":               {[]Fault{{Kind: Fail}}, 0, 1},
		"failed when applied":  {[]Fault{{Kind: Fail, Applied: true}}, 1, 1},
		"twice, guarded":       {[]Fault{{Kind: Duplicate}}, 1, 2},
		"late":                 {[]Fault{{Kind: Late}}, 0, 1},
	} {
		c, wrote := page(t), 0
		c.s.Inject(test.faults...)
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { wrote++ }})
		_, _ = c.send(ctx, "PATCH /pages/p", toSix) // some have no answer
		if got := c.s.Requests()[0].Applied; got != test.applied || wrote != test.wrote {
			t.Errorf("%s: applied %d times, want %d; written %d times, want %d", name, got, test.applied, wrote, test.wrote)
		}
	}
}

func TestADuplicateThatIsNotGuardedIsAppliedTwice(t *testing.T) {
	c := newClient(t, &notes)
	c.s.Inject(Fault{Kind: Duplicate})
	c.want(201, "POST /notes", `{"title":"a"}`)
	c.want(200, "GET /health", "")
	if got := c.s.Requests(); got[0].Applied != 2 || got[1].Applied != 0 {
		t.Errorf("applied %d and %d times", got[0].Applied, got[1].Applied)
	}
}

func TestLand(t *testing.T) {
	c := page(t)
	c.s.Inject(Fault{Kind: Late}, Fault{Kind: Normalise, Edit: func(v map[string]any) { v["text"] = "theirs" }})
	if _, err := c.send(t.Context(), "PATCH /pages/p", toSix); err == nil {
		t.Error("there was an answer")
	}
	c.pageIs("5", "a")
	for range 2 { // there is nothing more to land
		c.s.Land()
		c.pageIs("6", "theirs")
	}
	if got := c.s.Requests()[0]; got.Applied != 1 || got.Status != 0 {
		t.Errorf("%+v", got)
	}
}

func TestThrottleAndFail(t *testing.T) {
	c := page(t)
	c.s.Inject(Fault{Kind: Throttle, RetryAfter: "2"}, Fault{Kind: Throttle})
	c.want(429, "PATCH /pages/p", toSix)
	if c.header.Get("Retry-After") != "2" {
		t.Error(c.header)
	}
	c.want(429, "PATCH /pages/p", toSix)
	if c.header.Get("Retry-After") != "" {
		t.Error(c.header)
	}
	c.s.Inject(Fault{Kind: Fail}, Fault{Kind: Fail, Status: 500, Applied: true})
	c.want(503, "PATCH /pages/p", toSix)
	c.pageIs("5", "a")
	c.want(500, "PATCH /pages/p", toSix)
	c.pageIs("6", "mine")
}

func TestFaultsAreForAnOperationAKeyAndAChance(t *testing.T) {
	c := page(t)
	c.s.Inject(Fault{Kind: Fail, Operation: "getNote"}, Fault{Kind: Fail, Key: "q", Times: -1})
	c.want(200, "PATCH /pages/p", toSix)
	c.want(503, "PATCH /pages/q", toSix)
	c.want(503, "PATCH /pages/q", toSix)
	c.s.Heal()
	c.want(404, "PATCH /pages/q", toSix)
	failed := func(seed uint64) (pattern string) {
		c := newClient(t, &notes, WithSeed(seed))
		c.s.Inject(Fault{Kind: Fail, Chance: 0.3, Times: -1})
		for range 100 {
			pattern += map[int]string{200: ".", 503: "x"}[c.do("GET /health", "")]
		}
		return pattern
	}
	first, again := failed(7), failed(7)
	if n := strings.Count(first, "x"); n < 15 || n > 45 || first != again || first == failed(8) {
		t.Errorf("chance is not a seeded one: %d of 100", n)
	}
}

func TestStaleReads(t *testing.T) {
	c := newClient(t, &notes)
	id := c.s.Seed("Note", `{"title":"0"}`)
	for _, title := range []string{"1", "2", "3"} {
		c.s.Edit("Note", id, func(v map[string]any) { v["title"] = title })
	}
	c.s.Inject(Fault{Kind: Stale}, Fault{Kind: Stale, Back: 2}, Fault{Kind: Stale, Back: 99})
	tags := map[string]bool{}
	for _, want := range []string{"2", "1", "0", "3"} {
		c.want(200, "GET /notes/"+id, "")
		c.is("/title", want)
		tags[c.header.Get("ETag")] = true
	}
	if len(tags) != 4 {
		t.Error("a stale read carries a token that is not of its state")
	}
}

func TestNormalise(t *testing.T) {
	c := newClient(t, &notes)
	c.s.Inject(Fault{Kind: Normalise}, Fault{Kind: Normalise, Edit: func(v map[string]any) { v["title"] = "B" }})
	c.want(201, "POST /notes", `{"title":" a ","parts":[{"text":" x"}]}`)
	c.is("/title", "a", "/parts/0/text", "x")
	if c.at("/parts/0/id") == "" {
		t.Error("items have no ids")
	}
	c.want(201, "POST /notes", `{"title":"b"}`)
	c.is("/title", "B")
}

func TestBrokenBodies(t *testing.T) {
	c := page(t)
	server := newTestServer(&notes, nil, t, nil)
	for name, do := range map[string]func() (*http.Response, error){
		"in process": func() (*http.Response, error) { return c.send(t.Context(), "GET /health", "") },
		"network":    func() (*http.Response, error) { return fetch(t, http.MethodGet, server.URL()+"/health", "") },
	} {
		for _, s := range []*Server{c.s, server} {
			s.Inject(Fault{Kind: Truncate, Bytes: 4}, Fault{Kind: Endless, Skip: 1})
		}
		response, err := do()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(response.Body)
		if string(data) != `{"ok` || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: truncated to %q, %v", name, data, err)
		}
		if response, err = do(); err != nil {
			t.Fatal(err)
		}
		data, err = io.ReadAll(io.LimitReader(response.Body, 1<<20))
		if len(data) != 1<<20 || err != nil || !strings.HasPrefix(string(data), `{"ok":true `) {
			t.Errorf("%s: %d bytes of an endless body, %v", name, len(data), err)
		}
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
		c.s.Heal()
		server.Heal()
	}
}

func TestDroppedOnTheNetwork(t *testing.T) {
	s := newTestServer(&notes, nil, t, nil)
	s.Inject(Fault{Kind: Drop, Times: -1})
	if response, err := fetch(t, http.MethodPost, s.URL()+"/notes", `{"title":"a"}`); err == nil {
		t.Errorf("there was an answer: %s", response.Status)
	}
	if s.Count("createNote") == 0 || s.Requests()[0].Status != 0 {
		t.Errorf("%+v", s.Requests())
	}
}

func TestDelayOnAVirtualClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, &notes)
		c.s.Inject(Fault{Kind: Delay, Delay: time.Hour, Times: 2})
		began := time.Now()
		c.want(200, "GET /health", "")
		if time.Since(began) != time.Hour {
			t.Errorf("waited %v", time.Since(began))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := c.send(ctx, "GET /health", ""); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

func TestRecordIsARing(t *testing.T) {
	c := newClient(t, &notes, WithRecord(2))
	for _, path := range []string{"/a", "/health?x=1", "/health"} {
		c.do("GET "+path, "", "X-Test: 1")
	}
	got := c.s.Requests()
	if len(got) != 2 || got[0].Query.Get("x") != "1" || got[0].Number != 2 || got[1].Number != 3 || got[1].Header.Get("X-Test") != "1" ||
		string(got[1].Answer) != `{"ok":true}` {
		t.Errorf("%+v", got)
	}
	if c.s.Count() != 3 || c.s.Count("health") != 2 || c.s.Count("") != 1 {
		t.Error(c.s.Count(), c.s.Count("health"))
	}
	if c.s.Forget(); c.s.Count() != 0 || c.s.Requests() != nil {
		t.Error("not forgotten")
	}
}

// A writer that doesn't read again after a conflict loses; one that does never loses an update.
func TestConcurrentWritersNeverLoseAnUpdate(t *testing.T) {
	s := newTestServer(&notes, nil, t, nil)
	id := s.Seed("Note", `{"title":"t","log":[]}`)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			c := &client{t: t, s: s}
			for done := 0; done < 20; {
				c.do("GET /notes/"+id, "")
				tag, o := c.header.Get("ETag"), c.body.(object)
				body, _ := encode(object{"title": "t", "log": append(o["log"].([]any), "x")})
				if c.do("PUT /notes/"+id, string(body), "If-Match: "+tag) == 200 {
					done++
				}
			}
		})
	}
	wg.Wait()
	var note struct{ Log []string }
	if s.Get("Note", id, &note); len(note.Log) != 160 {
		t.Errorf("%d of 160 updates are left", len(note.Log))
	}
}

// fetch sends a request over the network.
func fetch(t *testing.T, method, url, body string) (*http.Response, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return http.DefaultClient.Do(r)
}
