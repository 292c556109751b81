// Package ogen makes the calls with the client of ogen.
package ogen

import (
	"context"
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"github.com/ogen-go/ogen/ogenerrors"

	"github.com/contactsgen/contactsgen/testdata/bench/calling/calls"
	api "github.com/contactsgen/contactsgen/testdata/bench/gen/ogen"
)

// Name is what the client is called in tables.
const Name = "ogen"

// New makes a client.
func New(base string, h *http.Client) (*calls.Client, error) {
	c, err := api.NewClient(base, credentials{}, api.WithClient(h))
	if err != nil {
		return nil, err
	}
	id, missing := uuid.MustParse(calls.ID), uuid.MustParse(calls.Missing)
	return &calls.Client{
		Name: Name,
		Get: func(ctx context.Context) error {
			res, err := c.GetContact(ctx, api.GetContactParams{ContactId: id})
			if got, ok := res.(*api.GetContactResponse); err == nil && (!ok || got.Contact.ID != id) {
				err = fmt.Errorf("another answer: %T", res)
			}
			return err
		},
		Update: func(ctx context.Context) error {
			res, err := c.UpdateContact(ctx, &api.UpdateContactRequest{Revision: 1, Info: info()}, api.UpdateContactParams{ContactId: id})
			if got, ok := res.(*api.UpdateContactResponse); err == nil && (!ok || got.Contact.Revision != 2) {
				err = fmt.Errorf("another answer: %T", res)
			}
			return err
		},
		Fail: func(ctx context.Context) error {
			res, err := c.GetContact(ctx, api.GetContactParams{ContactId: missing})
			if err == nil {
				if _, ok := res.(*api.GetContactResponse); ok {
					err = fmt.Errorf("another answer: %T", res)
				}
			}
			return err
		},
		List: func(ctx context.Context) error {
			res, err := c.ListContacts(ctx, api.ListContactsParams{PagingLimit: api.NewOptInt32(calls.Listed)})
			if got, ok := res.(*api.ListContactsResponse); err == nil && (!ok || len(got.Contacts) != calls.Listed) {
				err = fmt.Errorf("another answer: %T", res)
			}
			return err
		},
	}, nil
}

func info() api.ContactInfo {
	return api.ContactInfo{
		Name:     api.NewOptContactName(api.ContactName{First: api.NewOptNilString("Ada"), Last: api.NewOptNilString("Example")}),
		JobTitle: api.NewOptNilString("Clerk"),
		Emails: api.NewOptContactEmails(api.ContactEmails{Items: []api.ContactEmail{
			{Tag: api.NewOptEmailTag(api.EmailTagMAIN), Email: api.NewOptString("ada@example.com")},
		}}),
		Phones: api.NewOptContactPhones(api.ContactPhones{Items: []api.ContactPhone{
			{Tag: api.NewOptPhoneTag(api.PhoneTagMOBILE), Phone: api.NewOptString("2025550123")},
		}}),
	}
}

// credentials are an API key and a site; the other schemes are not used.
type credentials struct{}

func (credentials) ApiKey(context.Context, api.OperationName) (api.ApiKey, error) {
	return api.ApiKey{APIKey: calls.Key}, nil
}

func (credentials) SiteId(context.Context, api.OperationName) (api.SiteId, error) {
	return api.SiteId{APIKey: calls.Site}, nil
}

func (credentials) AccountId(context.Context, api.OperationName) (api.AccountId, error) {
	return api.AccountId{}, ogenerrors.ErrSkipClientSecurity
}

func (credentials) OAuth(context.Context, api.OperationName) (api.OAuth, error) {
	return api.OAuth{}, ogenerrors.ErrSkipClientSecurity
}
