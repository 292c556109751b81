package main

import (
	"net/http"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// Each call goes to its site, whichever client it began with.
func TestCount(t *testing.T) {
	fakes := fakeSites{"a": contactstest.New(), "b": contactstest.New()}
	fakes["a"].Seed("Contact", `{"info": {"emails": {"items": [{"email": "ada@example.com", "tag": "MAIN"}]}}}`)
	client, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("b"),
		contacts.WithHTTPClient(&http.Client{Transport: fakes}))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		site string
		n    int
	}{{"a", 1}, {"b", 0}, {"a", 1}} {
		if n, err := count(t.Context(), client, want.site, "ada@example.com"); n != want.n || err != nil {
			t.Errorf("%s: %d, %v", want.site, n, err)
		}
	}
	if a, b := fakes["a"].Count(), fakes["b"].Count(); a != 2 || b != 1 {
		t.Errorf("%d requests to a and %d to b", a, b)
	}
}
