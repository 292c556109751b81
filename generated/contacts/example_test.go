package contacts_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// connect makes a client of a fake. Its clock lets examples wait without taking time; leave that out.
func connect(srv *contactstest.Server, options ...contacts.ClientOption) *contacts.Client {
	client, err := contacts.NewClient(append([]contacts.ClientOption{
		contacts.WithAPIKey("key"),
		contacts.WithSiteID("site"),
		contacts.WithHTTPClient(&http.Client{Transport: srv.Transport()}),
		contacts.WithClock(instantly{}),
	}, options...)...)
	if err != nil {
		panic(err)
	}
	return client
}

type instantly struct{}

func (instantly) Now() time.Time                                   { return time.Time{} }
func (instantly) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func Example() {
	client, err := contacts.NewClient(contacts.WithAPIKey(os.Getenv("API_KEY")), contacts.WithSiteID(os.Getenv("SITE_ID")))
	if err != nil {
		fmt.Println(err)
		return
	}
	for c, err := range client.Contacts.ListAll(context.Background()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(c.ID, c.Revision)
	}
}

// Making sure that a contact has a phone: the callback says what should be so, and may run as often as it takes. Here another writer
// adds a phone in between, which is still there afterwards.
func ExampleContactsService_UpdateWithRetry() {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	srv.Inject(contactstest.Fault{Kind: contactstest.Conflict, Operation: contacts.OperationUpdateContact, Edit: func(c map[string]any) {
		c["info"].(map[string]any)["phones"] = map[string]any{"items": []any{map[string]any{"phone": "202 555 0144", "tag": "HOME"}}}
	}})
	client := connect(srv)

	const phone = "202 555 0143"
	var report contacts.Report
	c, err := client.Contacts.UpdateWithRetry(context.Background(), id, func(c *contacts.Contact) error {
		if slices.ContainsFunc(c.Info.Phones.Items, func(p contacts.ContactPhone) bool { return p.Phone == phone }) {
			return nil
		}
		c.Info.Phones.Items = append(c.Info.Phones.Items, contacts.ContactPhone{Phone: phone, Tag: contacts.PhoneTagMobile})
		return nil
	}, contacts.WithReport(&report))
	if err != nil {
		fmt.Println(err)
		return
	}

	for _, p := range c.Info.Phones.Items {
		fmt.Println(p.Tag, p.Phone)
	}
	fmt.Println(report.Outcome, "after", report.Conflicts, "conflict")
	// Output:
	// HOME 202 555 0144
	// MOBILE 202 555 0143
	// updated after 1 conflict
}

// The rest of the request is an option.
func ExampleContactsService_UpdateWithRetry_options() {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	client := connect(srv)

	_, err := client.Contacts.UpdateWithRetry(context.Background(), id, func(c *contacts.Contact) error {
		c.Info.Emails.Items = []contacts.ContactEmail{{Email: "ada@example.com", Tag: contacts.EmailTagMain}}
		return nil
	},
		contacts.UpdateContactParams{AllowDuplicates: contacts.Ptr(true)},
		contacts.WithMaxAttempts(3),
		contacts.WithMaxElapsed(5*time.Second))

	fmt.Println(err, srv.Revision("Contact", id))
	// Output: <nil> 2
}

// With a copy that was read a moment ago, one request is enough.
func ExampleContactsService_UpdateFrom() {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	client := connect(srv)
	read, err := client.Contacts.Get(context.Background(), id)
	if err != nil {
		fmt.Println(err)
		return
	}
	srv.Forget()

	c, err := client.Contacts.UpdateFrom(context.Background(), read, func(c *contacts.Contact) error {
		c.Info.Company = contacts.Ptr("Example Works")
		return nil
	})

	fmt.Println(*c.Info.Company, c.Revision, err, srv.Count())
	// Output: Example Works 2 <nil> 1
}

// What is written replaces what others wrote, on purpose. Members that are left out stay.
func ExampleContactsService_ForceUpdate() {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"company": "Example Works"}}`)
	client := connect(srv)

	c, err := client.Contacts.ForceUpdate(context.Background(), id, contacts.ContactInfo{
		Name: contacts.ContactName{First: contacts.Ptr("John"), Last: contacts.Ptr("Mitchell")},
	})

	fmt.Println(*c.Info.Name.First, *c.Info.Name.Last, *c.Info.Company, err)
	// Output: John Mitchell Example Works <nil>
}

// A merge cannot be undone, so the callback looks at the target each time before it goes ahead.
func ExampleContactsService_MergeWithRetry() {
	srv := contactstest.New()
	target := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	duplicate := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}, "company": "Example Works"}}`)
	client := connect(srv)

	c, err := client.Contacts.MergeWithRetry(context.Background(), target, func(c *contacts.Contact) (contacts.MergeContactsRequest, error) {
		if c.Info.Name.First == nil || *c.Info.Name.First != "Ada" {
			return contacts.MergeContactsRequest{}, contacts.ErrSkip // not who we took it for
		}
		return contacts.MergeContactsRequest{SourceContactIDs: []string{duplicate}}, nil
	})

	fmt.Println(*c.Info.Company, err)
	// Output: Example Works <nil>
}

// Every contact that matches, page by page.
func ExampleContactsService_QueryAll() {
	srv := contactstest.New()
	for _, last := range []string{"Miller", "Mitchell", "Smith"} {
		srv.Seed("Contact", map[string]any{"info": map[string]any{"name": map[string]any{"last": last}}})
	}
	client := connect(srv)

	query := contacts.QueryContactsRequest{Query: contacts.ContactQuery{
		Filter: contacts.Filter{"info.name.last": map[string]any{"$startsWith": "Mi"}},
		Sort:   []contacts.Sorting{{FieldName: contacts.Ptr("info.name.last"), Order: contacts.Ptr(contacts.SortOrderAsc)}},
	}}
	for c, err := range client.Contacts.QueryAll(context.Background(), query) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(*c.Info.Name.Last)
	}
	// Output:
	// Miller
	// Mitchell
}

// A job is started, and waited for.
func ExampleContactsService_BulkDeleteWait() {
	ctx := context.Background()
	srv := contactstest.New()
	srv.Seed("Contact", `{"info": {"company": "Example Works"}}`)
	srv.Seed("Contact", `{"info": {"company": "Example Works"}}`)
	client := connect(srv)

	started, err := client.Contacts.BulkDelete(ctx, contacts.BulkDeleteContactsRequest{Filter: contacts.Filter{"info.company": "Example Works"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	job, err := client.Contacts.BulkDeleteWait(ctx, started, contacts.WithProgress(func(p contacts.Progress) {
		fmt.Println(p.Status)
	}))
	var failed *contacts.JobError
	switch {
	case errors.As(err, &failed):
		fmt.Println(failed.Failed, "of", failed.Total, "failed")
	case err != nil:
		fmt.Println(err)
	default:
		fmt.Println("deleted", *job.SuccessTotal)
	}
	// Output:
	// NEW
	// RUNNING
	// COMPLETED
	// deleted 2
}

// What went wrong is asked with errors.Is; what the server said is an *APIError.
func ExampleAPIError() {
	client := connect(contactstest.New())

	_, err := client.Contacts.Get(context.Background(), "00000000-0000-4000-8000-000000000000")

	var failed *contacts.APIError
	switch {
	case errors.Is(err, contacts.ErrNotFound) && errors.As(err, &failed):
		fmt.Println(failed.Operation, failed.Status, failed.Code)
	case err != nil:
		fmt.Println("no answer:", err)
	}
	// Output: getContact 404 CONTACT_NOT_FOUND
}

// A helper that gave up says what it did.
func ExampleUpdateError() {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	srv.Inject(contactstest.Fault{Kind: contactstest.Conflict, Operation: contacts.OperationUpdateContact, Times: -1})
	client := connect(srv)

	_, err := client.Contacts.ForceUpdate(context.Background(), id, contacts.ContactInfo{Company: contacts.Ptr("Example Works")}, contacts.WithMaxAttempts(3))

	var gaveUp *contacts.UpdateError
	if errors.As(err, &gaveUp) && errors.Is(err, contacts.ErrConflict) {
		fmt.Println(gaveUp.Cause, gaveUp.Writes, "writes,", gaveUp.Conflicts, "conflicts")
	}
	// Output: attempts 3 writes, 3 conflicts
}

// One debug record per request, without anything personal.
func ExampleWithLogger() {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Value.Kind() == slog.KindDuration {
				return slog.Attr{} // they differ each time
			}
			return a
		},
	}))
	srv := contactstest.New()
	id := srv.Seed("Contact", `{}`)
	client := connect(srv, contacts.WithLogger(log))

	_, err := client.Contacts.Get(context.Background(), id)

	fmt.Println(err)
	// Output:
	// level=DEBUG msg="contacts request" operation=getContact method=GET path=/contacts/v4/contacts/{contactId} status=200 request=fake-1
	// <nil>
}

// Requests go through a proxy, or whatever else a transport does.
func ExampleWithHTTPClient() {
	proxy, err := url.Parse("http://proxy.example.com:3128")
	if err != nil {
		fmt.Println(err)
		return
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = http.ProxyURL(proxy)
	transport.MaxIdleConnsPerHost = 16

	_, err = contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("site"),
		contacts.WithHTTPClient(&http.Client{Transport: transport}))

	fmt.Println(err)
	// Output: <nil>
}

// A limiter is anything that waits. This one lets a few requests be under way at once; golang.org/x/time/rate has one for requests
// per second.
func ExampleWithLimiter() {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{}`)
	turns := &takingTurns{}
	client := connect(srv, contacts.WithLimiter(turns))

	for range 3 {
		if _, err := client.Contacts.Get(context.Background(), id); err != nil {
			fmt.Println(err)
		}
	}

	fmt.Println(turns.taken, "turns")
	// Output: 3 turns
}

// takingTurns is a limiter.
type takingTurns struct{ taken int }

// Wait returns when it is the next request's turn.
func (t *takingTurns) Wait(ctx context.Context) error {
	t.taken++
	return ctx.Err()
}

// Hooks see what the helpers do, and can stop them.
func ExampleWithHooks() {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	srv.Inject(contactstest.Fault{Kind: contactstest.Conflict, Operation: contacts.OperationUpdateContact})
	client := connect(srv)

	_, err := client.Contacts.UpdateWithRetry(context.Background(), id, func(c *contacts.Contact) error {
		c.Info.Company = contacts.Ptr("Example Works")
		return nil
	}, contacts.WithHooks(contacts.Hooks{
		OnAttempt: func(_ context.Context, a contacts.AttemptInfo) { fmt.Println("write", a.Attempt) },
		OnConflict: func(_ context.Context, c contacts.ConflictInfo) contacts.Decision {
			fmt.Println("conflict", c.Conflicts)
			return contacts.Retry
		},
	}))

	fmt.Println(err)
	// Output:
	// write 1
	// conflict 1
	// write 2
	// <nil>
}
