package fake

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// client sends requests to a server in process and remembers the last answer.
type client struct {
	t      *testing.T
	s      *Server
	status int
	header http.Header
	body   any
	raw    string
}

func newClient(t *testing.T, a *api, options ...Option) *client {
	t.Helper()
	return &client{t: t, s: newTestServer(a, nil, t, options)}
}

// do sends "METHOD /path" with headers "Name: value", and gives the answer's status.
func (c *client) do(line, body string, headers ...string) int {
	c.t.Helper()
	response, err := c.send(c.t.Context(), line, body, headers...)
	if err != nil {
		c.t.Fatalf("%s: %v", line, err)
	}
	data, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatalf("%s: %v", line, err)
	}
	c.status, c.header, c.raw, c.body = response.StatusCode, response.Header, string(data), nil
	if len(data) > 0 {
		if c.body, err = decode(data); err != nil {
			c.t.Fatalf("%s: %v in %s", line, err, data)
		}
	}
	return c.status
}

func (c *client) send(ctx context.Context, line, body string, headers ...string) (*http.Response, error) {
	method, path, _ := strings.Cut(line, " ")
	r, err := http.NewRequestWithContext(ctx, method, "http://api.example.com"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	return c.s.Transport().RoundTrip(r)
}

// want does a request and checks the status.
func (c *client) want(status int, line, body string, headers ...string) {
	c.t.Helper()
	if got := c.do(line, body, headers...); got != status {
		c.t.Fatalf("%s answered %d %s, want %d", line, got, c.raw, status)
	}
}

// at gives a scalar of the last answer.
func (c *client) at(pointer string) string {
	v, _ := lookup(c.body, pointer)
	return text(v)
}

// is checks scalars of the last answer: pointer, value, pointer, value ….
func (c *client) is(pairs ...string) {
	c.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if got := c.at(pairs[i]); got != pairs[i+1] {
			c.t.Errorf("%s is %q, want %q in %s", pairs[i], got, pairs[i+1], c.raw)
		}
	}
}

func escape(s string) string { return url.QueryEscape(s) }
