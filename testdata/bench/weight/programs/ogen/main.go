// Command ogen makes one call with the client of ogen.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/google/uuid"
	"github.com/ogen-go/ogen/ogenerrors"

	api "github.com/contactsgen/contactsgen/testdata/bench/gen/ogen"
)

func main() {
	client, err := api.NewClient(os.Args[1], credentials{})
	if err != nil {
		log.Fatal(err)
	}
	res, err := client.GetContact(context.Background(), api.GetContactParams{ContactId: uuid.MustParse(os.Args[2])})
	if err != nil {
		log.Fatal(err)
	}
	if got, ok := res.(*api.GetContactResponse); ok {
		fmt.Println(got.Contact.Revision)
	}
}

type credentials struct{}

func (credentials) ApiKey(context.Context, api.OperationName) (api.ApiKey, error) {
	return api.ApiKey{APIKey: os.Args[3]}, nil
}

func (credentials) SiteId(context.Context, api.OperationName) (api.SiteId, error) {
	return api.SiteId{APIKey: os.Args[4]}, nil
}

func (credentials) AccountId(context.Context, api.OperationName) (api.AccountId, error) {
	return api.AccountId{}, ogenerrors.ErrSkipClientSecurity
}

func (credentials) OAuth(context.Context, api.OperationName) (api.OAuth, error) {
	return api.OAuth{}, ogenerrors.ErrSkipClientSecurity
}
