package products_test

import (
	"errors"
	"io"
	"net/http"
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

// The fake answers as the description says when the caller has what the server has, and only then.
func TestNotModified(t *testing.T) {
	srv := productstest.NewServer(t)
	srv.Seed("Product", `{"uuid":"p1","name":"Te"}`, "shop")
	c, err := products.NewClient(products.WithAccessToken("x"), products.WithBaseURL(srv.URL()), products.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	var first products.Response
	if _, err := c.Products.Get(t.Context(), "shop", "p1", products.WithResponse(&first)); err != nil || first.Header.Get("ETag") == "" {
		t.Fatal(err, first.Header)
	}
	tag := first.Header.Get("ETag")
	var same products.Response
	_, err = c.Products.Get(t.Context(), "shop", "p1", products.WithIfNoneMatch(tag), products.WithResponse(&same))
	if !errors.Is(err, products.ErrNotModified) || same.Header.Get("ETag") != tag || len(same.Body) > 0 {
		t.Errorf("%v, with %v", err, same.Header)
	}
	for _, given := range []string{`"other", ` + tag, "W/" + tag, "*"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL()+"/organizations/shop/products/p1", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("If-None-Match", given)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err != nil || answer.Body.Close() != nil || answer.StatusCode != http.StatusNotModified || len(body) > 0 {
			t.Errorf("%s is answered with %d and %q, %v", given, answer.StatusCode, body, err)
		}
	}
	if _, err := c.Products.Get(t.Context(), "shop", "p1", products.WithIfNoneMatch(`"other"`)); err != nil {
		t.Error(err)
	}
	if _, err := c.Products.Get(t.Context(), "shop", "p2", products.WithIfNoneMatch(tag)); !errors.Is(err, products.ErrNotFound) {
		t.Errorf("of another one: %v", err)
	}
	_, err = c.Products.UpdateWithRetry(t.Context(), "shop", "p1", func(p *products.Product) error { p.Name = "Tea"; return nil })
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Products.Get(t.Context(), "shop", "p1", products.WithIfNoneMatch(tag))
	if err != nil || got.Name != "Tea" {
		t.Errorf("after a change: %+v, %v", got, err)
	}
}
