package orders_test

import (
	"testing"

	"shapes/orders"
	"shapes/orders/orderstest"
	"shapes/script"
)

// The generated fake refuses stale tokens as the API does, and the helpers get past it.
func TestAgainstTheFake(t *testing.T) {
	srv := orderstest.NewServer(t)
	srv.Seed("Order", `{"id":"o1","location_id":"l"}`)
	c, err := orders.NewClient(orders.WithAccessToken("x"), orders.WithBaseURL(srv.URL()), orders.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("UpdateWithRetry", func(t *testing.T) {
		srv.Inject(orderstest.Fault{Kind: orderstest.Conflict, Operation: "UpdateOrder"})
		var report orders.Report
		_, err := c.Orders.UpdateWithRetry(t.Context(), "o1", func(o *orders.Order) error {
			o.Metadata = map[string]string{"a": "b"}
			return nil
		}, orders.WithReport(&report))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "conflicts", report.Conflicts, 1)
		script.Want(t, "writes", srv.Count("UpdateOrder"), 2)
	})
	t.Run("ForceUpdate", func(t *testing.T) {
		srv.Inject(orderstest.Fault{Kind: orderstest.Conflict, Operation: "UpdateOrder"})
		var report orders.Report
		if _, err := c.Orders.ForceUpdate(t.Context(), "o1", orders.Order{LocationID: "m"}, orders.WithReport(&report)); err != nil {
			t.Fatal(err)
		}
		script.Want(t, "forced writes", report.Writes, 2)
	})
	t.Run("ForceUpdate by the escape", func(t *testing.T) {
		srv.Seed("Customer", `{"id":"c1","given_name":"Ada"}`)
		srv.Inject(orderstest.Fault{Kind: orderstest.Conflict, Operation: "UpdateCustomer"})
		var report orders.Report
		if _, err := c.Customers.ForceUpdate(t.Context(), "c1", orders.UpdateCustomerRequest{GivenName: orders.Ptr("Eve")},
			orders.WithReport(&report)); err != nil {
			t.Fatal(err)
		}
		script.Want(t, "forced writes", report.Writes, 1)
		script.Want(t, "reads", report.Reads, 0)
	})
}
