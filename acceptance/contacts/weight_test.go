package contacts_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
)

// still is a server of one contact that answers without allocating much: what is counted is the client's.
type still struct{ requests int }

const stillContact = `{"contact":{"id":"c","revision":7,"info":{"name":{"first":"Ada"},"company":"Example Works"}}}`

func (s *still) RoundTrip(q *http.Request) (*http.Response, error) {
	s.requests++
	if q.Body != nil {
		_, _ = io.Copy(io.Discard, q.Body)
		_ = q.Body.Close()
	}
	answer := []byte(stillContact)
	return &http.Response{
		StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(answer)), ContentLength: int64(len(answer)), Request: q,
	}, nil
}

// A program that uses no optional feature does not pay for any: requests, allocations and allocated bytes of a read and of a guarded write
// are what they were before there were calls that processes share.
func TestWhatIsNotAskedForCostsNothing(t *testing.T) {
	server := &still{}
	c, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("site"),
		contacts.WithHTTPClient(&http.Client{Transport: server}))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name          string
		requests      int
		allocs, bytes uint64
		call          func() error
	}{
		{"Get", 1, 40, 4003, func() error { _, err := c.Contacts.Get(context.Background(), "c"); return err }},
		{"UpdateWithRetry", 2, 345, 22199, func() error {
			_, err := c.Contacts.UpdateWithRetry(context.Background(), "c", func(c *contacts.Contact) error {
				c.Info.Company = contacts.Ptr("x")
				return nil
			})
			return err
		}},
	} {
		const runs = 200
		for range 10 { // what is kept for later calls is there
			if err := tt.call(); err != nil {
				t.Fatal(err)
			}
		}
		server.requests = 0
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		for range runs {
			if err := tt.call(); err != nil {
				t.Fatal(err)
			}
		}
		runtime.ReadMemStats(&after)
		allocs, size := (after.Mallocs-before.Mallocs)/runs, (after.TotalAlloc-before.TotalAlloc)/runs
		took := fmt.Sprintf("%s: %d requests, %d allocations, %d bytes", tt.name, server.requests/runs, allocs, size)
		t.Log(took)
		heavier := allocs > tt.allocs*103/100 || size > tt.bytes*103/100
		if server.requests != tt.requests*runs || heavier && !detector {
			t.Errorf("%s, and before %d, %d and %d", took, tt.requests, tt.allocs, tt.bytes)
		}
	}
}
