//go:build go1.25

package contacts_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// sender is a transport that keeps the headers it is given, and has a function answer.
type sender struct {
	answer func(*http.Request) (*http.Response, error)

	mu   sync.Mutex
	seen []http.Header
}

func (s *sender) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.seen = append(s.seen, r.Header.Clone())
	s.mu.Unlock()
	return s.answer(r)
}

func contactAnswer(*http.Request) (*http.Response, error) {
	return reply(200, `{"contact":{"id":"c1","revision":1,"info":{"name":{"first":"Ada"}}}}`), nil
}

// family is a client for one site over a transport.
func family(t *testing.T, transport http.RoundTripper, opts ...contacts.ClientOption) *contacts.Client {
	t.Helper()
	c, err := contacts.NewClient(append([]contacts.ClientOption{contacts.WithAPIKey(theKey), contacts.WithSiteID("shop"),
		contacts.WithTenant("shop"),
		contacts.WithHTTPClient(&http.Client{Transport: transport})}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func related(t *testing.T, c *contacts.Client, opts ...contacts.ClientOption) *contacts.Client {
	t.Helper()
	other, err := c.With(opts...)
	if err != nil {
		t.Fatal(err)
	}
	return other
}

// A client of another site or account sends the credentials that go with it over the same transport, and leaves the first as it is.
func TestWithSendsOtherCredentials(t *testing.T) {
	s := &sender{answer: contactAnswer}
	shop := family(t, s, contacts.WithUserAgent("sync/1"))
	blog := related(t, shop, contacts.WithSiteID("blog"), contacts.WithTenant("blog"))
	account := related(t, blog, contacts.WithAccountID("company"), contacts.WithTenant("company"))
	again := related(t, account, contacts.WithAPIKey("another-key"))
	for _, c := range []*contacts.Client{shop, blog, account, again, shop} {
		if _, err := c.Contacts.Get(t.Context(), "c1"); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{theKey + " shop ", theKey + " blog ", theKey + "  company", "another-key  company", theKey + " shop "} {
		h := s.seen[i]
		if got := h.Get("Authorization") + " " + h.Get("Wix-Site-Id") + " " + h.Get("Wix-Account-Id"); got != want ||
			h.Get("User-Agent") != "sync/1" {
			t.Errorf("%d: sent %q as %q, want %q", i, got, h.Get("User-Agent"), want)
		}
	}
}

// A client is not made of options that do not fit, and none is taken to another server with the credentials of the first.
func TestWithChecksOptions(t *testing.T) {
	shop := family(t, &sender{answer: contactAnswer})
	for want, opts := range map[string][]contacts.ClientOption{
		"keeps to the server": {contacts.WithBaseURL("https://elsewhere.example.com")},
		"WithSiteID":          {contacts.WithSiteID(" ")},
		"is nil":              {nil},
	} {
		if c, err := shop.With(opts...); c != nil || err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), theKey) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// Tokens of an app are asked for once for all clients that are made from one another.
func TestWithSharesTokens(t *testing.T) {
	asked := 0
	s := &sender{answer: func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			asked++
			return reply(200, `{"access_token":"t","expires_in":3600}`), nil
		}
		return contactAnswer(r)
	}}
	c, err := contacts.NewClient(contacts.WithAppCredentials("app", theSecret, "instance"),
		contacts.WithHTTPClient(&http.Client{Transport: s}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*contacts.Client{c, related(t, c), related(t, c, contacts.WithTimeout(time.Second))} {
		if _, err := c.Contacts.Get(t.Context(), "c1"); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 1 {
		t.Errorf("%d tokens were asked for", asked)
	}
}

// Of clients that are made anew for each call, those of one site take turns at a contact and hold back together after a 429; those of
// another site do neither.
func TestWithKeepsSitesApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fakes := map[string]*contactstest.Server{"shop": contactstest.New(), "blog": contactstest.New()}
		ids := map[string]string{}
		for site, fake := range fakes {
			ids[site] = seedCounter(fake)
		}
		fakes["shop"].Inject(contactstest.Fault{Kind: contactstest.Fail, Operation: "getContact", Status: 429, RetryAfter: "30", Times: 1})
		shop := family(t, &sender{answer: func(r *http.Request) (*http.Response, error) {
			time.Sleep(10 * time.Millisecond)
			return fakes[r.Header.Get("Wix-Site-Id")].Transport().RoundTrip(r)
		}})
		started := time.Now()
		took := map[string]time.Duration{}
		var all sync.WaitGroup
		var mu sync.Mutex
		var errs []error
		for site := range fakes {
			for range 8 {
				all.Go(func() {
					c := related(t, shop, contacts.WithSiteID(site), contacts.WithTenant(site))
					_, err := c.Contacts.UpdateWithRetry(context.Background(), ids[site], increment)
					mu.Lock()
					defer mu.Unlock()
					errs, took[site] = append(errs, err), max(took[site], time.Since(started))
				})
			}
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		for site, fake := range fakes {
			if got, conflicts := counted(fake, ids[site]), conflictsIn(fake); got != "8" || conflicts != 0 {
				t.Errorf("%s counts %s with %d conflicts", site, got, conflicts)
			}
		}
		if took["shop"] < 30*time.Second || took["blog"] > time.Second {
			t.Errorf("they took %v", took)
		}
	})
}
