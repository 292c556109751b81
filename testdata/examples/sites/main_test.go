package main

import (
	"errors"
	"net/http"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

func TestEachSiteHasItsOwnClient(t *testing.T) {
	made := 0
	s := sites{connect: func(site string) (*contacts.Client, error) {
		if site == "closed" {
			return nil, errors.New("no key")
		}
		made++
		fake := contactstest.New()
		t.Cleanup(fake.Close)
		fake.Seed("Contact", `{"info": {"emails": {"items": [{"email": "`+site+`@example.com", "tag": "MAIN"}]}}}`)
		return contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID(site), contacts.WithHTTPClient(&http.Client{Transport: fake.Transport()}))
	}}
	for range 2 {
		for _, site := range []string{"a", "b"} {
			if n, err := s.count(t.Context(), site, "a@example.com"); err != nil || (n == 1) != (site == "a") {
				t.Errorf("%s: %d, %v", site, n, err)
			}
		}
	}
	if _, err := s.count(t.Context(), "closed", "a@example.com"); made != 2 || err == nil {
		t.Errorf("%d clients, %v", made, err)
	}
}
