package library_test

import (
	"io"
	"strings"
	"testing"

	"shapes/library"
	"shapes/library/librarytest"
	"shapes/script"
)

// pipe is a reader that cannot be read again.
type pipe struct{ io.Reader }

func fakeClient(t *testing.T) (*librarytest.Server, *library.Client) {
	t.Helper()
	srv := librarytest.NewServer(t)
	c, err := library.NewClient(library.WithSession("secret"), library.WithBaseURL(srv.URL()), library.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return srv, c
}

// A form is sent part by part: files with names and media types, objects as JSON, lists as the encoding has them.
func TestUpload(t *testing.T) {
	srv, s := fakeClient(t)
	srv.Handle("uploadScans", func(r *librarytest.Request) librarytest.Answer {
		form, err := r.Form()
		if err != nil {
			t.Error(err)
			return librarytest.Answer{Status: 400}
		}
		for name, want := range map[string]string{
			"meta": `{"dpi":300}`, "note": "näh", "count": "2", "tags": "a|b", "labels": "c,d", "places": `{"from":1,"to":2}|{"from":3,"to":4}`,
			"taken": "2026-01-02T03:04:05Z", "digest": "AQI=", "id": "",
		} {
			script.Want(t, name, strings.Join(form.Value[name], "|"), want)
		}
		cover := form.File["cover"][0]
		script.Want(t, "cover's name", cover.Filename, `c"1.png`)
		script.Want(t, "cover's type", cover.Header.Get("Content-Type"), "image/png")
		script.Want(t, "pages", len(form.File["pages"]), 2)
		for i, want := range []string{"page 1", "page 2"} {
			f, err := form.File["pages"][i].Open()
			if err != nil {
				t.Error(err)
				continue
			}
			data, _ := io.ReadAll(f)
			script.Want(t, "page", string(data), want)
		}
		script.Want(t, "type of a page", form.File["pages"][0].Header.Get("Content-Type"), "application/octet-stream")
		script.Want(t, "type of the next", form.File["pages"][1].Header.Get("Content-Type"), "image/jpeg")
		return librarytest.Answer{Status: 201, Body: map[string]int{"dpi": 300}}
	})
	meta, err := s.Books.UploadScans(t.Context(), "b1", library.UploadScansRequest{
		Cover: library.FormFile{Name: `c"1.png`, Content: strings.NewReader("cover")},
		Pages: []library.FormFile{{Content: pipe{strings.NewReader("page 1")}},
			{Name: "2", ContentType: "image/jpeg", Content: strings.NewReader("page 2")}},
		Meta: library.ScanMeta{Dpi: 300}, Note: library.Ptr("näh"), Count: library.Ptr(int32(2)), Tags: []string{"a", "b"},
		Labels: []string{"c", "d"},
		Places: []library.Range{span(1, 2), span(3, 4)}, Taken: library.Ptr(library.Timestamp("2026-01-02T03:04:05Z")), Digest: []byte{1, 2},
	})
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "dpi", meta.Dpi, 300)
}

// A file without content is refused before anything is sent, and the fake answers an upload as described.
func TestUploadRefused(t *testing.T) {
	srv, s := fakeClient(t)
	if _, err := s.Books.UploadScans(t.Context(), "b1", library.UploadScansRequest{}); err == nil || !strings.Contains(err.Error(), "cover") {
		t.Errorf("have %v", err)
	}
	script.Want(t, "requests", srv.Count(), 0)
	if _, err := s.Books.UploadScans(t.Context(), "b1",
		library.UploadScansRequest{Cover: library.FormFile{Content: strings.NewReader("x")}}); err != nil {
		t.Errorf("have %v", err)
	}
}

// What may be repeated is, as long as its body can be read again; a body that cannot is sent once. A plain write always is.
func TestUploadAgain(t *testing.T) {
	for _, tt := range []struct {
		name    string
		content io.Reader
		sent    int
	}{
		{"a file", strings.NewReader("xyz"), 2},
		{"a pipe", pipe{strings.NewReader("xyz")}, 1},
	} {
		srv, s := fakeClient(t)
		srv.Handle("checkScans", func(r *librarytest.Request) librarytest.Answer {
			form, err := r.Form()
			if err != nil {
				t.Error(err)
				return librarytest.Answer{Status: 400}
			}
			f, err := form.File["page"][0].Open()
			if err != nil {
				t.Error(err)
				return librarytest.Answer{Status: 400}
			}
			data, _ := io.ReadAll(f)
			return librarytest.Answer{Body: []string{string(data)}}
		})
		srv.Inject(librarytest.Fault{Kind: librarytest.Drop, Operation: "checkScans", Times: 1})
		got, err := s.Scans.Check(t.Context(),
			&library.CheckScansRequest{AdditionalProperties: map[string]library.FormFile{"page": {Content: tt.content}}})
		script.Want(t, tt.name+" was sent", srv.Count("checkScans"), tt.sent)
		if tt.sent == 2 && (err != nil || got[0] != "xyz") || tt.sent == 1 && err == nil {
			t.Errorf("%s: have %v, %v", tt.name, got, err)
		}
	}
	srv, s := fakeClient(t)
	srv.Inject(librarytest.Fault{Kind: librarytest.Drop, Operation: "uploadScans"})
	_, err := s.Books.UploadScans(t.Context(), "b1", library.UploadScansRequest{Cover: library.FormFile{Content: strings.NewReader("x")}})
	script.WantError(t, err, library.ErrAmbiguousWrite)
	script.Want(t, "uploads", srv.Count("uploadScans"), 1)
}

// Where nothing is described, anything can be sent.
func TestUploadAnything(t *testing.T) {
	srv, s := fakeClient(t)
	srv.Handle("putAnything", func(r *librarytest.Request) librarytest.Answer {
		form, err := r.Form()
		if err != nil {
			t.Error(err)
			return librarytest.Answer{Status: 400}
		}
		script.Want(t, "a", strings.Join(form.Value["a"], "|"), "1|2")
		script.Want(t, "b", strings.Join(form.Value["b"], "|"), `{"c":true}`)
		script.Want(t, "file", form.File["f"][0].Filename, "f")
		return librarytest.Answer{Status: 204}
	})
	if err := s.Scans.PutAnything(t.Context(), library.PutAnythingRequest{AdditionalProperties: map[string]any{
		"a": []int{1, 2}, "b": map[string]bool{"c": true}, "f": library.FormFile{Content: strings.NewReader("x")}, "none": nil,
	}}); err != nil {
		t.Fatal(err)
	}
}
