// Package stock makes the calls with the client of oapi-codegen.
package stock

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"github.com/contactsgen/contactsgen/testdata/bench/calling/calls"
	api "github.com/contactsgen/contactsgen/testdata/bench/gen/stock"
)

// Name is what the client is called in tables.
const Name = "oapi-codegen"

// New makes a client.
func New(base string, h *http.Client) (*calls.Client, error) {
	credentials := func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", calls.Key)
		r.Header.Set("wix-site-id", calls.Site)
		return nil
	}
	c, err := api.NewClientWithResponses(base, api.WithHTTPClient(h), api.WithRequestEditorFn(credentials))
	if err != nil {
		return nil, err
	}
	id, missing := uuid.MustParse(calls.ID), uuid.MustParse(calls.Missing)
	return &calls.Client{
		Name: Name,
		Get: func(ctx context.Context) error {
			got, err := c.GetContactWithResponse(ctx, id, &api.GetContactParams{})
			if err == nil && *got.JSON200.Contact.Id != id {
				err = errors.New("another contact")
			}
			return err
		},
		Update: func(ctx context.Context) error {
			got, err := c.UpdateContactWithResponse(ctx, id, api.UpdateContactJSONRequestBody{Revision: 1, Info: info()})
			if err == nil && *got.JSON200.Contact.Revision != 2 {
				err = errors.New("another revision")
			}
			return err
		},
		Fail: func(ctx context.Context) error {
			got, err := c.GetContactWithResponse(ctx, missing, &api.GetContactParams{})
			if err == nil && *got.JSON404.Details.ApplicationError.Code == "" {
				err = errors.New("no error with a code")
			}
			return err
		},
		List: func(ctx context.Context) error {
			got, err := c.ListContactsWithResponse(ctx, &api.ListContactsParams{PagingLimit: new(int32(calls.Listed))})
			if err == nil && len(got.JSON200.Contacts) != calls.Listed {
				err = errors.New("another page")
			}
			return err
		},
	}, nil
}

func info() api.ContactInfo {
	return api.ContactInfo{
		Name:     &api.ContactName{First: new("Ada"), Last: new("Example")},
		JobTitle: new("Clerk"),
		Emails:   &api.ContactEmails{Items: &[]api.ContactEmail{{Tag: new(api.EmailTagMAIN), Email: new("ada@example.com")}}},
		Phones:   &api.ContactPhones{Items: &[]api.ContactPhone{{Tag: new(api.PhoneTagMOBILE), Phone: new("2025550123")}}},
	}
}
