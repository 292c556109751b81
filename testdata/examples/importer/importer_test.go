package importer_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
	"github.com/contactsgen/contactsgen/testdata/examples/importer"
)

const list = "ada@example.com,Ada,Example Works\ngrace@example.com,Grace,Example Works\n"

// Ada is there already. Somebody else changes her while she is brought up to date, the answer about Grace is lost, and the API is busy.
func TestImport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, client := connect(t)
		ada := fake.Seed(
			"Contact",
			`{"info": {"name": {"first": "Augusta"}, "emails": {"items": [{"email": "ada@example.com", "tag": "MAIN"}]}}}`,
		)
		fake.Inject(
			contactstest.Fault{Kind: contactstest.Conflict, Operation: "updateContact", Edit: func(c map[string]any) {
				c["info"].(map[string]any)["jobTitle"] = "Mathematician"
			}},
			contactstest.Fault{Kind: contactstest.Throttle, Operation: "createContact", RetryAfter: "30"},
		)

		result, err := importer.Import(t.Context(), client, strings.NewReader(list), "Imported", func(line int, err error) {
			t.Errorf("line %d: %v", line, err)
		})
		if want := (importer.Result{Created: 1, Updated: 1}); err != nil || result != want {
			t.Errorf("%+v, %v", result, err)
		}
		var c contacts.Contact
		if !fake.Get("Contact", ada, &c) || *c.Info.Company != "Example Works" || *c.Info.JobTitle != "Mathematician" ||
			*c.Info.Name.First != "Augusta" {
			t.Errorf("stored %+v", c.Info)
		}
	})
}

// An import that runs again changes nothing, and a row that fails does not stop the others.
func TestImportAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake, client := connect(t)
		quiet := func(int, error) {}
		if _, err := importer.Import(t.Context(), client, strings.NewReader(list), "Imported", quiet); err != nil {
			t.Fatal(err)
		}
		fake.Inject(contactstest.Fault{Kind: contactstest.Fail, Operation: "createContact", Status: 400})
		result, err := importer.Import(t.Context(), client, strings.NewReader(list), "Imported", quiet)
		if want := (importer.Result{Unchanged: 1, Failed: 1}); err != nil || result != want {
			t.Errorf("%+v, %v", result, err)
		}
	})
}

func TestDuplicates(t *testing.T) {
	fake, client := connect(t)
	for range 3 {
		fake.Seed("Contact", `{"info": {"name": {"first": "Ada"}, "company": "Example Works"}}`)
	}
	fake.Inject(contactstest.Fault{Kind: contactstest.Conflict, Operation: "mergeContacts"})
	if merged, err := importer.Duplicates(t.Context(), client, "Example Works"); merged != 2 || err != nil {
		t.Errorf("%d merged, %v", merged, err)
	}
}

func connect(t *testing.T) (*contactstest.Server, *contacts.Client) {
	fake := contactstest.New()
	t.Cleanup(fake.Close)
	client, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("site"),
		contacts.WithHTTPClient(&http.Client{Transport: fake.Transport()}))
	if err != nil {
		t.Fatal(err)
	}
	return fake, client
}
