package validators_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"shapes/script"
	"shapes/validators"
)

func client(t *testing.T, text string) *validators.Client {
	t.Helper()
	c, err := validators.NewClient(validators.WithKey("secret"), validators.WithBaseURL(script.Serve(t, text)),
		validators.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func five(n *validators.Note) error {
	n.Count = validators.Ptr(int64(5))
	return nil
}

// An entity tag goes out as it came. Everything else that a server writes in its place is refused before anything is written: as If-Match
// it would be another question, and "*" none at all.
func TestEntityTags(t *testing.T) {
	const read = `
		> GET /notes/1
		> Accept-Encoding: identity
		< 200
		< ETag: TAG
		< {"id":"1"}`
	const write = `
		> PUT /notes/1
		> Accept-Encoding: identity
		> If-Match: TAG
		> {"id":"1","count":5}
		< 200
		< ETag: "next"
		< {"id":"1","count":5}`
	for _, tag := range []string{`"1"`, `"*"`, `"a,b"`, `""`, `"é"`, `"a\b"`} {
		c := client(t, strings.ReplaceAll(read+write, "TAG", tag))
		if _, err := c.Notes.ReplaceWithRetry(t.Context(), "1", five); err != nil {
			t.Errorf("%s: %v", tag, err)
		}
	}
	for _, tag := range []string{`*`, `"a", "b"`, `"a","b"`, `W/"1"`, `w/"1"`, `W/*`, `W/1`, `1`, `"1`, `1"`, `"`, `"1"x`, `x"1"`, `1 2`,
		`"1 2"`, `"a""b"`, `a,b`, `*, "x"`,
		`"a"` + "\n\t\t< ETag: " + `"b"`, `"a"` + "\n\t\t< ETag: " + `"a"`} {
		c := client(t, strings.ReplaceAll(read, "TAG", tag))
		var report validators.Report
		_, err := c.Notes.ReplaceWithRetry(t.Context(), "1", five, validators.WithReport(&report))
		script.WantError(t, err, validators.ErrMissingRevision)
		script.Want(t, tag, report.Writes, 0)
	}
}

// Where tags are sent without quotes one word is a tag, too, and what stays of a tag has to be one.
func TestTagsWithoutQuotes(t *testing.T) {
	const read = `
		> GET /words/1
		< 200
		< ETag: TAG
		< {"id":"1"}`
	const write = `
		> PUT /words/1
		> If-Match: WORD
		> {"id":"1","count":5}
		< 200
		< {"id":"1","count":5}`
	for tag, word := range map[string]string{`"1"`: "1", `1`: "1", `BwWWja0YfJA=`: "BwWWja0YfJA=", `{a-b}`: "{a-b}"} {
		c := client(t, strings.NewReplacer("TAG", tag, "WORD", word).Replace(read+write))
		if _, err := c.Words.ReplaceWithRetry(t.Context(), "1", five); err != nil {
			t.Errorf("%s: %v", tag, err)
		}
	}
	for _, tag := range []string{`*`, `"*"`, `"a", "b"`, `"a, b"`, `a,b`, `W/*`, `W/1`, `w/1`, `"W/1"`, `W/"1"`, `""`, `"1 2"`, `"1"x`, `"1`} {
		c := client(t, strings.ReplaceAll(read, "TAG", tag))
		_, err := c.Words.ReplaceWithRetry(t.Context(), "1", five)
		script.WantError(t, err, validators.ErrMissingRevision)
	}
}

// A tag that cannot guard the next write is not taken from an answer to a write either: the next one reads first.
func TestTagOfAnAnswer(t *testing.T) {
	c := client(t, `
		> GET /notes/1
		< 200
		< ETag: "1"
		< {"id":"1"}
		> PUT /notes/1
		> If-Match: "1"
		> {"id":"1","count":5}
		< 200
		< ETag: *
		< {"id":"1","count":5}
		> GET /notes/1
		< 200
		< ETag: "2"
		< {"id":"1","count":5}
		> PUT /notes/1
		> If-Match: "2"
		> {"id":"1"}
		< 200
		< ETag: "3"
		< {"id":"1"}
	`)
	got, err := c.Notes.ReplaceWithRetry(t.Context(), "1", five)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Notes.ReplaceFrom(t.Context(), got, func(n *validators.Note) error { n.Count = nil; return nil }); err != nil {
		t.Fatal(err)
	}
}

// Whoever asks for an encoding gets what was asked for.
func TestEncodingOfTheCaller(t *testing.T) {
	c := client(t, `
		> GET /notes/1
		> Accept-Encoding: br
		< 200
		< ETag: "1"
		< {"id":"1"}
	`)
	if _, err := c.Notes.Get(t.Context(), "1", validators.WithHeader("Accept-Encoding", "br")); err != nil {
		t.Fatal(err)
	}
}

// The same bytes go out again where the server says that nothing was applied and asks for them; the other 409 is what it says.
func TestSameBytesAgain(t *testing.T) {
	c := client(t, `
		> GET /notes/1
		< 200
		< ETag: "1"
		< {"id":"1"}
		> PUT /notes/1
		> If-Match: "1"
		> {"id":"1","count":5}
		< 409
		< {"code":"BUSY"}
		> PUT /notes/1
		> If-Match: "1"
		> {"id":"1","count":5}
		< 200
		< ETag: "2"
		< {"id":"1","count":5}
		> GET /notes/1
		< 200
		< ETag: "2"
		< {"id":"1"}
		> PUT /notes/1
		> If-Match: "2"
		> {"id":"1","count":5}
		< 409
		< {"code":"TAKEN"}
	`)
	var report validators.Report
	if _, err := c.Notes.ReplaceWithRetry(t.Context(), "1", five, validators.WithReport(&report)); err != nil {
		t.Fatal(err)
	}
	script.Want(t, "conflicts", report.Conflicts, 0)
	_, err := c.Notes.ReplaceWithRetry(t.Context(), "1", five)
	script.WantError(t, err, validators.ErrorCode("TAKEN"))
	script.WantNotError(t, err, validators.ErrConflict)
}

// Names are compared exactly. What differs in capital letters is the member only where no other is, and is written as it was read.
func TestNamesOfMembers(t *testing.T) {
	for _, tt := range []struct{ read, write string }{
		{`{"id":"1","ID":"2","count":1,"COUNT":9}`, `{"id":"1","ID":"2","count":2,"COUNT":9}`},
		{`{"ID":"2","COUNT":9,"count":1,"id":"1"}`, `{"ID":"2","COUNT":9,"count":2,"id":"1"}`},
		{`{"id":"1","Count":1}`, `{"id":"1","count":2}`},
		{`{"id":"1","c\u006funt":1,"COUNT":9}`, `{"id":"1","count":2,"COUNT":9}`},
	} {
		c := client(t, `
			> GET /notes/1
			< 200
			< ETag: "1"
			< `+tt.read+`
			> PUT /notes/1
			> `+tt.write+`
			< 200
			< ETag: "2"
			< `+tt.write)
		got, err := c.Notes.ReplaceWithRetry(t.Context(), "1", func(n *validators.Note) error { *n.Count++; return nil })
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, tt.read, got.ID, "1")
		script.Want(t, tt.read, *got.Count, 2)
	}
}

// A date is a token only when its second was over: two writes of one second have the same.
func TestDates(t *testing.T) {
	const read = `
		> GET /dates/1
		< 200
		< Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
		< Date: DATE
		< {"id":"1"}`
	c := client(t, strings.ReplaceAll(read, "DATE", "Fri, 02 Jan 2026 03:04:06 GMT")+`
		> PUT /dates/1
		> If-Unmodified-Since: Fri, 02 Jan 2026 03:04:05 GMT
		> {"id":"1","count":5}
		< 200
		< Last-Modified: Fri, 02 Jan 2026 03:04:06 GMT
		< {"id":"1","count":5}
	`)
	if _, err := c.Dates.ReplaceWithRetry(t.Context(), "1", five); err != nil {
		t.Fatal(err)
	}
	for _, date := range []string{"Fri, 02 Jan 2026 03:04:04 GMT", "soon"} {
		c := client(t, strings.ReplaceAll(read, "DATE", date))
		_, err := c.Dates.ReplaceWithRetry(t.Context(), "1", five)
		script.WantError(t, err, validators.ErrMissingRevision)
	}
	c = client(t, strings.NewReplacer("DATE", "Fri, 02 Jan 2026 03:04:06 GMT", "Fri, 02 Jan 2026 03:04:05 GMT", "2026-01-02T03:04:05Z").
		Replace(read))
	_, err := c.Dates.ReplaceWithRetry(t.Context(), "1", five)
	script.WantError(t, err, validators.ErrMissingRevision)
}

// Others may still write in the second of a date. A helper waits until it is over, and does not wait for ever.
func TestYoungDates(t *testing.T) {
	const young = `
		> GET /dates/1
		< 200
		< Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
		< Date: Fri, 02 Jan 2026 03:04:05 GMT
		< {"id":"1"}`
	old := strings.ReplaceAll(young, "Date: Fri, 02 Jan 2026 03:04:05 GMT", "Date: Fri, 02 Jan 2026 03:04:06 GMT")
	c := client(t, young+old+`
		> PUT /dates/1
		> If-Unmodified-Since: Fri, 02 Jan 2026 03:04:05 GMT
		> {"id":"1","count":5}
		< 200
		< {"id":"1","count":5}`)
	var report validators.Report
	if _, err := c.Dates.ReplaceWithRetry(t.Context(), "1", five, validators.WithReport(&report)); err != nil {
		t.Fatal(err)
	}
	script.Want(t, "waited a second", report.Waited >= time.Second, true)

	c = client(t, strings.Repeat(young, 4))
	_, err := c.Dates.ReplaceWithRetry(t.Context(), "1", five, validators.WithReport(&report))
	script.WantError(t, err, validators.ErrMissingRevision)
	script.Want(t, "reads", report.Reads, 4)
}

// A copy keeps the date of the answer that it came with, and is as good as that.
func TestDateOfACopy(t *testing.T) {
	c := client(t, `
		> GET /dates/1
		< 200
		< Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
		< Date: Fri, 02 Jan 2026 03:04:05 GMT
		< {"id":"1"}
		> GET /dates/1
		< 200
		< Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT
		< Date: Fri, 02 Jan 2026 03:04:09 GMT
		< {"id":"1"}
		> PUT /dates/1
		> If-Unmodified-Since: Fri, 02 Jan 2026 03:04:05 GMT
		> {"id":"1","count":5}
		< 200
		< {"id":"1","count":5}
	`)
	read, err := c.Dates.Get(context.Background(), "1")
	if err != nil {
		t.Fatal(err)
	}
	var seen validators.Response
	if _, err := c.Dates.ReplaceFrom(t.Context(), read, five, validators.WithResponse(&seen)); err != nil {
		t.Fatal(err)
	}
	script.Want(t, "status", seen.Status, http.StatusOK)
}
