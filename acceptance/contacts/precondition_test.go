package contacts_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// A 428 with a code that the description declares is what the server says of the change. One that it does not declare says that the
// server missed the revision: the description is wrong about how it travels, and nothing is tried again.
func TestPreconditionsAreToldApart(t *testing.T) {
	for code, want := range map[string]error{
		"CANNOT_UPDATE_MEMBER_EMAIL": contacts.ErrPrecondition,
		"REVISION_IS_REQUIRED":       contacts.ErrContract,
	} {
		srv := contactstest.NewServer(t)
		id := seedCounter(srv)
		srv.Handle("updateContact", func(*contactstest.Request) contactstest.Answer {
			return contactstest.Answer{Status: http.StatusPreconditionRequired, Body: json.RawMessage(`{"details":{"applicationError":{"code":"` +
				code + `"}}}`)}
		})
		_, err := connected(t, srv).Contacts.UpdateWithRetry(t.Context(), id, increment)
		var answered *contacts.APIError
		if !errors.Is(err, want) || !errors.As(err, &answered) || errors.Is(err, contacts.ErrConflict) {
			t.Errorf("%s: %v", code, err)
		}
		if errors.Is(err, contacts.ErrContract) != (want == contacts.ErrContract) {
			t.Errorf("%s: %v", code, err)
		}
		if n := srv.Count(contacts.OperationUpdateContact); n != 1 {
			t.Errorf("%s: %d writes", code, n)
		}
	}
}
