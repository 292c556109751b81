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
		{Call{ID: "getFieldSet", Method: "GET", Path: "/field_sets/{id}", Noun: "Fields"}, "GetFieldSet"},
		{Call{ID: "getFieldRules", Method: "GET", Path: "/fields/{id}/rules", Noun: "Fields"}, "GetRules"},
		{Call{ID: "getLabelArticles", Method: "GET", Path: "/labels/{id}/articles", Noun: "Article"}, "GetLabelArticles"},
		{Call{ID: "manualImport", Method: "POST", Path: "/imports/manual", Noun: "Imports"}, "ManualImport"},
		// A get of many is a list, where the answer is one.
		{Call{ID: "getAttachmentComments", Method: "GET", Path: "/attachments/{id}/comments", Noun: "Comment", Listing: true},
			"ListAttachmentComments"},
		{Call{ID: "getLabelArticles", Method: "GET", Path: "/labels/{id}/articles", Noun: "Article", Listing: true}, "ListLabelArticles"},
		{Call{ID: "getFieldRules", Method: "GET", Path: "/fields/{id}/rules", Noun: "Fields", Listing: true}, "ListRules"},
		{Call{ID: "getBlogPosts", Method: "GET", Path: "/blogposts", Noun: "BlogPost", Listing: true}, "List"},
		{Call{ID: "getRelationships", Method: "GET", Path: "/tuples", Noun: "Relationship", Listing: true}, "List"},
		{Call{ID: "GetSuppliesByShelf", Method: "GET", Path: "/supplies", Noun: "Supplies", Listing: true}, "ListByShelf"},
		{Call{ID: "get-list-members", Method: "GET", Path: "/members", Noun: "People", Listing: true}, "ListMembers"},
		{Call{ID: "Countries_GetCountries", Method: "GET", Path: "/countries", Noun: "Countries", Listing: true}, "List"},
		{Call{ID: "Countries_GetCountry", Method: "GET", Path: "/countries/{id}", Noun: "Countries"}, "Get"},
		{Call{ID: "getServices", Method: "GET", Path: "/services/", Noun: "service", Listing: true}, "List"},
		// It stays a get where it is told which, where what it gets has no number, where it gets one, and where nothing is known.
		{Call{ID: "get-several-albums", Method: "GET", Path: "/albums", Noun: "Music", Listing: true}, "GetSeveralAlbums"},
		{Call{ID: "getUsageStatistics", Method: "GET", Path: "/usage", Noun: "Accounts", Listing: true}, "GetUsageStatistics"},
		{Call{ID: "getObject", Method: "GET", Path: "/objects", Noun: "objects", Stream: true}, "Get"},
		{Call{Method: "GET", Path: "/events", Noun: "events", Stream: true}, "List"},
		{Call{ID: "getPayments", Method: "GET", Path: "/payments", Noun: "Payments", Single: true}, "Get"},
		{Call{ID: "createContactGroupContacts", Method: "PUT", Path: "/groups/{id}/contacts", Noun: "Contacts"}, "CreateContactGroupContacts"},
		// Ways to a verb.
		{Call{ID: "people.contactGroups.list", Method: "GET", Path: "/v1/contactGroups", Noun: "contactGroups"}, "List"},
		{Call{ID: "people.contactGroups.batchGet", Method: "GET", Path: "/v1/contactGroups:batchGet", Noun: "contactGroups"}, "BatchGet"},
		{Call{ID: "people.people.connections.list", Method: "GET", Path: "/v1/{name}/connections", Noun: "people"}, "ListConnections"},
		{Call{ID: "run.projects.locations.revisions.delete", Method: "DELETE", Path: "/projects/{p}/revisions/{r}", Noun: "projects"},
			"DeleteLocationRevision"},
		// Methods and paths.
		{Call{ID: "put_files_id", Method: "PUT", Path: "/files/{id}", Noun: "Files"}, "Put"},
		{Call{ID: "get_files_id_metadata_id_id", Method: "GET", Path: "/files/{id}/metadata/{scope}/{key}", Noun: "Instances"},
			"GetFileMetadata"},
		{Call{ID: "get-/crm/v3/contacts_getPage", Method: "GET", Path: "/crm/v3/contacts", Noun: "Basic"}, "GetPage"},
		{Call{ID: "patch-/crm/v3/contacts/{id}_update", Method: "PATCH", Path: "/crm/v3/contacts/{id}", Noun: "Basic"}, "Update"},
		{Call{ID: "get-/crm/objects/2026-09/{objectType}_/crm/objects/2026-03/{objectType}", Method: "GET",
			Path: "/crm/objects/2026-09/{objectType}", Noun: "Basic"}, "ListCrmObjects"},
		{Call{ID: "read_item_items__item_id__get", Method: "GET", Path: "/items/{item_id}", Noun: "items"}, "Read"},
		{Call{ID: "ByShopCartsGet", Method: "GET", Path: "/{shop}/carts", Noun: "carts"}, "List"},
		{Call{ID: "ByShopCartsByIDGet", Method: "GET", Path: "/{shop}/carts/{ID}", Noun: "carts"}, "Get"},
		{Call{ID: "ByShopCartsKeyByKeyGet", Method: "GET", Path: "/{shop}/carts/key={key}", Noun: "carts"}, "Get"},
		{Call{ID: "ByShopCartsReplicatePost", Method: "POST", Path: "/{shop}/carts/replicate", Noun: "carts"}, "Replicate"},
		{Call{ID: "getstopWords", Method: "GET", Path: "/indexes/{id}/settings/stop-words", Noun: "Settings", Listing: true}, "ListStopWords"},
		{Call{ID: "putdictionary", Method: "PUT", Path: "/indexes/{id}/settings/dictionary", Noun: "Settings"}, "PutDictionary"},
		{Call{ID: "get_users_id_tags", Method: "GET", Path: "/users/{id}/tags", Noun: "Users", Listing: true}, "ListTags"},
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

// TestNamesOfOtherScripts keeps the promise that letters of any script stay what they are where Go has them in names, and that accents go.
func TestNamesOfOtherScripts(t *testing.T) {
	for spelling, want := range map[string][2]string{
		"Op日本":         {"Op日本", "op日本"},
		"日本":           {"N日本", "日本"},
		"контакт":      {"Контакт", "контакт"},
		"список имён":  {"СписокИмён", "списокИмён"},
		"ガイド":          {"Nガイド", "ガイド"},
		"한국어":          {"N한국어", "한국어"},
		"première":     {"Premiere", "premiere"},
		"Ａｂｃ ﬁeld":     {"AbcField", "abcField"},
		"straße":       {"Straße", "straße"},
		"2番目":          {"N2番目", "n2番目"},
		"api-version":  {"APIVersion", "apiVersion"},
		"größe_in_px²": {"GroßeInPx2", "großeInPx2"},
	} {
		if got := [2]string{Exported(spelling), Unexported(spelling)}; got != want {
			t.Errorf("%q is %q, not %q", spelling, got, want)
		}
	}
}

// TestTheNextNameSaysMore keeps the promise that names which are made of a path and clash are told apart by what the path ends in.
func TestTheNextNameSaysMore(t *testing.T) {
	list := MethodForms(Call{Method: "GET", Path: "/{shop}/carts/key={key}", Noun: "carts"})
	if len(list) < 2 || list[0] != "Get" || list[1] != "GetByKey" {
		t.Errorf("%q", list)
	}
	labels := Labels(Call{Method: "GET", Path: "/{shop}/carts/key={key}", Noun: "carts"})
	if len(labels) < 2 || labels[0] != "GetCart" || labels[1] != "GetCartByKey" {
		t.Errorf("%q", labels)
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
