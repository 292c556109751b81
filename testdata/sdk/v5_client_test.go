package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contactsv5"
	"github.com/contactsgen/contactsgen/generated/contactsv5/contactsv5test"
)

// v5 makes the calls of drive-v5.mjs with the generated client, in the same order.
type v5 struct {
	*contactsv5.ContactsService
	t             *testing.T
	ctx           context.Context
	ada, grace    string
	linus, edsger *contactsv5.Contact
}

// driveClientV5 gives the requests of these calls.
func driveClientV5(t *testing.T) []contactsv5test.Exchange {
	t.Helper()
	fake := newFakeV5(t)
	client, err := contactsv5.NewClient(contactsv5.WithAPIKey("key"), contactsv5.WithSiteID("site"), contactsv5.WithBaseURL(fake.URL()))
	if err != nil {
		t.Fatal(err)
	}
	d := &v5{ContactsService: client.Contacts, t: t, ctx: t.Context()}
	revision := d.one()
	d.parts(revision)
	d.image()
	d.others()
	d.lists()
	d.many()
	d.byFilter()
	d.end()
	return requestsOf(fake)
}

func ptr[T any](v T) *T { return &v }

// refused stops what makes the calls when one was not refused with a code.
func (d *v5) refused(err error, code error) {
	d.t.Helper()
	if !errors.Is(err, code) {
		d.t.Errorf("%v, want %v", err, code)
	}
}

func street(city string) contactsv5.Address {
	return contactsv5.Address{
		StreetAddress: contactsv5.StreetAddress{Number: "1", Name: "Example Street"}, City: &city,
		Subdivision: ptr("US-ME"), Country: ptr("US"), PostalCode: ptr("04000"),
	}
}

func tagged(ids ...string) contactsv5.PrivateTags {
	return contactsv5.PrivateTags{PrivateTags: contactsv5.TagList{TagIDs: ids}}
}

// one makes a contact, reads it and updates it.
func (d *v5) one() (revision string) {
	contact := contactsv5.Contact{
		ExternalID: ptr("crm-1"), Name: contactsv5.ContactName{First: ptr("Ada"), Last: ptr("Example")},
		Email:            contactsv5.ContactEmail{Email: "ada@example.com"},
		Phone:            contactsv5.ContactPhone{Tag: contactsv5.PhoneTagMobile, Phone: "+12075550100"},
		AdditionalEmails: []contactsv5.AdditionalEmail{{Email: "ada@work.example.com"}},
		AdditionalPhones: []contactsv5.AdditionalPhone{{Tag: contactsv5.PhoneTagHome, Phone: "+12075550101"}},
		Addresses: []contactsv5.ContactAddress{{
			Tag: contactsv5.AddressTagShipping, Address: street("Sampleton"), DefaultAddress: ptr(true),
			Recipient: contactsv5.Recipient{FirstName: ptr("Ada"), LastName: ptr("Example")},
		}},
		Company: contactsv5.ContactCompany{Name: ptr("Example Works"), JobTitle: ptr("Analyst")},
		Locale:  ptr("en-US"), Birthdate: ptr("1990-12-10"), TimeZone: ptr("America/New_York"),
		ExtendedFields: contactsv5.ExtendedFields{Namespaces: map[string]map[string]any{"_user_fields": {"size": 39}}},
	}
	made := must(d.Create(d.ctx, contactsv5.CreateContactRequest{Contact: contact, AllowDuplicates: ptr(true)}))
	d.ada = made.ID
	must(d.Get(d.ctx, d.ada))
	moved := must(d.Update(d.ctx, d.ada, contactsv5.UpdateContactRequest{
		Contact:         contactsv5.Contact{Revision: made.Revision, Company: contactsv5.ContactCompany{Name: ptr("Other Works")}},
		AllowDuplicates: ptr(false),
	}))
	_, err := d.Update(d.ctx, d.ada, contactsv5.UpdateContactRequest{
		Contact: contactsv5.Contact{Revision: made.Revision, Company: contactsv5.ContactCompany{Name: ptr("Lost Works")}},
	})
	d.refused(err, contactsv5.ErrConflict)
	return moved.Revision
}

// parts adds to the contact, and takes off it.
func (d *v5) parts(revision string) {
	c := must(d.AddAdditionalEmail(d.ctx, d.ada, contactsv5.AddContactAdditionalEmailRequest{
		Email: contactsv5.AdditionalEmail{Email: "ada@other.example.com"}, Revision: revision,
	}))
	c = must(d.AddAdditionalPhone(d.ctx, d.ada, contactsv5.AddContactAdditionalPhoneRequest{
		Phone: contactsv5.AdditionalPhone{Tag: contactsv5.PhoneTagWork, Phone: "+12075550104"}, Revision: c.Revision,
	}))
	c = must(d.AddAddress(d.ctx, d.ada, contactsv5.AddContactAddressRequest{
		Address: contactsv5.ContactAddress{Tag: contactsv5.AddressTagBilling, Address: street("Otherton")}, Revision: c.Revision,
	}))
	added := *c.Addresses[len(c.Addresses)-1].ID
	c = must(d.UpdateAddress(d.ctx, d.ada, added, contactsv5.UpdateContactAddressRequest{
		Address: contactsv5.ContactAddress{Tag: contactsv5.AddressTagBilling, Address: street("Elsewhere")}, Revision: c.Revision,
	}))
	must(d.DeleteAddress(d.ctx, d.ada, added, c.Revision))
	must(d.UpdateTags(d.ctx, d.ada, contactsv5.UpdateContactTagsRequest{AssignTags: tagged("tag-1", "tag-2")}))
	_, err := d.UpdateTags(d.ctx, d.ada, contactsv5.UpdateContactTagsRequest{})
	d.refused(err, contactsv5.CodeEmptyAssignAndUnassignLists)
}

func (d *v5) image() {
	to := must(d.GenerateImageUploadURL(d.ctx, d.ada, contactsv5.GenerateContactImageUploadURLRequest{MIMEType: ptr("image/png")}))
	upload := must(http.NewRequestWithContext(d.ctx, http.MethodPut, to.UploadURL, strings.NewReader("image")))
	succeed(must(http.DefaultClient.Do(upload)).Body.Close())
	must(d.GetImageUploadStatus(d.ctx, d.ada, to.ImageUploadID))
}

// others makes another contact, one who is there already, and finds them.
func (d *v5) others() {
	known := contactsv5.Contact{Name: contactsv5.ContactName{First: ptr("Grace")}, Email: contactsv5.ContactEmail{Email: "grace@example.com"}}
	d.grace = must(d.Upsert(d.ctx, contactsv5.UpsertContactRequest{
		Contact: known, UpsertMode: ptr(contactsv5.UpsertModeAppend), UpdateMember: ptr(false),
	})).Contact.ID
	_, err := d.Create(d.ctx, contactsv5.CreateContactRequest{Contact: known})
	d.refused(err, contactsv5.CodeDuplicateContactExists)
	must(d.FindMatching(d.ctx, contactsv5.FindMatchingContactsParams{
		ExternalID: ptr("crm-1"), Email: ptr("grace@example.com"), Phone: ptr("+12075550199"),
	}))
}

func (d *v5) lists() {
	must(d.Query(d.ctx, contactsv5.QueryContactsRequest{Query: contactsv5.CursorQuery{Filter: contactsv5.QueryFilter{"externalId": "crm-1"}}}))
	must(d.Search(d.ctx, contactsv5.SearchContactsRequest{Search: contactsv5.CursorSearch{Filter: contactsv5.Filter{"name.first": "Grace"}}}))
	among := []string{d.ada, d.grace}
	for n := range 98 {
		among = append(among, fmt.Sprintf("0b6e2f3c-55d1-4b7e-9d53-0000000001%02d", n))
	}
	filter := contactsv5.Filter{"id": map[string]any{"$in": among}}
	must(d.Query(d.ctx, contactsv5.QueryContactsRequest{Query: contactsv5.CursorQuery{
		Filter: contactsv5.QueryFilter(filter), Sort: []contactsv5.Sorting{{FieldName: ptr("createdDate"), Order: ptr(contactsv5.SortOrderAsc)}},
		CursorPaging: contactsv5.CursorPaging{Limit: ptr(int32(1))},
	}}))
	must(d.Search(d.ctx, contactsv5.SearchContactsRequest{Search: contactsv5.CursorSearch{
		Filter: filter, Sort: []contactsv5.Sorting{{FieldName: ptr("name.first"), Order: ptr(contactsv5.SortOrderDesc)}},
		CursorPaging: contactsv5.CursorPaging{Limit: ptr(int32(10))},
		Search:       contactsv5.SearchDetails{Expression: ptr("example"), Mode: ptr(contactsv5.ModeOr)},
		Aggregations: []contactsv5.Aggregation{{
			Name: ptr("countries"), Type: ptr(contactsv5.AggregationTypeValue), FieldPath: ptr("addresses.address.country"),
			Value: contactsv5.ValueAggregation{Limit: ptr(int32(20))},
		}},
	}}))
	must(d.Count(d.ctx, contactsv5.CountContactsRequest{
		Filter: contactsv5.Filter{"email.email": map[string]any{"$in": []string{"ada@example.com", "grace@example.com"}}}, Search: ptr("example"),
	}))
}

// many writes several contacts in one request.
func (d *v5) many() {
	made := must(d.BulkCreate(d.ctx, contactsv5.BulkCreateContactsRequest{
		Contacts: []contactsv5.Contact{
			{Name: contactsv5.ContactName{First: ptr("Linus")}, Phone: contactsv5.ContactPhone{Phone: "207-555-0102"}},
			{Name: contactsv5.ContactName{First: ptr("Edsger")}},
			{Company: contactsv5.ContactCompany{Name: ptr("Nobody")}},
		},
		ReturnEntity: ptr(true), AllowDuplicates: ptr(false),
	})).Results
	d.linus, d.edsger = &made[0].Item, &made[1].Item
	must(d.BulkUpdate(d.ctx, contactsv5.BulkUpdateContactsRequest{ReturnEntity: ptr(true), Contacts: []contactsv5.BulkContactItem{
		{Contact: contactsv5.Contact{ID: d.linus.ID, Revision: d.linus.Revision, Locale: ptr("en-US")}},
		{Contact: contactsv5.Contact{ID: d.edsger.ID, Revision: "77", Locale: ptr("nl-NL")}},
	}}))
	must(d.BulkUpsert(d.ctx, contactsv5.BulkUpsertContactsRequest{
		ReturnEntity: ptr(true), UpsertMode: ptr(contactsv5.UpsertModeOverwrite), UpdateMember: ptr(false),
		Contacts: []contactsv5.BulkContactItem{
			{Contact: contactsv5.Contact{Name: contactsv5.ContactName{First: ptr("Grace"), Last: ptr("Example")},
				Email: contactsv5.ContactEmail{Email: "grace@example.com"}}},
			{Contact: contactsv5.Contact{Email: contactsv5.ContactEmail{Email: "new@example.com"}}},
		},
	}))
	must(d.BulkUpdateTags(d.ctx, contactsv5.BulkUpdateContactTagsRequest{
		ContactIDs: []string{d.linus.ID, d.edsger.ID}, ReturnEntity: ptr(true), AssignTags: tagged("tag-3"), UnassignTags: tagged("tag-4"),
	}))
}

var linusAlone = contactsv5.Filter{"name.first": "Linus"}

func (d *v5) byFilter() {
	must(d.BulkUpdateTagsByFilter(d.ctx, contactsv5.BulkUpdateContactTagsByFilterRequest{
		Filter: linusAlone, AssignTags: tagged("tag-5"), Search: contactsv5.SearchDetails{Expression: ptr("linus")},
	}))
	must(d.BulkUpdateSubscriptions(d.ctx, contactsv5.BulkUpdateContactSubscriptionsRequest{
		Filter: linusAlone, EmailSubscriptionStatus: ptr(contactsv5.BulkSubscriptionStatusSubscribed),
	}))
	must(d.BulkUpdatePhoneCountryCodeByFilter(d.ctx, contactsv5.BulkUpdatePhoneCountryCodeByFilterRequest{
		Filter: linusAlone, CountryCode: "US",
	}))
}

// end merges, deletes and brings back.
func (d *v5) end() {
	revision := must(d.Get(d.ctx, d.ada)).Revision
	for _, preview := range []bool{true, false} {
		must(d.Merge(d.ctx, d.ada, contactsv5.MergeContactsRequest{
			TargetContactRevision: revision, SourceContactIDs: []string{d.grace}, Preview: &preview,
		}))
	}
	succeed(d.Delete(d.ctx, d.ada, contactsv5.DeleteContactParams{DeleteMember: ptr(false)}))
	_, err := d.Get(d.ctx, d.ada)
	d.refused(err, contactsv5.ErrNotFound)
	must(d.GetDeleted(d.ctx, d.ada))
	must(d.ListDeleted(d.ctx, contactsv5.ListDeletedContactsParams{
		Email: ptr("ada@example.com"), ContactIDs: []string{d.ada, d.linus.ID}, PagingLimit: ptr(int32(10)),
		DeletedFromDate: ptr(contactsv5.Timestamp("2024-01-01T00:00:00.000Z")),
	}))
	must(d.RestoreFromTrashBin(d.ctx, d.ada))
	must(d.BulkDelete(d.ctx, contactsv5.BulkDeleteContactsRequest{ContactIDs: []string{d.linus.ID, d.edsger.ID}, DeleteMembers: ptr(false)}))
	must(d.BulkRestoreFromTrashBin(d.ctx, contactsv5.BulkRestoreContactsFromTrashBinRequest{
		ContactIDs: []string{d.linus.ID}, ReturnEntity: ptr(true),
	}))
	succeed(d.RemoveFromTrashBin(d.ctx, d.edsger.ID))
	must(d.BulkDeleteByFilter(d.ctx, contactsv5.BulkDeleteContactsByFilterRequest{
		Filter: linusAlone, Search: contactsv5.SearchDetails{Expression: ptr("linus")}, DeleteMembers: ptr(false),
	}))
}
