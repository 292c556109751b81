// Command bulk changes many contacts with one job of the API, and shows how far it is, on a fake:
//
//	go -C testdata/examples run ./bulk
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

func main() {
	log.SetFlags(0)
	fake := contactstest.New()
	for range 25 {
		fake.Seed("Contact", `{"info": {"name": {"first": "Ada"}, "company": "Exmaple Works"}}`)
	}
	client, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("site"),
		contacts.WithHTTPClient(&http.Client{Transport: fake.Transport()}))
	if err != nil {
		log.Fatal(err)
	}
	if err := rename(context.Background(), client, os.Stdout, "Exmaple Works", "Example Works"); err != nil {
		log.Fatal(err)
	}
}

// rename gives a company's name to everybody who has another one, and prints how far it is.
func rename(ctx context.Context, client *contacts.Client, out io.Writer, from, to string) error {
	started, err := client.Contacts.BulkUpdate(ctx, contacts.BulkUpdateContactsRequest{
		Filter: contacts.Where.InfoCompany.Eq(from),
		Info:   contacts.ContactInfo{Company: &to},
	})
	if err != nil {
		return err
	}
	_, err = client.Contacts.BulkUpdateWait(ctx, started, contacts.WithProgress(func(p contacts.Progress) {
		fmt.Fprintf(out, "%s: %d of %d\n", p.Status, p.Succeeded, p.Total)
	}))
	var partly *contacts.JobError
	if errors.As(err, &partly) {
		return fmt.Errorf("%d of %d could not be changed: %w", partly.Failed, partly.Total, err)
	}
	return err
}
