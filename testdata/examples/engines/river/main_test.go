package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/rivertype"

	contacts "github.com/contactsgen/contactsgen/testdata/examples/engines/client"
	"github.com/contactsgen/contactsgen/testdata/examples/engines/client/contactstest"
	"github.com/contactsgen/contactsgen/testdata/fleet/postgres"
)

// cable is a transport that a host loses: what it has sent arrives, and the host hears nothing more.
type cable struct {
	http.RoundTripper
	left atomic.Int64 // requests until then
	cut  context.CancelFunc
}

func (c *cable) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.RoundTripper.RoundTrip(r)
	if c.left.Add(-1) < 0 {
		c.cut()
		return nil, context.Canceled
	}
	return resp, err
}

// soon tries jobs again without the pauses that real ones should have.
type soon struct{}

func (soon) NextRetry(*rivertype.JobRow) time.Time { return time.Now().Add(50 * time.Millisecond) }

// One host after the other is lost in the middle of its writes, and the last one ends what is left. Each contact has its points once.
func TestImportGoesOn(t *testing.T) {
	cluster := postgres.ForTest(t)
	pool, err := pgxpool.New(t.Context(), cluster.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	server := contactstest.New()
	var ids []string
	for i := range 40 {
		ids = append(ids, server.Seed("Contact", fmt.Sprintf(`{"info": {"name": {"first": "No. %d"}, "jobTitle": "0"}}`, i)))
	}
	if err := put(t.Context(), pool, ids); err != nil {
		t.Fatal(err)
	}
	const hosts = 4
	for i := range hosts {
		lost, cut := context.WithCancel(t.Context())
		c := &cable{RoundTripper: server.Transport(), cut: cut}
		if c.left.Store(21); i == hosts-1 {
			c.left.Store(1 << 40)
		}
		h, err := host(t.Context(), pool, c, soon{})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := settled(lost, pool); err != nil && lost.Err() == nil {
			t.Fatal(err)
		}
		if over := lost.Err() == nil; over != (i == hosts-1) {
			t.Errorf("host %d of %d: over %v", i+1, hosts, over)
		}
		if err := h.StopAndCancel(t.Context()); err != nil {
			t.Fatal(err)
		}
		cut()
	}
	got := map[string]int{}
	for _, id := range ids {
		var c contacts.Contact
		server.Get("Contact", id, &c)
		got[*c.Info.JobTitle]++
	}
	if !maps.Equal(got, map[string]int{"5": 40}) {
		t.Errorf("points and contacts: %v", got)
	}
}
