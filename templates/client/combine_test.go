package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/testdata/conformance"
)

// together starts updates one after another, each waiting where it can before the next begins, and gives their errors.
func together(t *testing.T, c *miniClient, edits []func(*miniContact) error, opts ...CallOption) (results []*miniContact, errs []error) {
	t.Helper()
	results, errs = make([]*miniContact, len(edits)), make([]error, len(edits))
	var all sync.WaitGroup
	for i, edit := range edits {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					errs[i] = fmt.Errorf("panicked: %v", p)
				}
			}()
			results[i], errs[i] = updateWithRetry(context.Background(), c.core, c.api.trait, []string{"A"}, edit, append(opts, WithCombining()))
		})
		synctest.Wait()
	}
	all.Wait()
	return results, errs
}

// However many edits wait, they are one write: two requests, and three when the first edit is under way already.
func TestCombining(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var edits []func(*miniContact) error
		for range 50 {
			edits = append(edits, increments)
		}
		c := converse(t, []turn{reads(0), writes(0, 50), reads(50), writes(50, 51), writes(51, 100)})
		results, errs := together(t, c, edits)
		if err := errors.Join(errs...); err != nil || results[0] == results[1] {
			t.Errorf("%v; one result for two: %v", err, results[0] == results[1])
		}
		// The first one's read is over, and its write on the way, when the others come.
		var all sync.WaitGroup
		for i, edit := range edits {
			all.Go(func() {
				if i > 0 {
					time.Sleep(25 * time.Millisecond)
				}
				if _, err := updateWithRetry(context.Background(), c.core, c.api.trait, []string{"A"}, edit,
					[]CallOption{WithCombining()}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if open := clientState[batches](c.core).open; len(open) != 0 {
			t.Errorf("%d batches are left", len(open))
		}
	})
}

// A callback that fails, panics or breaks a rule is left out, and does not disturb the others.
func TestCombiningLeavesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		half := func(err error) func(*miniContact) error {
			return func(c *miniContact) error { c.Info.Company = Ptr("half done"); return err }
		}
		_, errs := together(t, converse(t, []turn{reads(0), writes(0, 2)}), []func(*miniContact) error{
			increments,
			half(errUser),
			func(c *miniContact) error { c.Revision = "9"; return nil },
			func(*miniContact) error { panic("its own") },
			half(ErrSkip),
			increments,
		})
		if errs[0] != nil || errs[4] != nil || errs[5] != nil {
			t.Errorf("%v", errs)
		}
		if !errors.Is(errs[1], errUser) || !errors.Is(errs[1], ErrMutate) || !errors.Is(errs[2], ErrContract) ||
			errs[3].Error() != "panicked: its own" {
			t.Errorf("%v", errs)
		}
	})
}

// A call with an option of its own is made alone, since what is sent for several could not honour it.
func TestCombiningLeavesOutWhoHasOptions(t *testing.T) {
	for name, tt := range map[string]struct {
		opts   []CallOption
		writes int
	}{
		"none":                 {nil, 1},
		"ReadBack":             {[]CallOption{ReadBack()}, 3},
		"DoubtConflicts":       {[]CallOption{DoubtConflicts()}, 3},
		"WithTimeout":          {[]CallOption{WithTimeout(time.Second)}, 3},
		"WithRetryPolicy":      {[]CallOption{WithRetryPolicy(RetryPolicy{MaxAttempts: 1})}, 3},
		"WithMaxResponseBytes": {[]CallOption{WithMaxResponseBytes(1 << 20)}, 3},
		"WithMaxAttempts":      {[]CallOption{WithMaxAttempts(2)}, 3},
		"WithHeader":           {[]CallOption{WithHeader("X-A", "1")}, 3},
		"Idempotent":           {[]CallOption{Idempotent()}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				counter, writes := 0, 0
				var mu sync.Mutex
				c, err := newMiniClient(contactsAPI(), through(func(r *http.Request) (*http.Response, error) {
					time.Sleep(time.Millisecond) // the others come meanwhile
					mu.Lock()
					defer mu.Unlock()
					if r.Method == http.MethodPatch {
						writes++
						counter += 3 / tt.writes
					}
					return reply(http.StatusOK, counterAt(counter)), nil
				}))
				if err != nil {
					t.Fatal(err)
				}
				if _, errs := together(t, c, []func(*miniContact) error{increments, increments, increments}, tt.opts...); errors.Join(errs...) != nil {
					t.Error(errs)
				}
				if writes != tt.writes {
					t.Errorf("%d writes, want %d", writes, tt.writes)
				}
			})
		})
	}
}

// An edit is sent with the credential of its own caller, and never with that of another one who waits at the same resource.
func TestCombiningMixesNoCredentials(t *testing.T) {
	type userKey struct{}
	synctest.Test(t, func(t *testing.T) {
		d := testDescription(miniDescription.baseURL)
		d.alternatives = [][]string{{"apiKey"}}
		var mu sync.Mutex
		counter, users := 0, map[string]int{}
		core, err := newCore(d, []ClientOption{
			WithCredentialFunc("apiKey", func(ctx context.Context) (string, error) {
				user, _ := ctx.Value(userKey{}).(string)
				return user, nil
			}),
			through(func(r *http.Request) (*http.Response, error) {
				time.Sleep(time.Millisecond) // the others come meanwhile
				mu.Lock()
				defer mu.Unlock()
				if r.Method == http.MethodPatch {
					users[r.Header.Get("Authorization")]++
					counter++
				}
				return reply(http.StatusOK, counterAt(counter)), nil
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for _, user := range []string{"ada", "grace", "mary"} {
			all.Go(func() {
				ctx := context.WithValue(context.Background(), userKey{}, user)
				if _, err := updateWithRetry(ctx, core, contactsAPI().trait, []string{"A"}, increments, []CallOption{WithCombining()}); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		all.Wait()
		if len(users) != 3 || users["ada"] != 1 || users["grace"] != 1 || users["mary"] != 1 {
			t.Errorf("writes by user: %v", users)
		}
	})
}

// When the server refuses what the edits made together, each is sent alone, and only the bad one fails.
func TestCombiningFallsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex // the edits that are sent alone come in any order
		counter := 0
		c, err := newMiniClient(contactsAPI(), through(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			if r.Method == http.MethodPatch {
				doc, err := io.ReadAll(r.Body)
				if err != nil || bytes.Contains(doc, []byte("phones")) {
					return reply(http.StatusBadRequest, string(conformance.JSON(conformance.ApplicationError("INVALID_PHONE")))), err
				}
				counter++
			}
			return reply(http.StatusOK, counterAt(counter)), nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		_, errs := together(t, c, []func(*miniContact) error{
			increments, func(c *miniContact) error { c.Info.appendPhone("x"); return nil }, increments,
		})
		var answered *APIError
		if errs[0] != nil || errs[2] != nil || !errors.As(errs[1], &answered) || answered.Code != "INVALID_PHONE" {
			t.Errorf("%v", errs)
		}
		if counter != 2 {
			t.Errorf("%d writes, want 2", counter)
		}
	})
}

// A caller who gives up leaves at once; the others' write goes on.
func TestCombiningLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := converse(t, []turn{reads(0), writes(0, 2)})
		var all sync.WaitGroup
		var errs [2]error
		for i, patience := range []time.Duration{25 * time.Millisecond, time.Minute} {
			all.Go(func() {
				ctx, cancel := context.WithTimeout(context.Background(), patience)
				defer cancel()
				started := time.Now()
				_, errs[i] = updateWithRetry(ctx, c.core, c.api.trait, []string{"A"}, increments, []CallOption{WithCombining()})
				if d := time.Since(started); i == 0 && d != patience {
					t.Errorf("left after %v", d)
				}
			})
			synctest.Wait()
		}
		all.Wait()
		if !errors.Is(errs[0], ErrAmbiguousWrite) || !errors.Is(errs[0], context.DeadlineExceeded) || errs[1] != nil {
			t.Errorf("%v", errs)
		}
	})
}

// A caller who gives up before the write is sent is left out of it, gets the call back at once and leaves nothing behind.
func TestCombiningGivingUpInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := conformance.Goroutines()
		c := converse(t, []turn{reads(0), writes(0, 2)})
		update := func(ctx context.Context) error {
			_, err := updateWithRetry(ctx, c.core, c.api.trait, []string{"A"}, increments, []CallOption{WithCombining()})
			return err
		}
		stays := make(chan error)
		for range 2 {
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
		for range 2 {
			if err := <-stays; err != nil {
				t.Errorf("who stayed failed: %v", err)
			}
		}
		if n := conformance.Goroutines() - before; n > 0 {
			t.Errorf("%d goroutines are left", n)
		}
	})
}
