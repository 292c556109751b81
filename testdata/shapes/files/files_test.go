package files_test

import (
	"testing"

	"shapes/files"
	"shapes/script"
)

func client(t *testing.T, text string) *files.Client {
	t.Helper()
	c, err := files.NewClient(files.WithAccessToken("secret"), files.WithBaseURL(script.Serve(t, text)+"/2.0"),
		files.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The tag of the body goes into the header without quotes, and only what changed is sent.
func TestUpdateWithRetry(t *testing.T) {
	c := client(t, `
		> GET /2.0/files/12345
		< 200
		< {"id":"12345","type":"file","etag":"3","name":"plan.txt","tags":["draft"],"shared_link":{"access":"open","url":"https://files.example.com/s/1"}}
		> PUT /2.0/files/12345
		> If-Match: 3
		> {"tags":["draft","tea"]}
		< 412
		< {"type":"error","status":412,"code":"precondition_failed","request_id":"r1"}
		> GET /2.0/files/12345
		< 200
		< {"id":"12345","type":"file","etag":"\"4\"","name":"plan.txt","tags":["final"]}
		> PUT /2.0/files/12345
		> If-Match: 4
		> {"tags":["final","tea"]}
		< 200
		< {"id":"12345","type":"file","etag":"5","name":"plan.txt","tags":["final","tea"]}
	`)
	f, err := c.Files.UpdateWithRetry(t.Context(), "12345", func(f *files.File) error {
		f.Tags = append(f.Tags, "tea")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "tag", *f.Etag, "5")
}

// What was set and is nil is taken away.
func TestUpdateWithRetryTakesAway(t *testing.T) {
	c := client(t, `
		> GET /2.0/files/12345
		< 200
		< {"id":"12345","type":"file","etag":"3","description":"old"}
		> PUT /2.0/files/12345
		> If-Match: 3
		> {"description":null}
		< 200
		< {"id":"12345","type":"file","etag":"4","description":null}
	`)
	_, err := c.Files.UpdateWithRetry(t.Context(), "12345", func(f *files.File) error {
		f.Description = nil
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Without the header nothing is checked.
func TestForceUpdate(t *testing.T) {
	c := client(t, `
		> PUT /2.0/files/12345
		> -If-Match
		> {"name":"tea.txt"}
		< 200
		< {"id":"12345","type":"file","etag":"9","name":"tea.txt"}
	`)
	f, err := c.Files.ForceUpdate(t.Context(), "12345", files.FileUpdate{Name: files.Ptr("tea.txt")})
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "tag", *f.Etag, "9")
}

// A check that says no ends the call before anything is removed.
func TestDeleteWithRetry(t *testing.T) {
	c := client(t, `
		> GET /2.0/files/12345
		< 200
		< {"id":"12345","type":"file","etag":"3","tags":["keep"]}
	`)
	var report files.Report
	_, err := c.Files.DeleteWithRetry(t.Context(), "12345", func(f *files.File) error {
		if len(f.Tags) > 0 {
			return files.ErrSkip
		}
		return nil
	}, files.WithReport(&report))
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "outcome", report.Outcome, files.Unchanged)
}

// Its own answer lost, an equal conflict with the same tag is our own write that won.
func TestDeleteWithRetrySendsTheSameAgain(t *testing.T) {
	c := client(t, `
		> GET /2.0/files/12345
		< 200
		< {"id":"12345","type":"file","etag":"3"}
		> DELETE /2.0/files/12345
		> If-Match: 3
		< drop
		> GET /2.0/files/12345
		< 200
		< {"id":"12345","type":"file","etag":"3"}
		> DELETE /2.0/files/12345
		> If-Match: 3
		< 204
	`)
	if _, err := c.Files.DeleteWithRetry(t.Context(), "12345", nil); err != nil {
		t.Fatal(err)
	}
}
