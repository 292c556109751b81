package client

import (
	"context"
	"net/http"
	"testing"
)

// Credentials travel in the clear only where nobody else listens, unless asked for.
func TestBaseURL(t *testing.T) {
	for _, tt := range []struct{ url, want string }{
		{"https://api.example.com", "https://api.example.com/v4/things"},
		{"https://api.example.com/", "https://api.example.com/v4/things"},
		{"https://api.example.com:8443/a%2Fb/c/", "https://api.example.com:8443/a%2Fb/c/v4/things"},
		{"http://localhost:1", "http://localhost:1/v4/things"},
		{"http://127.0.0.1:1", "http://127.0.0.1:1/v4/things"},
		{"http://[::1]:1", "http://[::1]:1/v4/things"},
		{"http://api.example.com", "things: base URL: http beyond loopback (api.example.com) needs WithInsecureHTTP"},
		{"http://localhost.example.com", "things: base URL: http beyond loopback (localhost.example.com) needs WithInsecureHTTP"},
		{"http://10.0.0.1", "things: base URL: http beyond loopback (10.0.0.1) needs WithInsecureHTTP"},
		{"ftp://api.example.com", "things: base URL: the scheme is neither https nor http"},
		{"api.example.com", "things: base URL: the scheme is neither https nor http"},
		{"https://", "things: base URL: the host is missing"},
		{"https://user:" + secretKey + "@api.example.com", "things: base URL: it has user information"},
		{"https://api.example.com?key=" + secretKey, "things: base URL: it has a query or a fragment"},
		{"https://api.example.com/%zz" + secretKey, "things: base URL: it is malformed"},
		{"", "things: WithBaseURL: the URL is empty"},
	} {
		t.Run(tt.url, func(t *testing.T) {
			got := ""
			c, err := newCore(testDescription("https://other.example.com"), []ClientOption{
				withCredential("apiKey", "k"), withCredential("siteId", "s"), WithBaseURL(tt.url),
				through(func(r *http.Request) (*http.Response, error) {
					got = r.URL.String()
					return reply(200, "{}"), nil
				}),
			})
			if err != nil {
				got = err.Error()
			} else if err := callNothing(context.Background(), c, &opList, nil, requestBody{}, nil); err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("have %q, want %q", got, tt.want)
			}
		})
	}
}

func TestInsecureHTTP(t *testing.T) {
	newTestCore(t, "http://api.example.com", WithInsecureHTTP())
}
