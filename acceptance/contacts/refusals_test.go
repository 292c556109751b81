package contacts_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// The fake refuses what the description excludes, and says where it is.
func TestRefusals(t *testing.T) {
	srv := contactstest.NewServer(t)
	const contacts, labels = "/contacts/v4/contacts", "/contacts/v4/labels"
	info := func(members string) string { return `{"info":{"name":{"first":"Ada"},` + members + `}}` }
	for _, tt := range []struct {
		method, path, body, field string // without a field it is right
	}{
		{"POST", contacts, info(`"birthdate":"2020-02-29"`), ""},
		{"POST", contacts, info(`"birthdate":"2020-13-45"`), "info.birthdate"},
		{"POST", contacts, info(`"birthdate":"2021-02-29"`), "info.birthdate"},
		{"POST", contacts, info(`"company":"` + strings.Repeat("ש", 1000) + `"`), ""},
		{"POST", contacts, info(`"company":"` + strings.Repeat("ש", 1001) + `"`), "info.company"},
		{"POST", contacts, info(`"company":7`), "info.company"},
		{"POST", contacts, info(`"emails":{"items":[{"email":"a@example.com","tag":"NOPE"}]}`), "info.emails.items[0].tag"},
		{"POST", contacts, info(`"emails":{"items":[{"email":"a@example.com","primary":"true"}]}`), "info.emails.items[0].primary"},
		{"POST", contacts, info(`"phones":{"items":[` + strings.Repeat(`{"phone":"1"},`, 50) + `{"phone":"1"}]}`), "info.phones.items"},
		{"POST", contacts, info(`"phones":{"items":[{"phone":"1","countryCode":"usa"}]}`), "info.phones.items[0].countryCode"},
		{"POST", contacts, info(`"addresses":{"items":[{"address":{"addressLine":"1 Example Street","streetAddress":{"name":"a"}}}]}`),
			"info.addresses.items[0].address"},
		{"POST", contacts, info(`"addresses":{"items":[{"address":{"addressLine":"1 Example Street","streetAddress":null}}]}`),
			"info.addresses.items[0].address.streetAddress"},
		{"POST", contacts, `{"allowDuplicates":"yes","info":{"name":{"first":"Ada"}}}`, "allowDuplicates"},
		{"POST", contacts + "/query", `{"query":{"sort":[{"fieldName":"createdDate","order":"UP"}]}}`, "query.sort[0].order"},
		{"POST", contacts + "/query", `{"query":{"fieldsets":["NOPE"]}}`, "query.fieldsets[0]"},
		{"POST", contacts + "/query", `{"query":{"paging":{"limit":1001}}}`, "query.paging.limit"},
		{"GET", contacts + "?fieldsets=NOPE", "", "fieldsets"},
		{"GET", labels + "?labelType=NOPE", "", "labelType"},
		{"GET", contacts + "?sort.fieldName=createdDate&sort.order=UP", "", "sort.order"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), tt.method, "https://www.example.com"+tt.path, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		response, err := srv.Transport().RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		ok := response.StatusCode == http.StatusBadRequest && strings.Contains(string(data), `"field":"`+tt.field+`"`)
		if tt.field == "" {
			ok = response.StatusCode == http.StatusOK
		}
		if !ok || tt.field != "" && strings.Contains(string(data), "NOPE") {
			t.Errorf("%s %s %.200s: %d %s, want %q", tt.method, tt.path, tt.body, response.StatusCode, data, tt.field)
		}
	}
}
