package contacts_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
	"github.com/contactsgen/contactsgen/testdata/conformance"
)

// turnstile is a limiter that lets nobody through.
type turnstile struct{}

func (turnstile) Wait(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// The waits that no script can show: for the turn in a lane, and for a limiter. Whoever gives up gets the call back at once, and
// those who stay are not disturbed.
func TestGivingUpInAWait(t *testing.T) {
	for _, tt := range []struct {
		name    string
		staying int
		options []contacts.ClientOption
	}{
		{"lane", 2, nil},
		{"limiter", 0, []contacts.ClientOption{contacts.WithLimiter(turnstile{})}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				before := conformance.Goroutines()
				srv := contactstest.New()
				id, client := seedCounter(srv), clientAt(t, srv, tenMilliseconds, 1, tt.options...)
				update := func(ctx context.Context) error {
					_, err := client.Contacts.UpdateWithRetry(ctx, id, increment)
					return err
				}
				stays := make(chan error)
				for range tt.staying {
					go func() { stays <- update(t.Context()) }()
				}
				synctest.Wait()
				ctx, cancel := context.WithCancel(t.Context())
				gone := make(chan error, 1)
				go func() { gone <- update(ctx) }()
				synctest.Wait()
				given := time.Now()
				cancel()
				err := <-gone
				if late := time.Since(given); late > 0 || !errors.Is(err, context.Canceled) {
					t.Errorf("returned %v later with %v", late, err)
				}
				for range tt.staying {
					if err := <-stays; err != nil {
						t.Errorf("who stayed failed: %v", err)
					}
				}
				if want := tt.staying + min(tt.staying, 1); srv.Count() != want {
					t.Errorf("%d requests, want %d", srv.Count(), want)
				}
				if got := counted(srv, id); got != strconv.Itoa(tt.staying) {
					t.Errorf("the counter is %s, want %d", got, tt.staying)
				}
				if n := conformance.Goroutines() - before; n > 0 {
					t.Errorf("%d goroutines are left", n)
				}
			})
		})
	}
}
