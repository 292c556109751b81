package main

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

func TestRename(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := contactstest.New()
		t.Cleanup(fake.Close)
		id := fake.Seed("Contact", `{"info": {"name": {"first": "Ada"}, "company": "Old"}}`)
		client, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("site"),
			contacts.WithHTTPClient(&http.Client{Transport: fake.Transport()}))
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := rename(t.Context(), client, &out, "Old", "New"); err != nil {
			t.Fatal(err)
		}
		var c contacts.Contact
		if !fake.Get("Contact", id, &c) || *c.Info.Company != "New" || !strings.HasSuffix(out.String(), "COMPLETED: 1 of 1\n") {
			t.Errorf("%s, and printed\n%s", *c.Info.Company, &out)
		}
	})
}
