package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// What must never be seen anywhere: every test that looks for leaks sends these.
const (
	secretKey   = "IST.secret-key-4711"
	secretSite  = "5f1cbe1d-0000-4000-8000-6c1f2ca00001"
	secretEmail = "ada.lovelace@example.com"
	secretPhone = "+15557654321"
)

var secrets = []string{secretKey, secretSite, secretEmail, secretPhone}

// The things and operations of an API made up for these tests.
type thing struct {
	ID    string `json:"id"`
	Email string `json:"email,omitempty"`
	Any   any    `json:"any,omitempty"`
	Count int32  `json:"count,omitempty"`
}

var (
	testErrors = errorFormat{
		code:        location{in: inBody, at: "/details/applicationError/code"},
		message:     location{in: inBody, at: "/message"},
		description: location{in: inBody, at: "/details/applicationError/description"},
		data:        location{in: inBody, at: "/details/applicationError/data"},
		violations:  location{in: inBody, at: "/details/validationError/fieldViolations"},
		violation:   violationMembers{field: "field", description: "description", rule: "violatedRule", ruleName: "ruleName"},
		requestID:   location{in: inHeader, name: "X-Request-Id"},
		retryAfter:  0,
	}
	opGet   = operation{id: "getThing", method: "GET", path: "/v4/things/{id}", safe: true, result: "/thing"}
	opList  = operation{id: "listThings", method: "GET", path: "/v4/things", safe: true}
	opQuery = operation{id: "queryThings", method: "POST", path: "/v4/things/query", safe: true}
	opSave  = operation{
		id: "saveThing", method: "PATCH", path: "/v4/things/{id}", watch: watchWire, result: "/thing",
		conflict: []conflictRule{{status: 409, code: "ALREADY_CHANGED"}, {status: 500, text: pattern("out of sequence")},
			{status: 200, body: "false"}},
		terminal: []conflictRule{{status: 409, code: "DUPLICATE"}},
		codes:    []codeClass{{code: "DUPLICATE", class: &ErrAlreadyExists}, {code: "LOCKED", class: &ErrPrecondition}},
	}
	opDelete = operation{id: "deleteThing", method: "DELETE", path: "/v4/things/{id}", watch: watchWire}
)

func testDescription(baseURL string) *description {
	return &description{
		name: "things", baseURL: baseURL, errors: testErrors,
		credentials: []credentialScheme{
			{name: "apiKey", option: "WithAPIKey", in: inHeader, param: "Authorization"},
			{name: "siteId", option: "WithSiteID", in: inHeader, param: "x-site-id"},
			{name: "accountId", option: "WithAccountID", in: inHeader, param: "x-account-id"},
		},
		alternatives: [][]string{{"apiKey", "siteId"}, {"apiKey", "accountId"}},
	}
}

// newTestCore makes a client with credentials of a server.
func newTestCore(t *testing.T, baseURL string, opts ...ClientOption) *core {
	t.Helper()
	given := []ClientOption{withCredential("apiKey", secretKey), withCredential("siteId", secretSite), WithRandom(func() float64 {
		return 0.5
	})}
	c, err := newCore(testDescription(baseURL), append(given, opts...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// serve starts a server on loopback.
func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// transport is a server in the same process, for bubbles of testing/synctest.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return f(r)
}

// through sends the requests of a client to f.
func through(f transport) ClientOption { return WithHTTPClient(&http.Client{Transport: f}) }

// reply is an answer of a transport; headers are "Name: value".
func reply(status int, body string, headers ...string) *http.Response {
	h := http.Header{}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h,
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

func getThing(ctx context.Context, c *core, id string, opts ...CallOption) (*thing, error) {
	return call[thing](ctx, c, &opGet, []string{id}, requestBody{}, opts)
}

func saveThing(ctx context.Context, c *core, id string, v any, opts ...CallOption) (*thing, error) {
	return call[thing](ctx, c, &opSave, []string{id}, jsonBody(v), opts)
}

// apiError is the error as the type that answers become.
func apiError(t *testing.T, err error) *APIError {
	t.Helper()
	var e *APIError
	if !errors.As(err, &e) {
		t.Fatalf("want an *APIError, have %T: %v", err, err)
	}
	return e
}

// wantSealed fails when a text shows what must not be seen.
func wantSealed(t *testing.T, text string) {
	t.Helper()
	for _, s := range secrets {
		if strings.Contains(text, s) {
			t.Errorf("%q is seen in %s", s, text)
		}
	}
}

func mustURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
