// Command import brings a CSV of emails, first names and companies into Contacts. Without API_KEY and SITE_ID it does so to a fake:
//
//	go -C testdata/examples run ./importer/import < testdata/examples/importer/people.csv
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
	"github.com/contactsgen/contactsgen/testdata/examples/importer"
)

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	options := []contacts.ClientOption{contacts.WithAPIKey(os.Getenv("API_KEY")), contacts.WithSiteID(os.Getenv("SITE_ID"))}
	if os.Getenv("API_KEY") == "" {
		options = []contacts.ClientOption{contacts.WithAPIKey("key"), contacts.WithSiteID("site"),
			contacts.WithHTTPClient(&http.Client{Transport: contactstest.New().Transport()})}
	}
	client, err := contacts.NewClient(options...)
	if err != nil {
		log.Fatal(err)
	}
	result, err := importer.Import(ctx, client, os.Stdin, "Imported", func(line int, err error) { log.Printf("line %d: %v", line, err) })
	fmt.Printf("%d created, %d updated, %d unchanged, %d failed\n", result.Created, result.Updated, result.Unchanged, result.Failed)
	if err != nil {
		log.Fatal(err)
	}
}
