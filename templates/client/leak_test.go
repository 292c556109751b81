package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

// No error, log record or printed line of a client shows a credential or what was in a request, whatever the server does
// with them.
func TestNothingLeaks(t *testing.T) {
	echo := strings.Join(secrets, " ")
	for _, tt := range []struct {
		name   string
		answer func() (*http.Response, error)
	}{
		{"success", func() (*http.Response, error) {
			return reply(200, `{"thing":{"email":"`+secretEmail+`"}}`, "X-Request-Id: r-1"), nil
		}},
		{"undecodable", func() (*http.Response, error) { return reply(200, `{"thing":{"count":`+secretPhone[1:]+`}}`), nil }},
		{"not JSON", func() (*http.Response, error) { return reply(200, echo), nil }},
		{"error", func() (*http.Response, error) { return reply(400, application(echo), "X-Request-Id: "+echo), nil }},
		{"proxy", func() (*http.Response, error) { return reply(502, echo), nil }},
		{"redirect", func() (*http.Response, error) {
			return reply(307, echo, "Location: https://evil.example.com/"+echo), nil
		}},
		{"bad redirect", func() (*http.Response, error) { return reply(302, echo, "Location: http://["+secretEmail), nil }},
		{"network", func() (*http.Response, error) { return nil, fmt.Errorf("read %q: %w", echo, io.ErrUnexpectedEOF) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var seen bytes.Buffer
			debug := &DebugTransport{Output: &seen, Base: transport(func(*http.Request) (*http.Response, error) { return tt.answer() })}
			c := newTestCore(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: debug}),
				WithRetryPolicy(RetryPolicy{MaxAttempts: 1}),
				WithLogger(slog.New(slog.NewJSONHandler(&seen, &slog.HandlerOptions{Level: slog.LevelDebug}))))
			_, err := saveThing(context.Background(), c, secretEmail, thing{Email: secretEmail},
				requiredParam{&opSave, param{in: inQuery, name: "phone"}, secretPhone})
			_, err2 := getThing(context.Background(), c, secretEmail, WithHeader("X-Phone", secretPhone))
			for _, err := range []error{err, err2} {
				for ; err != nil; err = errors.Unwrap(err) {
					if _, ours := err.(interface{ Is(error) bool }); ours {
						fmt.Fprintf(&seen, "%v %+v %s %q\n", err, err, err, err)
					}
				}
			}
			wantSealed(t, seen.String())
			if !strings.Contains(seen.String(), `"operation":"saveThing","method":"PATCH","path":"/v4/things/{id}"`) {
				t.Errorf("no record in %s", seen.String())
			}
		})
	}
}

func TestLogOfATry(t *testing.T) {
	var log bytes.Buffer
	h := slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == "time" || a.Key == "duration" {
			return slog.Attr{}
		}
		return a
	}})
	c := newTestCore(t, "https://api.example.com", WithLogger(slog.New(h)), through(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodDelete {
			return nil, io.ErrUnexpectedEOF
		}
		return reply(404, "", "X-Request-Id: r-1"), nil
	}))
	_, _ = getThing(context.Background(), c, "1")
	_ = callNothing(context.Background(), c, &opDelete, []string{"1"}, requestBody{}, nil)
	want := `level=DEBUG msg="things request" operation=getThing method=GET path=/v4/things/{id} status=404 request=r-1
level=DEBUG msg="things request" operation=deleteThing method=DELETE path=/v4/things/{id} error="things: deleteThing: DELETE /v4/things/{id}: unexpected EOF"
`
	if log.String() != want {
		t.Errorf("have %s\nwant %s", log.String(), want)
	}
}

func TestDebugTransport(t *testing.T) {
	var out strings.Builder
	debug := &DebugTransport{Output: &out, Base: transport(func(*http.Request) (*http.Response, error) {
		return reply(200, `{"thing":{}}`), nil
	})}
	c := newTestCore(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: debug}))
	if _, err := saveThing(context.Background(), c, secretEmail, thing{ID: "it's"},
		requiredParam{&opSave, param{in: inQuery, name: "a'b", explode: true}, []int{1, 2}}); err != nil {
		t.Fatal(err)
	}
	want := `curl -X PATCH 'https://api.example.com/v4/things/{id}?a'\''b=REDACTED&a'\''b=REDACTED' -H 'Accept: application/json' -H 'Authorization: REDACTED' ` +
		`-H 'Content-Type: application/json' -H 'User-Agent: things-go' -H 'X-Site-Id: REDACTED' --data-binary 'REDACTED (13 bytes)'
# 200
`
	if out.String() != want {
		t.Errorf("have %s\nwant %s", out.String(), want)
	}
	if line := curlLine(&http.Request{Method: "GET", URL: mustURL(t, "https://x.example.com/"+secretEmail+"?q="+
		secretPhone)}); line != "curl -X GET 'https://x.example.com/REDACTED?q=REDACTED'" {
		t.Error(line)
	}
}
