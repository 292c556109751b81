package carts_test

import (
	"testing"

	"shapes/carts"
	"shapes/carts/cartstest"
	"shapes/script"
)

// The generated fake refuses stale tokens as the API does, and the helpers get past it.
func TestAgainstTheFake(t *testing.T) {
	srv := cartstest.NewServer(t)
	srv.Seed("Cart", `{"id":"c1","customer_id":1}`)
	c, err := carts.NewClient(carts.WithAuthToken("x"), carts.WithBaseURL(srv.URL()), carts.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	srv.Inject(cartstest.Fault{Kind: cartstest.Conflict, Operation: "updateCart"})
	var report carts.Report
	_, err = c.Carts.UpdateWithRetry(t.Context(), "c1", func(c *carts.Cart) error {
		c.CustomerID = carts.Ptr(int32(2))
		return nil
	}, carts.WithReport(&report))
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "conflicts", report.Conflicts, 1)
	script.Want(t, "writes", srv.Count("updateCart"), 2)

	if _, err := c.Carts.ForceUpdate(t.Context(), "c1", carts.CartUpdate{CustomerID: carts.Ptr(int32(3))}, carts.WithReport(&report)); err != nil {
		t.Fatal(err)
	}
	script.Want(t, "forced writes", report.Writes, 1)
}
