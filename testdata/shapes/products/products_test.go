package products_test

import (
	"testing"

	"shapes/products"
	"shapes/script"
)

func client(t *testing.T, text string) *products.Client {
	t.Helper()
	c, err := products.NewClient(products.WithAccessToken("secret"), products.WithBaseURL(script.Serve(t, text)),
		products.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func rename(p *products.Product) error {
	p.Name = "Tea"
	return nil
}

// Entity tags go back with their quotes, and the answer's is the new one though there is no body.
func TestUpdateWithRetry(t *testing.T) {
	c := client(t, `
		> GET /organizations/shop/products/p1
		< 200
		< ETag: "a=="
		< {"uuid":"p1","name":"Te","variants":[{"uuid":"v1","price":{"amount":450,"currencyId":"SEK"},"vat":"12.0"}],"updated":"2026-01-01T00:00:00.000+0000"}
		> PUT /organizations/shop/products/p1
		> If-Match: "a=="
		> {"uuid":"p1","name":"Tea","variants":[{"uuid":"v1","price":{"amount":450,"currencyId":"SEK"},"vat":"12.0"}]}
		< 412
		< {"errorType":"PRECONDITION_FAILED"}
		> GET /organizations/shop/products/p1
		< 200
		< ETag: "b=="
		< {"uuid":"p1","name":"Te","categories":["hot"]}
		> PUT /organizations/shop/products/p1
		> If-Match: "b=="
		> {"uuid":"p1","name":"Tea","categories":["hot"]}
		< 204
		< ETag: "c=="
	`)
	var report products.Report
	p, err := c.Products.UpdateWithRetry(t.Context(), "shop", "p1", rename, products.WithReport(&report))
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "name", p.Name, "Tea")
	script.Want(t, "revision", report.Revision, `"c=="`)
	script.Want(t, "conflicts", report.Conflicts, 1)
}

// A weak tag cannot guard anything: no write is made.
func TestUpdateWithRetryRefusesWeakTags(t *testing.T) {
	c := client(t, `
		> GET /organizations/shop/products/p1
		< 200
		< ETag: W/"a"
		< {"uuid":"p1","name":"Te"}
	`)
	_, err := c.Products.UpdateWithRetry(t.Context(), "shop", "p1", rename)
	script.WantError(t, err, products.ErrMissingRevision)
}

// The asterisk stands for any tag: one request, no read.
func TestForceUpdate(t *testing.T) {
	c := client(t, `
		> PUT /organizations/shop/products/p1
		> If-Match: *
		> {"uuid":"p1","name":"Tea"}
		< 204
		< ETag: "d=="
	`)
	var report products.Report
	if _, err := c.Products.ForceUpdate(t.Context(), "shop", "p1", products.Product{UUID: "p1", Name: "Tea"},
		products.WithReport(&report)); err != nil {
		t.Fatal(err)
	}
	script.Want(t, "revision", report.Revision, `"d=="`)
	script.Want(t, "reads", report.Reads, 0)
}

// A removal asks again on what it finds.
func TestDeleteWithRetry(t *testing.T) {
	c := client(t, `
		> GET /organizations/shop/products/p1
		< 200
		< ETag: "a"
		< {"uuid":"p1","name":"Te"}
		> DELETE /organizations/shop/products/p1
		> If-Match: "a"
		< 412
		> GET /organizations/shop/products/p1
		< 200
		< ETag: "b"
		< {"uuid":"p1","name":"Tea"}
		> DELETE /organizations/shop/products/p1
		> If-Match: "b"
		> -Content-Type
		< 204
	`)
	var seen []string
	_, err := c.Products.DeleteWithRetry(t.Context(), "shop", "p1", func(p *products.Product) error {
		seen = append(seen, p.Name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "states asked about", len(seen), 2)
}

// After a lost answer nobody need guess: what is gone is gone.
func TestDeleteWithRetryAfterALostAnswer(t *testing.T) {
	c := client(t, `
		> GET /organizations/shop/products/p1
		< 200
		< ETag: "a"
		< {"uuid":"p1","name":"Te"}
		> DELETE /organizations/shop/products/p1
		< drop
		> GET /organizations/shop/products/p1
		< 404
	`)
	var report products.Report
	if _, err := c.Products.DeleteWithRetry(t.Context(), "shop", "p1", nil, products.WithReport(&report)); err != nil {
		t.Fatal(err)
	}
	script.Want(t, "outcome", report.Outcome, products.Recovered)
}

// A plain call is sent once, with the tag that the caller has.
func TestUpdate(t *testing.T) {
	c := client(t, `
		> PUT /organizations/shop/products/p1
		> If-Match: "a"
		> {"uuid":"p1","name":"Tea"}
		< 412
	`)
	err := c.Products.Update(t.Context(), "shop", "p1", `"a"`, products.Product{UUID: "p1", Name: "Tea"})
	script.WantError(t, err, products.ErrConflict)
}
