package contacts_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// addPhone is a program under test: it gives a contact the phone 555-0102.
type addPhone func(ctx context.Context, client *contacts.Client, id string) error

// afterRace is all that it takes to find a lost update: somebody else gives the contact 555-0101 just before the program's write arrives.
// It returns the phones that are there in the end.
func afterRace(t *testing.T, add addPhone) (phones []string, err error) {
	srv := contactstest.NewServer(t)
	id := srv.Seed("Contact", contacts.Contact{Info: contacts.ContactInfo{Phones: phonesOf("555-0100")}})
	srv.Inject(contactstest.Fault{Kind: contactstest.Conflict, Operation: contacts.OperationUpdateContact, Edit: func(c map[string]any) {
		phones := c["info"].(map[string]any)["phones"].(map[string]any)
		phones["items"] = append(phones["items"].([]any), map[string]any{"phone": "555-0101"})
	}})
	err = add(t.Context(), connected(t, srv), id)
	var c contacts.Contact
	srv.Get("Contact", id, &c)
	for _, phone := range c.Info.Phones.Items {
		phones = append(phones, phone.Phone)
	}
	return phones, err
}

func phonesOf(numbers ...string) (phones contacts.ContactPhones) {
	for _, number := range numbers {
		phones.Items = append(phones.Items, contacts.ContactPhone{Phone: number})
	}
	return phones
}

// TestUpdateLoops has a right loop, two that are deliberately broken, and the fake tell them apart.
func TestUpdateLoops(t *testing.T) {
	all := []string{"555-0100", "555-0101", "555-0102"}
	for _, c := range []struct {
		name   string
		add    addPhone
		phones []string
		err    error
	}{
		{"the helper", withHelper, all, nil},
		{"a loop that reads the revision again, and sends the old phones", resendingTheOldValue, []string{"555-0100", "555-0102"}, nil},
		{"a writer that does not read again", neverReadingAgain, []string{"555-0100", "555-0101"}, contacts.ErrConflict},
	} {
		t.Run(c.name, func(t *testing.T) {
			phones, err := afterRace(t, c.add)
			if !slices.Equal(phones, c.phones) || !errors.Is(err, c.err) {
				t.Errorf("phones %q and %v, want %q and %v", phones, err, c.phones, c.err)
			}
		})
	}
}

func withHelper(ctx context.Context, client *contacts.Client, id string) error {
	_, err := client.Contacts.UpdateWithRetry(ctx, id, func(c *contacts.Contact) error {
		c.Info.Phones.Items = append(c.Info.Phones.Items, phonesOf("555-0102").Items...)
		return nil
	})
	return err
}

// resendingTheOldValue never fails, and loses what others have written. A fake that ignores revisions would let it pass.
func resendingTheOldValue(ctx context.Context, client *contacts.Client, id string) error {
	c, err := client.Contacts.Get(ctx, id)
	if err != nil {
		return err
	}
	c.Info.Phones.Items = append(c.Info.Phones.Items, phonesOf("555-0102").Items...)
	for {
		_, err = client.Contacts.Update(ctx, id, contacts.UpdateContactRequest{Revision: c.Revision,
			Info: contacts.ContactInfo{Phones: c.Info.Phones}})
		if !errors.Is(err, contacts.ErrConflict) {
			return err
		}
		again, err := client.Contacts.Get(ctx, id)
		if err != nil {
			return err
		}
		c.Revision = again.Revision
	}
}

// neverReadingAgain keeps the revision that it read first, and is refused.
func neverReadingAgain(ctx context.Context, client *contacts.Client, id string) error {
	c, err := client.Contacts.Get(ctx, id)
	if err != nil {
		return err
	}
	c.Info.Phones.Items = append(c.Info.Phones.Items, phonesOf("555-0102").Items...)
	request := contacts.UpdateContactRequest{Revision: c.Revision, Info: contacts.ContactInfo{Phones: c.Info.Phones}}
	if _, err = client.Contacts.Update(ctx, id, request); errors.Is(err, contacts.ErrConflict) {
		_, err = client.Contacts.Update(ctx, id, request)
	}
	return err
}
