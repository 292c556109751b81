// Command stock makes one call with the client of oapi-codegen.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/google/uuid"

	api "github.com/contactsgen/contactsgen/testdata/bench/gen/stock"
)

func main() {
	client, err := api.NewClientWithResponses(os.Args[1], api.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", os.Args[3])
		return nil
	}))
	if err != nil {
		log.Fatal(err)
	}
	got, err := client.GetContactWithResponse(context.Background(), uuid.MustParse(os.Args[2]), &api.GetContactParams{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*got.JSON200.Contact.Revision)
}
