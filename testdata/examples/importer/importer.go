// Package importer brings a list of people into Contacts: whoever is there already is brought up to date, whoever is not is added. It may
// run again, and beside others that write to the same contacts.
package importer

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"github.com/contactsgen/contactsgen/generated/contacts"
)

// Result counts what an import did.
type Result struct {
	Created, Updated, Unchanged, Failed int
}

// Import reads rows of email, first name and company, and has everybody carry the label. A row that fails is counted and reported; the
// error is about the import as a whole.
func Import(ctx context.Context, client *contacts.Client, list io.Reader, label string, failed func(line int, err error)) (Result, error) {
	var result Result
	found, err := client.Labels.FindOrCreate(ctx, contacts.FindOrCreateLabelRequest{DisplayName: label})
	if err != nil {
		return result, fmt.Errorf("label %q: %w", label, err)
	}
	rows := csv.NewReader(list)
	rows.FieldsPerRecord = 3
	for line := 1; ; line++ {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return result, nil
		}
		if err != nil {
			return result, err
		}
		outcome, err := importRow(ctx, client, row[0], row[1], row[2], found.Label.Key)
		switch {
		case errors.Is(err, contacts.ErrUnauthenticated), errors.Is(err, contacts.ErrPermission), ctx.Err() != nil:
			return result, err // the other rows would fare no better
		case err != nil:
			result.Failed++
			failed(line, err)
		case outcome == contacts.Created:
			result.Created++
		case outcome == contacts.Unchanged:
			result.Unchanged++
		default:
			result.Updated++
		}
	}
}

// importRow makes sure that one person is there, and is labelled.
func importRow(ctx context.Context, client *contacts.Client, email, first, company, label string) (contacts.Outcome, error) {
	person := contacts.CreateContactRequest{Info: contacts.ContactInfo{
		Name:    contacts.ContactName{First: &first},
		Company: &company,
		Emails:  contacts.ContactEmails{Items: []contacts.ContactEmail{{Email: email, Tag: contacts.EmailTagMain}}},
	}}
	var report contacts.Report
	c, err := client.Contacts.CreateOrUpdate(ctx, person, func(c *contacts.Contact) error {
		c.Info.Company = &company // the name stays as people know it
		return nil
	}, contacts.WithReport(&report))
	if err != nil {
		return "", err
	}
	_, err = client.Contacts.Label(ctx, c.ID, contacts.LabelContactRequest{LabelKeys: []string{label}})
	return report.Outcome, err
}

// Duplicates finds contacts of one company and one name, and merges them into the first of them.
func Duplicates(ctx context.Context, client *contacts.Client, company string) (merged int, err error) {
	query := contacts.QueryContactsRequest{Query: contacts.ContactQuery{
		Filter: contacts.Where.InfoCompany.Eq(company),
		Sort:   []contacts.Sorting{{FieldName: contacts.Ptr("createdDate"), Order: contacts.Ptr(contacts.SortOrderAsc)}},
	}}
	first := map[string]string{} // ids by name
	for c, err := range client.Contacts.QueryAll(ctx, query) {
		if err != nil {
			return merged, err
		}
		if c.Info.Name.First == nil {
			continue
		}
		name := *c.Info.Name.First
		target, seen := first[name]
		if !seen {
			first[name] = c.ID
			continue
		}
		_, err := client.Contacts.MergeWithRetry(ctx, target, func(t *contacts.Contact) (contacts.MergeContactsRequest, error) {
			if t.Info.Name.First == nil || *t.Info.Name.First != name {
				return contacts.MergeContactsRequest{}, contacts.ErrSkip // renamed meanwhile: not the same person any more
			}
			return contacts.MergeContactsRequest{SourceContactIDs: []string{c.ID}}, nil
		})
		if err != nil {
			return merged, err
		}
		merged++
	}
	return merged, nil
}
