//go:build go1.25

package contacts_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"shapes/contacts"
	"shapes/contacts/contactstest"
	"shapes/script"
)

// connect makes a client of a fake that lets waits pass at once.
func connect(srv *contactstest.Server, options ...contacts.ClientOption) *contacts.Client {
	client, err := contacts.NewClient(append([]contacts.ClientOption{
		contacts.WithAPIKey("key"), contacts.WithSiteID("site"), contacts.WithClock(&script.Clock{}),
		contacts.WithHTTPClient(&http.Client{Transport: srv.Transport()}),
	}, options...)...)
	if err != nil {
		panic(err)
	}
	return client
}

// slow lets every request take a second, so that what is started meanwhile has to wait.
type slow struct{ http.RoundTripper }

func (s slow) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(time.Second)
	return s.RoundTripper.RoundTrip(r)
}

// together starts edits of one contact while the first request is under way, and gives their errors.
func together(srv *contactstest.Server, id string, edits ...func(*contacts.Contact) error) []error {
	client, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("site"), contacts.WithCombining(),
		contacts.WithHTTPClient(&http.Client{Transport: slow{srv.Transport()}}))
	if err != nil {
		panic(err)
	}
	errs := make([]error, len(edits))
	var all sync.WaitGroup
	for i, edit := range edits {
		all.Add(1)
		go func() {
			defer all.Done()
			_, errs[i] = client.Contacts.UpdateWithRetry(context.Background(), id, edit)
		}()
	}
	all.Wait()
	return errs
}

func phone(number string) func(*contacts.Contact) error {
	return func(c *contacts.Contact) error {
		c.Info.Phones.Items = append(c.Info.Phones.Items, contacts.ContactPhone{Phone: number, Tag: contacts.PhoneTagMobile})
		return nil
	}
}

// Edits that wait are one write, which has what all of them made.
func TestCombining(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := contactstest.New()
		id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
		var edits []func(*contacts.Contact) error
		for i := range 20 {
			edits = append(edits, phone(fmt.Sprintf("20255501%02d", i)))
		}
		if err := errors.Join(together(srv, id, edits...)...); err != nil {
			t.Error(err)
		}
		var now contacts.Contact
		srv.Get("Contact", id, &now)
		script.Want(t, "phones", len(now.Info.Phones.Items), 20)
		script.Want(t, "reads", srv.Count("getContact"), 1)
		script.Want(t, "writes", srv.Count("updateContact"), 1)
	})
}

// What the server refuses of edits together it is asked one by one: the one that it does not take fails alone.
func TestCombiningFallsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := contactstest.New()
		id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
		srv.Seed("Contact", `{"info": {"name": {"first": "Bob"}, "emails": {"items": [{"email": "taken@example.com", "tag": "MAIN"}]}}}`)
		taken := func(c *contacts.Contact) error {
			c.Info.Emails.Items = append(c.Info.Emails.Items, contacts.ContactEmail{Email: "taken@example.com", Tag: contacts.EmailTagMain})
			return nil
		}
		errs := together(srv, id, phone("2025550101"), taken, phone("2025550102"))
		script.WantError(t, errs[1], contacts.ErrAlreadyExists)
		if errs[0] != nil || errs[2] != nil {
			t.Errorf("the others fail: %v", errs)
		}
		var now contacts.Contact
		srv.Get("Contact", id, &now)
		script.Want(t, "phones", len(now.Info.Phones.Items), 2)
		script.Want(t, "emails", len(now.Info.Emails.Items), 0)
		script.Want(t, "writes", srv.Count("updateContact"), 4)
	})
}

// copies reads a contact, and makes a copy of it to be edited.
func copies(t *testing.T, client *contacts.Client, id string) (base, desired *contacts.Contact) {
	t.Helper()
	base, err := client.Contacts.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	edited := *base
	return base, &edited
}

// What two writers changed in different places is there from both afterwards; a place that both changed is listed, and nothing written.
func TestThreeWay(t *testing.T) {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada", "last": "Byron"}, "company": "Example Works", "jobTitle": "Clerk"}}`)
	client := connect(srv)
	base, desired := copies(t, client, id)
	desired.Info.Name.Last = contacts.Ptr("Lovelace")
	desired.Info.JobTitle = nil

	srv.Edit("Contact", id, func(c map[string]any) { c["info"].(map[string]any)["company"] = "Analytical Works" })
	var report contacts.Report
	merged, err := client.Contacts.UpdateThreeWay(t.Context(), base, desired, nil, contacts.WithReport(&report))
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "last name", *merged.Info.Name.Last, "Lovelace")
	script.Want(t, "company", *merged.Info.Company, "Analytical Works")
	script.Want(t, "job title", merged.Info.JobTitle, nil)
	script.Want(t, "conflicts", report.Conflicts, 1)

	// The copy is old by now: its name was changed, and its company too.
	desired.Info.Name.Last = contacts.Ptr("King")
	desired.Info.Company = contacts.Ptr("Difference Works")
	_, err = client.Contacts.UpdateThreeWay(t.Context(), base, desired, nil)
	var conflict *contacts.MergeConflictError
	if !errors.As(err, &conflict) {
		t.Fatalf("no conflict of a merge: %v", err)
	}
	var paths []string
	for _, c := range conflict.Paths {
		paths = append(paths, c.Path)
	}
	slices.Sort(paths)
	script.Want(t, "paths", fmt.Sprint(paths), "[/info/company /info/name/last]")
	writes := srv.Count("updateContact")

	merged, err = client.Contacts.UpdateThreeWay(t.Context(), base, desired, contacts.Ours)
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "company", *merged.Info.Company, "Difference Works")
	script.Want(t, "writes", srv.Count("updateContact")-writes, 1)
}

// perMinute lets so many requests through per minute, and no more.
type perMinute struct {
	n     int
	mu    sync.Mutex
	taken []time.Time
}

func (l *perMinute) Wait(ctx context.Context) error {
	l.mu.Lock()
	at := time.Now()
	if i := len(l.taken) - l.n; i >= 0 && l.taken[i].Add(time.Minute).After(at) {
		at = l.taken[i].Add(time.Minute)
	}
	l.taken = append(l.taken, at)
	l.mu.Unlock()
	time.Sleep(time.Until(at))
	return ctx.Err()
}

// Contacts are updated while they are listed, no faster than a limiter lets them, and the list's error is not lost.
func TestUpdateEachOfAList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := contactstest.New()
		for i := range 250 {
			srv.Seed("Contact", fmt.Sprintf(`{"info": {"name": {"first": "No. %d"}}}`, i))
		}
		client, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("site"), contacts.WithLimiter(&perMinute{n: 200}),
			contacts.WithHTTPClient(&http.Client{Transport: srv.Transport()}))
		if err != nil {
			t.Fatal(err)
		}
		srv.Inject(contactstest.Fault{Kind: contactstest.Fail, Operation: "listContacts", Status: 403, Skip: 2})
		limit := contacts.ListContactsParams{PagingLimit: contacts.Ptr[int32](100)}
		var failed error
		ids := contacts.KeysOf(client.Contacts.ListAll(t.Context(), limit), func(c *contacts.Contact) string { return c.ID }, &failed)
		started, done := time.Now(), 0
		for item, err := range client.Contacts.UpdateEach(t.Context(), ids, func(c *contacts.Contact) error {
			c.Info.JobTitle = contacts.Ptr("Engineer")
			return nil
		}) {
			if err != nil {
				t.Errorf("%s: %v", item.Key, err)
			}
			done++
		}
		script.WantError(t, failed, contacts.ErrPermission)
		script.Want(t, "contacts", done, 200)
		script.Want(t, "minutes", int(time.Since(started).Minutes()), 2) // for 403 requests
		script.Want(t, "writes", srv.Count("updateContact"), 200)
	})
}

// Copies that were listed are written in one request each. One that somebody changed meanwhile, and one of which the list may have left
// out a part that the change touches, are read first, and nothing of what is there is lost. What ends the list comes last.
func TestUpdateEachFromAList(t *testing.T) {
	srv := contactstest.New()
	var ids []string
	for i := range 120 {
		ids = append(ids, srv.Seed("Contact", fmt.Sprintf(`{"info": {"name": {"first": "No. %d", "nick": "kept"}}}`, i)))
	}
	client := connect(srv)
	held := func(id string) (info struct {
		JobTitle string
		Name     struct{ Nick string }
	}) {
		if !srv.Get("Contact", id, &struct{ Info any }{&info}) {
			t.Errorf("%s is gone", id)
		}
		return info
	}
	write := func(edit func(*contacts.Contact) error) (done, reads, writes int, failed error) {
		reads, writes = srv.Count("getContact"), srv.Count("updateContact")
		limit := contacts.ListContactsParams{PagingLimit: contacts.Ptr[int32](50)}
		for item, err := range client.Contacts.UpdateEachFrom(t.Context(), client.Contacts.ListAll(t.Context(), limit), edit) {
			switch {
			case err == nil && item.Index == done && item.Key.ID == item.Value.ID:
				done++
			case err == nil || item.Key != nil || item.Index != done || failed != nil:
				t.Errorf("item %d: %v", item.Index, err)
			default:
				failed = err
			}
		}
		return done, srv.Count("getContact") - reads, srv.Count("updateContact") - writes, failed
	}

	done, reads, writes, err := write(func(c *contacts.Contact) error { c.Info.Company = contacts.Ptr("Example Works"); return nil })
	script.Want(t, "current copies", fmt.Sprint(done, reads, writes, err), "120 0 120 <nil>")

	var once sync.Once
	done, reads, writes, err = write(func(c *contacts.Contact) error {
		if c.ID == ids[60] {
			once.Do(func() {
				srv.Edit("Contact", c.ID, func(c map[string]any) { c["info"].(map[string]any)["jobTitle"] = "Clerk" })
			})
		}
		c.Info.Company = contacts.Ptr("Analytical Works")
		return nil
	})
	script.Want(t, "one that was changed meanwhile", fmt.Sprint(done, reads, writes, err), "120 1 121 <nil>")
	script.Want(t, "its change", held(ids[60]).JobTitle, "Clerk")

	done, reads, writes, err = write(func(c *contacts.Contact) error { c.Info.Name.Last = contacts.Ptr("Byron"); return nil })
	script.Want(t, "a change inside of an object", fmt.Sprint(done, reads, writes, err), "120 120 120 <nil>")
	script.Want(t, "a member that nobody knows", held(ids[7]).Name.Nick, "kept")

	srv.Inject(contactstest.Fault{Kind: contactstest.Fail, Operation: "listContacts", Status: 403, Skip: 1})
	done, reads, writes, err = write(func(c *contacts.Contact) error { c.Info.Company = contacts.Ptr("Last Works"); return nil })
	script.Want(t, "a list that breaks off", fmt.Sprint(done, reads, writes), "50 0 50")
	script.WantError(t, err, contacts.ErrPermission)
}

// A copy that is none fails by itself, and the loop goes on.
func TestUpdateEachFromNothing(t *testing.T) {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	client := connect(srv)
	read, err := client.Contacts.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	copies := func(yield func(*contacts.Contact, error) bool) { _ = yield(nil, nil) && yield(read, nil) }
	var errs []error
	for _, err := range client.Contacts.UpdateEachFrom(t.Context(), copies, func(c *contacts.Contact) error {
		c.Info.JobTitle = contacts.Ptr("Clerk")
		return nil
	}) {
		errs = append(errs, err)
	}
	if len(errs) != 2 || errs[1] != nil || srv.Count("updateContact") != 1 {
		t.Fatalf("%v after %d writes", errs, srv.Count("updateContact"))
	}
	script.WantError(t, errs[0], contacts.ErrContract)
}
