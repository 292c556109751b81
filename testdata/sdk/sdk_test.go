// Package sdk_test has the official JavaScript SDK judge the description, the generated client and the generated fake: make test-sdk.
// Like everything in testdata it is no part of ./... .
package sdk_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
	"github.com/contactsgen/contactsgen/spec"
)

// comparison is how requests for one version are compared.
type comparison struct {
	// templates are the paths of the API as the SDK names their parameters: what it repeats is called so.
	templates []string
	// differences are where the SDK may send something else than our client. What is there is made equal before requests are compared.
	differences []*difference
}

// difference is one of these, with the fact that it rests on, and how many requests have it.
type difference struct {
	fact string
	drop func(x *exchange) (found bool)
	seen int
}

// Both versions have these.
func repeatedInQuery() *difference {
	return &difference{fact: "GET and DELETE repeat the parameters of the path in the query. They say nothing new, and " +
		"the documentation's samples leave them out.", drop: func(x *exchange) (found bool) {
		for name, value := range x.params {
			if slices.Equal(x.query[name], []string{value}) {
				x.query.Del(name)
				found = true
			}
		}
		return found
	}}
}

func repeatedInBody() *difference {
	return &difference{fact: "POST and PATCH repeat the parameters of the path in the body, or within the resource in it. " +
		"The documentation's samples leave them out.", drop: func(x *exchange) (found bool) {
		for name, value := range x.params {
			object, member := x.body, name
			if before, after, nested := strings.Cut(name, "."); nested {
				object, _ = x.body[before].(map[string]any)
				member = after
			}
			if object[member] == value {
				delete(object, member)
				found = true
			}
		}
		return found
	}}
}

// v4 compares requests for Contacts V4.
var v4 = comparison{differences: []*difference{repeatedInQuery(), repeatedInBody()}, templates: []string{
	"GET /contacts/v4/contacts/{id}", "PATCH,DELETE /contacts/v4/contacts/{contactId}", "POST,DELETE /contacts/v4/contacts/{contactId}/labels",
	"POST /contacts/v4/contacts/{targetContactId}/merge", "POST /contacts/v4/contacts/{targetContactId}/preview-merge",
	"GET,DELETE /contacts/v4/labels/{key}", "PATCH /contacts/v4/labels/{label.key}",
	"GET,DELETE /contacts/v4/extended-fields/{key}", "PATCH /contacts/v4/extended-fields/{field.key}",
	"POST /contacts/v4/attachments/{contactId}/upload-url", "GET /contacts/v4/attachments/{contactId}",
	"GET,DELETE /contacts/v4/attachments/{contactId}/{attachmentId}",
}}

func TestTheOfficialSDKAgrees(t *testing.T) {
	fake := newFake(t)
	calls := driveSDK(t, "drive.mjs", fake.URL())
	theirs := fake.Requests()
	ours := driveClient(t)
	if len(theirs) != len(calls) || len(ours) != len(calls) {
		t.Fatalf("%d calls of the SDK made %d requests, our client %d", len(calls), len(theirs), len(ours))
	}
	judge := newJudge(t, spec.Contacts)
	table := newTable("REQUEST VALID", "SAME AS OURS", "ANSWER ACCEPTED", "TYPES HOLD")
	beyond := types(t, calls)
	for i, c := range calls {
		f := table.row(c.Method)
		for who, x := range map[string]contactstest.Exchange{"the SDK's": theirs[i], "our": ours[i]} {
			if err := judge.validate(t.Context(), x); err != nil {
				f[0] = append(f[0], who+" exchange: "+err.Error())
			}
		}
		f[1] = append(f[1], v4.compare(theirs[i], ours[i])...)
		f[2] = append(f[2], accepted(c, theirs[i])...)
		f[3] = append(f[3], beyond[i]...)
	}
	table.report(t)
	v4.report(t)
}

// report says what was set aside. A difference that no request has is no difference.
func (k *comparison) report(t *testing.T) {
	t.Helper()
	fmt.Println("Differences that were set aside:")
	for i, d := range k.differences {
		fmt.Printf("  %d. %s (%d requests)\n", i+1, d.fact, d.seen)
		if d.seen == 0 {
			t.Errorf("no request has the difference %q", d.fact)
		}
	}
}

// methodsOfAnAPI is how many methods the SDK has for either version.
const methodsOfAnAPI = 32

// table has what is wrong with each method of the SDK, by what was looked at.
type table struct {
	columns  []string
	methods  []string
	findings map[string][][]string
}

func newTable(columns ...string) *table {
	return &table{columns: columns, findings: map[string][][]string{}}
}

// row gives what is wrong with a method, column by column.
func (b *table) row(method string) [][]string {
	if b.findings[method] == nil {
		b.methods = append(b.methods, method)
		b.findings[method] = make([][]string, len(b.columns))
	}
	return b.findings[method]
}

// report prints the table, complains of what is wrong, and of methods that were not called.
func (b *table) report(t *testing.T) {
	t.Helper()
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SDK METHOD\t"+strings.Join(b.columns, "\t"))
	for _, method := range b.methods {
		row := []string{method}
		for _, wrong := range b.findings[method] {
			if len(wrong) == 0 {
				row = append(row, "yes")
				continue
			}
			row = append(row, "NO")
			for _, finding := range wrong {
				t.Errorf("%s: %s", method, finding)
			}
		}
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	_ = w.Flush()
	fmt.Print(text.String())
	fmt.Printf("%d methods\n", len(b.methods))
	if len(b.methods) != methodsOfAnAPI {
		t.Errorf("%d methods of the SDK were called, want %d", len(b.methods), methodsOfAnAPI)
	}
}

// newFake gives a fake that two programs which make the same calls find the same: its ids count, its clock stands.
func newFake(t *testing.T) *contactstest.Server {
	t.Helper()
	instant := time.Date(2024, 2, 29, 8, 15, 30, 125_000_000, time.UTC)
	return contactstest.NewServer(t, contactstest.WithClock(func() time.Time { return instant }))
}

// sdkCall is what a script says of one call.
type sdkCall struct {
	Method string
	Result any
	Error  *struct{ Code, Message string }
	Types  json.RawMessage // what types.mjs looks at
}

// driveSDK runs a script that calls the SDK against a server, and gives its calls.
func driveSDK(t *testing.T, script, server string) (calls []sdkCall) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", script, server)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var c sdkCall
		if err := d.Decode(&c); errors.Is(err, io.EOF) {
			return calls
		} else if err != nil {
			t.Fatal(err)
		}
		calls = append(calls, c)
	}
}

// judge validates exchanges against the description.
type judge struct{ router routers.Router }

func newJudge(t *testing.T, description []byte) *judge {
	t.Helper()
	openapi3.DefineStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForUUIDOfRFC4122))
	openapi3.DefineStringFormatValidator("email", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForEmail))
	doc, err := openapi3.NewLoader().LoadFromData(description)
	if err != nil {
		t.Fatal(err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return &judge{router}
}

func (j *judge) validate(ctx context.Context, x contactstest.Exchange) error {
	r, err := http.NewRequestWithContext(ctx, x.Method, "https://www.wixapis.com"+x.Path+"?"+x.Query.Encode(), bytes.NewReader(x.Body))
	if err != nil {
		return err
	}
	r.Header = x.Header.Clone()
	route, params, err := j.router.FindRoute(r)
	if err != nil {
		return err
	}
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: &openapi3filter.Options{
		MultiError: true, IncludeResponseStatus: true, AuthenticationFunc: hasCredential,
	}}
	if err := openapi3filter.ValidateRequest(ctx, in); err != nil {
		return fmt.Errorf("%s %s: %w", x.Method, x.Path, err)
	}
	answer := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: x.Status,
		Header: http.Header{"Content-Type": {"application/json"}}, Options: in.Options}
	answer.SetBodyBytes(x.Answer)
	if err := openapi3filter.ValidateResponse(ctx, answer); err != nil {
		return fmt.Errorf("answer to %s %s: %w", x.Method, x.Path, err)
	}
	return nil
}

// hasCredential checks that a request carries what a security scheme asks for.
func hasCredential(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	if s := in.SecurityScheme; s.Type != "apiKey" || s.In != "header" || in.RequestValidationInput.Request.Header.Get(s.Name) == "" {
		return fmt.Errorf("no credential for %s", in.SecuritySchemeName)
	}
	return nil
}

// exchange is a request in the form in which requests are compared.
type exchange struct {
	template  string            // of the path
	params    map[string]string // of the path, by the SDK's names
	mediaType string            // of the body
	query     url.Values
	body      map[string]any
}

// plain gives the parts of a request that are compared, without the differences that are set aside.
func (k *comparison) plain(x contactstest.Exchange) (*exchange, error) {
	mediaType, _, _ := strings.Cut(x.Header.Get("Content-Type"), ";")
	out := &exchange{params: map[string]string{}, query: x.Query, mediaType: mediaType}
	if len(x.Body) > 0 {
		d := json.NewDecoder(bytes.NewReader(x.Body))
		d.UseNumber()
		if err := d.Decode(&out.body); err != nil {
			return nil, err
		}
	}
	for _, template := range k.templates {
		methods, path, _ := strings.Cut(template, " ")
		if params := match(path, x.Path); params != nil && slices.Contains(strings.Split(methods, ","), x.Method) {
			out.template, out.params = template, params
			break
		}
	}
	for _, d := range k.differences {
		if d.drop(out) {
			d.seen++
		}
	}
	return out, nil
}

// match gives the parameters of a path; nil when it is not one of the template.
func match(template, path string) map[string]string {
	names, values := strings.Split(template, "/"), strings.Split(path, "/")
	if len(names) != len(values) {
		return nil
	}
	params := map[string]string{}
	for i, name := range names {
		switch {
		case strings.HasPrefix(name, "{"):
			params[strings.Trim(name, "{}")] = values[i]
		case name != values[i]:
			return nil
		}
	}
	return params
}

// compare says where our client's request is not the SDK's.
func (k *comparison) compare(theirs, ours contactstest.Exchange) (wrong []string) {
	a, errA := k.plain(theirs)
	b, errB := k.plain(ours)
	if err := errors.Join(errA, errB); err != nil {
		return []string{err.Error()}
	}
	for what, pair := range map[string][2]any{
		"method": {theirs.Method, ours.Method}, "path": {theirs.Path, ours.Path}, "query": {a.query, b.query}, "body": {a.body, b.body},
		"answer": {anywhere(theirs.Answer), anywhere(ours.Answer)}, "status": {theirs.Status, ours.Status},
		"Authorization": {theirs.Header["Authorization"], ours.Header["Authorization"]},
		"wix-site-id":   {theirs.Header["Wix-Site-Id"], ours.Header["Wix-Site-Id"]},
		"Content-Type":  {a.mediaType, b.mediaType},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			wrong = append(wrong, fmt.Sprintf("%s %s: the SDK's %s is %v, ours %v", theirs.Method, theirs.Path, what, pair[0], pair[1]))
		}
	}
	return wrong
}

// server is the address of a fake, which some answers have.
var server = regexp.MustCompile(`http://127\.0\.0\.1:\d+/`)

// anywhere gives an answer as it is whatever the address of the server.
func anywhere(answer []byte) string { return server.ReplaceAllString(string(answer), "http://server/") }

// accepted says what the SDK did not take, or not take over, of an answer.
func accepted(c sdkCall, x contactstest.Exchange) []string {
	var answer map[string]any
	if err := json.Unmarshal(x.Answer, &answer); err != nil {
		return []string{err.Error()}
	}
	if x.Status != http.StatusOK {
		details, _ := answer["details"].(map[string]any)
		problem, _ := details["applicationError"].(map[string]any)
		code, ok := problem["code"].(string)
		if !ok {
			code = strconv.Itoa(x.Status) // which the SDK gives where a service names no code
		}
		if c.Error == nil || c.Error.Code != code {
			return []string{fmt.Sprintf("the answer %d %s became %+v", x.Status, x.Answer, c.Error)}
		}
		return nil
	}
	if c.Error != nil {
		return []string{fmt.Sprintf("the answer %s became an error: %+v", x.Answer, c.Error)}
	}
	got, _ := plain(c.Result).(map[string]any)
	want, _ := plain(answer).(map[string]any)
	if reflect.DeepEqual(got, want) || len(got) == 0 && len(want) == 0 {
		return nil
	}
	for _, member := range []string{"label", "field", "attachment", "contact"} { // what some methods return without its envelope
		if reflect.DeepEqual(any(got), want[member]) {
			return nil
		}
	}
	return []string{fmt.Sprintf("the answer %v became %v", want, got)}
}

// renamed has the names on the wire by those that the SDK gives its callers.
var renamed = map[string]string{"formatted": "formattedAddress"}

// plain gives a value as it was before the SDK gave members other names, or as it is without what the SDK gives another form:
// files become addresses of its own.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, x := range v {
			if !slices.Contains([]string{"document", "image", "previewImage"}, name) {
				out[cmp.Or(renamed[name], strings.TrimPrefix(name, "_"))] = plain(x)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = plain(x)
		}
		return out
	}
	return v
}

// must gives the value of a call that has to succeed; fails stops what makes the calls.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func succeed(err error) { must(0, err) }

// driveClient makes the calls of drive.mjs with the generated client, in the same order.
func driveClient(t *testing.T) []contactstest.Exchange {
	t.Helper()
	fake := newFake(t)
	client, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("site"), contacts.WithBaseURL(fake.URL()))
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	label, field := driveLabels(ctx, client), driveFields(ctx, client)
	ada := driveContacts(t, ctx, client, label, field)
	driveAttachments(ctx, client, ada)
	submitted := driveSubmissions(ctx, client)
	succeed(client.Contacts.Delete(ctx, submitted))
	succeed(client.Labels.Delete(ctx, label))
	succeed(client.ExtendedFields.Delete(ctx, field))
	return fake.Requests()
}

func driveLabels(ctx context.Context, client *contacts.Client) string {
	english := contacts.Ptr("en")
	key := must(client.Labels.FindOrCreate(ctx, contacts.FindOrCreateLabelRequest{DisplayName: "Regular guest", Language: english})).Label.Key
	must(client.Labels.Get(ctx, key, contacts.GetLabelParams{Language: english}))
	must(client.Labels.Rename(ctx, key, contacts.RenameLabelRequest{Label: contacts.LabelRename{DisplayName: "Guest of honour"},
		Language: english}))
	must(client.Labels.List(ctx, contacts.ListLabelsParams{
		LabelType: contacts.Ptr(contacts.LabelTypeUserDefined), Namespace: contacts.Ptr("custom"), StartsWith: contacts.Ptr("Guest"),
		SortFieldName: contacts.Ptr("displayName"), SortOrder: contacts.Ptr(contacts.SortOrderDesc),
		PagingLimit: contacts.Ptr(int32(10)), PagingOffset: contacts.Ptr(int32(0)), Language: english,
	}))
	must(client.Labels.Query(ctx, contacts.QueryLabelsRequest{Language: english, Query: contacts.LabelQuery{
		Filter: contacts.LabelFilter{"key": key}, Paging: contacts.LabelPaging(page(5)),
		Sort: []contacts.LabelSorting{{FieldName: contacts.Ptr("displayName"), Order: contacts.Ptr(contacts.SortOrderAsc)}},
	}}))
	return key
}

func page(limit int32) contacts.Paging {
	return contacts.Paging{Limit: &limit, Offset: contacts.Ptr(int32(0))}
}

func driveFields(ctx context.Context, client *contacts.Client) string {
	key := must(client.ExtendedFields.FindOrCreate(ctx, contacts.FindOrCreateExtendedFieldRequest{
		DisplayName: "Shoe size", DataType: contacts.Ptr(contacts.ExtendedFieldDataTypeNumber),
	})).Field.Key
	must(client.ExtendedFields.Get(ctx, key))
	must(client.ExtendedFields.Rename(ctx, key,
		contacts.RenameExtendedFieldRequest{Field: contacts.ExtendedFieldRename{DisplayName: "Size of shoes"}}))
	must(client.ExtendedFields.List(ctx, contacts.ListExtendedFieldsParams{
		FieldType: contacts.Ptr(contacts.ExtendedFieldTypeUserDefined), Namespace: contacts.Ptr("custom"), StartsWith: contacts.Ptr("Size"),
		SortFieldName: contacts.Ptr("displayName"), SortOrder: contacts.Ptr(contacts.SortOrderAsc),
		PagingLimit: contacts.Ptr(int32(10)), PagingOffset: contacts.Ptr(int32(0)),
	}))
	must(client.ExtendedFields.Query(ctx, contacts.QueryExtendedFieldsRequest{Query: contacts.ExtendedFieldQuery{
		Filter: contacts.ExtendedFieldFilter{"fieldType": "USER_DEFINED"}, Paging: contacts.ExtendedFieldPaging(page(5)),
		Sort: []contacts.Sorting{{FieldName: contacts.Ptr("displayName"), Order: contacts.Ptr(contacts.SortOrderAsc)}},
	}}))
	return key
}

func driveContacts(t *testing.T, ctx context.Context, client *contacts.Client, label, field string) string {
	t.Helper()
	english := contacts.Ptr("en")
	mobile := contacts.ContactPhone{Phone: "207-555-0100", CountryCode: contacts.Ptr("US"), Tag: contacts.PhoneTagMobile}
	made := must(client.Contacts.Create(ctx, contacts.CreateContactRequest{AllowDuplicates: contacts.Ptr(true), Info: contacts.ContactInfo{
		Name: named("Ada", "Example"),
		Emails: contacts.ContactEmails{Items: []contacts.ContactEmail{
			{Email: "ada@example.com", Tag: contacts.EmailTagMain, Primary: contacts.Ptr(true)},
			{Email: "ada@work.example.com", Tag: contacts.EmailTagWork},
		}},
		Phones: phones(mobile),
		Addresses: contacts.ContactAddresses{Items: []contacts.ContactAddress{{Tag: contacts.AddressTagHome, Address: contacts.Address{
			StreetAddress: contacts.StreetAddress{Number: "1", Name: "Example Street"},
			Country:       contacts.Ptr("US"), Subdivision: contacts.Ptr("US-ME"), City: contacts.Ptr("Sampleton"),
			PostalCode: contacts.Ptr("04000"),
		}}}},
		Company: contacts.Ptr("Example Works"), JobTitle: contacts.Ptr("Analyst"), Birthdate: contacts.Ptr("1990-12-10"),
		Locale:         contacts.Ptr("en-US"),
		LabelKeys:      contacts.ContactLabelKeys{Items: []string{label}},
		ExtendedFields: contacts.ContactExtendedFields{Items: map[string]any{field: 39}},
	}}))
	ada := made.ID
	must(client.Contacts.Get(ctx, ada, contacts.GetContactParams{Fields: []string{"info.name", "info.phones"},
		Fieldsets: []contacts.ContactFieldset{contacts.ContactFieldsetBasic}}))
	must(client.Contacts.Get(ctx, ada))
	must(client.Contacts.Update(ctx, ada, contacts.UpdateContactRequest{Revision: made.Revision, AllowDuplicates: contacts.Ptr(false),
		Info: contacts.ContactInfo{
			Company: contacts.Ptr("Other Works"),
			Phones:  phones(mobile, contacts.ContactPhone{Phone: "207-555-0101", CountryCode: contacts.Ptr("US"), Tag: contacts.PhoneTagHome}),
		}}))
	_, err := client.Contacts.Update(ctx, ada, contacts.UpdateContactRequest{Revision: made.Revision,
		Info: contacts.ContactInfo{Company: contacts.Ptr("Lost Works")}})
	if !errors.Is(err, contacts.ErrConflict) {
		t.Errorf("a stale revision is answered with %v", err)
	}
	site := []string{"contacts.customers", "contacts.contacted-me"}
	must(client.Contacts.Label(ctx, ada, contacts.LabelContactRequest{LabelKeys: site}))
	revision := must(client.Contacts.Unlabel(ctx, ada, site)).Revision

	grace := must(client.Contacts.Create(ctx, contacts.CreateContactRequest{Info: contacts.ContactInfo{
		Name: named("Grace", "Example"), Emails: contacts.ContactEmails{Items: []contacts.ContactEmail{{Email: "grace@example.com"}}},
	}})).ID
	must(client.Contacts.Create(ctx, contacts.CreateContactRequest{AllowDuplicates: contacts.Ptr(false), Info: contacts.ContactInfo{
		Name: named("Linus", "Example"), Phones: phones(contacts.ContactPhone{Phone: "207-555-0102", CountryCode: contacts.Ptr("US")}),
	}}))
	_, err = client.Contacts.Create(ctx, contacts.CreateContactRequest{Info: contacts.ContactInfo{
		Name: named("Ada", "Twice"), Emails: contacts.ContactEmails{Items: []contacts.ContactEmail{{Email: "ada@example.com"}}},
	}})
	if !errors.Is(err, contacts.ErrAlreadyExists) || errors.Is(err, contacts.ErrConflict) {
		t.Errorf("a duplicate is answered with %v", err)
	}
	must(client.Contacts.List(ctx, contacts.ListContactsParams{
		SortFieldName: contacts.Ptr("info.name.first"), SortOrder: contacts.Ptr(contacts.SortOrderDesc), PagingLimit: contacts.Ptr(int32(2)),
		PagingOffset: contacts.Ptr(int32(1)),
		Fields:       []string{"info.name", "info.emails"}, Fieldsets: []contacts.ContactFieldset{contacts.ContactFieldsetBasic,
			contacts.ContactFieldsetCommunicationDetails},
	}))
	must(client.Contacts.Query(ctx, contacts.QueryContactsRequest{Search: contacts.Ptr("Example"), Query: contacts.ContactQuery{
		Filter: contacts.Filter{"$or": []any{map[string]any{"info.name.first": map[string]any{"$startsWith": "Gr"}},
			map[string]any{"primaryInfo.email": "ada@example.com"}}},
		Sort:   []contacts.Sorting{{FieldName: contacts.Ptr("info.name.first"), Order: contacts.Ptr(contacts.SortOrderAsc)}},
		Paging: page(10), Fields: []string{"info.name"}, Fieldsets: []contacts.ContactFieldset{contacts.ContactFieldsetBasic},
	}}))
	must(client.Contacts.ListFacets(ctx, contacts.ListFacetsParams{PagingLimit: contacts.Ptr(int32(10)), PagingOffset: contacts.Ptr(int32(0)),
		Language: english}))
	must(client.Contacts.QueryFacets(ctx, contacts.QueryFacetsRequest{
		Paging: page(
			10,
		), Language: english, Filter: contacts.FacetFilter{"info.extendedFields.emailSubscriptions.subscriptionStatus": map[string]any{"$ne": "PENDING"}},
	}))
	must(client.Contacts.PreviewMerge(ctx, ada, contacts.PreviewMergeContactsRequest{SourceContactIDs: []string{grace}}))
	must(client.Contacts.Merge(ctx, ada, contacts.MergeContactsRequest{TargetContactRevision: revision, SourceContactIDs: []string{grace}}))
	must(client.Contacts.Get(ctx, grace))
	linus := contacts.Filter{"info.name.first": "Linus"}
	must(client.Contacts.BulkUpdate(ctx, contacts.BulkUpdateContactsRequest{Filter: linus,
		Info: contacts.ContactInfo{Company: contacts.Ptr("Bulk Works")}}))
	must(client.Contacts.BulkLabelAndUnlabel(ctx, contacts.BulkLabelAndUnlabelContactsRequest{
		Filter: linus, LabelKeysToAdd: []string{"contacts.customers"}, LabelKeysToRemove: []string{"contacts.contacted-me"},
	}))
	must(client.Contacts.BulkDelete(ctx, contacts.BulkDeleteContactsRequest{Search: contacts.Ptr("Linus")}))
	return ada
}

func named(first, last string) contacts.ContactName {
	return contacts.ContactName{First: &first, Last: &last}
}

func phones(items ...contacts.ContactPhone) contacts.ContactPhones {
	return contacts.ContactPhones{Items: items}
}

func driveAttachments(ctx context.Context, client *contacts.Client, contact string) {
	to := must(client.Attachments.GenerateUploadURL(ctx, contact, contacts.GenerateAttachmentUploadURLRequest{FileName: "notes.pdf",
		MIMEType: "application/pdf"})).UploadURL
	upload := must(http.NewRequestWithContext(ctx, http.MethodPut, to, strings.NewReader("notes")))
	succeed(must(http.DefaultClient.Do(upload)).Body.Close())
	files := must(client.Attachments.List(ctx, contact, contacts.ListAttachmentsParams{PagingLimit: contacts.Ptr(int32(10)),
		PagingOffset: contacts.Ptr(int32(0))})).Attachments
	must(client.Attachments.Get(ctx, contact, files[0].ID))
	succeed(client.Attachments.Delete(ctx, contact, files[0].ID))
}

func driveSubmissions(ctx context.Context, client *contacts.Client) string {
	id := must(client.Submissions.AppendOrCreate(ctx, contacts.AppendOrCreateContactRequest{PassThroughData: contacts.Ptr("form"),
		Info: contacts.ContactInfo{
			Name: named("Edsger", "Example"), Emails: contacts.ContactEmails{Items: []contacts.ContactEmail{{Email: "edsger@example.com"}}},
		}})).ContactID
	must(client.Submissions.AppendOrCreate(ctx, contacts.AppendOrCreateContactRequest{ContactID: &id, Info: contacts.ContactInfo{
		Phones: phones(contacts.ContactPhone{Phone: "207-555-0103", CountryCode: contacts.Ptr("US")}),
	}}))
	return id
}
