package customers_test

import (
	"testing"

	"shapes/customers"
	"shapes/customers/customerstest"
	"shapes/script"
)

// The generated fake refuses stale tokens as the API does, and the helpers get past it.
func TestAgainstTheFake(t *testing.T) {
	srv := customerstest.NewServer(t)
	srv.Seed("Customer", `{"id":"c1","email":"ada@example.com"}`, "shop")
	c, err := customers.NewClient(customers.WithAccessToken("x"), customers.WithBaseURL(srv.URL()), customers.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	srv.Inject(customerstest.Fault{Kind: customerstest.Conflict, Operation: "deleteCustomer"})
	var report customers.Report
	_, err = c.Customers.DeleteWithRetry(t.Context(), "shop", "c1", func(_ *customers.Customer) error {
		return nil
	}, customers.WithReport(&report))
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "conflicts", report.Conflicts, 1)
	script.Want(t, "writes", srv.Count("deleteCustomer"), 2)
}
