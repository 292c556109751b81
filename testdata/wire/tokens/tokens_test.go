package tokens

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"shapes/script"
)

const (
	theID     = "id+1"
	theSecret = "s:ecret ü"
	asBasic   = "> Authorization: Basic aWQlMkIxOnMlM0FlY3JldCslQzMlQkM=\n" // both are escaped as in a form
)

// The client asks where the description says, which is a place of the server, in the form that OAuth has; it asks again before the token
// runs out, and once when the server refuses it.
func TestTokensOfTheDescription(t *testing.T) {
	const ask = `
		> POST /oauth/token
		> Content-Type: application/x-www-form-urlencoded
		` + asBasic + `
		> grant_type=client_credentials&scope=read+write
		< 200
		< Content-Type: application/json
		< {"access_token":"t%d","token_type":"Bearer","expires_in":3600}
	`
	const call = `
		> GET /v1/me
		> Authorization: Bearer t%d
		< %d
	`
	url := script.Serve(t, fmt.Sprintf(ask+call+call, 1, 1, 204, 1, 204)+ // shared
		fmt.Sprintf(ask+call, 2, 2, 204)+ // early
		fmt.Sprintf(call+ask+call, 2, 401, 3, 3, 204)) // refused
	clock := &script.Clock{}
	c, err := NewClient(WithBaseURL(url+"/v1"), WithMachineClientCredentials(theID, theSecret, "read", "write"), WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	for _, wait := range []time.Duration{0, 50 * time.Minute, 6 * time.Minute, 0} {
		if err := clock.Sleep(context.Background(), wait); err != nil {
			t.Fatal(err)
		}
		if err := c.Machines.GetMe(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

// A server that does not know HTTP's Basic scheme is told in the form, and from then on at once.
func TestTokensByTheForm(t *testing.T) {
	const form = `
		> POST /oauth/token
		> -Authorization
		> client_id=id%2B1&client_secret=s%3Aecret+%C3%BC&grant_type=client_credentials
		< 200
		< {"access_token":"t"}
	`
	const call = `
		> GET /me
		> Authorization: Bearer t
	`
	url := script.Serve(t, `
		> POST /oauth/token
		`+asBasic+`
		> grant_type=client_credentials
		< 401
		< {"error":"invalid_client"}
	`+form+call+"< 401\n"+form+call+"< 204\n")
	c, err := NewClient(WithBaseURL(url), WithMachineClientCredentials(theID, theSecret))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Machines.GetMe(context.Background()); err != nil {
		t.Error(err)
	}
}

// A description of its own goes before the flow, and the option is the one that it makes.
func TestBothKeepToTheExtension(t *testing.T) {
	url := script.Serve(t, `
		> POST /own
		> Content-Type: application/json
		> {"app":"a","grant_type":"client_credentials"}
		< 200
		< {"token":"t"}
		> GET /v1/both
		> Authorization: Bearer t
		< 204
	`)
	c, err := NewClient(WithBaseURL(url+"/v1"), WithBoth("a"), WithTokenURL(url+"/own"))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Machines.GetBoth(context.Background()); err != nil {
		t.Error(err)
	}
}

// service gives tokens at /id, and takes them everywhere else.
type service struct {
	asked, calls atomic.Int32
	answer       func(w http.ResponseWriter)
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/id" {
		s.calls.Add(1)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.asked.Add(1)
	s.answer(w)
}

// Callers share one request for a token, and one failure of it; which of OAuth's reasons it was is said, and nothing of what was sent.
func TestCallersShareATokenAndItsFailure(t *testing.T) {
	for _, fails := range []bool{false, true} {
		s := &service{answer: func(w http.ResponseWriter) {
			if fails {
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprintf(w, `{"error":"invalid_scope","error_description":%q}`, theSecret)
				return
			}
			fmt.Fprint(w, `{"access_token":"t","expires_in":3600}`)
		}}
		h := httptest.NewServer(s)
		defer h.Close()
		c, err := NewClient(WithBaseURL(h.URL), WithIdentityClientCredentials(theID, theSecret, "everything"),
			WithTokenURL(h.URL+"/id?tenant=1"), WithRetryPolicy(RetryPolicy{MaxAttempts: 1}))
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 32 {
			all.Add(1)
			go func() {
				defer all.Done()
				err := c.Machines.GetElsewhere(t.Context())
				if !fails && err != nil {
					t.Error(err)
				}
				if fails && (!errors.Is(err, ErrUnauthenticated) ||
					err.Error() != "tokens: getElsewhere: GET /elsewhere: token: 400 invalid_scope, no token was given") {
					t.Error(err)
				}
			}()
		}
		all.Wait()
		if n := s.asked.Load(); n != 1 || fails != (s.calls.Load() == 0) {
			t.Errorf("fails %v: %d requests for a token, %d calls", fails, n, s.calls.Load())
		}
	}
}

// The secret goes to the description's token server or to one that the caller named, and to no other: not to where a redirect leads, nor to
// the description's when everything else goes elsewhere, nor in the clear. No error has it.
func TestTheSecretStays(t *testing.T) {
	other := &service{answer: func(w http.ResponseWriter) { fmt.Fprint(w, `{"access_token":"t"}`) }}
	there := httptest.NewServer(other)
	defer there.Close()
	leading := &service{answer: func(w http.ResponseWriter) {
		w.Header().Set("Location", there.URL+"/id")
		w.WriteHeader(http.StatusTemporaryRedirect)
	}}
	here := httptest.NewServer(leading)
	defer here.Close()
	c, err := NewClient(WithBaseURL(here.URL), WithIdentityClientCredentials(theID, theSecret), WithTokenURL(here.URL+"/id"),
		WithRetryPolicy(RetryPolicy{MaxAttempts: 1}))
	if err != nil {
		t.Fatal(err)
	}
	err = c.Machines.GetElsewhere(t.Context())
	if err == nil || strings.Contains(err.Error(), "ecret") || strings.Contains(err.Error(), "id+1") || other.asked.Load() != 0 {
		t.Errorf("%d requests elsewhere, %v", other.asked.Load(), err)
	}
	identity := WithIdentityClientCredentials(theID, theSecret)
	for want, opts := range map[string][]ClientOption{
		"WithIdentity or WithIdentityClientCredentials: WithBaseURL needs WithTokenURL": {identity, WithBaseURL("https://proxy.example.com")},
		"http beyond loopback (id.example.com) needs WithInsecureHTTP":                  {identity, WithTokenURL("http://id.example.com/token")},
		"the description has no token URL that can be asked":                            {WithTenantClientCredentials(theID, theSecret)},
		"client_secret: the value is empty":                                             {WithIdentityClientCredentials(theID, "")},
		"a scope is empty":                                                              {WithIdentityClientCredentials(theID, theSecret, "a", "", "b")},
	} {
		if _, err := NewClient(opts...); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), theSecret) {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
	if _, err := NewClient(identity); err != nil {
		t.Error(err)
	}
	if c, err := NewClient(WithTenantClientCredentials(theID, theSecret), WithTokenURL("https://id.example.com/7/token")); err != nil ||
		strings.Contains(fmt.Sprintf("%+v %#v", c, c), theID) {
		t.Errorf("%+v, %v", c, err)
	}
}
