package naming

import "testing"

// TestMethodForms keeps the promise that the name of a method says what its call does, and nothing else.
func TestMethodForms(t *testing.T) {
	for _, tt := range []struct {
		call Call
		want string
	}{
		// The path says how many are read, whatever the operationId says.
		{Call{ID: "getPersons", Method: "GET", Path: "/persons", Noun: "Persons"}, "List"},
		{Call{ID: "getPerson", Method: "GET", Path: "/persons", Noun: "Persons"}, "List"},
		{Call{ID: "getPerson", Method: "GET", Path: "/persons/{id}", Noun: "Persons"}, "Get"},
		{Call{ID: "getPersons", Method: "GET", Path: "/persons/{id}", Noun: "Persons"}, "Get"},
		{Call{ID: "getSettings", Method: "GET", Path: "/settings", Noun: "settings"}, "Get"},
		{Call{ID: "retrieveVisitorWithUserId", Method: "GET", Path: "/visitors", Noun: "Visitors"}, "RetrieveWithUserID"},
		// The noun goes where it is the object of the verb.
		{Call{ID: "bulkLabelAndUnlabelContacts", Method: "POST", Path: "/bulk", Noun: "Contacts"}, "BulkLabelAndUnlabel"},
		{Call{ID: "update-a-contact", Method: "PUT", Path: "/contacts/{id}", Noun: "Contacts"}, "Update"},
		{Call{ID: "findMatchingContacts", Method: "POST", Path: "/contacts/match", Noun: "Contacts"}, "FindMatching"},
		{Call{ID: "appendBlockChildren", Method: "PATCH", Path: "/blocks/{id}/children", Noun: "Blocks"}, "AppendChildren"},
		{Call{ID: "ContainerAttach", Method: "POST", Path: "/containers/{id}/attach", Noun: "Container"}, "Attach"},
		// It stays where it says what no other word does.
		{Call{ID: "listCompaniesForAPerson", Method: "GET", Path: "/persons/{id}/companies", Noun: "Persons"}, "ListCompaniesForAPerson"},
		{Call{ID: "create-booking-payment", Method: "POST", Path: "/bookings/{id}/payment", Noun: "Payments"}, "CreateBookingPayment"},
		{Call{ID: "getAttachmentComments", Method: "GET", Path: "/attachments/{id}/comments", Noun: "Comment"}, "GetAttachmentComments"},
		{Call{ID: "createContactGroupContacts", Method: "PUT", Path: "/groups/{id}/contacts", Noun: "Contacts"}, "CreateContactGroupContacts"},
		// Ways to a verb.
		{Call{ID: "people.contactGroups.list", Method: "GET", Path: "/v1/contactGroups", Noun: "contactGroups"}, "List"},
		{Call{ID: "people.contactGroups.batchGet", Method: "GET", Path: "/v1/contactGroups:batchGet", Noun: "contactGroups"}, "BatchGet"},
		{Call{ID: "people.people.connections.list", Method: "GET", Path: "/v1/{name}/connections", Noun: "people"}, "ListConnections"},
		{Call{ID: "run.projects.locations.revisions.delete", Method: "DELETE", Path: "/projects/{p}/revisions/{r}", Noun: "projects"}, "DeleteLocationRevision"},
		// Methods and paths.
		{Call{ID: "put_files_id", Method: "PUT", Path: "/files/{id}", Noun: "Files"}, "Put"},
		{Call{ID: "get_files_id_metadata_id_id", Method: "GET", Path: "/files/{id}/metadata/{scope}/{key}", Noun: "Instances"}, "GetFileMetadata"},
		{Call{ID: "get-/crm/v3/contacts_getPage", Method: "GET", Path: "/crm/v3/contacts", Noun: "Basic"}, "GetPage"},
		{Call{ID: "patch-/crm/v3/contacts/{id}_update", Method: "PATCH", Path: "/crm/v3/contacts/{id}", Noun: "Basic"}, "Update"},
		{Call{ID: "get-/crm/objects/2026-09/{objectType}_/crm/objects/2026-03/{objectType}", Method: "GET", Path: "/crm/objects/2026-09/{objectType}", Noun: "Basic"}, "ListCrmObjects"},
		{Call{ID: "read_item_items__item_id__get", Method: "GET", Path: "/items/{item_id}", Noun: "items"}, "Read"},
		{Call{Method: "GET", Path: "/books/{id}/cover", Noun: "books"}, "GetCover"},
		{Call{Method: "POST", Path: "/books", Noun: "books", Creates: true}, "Create"},
		{Call{Method: "POST", Path: "/orders/{id}/cancel", Noun: "orders"}, "Cancel"},
		{Call{Method: "POST", Path: "/orders/{id}/label", Noun: "orders"}, "PostLabel"},
	} {
		if got := MethodForms(tt.call)[0]; got != tt.want {
			t.Errorf("%s %s %q of %q is %s, not %s", tt.call.Method, tt.call.Path, tt.call.ID, tt.call.Noun, got, tt.want)
		}
	}
}

// TestNamesAreBounded keeps the promise that what is made of a path has a length that people read.
func TestNamesAreBounded(t *testing.T) {
	path := "/metadata/of/every/single/resource/that/somebody/could/want/below/{id}/enterprise/securityClassification"
	for _, c := range []Call{{Method: "PUT", Path: path}, {ID: "put-" + path, Method: "PUT", Path: path}} {
		for _, name := range MethodForms(c) {
			if len(name) > MaxMethod {
				t.Errorf("%s has %d characters", name, len(name))
			}
		}
		if name := Label(c); len(name) > MaxMethod {
			t.Errorf("%s has %d characters", name, len(name))
		}
	}
}
