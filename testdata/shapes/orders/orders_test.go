package orders_test

import (
	"testing"

	"shapes/orders"
	"shapes/script"
)

func client(t *testing.T, text string) *orders.Client {
	t.Helper()
	c, err := orders.NewClient(orders.WithAccessToken("secret"), orders.WithBaseURL(script.Serve(t, text)), orders.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The version is always sent, though the API does not ask for it; a conflict has no status of its own.
func TestUpdateCustomerWithRetry(t *testing.T) {
	c := client(t, `
		> GET /v2/customers/c1
		< 200
		< {"customer":{"id":"c1","version":5,"given_name":"A","groups":["x"]}}
		> PUT /v2/customers/c1
		> {"given_name":"Ada","version":5}
		< 400
		< {"errors":[{"category":"INVALID_REQUEST_ERROR","code":"VERSION_MISMATCH"}]}
		> GET /v2/customers/c1
		< 200
		< {"customer":{"id":"c1","version":9}}
		> PUT /v2/customers/c1
		> {"given_name":"Ada","version":9}
		< 200
		< {"customer":{"id":"c1","version":10,"given_name":"Ada"}}
	`)
	got, err := c.Customers.UpdateWithRetry(t.Context(), "c1", func(c *orders.Customer) error {
		c.GivenName = orders.Ptr("Ada")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "version", *got.Version, 10)
}

func TestForceUpdateCustomer(t *testing.T) {
	c := client(t, `
		> PUT /v2/customers/c1
		> {"given_name":"Ada"}
		< 200
		< {"customer":{"id":"c1","version":10,"given_name":"Ada"}}
	`)
	_, err := c.Customers.ForceUpdate(t.Context(), "c1", orders.UpdateCustomerRequest{GivenName: orders.Ptr("Ada"),
		Version: orders.Ptr(int64(3))})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDeleteCustomerWithRetry(t *testing.T) {
	c := client(t, `
		> GET /v2/customers/c1
		< 200
		< {"customer":{"id":"c1","version":5}}
		> DELETE /v2/customers/c1?version=5
		< 409
		< {"errors":[{"category":"INVALID_REQUEST_ERROR","code":"VERSION_MISMATCH"}]}
		> GET /v2/customers/c1
		< 200
		< {"customer":{"id":"c1","version":6}}
		> DELETE /v2/customers/c1?version=6
		< 200
		< {}
	`)
	if _, err := c.Customers.DeleteWithRetry(t.Context(), "c1", nil); err != nil {
		t.Fatal(err)
	}
}

// The version is deeper in this body; a key names each attempt, and stays the same when the same is sent again.
func TestUpdateOrderWithRetry(t *testing.T) {
	c := client(t, `
		> GET /v2/orders/o1
		< 200
		< {"order":{"id":"o1","location_id":"l","version":3,"line_items":[{"uid":"a","name":"Tea","quantity":"1","note":"hot"}],"state":"OPEN"}}
		> PUT /v2/orders/o1
		> {"order":{"line_items":[{"uid":"a","name":"Tea","quantity":"2","note":"hot"}],"version":3},"fields_to_clear":["tips"],"idempotency_key":"$1"}
		< drop
		> GET /v2/orders/o1
		< 200
		< {"order":{"id":"o1","location_id":"l","version":3,"line_items":[{"uid":"a","name":"Tea","quantity":"1","note":"hot"}],"state":"OPEN"}}
		> PUT /v2/orders/o1
		> {"order":{"line_items":[{"uid":"a","name":"Tea","quantity":"2","note":"hot"}],"version":3},"fields_to_clear":["tips"],"idempotency_key":"$1"}
		< 400
		< {"errors":[{"category":"INVALID_REQUEST_ERROR","code":"VERSION_MISMATCH"}]}
		> GET /v2/orders/o1
		< 200
		< {"order":{"id":"o1","location_id":"l","version":4,"line_items":[{"uid":"a","name":"Tea","quantity":"5","note":"hot"}]}}
		> PUT /v2/orders/o1
		> {"order":{"line_items":[{"uid":"a","name":"Tea","quantity":"2","note":"hot"}],"version":4},"fields_to_clear":["tips"],"idempotency_key":"$2"}
		< 200
		< {"order":{"id":"o1","location_id":"l","version":5,"line_items":[{"uid":"a","name":"Tea","quantity":"2","note":"hot"}]}}
	`)
	got, err := c.Orders.UpdateWithRetry(t.Context(), "o1", func(o *orders.Order) error {
		o.LineItems[0].Quantity = "2"
		return nil
	}, orders.UpdateOrderParams{FieldsToClear: []string{"tips"}})
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "version", *got.Version, 5)
}
