package contacts_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// An API that answers writes with less than it was told costs the lane a read for each write, and nobody an update.
func TestLaneOfSixtyFourWithThinAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := contactstest.New()
		id := seedCounter(srv)
		srv.Inject(contactstest.Fault{Kind: contactstest.Thin, Operation: contacts.OperationUpdateContact, Times: -1})
		succeeded, failed := contend(t, []*contacts.Client{clientAt(t, srv, tenMilliseconds, 1)}, id, 64)
		if got := counted(srv, id); succeeded != 64 || got != "64" {
			t.Errorf("%d succeeded, the counter is %s; %v", succeeded, got, failed)
		}
		if requests, conflicts := srv.Count(), conflictsIn(srv); requests != 128 || conflicts != 0 {
			t.Errorf("%d requests, %d conflicts; want 128 and none", requests, conflicts)
		}
	})
}

// partOf answers a contact with two phones, of which a read with parameters, and any write, shows none.
func partOf(sent *string) handler {
	return func(r *http.Request, body string) *http.Response {
		revision := "5"
		if r.Method != http.MethodGet {
			*sent, revision = body, "6"
		}
		if r.Method != http.MethodGet || r.URL.RawQuery != "" {
			return reply(200, `{"contact":{"id":"`+contactID+`","revision":`+revision+`,"info":{"company":"Example Inc"}}}`)
		}
		return reply(200, `{"contact":{"id":"`+contactID+`","revision":5,"info":{"company":"Example Inc",`+
			`"phones":{"items":[{"phone":"555-0100"},{"phone":"555-0101"}]}}}}`)
	}
}

func appendOne(c *contacts.Contact) error { return appendPhone(c, 1) }

// A read that a parameter makes narrower is no base: what the callback does not see it would overwrite.
func TestNarrowedReads(t *testing.T) {
	var sent string
	client, s := clientOf(t, partOf(&sent))
	narrow := contacts.GetContactParams{Fields: []string{"info.company"}}
	for parameter, params := range map[string]contacts.GetContactParams{
		"fields":    narrow,
		"fieldsets": {Fieldsets: []contacts.ContactFieldset{contacts.ContactFieldsetBasic}},
	} {
		_, err := client.Contacts.UpdateWithRetry(background(), contactID, appendOne, params)
		_, merged := client.Contacts.MergeWithRetry(background(), contactID, func(*contacts.Contact) (contacts.MergeContactsRequest, error) {
			return contacts.MergeContactsRequest{SourceContactIDs: []string{"another"}}, nil
		}, params)
		for _, err := range []error{err, merged} {
			if err == nil || !strings.Contains(err.Error(), "parameter "+parameter+" ") || len(s.requests()) != 0 {
				t.Errorf("%s: %v after %d requests", parameter, err, len(s.requests()))
			}
		}
	}
	for name, read := range map[string]func(*contacts.Client) (*contacts.Contact, error){
		"a read with a parameter": func(c *contacts.Client) (*contacts.Contact, error) {
			return c.Contacts.Get(background(), contactID, narrow)
		},
		"a write": func(c *contacts.Client) (*contacts.Contact, error) {
			return c.Contacts.Update(background(), contactID, contacts.UpdateContactRequest{Revision: 4})
		},
	} {
		client, s := clientOf(t, partOf(&sent))
		copied, err := read(client)
		if err != nil {
			t.Fatal(err)
		}
		before := len(s.requests())
		if _, err := client.Contacts.UpdateFrom(background(), copied, appendOne); err != nil {
			t.Errorf("from the answer to %s: %v", name, err)
		}
		if n := len(s.requests()) - before; n != 2 || strings.Count(sent, "555-01") != 2 {
			t.Errorf("from the answer to %s: sent %s after %d requests", name, sent, n)
		}
	}
}

// A plain write whose success cannot be read was applied: its error does not say less.
func TestPlainWriteWithoutAReadableAnswer(t *testing.T) {
	for _, body := range []string{"", "{", `{"contact":null}`, "<html>a portal</html>"} {
		client, s := clientOf(t, always(200, body))
		_, err := client.Contacts.Update(background(), contactID, contacts.UpdateContactRequest{Revision: 4})
		if !errors.Is(err, contacts.ErrAmbiguousWrite) || len(s.requests()) != 1 {
			t.Errorf("%q: %v after %d requests", body, err, len(s.requests()))
		}
		if _, err := client.Contacts.Get(background(), contactID); err == nil || errors.Is(err, contacts.ErrAmbiguousWrite) {
			t.Errorf("%q: a read: %v", body, err)
		}
	}
}

// A redirect says that the server took the write. Where its effect does not show, that proves nothing, and the write is not made again.
func TestRedirectedWriteIsNotMadeAgain(t *testing.T) {
	for _, status := range []int{300, 301, 302, 303} {
		synctest.Test(t, func(t *testing.T) {
			writes := 0
			client, _ := clientOf(t, func(r *http.Request, _ string) *http.Response {
				if r.Method != http.MethodGet {
					writes++
					return reply(status, "")
				}
				return reply(200, fmt.Sprintf(`{"contact":{"id":"%s","revision":%d,"info":{}}}`, contactID, 5+writes))
			})
			_, err := client.Contacts.UpdateWithRetry(t.Context(), contactID, func(c *contacts.Contact) error {
				c.Info.JobTitle = contacts.Ptr("engineer")
				return nil
			})
			if writes != 1 || !errors.Is(err, contacts.ErrAmbiguousWrite) || errors.Is(err, contacts.ErrConflict) {
				t.Errorf("%d: %d writes, %v", status, writes, err)
			}
		})
	}
}
