package client

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// policy is a way of updating one contact until it succeeds or gives up.
type policy struct {
	name   string
	update func(c *miniClient, random *rand.Rand) error
}

// clientGo is RetryOnConflict of k8s.io/client-go v0.37.2 with one of its backoffs: n tries, waits from first on, each
// factor times the one before, up to a tenth longer.
func clientGo(n int, first time.Duration, factor float64) func(*miniClient, *rand.Rand) error {
	return func(c *miniClient, random *rand.Rand) error {
		wait := float64(first)
		for try := 1; ; try++ {
			err := updateOnce(c)
			if !errors.Is(err, ErrConflict) || try == n {
				return err
			}
			time.Sleep(time.Duration(wait * (1 + 0.1*random.Float64())))
			wait *= factor
		}
	}
}

// updateOnce reads, changes and writes.
func updateOnce(c *miniClient) error {
	ctx, t := context.Background(), c.api.trait
	v, err := call[miniContact](ctx, c.core, t.read, []string{"A"}, body{}, nil)
	if err != nil {
		return err
	}
	doc := fmt.Sprintf(`{"revision":%s,"info":{"jobTitle":"%d"}}`, v.Revision, counterOf(v)+1)
	_, err = call[miniContact](ctx, c.core, t.write, []string{"A"}, body{raw: []byte(doc)}, nil)
	return err
}

func policies() []policy {
	ours := func(opts ...CallOption) func(*miniClient, *rand.Rand) error {
		return func(c *miniClient, _ *rand.Rand) error {
			_, err := updateWithRetry(context.Background(), c.core, c.api.trait, []string{"A"}, editOfKind(editIncrement, ""), opts)
			return err
		}
	}
	return []policy{
		{"ours, lane", ours()},
		{"ours, no lane", ours(WithoutLane())},
		{"DefaultRetry", clientGo(5, 10*time.Millisecond, 1)},
		{"DefaultBackoff", clientGo(4, 10*time.Millisecond, 5)},
		{"no backoff", clientGo(math.MaxInt, 0, 1)},
	}
}

// trial is what a number of runs of one policy came to.
type trial struct {
	calls, failures, requests, writes int
	done                              []time.Duration // of the calls that succeeded
}

// play has n clients update one contact at once.
func (p policy) play(t *testing.T, n int, seed uint64, sum *trial) {
	s := newFaultyServer(seed, faults{})
	s.delay = func(r *rand.Rand) time.Duration { return time.Duration(math.Abs(r.NormFloat64()*2+10) * 1e6) }
	s.put("A")
	client, started := s.client(seed), time.Now()
	var mu sync.Mutex
	var all sync.WaitGroup
	succeeded := 0
	for i := range n {
		all.Go(func() {
			err := p.update(client, rand.New(rand.NewPCG(seed, uint64(i))))
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
	sum.requests += s.requests
	sum.writes += s.writes
	if got := s.present("A").Info["jobTitle"]; got != fmt.Sprint(succeeded) {
		t.Errorf("%s, seed %d: %d succeeded, the counter is %v", p.name, seed, succeeded, got)
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

Made by ` + "`POLICY_TABLE=../../docs/contention.md go test -run TestPolicyTable ./templates/client`" + ` on a virtual clock: an in-process server, one-way
delay |N(10 ms, 2 ms)|, 100 runs of N callers that each increment one counter once. In every run the counter ended as the number of
calls that succeeded. "DefaultRetry" and "DefaultBackoff" are RetryOnConflict of k8s.io/client-go v0.37.2; "no backoff" tries
for ever. The lane orders the calls of one client; without it, calls meet as those of different processes do.

| N | policy | requests per success | writes per run | p50 ms | p99 ms | failures |
|---:|---|---:|---:|---:|---:|---:|
`
