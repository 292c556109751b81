package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/testdata/conformance"
)

const clientSecret = "app-secret-0815"

func tokenDescription() *description {
	d := testDescription("https://api.example.com")
	d.credentials = append(d.credentials, credentialScheme{
		name: "app", option: "WithApp", in: inHeader, param: "Authorization",
		token: &tokenRequest{
			url: "https://id.example.com/token", constants: map[string]string{"grant_type": "client_credentials"},
			token: "/access_token", expiresIn: "/expires_in",
		},
	})
	d.alternatives = append(d.alternatives, []string{"app"})
	return d
}

// tokens is a server of tokens t1, t2, … and of an API that takes the ones from valid on.
type tokens struct {
	mu          sync.Mutex
	asked       int
	body        string
	valid       int
	calls       []string // tokens that calls came with
	life        string
	tokenStatus int
}

func (s *tokens) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Host == "id.example.com" {
		s.asked++
		b, _ := io.ReadAll(r.Body)
		s.body = string(b)
		if s.tokenStatus != 0 {
			return reply(s.tokenStatus, `{"error":"`+clientSecret+`"}`, "Location: https://evil.example.com/"), nil
		}
		return reply(200, `{"access_token":"secret-token-`+strconv.Itoa(s.asked)+`","token_type":"Bearer"`+s.life+`}`), nil
	}
	token := r.Header.Get("Authorization")
	s.calls = append(s.calls, token)
	n, _ := strconv.Atoi(strings.TrimPrefix(token, "secret-token-"))
	if n < s.valid {
		return reply(401, "expired"), nil
	}
	return reply(200, `{"thing":{}}`), nil
}

func newAppCore(t *testing.T, s *tokens, opts ...ClientOption) *core {
	t.Helper()
	opts = append([]ClientOption{
		withTokenRequest("app", map[string]string{"client_id": "c1", "client_secret": clientSecret}),
		WithHTTPClient(&http.Client{Transport: s}), WithRandom(func() float64 { return 0.5 }),
	}, opts...)
	c, err := newCore(tokenDescription(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Callers share one token; it is asked for again shortly before it runs out.
func TestTokenIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &tokens{life: `,"expires_in":14400`}
		c := newAppCore(t, s)
		for range 20 {
			go func() {
				if _, err := getThing(context.Background(), c, "1"); err != nil {
					t.Error(err)
				}
			}()
		}
		synctest.Wait()
		if want := `{"client_id":"c1","client_secret":"` + clientSecret + `","grant_type":"client_credentials"}`; s.asked != 1 || s.body != want {
			t.Errorf("asked %d times with %s", s.asked, s.body)
		}
		time.Sleep(4*time.Hour - 6*time.Minute)
		_, _ = getThing(context.Background(), c, "1")
		if s.asked != 1 {
			t.Error("asked too early")
		}
		time.Sleep(time.Minute)
		_, _ = getThing(context.Background(), c, "1")
		if s.asked != 2 {
			t.Error("not asked again in time")
		}
	})
}

// A refused token is replaced once, for writes too: a 401 says that nothing was done.
func TestTokenIsReplacedOnce(t *testing.T) {
	for _, tt := range []struct {
		valid, asked, calls int
		fails               bool
	}{{1, 1, 1, false}, {2, 2, 2, false}, {9, 2, 2, true}} {
		s := &tokens{valid: tt.valid}
		_, err := saveThing(context.Background(), newAppCore(t, s), "1", thing{})
		if s.asked != tt.asked || len(s.calls) != tt.calls || errors.Is(err, ErrUnauthenticated) != tt.fails || (err != nil) != tt.fails {
			t.Errorf("%+v: asked %d, calls %q, %v", tt, s.asked, s.calls, err)
		}
	}
}

func TestManyCallersReplaceATokenOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &tokens{}
		c := newAppCore(t, s)
		_, _ = getThing(context.Background(), c, "1")
		s.mu.Lock()
		s.valid = 2
		s.mu.Unlock()
		for range 20 {
			go func() {
				if _, err := saveThing(context.Background(), c, "1", thing{}); err != nil {
					t.Error(err)
				}
			}()
		}
		synctest.Wait()
		if s.asked != 2 {
			t.Errorf("asked %d times", s.asked)
		}
	})
}

// What the token server says is not repeated, redirects of it are not followed, and a call without a token is not made.
func TestTokenRefused(t *testing.T) {
	for status, unauthenticated := range map[int]bool{400: true, 401: true, 307: false, 500: false} {
		synctest.Test(t, func(t *testing.T) {
			s := &tokens{tokenStatus: status}
			_, err := saveThing(context.Background(), newAppCore(t, s), "1", thing{})
			want := "things: saveThing: PATCH /v4/things/{id}: token: " + strconv.Itoa(status) + ", no token was given"
			if textOf(err) != want || errors.Is(err, ErrUnauthenticated) != unauthenticated || errors.Is(err, ErrAmbiguousWrite) ||
				len(s.calls) > 0 || s.asked != 1 {
				t.Errorf("asked %d, calls %q, %v", s.asked, s.calls, err)
			}
		})
	}
}

func TestTokenOptions(t *testing.T) {
	app := withTokenRequest("app", map[string]string{"client_id": "c1", "client_secret": clientSecret})
	base := WithBaseURL("https://other.example.com")
	for _, tt := range []struct {
		name string
		opts []ClientOption
		want string
	}{
		{"plain", []ClientOption{app}, ""},
		{"base URL alone", []ClientOption{app, base}, "things: WithApp: WithBaseURL needs WithTokenURL"},
		{"both URLs", []ClientOption{app, base, WithTokenURL("https://other.example.com/token")}, ""},
		{"http", []ClientOption{app, WithTokenURL("http://other.example.com/token")},
			"things: WithApp: token URL: http beyond loopback (other.example.com) needs WithInsecureHTTP"},
		{"no URL", []ClientOption{app, WithTokenURL("")}, "things: WithTokenURL: the URL is empty"},
		{"empty member", []ClientOption{withTokenRequest("app", map[string]string{"client_secret": ""})},
			"things: WithApp: client_secret: the value is empty, or has spaces around it or control characters"},
		{"with a key", []ClientOption{app, withCredential("apiKey", "k")},
			"things: credentials: want WithAPIKey with exactly one of WithSiteID and WithAccountID, or WithApp; have WithAPIKey and WithApp"},
		{"not a token", []ClientOption{withTokenRequest("apiKey", nil)}, "things: WithAPIKey: the scheme has no token request\n" +
			"credentials: want WithAPIKey with exactly one of WithSiteID and WithAccountID, or WithApp; have WithAPIKey"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newCore(tokenDescription(), tt.opts)
			if textOf(err) != tt.want {
				t.Errorf("have %q\nwant %q", textOf(err), tt.want)
			}
		})
	}
}

func TestTokenAnswers(t *testing.T) {
	for _, answer := range []string{"", "{}", `{"access_token":""}`, `{"access_token":"a\nb"}`, "<html>"} {
		c := newAppCore(t, nil, through(func(*http.Request) (*http.Response, error) { return reply(200, answer), nil }))
		if _, err := saveThing(context.Background(), c, "1", thing{}); !errors.Is(err, errTokenAnswer) {
			t.Errorf("%q: %v", answer, err)
		}
	}
}

// outage is a token server that can be down, or hang, and an API behind it.
type outage struct {
	tokens
	down, hangs bool
}

func (s *outage) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != "id.example.com" {
		return s.tokens.RoundTrip(r)
	}
	s.mu.Lock()
	down, hangs := s.down, s.hangs
	if down || hangs {
		s.asked++
	}
	s.mu.Unlock()
	if hangs {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	if down {
		time.Sleep(100 * time.Millisecond)
		return reply(503, ""), nil
	}
	return s.tokens.RoundTrip(r)
}

func (s *outage) set(down, hangs bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down, s.hangs, s.asked = down, hangs, 0
}

func newOutage(t *testing.T, opts ...ClientOption) (*outage, *core) {
	t.Helper()
	s := &outage{tokens: tokens{life: `,"expires_in":3600`}}
	return s, newAppCore(t, nil, append(opts, WithHTTPClient(&http.Client{Transport: s}))...)
}

// As long as a token is good, it does not matter that there is no new one yet, nor do calls wait for it one after the other.
func TestGoodTokenIsUsedMeanwhile(t *testing.T) {
	for _, hangs := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s, c := newOutage(t)
			if _, err := getThing(context.Background(), c, "1"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(3310 * time.Second) // the last 290 seconds of it
			s.set(true, hangs)
			began := time.Now()
			for range 100 {
				if _, err := getThing(context.Background(), c, "1"); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second)
			}
			if took := time.Since(began); took > 106*time.Second || s.asked == 0 || s.asked > 8 {
				t.Errorf("hangs %v: %d requests for a token, 100 calls in %v", hangs, s.asked, took)
			}
			s.set(false, false)
			time.Sleep(95 * time.Second)
			if _, err := getThing(context.Background(), c, "1"); err != nil || s.asked != 1 {
				t.Errorf("hangs %v: asked %d times, %v", hangs, s.asked, err)
			}
			synctest.Wait()
		})
	}
}

// Callers who need a token that does not come share the one failure, and nobody asks again before a while is over.
func TestFailureOfATokenIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := newOutage(t, WithRetryPolicy(RetryPolicy{MaxAttempts: 1}))
		s.set(true, false)
		began := time.Now()
		var all sync.WaitGroup
		call := func() {
			_, err := getThing(context.Background(), c, "1")
			if textOf(err) != "things: getThing: GET /v4/things/{id}: token: 503, no token was given" {
				t.Error(err)
			}
		}
		for range 64 {
			all.Go(call)
		}
		all.Wait()
		if took := time.Since(began); took != 100*time.Millisecond || s.asked != 1 {
			t.Errorf("%d requests for a token in %v", s.asked, took)
		}
		call()
		if s.asked != 1 {
			t.Error("asked again at once")
		}
		time.Sleep(2 * time.Second)
		s.set(false, false)
		if _, err := getThing(context.Background(), c, "1"); err != nil || s.asked != 1 {
			t.Errorf("asked %d times, %v", s.asked, err)
		}
	})
}

// A read that is tried again waits until a token is asked for again.
func TestReadsOutlastATokenOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := newOutage(t)
		s.set(true, false)
		time.AfterFunc(2*time.Second, func() { s.set(false, false) })
		if _, err := getThing(context.Background(), c, "1"); err != nil {
			t.Error(err)
		}
	})
}

// Who gives up while a token is asked for disturbs nobody, and the last one to do so ends the request.
func TestGivingUpATokenWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := newOutage(t, WithRetryPolicy(RetryPolicy{MaxAttempts: 1}))
		s.set(false, true)
		var gone [2]context.CancelFunc
		for i := range gone {
			ctx, cancel := context.WithCancel(context.Background())
			gone[i] = cancel
			go func() {
				if _, err := getThing(ctx, c, "1"); !errors.Is(err, context.Canceled) || errors.Is(err, ErrAmbiguousWrite) {
					t.Error(err)
				}
			}()
		}
		synctest.Wait()
		before := conformance.Goroutines()
		gone[0]()
		if n := before - conformance.Goroutines(); n != 1 {
			t.Errorf("%d goroutines ended with the first", n)
		}
		gone[1]()
		if n := before - conformance.Goroutines(); n < 3 || s.asked != 1 {
			t.Errorf("%d goroutines ended, asked %d times", n, s.asked)
		}
		s.set(false, false)
		if _, err := getThing(context.Background(), c, "1"); err != nil {
			t.Error(err)
		}
	})
}

// A hanging token server holds a call no longer than the call may take.
func TestTokenWaitIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := newOutage(t, WithTimeout(5*time.Second), WithRetryPolicy(RetryPolicy{MaxAttempts: 1}))
		s.set(false, true)
		began := time.Now()
		_, err := saveThing(context.Background(), c, "1", thing{})
		const want = "things: saveThing: PATCH /v4/things/{id}: token: no complete answer in time"
		if time.Since(began) != 5*time.Second || errors.Is(err, ErrAmbiguousWrite) || textOf(err) != want {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}

// The life of a token is what a number says, whatever its size.
func TestTokenLife(t *testing.T) {
	for _, life := range []string{`18446744074`, `9223372036854775807`, `"3600"`, `1e300`, `-5`, `null`} {
		synctest.Test(t, func(t *testing.T) {
			s := &tokens{life: `,"expires_in":` + life}
			c := newAppCore(t, s)
			for range 3 {
				if _, err := getThing(context.Background(), c, "1"); err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Minute)
			}
			if s.asked != 1 {
				t.Errorf("%s: asked %d times", life, s.asked)
			}
		})
	}
}
