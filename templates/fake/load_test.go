package fake

import (
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// What a server keeps doesn't grow with the requests it answers, only with what it is sent to keep.
func TestManyConnectionsAndNoGrowth(t *testing.T) {
	const few, many = 2_000, 10_000
	s := newTestServer(&people, contactsPack, t, []Option{WithRecord(1000)})
	id := s.Seed("Contact", `{"info":{"name":{"first":"Ada"}}}`)
	transport := &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}
	defer transport.CloseIdleConnections()
	ask := func(total int) uint64 {
		var asked atomic.Int64
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				for asked.Add(1) <= int64(total) {
					url, body := s.URL()+all+"/"+id+"/labels", `{"labelKeys":["contacts.customers"]}`
					response, err := transport.RoundTrip(must(http.NewRequestWithContext(t.Context(), "POST", url, strings.NewReader(body))))
					if err != nil {
						t.Error(err)
						return
					}
					_, _ = io.Copy(io.Discard, response.Body)
					_ = response.Body.Close()
					if response.StatusCode != 200 {
						t.Error(response.Status)
						return
					}
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
