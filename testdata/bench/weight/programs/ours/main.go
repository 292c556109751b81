// Command ours makes one call with our client.
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
	got, err := client.Contacts.Get(context.Background(), os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(got.Revision)
}
