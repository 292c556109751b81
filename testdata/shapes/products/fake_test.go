package products_test

import (
	"testing"

	"shapes/products"
	"shapes/products/productstest"
	"shapes/script"
)

// The generated fake refuses stale tokens as the API does, and the helpers get past it.
func TestAgainstTheFake(t *testing.T) {
	srv := productstest.NewServer(t)
	srv.Seed("Product", `{"uuid":"p1","name":"Te"}`, "shop")
	c, err := products.NewClient(products.WithAccessToken("x"), products.WithBaseURL(srv.URL()), products.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("UpdateWithRetry", func(t *testing.T) {
		srv.Inject(productstest.Fault{Kind: productstest.Conflict, Operation: "updateProduct"})
		var report products.Report
		_, err := c.Products.UpdateWithRetry(t.Context(), "shop", "p1", func(p *products.Product) error {
			p.Name = "Tea"
			return nil
		}, products.WithReport(&report))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "conflicts", report.Conflicts, 1)
		script.Want(t, "writes", srv.Count("updateProduct"), 2)
	})
	t.Run("ForceUpdate by the escape", func(t *testing.T) {
		srv.Inject(productstest.Fault{Kind: productstest.Conflict, Operation: "updateProduct"})
		var report products.Report
		if _, err := c.Products.ForceUpdate(t.Context(), "shop", "p1", products.Product{UUID: "p1", Name: "Tea"},
			products.WithReport(&report)); err != nil {
			t.Fatal(err)
		}
		script.Want(t, "forced writes", report.Writes, 1)
		script.Want(t, "reads", report.Reads, 0)
	})
}
