package customers_test

import (
	"testing"

	"shapes/customers"
	"shapes/script"
)

func client(t *testing.T, text string) *customers.Client {
	t.Helper()
	c, err := customers.NewClient(customers.WithAccessToken("secret"), customers.WithBaseURL(script.Serve(t, text)),
		customers.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// setName makes the actions that give a customer a name, unless it has it.
func setName(c *customers.Customer) (customers.CustomerUpdate, error) {
	var update customers.CustomerUpdate
	if c.FirstName != nil && *c.FirstName == "Ada" {
		return update, customers.ErrSkip
	}
	var action customers.CustomerUpdateAction
	err := action.FromSetFirstName(customers.SetFirstName{Action: "setFirstName", FirstName: customers.Ptr("Ada")})
	update.Actions = append(update.Actions, action)
	return update, err
}

// The actions are made anew from what is read, though the conflict says which version there is.
func TestUpdateWithRetry(t *testing.T) {
	c := client(t, `
		> GET /shop/customers/c1
		< 200
		< {"id":"c1","version":5,"email":"ada@example.com"}
		> POST /shop/customers/c1
		> {"version":5,"actions":[{"action":"setFirstName","firstName":"Ada"}]}
		< 409
		< {"statusCode":409,"message":"Object c1 has a different version than expected.","errors":[{"code":"ConcurrentModification","currentVersion":7}]}
		> GET /shop/customers/c1
		< 200
		< {"id":"c1","version":7,"email":"ada@example.com","loyalty":3}
		> POST /shop/customers/c1
		> {"version":7,"actions":[{"action":"setFirstName","firstName":"Ada"}]}
		< 200
		< {"id":"c1","version":8,"email":"ada@example.com","firstName":"Ada","loyalty":3}
	`)
	var report customers.Report
	got, err := c.Customers.UpdateWithRetry(t.Context(), "shop", "c1", setName, customers.WithReport(&report))
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "version", got.Version, 8)
	script.Want(t, "conflicts", report.Conflicts, 1)
}

// When the conflict's other writer did it already, nothing is left to do.
func TestUpdateWithRetrySkips(t *testing.T) {
	c := client(t, `
		> GET /shop/customers/c1
		< 200
		< {"id":"c1","version":5,"email":"ada@example.com"}
		> POST /shop/customers/c1
		> {"version":5,"actions":[{"action":"setFirstName","firstName":"Ada"}]}
		< 409
		< {"errors":[{"code":"ConcurrentModification","currentVersion":7}]}
		> GET /shop/customers/c1
		< 200
		< {"id":"c1","version":7,"email":"ada@example.com","firstName":"Ada"}
	`)
	var report customers.Report
	if _, err := c.Customers.UpdateWithRetry(t.Context(), "shop", "c1", setName, customers.WithReport(&report)); err != nil {
		t.Fatal(err)
	}
	script.Want(t, "outcome", report.Outcome, customers.Unchanged)
}

// A duplicate has the status of a conflict, and is none.
func TestUpdateWithRetryReadsTheCode(t *testing.T) {
	c := client(t, `
		> GET /shop/customers/c1
		< 200
		< {"id":"c1","version":5,"email":"ada@example.com"}
		> POST /shop/customers/c1
		> {"version":5,"actions":[{"action":"setFirstName","firstName":"Ada"}]}
		< 409
		< {"errors":[{"code":"DuplicateField","field":"email"}]}
	`)
	_, err := c.Customers.UpdateWithRetry(t.Context(), "shop", "c1", setName)
	script.WantNotError(t, err, customers.ErrConflict)
	script.WantError(t, err, customers.CodeDuplicateField)
}

func TestDeleteWithRetry(t *testing.T) {
	c := client(t, `
		> GET /shop/customers/c1
		< 200
		< {"id":"c1","version":5,"email":"ada@example.com"}
		> DELETE /shop/customers/c1?dataErasure=true&version=5
		< 409
		< {"errors":[{"code":"ConcurrentModification","currentVersion":7}]}
		> GET /shop/customers/c1
		< 200
		< {"id":"c1","version":7,"email":"ada@example.com"}
		> DELETE /shop/customers/c1?dataErasure=true&version=7
		< 200
		< {"id":"c1","version":7,"email":"ada@example.com"}
	`)
	erase := customers.DeleteCustomerParams{DataErasure: customers.Ptr(true)}
	if _, err := c.Customers.DeleteWithRetry(t.Context(), "shop", "c1", nil, erase); err != nil {
		t.Fatal(err)
	}
}

// The same actions go out again with the version that the conflict carries. After a lost answer they don't: they may have been applied.
func TestForceUpdate(t *testing.T) {
	c := client(t, `
		> GET /shop/customers/c1
		< 200
		< {"id":"c1","version":5,"email":"ada@example.com"}
		> POST /shop/customers/c1
		> {"version":5,"actions":[{"action":"setFirstName","firstName":"Ada"}]}
		< 409
		< {"errors":[{"code":"ConcurrentModification","currentVersion":7}]}
		> POST /shop/customers/c1
		> {"version":7,"actions":[{"action":"setFirstName","firstName":"Ada"}]}
		< drop
		> GET /shop/customers/c1
		< 200
		< {"id":"c1","version":7,"email":"ada@example.com"}
	`)
	update, err := setName(&customers.Customer{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Customers.ForceUpdate(t.Context(), "shop", "c1", update)
	script.WantError(t, err, customers.ErrAmbiguousWrite)
}
