package library_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"shapes/library"
	"shapes/library/librarytest"
	"shapes/script"
)

// transport keeps what is sent, and answers nothing.
type transport struct{ got *http.Request }

var errNoNetwork = errors.New("there is no network")

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	t.got = r
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
	}
	return nil, errNoNetwork
}

func form() library.UploadScansRequest {
	return library.UploadScansRequest{Cover: library.FormFile{Content: strings.NewReader("x")}}
}

// An operation is sent to its own server while the client is where the description has it. A client that is pointed elsewhere sends nothing
// anywhere else, its credential least of all; another path of the same host stays one.
func TestOwnServer(t *testing.T) {
	for _, tt := range []struct{ base, list, cover, scans string }{
		{"", "https://library.example.com/v1/books", "https://library.example.com/v2/books/b1/cover",
			"https://scans.example.net/uploads/books/b1/scans"},
		{"https://library.example.com/v1/", "https://library.example.com/v1/books", "https://library.example.com/v2/books/b1/cover",
			"https://scans.example.net/uploads/books/b1/scans"},
		{"https://other.example.org/x/v1", "https://other.example.org/x/v1/books", "https://other.example.org/x/v2/books/b1/cover",
			"https://other.example.org/x/v1/books/b1/scans"},
		{"https://other.example.org/y", "https://other.example.org/y/books", "https://other.example.org/y/books/b1/cover",
			"https://other.example.org/y/books/b1/scans"},
	} {
		wire := &transport{}
		opts := []library.ClientOption{library.WithSession("secret"), library.WithHTTPClient(&http.Client{Transport: wire}),
			library.WithRetryPolicy(library.RetryPolicy{MaxAttempts: 1})}
		if tt.base != "" {
			opts = append(opts, library.WithBaseURL(tt.base))
		}
		c, err := library.NewClient(opts...)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Books.List(t.Context(), []string{"A"})
		script.Want(t, "list", wire.got.URL.String(), tt.list)
		_, _ = c.Books.GetCover(t.Context(), "b1")
		script.Want(t, "cover", wire.got.URL.String(), tt.cover)
		_, _ = c.Books.UploadScans(t.Context(), "b1", form())
		script.Want(t, "scans", wire.got.URL.String(), tt.scans)
		script.Want(t, "cookie", wire.got.Header.Get("Cookie"), "SID=secret")
	}
}

// The fake takes operations at the path of their own server, and without it.
func TestOwnServerAgainstTheFake(t *testing.T) {
	srv := librarytest.NewServer(t)
	srv.Handle("getBooksByIDCover", func(*librarytest.Request) librarytest.Answer { return librarytest.Answer{Body: []byte("png")} })
	for _, base := range []string{srv.URL(), srv.URL() + "/v1"} {
		c, err := library.NewClient(library.WithSession("secret"), library.WithBaseURL(base))
		if err != nil {
			t.Fatal(err)
		}
		cover, err := c.Books.GetCover(t.Context(), "b1")
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(cover)
		_ = cover.Close()
		script.Want(t, "cover", string(data), "png")
	}
}

// A cookie is a credential like any other: it is nowhere but in the request, and a header of the caller's cannot take its place.
func TestCookieCredential(t *testing.T) {
	wire := &transport{}
	var log, curl bytes.Buffer
	c, err := library.NewClient(library.WithSession("s3cret"),
		library.WithHTTPClient(&http.Client{Transport: &library.DebugTransport{Base: wire, Output: &curl}}),
		library.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Books.UploadScans(t.Context(), "b1", form(), library.WithHeader("Cookie", "SID=theirs; lang=de"))
	script.Want(t, "cookies", wire.got.Header.Get("Cookie"), "lang=de; SID=s3cret")
	for what, text := range map[string]string{"error": err.Error(), "log": log.String(), "curl": curl.String()} {
		if text == "" || strings.Contains(text, "s3cret") || strings.Contains(text, "SID=") {
			t.Errorf("the %s is %q", what, text)
		}
	}
	for _, value := range []string{"", "a b", "a;b", "a,b", `a"b`, "a\nb", "ä"} {
		if _, err := library.NewClient(library.WithSession(value)); err == nil || value != "" && strings.Contains(err.Error(), value) {
			t.Errorf("the session %q gives %v", value, err)
		}
	}
}
