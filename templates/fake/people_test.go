package fake

// people is the description of Contacts V4, as a table.
var people = api{
	Title: "Contacts",
	Pack:  "contacts",
	Errors: errorFormat{
		Code:        location{In: inBody, At: "/details/applicationError/code"},
		Message:     location{In: inBody, At: "/message"},
		Description: location{In: inBody, At: "/details/applicationError/description"},
		Data:        location{In: inBody, At: "/details/applicationError/data"},
		Violations:  location{In: inBody, At: "/details/validationError/fieldViolations"},
		Violation:   violationMembers{Field: "field", Description: "description", Rule: "violatedRule"},
		RequestID:   location{In: inHeader, Name: "x-wix-request-id"},
	},
	Collections: []collection{
		{Name: "Contact", Key: []string{"/id"}, Tokens: []token{{At: "/revision", Form: formNumber}}, Created: []string{"/createdDate"}, Updated: []string{"/updatedDate"}},
		{Name: "ContactLabel", Key: []string{"/key"}, Created: []string{"/createdDate"}, Updated: []string{"/updatedDate"}},
	},
	Routes: []route{
		{ID: "createContact", Method: "POST", Path: "/contacts/v4/contacts", Verb: verbCreate, Collection: "Contact", Resource: "/contact"},
		{ID: "updateContact", Method: "PATCH", Path: "/contacts/v4/contacts/{contactId}", Verb: verbUpdate, Collection: "Contact", Key: contactID, Resource: "/contact",
			Payload: payload{Send: "/info", Read: "/info"},
			Guard: &guard{Tokens: []sent{{In: location{In: inBody, At: "/revision"}}},
				Conflict: conflictRule{Status: 409, Code: "CONTACT_ALREADY_CHANGED", Text: "^Contact has been updated"}}},
		{ID: "mergeContacts", Method: "POST", Path: "/contacts/v4/contacts/{targetContactId}/merge", Collection: "Contact", Key: []location{{In: inPath, Name: "targetContactId"}}, Resource: "/contact",
			Guard: &guard{Tokens: []sent{{In: location{In: inBody, At: "/targetContactRevision"}}}, Conflict: conflictRule{Status: 428, Code: "FAILED_PRECONDITION"}}},
		{ID: "previewMergeContacts", Method: "POST", Path: "/contacts/v4/contacts/{targetContactId}/preview-merge", Safe: true},
		{ID: "deleteContact", Method: "DELETE", Path: "/contacts/v4/contacts/{contactId}", Verb: verbDelete, Collection: "Contact", Key: contactID},
		{ID: "labelContact", Method: "POST", Path: "/contacts/v4/contacts/{contactId}/labels"},
		{ID: "unlabelContact", Method: "DELETE", Path: "/contacts/v4/contacts/{contactId}/labels"},
		{ID: "listContacts", Method: "GET", Path: "/contacts/v4/contacts", Verb: verbList, Collection: "Contact", Safe: true},
		{ID: "queryContacts", Method: "POST", Path: "/contacts/v4/contacts/query", Verb: verbQuery, Collection: "Contact", Safe: true},
		{ID: "listFacets", Method: "GET", Path: "/contacts/v4/contacts/facets", Safe: true},
		{ID: "queryFacets", Method: "POST", Path: "/contacts/v4/contacts/facets/query", Safe: true},
		{ID: "bulkDeleteContacts", Method: "POST", Path: "/contacts/v4/bulk/contacts/delete"},
		{ID: "bulkUpdateContacts", Method: "POST", Path: "/contacts/v4/bulk/contacts/update"},
		{ID: "bulkLabelAndUnlabelContacts", Method: "POST", Path: "/contacts/v4/bulk/contacts/add-remove-labels"},
		{ID: "getContact", Method: "GET", Path: "/contacts/v4/contacts/{id}", Safe: true, Verb: verbRead, Collection: "Contact", Key: []location{{In: inPath, Name: "id"}}, Resource: "/contact"},
		{ID: "getBulkJob", Method: "GET", Path: "/contacts/v4/bulk/jobs/{id}", Safe: true},
		{ID: "listBulkJobs", Method: "GET", Path: "/contacts/v4/bulk/jobs", Safe: true},
		{ID: "listLabels", Method: "GET", Path: "/contacts/v4/labels", Safe: true, Verb: verbList},
		{ID: "findOrCreateLabel", Method: "POST", Path: "/contacts/v4/labels"},
		{ID: "getLabel", Method: "GET", Path: "/contacts/v4/labels/{key}", Safe: true, Verb: verbRead, Collection: "ContactLabel", Key: labelKey, Resource: "/label"},
		{ID: "renameLabel", Method: "PATCH", Path: "/contacts/v4/labels/{label.key}"},
		{ID: "deleteLabel", Method: "DELETE", Path: "/contacts/v4/labels/{key}"},
		{ID: "queryLabels", Method: "POST", Path: "/contacts/v4/labels/query", Safe: true, Verb: verbQuery},
		{ID: "listExtendedFields", Method: "GET", Path: "/contacts/v4/extended-fields", Safe: true, Verb: verbList},
		{ID: "findOrCreateExtendedField", Method: "POST", Path: "/contacts/v4/extended-fields"},
		{ID: "getExtendedField", Method: "GET", Path: "/contacts/v4/extended-fields/{key}", Safe: true},
		{ID: "renameExtendedField", Method: "PATCH", Path: "/contacts/v4/extended-fields/{field.key}"},
		{ID: "deleteExtendedField", Method: "DELETE", Path: "/contacts/v4/extended-fields/{key}"},
		{ID: "queryExtendedFields", Method: "POST", Path: "/contacts/v4/extended-fields/query", Safe: true, Verb: verbQuery},
		{ID: "generateAttachmentUploadUrl", Method: "POST", Path: "/contacts/v4/attachments/{contactId}/upload-url"},
		{ID: "listAttachments", Method: "GET", Path: "/contacts/v4/attachments/{contactId}", Safe: true},
		{ID: "getAttachment", Method: "GET", Path: "/contacts/v4/attachments/{contactId}/{attachmentId}", Safe: true},
		{ID: "deleteAttachment", Method: "DELETE", Path: "/contacts/v4/attachments/{contactId}/{attachmentId}"},
		{ID: "appendOrCreateContact", Method: "POST", Path: "/contacts/v4/contact-submit"},
	},
}

var (
	contactID = []location{{In: inPath, Name: "contactId"}}
	labelKey  = []location{{In: inPath, Name: "key"}}
)
