package fake

import (
	"io"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// What a server keeps doesn't grow with the requests it answers, only with what it is sent to keep. With SOAK set there are ten times as
// many requests: make soak.
func TestManyConnectionsAndNoGrowth(t *testing.T) {
	few, many := 2_000, 10_000
	if os.Getenv("SOAK") != "" {
		few, many = 10_000, 100_000
	}
	s := newTestServer(&people, contactsPack, t, []Option{WithRecord(1000)})
	contact := "/" + s.Seed("Contact", `{"info":{"name":{"first":"Ada"}}}`)
	transport := &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}
	defer transport.CloseIdleConnections()
	var conflicts atomic.Int64
	// one sends the nth request: a label, a read, or a write that others may be faster than.
	one := func(n int64) {
		method, path, body, want := "POST", all+contact+"/labels", `{"labelKeys":["contacts.customers"]}`, []int{200}
		switch n % 3 {
		case 1:
			method, path, body = "GET", all+contact, ""
		case 2:
			method, path, want = "PATCH", all+contact, []int{200, 409}
			body = `{"revision":` + s.Revision("Contact", contact[1:]) + `,"info":{"company":"Example"}}`
		}
		request := must(http.NewRequestWithContext(t.Context(), method, s.URL()+path, strings.NewReader(body)))
		response, err := transport.RoundTrip(request)
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if !slices.Contains(want, response.StatusCode) {
			t.Errorf("%s %s: %s", method, path, response.Status)
		}
		if response.StatusCode == 409 {
			conflicts.Add(1)
		}
	}
	ask := func(total int) uint64 {
		var asked atomic.Int64
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				for n := asked.Add(1); n <= int64(total) && !t.Failed(); n = asked.Add(1) {
					one(n)
				}
			})
		}
		wg.Wait()
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	after, later := ask(few), ask(many-few)
	t.Logf("heap %d after %d requests, %d after %d (%.2f times), %d conflicts", after, few, later, many, float64(later)/float64(after),
		conflicts.Load())
	if float64(later) > 1.2*float64(after) {
		t.Errorf("the heap is %d after %d requests and %d after %d", after, few, later, many)
	}
	if s.Count() != many {
		t.Errorf("%d requests counted", s.Count())
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
