package client

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

func TestDo(t *testing.T) {
	for _, tt := range []struct {
		method, path  string
		request       any
		status        int
		answer        string
		sent, want    string
		wantRequestOf string // Content-Type
	}{
		{"GET", "/v5/things/7?fields=a,b&x=%20", nil, 200, `{"n":1}`, "GET /base/v5/things/7?fields=a,b&x=%20 ", `{"n":1}`, ""},
		{"POST", "/v5/things", map[string]any{"a": "<&>"}, 201, `{"n":2}`, `POST /base/v5/things {"a":"<&>"}`, `{"n":2}`, "application/json"},
		{"PUT", "/v5/a%2Fb", json.RawMessage(`[1]`), 200, `3`, `PUT /base/v5/a%2Fb [1]`, `3`, "application/json"},
		{"DELETE", "/v5/things/7", nil, 204, "", "DELETE /base/v5/things/7 ", "", ""},
	} {
		var sent, contentType string
		c := newTestCore(t, "https://api.example.com/base", through(func(r *http.Request) (*http.Response, error) {
			sent, contentType = r.Method+" "+r.URL.RequestURI()+" ", r.Header.Get("Content-Type")
			if r.Body != nil {
				b, _ := io.ReadAll(r.Body)
				sent += string(b)
			}
			if r.Host != "api.example.com" || r.Header.Get("Authorization") != secretKey || r.Header.Get("X-Extra") != "1" {
				t.Errorf("%s %s: sent to %s with %v", tt.method, tt.path, r.Host, r.Header)
			}
			return reply(tt.status, tt.answer), nil
		}))
		var got json.RawMessage
		var response Response
		err := do(context.Background(), c, tt.method, tt.path, tt.request, &got,
			[]CallOption{WithHeader("X-Extra", "1"), WithResponse(&response)})
		if err != nil || sent != tt.sent || string(got) != tt.want || contentType != tt.wantRequestOf || response.Status != tt.status {
			t.Errorf("%s %s: %v, sent %q, got %s, %q, %d", tt.method, tt.path, err, sent, got, contentType, response.Status)
		}
	}
}

// A path cannot lead anywhere else, whoever unescapes it, and nothing of it is in the error.
func TestDoStaysBelowTheBaseURL(t *testing.T) {
	for _, path := range []string{
		"", "things", "//evil.example/x", "https://evil.example/x", `/\evil.example`, "/a/../b", "/a/./b", "/..", "/a/%2e%2e/b", "/a/%2E%2e%2fb",
		"/a/%252e%252e/b", "/a/..%5c", "/a\n", "/a%00", "/a%0d%0ab", "/a#b", "/a?b#c", "/a?b c", "/a?é", "/%zz", "?a=b", ":8080/x",
		"@evil.example/",
	} {
		c := newTestCore(t, "https://api.example.com/base", through(func(r *http.Request) (*http.Response, error) {
			if path == `/\evil.example` && r.URL.Host == "api.example.com" && r.URL.EscapedPath() == "/base/%5Cevil.example" {
				return reply(200, "{}"), nil // a backslash is a character like others
			}
			t.Errorf("%q was sent as %s", path, r.URL)
			return reply(200, "{}"), nil
		}))
		err := do(context.Background(), c, "GET", path, nil, nil, nil)
		if path == `/\evil.example` {
			continue
		}
		if err == nil || strings.Contains(err.Error(), "evil") || errors.Is(err, ErrAmbiguousWrite) {
			t.Errorf("%q: %v", path, err)
		}
	}
}

func TestDoRefusesWhatItCannotSend(t *testing.T) {
	c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) {
		t.Error("something was sent")
		return reply(200, "{}"), nil
	}))
	for name, err := range map[string]error{
		"no method":  do(context.Background(), c, "", "/x", nil, nil, nil),
		"method":     do(context.Background(), c, "GET /y", "/x", nil, nil, nil),
		"lower case": do(context.Background(), c, "get", "/x", nil, nil, nil),
		"result":     do(context.Background(), c, "POST", "/x", nil, thing{}, nil),
		"nil result": do(context.Background(), c, "POST", "/x", nil, (*thing)(nil), nil),
		"request":    do(context.Background(), c, "POST", "/x", func() {}, nil, nil),
		"option":     do(context.Background(), c, "POST", "/x", nil, nil, []CallOption{nil}),
		"other option": do(context.Background(), c, "POST", "/x", nil, nil,
			[]CallOption{requiredParam{&opGet, param{in: inQuery, name: "x"}, "1"}}),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Reads are retried, writes are not; neither is ever asked for where the path was, in words.
func TestDoRetriesReadsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) {
			tries++
			return reply(503, "busy"), nil
		}))
		for method, want := range map[string]int{"GET": 4, "HEAD": 4, "OPTIONS": 4, "POST": 1, "PUT": 1, "PATCH": 1, "DELETE": 1} {
			tries = 0
			err := do(context.Background(), c, method, "/v4/things/"+secretEmail+"?phone="+secretPhone, nil, nil, nil)
			if tries != want {
				t.Errorf("%s: %d tries", method, tries)
			}
			e := apiError(t, err)
			if e.Status != 503 || e.Method != method || errors.Is(err, ErrAmbiguousWrite) != (want == 1) {
				t.Errorf("%s: %v", method, err)
			}
			wantSealed(t, err.Error())
		}
	})
}

func TestDoResultThatDoesNotFit(t *testing.T) {
	c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) { return reply(200, "<p>"), nil }))
	var got thing
	if e := apiError(t, do(context.Background(), c, "POST", "/x", nil, &got, nil)); e.Status != 200 || e.Err == nil {
		t.Errorf("%+v", e)
	}
	if err := do(context.Background(), c, "POST", "/x", nil, nil, nil); err != nil {
		t.Error("a body nobody wants was looked at:", err)
	}
}

// A body that is read as it arrives is asked for again until it begins.
func TestRawReadsAreRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := operation{id: "file", method: "GET", path: "/f", safe: true}
		tries := 0
		c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) {
			if tries++; tries < 3 {
				return reply(502, "bad gateway"), nil
			}
			return reply(200, "the file"), nil
		}))
		got, err := callRaw(context.Background(), c, &file, nil, jsonBody("which"), nil)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(got)
		if err := errors.Join(err, got.Close()); err != nil || string(b) != "the file" || tries != 3 {
			t.Errorf("%q, %v after %d tries", b, err, tries)
		}
	})
}

func TestBasic(t *testing.T) {
	d := &description{name: "x", baseURL: "https://api.example.com", credentials: []credentialScheme{{name: "b", option: "WithBasic",
		in: inHeader, param: "Authorization", prefix: "Basic "}}, alternatives: [][]string{{"b"}}}
	var got string
	c, err := newCore(d, []ClientOption{withBasic("b", "Aladdin", "open sesame"), through(func(r *http.Request) (*http.Response, error) {
		got = r.Header.Get("Authorization")
		return reply(200, "{}"), nil
	})})
	if err != nil {
		t.Fatal(err)
	}
	if err := do(context.Background(), c, "GET", "/", nil, nil, nil); err != nil || got != "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" {
		t.Errorf("%q, %v", got, err)
	}
	for _, bad := range [][2]string{{"", ""}, {"a:b", "c"}, {"a\n", "b"}, {"a", "b\x00"}} {
		if _, err := newCore(d, []ClientOption{withBasic("b", bad[0], bad[1])}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
