package client

import (
	"context"
	"io"
	"net/http"
	"testing"
)

// Reads follow redirects within scheme, host and port; writes follow none; nobody else sees a credential.
func TestRedirects(t *testing.T) {
	const home = "https://api.example.com"
	for _, tt := range []struct {
		name    string
		op      *operation
		status  int
		to      string
		follows bool
	}{
		{"read, same host", &opGet, 302, home + "/v4/elsewhere", true},
		{"read, relative", &opGet, 301, "/v4/elsewhere", true},
		{"read, 308", &opGet, 308, "/v4/elsewhere", true},
		{"read, other host", &opGet, 302, "https://evil.example.com/", false},
		{"read, subdomain", &opGet, 302, "https://sub.api.example.com/", false},
		{"read, parent domain", &opGet, 302, "https://example.com/", false},
		{"read, http", &opGet, 302, "http://api.example.com/", false},
		{"read, other port", &opGet, 302, home + ":8443/", false},
		{"read, user information", &opGet, 302, "https://x@evil.example.com/", false},
		{"query, 307 with body", &opQuery, 307, "/v4/elsewhere", true},
		{"query, 307 with body, other host", &opQuery, 307, "https://evil.example.com/", false},
		{"query, 302 would make a GET of it", &opQuery, 302, "/v4/elsewhere", false},
		{"write, 307 with body", &opSave, 307, "/v4/elsewhere", false},
		{"write, 308 with body, other host", &opSave, 308, "https://evil.example.com/", false},
		{"write, 303", &opSave, 303, "/v4/elsewhere", false},
		{"delete, 302", &opDelete, 302, "/v4/elsewhere", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var followed *http.Request
			sent := ""
			c := newTestCore(t, home, WithRetryPolicy(RetryPolicy{MaxAttempts: 1}), through(func(r *http.Request) (*http.Response, error) {
				if r.URL.Host == "api.example.com" && r.URL.Path != "/v4/elsewhere" && r.URL.Scheme == "https" {
					return reply(tt.status, "moved", "Location: "+tt.to), nil
				}
				followed = r
				if r.Body != nil {
					b, _ := io.ReadAll(r.Body)
					sent = string(b)
				}
				return reply(200, `{}`), nil
			}))
			var path []string
			if tt.op != &opQuery {
				path = []string{"1"}
			}
			var b requestBody
			if tt.op == &opQuery || tt.op == &opSave {
				b = jsonBody(map[string]int{"a": 1})
			}
			err := callNothing(context.Background(), c, tt.op, path, b, nil)
			switch {
			case tt.follows && (err != nil || followed == nil):
				t.Fatalf("not followed: %v", err)
			case tt.follows && (b.value != nil) != (sent == `{"a":1}`):
				t.Errorf("sent %q", sent)
			case tt.follows && (followed.Header.Get("Referer") != "" || followed.Header.Get("Authorization") != secretKey):
				t.Errorf("headers: %v", followed.Header)
			case !tt.follows && followed != nil:
				t.Errorf("went to %s with %v", followed.URL, followed.Header)
			case !tt.follows && apiError(t, err).Status != tt.status:
				t.Error(err)
			}
		})
	}
}

func TestRedirectsEnd(t *testing.T) {
	hops := 0
	c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) {
		hops++
		return reply(302, "", "Location: /v4/things"), nil
	}))
	err := callNothing(context.Background(), c, &opList, nil, requestBody{}, nil)
	if e := apiError(t, err); e.Status != 302 || hops != maxRedirects+1 {
		t.Errorf("%d hops, %v", hops, err)
	}
}

// The caller's http.Client keeps what it had, and what it has is used.
func TestHTTPClientIsNotChanged(t *testing.T) {
	h := &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) { return reply(200, "{}"), nil })}
	c := newTestCore(t, "https://api.example.com", WithHTTPClient(h))
	if err := callNothing(context.Background(), c, &opList, nil, requestBody{}, nil); err != nil {
		t.Fatal(err)
	}
	if h.CheckRedirect != nil || h.Jar != nil || h.Timeout != 0 {
		t.Error("the client was changed")
	}
}
