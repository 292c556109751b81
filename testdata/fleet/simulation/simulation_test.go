// Package simulation_test has many hosts work on many sites for as long as that takes on a virtual clock, and counts. It has no database:
// what hosts share is in memory, and survives them.
package simulation_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	contacts "github.com/contactsgen/contactsgen/testdata/fleet/client"
)

const (
	hosts  = 20
	rounds = 5 // in which a host works on its share of many sites
	minute = 5 // up to which the first round lasts
)

// fleet is the hosts, and what is left for them.
type fleet struct {
	sites map[string]*site
	left  chan string // sites
	again chan string // of those that a host had when it was killed
	open  sync.WaitGroup
	hosts [hosts]*host

	mu   sync.Mutex
	errs []error // of items, on hosts that live
}

// TestFleetOnAVirtualClock updates every contact of every site once, from listed copies. A host is killed every minute, and a new one takes
// its place; what it had begun goes to whoever comes first. SIMULATION_KEYS says how many contacts there are, 1,000 for each site.
func TestFleetOnAVirtualClock(t *testing.T) {
	keys, _ := strconv.Atoi(os.Getenv("SIMULATION_KEYS"))
	sites := max(keys, 40*keysPerSite) / keysPerSite
	workers := max(1, sites/hosts/rounds)
	f := &fleet{sites: map[string]*site{}}
	for i := range sites {
		s := &site{pending: map[int]entry{}}
		for k := range s.contacts {
			s.contacts[k].revision = 1
		}
		f.sites[fmt.Sprint("site", i)] = s
	}
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		f.left, f.again = make(chan string, sites), make(chan string, sites)
		f.open.Add(sites)
		for name := range f.sites {
			f.left <- name
		}
		for i := range f.hosts {
			f.begin(i, workers)
		}
		stop, ended := make(chan struct{}), make(chan []uint64)
		go func() { ended <- f.kill(stop, workers) }()
		f.open.Wait()
		close(f.left)
		close(f.again)
		close(stop)
		f.judge(t, <-ended, time.Since(begun))
	})
}

// begin starts a host, which works on so many sites at a time.
func (f *fleet) begin(i, workers int) {
	ctx, cancel := context.WithCancel(context.Background())
	h := &host{sites: f.sites, end: cancel}
	f.hosts[i] = h
	client, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("none"),
		contacts.WithHTTPClient(&http.Client{Transport: h}),
		contacts.WithLimiter(h), contacts.WithJournal(h))
	if err != nil {
		panic(err)
	}
	for range workers {
		go func() {
			for name := f.next(); name != ""; name = f.next() {
				over := make(chan struct{})
				go func() {
					defer close(over)
					f.work(ctx, h, client, name)
				}()
				select {
				case <-over:
				case <-ctx.Done(): // what is left of a dead host has no effect, and nobody waits for it
				}
				if h.dead.Load() {
					f.again <- name
					return
				}
				f.open.Done()
			}
		}()
	}
}

// next gives what a killed host has left before what nobody has begun; "" at the end.
func (f *fleet) next() string {
	select {
	case name := <-f.again:
		return name
	default:
	}
	select {
	case name := <-f.again:
		return name
	case name := <-f.left:
		return name
	}
}

// kill kills a host every minute, and tells how much memory all of them had before that.
func (f *fleet) kill(stop chan struct{}, workers int) (heap []uint64) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return heap
		case <-time.After(time.Minute):
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		heap = append(heap, m.HeapAlloc)
		f.hosts[i%hosts].dead.Store(true)
		f.hosts[i%hosts].end()
		time.Sleep(time.Second) // for which it takes to begin anew
		f.begin(i%hosts, workers)
	}
}

// work updates what is left of a site.
func (f *fleet) work(ctx context.Context, h *host, root *contacts.Client, name string) {
	client, err := root.With(contacts.WithSiteID(name), contacts.WithTenant(name))
	if err != nil {
		panic(err)
	}
	list := client.Contacts.ListAll(ctx, contacts.ListContactsParams{PagingLimit: contacts.Ptr[int32](500)})
	for item, err := range client.Contacts.UpdateEachFrom(ctx, unmarked(list), func(c *contacts.Contact) error {
		if c.Info.Company != nil {
			return nil
		}
		n, err := strconv.Atoi(*c.Info.JobTitle)
		c.Info.JobTitle, c.Info.Company = contacts.Ptr(strconv.Itoa(n+1)), contacts.Ptr(marker)
		return err
	}, contacts.WithCallID(marker)) {
		if h.dead.Load() {
			return
		}
		if err != nil {
			f.mu.Lock()
			f.errs = append(f.errs, fmt.Errorf("%s, item %d: %w", name, item.Index, err))
			f.mu.Unlock()
		}
	}
}

// unmarked leaves out the contacts that were done before the host began.
func unmarked(list iter.Seq2[*contacts.Contact, error]) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		for c, err := range list {
			if (err != nil || c.Info.Company == nil) && !yield(c, err) {
				return
			}
		}
	}
}

// judge holds what was counted to what is promised.
func (f *fleet) judge(t *testing.T, heap []uint64, took time.Duration) {
	var once, twice, never, requests, refused, lost int
	var rate float64
	for _, s := range f.sites {
		for _, c := range s.contacts {
			switch c.counted {
			case 0:
				never++
			case 1:
				once++
			default:
				twice++
			}
		}
		requests, refused, lost = requests+s.requests, refused+s.refused, lost+s.lost
		rate += float64(s.requests) / (s.ended.Sub(s.begun) + interval).Minutes() / perMinute / float64(len(f.sites))
	}
	t.Logf("%d sites, %d hosts, %d killed: once %d, twice %d, never %d; %.2f requests each, %d answers lost, 429s %d; %.1f %% of the limit, "+
		"%s in all",
		len(f.sites), hosts, len(heap), once, twice, never, float64(requests)/float64(once), lost, refused, 100*rate, took.Round(time.Second))
	if err := errors.Join(f.errs...); err != nil || twice != 0 || never != 0 {
		t.Errorf("%d errors, the first: %.300v", len(f.errs), err)
	}
	if len(heap) < 2*minute {
		t.Fatalf("%d hosts were killed", len(heap))
	}
	if refused != 0 || rate < 0.98 || rate > 1.02 {
		t.Errorf("%d requests were refused, and %.1f %% of the limit used", refused, 100*rate)
	}
	first, last := slices.Max(heap[:minute]), slices.Max(heap[minute:])
	t.Logf("most memory of all hosts and the server: %.1f MB in the first %d minutes, %.1f MB in the %d after", float64(first)/1e6, minute,
		float64(last)/1e6,
		len(heap)-minute)
	if float64(last) > 1.25*float64(first) {
		t.Error("the memory grows")
	}
}
