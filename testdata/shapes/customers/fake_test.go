package customers_test

import (
	"strconv"
	"testing"

	"shapes/customers"
	"shapes/customers/customerstest"
	"shapes/script"
)

// perform teaches a fake what actions are: they apply to the version that they name, or the answer says which there is.
func perform(t *testing.T, srv *customerstest.Server) {
	srv.Handle("updateCustomer", func(r *customerstest.Request) customerstest.Answer {
		key := r.Params["projectKey"] + "/" + r.Params["id"]
		var update customers.CustomerUpdate
		if err := r.Decode(&update); err != nil {
			t.Error(err)
			return customerstest.Answer{Status: 400}
		}
		if version := srv.Revision("Customer", key); version != strconv.FormatInt(update.Version, 10) {
			current, _ := strconv.Atoi(version)
			return customerstest.Answer{Status: 409, Body: map[string]any{
				"message": "stale", "errors": []any{map[string]any{"code": "ConcurrentModification", "currentVersion": current}},
			}}
		}
		srv.Edit("Customer", key, func(c map[string]any) {
			for _, a := range update.Actions {
				if set, err := a.AsSetFirstName(); err == nil {
					c["firstName"] = *set.FirstName
				}
			}
		})
		var stored customers.Customer
		srv.Get("Customer", key, &stored)
		stored.Version, _ = strconv.ParseInt(srv.Revision("Customer", key), 10, 64)
		return customerstest.Answer{Body: stored}
	})
}

// The generated fake refuses stale tokens as the API does, and the helpers get past it.
func TestAgainstTheFake(t *testing.T) {
	srv := customerstest.NewServer(t)
	perform(t, srv)
	srv.Seed("Customer", `{"id":"c1","email":"ada@example.com"}`, "shop")
	c, err := customers.NewClient(customers.WithAccessToken("x"), customers.WithBaseURL(srv.URL()), customers.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("UpdateWithRetry", func(t *testing.T) {
		srv.Inject(customerstest.Fault{Kind: customerstest.Conflict, Operation: "updateCustomer"})
		var report customers.Report
		got, err := c.Customers.UpdateWithRetry(t.Context(), "shop", "c1", setName, customers.WithReport(&report))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "name", *got.FirstName, "Ada")
		script.Want(t, "conflicts", report.Conflicts, 1)
		script.Want(t, "writes", srv.Count("updateCustomer"), 2)
	})
	t.Run("ForceUpdate", func(t *testing.T) {
		srv.Inject(customerstest.Fault{Kind: customerstest.Conflict, Operation: "updateCustomer"})
		update, err := setName(&customers.Customer{})
		if err != nil {
			t.Fatal(err)
		}
		var report customers.Report
		if _, err := c.Customers.ForceUpdate(t.Context(), "shop", "c1", update, customers.WithReport(&report)); err != nil {
			t.Fatal(err)
		}
		script.Want(t, "forced writes", report.Writes, 2)
		script.Want(t, "reads, as the conflict carries the version", report.Reads, 1)
	})
	t.Run("DeleteWithRetry", func(t *testing.T) {
		srv.Inject(customerstest.Fault{Kind: customerstest.Conflict, Operation: "deleteCustomer"})
		var report customers.Report
		if _, err := c.Customers.DeleteWithRetry(t.Context(), "shop", "c1", nil, customers.WithReport(&report)); err != nil {
			t.Fatal(err)
		}
		script.Want(t, "conflicts", report.Conflicts, 1)
		script.Want(t, "writes", srv.Count("deleteCustomer"), 2)
	})
}
