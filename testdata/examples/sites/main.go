// Command sites looks for one person on many sites, on fakes:
//
//	go -C testdata/examples run ./sites
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

func main() {
	log.SetFlags(0)
	fakes := fakeSites{"shop": contactstest.New(), "empty": contactstest.New(), "blog": contactstest.New()}
	for _, site := range []string{"shop", "blog"} {
		fakes[site].Seed("Contact", `{"info": {"emails": {"items": [{"email": "ada@example.com", "tag": "MAIN"}]}}}`)
	}
	client, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("shop"),
		contacts.WithHTTPClient(&http.Client{Transport: fakes}))
	if err != nil {
		log.Fatal(err)
	}
	for _, site := range []string{"shop", "empty", "blog"} {
		n, err := count(context.Background(), client, site, "ada@example.com")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(site, n)
	}
}

// count says how many contacts of a site have an email.
func count(ctx context.Context, client *contacts.Client, site, email string) (n int, err error) {
	client, err = client.With(contacts.WithSiteID(site), contacts.WithTenant(site))
	if err != nil {
		return 0, fmt.Errorf("site %s: %w", site, err)
	}
	query := contacts.QueryContactsRequest{Query: contacts.ContactQuery{Filter: contacts.Where.PrimaryInfoEmail.Eq(email)}}
	for _, err := range client.Contacts.QueryAll(ctx, query) {
		if err != nil {
			return 0, fmt.Errorf("site %s: %w", site, err)
		}
		n++
	}
	return n, nil
}

// fakeSites stand in for the API: a request goes to the fake of the site that it names.
type fakeSites map[string]*contactstest.Server

func (f fakeSites) RoundTrip(r *http.Request) (*http.Response, error) {
	fake := f[r.Header.Get("wix-site-id")]
	if fake == nil {
		return nil, fmt.Errorf("there is no such site")
	}
	return fake.Transport().RoundTrip(r)
}
