package pages_test

import (
	"testing"

	"shapes/pages"
	"shapes/pages/pagestest"
	"shapes/script"
)

// The generated fake refuses stale tokens as the API does, and the helpers get past it.
func TestAgainstTheFake(t *testing.T) {
	srv := pagestest.NewServer(t)
	srv.Seed("Page", `{"id":"7","status":"current","title":"Te","body":{},"version":{"number":3}}`)
	c, err := pages.NewClient(pages.WithBasicAuth("a", "x"), pages.WithBaseURL(srv.URL()), pages.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("UpdateWithRetry", func(t *testing.T) {
		srv.Inject(pagestest.Fault{Kind: pagestest.Conflict, Operation: "updatePage"})
		var report pages.Report
		_, err := c.Pages.UpdateWithRetry(t.Context(), 7, func(p *pages.Page) error {
			p.Title = pages.Ptr("Tea")
			return nil
		}, pages.WithReport(&report))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "conflicts", report.Conflicts, 1)
		script.Want(t, "writes", srv.Count("updatePage"), 2)
	})
	t.Run("ForceUpdate", func(t *testing.T) {
		srv.Inject(pagestest.Fault{Kind: pagestest.Conflict, Operation: "updatePage"})
		var report pages.Report
		if _, err := c.Pages.ForceUpdate(t.Context(), 7, pages.PageUpdate{Status: pages.StatusCurrent, Title: "Coffee"},
			pages.WithReport(&report)); err != nil {
			t.Fatal(err)
		}
		script.Want(t, "forced writes", report.Writes, 2)
	})
}
