package documents_test

import (
	"encoding/json"
	"testing"

	"shapes/documents"
	"shapes/script"
)

func client(t *testing.T, text string) *documents.Client {
	t.Helper()
	c, err := documents.NewClient(documents.WithAPIKey("ApiKey secret"), documents.WithBaseURL(script.Serve(t, text)),
		documents.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func restock(d *documents.GetResult) error {
	d.Source["stock"] = json.Number("5")
	return nil
}

// Both numbers go out; what was not changed keeps its notation.
func TestIndexWithRetry(t *testing.T) {
	c := client(t, `
		> GET /notes/_doc/7?realtime=true
		< 200
		< {"_index":"notes","_id":"7","_version":4,"_seq_no":18014398509481987,"_primary_term":3,"found":true,"_source":{"title":"Tea","price":4.50,"stock":4,"big":9007199254740993}}
		> PUT /notes/_doc/7?if_primary_term=3&if_seq_no=18014398509481987
		> {"title":"Tea","price":4.50,"stock":5,"big":9007199254740993}
		< 409
		< {"status":409,"error":{"type":"version_conflict_engine_exception","reason":"required seqNo"}}
		> GET /notes/_doc/7?realtime=true
		< 200
		< {"_index":"notes","_id":"7","_seq_no":2,"_primary_term":4,"found":true,"_source":{"title":"Coffee"}}
		> PUT /notes/_doc/7?if_primary_term=4&if_seq_no=2
		> {"title":"Coffee","stock":5}
		< 200
		< {"_id":"7","_seq_no":3,"_primary_term":4,"result":"updated"}
	`)
	var report documents.Report
	d, err := c.Documents.IndexWithRetry(t.Context(), "notes", "7", restock, documents.WithReport(&report))
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "title", d.Source["title"], any("Coffee"))
	script.Want(t, "revision", report.Revision, "3,4")
}

// A token with half of it missing is none.
func TestIndexWithRetryNeedsBothParts(t *testing.T) {
	c := client(t, `
		> GET /notes/_doc/7?realtime=true
		< 200
		< {"_index":"notes","_id":"7","_seq_no":5,"found":true,"_source":{}}
	`)
	_, err := c.Documents.IndexWithRetry(t.Context(), "notes", "7", restock)
	script.WantError(t, err, documents.ErrMissingRevision)
}

// Without the numbers nothing is checked.
func TestForceIndex(t *testing.T) {
	c := client(t, `
		> PUT /notes/_doc/7
		> {"title":"Tea"}
		< 201
		< {"_id":"7","_seq_no":9,"_primary_term":4,"result":"created"}
	`)
	if _, err := c.Documents.ForceIndex(t.Context(), "notes", "7", documents.Source{"title": "Tea"}); err != nil {
		t.Fatal(err)
	}
}
