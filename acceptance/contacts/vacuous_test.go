package contacts_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// failing is a test that is expected to fail, in the place of the real one.
type failing struct {
	testing.TB
	said string
}

type failed struct{}

func (f *failing) Fatalf(format string, args ...any) {
	f.said = fmt.Sprintf(format, args...)
	panic(failed{}) // as testing ends the goroutine
}

// A test that names what the description does not have, or a fault that could never strike, fails: it would pass whatever the program does.
func TestNothingPassesByAccident(t *testing.T) {
	for name, c := range map[string]struct {
		use  func(*contactstest.Server)
		want string
	}{
		"operation of a fault": {func(s *contactstest.Server) {
			s.Inject(contactstest.Fault{Kind: contactstest.Conflict, Operation: "updateContacts"})
		}, `there is no operation "updateContacts"; did you mean "updateContact"?`},
		"kind of a fault": {func(s *contactstest.Server) {
			s.Inject(contactstest.Fault{Kind: "conflikt"})
		}, `there is no kind of fault "conflikt"; did you mean "conflict"?`},
		"fault that cannot strike": {func(s *contactstest.Server) {
			s.Inject(contactstest.Fault{Kind: contactstest.Conflict, Operation: contacts.OperationGetContact})
		}, `getContact cannot meet "conflict": it is for writes that carry a revision`},
		"count":      {func(s *contactstest.Server) { s.Count("UpdateContact") }, `did you mean "updateContact"?`},
		"requests":   {func(s *contactstest.Server) { s.Requests("updateContacts") }, `did you mean "updateContact"?`},
		"handle":     {func(s *contactstest.Server) { s.Handle("getContacts", nil) }, `there is no operation "getContacts"`},
		"collection": {func(s *contactstest.Server) { s.Seed("Contacts", `{}`) }, `there is no collection "Contacts"`},
	} {
		t.Run(name, func(t *testing.T) {
			tb := &failing{TB: t}
			defer func() {
				if recover() != (failed{}) || !strings.Contains(tb.said, c.want) {
					t.Errorf("the test says %q, want %q", tb.said, c.want)
				}
			}()
			c.use(contactstest.NewServer(tb))
		})
	}
}

// The error that a test sees says why the fake refused a request: by the names of fields, never by what is in them.
func TestRefusalsSayWhy(t *testing.T) {
	srv := contactstest.NewServer(t)
	client, err := contacts.NewClient(contacts.WithAPIKey(theKey), contacts.WithSiteID(theSite),
		contacts.WithHTTPClient(&http.Client{Transport: srv.Transport()}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Contacts.List(t.Context(), contacts.ListContactsParams{PagingLimit: contacts.Ptr(int32(-4713))})
	if err == nil || !strings.Contains(err.Error(), ":refused:paging.limit)") || strings.Contains(err.Error(), "4713") {
		t.Error(err)
	}
	var nothing any
	err = client.Do(t.Context(), http.MethodGet, "/contacts/v4/nothing/here", nil, &nothing)
	if err == nil || !strings.Contains(err.Error(), ":no-such-operation)") {
		t.Error(err)
	}
}
