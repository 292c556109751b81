// Package fake_test is put into a module of its own beside clients and fakes that were generated just now: contacts with its pack, plain
// from the same description without one.
package fake_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"try/contacts"
	"try/contacts/contactstest"
	"try/plain"
	"try/plain/plaintest"
)

func withPack(t *testing.T) (*contacts.Client, *contactstest.Server) {
	t.Helper()
	srv := contactstest.NewServer(t)
	client, err := contacts.NewClient(contacts.WithBaseURL(srv.URL()), contacts.WithAPIKey("test"), contacts.WithSiteID("test"))
	if err != nil {
		t.Fatal(err)
	}
	return client, srv
}

func withoutPack(t *testing.T) (*plain.Client, *plaintest.Server) {
	t.Helper()
	srv := plaintest.NewServer(t)
	client, err := plain.NewClient(plain.WithHTTPClient(&http.Client{Transport: srv.Transport()}), plain.WithAPIKey("test"),
		plain.WithSiteID("test"))
	if err != nil {
		t.Fatal(err)
	}
	return client, srv
}

func TestAContactFromCreationToRemoval(t *testing.T) {
	client, srv := withPack(t)
	ctx := t.Context()
	made, err := client.Contacts.Create(ctx,
		contacts.CreateContactRequest{Info: contacts.ContactInfo{Name: contacts.ContactName{First: contacts.Ptr("Ada")}}})
	if err != nil {
		t.Fatal(err)
	}
	read, err := client.Contacts.Get(ctx, made.ID)
	if err != nil || read.Revision != made.Revision || read.Info.Name.First == nil || *read.Info.Name.First != "Ada" ||
		read.CreatedDate == nil {
		t.Fatalf("%+v %v", read, err)
	}
	srv.Edit("Contact", made.ID, func(c map[string]any) { c["info"].(map[string]any)["company"] = "Example Works" })

	change := contacts.UpdateContactRequest{Revision: read.Revision, Info: contacts.ContactInfo{JobTitle: contacts.Ptr("Engineer")}}
	_, err = client.Contacts.Update(ctx, made.ID, change)
	var refused *contacts.APIError
	if !errors.Is(err, contacts.ErrConflict) || !errors.As(err, &refused) || refused.Status != 409 ||
		refused.Code != "CONTACT_ALREADY_CHANGED" {
		t.Fatalf("a stale revision was answered with %v", err)
	}
	changed, err := client.Contacts.UpdateWithRetry(ctx, made.ID, func(c *contacts.Contact) error {
		c.Info.JobTitle = contacts.Ptr("Engineer")
		return nil
	})
	if err != nil || changed.Revision != read.Revision+2 || changed.Info.Company == nil || *changed.Info.JobTitle != "Engineer" {
		t.Fatalf("%+v %v", changed, err)
	}

	label, err := client.Labels.FindOrCreate(ctx, contacts.FindOrCreateLabelRequest{DisplayName: "Regular guest"})
	if err != nil {
		t.Fatal(err)
	}
	labelled, err := client.Contacts.Label(ctx, made.ID, contacts.LabelContactRequest{LabelKeys: []string{label.Label.Key}})
	if err != nil || len(labelled.Info.LabelKeys.Items) != 1 {
		t.Fatalf("%+v %v", labelled, err)
	}
	if err := client.Contacts.Delete(ctx, made.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Contacts.Get(ctx, made.ID); !errors.Is(err, contacts.ErrNotFound) {
		t.Fatalf("a contact that was deleted: %v", err)
	}
	if n := srv.Count("updateContact"); n != 2 {
		t.Errorf("%d updates", n)
	}
}

func TestPages(t *testing.T) {
	client, srv := withPack(t)
	for range 7 {
		srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	}
	seen := map[string]bool{}
	limit := contacts.Ptr(int32(3))
	for c, err := range client.Contacts.ListAll(t.Context(), contacts.ListContactsParams{PagingLimit: limit}) {
		if err != nil {
			t.Fatal(err)
		}
		seen[c.ID] = true
	}
	if len(seen) != 7 || srv.Count("listContacts") < 3 {
		t.Errorf("%d contacts on %d pages", len(seen), srv.Count("listContacts"))
	}
}

// Without a pack the shapes of the description and its x-fake are enough for most of it.
func TestShapesAlone(t *testing.T) {
	client, srv := withoutPack(t)
	ctx := t.Context()
	made, err := client.Contacts.Create(ctx, plain.CreateContactRequest{Info: plain.ContactInfo{Company: plain.Ptr("Example Works")}})
	if err != nil || made.ID == "" || made.Revision != 1 {
		t.Fatalf("%+v %v", made, err)
	}
	srv.Inject(plaintest.Fault{Kind: plaintest.Conflict, Operation: "updateContact"})
	var report plain.Report
	changed, err := client.Contacts.UpdateWithRetry(ctx, made.ID, func(c *plain.Contact) error {
		c.Info.JobTitle = plain.Ptr("Engineer")
		return nil
	}, plain.WithReport(&report))
	if err != nil || report.Conflicts != 1 || changed.Revision != 3 || *changed.Info.Company != "Example Works" {
		t.Fatalf("%+v %+v %v", changed, report, err)
	}
	labelled, err := client.Contacts.Label(ctx, made.ID, plain.LabelContactRequest{LabelKeys: []string{"a", "b"}})
	if err != nil || len(labelled.Info.LabelKeys.Items) != 2 {
		t.Fatalf("%+v %v", labelled, err)
	}
	unlabelled, err := client.Contacts.Unlabel(ctx, made.ID, []string{"a"})
	if err != nil || len(unlabelled.Info.LabelKeys.Items) != 1 {
		t.Fatalf("%+v %v", unlabelled, err)
	}
	srv.Seed("Contact", `{"info": {"company": "Another"}}`)
	query := plain.QueryContactsRequest{Query: plain.ContactQuery{Filter: plain.Filter{"info.company": "Another"}}}
	found, err := client.Contacts.Query(ctx, query)
	if err != nil || len(found.Contacts) != 1 {
		t.Fatalf("%+v %v", found, err)
	}
	srv.Seed("ContactLabel", `{"key": "custom.a", "displayName": "A"}`)
	renamed, err := client.Labels.Rename(ctx, "custom.a", plain.RenameLabelRequest{Label: plain.LabelRename{DisplayName: "B"}})
	if err != nil || renamed.DisplayName != "B" || renamed.Key != "custom.a" {
		t.Fatalf("%+v %v", renamed, err)
	}
}

func TestHandleReplacesWhatIsSimulated(t *testing.T) {
	client, srv := withoutPack(t)
	id := srv.Seed("Contact", `{}`)
	merge := func() (*plain.Contact, error) {
		return client.Contacts.Merge(context.Background(), id, plain.MergeContactsRequest{
			TargetContactRevision: 1, SourceContactIDs: []string{"9b8f0c1e-1d2c-4c5b-8a6f-0d9e8c7b6a50"}})
	}
	if merged, err := merge(); err != nil || merged.ID != id {
		t.Fatalf("%+v %v", merged, err)
	}
	srv.Handle("mergeContacts", func(r *plaintest.Request) plaintest.Answer {
		return plaintest.Answer{Body: map[string]any{"contact": map[string]any{"id": r.Params["contactId"], "revision": 7}}}
	})
	merged, err := merge()
	if err != nil || merged.ID != id || merged.Revision != 7 {
		t.Fatalf("%+v %v", merged, err)
	}
}
