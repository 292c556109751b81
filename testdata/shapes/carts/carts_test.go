package carts_test

import (
	"errors"
	"testing"

	"shapes/carts"
	"shapes/script"
)

func client(t *testing.T, text string) *carts.Client {
	t.Helper()
	c, err := carts.NewClient(carts.WithAuthToken("secret"), carts.WithBaseURL(script.Serve(t, text)+"/v3"), carts.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var errNoItem = errors.New("the item is not in the cart")

// double makes the request that doubles an item of a cart.
func double(c *carts.Cart) (carts.CartItemUpdate, error) {
	for _, item := range c.LineItems.PhysicalItems {
		if item.ID != nil && *item.ID == "i1" {
			item.Quantity *= 2
			return carts.CartItemUpdate{LineItem: item}, nil
		}
	}
	return carts.CartItemUpdate{}, errNoItem
}

// The cart's version guards a change of what is in it.
func TestUpdateItemWithRetry(t *testing.T) {
	c := client(t, `
		> GET /v3/carts/c1
		< 200
		< {"data":{"id":"c1","version":2,"line_items":{"physical_items":[{"id":"i1","quantity":1,"product_id":7}]}}}
		> PUT /v3/carts/c1/items/i1
		> {"line_item":{"id":"i1","quantity":2,"product_id":7},"version":2}
		< 409
		< {"status":409,"title":"version"}
		> GET /v3/carts/c1
		< 200
		< {"data":{"id":"c1","version":3,"line_items":{"physical_items":[{"id":"i1","quantity":3,"product_id":7}]}}}
		> PUT /v3/carts/c1/items/i1
		> {"line_item":{"id":"i1","quantity":6,"product_id":7},"version":3}
		< 201
		< {"data":{"id":"c1","version":4,"line_items":{"physical_items":[{"id":"i1","quantity":6,"product_id":7}]}}}
	`)
	cart, err := c.Carts.UpdateItemWithRetry(t.Context(), "c1", "i1", double)
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "version", *cart.Version, 4)
}

// An action whose answer is lost may have been applied, and is not sent again.
func TestUpdateItemWithRetryAfterALostAnswer(t *testing.T) {
	c := client(t, `
		> GET /v3/carts/c1
		< 200
		< {"data":{"id":"c1","version":2,"line_items":{"physical_items":[{"id":"i1","quantity":1,"product_id":7}]}}}
		> PUT /v3/carts/c1/items/i1
		> {"line_item":{"id":"i1","quantity":2,"product_id":7},"version":2}
		< drop
		> GET /v3/carts/c1
		< 200
		< {"data":{"id":"c1","version":3,"line_items":{"physical_items":[{"id":"i1","quantity":2,"product_id":7}]}}}
	`)
	_, err := c.Carts.UpdateItemWithRetry(t.Context(), "c1", "i1", double)
	script.WantError(t, err, carts.ErrAmbiguousWrite)
}

// The version is all that the request has.
func TestDeleteItemWithRetry(t *testing.T) {
	c := client(t, `
		> GET /v3/carts/c1
		< 200
		< {"data":{"id":"c1","version":2}}
		> DELETE /v3/carts/c1/items/i1
		> Content-Type: application/json
		> {"version":2}
		< 409
		> GET /v3/carts/c1
		< 200
		< {"data":{"id":"c1","version":3}}
		> DELETE /v3/carts/c1/items/i1
		> {"version":3}
		< 200
		< {"data":{"id":"c1","version":4}}
	`)
	cart, err := c.Carts.DeleteItemWithRetry(t.Context(), "c1", "i1", nil)
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "version", *cart.Version, 4)
}

func TestForceUpdate(t *testing.T) {
	c := client(t, `
		> PUT /v3/carts/c1
		> {"customer_id":4}
		< 201
		< {"data":{"id":"c1","version":9}}
	`)
	if _, err := c.Carts.ForceUpdate(t.Context(), "c1", carts.CartUpdate{CustomerID: carts.Ptr(int32(4))}); err != nil {
		t.Fatal(err)
	}
}
