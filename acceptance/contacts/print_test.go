package contacts_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// A client can be printed anywhere and by any verb: what is seen is where it sends to.
func TestPrintedClient(t *testing.T) {
	for _, credentials := range [][]contacts.ClientOption{
		{contacts.WithAPIKey(theKey), contacts.WithSiteID(theSite)},
		{contacts.WithAppCredentials("app-4713", theSecret, "instance-4714")},
	} {
		c, err := contacts.NewClient(credentials...)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(c); got != "contacts client of https://www.wixapis.com" {
			t.Error(got)
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%10v"} {
			for name, v := range map[string]any{
				"*client": c, "client": *c, "service": c.Contacts, "service, by value": *c.Contacts, "inside": struct{ C *contacts.Client }{c},
				"unexported": struct{ c contacts.Client }{*c}, "list": []any{c}, "options": credentials,
			} {
				got := fmt.Sprintf(verb, v)
				for _, secret := range []string{theKey, theSite, theSecret, "app-4713"} {
					if strings.Contains(got, secret) || strings.Contains(strings.ToLower(got), fmt.Sprintf("%x", secret)) {
						t.Errorf("%s of %s shows %s", verb, name, secret)
					}
				}
			}
		}
	}
}

// What is printed or logged of a contact, wherever it is in what is printed, is which one it is. The rest is somebody's.
func TestPrintedContact(t *testing.T) {
	fake := contactstest.NewServer(t)
	id := fake.Seed("Contact", `{"info":{"name":{"first":"Ada"},"company":"Example Works"}}`)
	c, err := connected(t, fake).Contacts.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("Contact{id: %s, revision: 1}", id)
	for _, verb := range []string{"%v", "%+v", "%s"} {
		if got := fmt.Sprintf(verb, c) + fmt.Sprintf(verb, *c); got != want+want {
			t.Errorf("%s: %s", verb, got)
		}
		if got := fmt.Sprintf(verb, struct{ C []contacts.Contact }{[]contacts.Contact{*c}}); !strings.Contains(got, want) || len(got) > len(want)+
			10 {
			t.Errorf("%s, inside: %s", verb, got)
		}
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("read", "c", c, "none", (*contacts.Contact)(nil))
	slog.New(slog.NewJSONHandler(&log, nil)).Info("read", "c", *c)
	for _, part := range []string{"c.id=" + id + " c.revision=1", `"c":{"id":"` + id + `","revision":"1"}`} {
		if !strings.Contains(log.String(), part) || strings.Contains(log.String(), "Ada") || strings.Contains(log.String(), "123") {
			t.Errorf("logged is %s", log.String())
		}
	}
	if got := (contacts.Contact{ID: "ada@example.com"}).String() + (contacts.Contact{}).String(); got != "Contact{}Contact{}" {
		t.Error(got)
	}
}

// Two reads of one state are equal, though each keeps its own answer, and so is a contact that was never read.
func TestEqualContacts(t *testing.T) {
	fake := contactstest.NewServer(t)
	client := connected(t, fake)
	id := fake.Seed("Contact", `{"info":{"name":{"first":"Ada"},"company":"Example Works"}}`)
	read := func() *contacts.Contact {
		c, err := client.Contacts.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	a, b := read(), read()
	var stored contacts.Contact
	fake.Get("Contact", id, &stored)
	if !a.Equal(*b) || !a.Equal(stored) || !stored.Equal(*a) || !(contacts.Contact{}).Equal(contacts.Contact{}) {
		t.Error("the same state is not equal")
	}
	b.Info.Company = ptr("Other Works")
	if a.Equal(*b) || a.Equal(contacts.Contact{}) {
		t.Error("another state is equal")
	}
	// This is the form that package cmp looks for.
	if _, ok := any(*a).(interface{ Equal(contacts.Contact) bool }); !ok {
		t.Error("Equal is no method of the value")
	}
}
