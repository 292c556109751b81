package fake

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

func visit(s *Server, method, path, host string, headers ...string) *httptest.ResponseRecorder {
	return visitPage(Sandbox(s, Snippets{}), method, path, host, headers...)
}

func visitPage(h http.Handler, method, path, host string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), method, path, nil)
	r.Host = host
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestSandboxAnswersThisMachineOnly(t *testing.T) {
	s := Open(&people)
	for host, want := range map[string]int{"127.0.0.1:8484": 200, "localhost:8484": 200, "[::1]:8484": 200, "evil.example.com": 403,
		"127.0.0.1.example.com:8484": 403} {
		for _, path := range []string{"/", "/_fake/state", all} {
			w := visit(s, "GET", path, host)
			if w.Code != want || w.Header().Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s%s: %d %v", host, path, w.Code, w.Header())
			}
		}
	}
	for _, headers := range [][]string{{"Origin", "https://evil.example.com"}, {"Sec-Fetch-Site", "cross-site"}, {"Origin", "null"}} {
		if w := visit(s, "POST", all, "127.0.0.1:8484", headers...); w.Code != http.StatusForbidden {
			t.Errorf("%v: %d", headers, w.Code)
		}
	}
}

func TestSandboxShowsEverything(t *testing.T) {
	s := Open(&people)
	id := s.Seed("Contact", `{"revision":7,"info":{"name":{"first":"Ada"}}}`)
	if w := visit(s, "POST", "/_fake/rival?collection=Contact&key="+id, "localhost"); w.Code != http.StatusNoContent {
		t.Error(w.Code)
	}
	if w := visit(s, "POST", "/_fake/rival?collection=Nothing&key="+id, "localhost"); w.Code != http.StatusNotFound {
		t.Error(w.Code)
	}
	visit(s, "GET", all+"/"+id, "localhost")
	v, err := decode(visit(s, "GET", "/_fake/state", "localhost").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	operations, _ := lookup(v, "/operations")
	if n := len(operations.([]any)); n != 34 {
		t.Errorf("%d operations", n)
	}
	for pointer, want := range map[string]string{"/collections/0/resources/0/revision": "8", "/requests/0/operation": "getContact",
		"/requests/0/status": "200", "/requests/0/answered": "8", "/operations/1/guarded": "true"} {
		if got, _ := lookup(v, pointer); text(got) != want {
			t.Errorf("%s is %v, want %s", pointer, got, want)
		}
	}
	if page := visit(s, "GET", "/", "localhost"); !strings.Contains(page.Body.String(), "Live log") ||
		!strings.Contains(page.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error(page)
	}
}

// Two writers read the same revision and both write: one wins, one meets a conflict, and once it has read again both changes are there.
func TestSandboxWritersMeet(t *testing.T) {
	s := Open(&people)
	id := s.Seed("Contact", `{"revision":7,"info":{"company":"Example Works","name":{"first":"Ada"}}}`)
	page := Sandbox(s, Snippets{})
	step := func(writer, do, status, sent, answered string) {
		t.Helper()
		v, err := decode(visitPage(page, "POST", "/_fake/writer?collection=Contact&key="+id+"&writer="+writer+"&do="+do, "localhost").
			Body.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for at, want := range map[string]string{"/status": status, "/sent": sent, "/answered": answered, "/writer": writer} {
			if got, _ := lookup(v, at); text(got) != want {
				t.Errorf("%s %s: %s is %v, want %s", writer, do, at, got, want)
			}
		}
	}
	step("A", "read", "200", "", "7")
	step("B", "read", "200", "", "7")
	step("A", "write", "200", "7", "8")
	step("B", "write", "409", "7", "")
	step("B", "read", "200", "", "8")
	step("B", "write", "200", "8", "9")
	got := s.value("Contact", id)
	for at, want := range map[string]string{"/info/company": "Example Works (writer A)", "/info/name/first": "Ada (writer B)"} {
		if v, _ := lookup(got, at); text(v) != want {
			t.Errorf("%s is %v, want %s", at, v, want)
		}
	}
	s.Inject(Fault{Kind: Drop}, Fault{Kind: Endless, Skip: 1})
	step("A", "read", "0", "", "")
	step("B", "read", "200", "", "9")
	if w := visitPage(page, "POST", "/_fake/writer?collection=Contact&key="+id+"&writer=A&do=write",
		"localhost"); w.Code != http.StatusConflict {
		t.Errorf("a writer that has not read writes: %d %s", w.Code, w.Body)
	}
}

// An exchange is shown as a whole, with the places of its revisions, and without what is secret.
func TestSandboxShowsAnExchange(t *testing.T) {
	s := Open(&people)
	id := s.Seed("Contact", `{"revision":7,"info":{"name":{"first":"Ada"}}}`)
	page := Sandbox(s, Snippets{})
	visitPage(page, "GET", all+"/"+id+"?token=1&apiKey=swordfish", "localhost", "Authorization", "swordfish", "X-Api-Key", "swordfish")
	w := visitPage(page, "GET", "/_fake/request?number=1", "localhost")
	v, err := decode(w.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{"/answered/marks/0/at": "/contact/revision", "/answered/marks/0/value": "7",
		"/answered/line": "200 OK"} {
		if got, _ := lookup(v, at); text(got) != want {
			t.Errorf("%s is %v, want %s", at, got, want)
		}
	}
	if strings.Contains(w.Body.String(), "swordfish") || strings.Contains(visitPage(page, "GET", "/_fake/state", "localhost").Body.String(),
		"swordfish") {
		t.Errorf("a secret is shown: %s", w.Body)
	}
	if w := visitPage(page, "POST", "/_fake/clear", "localhost"); w.Code != http.StatusNoContent || len(s.Requests()) != 0 {
		t.Errorf("clear: %d, %d requests are left", w.Code, len(s.Requests()))
	}
	if w := visitPage(page, "GET", "/_fake/request?number=1", "localhost"); w.Code != http.StatusNotFound {
		t.Errorf("a request that was cleared: %d", w.Code)
	}
}

// Revisions in headers are marked as those in bodies are.
func TestSandboxMarksEntityTags(t *testing.T) {
	s := Open(&api{Title: "Things", Collections: []collection{{Name: "Thing", Key: []string{"/id"}, Tokens: []token{{Form: formTag}}}},
		Routes: []route{
			{ID: "getThing", Method: "GET", Path: "/things/{id}", Safe: true, Verb: verbRead, Collection: "Thing",
				Key:  []location{{In: inPath, Name: "id"}},
				Show: []location{{In: inHeader, Name: "ETag"}}},
			{ID: "putThing", Method: "PUT", Path: "/things/{id}", Verb: verbUpdate, Collection: "Thing", Key: []location{{In: inPath, Name: "id"}},
				Payload: payload{As: "replace"}, Show: []location{{In: inHeader, Name: "ETag"}},
				Guard: &guard{Tokens: []sent{{In: location{In: inHeader, Name: "If-Match"}}}, Conflict: conflictRule{Status: 412}}},
		}})
	id := s.Seed("Thing", `{"name":"First"}`)
	page := Sandbox(s, Snippets{})
	writer := "/_fake/writer?collection=Thing&key=" + id + "&writer=A&do="
	visitPage(page, "POST", writer+"read", "localhost")
	before := s.Revision("Thing", id)
	visitPage(page, "POST", writer+"write", "localhost")
	v, err := decode(visitPage(page, "GET", "/_fake/request?number=2", "localhost").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{"/sent/marks/0/name": "If-Match", "/sent/marks/0/value": before,
		"/answered/marks/0/value": s.Revision("Thing", id)} {
		if got, _ := lookup(v, at); text(got) != want || want == "" {
			t.Errorf("%s is %v, want %s in %v", at, got, want, v)
		}
	}
}

// Faults are switched on and off, and the page offers none that there is not.
func TestSandboxSwitchesFaults(t *testing.T) {
	s := Open(&people)
	page := Sandbox(s, Snippets{})
	for script, want := range map[string]int{"conflict:updateContact*2": 204, "bang": 400, "drop:noOperation": 400} {
		if w := visitPage(page, "POST", "/_fake/faults?script="+url.QueryEscape(script), "localhost"); w.Code != want {
			t.Errorf("%s: %d", script, w.Code)
		}
	}
	v, err := decode(visitPage(page, "GET", "/_fake/state", "localhost").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{"/faults/0/kind": "conflict", "/faults/0/operation": "updateContact", "/faults/0/times": "2"} {
		if got, _ := lookup(v, at); text(got) != want {
			t.Errorf("%s is %v, want %s", at, got, want)
		}
	}
	visitPage(page, "DELETE", "/_fake/faults?kind=drop", "localhost")
	if visitPage(page, "DELETE", "/_fake/faults?kind=conflict", "localhost"); len(s.faults.list) != 0 {
		t.Errorf("%d faults are left", len(s.faults.list))
	}
	offered := map[FaultKind]bool{}
	for _, k := range sandboxKinds {
		offered[k.Kind] = true
		if list, err := ParseFaults(k.Script); err != nil || len(list) != 1 || list[0].Kind != k.Kind {
			t.Errorf("%s: %v %v", k.Script, list, err)
		}
	}
	if len(offered) != len(kinds) {
		t.Errorf("the page offers %d kinds of %d", len(offered), len(kinds))
	}
}

func TestParseFaults(t *testing.T) {
	got, err := ParseFaults("conflict:updateContact*2, drop=applied,delay=200ms@0.1,throttle=2,fail=500*always,truncate=10,stale=3,")
	want := []Fault{
		{Kind: Conflict, Operation: "updateContact", Times: 2}, {Kind: Drop, Applied: true}, {Kind: Delay, Delay: 200 * time.Millisecond,
			Times: -1, Chance: .1},
		{Kind: Throttle, RetryAfter: "2"}, {Kind: Fail, Status: 500, Times: -1}, {Kind: Truncate, Bytes: 10}, {Kind: Stale, Back: 3},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{"bang", "drop@2", "drop*0", "drop=x", "fail=200", "delay=x", "conflict=1"} {
		if _, err := ParseFaults(bad); err == nil {
			t.Errorf("%s is taken for a fault", bad)
		}
	}
}
