package fake

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// Another contact's email counts when the request gives it, another's phone when the request gives it and no email. What is there already
// does not.
func TestDuplicatesAreJudgedOnWhatIsGiven(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	c.added(john)
	twin := c.added(`{"allowDuplicates":true,` + john[1:])
	c.want(200, "PATCH "+twin, `{"revision":1,"info":{"company":"Example"}}`)
	c.want(
		200,
		"PATCH "+twin,
		`{"revision":2,"info":{"emails":{"items":[{"email":"twin@example.com"}]},"phones":{"items":[{"phone":"+1 646 567 6359"}]}}}`,
	)
	c.want(409, "PATCH "+twin, `{"revision":3,"info":{"phones":{"items":[{"phone":"+1 646 567 6359"}]}}}`)
	c.is(known, "DUPLICATE_CONTACT_EXISTS", "/details/applicationError/data/duplicatePhone", "+1 646 567 6359")
	c.want(409, "PATCH "+twin, `{"revision":3,"info":{"emails":{"items":[{"email":"john@example.com"}]}}}`)
	c.is("/details/applicationError/data/duplicateEmail", "john@example.com")
}

func TestFacetOfUnlabelledContactsSelectsThem(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	plain := c.added(john)
	labelled := c.added(jane)
	c.want(200, "POST "+labelled+"/labels", `{"labelKeys":["contacts.customers"]}`)
	c.want(200, "GET "+all+"/facets", "")
	c.is("/facets/1/facetType", "NOT_LABELED", "/facets/1/count", "1")
	facet, _ := lookup(c.body, "/facets/1/queryFilter")
	filter, err := encode(facet)
	if err != nil {
		t.Fatal(err)
	}
	c.want(200, "POST "+all+"/query", `{"query":{"filter":`+string(filter)+`}}`)
	c.is("/pagingMetadata/total", "1", "/contacts/0/id", strings.TrimPrefix(plain, all+"/"))
}

// A filter may be null, as the official types have it: it lets everything through.
func TestFiltersMayBeNull(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	c.added(john)
	c.want(200, "POST "+all+"/query", `{"query":{"filter":null,"paging":{"limit":null,"offset":null}}}`)
	c.is("/pagingMetadata/total", "1")
	c.want(200, "POST /contacts/v4/labels/query", `{"query":{"filter":null},"language":null}`)
	c.want(400, "POST /contacts/v4/bulk/contacts/delete", `{"filter":null}`)
	c.is(known, "NEITHER_FILTER_NOR_SEARCH")
}

func TestURLFieldsGetAProtocol(t *testing.T) {
	c := newContacts(t, ContactsSettings{PlainFieldKeys: true})
	c.want(200, "POST /contacts/v4/extended-fields", `{"displayName":"Site","dataType":"URL"}`)
	path := c.added(`{"info":{"name":{"first":"A"},"extendedFields":{"items":{"custom.site":"www.example.com"}}}}`)
	c.is("/contact/info/extendedFields/items/custom.site", "https://www.example.com")
	c.want(200, "PATCH "+path, `{"revision":1,"info":{"extendedFields":{"items":{"custom.site":"http://example.com/a"}}}}`)
	c.is("/contact/info/extendedFields/items/custom.site", "http://example.com/a")
}

func TestLengthsAreCountedInCharacters(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	path := c.added(john)
	c.want(200, "POST "+all+"/query", `{"search":"`+strings.Repeat("ש", 100)+`"}`)
	c.want(400, "POST "+all+"/query", `{"search":"`+strings.Repeat("ש", 101)+`"}`)
	c.want(200, "POST /contacts/v4/labels", `{"displayName":"`+strings.Repeat("ש", 180)+`"}`)
	c.want(400, "POST /contacts/v4/labels", `{"displayName":"`+strings.Repeat("ש", 181)+`"}`)
	upload := "POST " + strings.Replace(path, "/contacts/v4/contacts", "/contacts/v4/attachments", 1) + "/upload-url"
	c.want(200, upload, `{"fileName":"`+strings.Repeat("ש", 260)+`","mimeType":"image/png"}`)
	c.want(400, upload, `{"fileName":"`+strings.Repeat("ש", 261)+`","mimeType":"image/png"}`)
}

// Lists of labels and fields see a new name late where the settings say so; reading one does not.
func TestLabelsAndFieldsLag(t *testing.T) {
	for _, kind := range []struct{ path, create, rename, at string }{
		{"/contacts/v4/labels", `{"displayName":"Before"}`, `{"label":{"displayName":"After"}}`, "label"},
		{"/contacts/v4/extended-fields", `{"displayName":"Before","dataType":"TEXT"}`, `{"field":{"displayName":"After"}}`, "field"},
	} {
		for how, c := range map[string]*client{"setting": newContacts(t, ContactsSettings{ListLag: 1}),
			"fault": newContacts(t, ContactsSettings{})} {
			if how == "fault" {
				c.s.Inject(Fault{Kind: Lag, Times: -1})
			}
			sees := func(before, after bool) {
				t.Helper()
				for _, line := range []string{"GET " + kind.path, "POST " + kind.path + "/query"} {
					c.want(200, line, map[bool]string{true: `{}`}[strings.HasPrefix(line, "POST")])
					if strings.Contains(c.raw, "Before") != before || strings.Contains(c.raw, "After") != after {
						t.Errorf("%s: %s sees %s", how, line, c.raw)
					}
				}
			}
			c.want(200, "POST "+kind.path, kind.create)
			key := c.at("/" + kind.at + "/key")
			sees(false, false)
			c.want(200, "PATCH "+kind.path+"/"+key, kind.rename)
			c.want(200, "GET "+kind.path+"/"+key, "")
			c.is("/"+kind.at+"/displayName", "After")
			sees(true, false)
			c.s.Heal()
			sees(how == "setting", how == "fault")
		}
	}
}

func TestMembersAreNoSources(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	member := c.s.Seed("Contact", `{"info":{"emails":{"items":[{"email":"m@example.com"}]}},"memberInfo":{"memberId":"m"}}`)
	target := c.added(john)
	id := strings.TrimPrefix(target, all+"/")
	c.want(428, "POST "+target+"/preview-merge", `{"sourceContactIds":["`+member+`"]}`)
	c.want(428, "POST "+target+"/merge", `{"targetContactRevision":1,"sourceContactIds":["`+member+`"]}`)
	c.is(known, "FAILED_PRECONDITION")
	c.want(200, "POST "+all+"/"+member+"/merge", `{"targetContactRevision":1,"sourceContactIds":["`+id+`"]}`)
}

// Nobody can write to a member's contact by knowing the member's address.
func TestSubmittingForAMemberChangesNothing(t *testing.T) {
	const member = `{"info":{"emails":{"items":[{"email":"m@example.com"}]}},"memberInfo":{"memberId":"m"}}`
	const submission = `{"info":{"name":{"first":"Mallory"},"emails":{"items":[{"email":"M@example.com"}]}}}`
	c := newContacts(t, ContactsSettings{})
	id := c.s.Seed("Contact", member)
	c.want(200, "POST /contacts/v4/contact-submit", submission)
	c.is("/contactId", id, "/identityType", "NOT_AUTHENTICATED_MEMBER", "/newContact", "false")
	c.want(200, "GET "+all+"/"+id, "")
	c.is("/contact/revision", "1", "/contact/info/name/first", "")

	c = newContacts(t, ContactsSettings{MembersLoggedIn: true})
	id = c.s.Seed("Contact", member)
	c.want(200, "POST /contacts/v4/contact-submit", submission)
	c.is("/contactId", id, "/identityType", "MEMBER")
	c.want(200, "GET "+all+"/"+id, "")
	c.is("/contact/revision", "2", "/contact/info/name/first", "Mallory")
}

func TestSubscriptionNeedsAnInternationalNumber(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	path := c.added(`{"info":{"phones":{"items":[{"phone":"2421642341"}]}}}`)
	c.is("/contact/primaryPhone/subscriptionStatus", "NO_SUBSCRIPTION_STATUS", "/contact/primaryPhone/e164Phone", "")
	c.want(200, "PATCH "+path, `{"revision":1,"info":{"phones":{"items":[{"phone":"2425642341","countryCode":"US"}]}}}`)
	c.is("/contact/primaryPhone/subscriptionStatus", "NOT_SET", "/contact/primaryPhone/e164Phone", "+12425642341")
	id := c.s.Seed(
		"Contact",
		`{"info":{"phones":{"items":[{"phone":"123"}]}},"primaryPhone":{"phone":"123","subscriptionStatus":"SUBSCRIBED"}}`,
	)
	c.want(200, "GET "+all+"/"+id, "")
	c.is("/contact/primaryPhone/subscriptionStatus", "SUBSCRIBED")
}

func TestRevisionMayBeDigitsInAString(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	path := c.added(john)
	source := strings.TrimPrefix(c.added(jane), all+"/")
	c.want(200, "PATCH "+path, `{"revision":"1","info":{"company":"Example"}}`)
	c.is("/contact/revision", "2")
	c.want(409, "PATCH "+path, `{"revision":"1","info":{"company":"Other"}}`)
	c.is(known, "CONTACT_ALREADY_CHANGED")
	for _, no := range []string{`"two"`, `""`, `true`, `[2]`} {
		c.want(400, "PATCH "+path, `{"revision":`+no+`,"info":{"company":"Other"}}`)
		c.is("/details/validationError/fieldViolations/0/field", "revision")
	}
	c.want(200, "POST "+path+"/merge", `{"targetContactRevision":"2","sourceContactIds":["`+source+`"]}`)
}

// Whoever makes a field has to read its key: it cannot be derived from the name. It is the same in every run.
func TestFieldKeysHaveARandomTail(t *testing.T) {
	key := func(name string) string {
		c := newContacts(t, ContactsSettings{})
		c.want(200, "POST /contacts/v4/extended-fields", `{"displayName":"`+name+`","dataType":"TEXT"}`)
		return c.at("/field/key")
	}
	first := key("Project Details")
	if !regexp.MustCompile(`^custom\.project-details_[a-z]{16,29}$`).MatchString(first) || key("Project Details") != first {
		t.Error(first)
	}
	if long := key(strings.Repeat("n", 150)); len(long) > 80 || !strings.Contains(long, "_") {
		t.Error(long)
	}
}

// Lists, queries and facets may be late; who reads by id is not.
func TestListsLag(t *testing.T) {
	c := newContacts(t, ContactsSettings{ListLag: 1})
	id := c.s.Seed("Contact", `{"info":{"name":{"first":"A"}}}`)
	c.want(200, "PATCH "+all+"/"+id, `{"revision":1,"info":{"company":"Example"}}`)
	fresh := c.added(john)
	c.want(200, "GET "+all+"/"+id, "")
	c.is("/contact/info/company", "Example")
	c.want(200, "GET "+fresh, "")
	c.want(200, "GET "+all, "")
	c.is("/pagingMetadata/total", "1", "/contacts/0/revision", "1", "/contacts/0/info/company", "")
	c.want(200, "POST "+all+"/query", `{"query":{"filter":{"info.company":"Example"}}}`)
	c.is("/pagingMetadata/total", "0")
	c.want(200, "GET "+all+"/facets", "")
	c.is("/facets/0/count", "1")
	c.want(200, "POST /contacts/v4/bulk/contacts/delete", `{"filter":{"info.company":"Example"}}`)
	c.want(404, "GET "+all+"/"+id, "")
}

func TestLagFaultMakesListsLate(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	id := c.s.Seed("Contact", `{"info":{"name":{"first":"A"}}}`)
	c.want(200, "PATCH "+all+"/"+id, `{"revision":1,"info":{"company":"Example"}}`)
	c.s.Inject(Fault{Kind: Lag, Operation: "listContacts"}, Fault{Kind: Lag, Operation: "queryContacts"})
	for _, total := range []string{"0", "1"} {
		c.want(200, "GET "+all, "")
		c.is("/contacts/0/revision", map[string]string{"0": "1", "1": "2"}[total])
		c.want(200, "POST "+all+"/query", `{"query":{"filter":{"info.company":"Example"}}}`)
		c.is("/pagingMetadata/total", total)
	}
}

// Labels that are taken off may be named in a body, as samples of the documentation have it.
func TestUnlabelTakesABody(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	id := c.s.Seed("Contact", `{"info":{"name":{"first":"A"},"labelKeys":{"items":["contacts.customers","contacts.contacted-me"]}}}`)
	c.want(200, "DELETE "+all+"/"+id+"/labels", `{"labelKeys":["contacts.customers"]}`)
	c.is("/contact/info/labelKeys/items/0", "contacts.contacted-me", "/contact/info/labelKeys/items/1", "")
	c.want(200, "DELETE "+all+"/"+id+"/labels?labelKeys=contacts.contacted-me", `{"labelKeys":["contacts.customers"]}`)
	for _, none := range []string{"", "{}", `{"labelKeys":[]}`, "[", `{"labelKeys":"contacts.customers"}`} {
		c.want(400, "DELETE "+all+"/"+id+"/labels", none)
	}
}

// A date is compared with dates, a number with numbers.
func TestFiltersCompareWithValuesOfTheField(t *testing.T) {
	c := newContacts(t, ContactsSettings{PlainFieldKeys: true})
	c.want(200, "POST /contacts/v4/extended-fields", `{"displayName":"Size","dataType":"NUMBER"}`)
	c.want(200, "POST /contacts/v4/extended-fields", `{"displayName":"Day","dataType":"DATE"}`)
	for filter, status := range map[string]int{
		`{"createdDate":{"$gt":"yesterday"}}`: 400, `{"createdDate":{"$gt":5}}`: 400, `{"info.birthdate":"2020-13-45"}`: 400,
		`{"createdDate":{"$gt":"2020-01-01T00:00:00.000Z"}}`: 200, `{"createdDate":{"$lte":"2030-01-01"}}`: 200,
		`{"createdDate":{"$lt":"2030-01-01T10:00:00"}}`: 200, `{"info.birthdate":{"$eq":null}}`: 200,
		`{"info.extendedFields.custom.size":{"$gt":"many"}}`: 400, `{"info.extendedFields.custom.size":{"$gt":5.5}}`: 200,
		`{"info.extendedFields.custom.day":{"$gt":"never"}}`: 400, `{"info.extendedFields.custom.day":{"$gt":"2020-02-29"}}`: 200,
	} {
		c.want(status, "POST "+all+"/query", `{"query":{"filter":`+filter+`}}`)
		if status == http.StatusBadRequest {
			c.is("/details/applicationError/code", "UNSUPPORTED_FILTER_VALUE_TYPE")
		}
	}
}

// Extended fields are filtered and sorted by what the documentation names; labels are sorted by several things.
func TestFieldsAndLabelsAreFiltered(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	for filter, code := range map[string]string{
		`{"key":{"$in":["a"]},"namespace":{"$ne":"custom"},"fieldType":"SYSTEM","displayName":{"$startsWith":"a"}}`: "",
		`{"updatedDate":{"$gte":"2020-01-01T00:00:00Z"},"dataType":{"$ne":"URL"}}`:                                  "",
		`{"key":{"$gt":"a"}}`:             "UNSUPPORTED_FILTER_OPERATOR",
		`{"fieldType":{"$ne":"SYSTEM"}}`:  "UNSUPPORTED_FILTER_OPERATOR",
		`{"namespace":{"$in":["a"]}}`:     "UNSUPPORTED_FILTER_OPERATOR",
		`{"createdDate":{"$gt":"today"}}`: "UNSUPPORTED_FILTER_VALUE",
		`{"labelType":"SYSTEM"}`:          "UNSUPPORTED_FILTER_FIELD",
	} {
		status := http.StatusOK
		if code != "" {
			status = http.StatusBadRequest
		}
		c.want(status, "POST /contacts/v4/extended-fields/query", `{"query":{"filter":`+filter+`}}`)
		c.is("/details/applicationError/code", code)
	}
	for _, name := range []string{"Aa", "Bb"} {
		c.want(200, "POST /contacts/v4/labels", `{"displayName":"`+name+`"}`)
	}
	c.want(200, "POST /contacts/v4/labels/query", `{"query":{"filter":{"labelType":"USER_DEFINED"},"sort":[{"fieldName":"createdDate"},`+
		`{"fieldName":"displayName","order":"DESC"}]}}`)
	c.is("/labels/0/displayName", "Bb", "/labels/1/displayName", "Aa")
}
