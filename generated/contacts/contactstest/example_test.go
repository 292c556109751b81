package contactstest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// connect makes a client of a fake. In a test the fake is made by NewServer(t), and needs no Close.
func connect(srv *contactstest.Server) *contacts.Client {
	client, err := contacts.NewClient(contacts.WithHTTPClient(&http.Client{Transport: srv.Transport()}), contacts.WithAPIKey("test"), contacts.WithSiteID("test"))
	if err != nil {
		panic(err)
	}
	return client
}

func Example() {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)

	srv.Edit("Contact", id, func(c map[string]any) { c["info"].(map[string]any)["company"] = "Example Works" }) // somebody else is faster
	change := contacts.UpdateContactRequest{Revision: 1, Info: contacts.ContactInfo{JobTitle: contacts.Ptr("Engineer")}}
	_, err := connect(srv).Contacts.Update(context.Background(), id, change)

	fmt.Println(errors.Is(err, contacts.ErrConflict), srv.Revision("Contact", id))
	// Output: true 2
}

func ExampleServer_Inject() {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	srv.Inject(contactstest.Fault{Kind: contactstest.Conflict, Operation: contacts.OperationUpdateContact})

	c, err := connect(srv).Contacts.UpdateWithRetry(context.Background(), id, func(c *contacts.Contact) error {
		c.Info.JobTitle = contacts.Ptr("Engineer")
		return nil
	})

	fmt.Println(*c.Info.JobTitle, c.Revision, err)
	fmt.Println(srv.Count(contacts.OperationGetContact), "reads,", srv.Count(contacts.OperationUpdateContact), "writes")
	// Output:
	// Engineer 3 <nil>
	// 2 reads, 2 writes
}

func ExampleServer_Requests() {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	if _, err := connect(srv).Contacts.ForceUpdate(context.Background(), id, contacts.ContactInfo{JobTitle: contacts.Ptr("Engineer")}); err != nil {
		fmt.Println(err)
	}
	for _, x := range srv.Requests("updateContact") {
		fmt.Printf("%s %d %s\n", x.Method, x.Status, x.Body)
	}
	// Output: PATCH 200 {"info":{"jobTitle":"Engineer"},"revision":1}
}

func ExampleServer_Handle() {
	srv := contactstest.New()
	srv.Handle("getContact", func(*contactstest.Request) contactstest.Answer {
		return contactstest.Answer{Status: http.StatusForbidden, Body: map[string]string{"message": "Not for you."}}
	})
	_, err := connect(srv).Contacts.Get(context.Background(), "1d2e3f40-5162-4738-94a5-b6c7d8e9fa0b")
	fmt.Println(errors.Is(err, contacts.ErrPermission))
	// Output: true
}

func ExampleServer_URL() {
	srv := contactstest.New()
	defer srv.Close()
	client, err := contacts.NewClient(contacts.WithBaseURL(srv.URL()), contacts.WithAPIKey("test"), contacts.WithSiteID("test"))
	if err != nil {
		panic(err)
	}
	made, err := client.Contacts.Create(context.Background(), contacts.CreateContactRequest{
		Info: contacts.ContactInfo{Name: contacts.ContactName{First: contacts.Ptr("Ada"), Last: contacts.Ptr("Example")}},
	})
	fmt.Println(made.Revision, *made.Info.Name.Last, err)
	// Output: 1 Example <nil>
}
