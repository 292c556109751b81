// Command guarded makes one revision-aware update with our client.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	api "github.com/contactsgen/contactsgen/testdata/bench/gen/plain"
)

func main() {
	client, err := api.NewClient(api.WithBaseURL(os.Args[1]), api.WithAPIKey(os.Args[3]), api.WithSiteID(os.Args[4]))
	if err != nil {
		log.Fatal(err)
	}
	got, err := client.Contacts.UpdateWithRetry(context.Background(), os.Args[2], func(c *api.Contact) error {
		c.Info.JobTitle = api.Ptr("Clerk")
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(got.Revision)
}
