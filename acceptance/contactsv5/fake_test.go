package contactsv5_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/generated/contactsv5"
	"github.com/contactsgen/contactsgen/generated/contactsv5/contactsv5test"
)

type contact = contactsv5.Contact

// faked is a client of a fake with some settings.
func faked(t *testing.T, options ...contactsv5test.Option) (*contactsv5.Client, *contactsv5test.Server) {
	t.Helper()
	srv := contactsv5test.NewServer(t, options...)
	client, err := contactsv5.NewClient(contactsv5.WithHTTPClient(&http.Client{Transport: srv.Transport()}), contactsv5.WithAPIKey("key"),
		contactsv5.WithSiteID("site"))
	if err != nil {
		t.Fatal(err)
	}
	return client, srv
}

func with(set contactsv5test.ContactsV5Settings) contactsv5test.Option {
	return contactsv5test.WithContactsV5(set)
}

// person is a contact to create.
func person(first, email, phone string) contact {
	c := contact{Name: contactsv5.ContactName{First: contactsv5.Ptr(first)}}
	if email != "" {
		c.Email.Email = email
	}
	if phone != "" {
		c.Phone.Phone = phone
	}
	return c
}

// created makes a contact, whoever has the same email.
func created(t *testing.T, c *contactsv5.Client, who contact) *contact {
	t.Helper()
	got, err := c.Contacts.Create(ctx, contactsv5.CreateContactRequest{Contact: who, AllowDuplicates: contactsv5.Ptr(true)})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func refusedWith(t *testing.T, err error, status int, code contactsv5.ErrorCode) *contactsv5.APIError {
	t.Helper()
	var e *contactsv5.APIError
	if !errors.As(err, &e) || e.Status != status || !errors.Is(err, code) {
		t.Errorf("got %v, want %d %s", err, status, code)
		return &contactsv5.APIError{}
	}
	return e
}

// refused is refusedWith where nothing more is asked of the error.
func refused(t *testing.T, err error, status int, code contactsv5.ErrorCode) {
	t.Helper()
	_ = refusedWith(t, err, status, code)
}

// No operation is left to be filled in.
func TestTheFakeKnowsEachOperation(t *testing.T) {
	srv := contactsv5test.NewServer(t)
	paths := map[string]string{}
	for _, line := range strings.Fields(`
		POST:/contacts GET:/contacts/{} PATCH:/contacts/{} DELETE:/contacts/{} POST:/contacts/upsert POST:/contacts/{}/update-tags POST:/contacts/{}/merge
		GET:/contacts/find-matching POST:/contacts/query POST:/contacts/search POST:/contacts/count POST:/contacts/{}/additional-emails
		POST:/contacts/{}/additional-phones POST:/contacts/{}/addresses PATCH:/contacts/{}/addresses/{} DELETE:/contacts/{}/addresses/{}
		POST:/contacts/{}/image/upload-url GET:/contacts/{}/image-upload/{} POST:/bulk/contacts/create POST:/bulk/contacts/update
		POST:/bulk/contacts/upsert POST:/bulk/contacts/delete POST:/bulk/contacts/update-tags POST:/bulk/contacts/delete-by-filter
		POST:/bulk/contacts/update-tags-by-filter POST:/bulk/contacts/subscriptions/update POST:/bulk/contacts/update-phone-country-code-by-filter
		GET:/contacts/trash-bin GET:/contacts/trash-bin/{} DELETE:/contacts/trash-bin/{} POST:/contacts/trash-bin/{}/restore
		POST:/bulk/contacts/trash-bin/restore GET:/async-jobs/v1/async-jobs/{} GET:/async-jobs/v1/async-jobs/{}/items`) {
		method, path, _ := strings.Cut(line, ":")
		if !strings.HasPrefix(path, "/async") {
			path = "/contacts/v5" + path
		}
		paths[line] = method
		r, err := http.NewRequestWithContext(ctx, method, "http://api.example.com"+strings.ReplaceAll(path, "{}", ada), strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		response, err := srv.Transport().RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode >= 500 || response.StatusCode == http.StatusMethodNotAllowed {
			t.Errorf("%s answers %d", line, response.StatusCode)
		}
	}
	if len(paths) != 34 {
		t.Errorf("%d operations", len(paths))
	}
}

func TestCreateFillsIn(t *testing.T) {
	c, srv := faked(t)
	who := person("Ada", "  Ada@Example.com ", "+1 207 555 0100")
	who.Addresses = []contactsv5.ContactAddress{
		{Address: contactsv5.Address{City: contactsv5.Ptr("Sampleton"), Country: contactsv5.Ptr("US")}},
		{Tag: contactsv5.AddressTagWork, Address: contactsv5.Address{StreetAddress: contactsv5.StreetAddress{Number: "1",
			Name: "Example Street"}}},
	}
	got := created(t, c, who)
	if got.Revision != "1" || got.Email.Email != "ada@example.com" ||
		got.Email.SubscriptionStatus.Status != contactsv5.SubscriptionStatusNotSet {
		t.Errorf("%+v", got.Email)
	}
	if got.Phone.Tag != contactsv5.PhoneTagOther || value(got.Phone.E164) != "+12075550100" {
		t.Errorf("%+v", got.Phone)
	}
	a := got.Addresses
	if len(a) != 2 || !value(a[0].DefaultAddress) || value(a[1].DefaultAddress) || a[0].Tag != contactsv5.AddressTagOther ||
		value(a[0].Address.FormattedAddress) != "Sampleton, US" || value(a[0].ID) == "" {
		t.Errorf("%+v", a)
	}
	if got.CreatedDate == nil || srv.Revision("Contact", got.ID) != "1" {
		t.Errorf("%+v", got)
	}
}

func TestCreateRefusals(t *testing.T) {
	c, _ := faked(t)
	first := created(t, c, contact{ExternalID: contactsv5.Ptr("x-1"), Email: contactsv5.ContactEmail{Email: "ada@example.com"},
		Phone: contactsv5.ContactPhone{Phone: "+12075550100"}})
	other := contactsv5.Ptr("x-2")
	for kind, who := range map[string]contact{
		"EMAIL":           person("A", "ADA@example.com", ""),
		"PHONE":           person("A", "", "+1 (207) 555-0100"),
		"EMAIL_AND_PHONE": person("A", "ada@example.com", "+12075550100"),
		"EXTERNAL_ID":     {ExternalID: contactsv5.Ptr("x-1"), Name: contactsv5.ContactName{First: contactsv5.Ptr("A")}},
	} {
		_, err := c.Contacts.Create(ctx, contactsv5.CreateContactRequest{Contact: who})
		refused(t, err, http.StatusConflict, contactsv5.CodeDuplicateContactExists)
		var e contactsv5.ErrorOf[contactsv5.DuplicateContactExists]
		if !errors.As(err, &e) || value(e.Value.MatchingContactID) != first.ID || string(value(e.Value.MatchType)) != kind ||
			e.Status != http.StatusConflict {
			t.Errorf("%s: %+v", kind, e.Value)
		}
		var other contactsv5.ErrorOf[contactsv5.FailedMemberUpdate]
		if errors.As(err, &other) {
			t.Errorf("%s: %+v is the data of another code", kind, other.Value)
		}
	}
	someoneElse := person("B", "ada@example.com", "")
	someoneElse.ExternalID = other
	if _, err := c.Contacts.Create(ctx, contactsv5.CreateContactRequest{Contact: someoneElse}); err != nil {
		t.Errorf("another external id is another person: %v", err)
	}
	yes := contactsv5.Ptr(true)
	for code, who := range map[contactsv5.ErrorCode]contact{
		contactsv5.CodeInsufficientContactData: {Company: contactsv5.ContactCompany{Name: contactsv5.Ptr("Works")}},
		contactsv5.CodeDuplicateEmail: {Email: contactsv5.ContactEmail{Email: "a@example.com"},
			AdditionalEmails: []contactsv5.AdditionalEmail{{Email: "A@example.com"}}},
		contactsv5.CodeDuplicatePhone: {Phone: contactsv5.ContactPhone{Phone: "1"}, AdditionalPhones: []contactsv5.AdditionalPhone{{Phone: "2"},
			{Phone: "2"}}},
		contactsv5.CodeEmailRequired: {Name: contactsv5.ContactName{First: contactsv5.Ptr("A")},
			AdditionalEmails: []contactsv5.AdditionalEmail{{Email: "a@example.com"}}},
		contactsv5.CodePhoneRequired: {Name: contactsv5.ContactName{First: contactsv5.Ptr("A")},
			AdditionalPhones: []contactsv5.AdditionalPhone{{Phone: "2"}}},
		contactsv5.CodeMultipleDefaultAddresses: {Name: contactsv5.ContactName{First: contactsv5.Ptr("A")},
			Addresses: []contactsv5.ContactAddress{
				{DefaultAddress: yes, Tag: contactsv5.AddressTagHome}, {DefaultAddress: yes, Tag: contactsv5.AddressTagWork}}},
		contactsv5.CodeDuplicateAddress: {Name: contactsv5.ContactName{First: contactsv5.Ptr("A")},
			Addresses: []contactsv5.ContactAddress{{Tag: contactsv5.AddressTagHome}, {Tag: contactsv5.AddressTagHome}}},
		contactsv5.CodeDuplicateAddressID: {Name: contactsv5.ContactName{First: contactsv5.Ptr("A")}, Addresses: []contactsv5.ContactAddress{
			{ID: contactsv5.Ptr(home), Tag: contactsv5.AddressTagHome}, {ID: contactsv5.Ptr(home), Tag: contactsv5.AddressTagWork}}},
		contactsv5.CodeInvalidTimeZone: {Name: contactsv5.ContactName{First: contactsv5.Ptr("A")}, TimeZone: contactsv5.Ptr("Nowhere")},
		contactsv5.CodeInvalidImageURL: {Name: contactsv5.ContactName{First: contactsv5.Ptr("A")},
			Image: contactsv5.Image{URL: contactsv5.Ptr("no address")}},
	} {
		_, err := c.Contacts.Create(ctx, contactsv5.CreateContactRequest{Contact: who})
		refused(t, err, http.StatusBadRequest, code)
	}
}

func TestUpdateOfTheFake(t *testing.T) {
	c, srv := faked(t)
	who := person("Ada", "ada@example.com", "")
	who.ExternalID = contactsv5.Ptr("x-1")
	got := created(t, c, who)
	got, err := c.Contacts.UpdateWithRetry(ctx, got.ID, func(c *contact) error { c.Company.Name = contactsv5.Ptr("Works"); return nil })
	if err != nil || got.Revision != "2" || value(got.Company.Name) != "Works" || value(got.Name.First) != "Ada" {
		t.Fatalf("%+v, %v", got, err)
	}
	stale := contactsv5.UpdateContactRequest{Contact: contact{Revision: "1",
		Company: contactsv5.ContactCompany{Name: contactsv5.Ptr("Other")}}}
	_, err = c.Contacts.Update(ctx, got.ID, stale)
	e := refusedWith(t, err, http.StatusConflict, contactsv5.CodeInvalidRevision)
	if !errors.Is(err, contactsv5.ErrConflict) || strings.Contains(string(e.Data), `"revision":`) {
		t.Errorf("%v, %s", err, e.Data)
	}
	_, err = c.Contacts.UpdateWithRetry(ctx, got.ID, func(c *contact) error { c.ExternalID = contactsv5.Ptr("x-2"); return nil })
	refused(t, err, http.StatusBadRequest, contactsv5.CodeCannotChangeExternalID)
	created(t, c, person("Bob", "bob@example.com", ""))
	_, err = c.Contacts.UpdateWithRetry(ctx, got.ID, func(c *contact) error { c.Email.Email = "bob@example.com"; return nil })
	refused(t, err, http.StatusConflict, contactsv5.CodeDuplicateContactExists)
	member := srv.Seed(
		"Contact",
		`{"email":{"email":"m@example.com","subscriptionStatus":{"status":"SUBSCRIBED"}},"memberInfo":{"status":"ACTIVE"}}`,
	)
	_, err = c.Contacts.UpdateWithRetry(ctx, member, func(c *contact) error { c.Email.Email = "n@example.com"; return nil })
	refused(t, err, http.StatusPreconditionRequired, contactsv5.CodeCannotUpdateMemberEmail)
	read, err := c.Contacts.Get(ctx, member)
	if err != nil || read.Email.SubscriptionStatus.Status != contactsv5.SubscriptionStatusSubscribed {
		t.Errorf("what was stored did not stay: %+v, %v", read, err)
	}
}

func TestSettingsOfTheFake(t *testing.T) {
	c, _ := faked(t, with(contactsv5test.ContactsV5Settings{FromZero: true, CarryRevision: true, DuplicateStatus: 400, StaleStatus: 428}))
	got := created(t, c, person("Ada", "ada@example.com", ""))
	if got.Revision != "0" {
		t.Errorf("a new contact has revision %s", got.Revision)
	}
	_, err := c.Contacts.Create(ctx, contactsv5.CreateContactRequest{Contact: person("Ada", "ada@example.com", "")})
	refused(t, err, http.StatusBadRequest, contactsv5.CodeDuplicateContactExists)
	_, err = c.Contacts.Update(ctx, got.ID, contactsv5.UpdateContactRequest{Contact: contact{Revision: "7", Locale: contactsv5.Ptr("en-US")}})
	if e := refusedWith(t, err, http.StatusPreconditionRequired, contactsv5.CodeInvalidRevision); !strings.Contains(string(e.Data),
		`"revision":"0"`) {
		t.Errorf("%s", e.Data)
	}
	if _, err := c.Contacts.UpdateWithRetry(ctx, got.ID, func(c *contact) error {
		c.Locale = contactsv5.Ptr("en-US")
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// Emails, phones and addresses have routes of their own.
func TestPartsOfTheFake(t *testing.T) {
	c, srv := faked(t)
	id := created(t, c, person("Ada", "ada@example.com", "")).ID
	addEmail := func(email string) (*contact, error) {
		return c.Contacts.AddAdditionalEmailWithRetry(ctx, id, func(*contact) (contactsv5.AddContactAdditionalEmailRequest, error) {
			return contactsv5.AddContactAdditionalEmailRequest{Email: contactsv5.AdditionalEmail{Email: email}}, nil
		})
	}
	addPhone := func(phone string) (*contact, error) {
		return c.Contacts.AddAdditionalPhoneWithRetry(ctx, id, func(*contact) (contactsv5.AddContactAdditionalPhoneRequest, error) {
			return contactsv5.AddContactAdditionalPhoneRequest{Phone: contactsv5.AdditionalPhone{Phone: phone, Tag: contactsv5.PhoneTagWork}}, nil
		})
	}
	for i := range 10 {
		if got, err := addEmail(fmt.Sprintf("a%d@example.com", i)); err != nil || len(got.AdditionalEmails) != i+1 {
			t.Fatal(got, err)
		}
	}
	_, err := addEmail("one-more@example.com")
	refused(t, err, http.StatusPreconditionRequired, contactsv5.CodeAdditionalEmailsLimitReached)
	_, err = addPhone("+12075550101")
	refused(t, err, http.StatusPreconditionRequired, contactsv5.CodePhoneRequired)
	if _, err := c.Contacts.UpdateWithRetry(ctx, id, func(c *contact) error { c.Phone.Phone = "+12075550100"; return nil }); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second is passed over
		if got, err := addPhone("+12075550101"); err != nil || len(got.AdditionalPhones) != 1 ||
			value(got.AdditionalPhones[0].E164) != "+12075550101" {
			t.Fatal(got, err)
		}
	}
	address := contactsv5.ContactAddress{Tag: contactsv5.AddressTagHome, Address: contactsv5.Address{City: contactsv5.Ptr("Sampleton")}}
	got, err := c.Contacts.AddAddressWithRetry(ctx, id, func(*contact) (contactsv5.AddContactAddressRequest, error) {
		return contactsv5.AddContactAddressRequest{Address: address}, nil
	})
	if err != nil || len(got.Addresses) != 1 {
		t.Fatal(got, err)
	}
	at := value(got.Addresses[0].ID)
	got, err = c.Contacts.UpdateAddressWithRetry(ctx, id, at, func(c *contact) (contactsv5.UpdateContactAddressRequest, error) {
		next := c.Addresses[0]
		next.Address.City, next.Address.FormattedAddress = contactsv5.Ptr("Otherton"), nil
		return contactsv5.UpdateContactAddressRequest{Address: next}, nil
	})
	if err != nil || value(got.Addresses[0].ID) != at || value(got.Addresses[0].Address.FormattedAddress) != "Otherton" {
		t.Fatal(got, err)
	}
	srv.Inject(contactsv5test.Fault{Kind: contactsv5test.Conflict, Times: 2, Operation: contactsv5.OperationDeleteContactAddress})
	if got, err = c.Contacts.DeleteAddressWithRetry(ctx, id, at, nil); err != nil || len(got.Addresses) != 0 ||
		srv.Count(contactsv5.OperationDeleteContactAddress) != 3 {
		t.Fatal(got, err, srv.Count(contactsv5.OperationDeleteContactAddress))
	}
	_, err = c.Contacts.DeleteAddressWithRetry(ctx, id, at, nil)
	refused(t, err, http.StatusNotFound, contactsv5.CodeAddressNotFound)
}

// An upsert looks by external id, email and phone, and grows lists as its mode says.
func TestUpsertOfTheFake(t *testing.T) {
	c, srv := faked(t)
	upsert := func(who contact, mode contactsv5.UpsertMode) (*contact, contactsv5.UpsertAction) {
		t.Helper()
		r := contactsv5.UpsertContactRequest{Contact: who}
		if mode != "" {
			r.UpsertMode = contactsv5.Ptr(mode)
		}
		got, err := c.Contacts.Upsert(ctx, r)
		if err != nil {
			t.Fatal(err)
		}
		return &got.Contact, got.Action
	}
	got, action := upsert(person("Ada", "ada@example.com", ""), "")
	if action != contactsv5.UpsertActionCreated || got.Revision != "1" {
		t.Fatal(action, got)
	}
	who := person("Augusta", "ada@example.com", "+12075550100")
	who.AdditionalEmails = []contactsv5.AdditionalEmail{{Email: "second@example.com"}}
	if got, action = upsert(who, contactsv5.UpsertModeAppend); action != contactsv5.UpsertActionUpdated || got.Revision != "2" ||
		value(got.Name.First) != "Ada" || len(got.AdditionalEmails) != 1 || got.Phone.Phone != "+12075550100" {
		t.Fatalf("%+v", got)
	}
	who = person("Augusta", "", "+12075550100")
	who.AdditionalEmails = []contactsv5.AdditionalEmail{{Email: "third@example.com"}, {Email: "ADA@example.com"}}
	if got, _ = upsert(who, contactsv5.UpsertModeOverwriteAppendArrays); value(got.Name.First) != "Augusta" || len(got.AdditionalEmails) != 2 {
		t.Fatalf("%+v", got)
	}
	if got, _ = upsert(person("Ann", "ada@example.com", ""), contactsv5.UpsertModeOverwrite); value(got.Name.First) != "Ann" ||
		got.Revision != "4" {
		t.Fatalf("%+v", got)
	}
	srv.Seed("Contact", `{"email":{"email":"m@example.com"},"memberInfo":{"status":"ACTIVE"}}`)
	_, err := c.Contacts.Upsert(ctx, contactsv5.UpsertContactRequest{Contact: person("M", "m@example.com", "")})
	refused(t, err, http.StatusPreconditionRequired, contactsv5.CodeCannotUpdateMember)
	var e contactsv5.ErrorOf[contactsv5.FailedMemberUpdate]
	if !errors.As(err, &e) || !srv.Get("Contact", value(e.Value.ContactID), nil) {
		t.Errorf("%+v", e.Value)
	}
	_, err = c.Contacts.Upsert(ctx, contactsv5.UpsertContactRequest{Contact: person("M", "m@example.com", ""),
		UpdateMember: contactsv5.Ptr(true)})
	if err != nil {
		t.Error(err)
	}
}

func TestMergeOfTheFake(t *testing.T) {
	c, srv := faked(t)
	target := created(t, c, person("Ada", "ada@example.com", ""))
	source := person("Augusta", "augusta@example.com", "+12075550100")
	source.Company.Name = contactsv5.Ptr("Works")
	s := created(t, c, source)
	ask := contactsv5.MergeContactsRequest{SourceContactIDs: []string{s.ID}, TargetContactRevision: "9", Preview: contactsv5.Ptr(true)}
	_, err := c.Contacts.Merge(ctx, target.ID, ask)
	refused(t, err, http.StatusConflict, contactsv5.CodeInvalidRevision)
	ask.TargetContactRevision = "1"
	preview, err := c.Contacts.Merge(ctx, target.ID, ask)
	if err != nil || len(preview.AdditionalEmails) != 1 || srv.Revision("Contact", target.ID) != "1" {
		t.Fatal(preview, err)
	}
	srv.Inject(contactsv5test.Fault{Kind: contactsv5test.Conflict, Times: 2})
	merged, err := c.Contacts.MergeWithRetry(ctx, target.ID, func(*contact) (contactsv5.MergeContactsRequest, error) {
		return contactsv5.MergeContactsRequest{SourceContactIDs: []string{s.ID}}, nil
	})
	if err != nil || value(merged.Name.First) != "Ada" || merged.AdditionalEmails[0].Email != "augusta@example.com" ||
		merged.Phone.Phone != "+12075550100" || value(merged.Company.Name) != "Works" {
		t.Fatalf("%+v, %v", merged, err)
	}
	if _, err := c.Contacts.Get(ctx, s.ID); !errors.Is(err, contactsv5.ErrNotFound) {
		t.Error(err)
	}
	if _, err := c.Contacts.GetDeleted(ctx, s.ID); !errors.Is(err, contactsv5.ErrNotFound) {
		t.Errorf("sources are gone for good: %v", err)
	}
	member := srv.Seed("Contact", `{"email":{"email":"m@example.com"},"memberInfo":{"status":"ACTIVE"}}`)
	for code, tt := range map[contactsv5.ErrorCode]struct {
		id     string
		status int
	}{
		contactsv5.CodeSourceNotFound:          {augusta, http.StatusNotFound},
		contactsv5.CodeInvalidContactMerge:     {target.ID, http.StatusBadRequest},
		contactsv5.CodeCannotMergeSourceMember: {member, http.StatusPreconditionRequired},
	} {
		_, err := c.Contacts.MergeWithRetry(ctx, target.ID, func(*contact) (contactsv5.MergeContactsRequest, error) {
			return contactsv5.MergeContactsRequest{SourceContactIDs: []string{tt.id}}, nil
		})
		refused(t, err, tt.status, code)
	}
}

// What is deleted can be brought back for 90 days.
func TestTrashBinOfTheFake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := faked(t)
		var ids []string
		for i := range 3 {
			ids = append(ids, created(t, c, person("A", fmt.Sprintf("a%d@example.com", i), "")).ID)
		}
		for _, id := range ids {
			if err := c.Contacts.Delete(ctx, id); err != nil {
				t.Fatal(err)
			}
			time.Sleep(24 * time.Hour) //nolint:forbidigo // the clock is a bubble's
		}
		if _, err := c.Contacts.Get(ctx, ids[0]); !errors.Is(err, contactsv5.ErrNotFound) {
			t.Error(err)
		}
		var seen []string
		for deleted, err := range c.Contacts.ListDeletedAll(ctx, contactsv5.ListDeletedContactsParams{PagingLimit: contactsv5.Ptr(int32(2))}) {
			if err != nil {
				t.Fatal(err)
			}
			seen = append(seen, deleted.ID)
		}
		if !slices.Equal(seen, ids) {
			t.Errorf("in the bin are %v", seen)
		}
		one, err := c.Contacts.ListDeleted(ctx, contactsv5.ListDeletedContactsParams{Email: contactsv5.Ptr("a1@example.com")})
		if err != nil || len(one.Contacts) != 1 || one.Contacts[0].ID != ids[1] {
			t.Error(one, err)
		}
		back, err := c.Contacts.RestoreFromTrashBin(ctx, ids[0])
		if err != nil || back.Email.Email != "a0@example.com" || back.Revision != "2" {
			t.Error(back, err)
		}
		many, err := c.Contacts.BulkRestoreFromTrashBin(ctx, contactsv5.BulkRestoreContactsFromTrashBinRequest{ContactIDs: []string{ids[1], ada},
			ReturnEntity: contactsv5.Ptr(true)})
		if err != nil || !many.Results[0].ItemMetadata.Success || many.Results[0].Item.Email.Email != "a1@example.com" ||
			many.Results[1].ItemMetadata.Success ||
			many.BulkActionMetadata.TotalFailures != 1 {
			t.Error(many, err)
		}
		time.Sleep(90 * 24 * time.Hour) //nolint:forbidigo // the clock is a bubble's
		if _, err := c.Contacts.GetDeleted(ctx, ids[2]); !errors.Is(err, contactsv5.ErrNotFound) {
			t.Errorf("it is 90 days: %v", err)
		}
	})
}

func TestFindingInTheFake(t *testing.T) {
	c, _ := faked(t)
	ids := map[string]string{}
	for i, name := range []string{"Ada", "Bob", "Cid", "Dee", "Eve"} {
		who := person(name, strings.ToLower(name)+"@example.com", "")
		who.Name.Last = contactsv5.Ptr("Example")
		who.ExternalID = contactsv5.Ptr(fmt.Sprintf("x-%d", i))
		who.Addresses = []contactsv5.ContactAddress{{Address: contactsv5.Address{Country: contactsv5.Ptr([]string{"US", "DE"}[i%2])}}}
		ids[name] = created(t, c, who).ID
	}
	query := func(filter contactsv5.QueryFilter, limit int32) (names []string, err error) {
		r := contactsv5.QueryContactsRequest{Query: contactsv5.CursorQuery{Filter: filter,
			CursorPaging: contactsv5.CursorPaging{Limit: contactsv5.Ptr(limit)}}}
		for got, err := range c.Contacts.QueryAll(ctx, r) {
			if err != nil {
				return nil, err
			}
			names = append(names, value(got.Name.First))
		}
		return names, nil
	}
	if names, err := query(contactsv5.QueryFilter{"externalId": map[string]any{"$in": []string{"x-0", "x-2", "x-4"}}}, 2); err != nil ||
		len(names) != 3 {
		t.Error(names, err)
	}
	_, err := query(contactsv5.QueryFilter{"name.last": "Example"}, 2)
	var e *contactsv5.APIError
	if !errors.As(err, &e) || e.Status != 400 || len(e.Violations) != 1 || e.Violations[0].Field != "value" ||
		e.Violations[0].Description != "Field 'name.last' is not declared as filterable" {
		t.Errorf("%v", err)
	}
	_, err = c.Contacts.FindMatching(ctx)
	refused(t, err, http.StatusBadRequest, contactsv5.CodeNoIdentifierProvided)
	matching, err := c.Contacts.FindMatching(ctx, contactsv5.FindMatchingContactsParams{Email: contactsv5.Ptr("bob@example.com"),
		ExternalID: contactsv5.Ptr("x-1")})
	if err != nil || len(matching) != 1 || matching[0].ID != ids["Bob"] {
		t.Error(matching, err)
	}
	asc := contactsv5.SortOrderAsc
	found, err := c.Contacts.Search(ctx, contactsv5.SearchContactsRequest{Search: contactsv5.CursorSearch{
		Search: contactsv5.SearchDetails{Expression: contactsv5.Ptr("example")},
		Filter: contactsv5.Filter{"addresses.address.country": map[string]any{"$hasSome": []string{"US"}}},
		Sort:   []contactsv5.Sorting{{FieldName: contactsv5.Ptr("name.first"), Order: &asc}},
	}})
	if err != nil || len(found.Contacts) != 3 || found.Contacts[0].ID != ids["Ada"] || value(found.PagingMetadata.Total) != 3 {
		t.Error(found, err)
	}
	n, err := c.Contacts.Count(ctx, contactsv5.CountContactsRequest{Search: contactsv5.Ptr("bob")})
	if err != nil || n.Count != 1 {
		t.Error(n, err)
	}
}

func TestCountsOfTheFake(t *testing.T) {
	at := time.Date(2026, 1, 30, 12, 0, 0, 0, time.UTC)
	c, _ := faked(t, contactsv5test.WithClock(func() time.Time { at = at.Add(24 * time.Hour); return at }))
	for i := range 6 {
		who := person("A", fmt.Sprintf("a%d@example.com", i), "")
		who.Addresses = []contactsv5.ContactAddress{{Address: contactsv5.Address{Country: contactsv5.Ptr([]string{"US", "DE", "US"}[i%3])}}}
		created(t, c, who)
	}
	byValue, nested, scalar, dates := contactsv5.AggregationTypeValue, contactsv5.AggregationTypeNested, contactsv5.AggregationTypeScalar,
		contactsv5.AggregationTypeDateHistogram
	country, status, month, distinct := contactsv5.Ptr("addresses.address.country"), contactsv5.Ptr("email.subscriptionStatus.status"),
		contactsv5.IntervalMonth, contactsv5.ScalarTypeCountDistinct
	inner := contactsv5.NestedAggregationTypeValue
	got, err := c.Contacts.Search(ctx, contactsv5.SearchContactsRequest{Search: contactsv5.CursorSearch{
		CursorPaging: contactsv5.CursorPaging{Limit: contactsv5.Ptr(int32(1))},
		Aggregations: []contactsv5.Aggregation{
			{Name: contactsv5.Ptr("countries"), Type: &byValue, FieldPath: country},
			{Name: contactsv5.Ptr("how many"), Type: &scalar, FieldPath: country, Scalar: contactsv5.ScalarAggregation{Type: &distinct}},
			{Name: contactsv5.Ptr("months"), Type: &dates, FieldPath: contactsv5.Ptr("createdDate"),
				DateHistogram: contactsv5.DateHistogramAggregation{Interval: &month}},
			{Name: contactsv5.Ptr("both"), Type: &nested,
				Nested: contactsv5.NestedAggregation{NestedAggregations: []contactsv5.NestedAggregationItem{
					{Name: contactsv5.Ptr("country"), Type: &inner, FieldPath: country}, {Name: contactsv5.Ptr("status"), Type: &inner,
						FieldPath: status}}}},
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(got.AggregationData)
	if err != nil {
		t.Fatal(err)
	}
	r := got.AggregationData.Results
	if len(r) != 4 || value(r[0].Values.Results[0].Value) != "US" || value(r[0].Values.Results[0].Count) != 4 ||
		value(r[1].Scalar.Value) != 2 {
		t.Errorf("%s", text)
	}
	months := 0
	for _, span := range r[2].DateHistogram.Results {
		months += int(value(span.Count))
	}
	if months != 6 || len(r[3].Nested.Results) != 2 || value(r[3].Nested.Results[0].Results["status"].Value.Count) != 4 {
		t.Errorf("%s", text)
	}
}

func TestBulkOfTheFake(t *testing.T) {
	c, srv := faked(t)
	yes := contactsv5.Ptr(true)
	made, err := c.Contacts.BulkCreate(ctx, contactsv5.BulkCreateContactsRequest{ReturnEntity: yes, Contacts: []contact{
		person("A", "a@example.com", ""), person("B", "a@example.com", ""), person("C", "c@example.com", "")}})
	if err != nil || made.BulkActionMetadata.TotalSuccesses != 2 || made.Results[1].ItemMetadata.Error.Code != "DUPLICATE_CONTACT_EXISTS" ||
		made.Results[1].ItemMetadata.OriginalIndex != 1 {
		t.Fatal(made, err)
	}
	first, third := made.Results[0].Item.ID, made.Results[2].Item.ID
	got, err := c.Contacts.BulkUpdate(ctx, contactsv5.BulkUpdateContactsRequest{Contacts: []contactsv5.BulkContactItem{
		{Contact: contact{ID: first, Revision: "7", Locale: contactsv5.Ptr("en-US")}},
		{Contact: contact{ID: third, Revision: "1", Locale: contactsv5.Ptr("en-US")}}}})
	if err != nil || got.Results[0].ItemMetadata.Error.Code != "INVALID_REVISION" || !got.Results[1].ItemMetadata.Success ||
		got.Results[1].Item.ID != "" {
		t.Fatal(got, err)
	}
	srv.Inject(contactsv5test.Fault{Kind: contactsv5test.Conflict, Times: 2, Operation: contactsv5.OperationBulkUpdateContacts, Key: first})
	n := 0
	for item, err := range c.Contacts.BulkUpdateWithRetry(ctx, slices.Values([]string{first, third, ada}), func(c *contact) error {
		c.Birthdate = contactsv5.Ptr("1990-02-03")
		return nil
	}) {
		n++
		if ok := item.Key != ada; ok != (err == nil) {
			t.Errorf("%s: %v", item.Key, err)
		}
	}
	if n != 3 || srv.Count(contactsv5.OperationBulkUpdateContacts) != 4 {
		t.Errorf("%d items in %d writes", n, srv.Count(contactsv5.OperationBulkUpdateContacts))
	}
	upserted, err := c.Contacts.BulkUpsert(ctx,
		contactsv5.BulkUpsertContactsRequest{Contacts: []contactsv5.BulkContactItem{{Contact: person("A2", "a@example.com", "")},
			{Contact: person("N", "new@example.com", "")}}})
	if err != nil || *upserted.Results[0].Action != contactsv5.BulkUpsertActionUpdated ||
		*upserted.Results[1].Action != contactsv5.BulkUpsertActionCreated {
		t.Fatal(upserted, err)
	}
	tags := contactsv5.PrivateTags{PrivateTags: contactsv5.TagList{TagIDs: []string{"vip"}}}
	tagged, err := c.Contacts.BulkUpdateTags(ctx, contactsv5.BulkUpdateContactTagsRequest{ContactIDs: []string{first}, AssignTags: tags,
		ReturnEntity: yes})
	if err != nil || !slices.Equal(tagged.Results[0].Item.Tags.PrivateTags.TagIDs, []string{"vip"}) {
		t.Fatal(tagged, err)
	}
	one, err := c.Contacts.UpdateTags(ctx, first, contactsv5.UpdateContactTagsRequest{UnassignTags: tags})
	if err != nil || len(one.Tags.PrivateTags.TagIDs) != 0 {
		t.Fatal(one, err)
	}
	_, err = c.Contacts.UpdateTags(ctx, first, contactsv5.UpdateContactTagsRequest{})
	refused(t, err, http.StatusBadRequest, contactsv5.CodeEmptyAssignAndUnassignLists)
	deleted, err := c.Contacts.BulkDelete(ctx, contactsv5.BulkDeleteContactsRequest{ContactIDs: []string{first, ada}})
	if err != nil || !deleted.Results[0].ItemMetadata.Success || deleted.Results[1].ItemMetadata.Success {
		t.Fatal(deleted, err)
	}
}

// The fake refuses what the description excludes, and says where it is.
func TestRefusalsOfTheFake(t *testing.T) {
	c, _ := faked(t)
	who := person("Ada", "", "")
	refusals := func(edit func(*contact)) (fields []string) {
		next := who
		edit(&next)
		_, err := c.Contacts.Create(ctx, contactsv5.CreateContactRequest{Contact: next})
		var e *contactsv5.APIError
		if errors.As(err, &e) && e.Status == http.StatusBadRequest && e.Code == "" {
			for _, v := range e.Violations {
				fields = append(fields, v.Field)
			}
		}
		return fields
	}
	address := func(a contactsv5.Address) func(*contact) {
		return func(c *contact) { c.Addresses = []contactsv5.ContactAddress{{Address: a}} }
	}
	for field, edit := range map[string]func(*contact){
		"contact.birthdate":                        func(c *contact) { c.Birthdate = contactsv5.Ptr("2020-13-45") },
		"contact.phone.tag":                        func(c *contact) { c.Phone = contactsv5.ContactPhone{Tag: "NOPE", Phone: "1"} },
		"contact.timeZone":                         func(c *contact) { c.TimeZone = contactsv5.Ptr(strings.Repeat("ש", 51)) },
		"contact.addresses[0].address.subdivision": address(contactsv5.Address{Subdivision: contactsv5.Ptr("NY")}),
		"contact.addresses[0].address": address(contactsv5.Address{AddressLine: contactsv5.Ptr("1 Example Street"),
			StreetAddress: contactsv5.StreetAddress{Name: "a"}}),
		"contact.email.email":      func(c *contact) { c.Email.Email = "nobody" },
		"contact.assigneeId":       func(c *contact) { c.AssigneeID = contactsv5.Ptr("nobody") },
		"contact.additionalEmails": func(c *contact) { c.AdditionalEmails = make([]contactsv5.AdditionalEmail, 11) },
	} {
		if got := refusals(edit); len(got) == 0 || got[0] != field {
			t.Errorf("%q, want %s", got, field)
		}
	}
}

// Jobs work on all contacts of a filter, and say what became of each.
func TestJobsOfTheFake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, set := range []contactsv5test.ContactsV5Settings{{}, {CountsInJobs: true, JobPolls: 4}} {
			c, srv := faked(t, with(set))
			for i := range 3 {
				created(t, c, person("A", fmt.Sprintf("a%d@example.com", i), fmt.Sprintf("207-555-010%d", i)))
			}
			srv.Seed("Contact", `{"email":{"email":"m@example.com"},"memberInfo":{"status":"ACTIVE"}}`)
			all := contactsv5.Filter{}
			subscribed := contactsv5.BulkSubscriptionStatusSubscribed
			started, err := c.Contacts.BulkUpdateSubscriptions(ctx, contactsv5.BulkUpdateContactSubscriptionsRequest{Filter: all,
				EmailSubscriptionStatus: &subscribed})
			if err != nil {
				t.Fatal(err)
			}
			if job, err := c.Contacts.BulkUpdateSubscriptionsWait(ctx, started); err != nil ||
				value(job.Status) != contactsv5.AsyncJobStatusFinished {
				t.Fatal(job, err)
			}
			_, err = c.Contacts.BulkUpdateSubscriptions(ctx, contactsv5.BulkUpdateContactSubscriptionsRequest{Filter: all})
			refused(t, err, http.StatusBadRequest, contactsv5.CodeMissingSubscriptionStatus)
			country, err := c.Contacts.BulkUpdatePhoneCountryCodeByFilter(ctx,
				contactsv5.BulkUpdatePhoneCountryCodeByFilterRequest{CountryCode: "US"})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Contacts.BulkUpdatePhoneCountryCodeByFilterWait(ctx, country); err != nil {
				t.Fatal(err)
			}
			n, err := c.Contacts.Count(ctx, contactsv5.CountContactsRequest{Filter: contactsv5.Filter{
				"email.subscriptionStatus.status": "SUBSCRIBED", "phone.e164": map[string]any{"$startsWith": "+1207555"}}})
			if err != nil || n.Count != 3 {
				t.Error(n, err)
			}
			gone, err := c.Contacts.BulkDeleteByFilter(ctx, contactsv5.BulkDeleteContactsByFilterRequest{Filter: all})
			if err != nil {
				t.Fatal(err)
			}
			job, err := c.Contacts.BulkDeleteByFilterWait(ctx, gone)
			var failed *contactsv5.JobError
			if err != nil && !errors.As(err, &failed) {
				t.Fatal(job, err)
			}
			failures := contactsv5.AsyncJobItemStatusFailedOnly
			items, err := c.AsyncJobs.ListItems(ctx, gone.JobID, contactsv5.ListAsyncJobItemsParams{StatusFilter: &failures})
			if err != nil || len(items.Results) != 1 || items.Results[0].Error.Code != "CANNOT_DELETE_SITE_MEMBERS" {
				t.Fatal(items, err)
			}
		}
	})
}

// An image that has arrived moves the contact's revision, though nobody has called an update.
func TestImagesOfTheFake(t *testing.T) {
	c, srv := faked(t)
	who := person("A", "", "")
	who.Image.URL = contactsv5.Ptr("https://example.com/a.png")
	made, err := c.Contacts.Create(ctx, contactsv5.CreateContactRequest{Contact: who})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Contacts.GenerateImageUploadURL(ctx, made.ID,
		contactsv5.GenerateContactImageUploadURLRequest{MIMEType: contactsv5.Ptr("image/gif")})
	refused(t, err, http.StatusBadRequest, contactsv5.CodeInvalidMIMEType)
	got, err := c.Contacts.GenerateImageUploadURL(ctx, made.ID, contactsv5.GenerateContactImageUploadURLRequest{})
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(got.UploadURL)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, at.String(), strings.NewReader("png"))
	if err != nil {
		t.Fatal(err)
	}
	response, err := srv.Transport().RoundTrip(r)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatal(response, err)
	}
	_ = response.Body.Close()
	status, err := c.Contacts.GetImageUploadStatus(ctx, made.ID, got.ImageUploadID)
	if err != nil || status != contactsv5.ImageUploadStatusSuccess || srv.Revision("Contact", made.ID) != "2" {
		t.Error(status, err, srv.Revision("Contact", made.ID))
	}
	_, err = c.Contacts.GetImageUploadStatus(ctx, made.ID, home)
	refused(t, err, http.StatusNotFound, contactsv5.CodeUploadIDNotFound)
}

// Short queries and searches come in the query string of a GET from the official SDK; one by an id that looks like that is another thing.
func TestQueriesInTheQueryString(t *testing.T) {
	_, srv := faked(t)
	srv.Seed("Contact", `{"name":{"first":"Ada"},"externalId":"7"}`)
	server := httptest.NewServer(srv)
	defer server.Close()
	for path, want := range map[string]int{
		"query?.r=" + folded(`{"query":{"filter":{"externalId":"7"}}}`):   200,
		"search?.r=" + folded(`{"search":{"filter":{"externalId":"7"}}}`): 200,
		"query?.r=" + folded(`{"query":{"filter":{"name.last":"7"}}}`):    400,
		"query?.r=%25": 404, "query": 404, ada + "?.r=" + folded(`{}`): 404,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/contacts/v5/contacts/"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != want || (want == 200) != strings.Contains(string(body), `"contacts":[{`) {
			t.Errorf("%s: %d %s", path, response.StatusCode, body)
		}
	}
}

// A cursor stands for the filter, the order and the words that were asked for, and a server may refuse these beside it.
func TestIteratorsAskStrictServersAndLenientOnesAlike(t *testing.T) {
	ptr := contactsv5.Ptr[int32]
	for name, set := range map[string]contactsv5test.ContactsV5Settings{"strict": {StrictCursors: true}, "lenient": {}} {
		c, srv := faked(t, with(set))
		for i := range 7 {
			srv.Seed("Contact", fmt.Sprintf(`{"name":{"first":"Ada %d","last":"%d"},"externalId":"x","locale":"en-US"}`, 6-i, i%2))
		}
		query := contactsv5.QueryContactsRequest{Query: contactsv5.CursorQuery{Filter: map[string]any{"externalId": "x"},
			Sort: []contactsv5.Sorting{{FieldName: contactsv5.Ptr("createdDate")}}, CursorPaging: contactsv5.CursorPaging{Limit: ptr(2)}}}
		n := 0
		for _, err := range c.Contacts.QueryAll(ctx, query) {
			if n++; err != nil {
				t.Fatal(name, err)
			}
		}
		if n != 7 || srv.Count(contactsv5.OperationQueryContacts) != 4 {
			t.Errorf("%s: %d contacts in %d requests", name, n, srv.Count(contactsv5.OperationQueryContacts))
		}
		search := contactsv5.CursorSearch{Filter: map[string]any{"name.last": "0"}, Search: contactsv5.SearchDetails{Expression: contactsv5.Ptr("ada")},
			Sort: []contactsv5.Sorting{{FieldName: contactsv5.Ptr("name.first")}}, CursorPaging: contactsv5.CursorPaging{Limit: ptr(1)}}
		got := ""
		for who, err := range c.Contacts.SearchAll(ctx, contactsv5.SearchContactsRequest{Search: search}) {
			if err != nil {
				t.Fatal(name, err)
			}
			got += value(who.Name.First) + " "
		}
		if got != "Ada 0 Ada 2 Ada 4 Ada 6 " {
			t.Errorf("%s: %s", name, got)
		}
		n = 0
		for _, err := range c.Contacts.SearchPages(ctx, contactsv5.SearchContactsRequest{SemanticQuery: contactsv5.Ptr("ada"),
			Search: contactsv5.CursorSearch{CursorPaging: contactsv5.CursorPaging{Limit: ptr(3)}}}) {
			if n++; err != nil {
				t.Fatal(name, err)
			}
		}
		if n != 3 {
			t.Errorf("%s: %d pages", name, n)
		}
	}
}

func folded(body string) string { return base64.RawURLEncoding.EncodeToString([]byte(body)) }

// Queries see a write late where the settings or a fault say so; a get does not.
func TestListsOfTheFakeLag(t *testing.T) {
	for name, option := range map[string]func() (*contactsv5.Client, *contactsv5test.Server){
		"setting": func() (*contactsv5.Client, *contactsv5test.Server) {
			return faked(t, with(contactsv5test.ContactsV5Settings{ListLag: 1}))
		},
		"fault": func() (*contactsv5.Client, *contactsv5test.Server) {
			c, srv := faked(t)
			srv.Inject(contactsv5test.Fault{Kind: contactsv5test.Lag, Times: -1})
			return c, srv
		},
	} {
		c, srv := option()
		id := srv.Seed("Contact", `{"name":{"first":"Ada"}}`)
		if _, err := c.Contacts.UpdateWithRetry(ctx, id, func(c *contact) error {
			c.Name.First = contactsv5.Ptr("Bob")
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		page, err := c.Contacts.Query(ctx, contactsv5.QueryContactsRequest{})
		now, err2 := c.Contacts.Get(ctx, id)
		if err != nil || err2 != nil || value(page.Contacts[0].Name.First) != "Ada" || value(now.Name.First) != "Bob" {
			t.Errorf("%s: %v, %v", name, err, err2)
		}
	}
}

// value gives what a pointer leads to, the zero value without one.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
