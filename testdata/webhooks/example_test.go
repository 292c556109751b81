package webhooks_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"try/contacts"
	"try/contacts/contactstest"
)

// A server is told of what happens to contacts. It sees each event once and in order, and changes a contact on its current state instead of
// on what the event says.
func ExampleWebhooks_Handler() {
	events := contactstest.NewEvents("my-app") // stands for the API, which signs with a key of its own
	server := contactstest.New()
	defer server.Close()
	id := server.Seed("Contact", map[string]any{"info": map[string]any{"name": map[string]any{"first": "Ada"}}})
	client, err := contacts.NewClient(contacts.WithBaseURL(server.URL()), contacts.WithAPIKey("key"), contacts.WithSiteID("site"))
	if err != nil {
		fmt.Println(err)
		return
	}

	hooks, err := contacts.NewWebhooks(contacts.WebhookConfig{PublicKey: events.PublicKey(), Audience: "my-app"})
	if err != nil {
		fmt.Println(err)
		return
	}
	handle := func(ctx context.Context, event contacts.WebhookEvent) error {
		e, ok := event.(*contacts.ContactCreatedEvent)
		if !ok {
			return nil
		}
		c, err := client.Contacts.UpdateWithRetry(ctx, e.EntityID, func(c *contacts.Contact) error {
			c.Info.Company = contacts.Ptr("Example Works")
			return nil
		})
		if err != nil {
			return err // answered with 500: the event comes again
		}
		fmt.Println(*c.Info.Name.First, "works at", *c.Info.Company)
		return nil
	}
	handler := hooks.Handler(contacts.InOrder(contacts.NewWebhookStore(0), handle))

	created := contactstest.Event{Type: "wix.contacts.v4.contact_created", ID: "event-1", EntityID: id, Sequence: 1}
	for range 2 { // the API delivers it twice
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, events.Request(created))
		fmt.Println(answer.Code)
	}
	// Output:
	// Ada works at Example Works
	// 200
	// 200
}
