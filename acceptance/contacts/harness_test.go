package contacts_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// What every test that looks for leaks sends. None of it may turn up anywhere else.
const (
	theKey     = "IST.the-key-4711"
	theSite    = "5f1cbe1d-0000-4000-8000-6c1f2ca00001"
	theAccount = "5f1cbe1d-0000-4000-8000-6c1f2ca00002"
	theEmail   = "ada.lovelace@example.com"
	thePhone   = "+12025550143"
)

// handler is a server in the same process. It may be asked by several goroutines.
type handler func(r *http.Request, body string) *http.Response

// server answers the requests of a client and keeps them.
type server struct {
	handle handler

	mu   sync.Mutex
	seen []request
}

// request is what a server was sent.
type request struct {
	method, host, path, query string // the path escaped, the query as it came
	header                    http.Header
	body                      string
}

// line is the request line, without the version.
func (r request) line() string {
	if r.query == "" {
		return r.method + " " + r.path
	}
	return r.method + " " + r.path + "?" + r.query
}

func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	body := ""
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = string(b)
	}
	s.mu.Lock()
	s.seen = append(s.seen, request{r.Method, r.URL.Host, r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Clone(), body})
	s.mu.Unlock()
	resp := s.handle(r, body)
	if resp == nil {
		return nil, io.ErrUnexpectedEOF
	}
	resp.Request = r
	return resp, nil
}

// requests are those that were sent so far.
func (s *server) requests() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]request(nil), s.seen...)
}

// reply is an answer; headers are "Name: value".
func reply(status int, body string, headers ...string) *http.Response {
	h := http.Header{}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// always answers every request in the same way.
func always(status int, body string, headers ...string) handler {
	return func(*http.Request, string) *http.Response { return reply(status, body, headers...) }
}

// clientOf makes a client of a server in the same process, with an API key.
func clientOf(t *testing.T, handle handler, opts ...contacts.ClientOption) (*contacts.Client, *server) {
	t.Helper()
	s := &server{handle: handle}
	given := []contacts.ClientOption{
		contacts.WithAPIKey(theKey), contacts.WithSiteID(theSite),
		contacts.WithHTTPClient(&http.Client{Transport: s}), contacts.WithRandom(func() float64 { return 0.5 }),
	}
	c, err := contacts.NewClient(append(given, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

// clientFor makes a client of a fake in the same process, which waits as little as it may.
func clientFor(t *testing.T, srv *contactstest.Server) *contacts.Client {
	t.Helper()
	c, err := clientThrough(srv.Transport(), contacts.WithRandom(func() float64 { return 0 }))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// once switches retries off.
var once = contacts.WithRetryPolicy(contacts.RetryPolicy{MaxAttempts: 1})

// sameJSON reports whether two texts are the same JSON, numbers digit by digit.
func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	return reflect.DeepEqual(tree(t, a), tree(t, b))
}

func tree(t *testing.T, s string) any {
	t.Helper()
	if s == "" {
		return nil
	}
	var v any
	decode(t, s, &v)
	return v
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func background() context.Context { return context.Background() }

// ptr is contacts.Ptr under a name that does not fill the tables.
func ptr[T any](v T) *T { return contacts.Ptr(v) }
