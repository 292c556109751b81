package carts_test

import (
	"strconv"
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
	t.Run("UpdateWithRetry", func(t *testing.T) {
		srv.Inject(cartstest.Fault{Kind: cartstest.Conflict, Operation: "updateCart"})
		var report carts.Report
		_, err := c.Carts.UpdateWithRetry(t.Context(), "c1", func(c *carts.Cart) error {
			c.CustomerID = carts.Ptr(int32(2))
			return nil
		}, carts.WithReport(&report))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "conflicts", report.Conflicts, 1)
		script.Want(t, "writes", srv.Count("updateCart"), 2)
	})
	t.Run("ForceUpdate by the escape", func(t *testing.T) {
		srv.Inject(cartstest.Fault{Kind: cartstest.Conflict, Operation: "updateCart"})
		var report carts.Report
		if _, err := c.Carts.ForceUpdate(t.Context(), "c1", carts.CartUpdate{CustomerID: carts.Ptr(int32(3))},
			carts.WithReport(&report)); err != nil {
			t.Fatal(err)
		}
		script.Want(t, "forced writes", report.Writes, 1)
		script.Want(t, "reads", report.Reads, 0)
	})
	t.Run("UpdateItemWithRetry", func(t *testing.T) {
		srv.Edit("Cart", "c1", func(c map[string]any) {
			c["line_items"] = map[string]any{"physical_items": []any{map[string]any{"id": "i1", "quantity": 1, "product_id": 7}}}
		})
		changeItems(t, srv)
		srv.Inject(cartstest.Fault{Kind: cartstest.Conflict, Operation: "updateCartItem"})
		var report carts.Report
		cart, err := c.Carts.UpdateItemWithRetry(t.Context(), "c1", "i1", double, carts.WithReport(&report))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "quantity", cart.LineItems.PhysicalItems[0].Quantity, 2)
		script.Want(t, "writes", report.Writes, 2)
	})
	t.Run("ForceUpdateItem", func(t *testing.T) {
		srv.Inject(cartstest.Fault{Kind: cartstest.Conflict, Operation: "updateCartItem"})
		var report carts.Report
		item := carts.CartItem{ID: carts.Ptr("i1"), Quantity: 5, ProductID: 7}
		cart, err := c.Carts.ForceUpdateItem(t.Context(), "c1", "i1", carts.CartItemUpdate{LineItem: item}, carts.WithReport(&report))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "quantity", cart.LineItems.PhysicalItems[0].Quantity, 5)
		script.Want(t, "forced writes", report.Writes, 2)
	})
}

// changeItems teaches a fake what items are: parts of a cart that have no version but the cart's.
func changeItems(t *testing.T, srv *cartstest.Server) {
	srv.Handle("updateCartItem", func(r *cartstest.Request) cartstest.Answer {
		key := r.Params["cartId"]
		var update carts.CartItemUpdate
		if err := r.Decode(&update); err != nil {
			t.Error(err)
			return cartstest.Answer{Status: 400}
		}
		if update.Version == nil || srv.Revision("Cart", key) != strconv.FormatInt(*update.Version, 10) {
			return cartstest.Answer{Status: 409, Body: map[string]any{"status": 409, "title": "version"}}
		}
		srv.Edit("Cart", key, func(c map[string]any) {
			item := map[string]any{"id": r.Params["itemId"], "quantity": update.LineItem.Quantity, "product_id": update.LineItem.ProductID}
			c["line_items"] = map[string]any{"physical_items": []any{item}}
		})
		var stored carts.Cart
		srv.Get("Cart", key, &stored)
		version, _ := strconv.ParseInt(srv.Revision("Cart", key), 10, 64)
		stored.Version = &version
		return cartstest.Answer{Status: 201, Body: map[string]any{"data": stored}}
	})
}
