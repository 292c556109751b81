package files_test

import (
	"testing"

	"shapes/files"
	"shapes/files/filestest"
	"shapes/script"
)

// The generated fake refuses stale tokens as the API does, and the helpers get past it.
func TestAgainstTheFake(t *testing.T) {
	srv := filestest.NewServer(t)
	srv.Seed("File", `{"id":"f1","type":"file","name":"a"}`)
	c, err := files.NewClient(files.WithAccessToken("x"), files.WithBaseURL(srv.URL()), files.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("UpdateWithRetry", func(t *testing.T) {
		srv.Inject(filestest.Fault{Kind: filestest.Conflict, Operation: "put_files_id"})
		var report files.Report
		_, err := c.Files.UpdateWithRetry(t.Context(), "f1", func(f *files.File) error {
			f.Name = files.Ptr("b")
			return nil
		}, files.WithReport(&report))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "conflicts", report.Conflicts, 1)
		script.Want(t, "writes", srv.Count("put_files_id"), 2)
	})
	t.Run("ForceUpdate by the escape", func(t *testing.T) {
		srv.Inject(filestest.Fault{Kind: filestest.Conflict, Operation: "put_files_id"})
		var report files.Report
		if _, err := c.Files.ForceUpdate(t.Context(), "f1", files.FileUpdate{Name: files.Ptr("c")}, files.WithReport(&report)); err != nil {
			t.Fatal(err)
		}
		script.Want(t, "forced writes", report.Writes, 1)
		script.Want(t, "reads", report.Reads, 0)
	})
}
