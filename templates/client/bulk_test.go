package client

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
	"github.com/contactsgen/contactsgen/testdata/conformance"
)

// numbered are the keys k0 to k(n-1), made as they are asked for.
func numbered(n int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range n {
			if !yield(fmt.Sprint("k", i)) {
				return
			}
		}
	}
}

// crowd is the generated fake with contacts of these keys, each with its counter at 0. Every request takes 20 ms.
type crowd struct{ *contactstest.Server }

func crowdOf(keys iter.Seq[string]) crowd {
	s := crowd{contactstest.New()}
	for k := range keys {
		s.Seed("Contact", map[string]any{"id": k, "info": map[string]any{"name": map[string]any{"first": "Ada"}, "jobTitle": "0"}})
	}
	s.Inject(contactstest.Fault{Kind: contactstest.Delay, Delay: 20 * time.Millisecond, Times: -1})
	return s
}

// client is a client with a lane of its own, as another process would have.
func (s crowd) client(t *testing.T) *miniClient {
	t.Helper()
	c, err := newMiniClient(contactsAPI(), WithBaseURL("https://api.example.com/contacts"),
		WithHTTPClient(&http.Client{Transport: s.Transport()}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// counter is the number in a contact.
func (s crowd) counter(key string) string {
	var c miniContact
	s.Get("Contact", key, &c)
	return *c.Info.JobTitle
}

func (m *miniClient) each(ctx context.Context, keys iter.Seq[string], mutate func(*miniContact) error,
	opts ...CallOption) iter.Seq2[BulkItem[string, miniContact], error] {
	return updateEach(ctx, m.core, m.api.trait, keys, func(k string) []string { return []string{k} }, mutate, opts)
}

// Items come in the order of their keys, each with its own end, and no more of them are worked on at a time than allowed.
func TestUpdateEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := crowdOf(numbered(20))
		s.Remove("Contact", "k3")
		var now, most atomic.Int32
		mutate := func(c *miniContact) error {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Second) // for as long as the round trips of a contact, and more
			now.Add(-1)
			if c.ID == "k5" {
				return errUser
			}
			return increments(c)
		}
		var total Report
		var last Progress
		index := 0
		for item, err := range s.client(t).each(context.Background(), numbered(20), mutate,
			WithConcurrency(3), WithReport(&total), WithProgress(func(p Progress) { last = p })) {
			if item.Index != index || item.Key != fmt.Sprint("k", index) {
				t.Errorf("item %d is %+v", index, item)
			}
			switch item.Key {
			case "k3":
				if !errors.Is(err, ErrNotFound) || item.Value != nil {
					t.Errorf("%+v, %v", item, err)
				}
			case "k5":
				if !errors.Is(err, errUser) || !errors.Is(err, ErrMutate) {
					t.Errorf("%+v, %v", item, err)
				}
			default:
				if err != nil || item.Value.ID != item.Key || *item.Value.Info.JobTitle != "1" || item.Report.Outcome != Updated {
					t.Errorf("%+v, %v", item, err)
				}
			}
			index++
			if last.Succeeded+last.Failed != int64(index) {
				t.Errorf("after %d items: %+v", index, last)
			}
		}
		if index != 20 || most.Load() != 3 || last != (Progress{Total: 20, Succeeded: 18, Failed: 2}) {
			t.Errorf("%d items, %d at a time, %+v", index, most.Load(), last)
		}
		if total.Writes != 18 || total.Reads != 20 || s.Count() != 38 {
			t.Errorf("%+v, %d requests", total, s.Count())
		}
	})
}

// A key that comes several times is written as often, one after the other, without a conflict.
func TestUpdateEachChainsEqualKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := crowdOf(numbered(1))
		keys := slices.Values(slices.Repeat([]string{"k0"}, 30))
		for item, err := range s.client(t).each(context.Background(), keys, increments) {
			if err != nil {
				t.Errorf("%d: %v", item.Index, err)
			}
		}
		applied := 0
		for _, x := range s.Requests("updateContact") {
			applied += x.Applied
		}
		if got := s.counter("k0"); got != "30" || applied != 30 || s.Count("updateContact") != 30 {
			t.Errorf("counter %s after %d writes, of which %d were applied", got, s.Count("updateContact"), applied)
		}
	})
}

// However many keys there are, only so many are asked for before their items are taken.
func TestUpdateEachHoldsLittle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := crowdOf(numbered(1000))
		asked, furthest := 0, 0
		keys := func(yield func(string) bool) {
			for k := range numbered(1000) {
				if asked++; !yield(k) {
					return
				}
			}
		}
		slow := func(c *miniContact) error {
			if c.ID == "k500" {
				time.Sleep(time.Minute)
			}
			return increments(c)
		}
		taken := 0
		for _, err := range s.client(t).each(context.Background(), keys, slow, WithMaxElapsed(time.Hour)) {
			if err != nil {
				t.Error(err)
			}
			furthest = max(furthest, asked-taken)
			taken++
		}
		if taken != 1000 || furthest > heldPerSlot*defaultConcurrency+1 {
			t.Errorf("%d items, up to %d keys ahead", taken, furthest)
		}
	})
}

// Whoever leaves the loop, or gives up, is rid of everything at once, and knows where to go on.
func TestUpdateEachEndsEarly(t *testing.T) {
	t.Run("break", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s, before := crowdOf(numbered(100)), conformance.Goroutines()
			for item, err := range s.client(t).each(context.Background(), numbered(100), increments) {
				if err != nil {
					t.Error(err)
				}
				if item.Index == 10 {
					break
				}
			}
			after := s.Count()
			time.Sleep(time.Minute)
			if s.Count() != after || conformance.Goroutines() != before {
				t.Errorf("%d requests, %d goroutines later", s.Count()-after, conformance.Goroutines()-before)
			}
		})
	})
	t.Run("cancel", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s, before := crowdOf(numbered(100)), conformance.Goroutines()
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(105*time.Millisecond, cancel)
			started, firstFailed, items := time.Now(), -1, 0
			var failed []string
			for item, err := range s.client(t).each(ctx, numbered(100), increments) {
				items++
				if err == nil {
					continue
				}
				if failed = append(failed, item.Key); firstFailed < 0 {
					firstFailed = item.Index
				}
				if !errors.Is(err, context.Canceled) {
					t.Errorf("%d: %v", item.Index, err)
				}
			}
			if d := time.Since(started); d > 115*time.Millisecond || firstFailed <= 0 || items >= 100 || items != firstFailed+len(failed) {
				t.Errorf("after %v: %d items, from %d on without success", d, items, firstFailed)
			}
			if conformance.Goroutines() != before {
				t.Errorf("%d goroutines are left", conformance.Goroutines()-before)
			}
			// Going on is a matter of the keys.
			rest := func(yield func(string) bool) {
				for k := range numbered(100) {
					if i := 0; len(k) > 0 {
						if _, err := fmt.Sscanf(k, "k%d", &i); err == nil && i >= firstFailed && !yield(k) {
							return
						}
					}
				}
			}
			ensure := func(c *miniContact) error { c.Info.JobTitle = Ptr("1"); return nil }
			for item, err := range s.client(t).each(context.Background(), rest, ensure) {
				if err != nil {
					t.Errorf("%s: %v", item.Key, err)
				}
			}
			for k := range numbered(100) {
				if got := s.counter(k); got != "1" {
					t.Errorf("%s is at %s", k, got)
				}
			}
		})
	})
	t.Run("nothing to begin with", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		items := 0
		for item, err := range crowdOf(numbered(5)).client(t).each(ctx, numbered(5), increments) {
			if items++; item.Key != "k0" || !errors.Is(err, context.Canceled) {
				t.Errorf("%+v, %v", item, err)
			}
		}
		if items != 1 {
			t.Errorf("%d items", items)
		}
	})
}

// A panic of a callback reaches whoever ranges over the items, when all else has ended.
func TestUpdateEachPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, before := crowdOf(numbered(50)), conformance.Goroutines()
		panicked := func() (p any) {
			defer func() { p = recover() }()
			for item, err := range s.client(t).each(context.Background(), numbered(50), func(c *miniContact) error {
				if c.ID == "k7" {
					panic("its own")
				}
				return increments(c)
			}) {
				if err != nil || item.Index >= 7 {
					t.Errorf("%d: %v", item.Index, err)
				}
			}
			return nil
		}()
		if panicked != "its own" || conformance.Goroutines() != before {
			t.Errorf("%v, %d goroutines are left", panicked, conformance.Goroutines()-before)
		}
	})
}

// A list that fails while its items are updated says so, and a mistake in the options is the only pair.
func TestUpdateEachFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := crowdOf(numbered(3))
		list := func(yield func(*miniContact, error) bool) {
			for k := range numbered(3) {
				if !yield(&miniContact{ID: k}, nil) {
					return
				}
			}
			yield(nil, errUser)
		}
		var failed error
		items := 0
		for _, err := range s.client(t).each(context.Background(), KeysOf(list, func(c *miniContact) string {
			return c.ID
		}, &failed), increments) {
			if err != nil {
				t.Error(err)
			}
			items++
		}
		if !errors.Is(failed, errUser) || items != 3 {
			t.Errorf("%d items, %v", items, failed)
		}
		var response Response
		for _, opts := range [][]CallOption{{WithResponse(&response)}, {WithConcurrency(0)}, {nil}} {
			pairs := 0
			for item, err := range s.client(t).each(context.Background(), numbered(3), increments, opts...) {
				if pairs++; err == nil || item != (BulkItem[string, miniContact]{}) {
					t.Errorf("%+v, %v", item, err)
				}
			}
			if pairs != 1 {
				t.Errorf("%d pairs", pairs)
			}
		}
	})
}
