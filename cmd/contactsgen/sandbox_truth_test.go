package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// truth is a request to the sandbox, and what has to come of it. In the path and the body, $NAME is what an earlier answer gave.
type truth struct {
	name   string
	method string
	path   string
	body   string
	status int
	has    string // a regular expression; its group, if it has one, is what $NAME in later requests stands for
	keep   string // NAME
}

// The sandbox says what the service says, for either version: what was once answered wrong is asked once more, and its neighbours.
func TestSandboxTellsTheTruth(t *testing.T) {
	for api, all := range map[string][]truth{"contacts-v4": truthsOfV4(), "contacts-v5": truthsOfV5()} {
		t.Run(api, func(t *testing.T) {
			_, url, _ := startSandbox(t, "--api", api)
			kept := []string{"$100", strings.Repeat("ש", 100), "$101", strings.Repeat("ש", 101)}
			for _, x := range all {
				fill := strings.NewReplacer(kept...)
				status, answer := ask(t, x.method, url+fill.Replace(x.path), "", fill.Replace(x.body))
				m := regexp.MustCompile(fill.Replace(x.has)).FindStringSubmatch(answer)
				if status != x.status || m == nil {
					t.Errorf("%s: %d %.400s, want %d with %s", x.name, status, answer, x.status, x.has)
					continue
				}
				if x.keep != "" {
					kept = append(kept, "$"+x.keep, m[1])
				}
			}
		})
	}
}

// Settings choose among what nobody has documented: here that lists are late, that keys have no tail, and that cursors come alone.
func TestSandboxSettings(t *testing.T) {
	_, url, _ := startSandbox(t, "--api", "contacts-v4", "--set", "plainFieldKeys=true", "--set", "listLag=1")
	status, answer := ask(t, "POST", url+"/contacts/v4/extended-fields", "", `{"displayName":"Hat size","dataType":"NUMBER"}`)
	if status != http.StatusOK || !strings.Contains(answer, `"key":"custom.hat-size"`) {
		t.Errorf("%d %s", status, answer)
	}
	if _, answer := ask(t, "GET", url+"/contacts/v4/extended-fields", "", ""); strings.Contains(answer, "Hat size") {
		t.Errorf("the list is not late: %s", answer)
	}
	if status, answer := ask(t, "GET", url+"/contacts/v4/extended-fields/custom.hat-size", "", ""); status != http.StatusOK {
		t.Errorf("a read is late: %d %s", status, answer)
	}
	file := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(file, []byte("strictCursors: true\nstaleStatus: 409\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, url, _ = startSandbox(t, "--api", "contacts-v5", "--settings", file, "--set", "staleStatus=400")
	const query = `{"query":{"cursorPaging":{"cursor":"1"},"filter":{"externalId":"1"}}}`
	if status, answer := ask(t, "POST", url+"/contacts/v5/contacts/query", "", query); status != http.StatusBadRequest {
		t.Errorf("%d %s", status, answer)
	}
	_, answer = ask(t, "POST", url+"/contacts/v5/contacts", "", `{"contact":{"name":{"first":"A"}}}`)
	id := regexp.MustCompile(`"id":"([^"]+)"`).FindStringSubmatch(answer)
	if id == nil {
		t.Fatal(answer)
	}
	status, answer = ask(t, "PATCH", url+"/contacts/v5/contacts/"+id[1], "", `{"contact":{"revision":"7","name":{"first":"B"}}}`)
	if status != http.StatusBadRequest || !strings.Contains(answer, "INVALID_REVISION") {
		t.Errorf("%d %s", status, answer)
	}
}

const (
	created = `"id":"([-0-9a-f]{36})"(?:,"info"|,"lastActivity")`
	invalid = `"fieldViolations"`
)

func truthsOfV4() []truth {
	const contacts = "/contacts/v4/contacts"
	named := func(member string) string { return `{"info":{"name":{"first":"A"},` + member + `}}` }
	return []truth{
		{"one with an email", "POST", contacts, named(`"emails":{"items":[{"email":"twin@example.com"}]}`), 200, created, "ONE"},
		{"another with the same", "POST", contacts, `{"allowDuplicates":true,` + named(`"emails":{"items":[{"email":"twin@example.com"}]}`)[1:],
			200, created, "TWO"},
		{"an email that is not given is no duplicate", "PATCH", contacts + "/$TWO", `{"revision":1,"info":{"company":"X"}}`, 200, `"company":"X"`,
			""},
		{"an email that is given is one", "PATCH", contacts + "/$TWO",
			`{"revision":2,"info":{"emails":{"items":[{"email":"twin@example.com"}]}}}`, 409, "DUPLICATE_CONTACT_EXISTS", ""},
		{"a revision in a string", "PATCH", contacts + "/$TWO", `{"revision":"2","info":{"company":"Y"}}`, 200, `"revision":3`, ""},
		{"a stale revision", "PATCH", contacts + "/$TWO", `{"revision":2,"info":{"company":"Z"}}`, 409, "CONTACT_ALREADY_CHANGED", ""},
		{"a revision that is no whole number", "PATCH", contacts + "/$TWO", `{"revision":2.5,"info":{"company":"Z"}}`, 400, invalid, ""},
		{"a stale merge", "POST", contacts + "/$TWO/merge", `{"targetContactRevision":2,"sourceContactIds":["$ONE"]}`, 409, "", ""},
		{"a day that is none", "POST", contacts, named(`"birthdate":"2020-13-45"`), 400, invalid, ""},
		{"a leap day that is none", "POST", contacts, named(`"birthdate":"2023-02-29"`), 400, invalid, ""},
		{"a day", "POST", contacts, named(`"birthdate":"2024-02-29"`), 200, "2024-02-29", ""},
		{"the facet of those without labels", "GET", contacts + "/facets", "", 200,
			`"facetType":"NOT_LABELED","queryFilter":{"\$not":{"info.labelKeys":{"\$hasSome":`, ""},
		{"a search of 100 characters", "POST", contacts + "/query", `{"search":"$100"}`, 200, `"contacts":\[\]`, ""},
		{"a search of 101", "POST", contacts + "/query", `{"search":"$101"}`, 400, invalid, ""},
		{"an unknown field set", "GET", contacts + "?fieldsets=NOPE", "", 400, invalid, ""},
		{"an unknown field set of one", "GET", contacts + "/$ONE?fieldsets=NOPE", "", 400, invalid, ""},
		{"an unknown type of labels", "GET", "/contacts/v4/labels?labelType=NOPE", "", 400, invalid, ""},
		{"an unknown type of fields", "GET", "/contacts/v4/extended-fields?fieldType=NOPE", "", 400, invalid, ""},
		{"an unknown order", "GET", contacts + "?sort.fieldName=createdDate&sort.order=UP", "", 400, invalid, ""},
		{"an unknown order in a body", "POST", contacts + "/query", `{"query":{"sort":[{"fieldName":"createdDate","order":"UP"}]}}`, 400, invalid,
			""},
		{"an unknown tag", "POST", contacts, named(`"phones":{"items":[{"phone":"+12075550100","tag":"NOPE"}]}`), 400, invalid, ""},
		{"a street beside a line", "POST", contacts,
			named(`"addresses":{"items":[{"address":{"streetAddress":{"number":"1","name":"A"},"addressLine":"1 A"}}]}`), 400, invalid, ""},
		{"a text for a flag", "POST", contacts, `{"allowDuplicates":"yes",` + named(`"company":"X"`)[1:], 400, invalid, ""},
		{"a field for addresses", "POST", "/contacts/v4/extended-fields", `{"displayName":"Site","dataType":"URL"}`, 200,
			`"key":"(custom\.site[-_][a-z]{16,29})"`, "SITE"},
		{"an address without a protocol", "POST", contacts, named(`"extendedFields":{"items":{"$SITE":"www.example.com"}}`), 200,
			`"https://www.example.com"`, ""},
		{"a filter that is null", "POST", contacts + "/query", `{"query":{"filter":null}}`, 200, `"contacts":\[\{`, ""},
		{"a filter with a day that is none", "POST", contacts + "/query", `{"query":{"filter":{"createdDate":{"$gt":"yesterday"}}}}`, 400,
			"UNSUPPORTED_FILTER_VALUE_TYPE", ""},
		{"a filter of fields with an operator they lack", "POST", "/contacts/v4/extended-fields/query",
			`{"query":{"filter":{"key":{"$gt":"x"}}}}`, 400, "UNSUPPORTED_FILTER_OPERATOR", ""},
		{"labels sorted by two things", "POST", "/contacts/v4/labels/query",
			`{"query":{"sort":[{"fieldName":"createdDate"},{"fieldName":"displayName"}]}}`, 200, `"labels":\[\{`, ""},
		{"fields sorted by two things", "POST", "/contacts/v4/extended-fields/query",
			`{"query":{"sort":[{"fieldName":"createdDate"},{"fieldName":"displayName"}]}}`, 400, invalid, ""},
		{"contacts sorted by two things", "POST", contacts + "/query",
			`{"query":{"sort":[{"fieldName":"createdDate"},{"fieldName":"info.company"}]}}`, 400, invalid, ""},
		{"a label", "POST", contacts + "/$ONE/labels", `{"labelKeys":["contacts.customers"]}`, 200, "contacts.customers", ""},
		{"taken off by a body", "DELETE", contacts + "/$ONE/labels", `{"labelKeys":["contacts.customers"]}`, 200, `"id":"$ONE"`, ""},
		{"a number without E.164", "POST", contacts, named(`"phones":{"items":[{"phone":"555"}]}`), 200, "NO_SUBSCRIPTION_STATUS", ""},
	}
}

func truthsOfV5() []truth {
	const contacts = "/contacts/v5/contacts"
	named := func(member string) string { return `{"contact":{"name":{"first":"A"},` + member + `}}` }
	address := func(of string) string { return named(`"addresses":[{"tag":"HOME","address":{` + of + `}}]`) }
	return []truth{
		{"one with an email", "POST", contacts, named(`"email":{"email":"Twin@Example.com "}`), 200, `"id":"([-0-9a-f]{36})".*"revision":"1"`,
			"ONE"},
		{"another with the same", "POST", contacts, `{"allowDuplicates":true,` + named(`"email":{"email":"twin@example.com"}`)[1:], 200,
			`"id":"([-0-9a-f]{36})"`, "TWO"},
		{"an email that is not given is no duplicate", "PATCH", contacts + "/$TWO", `{"contact":{"revision":"1","company":{"name":"X"}}}`, 200,
			`"revision":"2"`, ""},
		{"an email that is given is one", "PATCH", contacts + "/$TWO", `{"contact":{"revision":"2","email":{"email":"twin@example.com"}}}`, 409,
			"DUPLICATE_CONTACT_EXISTS.*matchingContactId", ""},
		{"a stale revision", "PATCH", contacts + "/$TWO", `{"contact":{"revision":"1","company":{"name":"Z"}}}`, 409, "INVALID_REVISION", ""},
		{"no revision", "PATCH", contacts + "/$TWO", `{"contact":{"company":{"name":"Z"}}}`, 400, invalid, ""},
		{"a revision that is no number", "PATCH", contacts + "/$TWO", `{"contact":{"revision":"new","company":{"name":"Z"}}}`, 400, invalid, ""},
		{"a revision that is no whole number", "POST", contacts + "/$TWO/additional-emails",
			`{"revision":"1.5","email":{"email":"more@example.com"}}`, 400, invalid, ""},
		{"a language that is none", "POST", contacts, named(`"locale":"no language"`), 400, invalid, ""},
		{"one with an address", "POST", contacts, named(`"addresses":[{"address":{"city":"A"}}]`), 200, `"id":"([-0-9a-f]{36})","last`, "HOME"},
		{"another default address", "POST", contacts + "/$HOME/addresses",
			`{"revision":"1","address":{"defaultAddress":true,"address":{"city":"B"}}}`, 200,
			`"city":"A"[^{]*"defaultAddress":false.*"city":"B"[^{]*"defaultAddress":true`, ""},
		{"a stale merge", "POST", contacts + "/$TWO/merge", `{"targetContactRevision":"1","sourceContactIds":["$ONE"]}`, 409, "INVALID_REVISION",
			""},
		{"a stale email", "POST", contacts + "/$TWO/additional-emails", `{"revision":"1","email":{"email":"more@example.com"}}`, 409,
			"INVALID_REVISION", ""},
		{"a day that is none", "POST", contacts, named(`"birthdate":"2020-13-45"`), 400, invalid, ""},
		{"a search of 100 characters", "POST", contacts + "/count", `{"search":"$100"}`, 200, `"count":0`, ""},
		{"a search of 101", "POST", contacts + "/count", `{"search":"$101"}`, 400, invalid, ""},
		{"an expression of 101", "POST", contacts + "/search", `{"search":{"search":{"expression":"$101"}}}`, 400, invalid, ""},
		{"an unknown mode", "POST", contacts + "/upsert", `{"upsertMode":"NOPE","contact":{"name":{"first":"A"}}}`, 400, invalid, ""},
		{"an unknown form of names", "POST", contacts + "/search", `{"nameFormat":"NOPE"}`, 400, invalid, ""},
		{"an unknown order", "POST", contacts + "/query", `{"query":{"sort":[{"fieldName":"createdDate","order":"UP"}]}}`, 400, invalid, ""},
		{"an unknown tag", "POST", contacts, named(`"addresses":[{"tag":"UNKNOWN_ADDRESS_TAG","address":{"city":"A"}}]`), 400, invalid, ""},
		{"a subdivision without its country", "POST", contacts, address(`"country":"US","subdivision":"NY"`), 400, `"violatedRule":"FORMAT"`, ""},
		{"a street beside a line", "POST", contacts, address(`"streetAddress":{"number":"1","name":"A"},"addressLine":"1 A"`), 400, invalid, ""},
		{"a text for a flag", "POST", contacts, `{"allowDuplicates":"yes",` + named(`"locale":"en"`)[1:], 400, invalid, ""},
		{"a member of V4 is dropped in silence", "POST", contacts, named(`"emails":[{"email":"dropped@example.com"}]`), 200,
			`"name":\{"first":"A"\}`, ""},
		{"a body of V4", "POST", contacts, `{"info":{"name":{"first":"A"}}}`, 400, "", ""},
		{"a filter that is null", "POST", contacts + "/query", `{"query":{"filter":null,"cursorPaging":{"limit":null}}}`, 200, `"contacts":\[\{`,
			""},
		{"a field that nothing filters by", "POST", contacts + "/query", `{"query":{"filter":{"name.last":"A"}}}`, 400,
			`Field 'name.last' is not declared as filterable`, ""},
		{"a day that is none in a query", "POST", contacts + "/query", `{"query":{"filter":{"createdDate":{"$gt":"yesterday"}}}}`, 400,
			invalid, ""},
		{"a day that is none in a search", "POST", contacts + "/search", `{"search":{"filter":{"birthdate":{"$lt":"1990-02-30"}}}}`, 400,
			invalid, ""},
		{"a text for a flag in a search", "POST", contacts + "/search", `{"search":{"filter":{"memberInfo.emailVerified":"yes"}}}`, 400,
			invalid, ""},
		{"a day in a search", "POST", contacts + "/search", `{"search":{"filter":{"birthdate":{"$lt":"1990-02-28"}}}}`, 200, `"contacts":\[`,
			""},
		{"a page of 101", "POST", contacts + "/query", `{"query":{"cursorPaging":{"limit":101}}}`, 400, invalid, ""},
		{"a deleted contact", "DELETE", contacts + "/$TWO", "", 200, `^\{\}`, ""},
		{"is not found", "GET", contacts + "/$TWO", "", http.StatusNotFound, "", ""},
		{"and lies in the trash bin", "GET", contacts + "/trash-bin/$TWO", "", 200, `"id":"$TWO"`, ""},
	}
}
