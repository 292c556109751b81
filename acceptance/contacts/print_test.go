package contacts_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generated/contacts"
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
