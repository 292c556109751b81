// Package script is a server that expects a conversation and knows nothing else. Tests of generated clients say with it, word for word,
// what goes over the wire.
//
// A script alternates requests and answers:
//
//	> PUT /files/7?draft=true        the request line; a query is compared as it is escaped
//	> If-Match: "a"                  a header the request must have
//	> -Idempotency-Key               a header it must not have
//	> {"name":"b"}                   the body, byte for byte; without this line there is none
//	< 200                            the answer
//	< ETag: "b"
//	< {"name":"b"}
//	< drop                           instead: the connection is closed, and no answer sent
//
// In a request $1, $2, … stand for one value each, which has to be the same wherever the number comes again.
package script

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// exchange is one request that is expected, and its answer.
type exchange struct {
	line, body string
	has        []string // headers, "Name: value"
	hasNot     []string
	status     int
	header     http.Header
	reply      string
	drop       bool
}

// server plays a script.
type server struct {
	t     *testing.T
	mu    sync.Mutex
	rest  []*exchange
	bound map[string]string
}

// Serve plays a script and gives the URL to send requests to. What deviates from it, or is never asked for, fails the test.
func Serve(t *testing.T, text string) string {
	t.Helper()
	s := &server{t: t, rest: parse(t, text), bound: map[string]string{}}
	h := httptest.NewServer(s)
	t.Cleanup(func() {
		h.Close()
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, e := range s.rest {
			t.Errorf("the request %s never came", e.line)
		}
	})
	return h.URL
}

func parse(t *testing.T, text string) []*exchange {
	t.Helper()
	var all []*exchange
	last := func() *exchange { return all[len(all)-1] }
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		side, rest, _ := strings.Cut(line, " ")
		name, value, isHeader := strings.Cut(rest, ": ")
		isHeader = isHeader && !strings.ContainsAny(name, "{\"[ ")
		switch {
		case side == ">" && regexp.MustCompile(`^[A-Z]+ /`).MatchString(rest):
			all = append(all, &exchange{line: rest, header: http.Header{}})
		case side == ">" && strings.HasPrefix(rest, "-"):
			last().hasNot = append(last().hasNot, rest[1:])
		case side == ">" && isHeader:
			last().has = append(last().has, rest)
		case side == ">":
			last().body = rest
		case rest == "drop":
			last().drop = true
		case last().status == 0:
			last().status, _ = strconv.Atoi(rest)
		case isHeader:
			last().header.Add(name, value)
		default:
			last().reply += rest
		}
	}
	return all
}

// ServeHTTP compares a request with the script and answers.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	s.keep(r, body)
	got := r.Method + " " + r.URL.RequestURI()
	if len(s.rest) == 0 {
		s.t.Errorf("%s %s came after the end of the script", got, body)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	e := s.rest[0]
	s.rest = s.rest[1:]
	s.compare("the request", got, e.line)
	s.compare("the body of "+e.line, string(body), e.body)
	for _, h := range e.has {
		name, value, _ := strings.Cut(h, ": ")
		s.compare("header "+name+" of "+e.line, r.Header.Get(name), value)
	}
	for _, name := range e.hasNot {
		if v := r.Header.Get(name); v != "" {
			s.t.Errorf("%s has a header %s: %s", e.line, name, v)
		}
	}
	if e.drop {
		panic(http.ErrAbortHandler)
	}
	for name, values := range e.header {
		w.Header()[http.CanonicalHeaderKey(name)] = values
	}
	if e.reply != "" && w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(e.status)
	fmt.Fprint(w, e.reply)
}

// keep writes a request down for whoever wants to look at it again: the folder is in the environment.
func (s *server) keep(r *http.Request, body []byte) {
	dir := os.Getenv("SCRIPT_REQUESTS")
	if dir == "" {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	data, err := httputil.DumpRequest(r, true)
	if err != nil {
		s.t.Error(err)
	}
	home, err := os.Getwd()
	if err != nil {
		s.t.Error(err)
	}
	f, err := os.CreateTemp(dir, filepath.Base(home)+"-*")
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := f.Write(data); err != nil {
		s.t.Error(err)
	}
}

var variable = regexp.MustCompile(`\\\$[0-9]`)

// compare holds a text against what the script says, in which variables stand for anything.
func (s *server) compare(what, got, want string) {
	pattern := variable.ReplaceAllString(regexp.QuoteMeta(want), `([^"&]+)`)
	found := regexp.MustCompile("^" + pattern + "$").FindStringSubmatch(got)
	if found == nil {
		s.t.Errorf("%s\n got %s\nwant %s", what, got, want)
		return
	}
	for i, name := range variable.FindAllString(regexp.QuoteMeta(want), -1) {
		if before, ok := s.bound[name]; ok && before != found[i+1] {
			s.t.Errorf("%s: %s is %q, and was %q before", what, name[1:], found[i+1], before)
		}
		s.bound[name] = found[i+1]
	}
}

// Clock is a clock on which waiting takes no time.
type Clock struct {
	mu    sync.Mutex
	slept time.Duration
}

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// Now is the time after all that was slept.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return start.Add(c.slept)
}

// Sleep lets time pass.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept += d
	return nil
}

// Want fails the test unless got is what is wanted.
func Want[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// WantError fails the test unless the error is one of its kind.
func WantError(t *testing.T, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("the error is %v, not %v", err, kind)
	}
}

// WantNotError fails the test when the error is one of its kind.
func WantNotError(t *testing.T, err, kind error) {
	t.Helper()
	if errors.Is(err, kind) {
		t.Errorf("the error %v is %v", err, kind)
	}
}
