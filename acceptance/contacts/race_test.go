package contacts_test

import (
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
	client, err := contacts.NewClient(contacts.WithBaseURL(srv.URL()), contacts.WithAPIKey("test"), contacts.WithSiteID("test"),
		contacts.WithRandom(func() float64 {
			return 0
		}))
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
	id := seedCounter(srv)
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

	conflicts := conflictsIn(srv)
	if conflicts < clients-1 {
		t.Errorf("the server saw %d conflicts, and %d clients wrote to the revision they had met at", conflicts, clients)
	}
	if got, want := counted(srv, id), strconv.FormatInt(succeeded.Load(), 10); got != want || want == "0" {
		t.Errorf("the number is %s after %s successes and %d conflicts", got, want, conflicts)
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
	if _, err := client.Contacts.Update(t.Context(), id, change); !errors.Is(err, contacts.ErrConflict) ||
		!errors.Is(err, contacts.CodeContactAlreadyChanged) {
		t.Errorf("the same revision a second time: %v", err)
	}
}
