// Package plain makes the calls with our client.
package plain

import (
	"context"
	"errors"
	"net/http"

	"github.com/contactsgen/contactsgen/testdata/bench/calling/calls"
	api "github.com/contactsgen/contactsgen/testdata/bench/gen/plain"
)

// Name is what the client is called in tables.
const Name = "contactsgen"

// New makes a client.
func New(base string, h *http.Client) (*calls.Client, error) {
	c, err := api.NewClient(api.WithBaseURL(base), api.WithAPIKey(calls.Key), api.WithSiteID(calls.Site), api.WithHTTPClient(h))
	if err != nil {
		return nil, err
	}
	return &calls.Client{
		Name: Name,
		Get: func(ctx context.Context) error {
			got, err := c.Contacts.Get(ctx, calls.ID)
			if err == nil && got.ID != calls.ID {
				err = errors.New("another contact")
			}
			return err
		},
		Update: func(ctx context.Context) error {
			got, err := c.Contacts.Update(ctx, calls.ID, api.UpdateContactRequest{Revision: 1, Info: info()})
			if err == nil && got.Revision != 2 {
				err = errors.New("another revision")
			}
			return err
		},
		Fail: func(ctx context.Context) error {
			_, err := c.Contacts.Get(ctx, calls.Missing)
			if failed := (*api.APIError)(nil); !errors.As(err, &failed) || failed.Code == "" {
				return errors.New("no error with a code")
			}
			return nil
		},
		List: func(ctx context.Context) error {
			got, err := c.Contacts.List(ctx, api.ListContactsParams{PagingLimit: api.Ptr(int32(calls.Listed))})
			if err == nil && len(got.Contacts) != calls.Listed {
				err = errors.New("another page")
			}
			return err
		},
	}, nil
}

func info() api.ContactInfo {
	return api.ContactInfo{
		Name:     api.ContactName{First: api.Ptr("Ada"), Last: api.Ptr("Example")},
		JobTitle: api.Ptr("Clerk"),
		Emails:   api.ContactEmails{Items: []api.ContactEmail{{Tag: api.EmailTagMain, Email: "ada@example.com"}}},
		Phones:   api.ContactPhones{Items: []api.ContactPhone{{Tag: api.PhoneTagMobile, Phone: "2025550123"}}},
	}
}
