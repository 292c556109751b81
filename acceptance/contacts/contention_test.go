package contacts_test

import (
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// contend has n goroutines increment one contact, and returns how many succeeded and the error of each that did not.
func contend(t *testing.T, clients []*contacts.Client, id string, n int, opts ...contacts.CallOption) (succeeded int, failed []error) {
	t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			_, err := clients[i%len(clients)].Contacts.UpdateWithRetry(t.Context(), id, increment, opts...)
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
		srv := contactstest.New()
		id, started := seedCounter(srv), time.Now()
		succeeded, failed := contend(t, []*contacts.Client{clientAt(t, srv, tenMilliseconds, 1)}, id, 64)
		if got := counted(srv, id); succeeded != 64 || got != "64" {
			t.Errorf("%d succeeded, the counter is %s; %v", succeeded, got, failed)
		}
		if requests, conflicts := srv.Count(), conflictsIn(srv); requests != 65 || conflicts != 0 {
			t.Errorf("%d requests, %d conflicts; want 65 and none", requests, conflicts)
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
					srv := contactstest.New()
					id := seedCounter(srv)
					var clients []*contacts.Client
					for i := range processes {
						clients = append(clients, clientAt(t, srv, tenMilliseconds, uint64(100*seed+i)))
					}
					succeeded, failed := contend(t, clients, id, 64, contacts.WithoutLane())
					if got := counted(srv, id); got != strconv.Itoa(succeeded) {
						t.Errorf("seed %d: %d succeeded, the counter is %s", seed, succeeded, got)
					}
					for _, err := range failed {
						if e := (*contacts.UpdateError)(nil); !errors.As(err, &e) || e.Kind != contacts.ErrConflict || e.Cause != contacts.CauseAttempts {
							t.Errorf("seed %d: %v", seed, err)
						}
					}
					if conflictsIn(srv) == 0 {
						t.Errorf("seed %d: no conflicts", seed)
					}
					writes += srv.Count(contacts.OperationUpdateContact)
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
