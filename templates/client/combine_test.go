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
		s := newFaultyServer(1, faults{})
		s.put("A")
		var edits []func(*miniContact) error
		for range 50 {
			edits = append(edits, editOfKind(editIncrement, ""))
		}
		c := s.client(1)
		results, errs := together(t, c, edits)
		if err := errors.Join(errs...); err != nil || s.present("A").Info["jobTitle"] != "50" {
			t.Errorf("%v, the counter is %v", err, s.present("A").Info["jobTitle"])
		}
		if s.requests != 2 || results[0] == results[1] {
			t.Errorf("%d requests, want 2", s.requests)
		}
		// The first one's read is over, and its write on the way, when the others come.
		s.requests = 0
		var all sync.WaitGroup
		for i, edit := range edits {
			all.Go(func() {
				if i > 0 {
					time.Sleep(25 * time.Millisecond)
				}
				if _, err := updateWithRetry(context.Background(), c.core, c.api.trait, []string{"A"}, edit, []CallOption{WithCombining()}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if s.requests != 3 || s.present("A").Info["jobTitle"] != "100" {
			t.Errorf("%d requests, want 3; the counter is %v", s.requests, s.present("A").Info["jobTitle"])
		}
		if open := part[batches](c.core).open; len(open) != 0 {
			t.Errorf("%d batches are left", len(open))
		}
	})
}

// A callback that fails, panics or breaks a rule is left out, and does not disturb the others.
func TestCombiningLeavesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newFaultyServer(1, faults{})
		s.put("A")
		half := func(err error) func(*miniContact) error {
			return func(c *miniContact) error { c.Info.Company = Ptr("half done"); return err }
		}
		_, errs := together(t, s.client(1), []func(*miniContact) error{
			editOfKind(editIncrement, ""),
			half(errUser),
			func(c *miniContact) error { c.Revision = "9"; return nil },
			func(*miniContact) error { panic("its own") },
			half(ErrSkip),
			editOfKind(editIncrement, ""),
		})
		if errs[0] != nil || errs[4] != nil || errs[5] != nil {
			t.Errorf("%v", errs)
		}
		if !errors.Is(errs[1], errUser) || !errors.Is(errs[1], ErrMutate) || !errors.Is(errs[2], ErrContract) || errs[3].Error() != "panicked: its own" {
			t.Errorf("%v", errs)
		}
		if now := s.present("A"); now.Info["jobTitle"] != "2" || now.Info["company"] != nil || s.requests != 2 {
			t.Errorf("%v after %d requests", now, s.requests)
		}
	})
}

// refusingPhones is a server that takes no phone with an x in it.
type refusingPhones struct{ *faultyServer }

func (s refusingPhones) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		body, err := r.GetBody()
		if err != nil {
			return nil, err
		}
		doc, err := io.ReadAll(body)
		if err != nil {
			return nil, err
		}
		if bytes.Contains(doc, []byte("+x")) {
			return s.pack(r, served{status: 400, body: conformance.ApplicationError("INVALID_PHONE")}), nil
		}
	}
	return s.faultyServer.RoundTrip(r)
}

// When the server refuses what the edits made together, each is sent alone, and only the bad one fails.
func TestCombiningFallsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newFaultyServer(1, faults{})
		s.put("A")
		c, err := newMiniClient(contactsAPI(), WithHTTPClient(&http.Client{Transport: refusingPhones{s}}))
		if err != nil {
			t.Fatal(err)
		}
		_, errs := together(t, c, []func(*miniContact) error{
			editOfKind(editIncrement, ""), editOfKind(editAppend, "x"), editOfKind(editIncrement, ""),
		})
		var refused *APIError
		if errs[0] != nil || errs[2] != nil || !errors.As(errs[1], &refused) || refused.Code != "INVALID_PHONE" {
			t.Errorf("%v", errs)
		}
		if got := s.present("A").Info["jobTitle"]; got != "2" {
			t.Errorf("the counter is %v", got)
		}
	})
}

// A caller who gives up leaves at once; the others' write goes on.
func TestCombiningLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newFaultyServer(1, faults{})
		s.put("A")
		c := s.client(1)
		var all sync.WaitGroup
		var errs [2]error
		for i, patience := range []time.Duration{25 * time.Millisecond, time.Minute} {
			all.Go(func() {
				ctx, cancel := context.WithTimeout(context.Background(), patience)
				defer cancel()
				started := time.Now()
				_, errs[i] = updateWithRetry(ctx, c.core, c.api.trait, []string{"A"}, editOfKind(editIncrement, ""), []CallOption{WithCombining()})
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
