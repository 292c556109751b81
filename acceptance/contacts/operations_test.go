package contacts_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
)

// callFunc calls an operation with the values of its path. An operation without a result gives nil.
type callFunc func(c *contacts.Client, path []string, opts ...contacts.CallOption) (any, error)

// operation is one operation, called with everything it takes.
type operation struct {
	id     string
	path   []string // values of the path's parameters
	params contacts.CallOption
	call   callFunc

	line   string // method, path and query of the request that must go out
	body   string // JSON of its body; "" is none
	answer string // the body of the success
	at     string // the member of the answer that the method returns; "" is all of it
	codes  []code
}

// code is an application code that the operation can fail with.
type code struct {
	code   contacts.ErrorCode
	status int
	class  error
}

const (
	contactID = "bc1d7a9e-2d4c-4d3a-9f55-0a1b2c3d4e5f"
	otherID   = "0a6b1c2d-3e4f-4051-8263-748596a7b8c9"
	jobID     = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
	fileID    = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
	path      = "/contacts/v4/"

	aContact = `{"id":"` + contactID + `","revision":5,"info":{"name":{"first":"Ada"},"emails":{"items":[{"id":"e1","tag":"MAIN","email":"` +
		theEmail + `","primary":true}]}}}`
	aLabel    = `{"namespace":"custom","key":"custom.at-risk","displayName":"At risk","labelType":"USER_DEFINED","createdDate":"2024-01-02T03:04:05.678Z"}`
	aField    = `{"namespace":"custom","key":"custom.shoe-size","displayName":"Shoe size","dataType":"NUMBER","fieldType":"USER_DEFINED","description":"In EU sizes"}`
	anImage   = `{"id":"` + fileID + `","image":{"id":"i","url":"https://static.example.com/i.png","height":10,"width":20},"fileName":"i.png","mimeType":"image/png","attachmentType":"IMAGE"}`
	aJob      = `{"id":"` + jobID + `","type":"DELETE","status":"COMPLETED","startedDate":"2024-01-02T03:04:05Z","totalItems":3,"successTotal":2,"failedTotal":1,"errors":[{"count":1,"code":"CANNOT_DELETE_SITE_MEMBERS","message":"members"}]}`
	aFacet    = `{"facetType":"LABEL","namespace":"custom","facetKey":"custom.at-risk","facetDisplayName":"At risk","count":7,"queryFilter":{"info.labelKeys":{"$hasSome":["custom.at-risk"]}}}`
	aPage     = `{"count":1,"offset":2,"total":30}`
	uncounted = `{"count":1,"offset":0,"tooManyToCount":true}`
	infoOfAda = `{"name":{"first":"Ada","last":"Example"},"emails":{"items":[{"tag":"WORK","email":"` + theEmail +
		`"}]},"phones":{"items":[{"tag":"MOBILE","countryCode":"US","phone":"` + thePhone +
		`"}]},"labelKeys":{"items":["custom.vip"]},"extendedFields":{"items":{"custom.shoe-size":43}}}`
	filterOfAda = `{"info.name.first":{"$eq":"Ada"}}`
)

var (
	ada = contacts.ContactInfo{
		Name:   contacts.ContactName{First: ptr("Ada"), Last: ptr("Example")},
		Emails: contacts.ContactEmails{Items: []contacts.ContactEmail{{Tag: contacts.EmailTagWork, Email: theEmail}}},
		Phones: contacts.ContactPhones{Items: []contacts.ContactPhone{{Tag: contacts.PhoneTagMobile, CountryCode: ptr("US"),
			Phone: thePhone}}},
		LabelKeys:      contacts.ContactLabelKeys{Items: []string{"custom.vip"}},
		ExtendedFields: contacts.ContactExtendedFields{Items: map[string]any{"custom.shoe-size": 43}},
	}
	byName = contacts.Filter{"info.name.first": map[string]any{"$eq": "Ada"}}
	paging = contacts.Paging{Limit: ptr(int32(10)), Offset: ptr(int32(20))}

	notFound  = code{contacts.CodeContactNotFound, 404, contacts.ErrNotFound}
	duplicate = code{contacts.CodeDuplicateContactExists, 409, contacts.ErrAlreadyExists}
	primaries = code{contacts.CodeCannotHaveMultiplePrimaryInfo, 400, contacts.ErrInvalid}
	tooLittle = code{contacts.CodeInsufficientContactData, 400, contacts.ErrInvalid}
	badValue  = code{contacts.CodeInvalidExtendedFieldValue, 400, contacts.ErrInvalid}
	illegal   = code{contacts.CodeIllegalMerge, 400, contacts.ErrInvalid}
	noFilter  = code{contacts.CodeNeitherFilterNorSearch, 400, contacts.ErrInvalid}
	filters   = []code{
		{contacts.CodeInvalidSort, 400, contacts.ErrInvalid},
		{contacts.CodeMalformedFilter, 400, contacts.ErrInvalid},
		{contacts.CodeUnsupportedFilter, 400, contacts.ErrInvalid},
		{contacts.CodeUnsupportedFilterField, 400, contacts.ErrInvalid},
		{contacts.CodeUnsupportedFilterOperator, 400, contacts.ErrInvalid},
		{contacts.CodeUnsupportedFilterValue, 400, contacts.ErrInvalid},
	}
	sorts = []code{{contacts.CodeUnsupportedSortField, 400, contacts.ErrInvalid}, {contacts.CodeIllegalLimit, 400, contacts.ErrInvalid}}
)

// operations are all operations of the API, as the service has them.
var operations = []operation{
	{
		id: "createContact", line: "POST " + path + "contacts", body: `{"info":` + infoOfAda + `,"allowDuplicates":true}`,
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.Contacts.Create(background(), contacts.CreateContactRequest{Info: ada, AllowDuplicates: ptr(true)}, o...)
		},
		answer: `{"contact":` + aContact + `}`, at: "contact",
		codes: []code{duplicate, {contacts.CodeContactIDAlreadyExists, 409, contacts.ErrAlreadyExists}, tooLittle, primaries, badValue},
	},
	{
		id: "listContacts", line: "GET " + path +
			"contacts?fields=info.name&fields=info.emails&fieldsets=BASIC&fieldsets=EXTENDED&paging.limit=10&paging.offset=20&sort.fieldName=createdDate&sort.order=DESC",
		params: contacts.ListContactsParams{
			SortFieldName: ptr("createdDate"), SortOrder: ptr(contacts.SortOrderDesc), PagingLimit: ptr(int32(10)), PagingOffset: ptr(int32(20)),
			Fields: []string{"info.name", "info.emails"}, Fieldsets: []contacts.ContactFieldset{contacts.ContactFieldsetBasic,
				contacts.ContactFieldsetExtended},
		},
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.Contacts.List(background(), o...)
		},
		answer: `{"contacts":[` + aContact + `],"pagingMetadata":` + aPage + `}`, codes: sorts,
	},
	{
		id: "getContact", path: []string{contactID}, line: "GET " + path + "contacts/" + contactID +
			"?fields=info.name&fields=source&fieldsets=COMMUNICATION_DETAILS",
		params: contacts.GetContactParams{Fields: []string{"info.name", "source"},
			Fieldsets: []contacts.ContactFieldset{contacts.ContactFieldsetCommunicationDetails}},
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return c.Contacts.Get(background(), p[0], o...)
		},
		answer: `{"contact":` + aContact + `,"responseType":"REGULAR"}`, at: "contact", codes: []code{notFound},
	},
	{
		id: "updateContact", path: []string{contactID}, line: "PATCH " + path + "contacts/" + contactID, body: `{"revision":5,"info":` +
			infoOfAda + `,"allowDuplicates":false}`,
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return c.Contacts.Update(background(), p[0], contacts.UpdateContactRequest{Revision: 5, Info: ada, AllowDuplicates: ptr(false)}, o...)
		},
		answer: `{"contact":` + aContact + `}`, at: "contact",
		codes: []code{
			{contacts.CodeContactAlreadyChanged, 409, contacts.ErrConflict}, duplicate, notFound, tooLittle, primaries, badValue,
			{contacts.CodeInsufficientUpdateContactData, 400, contacts.ErrInvalid},
			{contacts.CodeCannotUpdateMemberEmail, 428, contacts.ErrPrecondition},
		},
	},
	{
		id: "deleteContact", path: []string{contactID}, line: "DELETE " + path + "contacts/" + contactID,
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return nil, c.Contacts.Delete(background(), p[0], o...)
		},
		answer: `{}`,
		codes: []code{
			{contacts.CodeCannotDeleteMember, 428, contacts.ErrPrecondition}, {contacts.CodeCannotDeleteContactWithBillingSubscription, 428,
				contacts.ErrPrecondition},
			{contacts.CodeCannotDeleteMemberOwnerOrContributor, 428, contacts.ErrPrecondition}, {contacts.CodeFailedDeleteContactAfterMemberDeletion,
				500, nil},
		},
	},
	{
		id: "mergeContacts", path: []string{contactID}, line: "POST " + path + "contacts/" + contactID + "/merge",
		body: `{"targetContactRevision":5,"sourceContactIds":["` + otherID + `"]}`,
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return c.Contacts.Merge(background(), p[0], contacts.MergeContactsRequest{TargetContactRevision: 5, SourceContactIDs: []string{otherID}},
				o...)
		},
		answer: `{"contact":` + aContact + `}`, at: "contact",
		codes: []code{notFound, illegal, {contacts.CodeFailedPrecondition, 428, contacts.ErrPrecondition},
			{"CONTACT_ALREADY_CHANGED", 409, contacts.ErrConflict}},
	},
	{
		id: "previewMergeContacts", path: []string{contactID}, line: "POST " + path + "contacts/" + contactID + "/preview-merge",
		body: `{"sourceContactIds":["` + otherID + `"]}`,
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return c.Contacts.PreviewMerge(background(), p[0], contacts.PreviewMergeContactsRequest{SourceContactIDs: []string{otherID}}, o...)
		},
		answer: `{"contact":` + aContact + `}`, at: "contact",
		codes: []code{notFound, illegal, {contacts.CodeFailedPrecondition, 428, contacts.ErrPrecondition}},
	},
	{
		id: "labelContact", path: []string{contactID}, line: "POST " + path + "contacts/" + contactID + "/labels",
		body: `{"labelKeys":["custom.vip","custom.at-risk"]}`,
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return c.Contacts.Label(background(), p[0], contacts.LabelContactRequest{LabelKeys: []string{"custom.vip", "custom.at-risk"}}, o...)
		},
		answer: `{"contact":` + aContact + `}`, at: "contact", codes: []code{notFound},
	},
	{
		id: "unlabelContact", path: []string{contactID}, line: "DELETE " + path + "contacts/" + contactID +
			"/labels?labelKeys=custom.vip&labelKeys=custom.at-risk",
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return c.Contacts.Unlabel(background(), p[0], []string{"custom.vip", "custom.at-risk"}, o...)
		},
		answer: `{"contact":` + aContact + `}`, at: "contact", codes: []code{notFound},
	},
	{
		id: "queryContacts", line: "POST " + path + "contacts/query",
		body: `{"search":"ada","query":{"filter":` + filterOfAda +
			`,"sort":[{"fieldName":"createdDate","order":"ASC"}],"paging":{"limit":10,"offset":20},"fields":["info.name"],"fieldsets":["BASIC"]}}`,
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.Contacts.Query(background(), contacts.QueryContactsRequest{Search: ptr("ada"), Query: contacts.ContactQuery{
				Filter: byName, Sort: []contacts.Sorting{{FieldName: ptr("createdDate"), Order: ptr(contacts.SortOrderAsc)}}, Paging: paging,
				Fields: []string{"info.name"}, Fieldsets: []contacts.ContactFieldset{contacts.ContactFieldsetBasic},
			}}, o...)
		},
		answer: `{"contacts":[` + aContact + `],"pagingMetadata":` + uncounted + `}`,
		codes: append(slices.Clone(sorts), code{contacts.CodeMalformedFilter, 400, contacts.ErrInvalid},
			code{contacts.CodeUnsupportedFilter, 400, contacts.ErrInvalid},
			code{contacts.CodeUnsupportedFilterFieldUnknown, 400, contacts.ErrInvalid}, code{contacts.CodeUnsupportedFilterOperator, 400,
				contacts.ErrInvalid},
			code{contacts.CodeUnsupportedFilterValue, 400, contacts.ErrInvalid}, code{contacts.CodeUnsupportedFilterValueType, 400,
				contacts.ErrInvalid}),
	},
	{
		id: "listFacets", line: "GET " + path + "contacts/facets?language=de&paging.limit=10&paging.offset=20",
		params: contacts.ListFacetsParams{PagingLimit: ptr(int32(10)), PagingOffset: ptr(int32(20)), Language: ptr("de")},
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.Contacts.ListFacets(background(), o...)
		},
		answer: `{"facets":[` + aFacet + `],"pagingMetadata":` + aPage + `}`,
	},
	{
		id: "queryFacets", line: "POST " + path + "contacts/facets/query", body: `{"paging":{"limit":10,"offset":20},"language":"de","filter":` +
			filterOfAda + `}`,
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.Contacts.QueryFacets(background(), contacts.QueryFacetsRequest{Paging: paging, Language: ptr("de"),
				Filter: contacts.FacetFilter(byName)}, o...)
		},
		answer: `{"facets":[` + aFacet + `],"pagingMetadata":` + aPage + `}`,
	},
	{
		id: "bulkDeleteContacts", line: "POST " + path + "bulk/contacts/delete", body: `{"filter":` + filterOfAda + `,"search":"ada"}`,
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.Contacts.BulkDelete(background(), contacts.BulkDeleteContactsRequest{Filter: byName, Search: ptr("ada")}, o...)
		},
		answer: `{"jobId":"` + jobID + `"}`, codes: []code{noFilter},
	},
	{
		id: "bulkUpdateContacts", line: "POST " + path + "bulk/contacts/update", body: `{"filter":` + filterOfAda + `,"info":` + infoOfAda + `}`,
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.Contacts.BulkUpdate(background(), contacts.BulkUpdateContactsRequest{Filter: byName, Info: ada}, o...)
		},
		answer: `{"jobId":"` + jobID + `"}`,
	},
	{
		id: "bulkLabelAndUnlabelContacts", line: "POST " + path + "bulk/contacts/add-remove-labels",
		body: `{"search":"ada","labelKeysToAdd":["custom.vip"],"labelKeysToRemove":["custom.at-risk"]}`,
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.Contacts.BulkLabelAndUnlabel(background(), contacts.BulkLabelAndUnlabelContactsRequest{
				Search: ptr("ada"), LabelKeysToAdd: []string{"custom.vip"}, LabelKeysToRemove: []string{"custom.at-risk"},
			}, o...)
		},
		answer: `{"jobId":"` + jobID + `"}`, codes: []code{noFilter},
	},
	{
		id: "listBulkJobs", line: "GET " + path + "bulk/jobs",
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.BulkJobs.List(background(), o...)
		},
		answer: `{"jobs":[` + aJob + `]}`,
	},
	{
		id: "getBulkJob", path: []string{jobID}, line: "GET " + path + "bulk/jobs/" + jobID,
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return c.BulkJobs.Get(background(), p[0], o...)
		},
		answer: `{"job":` + aJob + `}`, at: "job",
	},
	{
		id: "listLabels", line: "GET " + path +
			"labels?labelType=USER_DEFINED&language=de&namespace=custom&paging.limit=10&paging.offset=20&sort.fieldName=displayName&sort.order=DESC&startsWith=At%20r",
		params: contacts.ListLabelsParams{
			LabelType: ptr(contacts.LabelTypeUserDefined), Namespace: ptr("custom"), StartsWith: ptr("At r"), SortFieldName: ptr("displayName"),
			SortOrder: ptr(contacts.SortOrderDesc), PagingLimit: ptr(int32(10)), PagingOffset: ptr(int32(20)), Language: ptr("de"),
		},
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.Labels.List(background(), o...)
		},
		answer: `{"labels":[` + aLabel + `],"metadata":` + aPage + `}`,
	},
	{
		id: "findOrCreateLabel", line: "POST " + path + "labels", body: `{"displayName":"At risk","language":"de"}`,
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.Labels.FindOrCreate(background(), contacts.FindOrCreateLabelRequest{DisplayName: "At risk", Language: ptr("de")}, o...)
		},
		answer: `{"label":` + aLabel + `,"newLabel":true}`, codes: []code{{contacts.CodeLabelsQuotaReached, 428, contacts.ErrPrecondition}},
	},
	{
		id: "getLabel", path: []string{"custom.at-risk"}, params: contacts.GetLabelParams{Language: ptr("de")}, line: "GET " + path +
			"labels/custom.at-risk?language=de",
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return c.Labels.Get(background(), p[0], o...)
		},
		answer: `{"label":` + aLabel + `}`, at: "label",
	},
	{
		id: "renameLabel", path: []string{"custom.at-risk"}, line: "PATCH " + path + "labels/custom.at-risk",
		body: `{"label":{"key":"custom.at-risk","displayName":"Lost"},"language":"de"}`,
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return c.Labels.Rename(background(), p[0],
				contacts.RenameLabelRequest{Label: contacts.LabelRename{Key: ptr("custom.at-risk"), DisplayName: "Lost"}, Language: ptr("de")}, o...)
		},
		answer: `{"label":` + aLabel + `}`, at: "label",
	},
	{
		id: "deleteLabel", path: []string{"custom.at-risk"}, line: "DELETE " + path + "labels/custom.at-risk",
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return nil, c.Labels.Delete(background(), p[0], o...)
		},
		answer: `{}`,
	},
	{
		id: "queryLabels", line: "POST " + path + "labels/query",
		body: `{"query":{"filter":{"key":{"$in":["custom.vip"]}},"sort":[{"fieldName":"displayName","order":"ASC"}],"paging":{"limit":10,"offset":20}},"language":"de"}`,
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.Labels.Query(background(), contacts.QueryLabelsRequest{Query: contacts.LabelQuery{
				Filter: contacts.LabelFilter{"key": map[string]any{"$in": []string{"custom.vip"}}}, Paging: contacts.LabelPaging(paging),
				Sort: []contacts.LabelSorting{{FieldName: ptr("displayName"), Order: ptr(contacts.SortOrderAsc)}},
			}, Language: ptr("de")}, o...)
		},
		answer: `{"labels":[` + aLabel + `],"pagingMetadata":` + aPage + `}`, codes: filters,
	},
	{
		id: "listExtendedFields", line: "GET " + path +
			"extended-fields?fieldType=USER_DEFINED&namespace=custom&paging.limit=10&paging.offset=20&sort.fieldName=key&sort.order=ASC&startsWith=S",
		params: contacts.ListExtendedFieldsParams{
			FieldType: ptr(contacts.ExtendedFieldTypeUserDefined), Namespace: ptr("custom"), StartsWith: ptr("S"), SortFieldName: ptr("key"),
			SortOrder: ptr(contacts.SortOrderAsc), PagingLimit: ptr(int32(10)), PagingOffset: ptr(int32(20)),
		},
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.ExtendedFields.List(background(), o...)
		},
		answer: `{"fields":[` + aField + `],"metadata":` + aPage + `}`,
	},
	{
		id: "findOrCreateExtendedField", line: "POST " + path + "extended-fields", body: `{"displayName":"Shoe size","dataType":"NUMBER"}`,
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.ExtendedFields.FindOrCreate(background(), contacts.FindOrCreateExtendedFieldRequest{DisplayName: "Shoe size",
				DataType: ptr(contacts.ExtendedFieldDataTypeNumber)}, o...)
		},
		answer: `{"field":` + aField + `,"newField":false}`, codes: []code{{contacts.CodeFieldsQuotaExceeded, 429, contacts.ErrRateLimited}},
	},
	{
		id: "getExtendedField", path: []string{"custom.shoe-size"}, line: "GET " + path + "extended-fields/custom.shoe-size",
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return c.ExtendedFields.Get(background(), p[0], o...)
		},
		answer: `{"field":` + aField + `}`, at: "field",
	},
	{
		id: "renameExtendedField", path: []string{"custom.shoe-size"}, line: "PATCH " + path + "extended-fields/custom.shoe-size",
		body: `{"field":{"key":"custom.shoe-size","displayName":"Size"}}`,
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return c.ExtendedFields.Rename(background(), p[0],
				contacts.RenameExtendedFieldRequest{Field: contacts.ExtendedFieldRename{Key: ptr("custom.shoe-size"), DisplayName: "Size"}}, o...)
		},
		answer: `{"field":` + aField + `}`, at: "field",
	},
	{
		id: "deleteExtendedField", path: []string{"custom.shoe-size"}, line: "DELETE " + path + "extended-fields/custom.shoe-size",
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return nil, c.ExtendedFields.Delete(background(), p[0], o...)
		},
		answer: `{}`,
	},
	{
		id: "queryExtendedFields", line: "POST " + path + "extended-fields/query",
		body: `{"query":{"filter":{"dataType":{"$eq":"NUMBER"}},"sort":[{"fieldName":"key","order":"DESC"}],"paging":{"limit":10,"offset":20}}}`,
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.ExtendedFields.Query(background(), contacts.QueryExtendedFieldsRequest{Query: contacts.ExtendedFieldQuery{
				Filter: contacts.ExtendedFieldFilter{"dataType": map[string]any{"$eq": "NUMBER"}}, Paging: contacts.ExtendedFieldPaging(paging),
				Sort: []contacts.Sorting{{FieldName: ptr("key"), Order: ptr(contacts.SortOrderDesc)}},
			}}, o...)
		},
		answer: `{"fields":[` + aField + `],"pagingMetadata":` + aPage + `}`, codes: filters,
	},
	{
		id: "listAttachments", path: []string{contactID}, line: "GET " + path + "attachments/" + contactID + "?paging.limit=10&paging.offset=20",
		params: contacts.ListAttachmentsParams{PagingLimit: ptr(int32(10)), PagingOffset: ptr(int32(20))},
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return c.Attachments.List(background(), p[0], o...)
		},
		answer: `{"attachments":[` + anImage + `],"metadata":` + aPage + `}`,
	},
	{
		id: "generateAttachmentUploadUrl", path: []string{contactID}, line: "POST " + path + "attachments/" + contactID + "/upload-url",
		body: `{"fileName":"i.png","mimeType":"image/png"}`,
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return c.Attachments.GenerateUploadURL(background(), p[0], contacts.GenerateAttachmentUploadURLRequest{FileName: "i.png",
				MIMEType: "image/png"}, o...)
		},
		answer: `{"uploadUrl":"https://upload.example.com/u?token=t"}`,
	},
	{
		id: "getAttachment", path: []string{contactID, fileID}, line: "GET " + path + "attachments/" + contactID + "/" + fileID,
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return c.Attachments.Get(background(), p[0], p[1], o...)
		},
		answer: `{"attachment":` + anImage + `}`, at: "attachment",
	},
	{
		id: "deleteAttachment", path: []string{contactID, fileID}, line: "DELETE " + path + "attachments/" + contactID + "/" + fileID,
		call: func(c *contacts.Client, p []string, o ...contacts.CallOption) (any, error) {
			return nil, c.Attachments.Delete(background(), p[0], p[1], o...)
		},
		answer: `{}`,
	},
	{
		id: "appendOrCreateContact", line: "POST " + path + "contact-submit", body: `{"info":` + infoOfAda +
			`,"passThroughData":"campaign 7","contactId":"` + contactID + `"}`,
		call: func(c *contacts.Client, _ []string, o ...contacts.CallOption) (any, error) {
			return c.Submissions.AppendOrCreate(background(), contacts.AppendOrCreateContactRequest{Info: ada, PassThroughData: ptr("campaign 7"),
				ContactID: ptr(contactID)}, o...)
		},
		answer: `{"contactId":"` + contactID + `","identityType":"CONTACT","newContact":true}`,
		codes:  []code{tooLittle, notFound, primaries, {contacts.CodeInsufficientPermission, 403, contacts.ErrPermission}},
	},
}

// do calls an operation with everything it takes.
func (o *operation) do(c *contacts.Client, opts ...contacts.CallOption) (any, error) {
	if o.params != nil {
		opts = append(opts, o.params)
	}
	return o.call(c, o.path, opts...)
}

func (o *operation) method() string {
	method, _, _ := strings.Cut(o.line, " ")
	return method
}

// reads tells whether repeating the operation changes nothing.
func (o *operation) reads() bool {
	return o.method() == "GET" || strings.HasSuffix(o.line, "/query") || strings.HasSuffix(o.line, "/preview-merge")
}

// The table above has every operation of the description, each once.
func TestEveryOperationIsInTheTable(t *testing.T) {
	description, err := os.ReadFile("../../spec/contacts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, m := range regexp.MustCompile(`(?m)^      operationId: (\w+)$`).FindAllSubmatch(description, -1) {
		want = append(want, string(m[1]))
	}
	for _, o := range operations {
		got = append(got, o.id)
	}
	slices.Sort(want)
	slices.Sort(got)
	if len(got) != 34 || !slices.Equal(got, want) {
		t.Errorf("have %d operations %q\nwant %d operations %q", len(got), got, len(want), want)
	}
}

// Every operation sends what the service takes and returns what it answers, with a Content-Type and without.
func TestOperations(t *testing.T) {
	for _, o := range operations {
		for _, headers := range [][]string{{"Content-Type: application/json; charset=utf-8"}, nil} {
			t.Run(o.id, func(t *testing.T) {
				client, s := clientOf(t, always(200, o.answer, headers...))
				var response contacts.Response
				got, err := o.do(client, contacts.WithResponse(&response))
				if err != nil {
					t.Fatal(err)
				}
				if response.Status != 200 {
					t.Errorf("the response is %+v", response)
				}
				wantSent(t, &o, s)
				wantResult(t, &o, got)
			})
		}
	}
}

func wantSent(t *testing.T, o *operation, s *server) {
	t.Helper()
	sent := s.requests()
	if len(sent) != 1 {
		t.Fatalf("%d requests, want 1", len(sent))
	}
	r := sent[0]
	if query, err := url.ParseQuery(r.query); err != nil || r.line() != o.line {
		t.Errorf("sent %s\nwant %s (%v, %v)", r.line(), o.line, query, err)
	}
	if !sameJSON(t, r.body, o.body) {
		t.Errorf("sent %s\nwant %s", r.body, o.body)
	}
	if want := map[bool]string{true: "application/json"}[o.body != ""]; r.header.Get("Content-Type") != want {
		t.Errorf("Content-Type is %q, want %q", r.header.Get("Content-Type"), want)
	}
	if r.host != "www.wixapis.com" || r.header.Get("Authorization") != theKey || r.header.Get("wix-site-id") != theSite ||
		r.header.Get("wix-account-id") != "" {
		t.Errorf("sent to %s with %v", r.host, r.header)
	}
}

// wantResult compares what a method returned with the part of the answer that it is. A model writes what it read.
func wantResult(t *testing.T, o *operation, got any) {
	t.Helper()
	if o.answer == "{}" {
		if got != nil {
			t.Errorf("got %v, want nothing", got)
		}
		return
	}
	want := o.answer
	if o.at != "" {
		var members map[string]json.RawMessage
		decode(t, o.answer, &members)
		want = string(members[o.at])
	}
	if !sameJSON(t, marshal(t, got), want) {
		t.Errorf("got %s\nwant %s", marshal(t, got), want)
	}
}

// The service names what it says of a page differently in lists and in queries.
func TestPagingMetadata(t *testing.T) {
	page := contacts.PagingMetadata{Count: ptr(int32(1)), Offset: ptr(int32(2)), Total: ptr(int32(30))}
	for _, o := range operations {
		member := "pagingMetadata"
		switch o.id {
		case "listLabels", "listExtendedFields", "listAttachments":
			member = "metadata"
		case "listContacts", "listFacets", "queryFacets", "queryLabels", "queryExtendedFields":
		default:
			continue
		}
		if !strings.Contains(o.answer, `"`+member+`":`) {
			t.Errorf("%s: the table's answer has no %s", o.id, member)
		}
		client, _ := clientOf(t, always(200, o.answer))
		got, err := o.do(client)
		if err != nil {
			t.Fatal(err)
		}
		field := reflect.ValueOf(got).Elem().FieldByName(strings.ToUpper(member[:1]) + member[1:])
		if !field.IsValid() || !reflect.DeepEqual(field.Interface(), page) {
			t.Errorf("%s: got %s", o.id, marshal(t, got))
		}
	}
}

// What a server adds, leaves out or writes in an odd way never fails a response.
func TestOddAnswers(t *testing.T) {
	for _, body := range []string{
		`{"contact":{"id":"c1","revision":1,"later":{"a":[1]},"source":{"sourceType":"NEWLY_INVENTED"},"createdDate":"yesterday","info":null,"primaryInfo":null}}`,
		`{"contact":{"id":"not a GUID","revision":0}}`,
		`{"later":1,"contact":{"id":"c1","revision":2147483647,"info":{"emails":{"items":null},"extendedFields":{"items":{"a":null,"b":[],"c":{"d":1e400}}}}},"responseType":"LATER"}`,
		` {"contact":{"id":"c1","revision":1}} ` + "\n",
	} {
		client, _ := clientOf(t, always(200, body))
		if _, err := client.Contacts.Get(background(), contactID); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// Every operation tells errors by class, by code and by whether it may have been applied, whatever the body looks like.
func TestErrors(t *testing.T) {
	const id = "1712345678.12345678901234"
	for _, tt := range []struct {
		status  int
		body    string
		headers []string
		class   error
		doubt   bool // a write may have been applied
	}{
		{400, `{"message":"Expected an object"}`, []string{"Content-Type: application/json"}, contacts.ErrInvalid, false},
		{400, `{"message":"","details":{}}`, nil, contacts.ErrInvalid, false},
		{400, `{"message":"x","details":null}`, nil, contacts.ErrInvalid, false},
		{401, "<html><h1>401 Authorization Required</h1></html>", []string{"Content-Type: text/html"}, contacts.ErrUnauthenticated, false},
		{403, "", nil, contacts.ErrPermission, false},
		{403, `{"message":"forbidden"}`, nil, contacts.ErrPermission, false},
		{404, `[]`, nil, contacts.ErrNotFound, false},
		{429, "slow down", nil, contacts.ErrRateLimited, false},
		{500, `{"message":"","details":{}}`, nil, nil, true},
		{502, "<html>Bad Gateway</html>", []string{"Content-Type: text/html"}, nil, true},
		{503, "", nil, nil, true},
		{504, "upstream request timeout", []string{"Content-Type: text/plain"}, nil, true},
		{418, `"a string"`, nil, nil, false},
		{302, "", []string{"Location: https://elsewhere.example.com/"}, nil, true},
		{307, "", []string{"Location: https://elsewhere.example.com/"}, nil, false},
		{408, "", nil, nil, true},
		{204, "", nil, nil, true}, // a success that the description does not declare: the call cannot say what came of it
	} {
		for _, o := range operations {
			client, s := clientOf(t, always(tt.status, tt.body, append(tt.headers, "x-wix-request-id: "+id)...))
			got, err := o.do(client, once)
			var e *contacts.APIError
			if !errors.As(err, &e) {
				t.Errorf("%s: %d: %v", o.id, tt.status, err)
				continue
			}
			if v := reflect.ValueOf(got); got != nil && !v.IsNil() {
				t.Errorf("%s: %d: a result beside the error", o.id, tt.status)
			}
			if e.Operation != o.id || e.Method != o.method() || e.Status != tt.status || e.RequestID != id || string(e.Body) != tt.body ||
				len(s.requests()) != 1 {
				t.Errorf("%s: %d: %+v after %d requests", o.id, tt.status, e, len(s.requests()))
			}
			if want := "contacts: " + o.id + ": " + o.method() + " " + e.Path + ": "; !strings.HasPrefix(err.Error(), want) ||
				!strings.HasSuffix(err.Error(), " (request "+id+")") {
				t.Errorf("%s: the error reads %s", o.id, err)
			}
			wantClass(t, o.id, err, tt.class)
			if doubt := tt.doubt && !o.reads(); errors.Is(err, contacts.ErrAmbiguousWrite) != doubt {
				t.Errorf("%s: %d: ambiguous is %v", o.id, tt.status, !doubt)
			}
		}
	}
}

var classes = []error{
	contacts.ErrConflict, contacts.ErrAlreadyExists, contacts.ErrNotFound, contacts.ErrUnauthenticated, contacts.ErrPermission,
	contacts.ErrRateLimited,
	contacts.ErrPrecondition, contacts.ErrInvalid,
}

// wantClass fails unless the error is of one class and of no other; nil is none at all.
func wantClass(t *testing.T, what string, err, class error) {
	t.Helper()
	for _, c := range classes {
		if errors.Is(err, c) != (c == class) {
			t.Errorf("%s: errors.Is(%v, %v) is %v", what, err, c, c != class)
		}
	}
}

// Every application code of every operation has its constant and its class.
func TestCodes(t *testing.T) {
	for _, o := range operations {
		for _, c := range o.codes {
			body := `{"message":"in words","details":{"applicationError":{"code":"` + string(c.code) +
				`","description":"more words","data":{"n":1}}}}`
			client, _ := clientOf(t, always(c.status, body))
			_, err := o.do(client, once)
			var e *contacts.APIError
			if !errors.As(err, &e) || e.Code != c.code || e.Message != "in words" || e.Description != "more words" || string(e.Data) != `{"n":1}` {
				t.Errorf("%s: %s: %+v", o.id, c.code, e)
			}
			if !errors.Is(err, c.code) || errors.Is(err, contacts.ErrorCode("OTHER")) || !strings.Contains(err.Error(), string(c.code)) {
				t.Errorf("%s: the code is not in %v", o.id, err)
			}
			wantClass(t, o.id+": "+string(c.code), err, c.class)
		}
	}
}

// A status that is as often a duplicate as a stale revision says neither without a code: something stood in the way, and that is all.
func TestStatus409Alone(t *testing.T) {
	for _, o := range operations {
		if o.id == "mergeContacts" {
			continue // where nothing but a stale revision is known to give it
		}
		client, _ := clientOf(t, always(http.StatusConflict, `{"message":"conflict"}`))
		_, err := o.do(client, once)
		wantClass(t, o.id, err, contacts.ErrPrecondition)
	}
}

func TestDuplicateData(t *testing.T) {
	client, _ := clientOf(
		t,
		always(409, `{"message":"exists","details":{"applicationError":{"code":"DUPLICATE_CONTACT_EXISTS","description":"Contact exists",`+
			`"data":{"duplicateContactId":"`+otherID+`","duplicateEmail":"`+theEmail+`","duplicatePhone":"`+thePhone+`"}}}}`),
	)
	_, err := client.Contacts.Create(background(), contacts.CreateContactRequest{Info: ada})
	var e *contacts.APIError
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	var data contacts.ErrorData
	decode(t, string(e.Data), &data)
	if *data.DuplicateContactID != otherID || *data.DuplicateEmail != theEmail || *data.DuplicatePhone != thePhone {
		t.Errorf("%s", e.Data)
	}
}

// The service counts labels in strings.
func TestQuotaData(t *testing.T) {
	client, _ := clientOf(
		t,
		always(428, `{"details":{"applicationError":{"code":"LABELS_QUOTA_REACHED","data":{"labelsQuota":"2000","labelsCurrentTotal":"2000"}}}}`),
	)
	_, err := client.Labels.FindOrCreate(background(), contacts.FindOrCreateLabelRequest{DisplayName: "At risk"})
	var e *contacts.APIError
	if !errors.As(err, &e) || !errors.Is(err, contacts.CodeLabelsQuotaReached) {
		t.Fatal(err)
	}
	var data contacts.ErrorData
	decode(t, string(e.Data), &data)
	if *data.LabelsQuota != "2000" || *data.LabelsCurrentTotal != "2000" {
		t.Errorf("%s", e.Data)
	}
}

func TestViolations(t *testing.T) {
	client, _ := clientOf(t, always(400, `{"message":"in words","details":{"validationError":{"fieldViolations":[`+
		`{"field":"info.emails.items[0].email","description":"must be an email","violatedRule":"FORMAT","data":{"expected":"EMAIL"}},`+
		`{"field":"info","description":"odd","violatedRule":"CUSTOM","ruleName":"INVALID_NOTE"}]}}}`))
	_, err := client.Contacts.Create(background(), contacts.CreateContactRequest{Info: ada})
	var e *contacts.APIError
	if !errors.As(err, &e) || !errors.Is(err, contacts.ErrInvalid) {
		t.Fatal(err)
	}
	want := []contacts.Violation{
		{Field: "info.emails.items[0].email", Description: "must be an email", Rule: "FORMAT"},
		{Field: "info", Description: "odd", Rule: "CUSTOM", RuleName: "INVALID_NOTE"},
	}
	if !slices.Equal(e.Violations, want) || e.Code != "" {
		t.Errorf("%+v", e)
	}
}

// Whether the service writes a revision or a job's counts as numbers or as strings of digits, both are read; what goes back is of the kind
// it was.
func TestNumbersAsStrings(t *testing.T) {
	client, s := clientOf(t, func(r *http.Request, _ string) *http.Response {
		if strings.Contains(r.URL.Path, "/jobs/") {
			return reply(200, `{"job":{"status":"COMPLETED","totalItems":"12","successTotal":"12","failedTotal":"0"}}`)
		}
		if r.Method == http.MethodPatch {
			return reply(200, `{"contact":{"id":"`+contactID+`","revision":"6","info":{"company":"Other Inc"}}}`)
		}
		return reply(200, `{"contact":{"id":"`+contactID+`","revision":"5","info":{"company":"Example Inc"}}}`)
	})
	got, err := client.Contacts.UpdateWithRetry(background(), contactID, func(c *contacts.Contact) error {
		c.Info.Company = ptr("Other Inc")
		return nil
	})
	if err != nil || got.Revision != 6 {
		t.Errorf("%v: %+v", err, got)
	}
	if sent := s.requests()[1].body; !sameJSON(t, sent, `{"revision":"5","info":{"company":"Other Inc"}}`) {
		t.Errorf("sent %s", sent)
	}
	job, err := client.Contacts.BulkDeleteWait(background(), &contacts.BulkDeleteContactsResponse{JobID: jobID})
	if err != nil || *job.TotalItems != 12 {
		t.Errorf("%v: %+v", err, job)
	}
}
