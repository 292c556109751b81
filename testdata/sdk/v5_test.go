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

// The SDK for Contacts V5 sends what the description has, and takes what the fake answers. Whether our client sends the same is
// not looked at.
func TestTheOfficialSDKAgreesOnV5(t *testing.T) {
	instant := time.Date(2024, 2, 29, 8, 15, 30, 125_000_000, time.UTC)
	fake := contactsv5test.NewServer(t, contactsv5test.WithClock(func() time.Time { return instant }))
	calls := driveSDK(t, "drive-v5.mjs", fake.URL())
	requests := slices.DeleteFunc(fake.Requests(), func(x contactsv5test.Exchange) bool {
		return strings.HasPrefix(x.Path, "/_fake/")
	})
	if len(requests) != len(calls) {
		t.Fatalf("%d calls of the SDK made %d requests", len(calls), len(requests))
	}
	judge := newJudge(t, spec.ContactsV5)
	table := newTable("REQUEST VALID", "ANSWER ACCEPTED")
	seen := map[string]int{}
	for i, c := range calls {
		r := requests[i]
		f, x := table.row(c.Method), contactstest.Exchange{Request: contactstest.Request(r.Request), Status: r.Status, Answer: r.Answer}
		if err := judge.validate(t.Context(), x); err != nil {
			f[0] = append(f[0], err.Error())
		}
		f[1] = append(f[1], accepted(c, x)...)
		code := ""
		if c.Error != nil {
			code = c.Error.Code
		}
		if want := refusals[c.Method][seen[c.Method]]; code != want || (x.Status == http.StatusOK) != (want == "") {
			f[1] = append(f[1], fmt.Sprintf("the answer %d %s has the code %q, want %q", x.Status, x.Answer, code, want))
		}
		seen[c.Method]++
	}
	table.report(t)
}
