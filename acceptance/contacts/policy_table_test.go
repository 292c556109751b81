package contacts_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// policy is a way of updating one contact until it succeeds or gives up. Own marks the caller's requests.
type policy struct {
	name   string
	update updater
}

type updater func(ctx context.Context, c *contacts.Client, id string, random *rand.Rand, own contacts.CallOption) error

func policies() []policy {
	ours := func(opts ...contacts.CallOption) updater {
		return func(ctx context.Context, c *contacts.Client, id string, _ *rand.Rand, own contacts.CallOption) error {
			_, err := c.Contacts.UpdateWithRetry(ctx, id, increment, append(opts, own)...)
			return err
		}
	}
	return []policy{
		{"ours, lane", ours()},
		{"ours, no lane", ours(contacts.WithoutLane())},
		{"DefaultRetry", clientGo(5, 10*time.Millisecond, 1)},
		{"DefaultBackoff", clientGo(4, 10*time.Millisecond, 5)},
		{"no backoff", clientGo(math.MaxInt, 0, 1)},
	}
}

// clientGo is RetryOnConflict of k8s.io/client-go v0.37.2 with one of its backoffs: n tries, waits from first on, each
// factor times the one before, up to a tenth longer.
func clientGo(n int, first time.Duration, factor float64) updater {
	return func(ctx context.Context, c *contacts.Client, id string, random *rand.Rand, own contacts.CallOption) error {
		wait := float64(first)
		for try := 1; ; try++ {
			err := updateOnce(ctx, c, id, own)
			if !errors.Is(err, contacts.ErrConflict) || try == n {
				return err
			}
			time.Sleep(time.Duration(wait * (1 + 0.1*random.Float64())))
			wait *= factor
		}
	}
}

// updateOnce reads, changes and writes.
func updateOnce(ctx context.Context, c *contacts.Client, id string, own contacts.CallOption) error {
	v, err := c.Contacts.Get(ctx, id, own)
	if err != nil {
		return err
	}
	if err := increment(v); err != nil {
		return err
	}
	change := contacts.UpdateContactRequest{Revision: v.Revision, Info: contacts.ContactInfo{JobTitle: v.Info.JobTitle}}
	_, err = c.Contacts.Update(ctx, id, change, own)
	return err
}

// trial is what a number of runs of one policy came to.
type trial struct {
	calls, failures, requests, writes int
	done                              []time.Duration // of the calls that succeeded
}

// play has n callers update one contact at once.
func (p policy) play(t *testing.T, n int, seed uint64, sum *trial) {
	srv := contactstest.New()
	id, started := seedCounter(srv), time.Now()
	client := clientAt(t, srv, scattered(seed), seed)
	var mu sync.Mutex
	var all sync.WaitGroup
	succeeded := 0
	for i := range n {
		all.Go(func() {
			own := contacts.WithHeader(opHeader, strconv.Itoa(i))
			err := p.update(t.Context(), client, id, rand.New(rand.NewPCG(seed, uint64(i))), own)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				sum.failures++
				return
			}
			succeeded++
			sum.done = append(sum.done, time.Since(started))
		})
	}
	all.Wait()
	sum.calls += n
	sum.requests += srv.Count()
	sum.writes += srv.Count(contacts.OperationUpdateContact)
	if got := counted(srv, id); got != strconv.Itoa(succeeded) {
		t.Errorf("%s, seed %d: %d succeeded, the counter is %s", p.name, seed, succeeded, got)
	}
}

// at is a quantile of the times to success.
func (s *trial) at(q float64) time.Duration {
	if len(s.done) == 0 {
		return 0
	}
	slices.Sort(s.done)
	return s.done[int(q*float64(len(s.done)-1))].Round(time.Millisecond)
}

// What the helper's policy costs under contention, beside others. By default a few runs hold it to its bars;
// POLICY_TABLE=file makes 100 runs of everything and writes the table of the documentation.
func TestPolicyTable(t *testing.T) {
	file, whole := os.LookupEnv("POLICY_TABLE")
	runs, sizes := 5, []int{1, 2, 64}
	if whole {
		runs, sizes = 100, []int{1, 2, 4, 8, 16, 32, 64, 100}
	}
	var table strings.Builder
	for _, n := range sizes {
		for _, p := range policies() {
			var sum trial
			for seed := range runs {
				synctest.Test(t, func(t *testing.T) { p.play(t, n, uint64(seed+1), &sum) })
			}
			fmt.Fprintf(&table, "| %d | %s | %.2f | %.1f | %d | %d | %.2f %% |\n", n, p.name,
				float64(sum.requests)/float64(max(1, len(sum.done))), float64(sum.writes)/float64(runs),
				sum.at(0.5).Milliseconds(), sum.at(0.99).Milliseconds(), 100*float64(sum.failures)/float64(sum.calls))
			checkPolicy(t, p.name, n, runs, sum)
		}
	}
	if !whole {
		return
	}
	if err := os.WriteFile(file, []byte(policyTableHead+table.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// checkPolicy holds our policies to what the documentation says of them.
func checkPolicy(t *testing.T, name string, n, runs int, sum trial) {
	switch {
	case name == "ours, lane" && sum.requests != runs*(n+1):
		t.Errorf("%s: %d requests in %d runs of %d", name, sum.requests, runs, n)
	case name == "ours, no lane" && n == 1 && sum.requests != 2*runs:
		t.Errorf("%s: %d requests in %d runs of one", name, sum.requests, runs)
	case name == "ours, no lane" && n == 64 && (sum.writes > 400*runs || 1000*sum.failures > max(1000, sum.calls)):
		t.Errorf("%s: %d writes, %d failures in %d runs of 64", name, sum.writes, sum.failures, runs)
	}
}

const policyTableHead = `# Updates of one resource by many clients at once

Made by ` + "`POLICY_TABLE=../../docs/contention.md go test -run TestPolicyTable ./acceptance/contacts`" + ` on a virtual clock: the generated client and
its fake, one-way delay |N(10 ms, 2 ms)|, 100 runs of N callers that each increment one counter once. In every run the counter ended as the number of
calls that succeeded. "DefaultRetry" and "DefaultBackoff" are RetryOnConflict of k8s.io/client-go v0.37.2; "no backoff" tries
for ever. The lane orders the calls of one client; without it, calls meet as those of different processes do.

| N | policy | requests per success | writes per run | p50 ms | p99 ms | failures |
|---:|---|---:|---:|---:|---:|---:|
`
