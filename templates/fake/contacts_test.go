package fake

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
)

const (
	all   = "/contacts/v4/contacts"
	john  = `{"info":{"name":{"first":"John","last":"Mitchell"},"emails":{"items":[{"email":"john@example.com","tag":"MAIN"}]},"phones":{"items":[{"phone":"(646) 567-6359","countryCode":"US","tag":"MOBILE"}]}}}`
	jane  = `{"info":{"name":{"first":"Jane"},"emails":{"items":[{"email":"jane@example.com"},{"email":"j@example.com","primary":true}]},"company":"Example"}}`
	known = "/details/applicationError/code"
)

func newContacts(t *testing.T, set ContactsSettings) *client {
	t.Helper()
	return &client{t: t, s: newTestServer(&people, contactsPack, t, []Option{WithContacts(set)})}
}

// added creates a contact and gives its path.
func (c *client) added(body string) string {
	c.t.Helper()
	c.want(200, "POST "+all, body)
	return all + "/" + c.at("/contact/id")
}

func TestAllOperationsAreTaught(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	if len(people.Routes) != 34 {
		t.Errorf("%d routes", len(people.Routes))
	}
	for _, r := range people.Routes {
		if c.s.simulated[r.ID] == nil {
			t.Errorf("%s is not simulated", r.ID)
		}
	}
}

func TestCreateFillsIn(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	path := c.added(john)
	c.want(200, "GET "+path, "")
	c.is("/contact/revision", "1", "/responseType", "REGULAR",
		"/contact/info/phones/items/0/e164Phone", "+16465676359", "/contact/info/phones/items/0/primary", "true",
		"/contact/primaryInfo/email", "john@example.com", "/contact/primaryEmail/subscriptionStatus", "NOT_SET",
		"/contact/primaryPhone/e164Phone", "+16465676359", "/contact/lastActivity/activityType", "CONTACT_CREATED",
		"/contact/info/extendedFields/items/contacts.displayByLastName", "Mitchell John")
	if c.at("/contact/info/emails/items/0/id") == "" || c.at("/contact/createdDate") == "" || c.header.Get("x-wix-request-id") == "" {
		t.Error(c.raw)
	}
	c.added(jane)
	c.is("/contact/info/emails/items/0/primary", "false", "/contact/info/emails/items/0/tag", "UNTAGGED", "/contact/primaryInfo/email",
		"j@example.com")
}

func TestCreateRefuses(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	c.added(john)
	id := c.at("/contact/id")
	c.want(409, "POST "+all, strings.Replace(john, "john@", "John@", 1))
	c.is(known, "DUPLICATE_CONTACT_EXISTS", "/details/applicationError/data/duplicateContactId", id,
		"/details/applicationError/data/duplicateEmail", "John@example.com")
	c.want(200, "POST "+all, strings.Replace(john, "john@", "other@", 1)) // the phone counts only without an email
	const phone = `{"info":{"phones":{"items":[{"phone":"+1 646 567 6359"}]}}}`
	c.want(409, "POST "+all, phone)
	c.is("/details/applicationError/data/duplicatePhone", "+1 646 567 6359")
	c.want(200, "POST "+all, `{"allowDuplicates":true,`+phone[1:])
	for body, code := range map[string]string{
		`{}`:                             "INSUFFICIENT_CONTACT_DATA",
		`{"info":{"company":"Example"}}`: "INSUFFICIENT_CONTACT_DATA",
		`{"info":{"emails":{"items":[{"email":"a@example.com","primary":true},{"email":"b@example.com","primary":true}]}}}`: "CANNOT_HAVE_MULTIPLE_PRIMARY_INFO",
		`{"info":{"name":{"first":"A"},"extendedFields":{"items":{"custom.none":"x"}}}}`:                                    "INVALID_EXTENDED_FIELD_VALUE",
	} {
		c.want(400, "POST "+all, body)
		c.is(known, code)
	}
	for body, field := range map[string]string{
		`{"info":{"emails":{"items":[{"email":"nobody"}]}}}`:                       "info.emails.items.email",
		`{"info":{"emails":{"items":[{}]}}}`:                                       "info.emails.items.email",
		`{"info":{"name":{"first":"A"},"labelKeys":{"items":["custom.unknown"]}}}`: "labelKeys",
	} {
		c.want(400, "POST "+all, body)
		c.is("/details/validationError/fieldViolations/0/field", field)
	}
	c.want(400, "POST "+all, `[]`)
	c.is("/message", "Expected an object")
}

func TestUpdateKnowsRevisions(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	path := c.added(john)
	email := c.at("/contact/info/emails/items/0/id")
	c.want(
		200,
		"PATCH "+path,
		`{"revision":1,"info":{"company":"Example","name":{"last":null},"emails":{"items":[{"email":"new@example.com"},{"email":"john@example.com"}]}}}`,
	)
	c.is("/contact/revision", "2", "/contact/info/company", "Example", "/contact/info/name/first", "John", "/contact/info/name/last", "",
		"/contact/info/emails/items/1/id", email, "/contact/primaryInfo/email", "john@example.com", "/contact/info/phones/items/0/countryCode",
		"US")
	c.want(409, "PATCH "+path, `{"revision":1,"info":{"company":"Other"}}`)
	c.is(known, "CONTACT_ALREADY_CHANGED", "/message", "Contact has been updated", "/details/applicationError/data/revision", "")
	c.want(400, "PATCH "+path, `{"revision":"two","info":{"company":"Other"}}`)
	c.is("/details/validationError/fieldViolations/0/field", "revision")
	c.want(400, "PATCH "+path, `{"info":{"company":"Other"}}`)
	c.want(400, "PATCH "+path, `{"revision":2,"info":{}}`)
	c.is(known, "INSUFFICIENT_UPDATE_CONTACT_DATA")
	c.want(404, "PATCH "+all+"/none", `{"revision":2,"info":{"company":"Other"}}`)
	c.is(known, "CONTACT_NOT_FOUND")
	c.want(400, "PATCH "+path, `{"revision":2,"info":{"name":null,"emails":{"items":[]},"phones":{"items":[]}}}`)
	c.is(known, "INSUFFICIENT_CONTACT_DATA")
	c.added(jane)
	c.want(409, "PATCH "+path, `{"revision":2,"info":{"emails":{"items":[{"email":"jane@example.com"}]}}}`)
	c.is(known, "DUPLICATE_CONTACT_EXISTS")
	c.want(
		200,
		"PATCH "+path,
		`{"revision":2,"allowDuplicates":true,"info":{"emails":{"items":[{"email":"jane@example.com"}]},"company":null}}`,
	)
	c.is("/contact/revision", "3", "/contact/info/company", "")
}

func TestSettingsForWhatIsNotDocumented(t *testing.T) {
	first := func(set ContactsSettings) (*client, string) {
		set.PlainFieldKeys = true
		c := newContacts(t, set)
		c.want(200, "POST /contacts/v4/extended-fields", `{"displayName":"VIP","dataType":"TEXT"}`)
		c.want(200, "POST /contacts/v4/extended-fields", `{"displayName":"Size","dataType":"NUMBER"}`)
		c.want(200, "POST /contacts/v4/labels", `{"displayName":"Friends"}`)
		path := c.added(strings.Replace(john, `"name"`,
			`"labelKeys":{"items":["contacts.customers"]},"extendedFields":{"items":{"custom.vip":"yes"}},"name"`, 1))
		return c, path
	}
	const change = `{"revision":1,"info":{"emails":{"items":[{"email":"b@example.com"}]},"extendedFields":{"items":{"custom.size":3}},"labelKeys":{"items":["custom.friends"]}}}`
	c, path := first(ContactsSettings{})
	c.want(200, "PATCH "+path, change)
	c.is("/contact/info/emails/items/0/email", "b@example.com", "/contact/info/emails/items/1/email", "", "/contact/info/labelKeys/items/0",
		"custom.friends",
		"/contact/info/extendedFields/items/custom.vip", "yes", "/contact/info/extendedFields/items/custom.size", "3")
	c.want(404, "DELETE "+all+"/none", "")
	c.want(400, "PATCH /contacts/v4/labels/custom.friends", `{"displayName":"Pals"}`)
	c.want(200, "POST "+path+"/labels", `{"labelKeys":["contacts.customers"]}`)
	c.is("/contact/revision", "3")

	c, path = first(ContactsSettings{MergeItemsByID: true, ReplaceExtendedFields: true, AddLabelKeys: true, RefuseNull: true,
		RefuseEmptyItems: true, CarryRevision: true,
		SideDoorsKeepRevision: true, DeleteUnknown: true, FlatRename: true, LabelQuota: 1, QuotaStatus: 400, StaleMerge: 428,
		MergeKeepsRevision: true})
	c.want(200, "PATCH "+path, change)
	c.is("/contact/info/emails/items/0/email", "john@example.com", "/contact/info/emails/items/1/email", "b@example.com",
		"/contact/info/labelKeys/items/1", "custom.friends",
		"/contact/info/extendedFields/items/custom.vip", "", "/contact/info/extendedFields/items/custom.size", "3")
	c.want(400, "PATCH "+path, `{"revision":2,"info":{"name":{"last":null}}}`)
	c.want(400, "PATCH "+path, `{"revision":2,"info":{"emails":{"items":[]}}}`)
	c.want(409, "PATCH "+path, `{"revision":1,"info":{"company":"a"}}`)
	c.is("/details/applicationError/data/revision", "2")
	c.want(200, "DELETE "+path+"/labels?labelKeys=contacts.customers", "")
	c.is("/contact/revision", "2", "/contact/info/labelKeys/items/0", "custom.friends")
	c.want(200, "DELETE "+all+"/none", "")
	c.want(200, "PATCH /contacts/v4/labels/custom.friends", `{"displayName":"Pals"}`)
	c.is("/label/displayName", "Pals")
	c.want(400, "POST /contacts/v4/labels", `{"displayName":"More"}`)
	c.is(known, "LABELS_QUOTA_REACHED", "/details/applicationError/data/labelsQuota", "1")
	other := c.added(jane)
	body := `{"targetContactRevision":%d,"sourceContactIds":["` + strings.TrimPrefix(other, all+"/") + `"]}`
	c.want(428, "POST "+path+"/merge", fmt.Sprintf(body, 1))
	c.is(known, "FAILED_PRECONDITION")
	c.want(200, "POST "+path+"/merge", fmt.Sprintf(body, 2))
	c.is("/contact/revision", "2")

	c = newContacts(t, ContactsSettings{FromZero: true, RequireAuthorization: true})
	c.want(401, "POST "+all, john)
	c.want(200, "POST "+all, john, "Authorization: key")
	c.is("/contact/revision", "0")
}

func TestMergeAppendsAndForwards(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	target := c.added(john)
	source := c.added(strings.Replace(jane, `{"email":"jane`, `{"email":"shared@example.com"},{"email":"jane`, 1))
	id := strings.TrimPrefix(source, all+"/")
	c.want(200, "POST "+target+"/preview-merge", `{"sourceContactIds":["`+id+`"]}`)
	preview := c.at("/contact/info/emails/items/3/email")
	c.want(200, "GET "+source, "")
	c.want(409, "POST "+target+"/merge", `{"targetContactRevision":2,"sourceContactIds":["`+id+`"]}`)
	c.is(known, "CONTACT_ALREADY_CHANGED")
	c.want(400, "POST "+target+"/merge", `{"targetContactRevision":1,"sourceContactIds":["`+id+`","`+id+`"]}`)
	c.is(known, "ILLEGAL_MERGE")
	c.want(404, "POST "+target+"/merge", `{"targetContactRevision":1,"sourceContactIds":["none"]}`)
	c.want(200, "POST "+target+"/merge", `{"targetContactRevision":1,"sourceContactIds":["`+id+`"]}`)
	c.is("/contact/revision", "2", "/contact/info/name/first", "John", "/contact/info/company", "Example", "/contact/primaryInfo/email",
		"john@example.com",
		"/contact/info/emails/items/1/email", "shared@example.com", "/contact/info/emails/items/3/email", preview,
		"/contact/info/emails/items/3/primary", "false")
	c.want(200, "GET "+source, "")
	c.is("/responseType", "MERGED", "/contact/id", strings.TrimPrefix(target, all+"/"))
	c.want(404, "PATCH "+source, `{"revision":1,"info":{"company":"x"}}`)
	c.want(200, "GET "+all, "")
	c.is("/pagingMetadata/total", "1")
}

func TestLabels(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	path := c.added(john)
	c.want(200, "POST /contacts/v4/labels", `{"displayName":"At Risk!"}`)
	c.is("/label/key", "custom.at-risk", "/newLabel", "true", "/label/labelType", "USER_DEFINED")
	c.want(200, "POST /contacts/v4/labels", `{"displayName":"At Risk!"}`)
	c.is("/newLabel", "false")
	c.want(200, "POST /contacts/v4/labels", `{"displayName":"At risk"}`)
	c.is("/label/key", "custom.at-risk-1")
	c.want(200, "POST /contacts/v4/labels", `{"displayName":"!"}`)
	c.is("/label/key", "custom.1")
	c.want(200, "PATCH /contacts/v4/labels/custom.at-risk", `{"label":{"key":"custom.at-risk","displayName":"Safe"}}`)
	c.is("/label/key", "custom.at-risk", "/label/displayName", "Safe")
	c.want(409, "PATCH /contacts/v4/labels/custom.at-risk", `{"label":{"displayName":"At risk"}}`)
	c.want(428, "PATCH /contacts/v4/labels/contacts.customers", `{"label":{"displayName":"x"}}`)
	c.want(200, "POST "+path+"/labels", `{"labelKeys":["custom.at-risk","contacts.customers"]}`)
	c.is("/contact/info/labelKeys/items/1", "contacts.customers", "/contact/revision", "2")
	c.want(400, "POST "+path+"/labels", `{"labelKeys":["custom.none"]}`)
	c.want(400, "POST "+path+"/labels", `{"labelKeys":[]}`)
	c.want(404, "POST "+all+"/none/labels", `{"labelKeys":["contacts.customers"]}`)
	c.want(200, "DELETE "+path+"/labels", `{"labelKeys":["contacts.customers"]}`)
	c.is("/contact/info/labelKeys/items/0", "custom.at-risk", "/contact/info/labelKeys/items/1", "")
	c.want(200, "DELETE /contacts/v4/labels/custom.at-risk", "")
	c.want(404, "GET /contacts/v4/labels/custom.at-risk", "")
	c.want(428, "DELETE /contacts/v4/labels/contacts.customers", "")
	c.want(200, "GET "+path, "")
	c.is("/contact/info/labelKeys/items/0", "", "/contact/revision", "4")
	c.want(200, "GET /contacts/v4/labels?labelType=USER_DEFINED&startsWith=At&sort.fieldName=displayName", "")
	c.is("/labels/0/displayName", "At risk", "/metadata/total", "1")
	c.want(200, "POST /contacts/v4/labels/query",
		`{"query":{"filter":{"displayName":{"$startsWith":"C"}},"sort":[{"fieldName":"displayName","order":"DESC"}],"paging":{"limit":1}}}`)
	c.is("/labels/0/displayName", "Customers", "/pagingMetadata/total", "2", "/pagingMetadata/count", "1")
	c.want(400, "POST /contacts/v4/labels/query", `{"query":{"filter":{"nothing":1}}}`)
	c.is(known, "UNSUPPORTED_FILTER_FIELD")
	c.want(400, "GET /contacts/v4/labels?sort.fieldName=key", "")
	c.is(known, "INVALID_SORT")
}

func TestExtendedFields(t *testing.T) {
	c := newContacts(t, ContactsSettings{PlainFieldKeys: true})
	const fields = "/contacts/v4/extended-fields"
	for _, kind := range []string{"TEXT", "NUMBER", "DATE", "URL"} {
		c.want(200, "POST "+fields, `{"displayName":"a `+kind+`","dataType":"`+kind+`"}`)
		c.is("/field/key", "custom.a-"+strings.ToLower(kind), "/newField", "true")
	}
	path := c.added(john)
	for values, status := range map[string]int{
		`{"custom.a-text":"x","custom.a-number":1.5,"custom.a-date":"2030-01-31","custom.a-url":"https://example.com"}`: 200,
		`{"custom.a-text":1}`: 400, `{"custom.a-number":"1"}`: 400, `{"custom.a-date":"x"}`: 400, `{"custom.a-url":"not an address"}`: 400,
	} {
		c.want(status, "PATCH "+path, `{"revision":`+c.s.Revision("Contact", strings.TrimPrefix(path, all+"/"))+
			`,"info":{"extendedFields":{"items":`+values+`}}}`)
	}
	c.want(
		200,
		"POST "+all+"/query",
		`{"query":{"filter":{"info.extendedFields.custom.a-number":{"$gt":1}},"sort":[{"fieldName":"info.extendedFields.custom.a-date"}]}}`,
	)
	c.is("/pagingMetadata/total", "1")
	c.want(200, "PATCH "+fields+"/custom.a-text", `{"field":{"displayName":"b"}}`)
	c.want(200, "GET "+fields+"/custom.a-text", "")
	c.is("/field/displayName", "b")
	c.want(200, "DELETE "+fields+"/custom.a-text", "")
	c.want(200, "GET "+path, "")
	c.is("/contact/info/extendedFields/items/custom.a-text", "", "/contact/info/extendedFields/items/custom.a-number", "1.5",
		"/contact/revision", "3")
	c.want(428, "DELETE "+fields+"/members.membershipStatus", "")
	c.want(404, "DELETE "+fields+"/custom.none", "")
	c.want(404, "GET "+fields+"/custom.none", "")
	c.want(404, "PATCH "+fields+"/custom.none", "{}")
	c.want(200, "GET "+fields+"?fieldType=USER_DEFINED", "")
	c.is("/metadata/total", "3")
	c.want(200, "POST "+fields+"/query", `{"query":{"filter":{"dataType":{"$ne":"TEXT"}}}}`)
	c.is("/pagingMetadata/total", "3")
	for i := 3; i < 100; i++ {
		c.want(200, "POST "+fields, fmt.Sprintf(`{"displayName":"n%d","dataType":"TEXT"}`, i))
	}
	c.want(429, "POST "+fields, `{"displayName":"too many","dataType":"TEXT"}`)
	c.is(known, "FIELDS_QUOTA_EXCEEDED")
}

func TestQueries(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	c.added(john)
	c.added(jane)
	c.added(
		`{"info":{"name":{"first":"Ann"},"phones":{"items":[{"phone":"030 1234567","countryCode":"DE"}]},"addresses":{"items":[{"address":{"city":"Berlin","country":"DE"}}]}}}`,
	)
	count := func(query string) string {
		c.want(200, "POST "+all+"/query", query)
		return c.at("/pagingMetadata/total")
	}
	for query, want := range map[string]string{
		`{}`: "3",
		`{"query":{"filter":{"info.name.first":{"$startsWith":"J"}}}}`:    "2",
		`{"query":{"filter":{"info.emails.email":"jane@example.com"}}}`:   "1",
		`{"query":{"filter":{"info.addresses.city":{"$in":["Berlin"]}}}}`: "1",
		`{"query":{"filter":{"primaryInfo.email":{"$exists":false}}}}`:    "1",
		`{"query":{"filter":{"info.phones.e164Phone":"+49301234567"}}}`:   "1",
		`{"query":{"filter":{"$not":{"info.company":"Example"}}}}`:        "2",
		`{"search":"mitch"}`: "1",
		`{"query":{"filter":{"primaryEmail.subscriptionStatus":{"$nin":["SUBSCRIBED"]}}}}`:                "3",
		`{"query":{"filter":{"createdDate":{"$gt":"2000-01-01T00:00:00Z"}}}}`:                             "3",
		`{"query":{"filter":{"info.extendedFields.members.membershipStatus":"NOT_A_MEMBER"}}}`:            "3",
		`{"query":{"filter":{"info.extendedFields.emailSubscriptions.effectiveEmail":{"$exists":true}}}}`: "2",
	} {
		if got := count(query); got != want {
			t.Errorf("%s finds %s, want %s", query, got, want)
		}
	}
	count(
		`{"query":{"sort":[{"fieldName":"info.name.first","order":"DESC"}],"paging":{"limit":1,"offset":1},"fields":["info.company"],"fieldsets":["BASIC"]}}`,
	)
	c.is("/contacts/0/info/name/first", "Jane", "/contacts/0/revision", "1", "/contacts/0/info/company", "Example",
		"/contacts/0/source/sourceType", "", "/pagingMetadata/offset", "1", "/pagingMetadata/count", "1")
	for query, code := range map[string]string{
		`{"query":{"filter":[]}}`:                          "MALFORMED_FILTER",
		`{"query":{"filter":{"info.unknown":1}}}`:          "UNSUPPORTED_FILTER_FIELD_UNKNOWN",
		`{"query":{"filter":{"id":{"$gt":"a"}}}}`:          "UNSUPPORTED_FILTER_OPERATOR",
		`{"query":{"filter":{"id":{"$in":"a"}}}}`:          "UNSUPPORTED_FILTER_VALUE_TYPE",
		`{"query":{"sort":[{"fieldName":"info.locale"}]}}`: "UNSUPPORTED_SORT_FIELD",
		`{"query":{"paging":{"limit":1001}}}`:              "ILLEGAL_LIMIT",
	} {
		c.want(400, "POST "+all+"/query", query)
		c.is(known, code)
	}
	c.want(200, "GET "+all+"?sort.fieldName=info.name.first&paging.limit=2&paging.offset=1&fields=source,updatedDate&fields=info.name", "")
	c.is("/contacts/0/info/name/first", "Jane", "/contacts/1/info/name/first", "John", "/contacts/0/info/company", "",
		"/contacts/0/source/sourceType", "THIRD_PARTY")
	c.want(400, "GET "+all+"?paging.limit=x", "")
	c.want(200, "GET "+all+"/facets", "")
	c.is("/facets/0/facetType", "ALL_CONTACTS", "/facets/0/count", "3")
	c.want(200, "POST "+all+"/facets/query", `{"filter":{"info.extendedFields.emailSubscriptions.effectiveEmail":{"$exists":true}}}`)
	c.is("/facets/0/count", "2")
	c.want(400, "POST "+all+"/facets/query", `{"filter":{"id":"x"}}`)
}

func TestBulkJobsProgress(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	c.added(john)
	c.added(jane)
	c.s.Seed("Contact", `{"info":{"name":{"first":"Member"}},"memberInfo":{"memberId":"m"}}`)
	const bulk = "/contacts/v4/bulk/contacts/"
	c.want(400, "POST "+bulk+"delete", `{}`)
	c.is(known, "NEITHER_FILTER_NOR_SEARCH")
	c.want(400, "POST "+bulk+"update", `{"filter":{}}`)
	c.want(200, "POST "+bulk+"update", `{"filter":{},"info":{"jobTitle":"Boss"}}`)
	c.want(200, "POST "+bulk+"add-remove-labels", `{"search":"example.com","labelKeysToAdd":["contacts.customers"]}`)
	c.want(400, "POST "+bulk+"add-remove-labels", `{"filter":{}}`)
	c.want(200, "GET "+all, "")
	c.is("/contacts/0/info/jobTitle", "Boss", "/contacts/0/info/labelKeys/items/0", "contacts.customers", "/contacts/0/revision", "3",
		"/contacts/2/revision", "2")
	c.want(200, "POST "+bulk+"delete", `{"filter":{}}`)
	job := "GET /contacts/v4/bulk/jobs/" + c.at("/jobId")
	for _, want := range []string{"NEW", "RUNNING", "COMPLETED", "COMPLETED"} {
		c.want(200, job, "")
		c.is("/job/status", want, "/job/type", "DELETE", "/job/totalItems", "3")
	}
	c.is("/job/successTotal", "2", "/job/failedTotal", "1", "/job/errors/0/code", "CANNOT_DELETE_SITE_MEMBERS", "/job/errors/0/count", "1")
	c.want(200, "GET /contacts/v4/bulk/jobs", "")
	c.is("/jobs/0/type", "UPDATE", "/jobs/1/type", "ADD_LABELS", "/jobs/2/status", "COMPLETED")
	c.want(404, "GET /contacts/v4/bulk/jobs/none", "")
	for range 2 * jobsKept {
		c.want(200, "POST "+bulk+"delete", `{"search":"nobody"}`)
	}
	if len(c.s.collections["ContactBulkJob"].order) != jobsKept {
		t.Error("jobs pile up")
	}
}

func TestMembersAreProtected(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	path := all + "/" + c.s.Seed("Contact",
		`{"revision":7,"info":{"emails":{"items":[{"email":"m@example.com"}]}},"memberInfo":{"memberId":"m"}}`)
	c.want(428, "DELETE "+path, "")
	c.is(known, "CANNOT_DELETE_MEMBER")
	c.want(428, "PATCH "+path, `{"revision":7,"info":{"emails":{"items":[{"email":"n@example.com"}]}}}`)
	c.is(known, "CANNOT_UPDATE_MEMBER_EMAIL")
	c.want(200, "PATCH "+path, `{"revision":7,"info":{"company":"Example"}}`)
	c.is("/contact/info/extendedFields/items/members.membershipStatus", "MEMBER", "/contact/primaryEmail/email", "m@example.com")
}

func TestAttachmentsUpload(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	id := strings.TrimPrefix(c.added(john), all+"/")
	path := "/contacts/v4/attachments/" + id
	c.want(400, "POST "+path+"/upload-url", `{"fileName":"a.exe","mimeType":"application/x-msdownload"}`)
	c.want(404, "POST /contacts/v4/attachments/none/upload-url", `{"fileName":"a.png","mimeType":"image/png"}`)
	for name, kind := range map[string]string{"a.png": "image/png", "b.pdf": "application/pdf"} {
		c.want(200, "POST "+path+"/upload-url", `{"fileName":"`+name+`","mimeType":"`+kind+`"}`)
		url := strings.TrimPrefix(c.at("/uploadUrl"), "http://api.example.com")
		c.want(200, "PUT "+url, `"`+name+`"`)
		c.s.Forget()
		if response, err := c.send(t.Context(), "PUT "+url, "again"); err != nil || response.StatusCode != 404 {
			t.Error("an upload URL works twice")
		}
	}
	c.want(200, "GET "+path, "")
	c.is("/metadata/total", "2")
	file := c.at("/attachments/0/id")
	c.want(200, "GET "+path+"/"+file, "")
	url := c.at("/attachment/image/url") + c.at("/attachment/document/url")
	c.want(200, "GET "+strings.TrimPrefix(url, "http://api.example.com"), "")
	c.want(200, "DELETE "+path+"/"+file, "")
	c.want(404, "GET "+path+"/"+file, "")
	c.want(404, "DELETE "+path+"/"+file, "")
	c.want(200, "DELETE "+all+"/"+id, "")
	c.want(200, "GET "+path, "")
	c.is("/metadata/total", "0")
}

func TestSubmitAppendsOrCreates(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	const submit = "POST /contacts/v4/contact-submit"
	c.want(200, submit, `{"info":{"name":{"first":"A"},"emails":{"items":[{"email":"a@example.com"}]}}}`)
	id := c.at("/contactId")
	c.is("/newContact", "true", "/identityType", "CONTACT")
	c.want(200, submit, `{"info":{"name":{"first":"B","last":"C"},"emails":{"items":[{"email":"A@example.com"},{"email":"b@example.com"}]}}}`)
	c.is("/newContact", "false", "/contactId", id)
	c.want(200, submit, `{"contactId":"`+id+`","info":{"phones":{"items":[{"phone":"123"}]}}}`)
	c.want(200, "GET "+all+"/"+id, "")
	c.is("/contact/revision", "3", "/contact/info/name/first", "A", "/contact/info/name/last", "C", "/contact/info/emails/items/1/email",
		"b@example.com",
		"/contact/info/emails/items/2/email", "", "/contact/info/phones/items/0/phone", "123")
	c.want(404, submit, `{"contactId":"none","info":{"name":{"first":"A"}}}`)
	c.want(400, submit, `{}`)
	c.is(known, "INSUFFICIENT_CONTACT_DATA")
}

// Two writers who both read revision 1: one is refused, and after reading again loses nothing.
func TestRacingWritersOfAContact(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	path := c.added(john)
	var wg sync.WaitGroup
	refused := make([]int, 8)
	for i := range refused {
		wg.Go(func() {
			c := &client{t: t, s: c.s}
			for {
				c.do("GET "+path, "")
				body := fmt.Sprintf(`{"revision":%s,"info":{"company":%q}}`, c.at("/contact/revision"), c.at("/contact/info/company")+"x")
				if c.do("PATCH "+path, body) == 200 {
					return
				}
				refused[i]++
			}
		})
	}
	wg.Wait()
	c.want(200, "GET "+path, "")
	c.is("/contact/info/company", "xxxxxxxx", "/contact/revision", "9")
}

func TestStaleReadOfAContact(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	path := c.added(john)
	c.want(200, "PATCH "+path, `{"revision":1,"info":{"company":"a"}}`)
	c.s.Inject(Fault{Kind: Stale, Operation: "getContact", Key: strings.TrimPrefix(path, all+"/")},
		Fault{Kind: Conflict, Operation: "updateContact"})
	c.want(200, "GET "+path, "")
	c.is("/contact/revision", "1", "/contact/info/company", "")
	c.want(200, "GET "+path, "")
	c.want(409, "PATCH "+path, `{"revision":2,"info":{"company":"b"}}`)
	c.want(200, "PATCH "+path, `{"revision":3,"info":{"company":"b"}}`)
}

// Whatever a stored contact refers to is there, so that it can be sent back.
func TestStoredContactCanBeSentBack(t *testing.T) {
	c := newContacts(t, ContactsSettings{})
	id := c.s.Seed(
		"Contact",
		`{"revision":7,"info":{"name":{"first":"Ada"},"labelKeys":{"items":["custom.regular-guest"]},"extendedFields":{"items":{"custom.size":39,"custom.site":"https://ada.example.com"}}}}`,
	)
	c.want(200, "GET "+all+"/"+id, "")
	info := regexp.MustCompile(`"info":.*`).FindString(c.raw)
	c.want(200, "PATCH "+all+"/"+id, `{"revision":7,`+strings.TrimSuffix(info[:strings.Index(info, `,"lastActivity"`)], ",")+`}`)
	c.is("/contact/revision", "8")
	c.want(200, "GET /contacts/v4/labels/custom.regular-guest", "")
	c.is("/label/displayName", "regular guest", "/label/labelType", "USER_DEFINED")
	c.want(200, "GET /contacts/v4/extended-fields/custom.size", "")
	c.is("/field/dataType", "NUMBER")
}
