package fake

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"
)

func visit(s *Server, method, path, host string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(context.Background(), method, path, nil)
	r.Host = host
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	Sandbox(s).ServeHTTP(w, r)
	return w
}

func TestSandboxAnswersThisMachineOnly(t *testing.T) {
	s := Open(&people)
	for host, want := range map[string]int{"127.0.0.1:8484": 200, "localhost:8484": 200, "[::1]:8484": 200, "evil.example.com": 403, "127.0.0.1.example.com:8484": 403} {
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
	for pointer, want := range map[string]string{"/collections/0/resources/0/revision": "8", "/requests/0/operation": "getContact", "/requests/0/status": "200", "/operations/1/guarded": "true"} {
		if got, _ := lookup(v, pointer); text(got) != want {
			t.Errorf("%s is %v, want %s", pointer, got, want)
		}
	}
	if page := visit(s, "GET", "/", "localhost"); !strings.Contains(page.Body.String(), "Live resources") || !strings.Contains(page.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error(page)
	}
}

func TestParseFaults(t *testing.T) {
	got, err := ParseFaults("conflict:updateContact*2, drop=applied,delay=200ms@0.1,throttle=2,fail=500*always,truncate=10,stale=3,")
	want := []Fault{
		{Kind: Conflict, Operation: "updateContact", Times: 2}, {Kind: Drop, Applied: true}, {Kind: Delay, Delay: 200 * time.Millisecond, Times: -1, Chance: .1},
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
