package client

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/testdata/conformance"
)

// waiter lets nobody through.
type waiter struct{}

func (waiter) Wait(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// The waits that no script can show: for the turn in a lane, for a limiter, and for a write that others share. Whoever gives
// up gets the call back at once, and those who stay are not disturbed.
func TestGivingUpInAWait(t *testing.T) {
	for _, tt := range []struct {
		name    string
		options []CallOption
		limited bool
	}{
		{name: "lane"},
		{name: "limiter", limited: true},
		{name: "combined", options: []CallOption{WithCombining()}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				before := conformance.Goroutines()
				s := newFaultyServer(1, faults{})
				s.put("A")
				c := s.client(1)
				update := func(ctx context.Context) error {
					_, err := updateWithRetry(ctx, c.core, c.api.trait, []string{"A"}, editOfKind(editIncrement, ""), tt.options)
					return err
				}
				stays, staying := make(chan error), 2
				if tt.limited {
					c.core.limiter = waiter{}
					staying = 0
				}
				for range staying {
					go func() { stays <- update(context.Background()) }()
				}
				synctest.Wait()
				ctx, cancel := context.WithCancel(context.Background())
				gone := make(chan error, 1)
				go func() { gone <- update(ctx) }()
				synctest.Wait()
				given := time.Now()
				cancel()
				err := <-gone
				if late := time.Since(given); late > 0 || !errors.Is(err, context.Canceled) {
					t.Errorf("returned %v later with %v", late, err)
				}
				if tt.limited && s.requests != 0 {
					t.Errorf("%d requests", s.requests)
				}
				for range staying {
					if err := <-stays; err != nil {
						t.Errorf("who stayed failed: %v", err)
					}
				}
				if n := s.present("A").Info["jobTitle"]; n != strconv.Itoa(staying) {
					t.Errorf("the counter is %v, want %d", n, staying)
				}
				if n := conformance.Goroutines() - before; n > 0 {
					t.Errorf("%d goroutines are left", n)
				}
			})
		})
	}
}
