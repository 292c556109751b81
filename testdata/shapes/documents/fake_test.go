package documents_test

import (
	"testing"

	"shapes/documents"
	"shapes/documents/documentstest"
	"shapes/script"
)

// The generated fake refuses stale tokens as the API does, and the helpers get past it.
func TestAgainstTheFake(t *testing.T) {
	srv := documentstest.NewServer(t)
	srv.Seed("GetResult", `{"_index":"notes","_id":"7","found":true,"_source":{"title":"Te"}}`)
	c, err := documents.NewClient(documents.WithAPIKey("x"), documents.WithBaseURL(srv.URL()), documents.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("IndexWithRetry", func(t *testing.T) {
		srv.Inject(documentstest.Fault{Kind: documentstest.Conflict, Operation: "index"})
		var report documents.Report
		_, err := c.Documents.IndexWithRetry(t.Context(), "notes", "7", func(d *documents.GetResult) error {
			d.Source["title"] = "Tea"
			return nil
		}, documents.WithReport(&report))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "conflicts", report.Conflicts, 1)
		script.Want(t, "writes", srv.Count("index"), 2)
	})
	t.Run("ForceIndex by the escape", func(t *testing.T) {
		srv.Inject(documentstest.Fault{Kind: documentstest.Conflict, Operation: "index"})
		var report documents.Report
		if _, err := c.Documents.ForceIndex(t.Context(), "notes", "7", documents.Source{"title": "Coffee"},
			documents.WithReport(&report)); err != nil {
			t.Fatal(err)
		}
		script.Want(t, "forced writes", report.Writes, 1)
		script.Want(t, "reads", report.Reads, 0)
	})
}
