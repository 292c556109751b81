package examples

import (
	"context"
	"fmt"
	"net/http"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// Every request becomes a span. Those of one helper are children of the span that is in its context.
func Example_otelhttp() {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	srv.Inject(contactstest.Fault{Kind: contactstest.Conflict, Operation: "updateContact"})

	exporter := tracetest.NewInMemoryExporter()
	provider := trace.NewTracerProvider(trace.WithSyncer(exporter))
	client, err := contacts.NewClient(
		contacts.WithAPIKey("key"),
		contacts.WithSiteID("site"),
		contacts.WithHTTPClient(&http.Client{Transport: otelhttp.NewTransport(srv.Transport(), otelhttp.WithTracerProvider(provider))}),
	)
	if err != nil {
		fmt.Println(err)
		return
	}

	ctx, span := provider.Tracer("example").Start(context.Background(), "set company")
	_, err = client.Contacts.UpdateWithRetry(ctx, id, func(c *contacts.Contact) error {
		c.Info.Company = contacts.Ptr("Example Works")
		return nil
	})
	span.End()

	fmt.Println(err)
	for _, s := range exporter.GetSpans() {
		fmt.Println(s.Name, s.Parent.SpanID() == span.SpanContext().SpanID())
	}
	// Output:
	// <nil>
	// HTTP GET true
	// HTTP PATCH true
	// HTTP GET true
	// HTTP PATCH true
	// set company false
}
