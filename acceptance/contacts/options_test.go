package contacts_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// The rest of a guarded request travels through the options of the operation, with every attempt.
func TestOptionsOfGuardedRequests(t *testing.T) {
	for name, tt := range map[string]struct {
		option contacts.CallOption
		want   string
	}{
		"not given": {contacts.UpdateContactParams{}, ""},
		"yes":       {contacts.UpdateContactParams{AllowDuplicates: ptr(true)}, `,"allowDuplicates":true`},
		"no":        {contacts.UpdateContactParams{AllowDuplicates: ptr(false)}, `,"allowDuplicates":false`},
	} {
		for helper, call := range map[string]func(*contacts.Client, ...contacts.CallOption) (*contacts.Contact, error){
			"UpdateWithRetry": func(c *contacts.Client, o ...contacts.CallOption) (*contacts.Contact, error) {
				return c.Contacts.UpdateWithRetry(background(), contactID, func(c *contacts.Contact) error {
					c.Info.JobTitle = ptr("Countess")
					return nil
				}, o...)
			},
			"UpdateFrom": func(c *contacts.Client, o ...contacts.CallOption) (*contacts.Contact, error) {
				read, err := c.Contacts.Get(background(), contactID)
				if err != nil {
					return nil, err
				}
				return c.Contacts.UpdateFrom(background(), read, func(c *contacts.Contact) error {
					c.Info.JobTitle = ptr("Countess")
					return nil
				}, o...)
			},
			"ForceUpdate": func(c *contacts.Client, o ...contacts.CallOption) (*contacts.Contact, error) {
				return c.Contacts.ForceUpdate(background(), contactID, contacts.ContactInfo{JobTitle: ptr("Countess")}, o...)
			},
		} {
			synctest.Test(t, func(t *testing.T) {
				srv := contactstest.New()
				srv.Seed("Contact", `{"id":"`+contactID+`","revision":3,"info":{"name":{"first":"Ada"}}}`)
				srv.Inject(contactstest.Fault{Kind: contactstest.Conflict, Operation: contacts.OperationUpdateContact, Times: 2})
				client := clientFor(t, srv)
				var report contacts.Report
				var response contacts.Response
				got, err := call(client, tt.option, contacts.WithReport(&report), contacts.WithResponse(&response), contacts.WithHeader("X-Extra", "1"))
				if err != nil || got.Revision != 6 || report.Writes != 3 || report.Conflicts != 2 || report.Outcome != contacts.Updated ||
					report.Revision != "6" ||
					!report.RevisionKnown {
					t.Fatalf("%s, %s: %v: %+v, %+v", helper, name, err, got, report)
				}
				if response.Status != 200 || response.Header.Get("X-Wix-Request-Id") != fmt.Sprint("fake-", srv.Count()) {
					t.Errorf("%s: the response is %+v", helper, response)
				}
				revision := 3
				for _, r := range srv.Requests("updateContact") {
					if want := fmt.Sprintf(`{"revision":%d,"info":{"jobTitle":"Countess"}%s}`, revision, tt.want); !sameJSON(t, string(r.Body), want) ||
						r.Header.Get("X-Extra") != "1" {
						t.Errorf("%s, %s: sent %s, want %s", helper, name, r.Body, want)
					}
					revision++
				}
			})
		}
	}
}

// A plain update with a stale revision is a conflict, sent once; a duplicate with the same status is none.
func TestConflictOrDuplicate(t *testing.T) {
	srv := contactstest.NewServer(t)
	client := clientFor(t, srv)
	id := srv.Seed("Contact", `{"revision":3,"info":{"name":{"first":"Ada"}}}`)
	_, err := client.Contacts.Update(background(), id,
		contacts.UpdateContactRequest{Revision: 2, Info: contacts.ContactInfo{JobTitle: ptr("Countess")}})
	if !errors.Is(err, contacts.ErrConflict) || errors.Is(err, contacts.ErrAlreadyExists) || srv.Count() != 1 {
		t.Errorf("%v after %d requests", err, srv.Count())
	}
	srv.Seed("Contact", `{"info":{"emails":{"items":[{"email":"`+theEmail+`"}]}}}`)
	_, err = client.Contacts.UpdateWithRetry(background(), id, func(c *contacts.Contact) error {
		c.Info.Emails.Items = []contacts.ContactEmail{{Email: theEmail}}
		return nil
	})
	if errors.Is(err, contacts.ErrConflict) || !errors.Is(err, contacts.ErrAlreadyExists) ||
		!errors.Is(err, contacts.CodeDuplicateContactExists) || srv.Count() != 3 {
		t.Errorf("%v after %d requests", err, srv.Count())
	}
}

// Reads are tried again, with what the server asks for as the least wait; writes are not, but for those that were throttled: nothing was
// done. The others say when they may have been applied.
func TestRetries(t *testing.T) {
	for _, o := range operations {
		synctest.Test(t, func(t *testing.T) {
			for _, status := range []int{429, 502, 503, 504} {
				n := 0
				client, s := clientOf(t, func(*http.Request, string) *http.Response {
					if n++; n == 1 {
						return reply(status, "busy")
					}
					return reply(200, o.answer)
				})
				started := time.Now()
				_, err := o.do(client)
				again := o.reads() || status == 429
				want := map[bool]int{true: 2, false: 1}[again]
				if len(s.requests()) != want || (err == nil) != again {
					t.Errorf("%s: %d: %v after %d requests", o.id, status, err, len(s.requests()))
				}
				if waited := time.Since(started); status == 429 && waited < time.Minute {
					t.Errorf("%s: waited %v, which is less than a server that names no time needs", o.id, waited)
				}
			}
			client, s := clientOf(t, func(*http.Request, string) *http.Response { return nil }) // the connection breaks
			_, err := o.do(client)
			if want := map[bool]int{true: 4, false: 1}[o.reads()]; len(s.requests()) != want ||
				errors.Is(err, contacts.ErrAmbiguousWrite) == o.reads() {
				t.Errorf("%s: %v after %d requests", o.id, err, len(s.requests()))
			}
		})
	}
}

// A context that is done sends nothing, and its error is found.
func TestContext(t *testing.T) {
	client, s := clientOf(t, always(200, `{}`))
	ctx, cancel := context.WithCancel(background())
	cancel()
	if _, err := client.Contacts.Get(ctx, contactID); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if err := client.Contacts.Delete(ctx, contactID); !errors.Is(err, context.Canceled) || errors.Is(err, contacts.ErrAmbiguousWrite) {
		t.Errorf("%v", err)
	}
	if n := len(s.requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// Options of one operation are refused by all others, and wrong ones before anything is sent.
func TestOptionsThatDoNotFit(t *testing.T) {
	client, s := clientOf(t, always(200, `{}`))
	for _, o := range operations {
		wrong := contacts.CallOption(contacts.ListFacetsParams{Language: ptr("de")})
		if o.id == "listFacets" {
			wrong = contacts.GetLabelParams{Language: ptr("de")}
		}
		for name, option := range map[string]contacts.CallOption{"of another operation": wrong, "nil": nil,
			"bad header": contacts.WithHeader("a b", "c"), "negative": contacts.WithTimeout(-1)} {
			if _, err := o.do(client, option); err == nil || !strings.Contains(err.Error(), o.id) {
				t.Errorf("%s: %s: %v", o.id, name, err)
			}
		}
	}
	if n := len(s.requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}
