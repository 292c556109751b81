package answers

import (
	"context"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"shapes/script"
)

func client(t *testing.T, text string) *Client {
	t.Helper()
	c, err := NewClient(WithBaseURL(script.Serve(t, text)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Successes with different bodies are typed, those with the same or none are what they are.
func TestSeveralSuccesses(t *testing.T) {
	ctx := context.Background()
	c := client(t, `
		> POST /batch
		< 207
		< {"status":"some","errors":["e"]}
		> PATCH /batch/1
		< 200
		< {"status":"s"}
		> PATCH /batch/1
		< 202
		> PATCH /batch/1
		< 204
		> DELETE /batch/1
		< 204
		> PUT /batch/1
		< 204
	`)
	var status Response
	made, err := c.Batches.Create(ctx, WithResponse(&status))
	if err != nil {
		t.Fatal(err)
	}
	some, err := made.AsBatchWithErrors()
	if err != nil || status.Status != 207 || len(some.Errors) != 1 {
		t.Error(some, status, err)
	}
	for _, want := range []string{"s", "", ""} {
		b, err := c.Batches.Patch(ctx, "1")
		if err != nil || b.Status != want {
			t.Error(b, err)
		}
	}
	for _, err := range []error{c.Batches.Delete(ctx, "1"), c.Batches.Put(ctx, "1")} {
		if err != nil {
			t.Error(err)
		}
	}
}

// Of an answer that is decoded every media type is asked for that is JSON, and no other.
func TestMediaTypesOfJSON(t *testing.T) {
	c := client(t, `
		> GET /batch/1/report
		> Accept: application/json, application/vnd.report+json
		< 200
		< Content-Type: application/vnd.report+json
		< {"status":"done"}
	`)
	if b, err := c.Batches.GetReport(context.Background(), "1"); err != nil || b.Status != "done" {
		t.Error(b, err)
	}
}

// A redirect that is the answer is one, on the same host too; every media type of an answer is asked for.
func TestRedirectsAndMediaTypes(t *testing.T) {
	ctx := context.Background()
	c := client(t, `
		> GET /batch/1/place
		< 302
		< Location: /elsewhere
		> POST /batch/1/place
		< 303
		< Location: /elsewhere
		< {"status":"moved"}
		> GET /batch/1/picture
		> Accept: image/png, image/jpeg
		< 200
		< Content-Type: image/jpeg
		< picture
	`)
	var there Response
	if err := c.Batches.GetPlace(ctx, "1", WithResponse(&there)); err != nil || there.Status != 302 ||
		there.Header.Get("Location") != "/elsewhere" {
		t.Error(there, err)
	}
	if b, err := c.Batches.Move(ctx, "1"); err != nil || b.Status != "moved" {
		t.Error(b, err)
	}
	picture, err := c.Batches.GetPicture(ctx, "1")
	if err != nil {
		t.Fatal(err)
	}
	defer picture.Close()
	if data, err := io.ReadAll(picture); err != nil || string(data) != "picture" {
		t.Errorf("%q, %v", data, err)
	}
}

// A redirect that is described beside another success is an answer, too, and not followed: its place is in the response. Of a write that is
// to be sent elsewhere it is an error: nothing was done here.
func TestRedirectsBesideSuccesses(t *testing.T) {
	ctx := context.Background()
	c := client(t, `
		> GET /batch/1/next
		< 200
		< {"status":"here"}
		> GET /batch/1/next
		< 303
		< Location: /batch/2
		< {"status":"moved"}
		> GET /batch/1/next
		< 301
		< Location: /batch/1/next
		> GET /batch/1/next
		< 200
		< {"status":"followed"}
		> PUT /batch/1/next
		< 302
		< Location: /batch/2
		> PUT /batch/1/next
		< 307
		< Location: /batch/2
	`)
	if b, err := c.Batches.GetNext(ctx, "1"); err != nil || b.Status != "here" {
		t.Error(b, err)
	}
	var there Response
	if b, err := c.Batches.GetNext(ctx, "1", WithResponse(&there)); err != nil || b.Status != "" || there.Status != 303 ||
		there.Header.Get("Location") != "/batch/2" {
		t.Error(b, there, err)
	}
	if b, err := c.Batches.GetNext(ctx, "1"); err != nil || b.Status != "followed" {
		t.Error(b, err)
	}
	there = Response{}
	if err := c.Batches.SetNext(ctx, "1", WithResponse(&there)); err != nil || there.Status != 302 {
		t.Error(there, err)
	}
	var moved *APIError
	if err := c.Batches.SetNext(ctx, "1"); !errors.As(err, &moved) || moved.Status != 307 || moved.Header.Get("Location") != "/batch/2" {
		t.Error(err)
	}
}

// A file is no JSON, whatever media type it is described by.
func TestFilesUnderJSON(t *testing.T) {
	ctx := context.Background()
	c := client(t, `
		> GET /batch/1/scan
		> Accept: */*
		< 200
		< Content-Type: image/png
		< scan
		> PUT /batch/1/scan
		> Content-Type: application/octet-stream
		> new
		< 204
	`)
	scan, err := c.Batches.GetScan(ctx, "1")
	if err != nil {
		t.Fatal(err)
	}
	defer scan.Close()
	if data, err := io.ReadAll(scan); err != nil || string(data) != "scan" {
		t.Errorf("%q, %v", data, err)
	}
	if err := c.Batches.PutScan(ctx, "1", strings.NewReader("new")); err != nil {
		t.Error(err)
	}
}

// Answers are read as servers write them, and what cannot be read is called what it is.
func TestOddAnswers(t *testing.T) {
	ctx := context.Background()
	for _, tt := range []struct{ contentType, body, status, refused string }{
		{"application/json", "\ufeff{\"status\":\"x\"}", "x", ""},
		{"application/json; charset=iso-8859-1", "{\"status\":\"\xe9\"}", "é", ""},
		{"application/json; charset=iso-8859-1", "{\"status\":\"é\"}", "é", ""},
		{"text/plain", `{"status":"x"}`, "x", ""},
		{"text/html; charset=utf-8", "<html>log in</html>", "", "the answer is no JSON: it has the media type text/html"},
		{"application/json", "<html>log in</html>", "", "invalid character '<' looking for beginning of value"},
		{"application/json", `{"status":"x","count":1e3,"big":18446744073709551615}`, "x", ""},
		{"application/json", `{"status":"x","count":1000.0,"big":"18446744073709551615"}`, "x", ""},
	} {
		c := client(t, "> GET /batch/1\n< 200\n< Content-Type: "+tt.contentType+"\n< "+tt.body)
		b, err := c.Batches.Get(ctx, "1")
		if tt.refused != "" {
			if want := "answers: getBatch: GET /batch/{id}: 200, " + tt.refused; err == nil || err.Error() != want {
				t.Errorf("%s: have %v, want %s", tt.body, err, want)
			}
			continue
		}
		if err != nil || b.Status != tt.status {
			t.Errorf("%s: %v, %v", tt.body, b, err)
			continue
		}
		if b.Count != nil && (*b.Count != 1000 || *b.Big != math.MaxUint64) {
			t.Errorf("%s: %d, %d", tt.body, *b.Count, *b.Big)
		}
	}
}
