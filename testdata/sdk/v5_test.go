package sdk_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
	"github.com/contactsgen/contactsgen/generated/contactsv5/contactsv5test"
	"github.com/contactsgen/contactsgen/spec"
)

// refusals are the calls of drive-v5.mjs that have to fail, by their place among those of a method, and the code they fail with: the status
// where no code is known.
var refusals = map[string]map[int]string{
	"contactsV5.updateContact":     {1: "INVALID_REVISION"},
	"contactsV5.updateContactTags": {1: "EMPTY_ASSIGN_AND_UNASSIGN_LISTS"},
	"contactsV5.createContact":     {1: "DUPLICATE_CONTACT_EXISTS"},
	"contactsV5.getContact":        {2: "404"},
}

// compareV5 compares requests for Contacts V5.
var compareV5 = comparison{differences: []*difference{repeatedInQuery(), repeatedInBody(), bodyOfRestoring}, templates: []string{
	"GET,DELETE /contacts/v5/contacts/{contactId}", "PATCH /contacts/v5/contacts/{contact.id}",
	"POST /contacts/v5/contacts/{contactId}/update-tags", "POST /contacts/v5/contacts/{targetContactId}/merge",
	"POST /contacts/v5/contacts/{contactId}/image/upload-url", "GET /contacts/v5/contacts/{contactId}/image-upload/{imageUploadId}",
	"POST /contacts/v5/contacts/{contactId}/additional-emails", "POST /contacts/v5/contacts/{contactId}/additional-phones",
	"POST /contacts/v5/contacts/{contactId}/addresses", "PATCH /contacts/v5/contacts/{contactId}/addresses/{address.id}",
	"DELETE /contacts/v5/contacts/{contactId}/addresses/{addressId}",
	"GET,DELETE /contacts/v5/contacts/trash-bin/{contactId}", restoring,
}}

const restoring = "POST /contacts/v5/contacts/trash-bin/{contactId}/restore"

// bodyOfRestoring comes after what is repeated was dropped.
var bodyOfRestoring = &difference{
	fact: "RestoreContactFromTrashBinRequest has the contactId of the path and nothing else. The SDK's body has that alone, " +
		"so we describe no body.",
	drop: func(x *exchange) bool {
		if x.template != restoring || x.body == nil || len(x.body) > 0 {
			return false
		}
		x.body, x.mediaType = nil, ""
		return true
	},
}

func newFakeV5(t *testing.T) *contactsv5test.Server {
	t.Helper()
	instant := time.Date(2024, 2, 29, 8, 15, 30, 125_000_000, time.UTC)
	return contactsv5test.NewServer(t, contactsv5test.WithClock(func() time.Time { return instant }))
}

// requestsOf gives what a fake was asked, but for uploads, which are no method of the API.
func requestsOf(fake *contactsv5test.Server) []contactsv5test.Exchange {
	return slices.DeleteFunc(fake.Requests(), func(x contactsv5test.Exchange) bool { return strings.HasPrefix(x.Path, "/_fake/") })
}

// asV4 gives an exchange the type that the tests of both versions share.
func asV4(x contactsv5test.Exchange) contactstest.Exchange {
	return contactstest.Exchange{Request: contactstest.Request(x.Request), Status: x.Status, Answer: x.Answer}
}

// The SDK for Contacts V5 sends what the description has and our client sends, and takes what the fake answers.
func TestTheOfficialSDKAgreesOnV5(t *testing.T) {
	fake := newFakeV5(t)
	calls := driveSDK(t, "drive-v5.mjs", fake.URL())
	theirs, ours := requestsOf(fake), driveClientV5(t)
	if len(theirs) != len(calls) || len(ours) != len(calls) {
		t.Fatalf("%d calls of the SDK made %d requests, our client %d", len(calls), len(theirs), len(ours))
	}
	judge := newJudge(t, spec.ContactsV5)
	table := newTable("REQUEST VALID", "SAME AS OURS", "ANSWER ACCEPTED", "TYPES HOLD")
	beyond, seen := types(t, calls), map[string]int{}
	for i, c := range calls {
		f := table.row(c.Method)
		for who, x := range map[string]contactsv5test.Exchange{"the SDK's": theirs[i], "our": ours[i]} {
			if err := judge.validate(t.Context(), asV4(x)); err != nil {
				f[0] = append(f[0], who+" exchange: "+err.Error())
			}
		}
		x := asV4(theirs[i])
		f[1] = append(f[1], compareV5.compare(x, asV4(ours[i]))...)
		f[2] = append(f[2], accepted(c, x)...)
		f[3] = append(f[3], beyond[i]...)
		code := ""
		if c.Error != nil {
			code = c.Error.Code
		}
		if want := refusals[c.Method][seen[c.Method]]; code != want || (x.Status == http.StatusOK) != (want == "") {
			f[2] = append(f[2], fmt.Sprintf("the answer %d %s has the code %q, want %q", x.Status, x.Answer, code, want))
		}
		seen[c.Method]++
	}
	table.report(t)
	compareV5.report(t)
}
