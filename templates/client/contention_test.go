package client

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// contend has n goroutines increment one contact, and returns how many succeeded and the error of each that did not.
func contend(s *faultyServer, clients []*miniClient, n int, opts ...CallOption) (succeeded int, failed []error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			c := clients[i%len(clients)]
			_, err := updateWithRetry(context.Background(), c.core, c.api.trait, []string{"A"}, editOfKind(editIncrement, ""), opts)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed = append(failed, err)
				return
			}
			succeeded++
		})
	}
	all.Wait()
	return succeeded, failed
}

// Writers in one process wait for each other instead of meeting: one read, and a write each.
func TestLaneOfSixtyFour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newFaultyServer(1, faults{})
		s.put("A")
		started := time.Now()
		succeeded, failed := contend(s, []*miniClient{s.client(1)}, 64)
		if succeeded != 64 || s.present("A").Info["jobTitle"] != "64" {
			t.Errorf("%d succeeded, the counter is %v; %v", succeeded, s.present("A").Info["jobTitle"], failed)
		}
		if s.requests != 65 || s.conflicts != 0 {
			t.Errorf("%d requests, %d conflicts; want 65 and none", s.requests, s.conflicts)
		}
		if d := time.Since(started); d != 65*20*time.Millisecond {
			t.Errorf("took %v", d)
		}
	})
}

// Without the lane, and likewise across processes, the counter is the number of successes, and every failure is typed.
func TestContentionWithoutLane(t *testing.T) {
	for _, processes := range []int{1, 4} {
		t.Run(strconv.Itoa(processes), func(t *testing.T) {
			runs, writes, failures := 20, 0, 0
			for seed := range runs {
				synctest.Test(t, func(t *testing.T) {
					s := newFaultyServer(uint64(seed), faults{})
					s.put("A")
					var clients []*miniClient
					for i := range processes {
						clients = append(clients, s.client(uint64(100*seed+i)))
					}
					succeeded, failed := contend(s, clients, 64, WithoutLane())
					if got := s.present("A").Info["jobTitle"]; got != strconv.Itoa(succeeded) {
						t.Errorf("seed %d: %d succeeded, the counter is %v", seed, succeeded, got)
					}
					for _, err := range failed {
						if e := (*UpdateError)(nil); !errors.As(err, &e) || e.Kind != ErrConflict || e.Cause != CauseAttempts {
							t.Errorf("seed %d: %v", seed, err)
						}
					}
					if s.conflicts == 0 {
						t.Errorf("seed %d: no conflicts", seed)
					}
					writes += s.writes
					failures += len(failed)
				})
			}
			if mean := writes / runs; mean > 414 { // 360, and 15 % more
				t.Errorf("%d writes on average", mean)
			}
			if failures > runs {
				t.Errorf("%d failures in %d runs of 64 calls", failures, runs)
			}
			t.Logf("%d writes on average, %d failures in %d calls", writes/runs, failures, 64*runs)
		})
	}
}
