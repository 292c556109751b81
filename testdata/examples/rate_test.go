package examples

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/time/rate"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// The service documents 200 requests per minute. A limiter of golang.org/x/time/rate is one for the client as it is.
func Example_rate() {
	srv := contactstest.New()
	id := srv.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)

	limiter := rate.NewLimiter(rate.Every(time.Minute/200), 20) // 20 at once after a pause
	client, err := contacts.NewClient(
		contacts.WithAPIKey("key"),
		contacts.WithSiteID("site"),
		contacts.WithHTTPClient(&http.Client{Transport: srv.Transport()}),
		contacts.WithLimiter(limiter),
	)
	if err != nil {
		fmt.Println(err)
		return
	}

	_, err = client.Contacts.ForceUpdate(context.Background(), id, contacts.ContactInfo{Company: contacts.Ptr("Example Works")})

	fmt.Println(err, srv.Count(), "requests took", 20-int(limiter.Tokens()+0.5))
	// Output: <nil> 2 requests took 2
}
