package contacts_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// The refusal of a duplicate says who is there, as a type; creating or updating goes on with that one.
func TestCreateOrUpdate(t *testing.T) {
	srv := contactstest.NewServer(t)
	client := clientFor(t, srv)
	request := contacts.CreateContactRequest{
		Info: contacts.ContactInfo{Phones: contacts.ContactPhones{Items: []contacts.ContactPhone{{Phone: "+12075550100"}}}},
	}
	works := func(c *contacts.Contact) error { c.Info.Company = contacts.Ptr("Works"); return nil }
	var report contacts.Report
	first, err := client.Contacts.CreateOrUpdate(background(), request, works, contacts.WithReport(&report))
	if err != nil || report.Outcome != contacts.Created || first.Info.Company != nil {
		t.Fatalf("%+v, %v: %+v", first, err, report)
	}
	_, err = client.Contacts.Create(background(), request)
	var duplicate contacts.ErrorOf[contacts.DuplicateContactExists]
	if !errors.As(err, &duplicate) || *duplicate.Value.DuplicateContactID != first.ID || *duplicate.Value.DuplicatePhone != "+12075550100" ||
		duplicate.Status != http.StatusConflict {
		t.Errorf("%+v of %v", duplicate.Value, err)
	}
	srv.Inject(contactstest.Fault{Kind: contactstest.Conflict, Operation: contacts.OperationUpdateContact, Times: 2})
	second, err := client.Contacts.CreateOrUpdate(background(), request, works, contacts.WithReport(&report))
	if err != nil || report.Outcome != contacts.Updated || second.ID != first.ID || second.Info.Company == nil || report.Conflicts != 2 {
		t.Errorf("%+v, %v: %+v", second, err, report)
	}
}

// Who was there can have been merged into another before the change is made. That one has the phone then.
func TestCreateOrUpdateOfWhoWasMerged(t *testing.T) {
	srv := contactstest.NewServer(t)
	const phone = `{"info":{"phones":{"items":[{"phone":"+12075550100"}]}}}`
	source, target := srv.Seed("Contact", phone), srv.Seed("Contact", `{"info":{"name":{"first":"Ada"}}}`)
	merged := false
	client, err := clientThrough(roundTripper(func(r *http.Request) (*http.Response, error) {
		response, err := srv.Transport().RoundTrip(r)
		if err == nil && response.StatusCode == http.StatusConflict && !merged {
			merged = true
			_, err := clientFor(
				t,
				srv,
			).Contacts.MergeWithRetry(
				background(),
				target,
				func(*contacts.Contact) (contacts.MergeContactsRequest, error) {
					return contacts.MergeContactsRequest{SourceContactIDs: []string{source}}, nil
				},
			)
			if err != nil {
				t.Error(err)
			}
		}
		return response, err
	}))
	if err != nil {
		t.Fatal(err)
	}
	request := contacts.CreateContactRequest{
		Info: contacts.ContactInfo{Phones: contacts.ContactPhones{Items: []contacts.ContactPhone{{Phone: "+12075550100"}}}},
	}
	got, err := client.Contacts.CreateOrUpdate(background(), request, func(c *contacts.Contact) error {
		c.Info.Company = contacts.Ptr("Works")
		return nil
	})
	if err != nil || got.ID != target || !merged {
		t.Errorf("%+v, %v", got, err)
	}
}
