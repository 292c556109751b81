// Command sites looks for one person on many sites at once, on fakes:
//
//	go -C testdata/examples run ./sites
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"sync"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

func main() {
	log.SetFlags(0)
	s := sites{connect: func(site string) (*contacts.Client, error) {
		fake := contactstest.New()
		if site != "empty" {
			fake.Seed("Contact", `{"info": {"emails": {"items": [{"email": "ada@example.com", "tag": "MAIN"}]}}}`)
		}
		return contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID(site), contacts.WithTenant(site),
			contacts.WithHTTPClient(&http.Client{Transport: fake.Transport()}))
	}}
	for _, name := range []string{"shop", "empty", "blog"} {
		n, err := s.count(context.Background(), name, "ada@example.com")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(name, n)
	}
}

// sites keeps one client for each site. A client is safe for use by many goroutines, and those that share one queue up for a contact
// instead of meeting; two clients of one site would not know of each other.
type sites struct {
	connect func(site string) (*contacts.Client, error)
	mu      sync.Mutex
	clients map[string]*contacts.Client
}

// of gives the client of a site.
func (s *sites) of(site string) (*contacts.Client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.clients[site]; c != nil {
		return c, nil
	}
	c, err := s.connect(site)
	if err != nil {
		return nil, fmt.Errorf("site %s: %w", site, err)
	}
	if s.clients == nil {
		s.clients = map[string]*contacts.Client{}
	}
	s.clients[site] = c
	return c, nil
}

// count says how many contacts of a site have an email.
func (s *sites) count(ctx context.Context, site, email string) (n int, err error) {
	client, err := s.of(site)
	if err != nil {
		return 0, err
	}
	query := contacts.QueryContactsRequest{Query: contacts.ContactQuery{Filter: contacts.Filter{"primaryInfo.email": email}}}
	for _, err := range client.Contacts.QueryAll(ctx, query) {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}
