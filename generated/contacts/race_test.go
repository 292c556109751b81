package contacts_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// connected gives a client of a fake on the loopback interface. It waits as little as it may after a conflict.
func connected(t *testing.T, srv *contactstest.Server) *contacts.Client {
	t.Helper()
	client, err := contacts.NewClient(contacts.WithBaseURL(srv.URL()), contacts.WithAPIKey("test"), contacts.WithSiteID("test"), contacts.WithRandom(func() float64 { return 0 }))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// increment adds one to the number that a contact has for a job title.
func increment(c *contacts.Contact) error {
	n, err := strconv.Atoi(*c.Info.JobTitle)
	if err != nil {
		return err
	}
	c.Info.JobTitle = contacts.Ptr(strconv.Itoa(n + 1))
	return nil
}

// Four programs of four writers each raise one number over a network. Every success is in the number, once, and nothing else is.
func TestNoUpdateIsLostOrAppliedTwice(t *testing.T) {
	const clients, writers, rounds = 4, 4, 10
	srv := contactstest.NewServer(t)
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}, "jobTitle": "0"}}`)
	var met sync.WaitGroup // the clients' first reads, so that all of them write to the same revision
	met.Add(clients)
	var done sync.WaitGroup
	var succeeded atomic.Int64
	for range clients {
		client, first := connected(t, srv), &sync.Once{}
		for range writers {
			done.Add(1)
			go func() {
				defer done.Done()
				for range rounds {
					_, err := client.Contacts.UpdateWithRetry(t.Context(), id, func(c *contacts.Contact) error {
						first.Do(func() { met.Done(); met.Wait() })
						return increment(c)
					}, contacts.WithMaxAttempts(50))
					switch {
					case err == nil:
						succeeded.Add(1)
					case !errors.Is(err, contacts.ErrConflict):
						t.Errorf("neither success nor conflict: %v", err)
					}
				}
			}()
		}
	}
	done.Wait()

	conflicts := 0
	for _, x := range srv.Requests("updateContact") {
		if x.Status == 409 {
			conflicts++
		}
	}
	if conflicts < clients-1 {
		t.Errorf("the server saw %d conflicts, and %d clients wrote to the revision they had met at", conflicts, clients)
	}
	var got contacts.Contact
	srv.Get("Contact", id, &got)
	if want := strconv.FormatInt(succeeded.Load(), 10); *got.Info.JobTitle != want || want == "0" {
		t.Errorf("the number is %s after %s successes and %d conflicts", *got.Info.JobTitle, want, conflicts)
	}
}

// A loop that answers a conflict by sending its old change with the new revision overwrites what nobody has shown it. Ten lines find that out.
func TestABrokenLoopIsCaught(t *testing.T) {
	for name, loop := range map[string]func(context.Context, *contacts.Client, string) error{"broken": broken, "sound": sound} {
		t.Run(name, func(t *testing.T) {
			srv := contactstest.NewServer(t)
			id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}, "jobTitle": "0"}}`)
			srv.Inject(contactstest.Fault{Kind: contactstest.Conflict, Edit: func(c map[string]any) { c["info"].(map[string]any)["jobTitle"] = "10" }})
			if err := loop(t.Context(), connected(t, srv), id); err != nil {
				t.Fatal(err)
			}
			var got contacts.Contact
			srv.Get("Contact", id, &got)
			if lost := *got.Info.JobTitle != "11"; lost != (name == "broken") {
				t.Errorf("the number is %s", *got.Info.JobTitle)
			}
		})
	}
}

func sound(ctx context.Context, client *contacts.Client, id string) error {
	_, err := client.Contacts.UpdateWithRetry(ctx, id, increment)
	return err
}

func broken(ctx context.Context, client *contacts.Client, id string) error {
	c, err := client.Contacts.Get(ctx, id)
	if err != nil {
		return err
	}
	if err := increment(c); err != nil {
		return err
	}
	change := contacts.UpdateContactRequest{Revision: c.Revision, Info: contacts.ContactInfo{JobTitle: c.Info.JobTitle}}
	for {
		_, err := client.Contacts.Update(ctx, id, change)
		if !errors.Is(err, contacts.ErrConflict) {
			return err
		}
		fresh, err := client.Contacts.Get(ctx, id)
		if err != nil {
			return err
		}
		change.Revision = fresh.Revision
	}
}

// A writer that does not read again is refused.
func TestAStaleRevisionIsRefused(t *testing.T) {
	srv := contactstest.NewServer(t)
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	client := connected(t, srv)
	change := contacts.UpdateContactRequest{Revision: 1, Info: contacts.ContactInfo{JobTitle: contacts.Ptr("Engineer")}}
	if _, err := client.Contacts.Update(t.Context(), id, change); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Contacts.Update(t.Context(), id, change); !errors.Is(err, contacts.ErrConflict) || !errors.Is(err, contacts.CodeContactAlreadyChanged) {
		t.Errorf("the same revision a second time: %v", err)
	}
}
