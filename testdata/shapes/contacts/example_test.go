package contacts_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"shapes/contacts"
	"shapes/contacts/contactstest"
)

// What somebody made of a copy, in a form on a screen for instance, is put on top of what others changed in the meantime.
func ExampleContactsService_UpdateThreeWay() {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}, "company": "Example Works", "jobTitle": "Clerk"}}`)
	client, ctx := connect(srv), context.Background()

	base, err := client.Contacts.Get(ctx, id)
	if err != nil {
		fmt.Println(err)
		return
	}
	desired := *base
	desired.Info.JobTitle = contacts.Ptr("Engineer")
	srv.Edit("Contact", id, func(c map[string]any) { c["info"].(map[string]any)["company"] = "Analytical Works" })

	merged, err := client.Contacts.UpdateThreeWay(ctx, base, &desired, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*merged.Info.JobTitle, "at", *merged.Info.Company)

	// Both have changed the job title by now. Without a resolver nothing is written, and each such place is listed.
	desired.Info.JobTitle = contacts.Ptr("Mathematician")
	_, err = client.Contacts.UpdateThreeWay(ctx, base, &desired, nil)
	var conflict *contacts.MergeConflictError
	if errors.As(err, &conflict) {
		for _, c := range conflict.Paths {
			fmt.Printf("%s: %s here, %s there\n", c.Path, c.Ours, c.Theirs)
		}
	}
	// Output:
	// Engineer at Analytical Works
	// /info/jobTitle: "Mathematician" here, "Engineer" there
}

// Edits that wait for their turn become one write. Each caller still has an answer of its own.
func ExampleWithCombining() {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	client := connect(srv, contacts.WithCombining())

	var all sync.WaitGroup
	for _, company := range []string{"Example Works", "Analytical Works", "Difference Works"} {
		all.Add(1)
		go func() {
			defer all.Done()
			_, err := client.Contacts.UpdateWithRetry(context.Background(), id, func(c *contacts.Contact) error {
				c.Info.Company = contacts.Ptr(company)
				return nil
			})
			if err != nil {
				fmt.Println(err)
			}
		}()
	}
	all.Wait()
	fmt.Println("at most 3 writes:", srv.Count("updateContact") <= 3)
	// Output: at most 3 writes: true
}

// All contacts that a list gives, several at a time. What failed is tried again, and only that.
func ExampleContactsService_UpdateEach() {
	srv := contactstest.New()
	for _, name := range []string{"Ada", "Bob", "Eve"} {
		srv.Seed("Contact", `{"info": {"name": {"first": "`+name+`"}}}`)
	}
	srv.Inject(contactstest.Fault{Kind: contactstest.Fail, Status: 400, Operation: "updateContact", Skip: 1})
	client, ctx := connect(srv), context.Background()

	addCompany := func(c *contacts.Contact) error {
		c.Info.Company = contacts.Ptr("Example Works")
		return nil
	}
	var listing error
	ids := contacts.KeysOf(client.Contacts.ListAll(ctx), func(c *contacts.Contact) string { return c.ID }, &listing)
	var failed []string
	for item, err := range client.Contacts.UpdateEach(ctx, ids, addCompany, contacts.WithConcurrency(2)) {
		if err != nil {
			failed = append(failed, item.Key)
		}
	}
	if listing != nil {
		fmt.Println(listing)
		return
	}
	fmt.Println(len(failed), "failed")
	for item, err := range client.Contacts.UpdateEach(ctx, slices.Values(failed), addCompany) {
		fmt.Println(*item.Value.Info.Company, err)
	}
	// Output:
	// 1 failed
	// Example Works <nil>
}

// How far it is, and what it took.
func ExampleContactsService_UpdateEach_progress() {
	srv := contactstest.New()
	var ids []string
	for range 4 {
		ids = append(ids, srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`))
	}
	client := connect(srv)
	var total contacts.Report
	var last contacts.Progress // how many there are in all is known when the last key was taken
	for _, err := range client.Contacts.UpdateEach(context.Background(), slices.Values(ids), func(c *contacts.Contact) error {
		c.Info.Company = contacts.Ptr("Example Works")
		return nil
	}, contacts.WithReport(&total), contacts.WithProgress(func(p contacts.Progress) {
		last = p
		fmt.Printf("%d done, %d failed\n", p.Succeeded, p.Failed)
	}), contacts.WithConcurrency(8)) {
		if err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println("of", last.Total)
	fmt.Println(total.Writes, "writes,", total.Reads, "reads")
	// Output:
	// 1 done, 0 failed
	// 2 done, 0 failed
	// 3 done, 0 failed
	// 4 done, 0 failed
	// of 4
	// 4 writes, 4 reads
}
