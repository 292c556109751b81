package client

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestPlainCall(t *testing.T) {
	var method, contentType, sent string
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		method, contentType, sent = r.Method, r.Header.Get("Content-Type"), string(b)
		w.Header()["Content-Type"] = nil // and none is needed
		w.Header().Set("X-Seen", "1")
		_, _ = io.WriteString(w, `{"thing":{"id":"7","any":{"n":9007199254740993},"unknown":true}}`)
	})
	var response Response
	got, err := saveThing(context.Background(), newTestCore(t, s.URL), "7", thing{Email: "<a&b>"}, WithResponse(&response))
	if err != nil {
		t.Fatal(err)
	}
	if method != "PATCH" || contentType != "application/json" || sent != `{"id":"","email":"<a&b>"}` {
		t.Errorf("sent %s %s %s", method, contentType, sent)
	}
	if n := fmt.Sprint(got.Any); got.ID != "7" || n != "map[n:9007199254740993]" {
		t.Errorf("%+v", got)
	}
	if response.Status != 200 || response.Header.Get("X-Seen") != "1" || !strings.HasSuffix(string(response.Body), `,"unknown":true}}`) {
		t.Errorf("%+v", response)
	}
}

func TestCallsWithoutResult(t *testing.T) {
	for _, tt := range []struct {
		status int
		body   string
	}{{200, "{}"}, {200, "null"}, {200, ""}, {204, ""}, {200, "not JSON"}} {
		c := newTestCore(t, "https://api.example.com", through(func(r *http.Request) (*http.Response, error) {
			if r.Body != nil || r.Header.Get("Content-Type") != "" {
				t.Error("a body was sent")
			}
			return reply(tt.status, tt.body), nil
		}))
		if err := callNothing(context.Background(), c, &opDelete, []string{"1"}, jsonBody((*thing)(nil)), nil); err != nil {
			t.Errorf("%d %q: %v", tt.status, tt.body, err)
		}
	}
}

func TestBodies(t *testing.T) {
	form := operation{id: "f", method: "POST", path: "/f", content: "application/x-www-form-urlencoded", form: formStyles{}, watch: watchWire}
	patch := operation{id: "p", method: "PATCH", path: "/p", content: "application/merge-patch+json; charset=utf-8", watch: watchWire}
	other := operation{id: "o", method: "POST", path: "/o", content: "application/xml", watch: watchWire}
	for _, tt := range []struct {
		op   *operation
		body requestBody
		want string
	}{
		{&form, jsonBody(map[string]any{"b": []int{1, 2}, "a": "x y&z", "n": nil}), form.content + " a=x+y%26z&b=1&b=2"},
		{&patch, jsonBody(map[string]any{"a": nil}), patch.content + ` {"a":null}`},
		{&other, requestBody{upload: streamed(strings.NewReader("<x/>"))}, "application/xml <x/>"},
		{&other, jsonBody(1), `things: o: POST /o: a body of type "…" cannot be written`},
	} {
		got := ""
		s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			got = r.Header.Get("Content-Type") + " " + string(b)
		})
		if err := callNothing(context.Background(), newTestCore(t, s.URL), tt.op, nil, tt.body, nil); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("have %q, want %q", got, tt.want)
		}
	}
}

func TestMembersJoinTheBody(t *testing.T) {
	sent := ""
	c := newTestCore(t, "https://api.example.com", through(func(r *http.Request) (*http.Response, error) {
		b, _ := io.ReadAll(r.Body)
		sent = string(b)
		return reply(200, `{"thing":{}}`), nil
	}))
	flag := callOption(func(o *callOptions) error {
		return errors.Join(o.setMember(&opSave, "/options/allowDuplicates", Ptr(true)), o.setMember(&opSave, "/none", (*bool)(nil)))
	})
	if _, err := saveThing(context.Background(), c, "1", map[string]int{"a": 1}, flag); err != nil {
		t.Fatal(err)
	}
	if want := `{"a":1,"options":{"allowDuplicates":true}}`; sent != want {
		t.Errorf("have %s, want %s", sent, want)
	}
}

// An endless success ends with an error and a closed connection; an endless error is cut off and understood.
func TestBodyLimits(t *testing.T) {
	var open atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		open.Add(1)
		defer open.Add(-1)
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, `{"thing":{"email":"`)
		} else {
			w.WriteHeader(409)
			_, _ = io.WriteString(w, `{"details":{"applicationError":{"code":"ALREADY_CHANGED"}},"junk":"`)
		}
		for {
			if _, err := io.WriteString(w, strings.Repeat("x", 4096)); err != nil {
				return
			}
		}
	})
	c := newTestCore(t, s.URL)
	_, err := getThing(context.Background(), c, "1", WithMaxResponseBytes(1<<20))
	if want := "things: getThing: GET /v4/things/{id}: 200, the body is longer than allowed (WithMaxResponseBytes)"; textOf(err) != want {
		t.Errorf("have %q, want %q", err, want)
	}
	_, err = saveThing(context.Background(), c, "1", thing{})
	if e := apiError(t, err); !errors.Is(err, ErrConflict) || len(e.Body) != maxErrorBytes {
		t.Errorf("%v, %d bytes", err, len(e.Body))
	}
	s.Close() // waits for the handlers: they end only when the connections are closed
	if n := open.Load(); n != 0 {
		t.Errorf("%d connections are open", n)
	}
}

func TestBodyAtItsLimit(t *testing.T) {
	const doc = `{"thing":{"id":"1"}}`
	c := newTestCore(t, "https://api.example.com", through(func(*http.Request) (*http.Response, error) { return reply(200, doc), nil }))
	if _, err := getThing(context.Background(), c, "1", WithMaxResponseBytes(int64(len(doc)))); err != nil {
		t.Error(err)
	}
	if _, err := getThing(context.Background(), c, "1", WithMaxResponseBytes(int64(len(doc)-1))); !errors.Is(err, errTooLong) {
		t.Error(err)
	}
}

// rawServer answers every connection by hand.
func rawServer(t *testing.T, handle func(n int, conn net.Conn, r *http.Request)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	var requests atomic.Int32
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				in := bufio.NewReader(conn)
				for {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, r.Body)
					n := int(requests.Add(1))
					handle(n, conn, r)
					if n == 2 && r.Header.Get("Idempotency-Key") != "" {
						return
					}
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

const okAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + `{"thing":{"id":"1"}}`

// A lost answer of a write says whether the write may have been applied.
func TestLostAnswers(t *testing.T) {
	for _, tt := range []struct {
		name, answer, want string
		status             int
	}{
		{name: "nothing", want: "ambiguous"},
		{name: "half a head", answer: "HTTP/1.1 200 O", want: "ambiguous"},
		{name: "not HTTP", answer: "hello " + secretEmail + "\r\n\r\n", want: "ambiguous"},
		{name: "half a success", answer: "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", want: "ambiguous", status: 200},
		{name: "half a conflict", answer: "HTTP/1.1 409 Conflict\r\nContent-Length: 999\r\n\r\n" +
			strings.TrimSuffix(application("ALREADY_CHANGED"), "}"), want: "conflict"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var n int
			url := rawServer(t, func(i int, conn net.Conn, _ *http.Request) {
				n = i
				_, _ = io.WriteString(conn, tt.answer)
				_ = conn.Close()
			})
			_, err := saveThing(context.Background(), newTestCore(t, url), "1", thing{Email: secretEmail})
			if got := classesOf(err); err == nil || got != tt.want || n != 1 {
				t.Errorf("have %q, want %q after %d requests: %v", got, tt.want, n, err)
			}
			var lost *transportError
			if errors.As(err, &lost) && (lost.status != tt.status || !lost.sent) {
				t.Errorf("%+v", lost)
			}
			wantSealed(t, textOf(err))
		})
	}
}

// A write that met no server is not ambiguous.
func TestRefusedConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	_, err = saveThing(context.Background(), newTestCore(t, "http://"+l.Addr().String()), "1", thing{})
	var lost *transportError
	if !errors.As(err, &lost) || lost.sent || errors.Is(err, ErrAmbiguousWrite) {
		t.Errorf("%v", err)
	}
	if strings.Contains(textOf(err), "http://") {
		t.Errorf("a URL is printed: %v", err)
	}
}

// A success of which only the head arrived is one, when the body says nothing anyway.
func TestLostBodyOfNothing(t *testing.T) {
	url := rawServer(t, func(_ int, conn net.Conn, _ *http.Request) {
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")
		_ = conn.Close()
	})
	if err := callNothing(context.Background(), newTestCore(t, url), &opDelete, []string{"1"}, requestBody{}, nil); err != nil {
		t.Error(err)
	}
}

// Package net/http repeats requests with an idempotency key by itself; the answer says so.
func TestResentByTransport(t *testing.T) {
	url := rawServer(t, func(n int, conn net.Conn, _ *http.Request) {
		if n != 2 { // the second request gets no answer on the connection that the first one used
			_, _ = io.WriteString(conn, okAnswer)
		}
	})
	c := newTestCore(t, url)
	r, err := c.prepare(&opSave, []string{"1"}, jsonBody(thing{}), []CallOption{WithHeader("Idempotency-Key", "k1")})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{false, true} {
		a, err := c.exchange(context.Background(), r)
		if err != nil || a.resent != want {
			t.Errorf("%d: resent %v, %v", i, a != nil && a.resent, err)
		}
	}
}

func TestTimeoutOfOneTry(t *testing.T) {
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then the server sees that the client is gone
		<-r.Context().Done()
	})
	_, err := saveThing(context.Background(), newTestCore(t, s.URL), "1", thing{}, WithTimeout(20*time.Millisecond))
	if want := "things: saveThing: PATCH /v4/things/{id}: no complete answer in time"; textOf(err) != want ||
		!errors.Is(err, ErrAmbiguousWrite) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestStream(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "no") {
			w.WriteHeader(404)
		}
		_, _ = io.WriteString(w, "bytes")
	})
	c := newTestCore(t, s.URL)
	file := operation{id: "file", method: "GET", path: "/files/{id}", accept: "application/octet-stream", safe: true}
	got, err := callRaw(context.Background(), c, &file, []string{"1"}, requestBody{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(got); string(b) != "bytes" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if err := got.Close(); err != nil {
		t.Error(err)
	}
	if _, err = callRaw(context.Background(), c, &file, []string{"no"}, requestBody{}, nil); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

func TestValue(t *testing.T) {
	if v, err := valueOf(Ptr(3), nil); v != 3 || err != nil {
		t.Error(v, err)
	}
	if v, err := valueOf[int](nil, io.EOF); v != 0 || err != io.EOF {
		t.Error(v, err)
	}
}

func TestTimestamp(t *testing.T) {
	at, err := Timestamp("2023-12-25T07:31:48.270Z").Time()
	if err != nil || !at.Equal(time.Date(2023, 12, 25, 7, 31, 48, 270_000_000, time.UTC)) {
		t.Error(at, err)
	}
	if _, err := Timestamp("yesterday").Time(); err == nil {
		t.Error("no error")
	}
}
