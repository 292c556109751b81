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
			if textOf(err) != want || errors.Is(err, ErrUnauthenticated) != unauthenticated || errors.Is(err, ErrAmbiguousWrite) || len(s.calls) > 0 || s.asked != 1 {
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
		{"http", []ClientOption{app, WithTokenURL("http://other.example.com/token")}, "things: WithApp: token URL: http beyond loopback (other.example.com) needs WithInsecureHTTP"},
		{"no URL", []ClientOption{app, WithTokenURL("")}, "things: WithTokenURL: the URL is empty"},
		{"empty member", []ClientOption{withTokenRequest("app", map[string]string{"client_secret": ""})}, "things: WithApp: client_secret: the value is empty, or has spaces around it or control characters"},
		{"with a key", []ClientOption{app, withCredential("apiKey", "k")}, "things: credentials: want WithAPIKey with exactly one of WithSiteID and WithAccountID, or WithApp; have WithAPIKey and WithApp"},
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
