package faxes_test

import (
	"io"
	"strings"
	"testing"

	"shapes/faxes"
	"shapes/faxes/faxestest"
	"shapes/script"
)

// A form with files is sent field by field, lists as their collectionFormat says.
func TestSend(t *testing.T) {
	srv := faxestest.NewServer(t)
	srv.Handle("sendFax", func(r *faxestest.Request) faxestest.Answer {
		form, err := r.Form()
		if err != nil {
			t.Error(err)
			return faxestest.Answer{Status: 400}
		}
		script.Want(t, "to", strings.Join(form.Value["to"], " "), "1,2")
		script.Want(t, "copies", strings.Join(form.Value["copies"], " "), "3 4")
		script.Want(t, "quality", strings.Join(form.Value["quality"], " "), "fine")
		script.Want(t, "covers", len(form.File["cover"]), 0)
		f, err := form.File["pages"][0].Open()
		if err != nil {
			t.Error(err)
			return faxestest.Answer{Status: 400}
		}
		pages, _ := io.ReadAll(f)
		script.Want(t, "pages", string(pages), "II")
		script.Want(t, "name", form.File["pages"][0].Filename, "pages.tiff")
		return faxestest.Answer{Status: 201, Body: map[string]string{"id": "f1"}}
	})
	c, err := faxes.NewClient(faxes.WithBaseURL(srv.URL()))
	if err != nil {
		t.Fatal(err)
	}
	fax, err := c.Faxes.Send(t.Context(), faxes.SendFaxRequest{
		To: []string{"1", "2"}, Copies: []string{"3", "4"}, Quality: faxes.Ptr(faxes.SendFaxRequestQualityFine),
		Pages: faxes.FormFile{Name: "pages.tiff", ContentType: "image/tiff", Content: strings.NewReader("II")},
	})
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "id", fax.ID, "f1")
}

// A file is read as it comes, although the document produces JSON.
func TestPages(t *testing.T) {
	c, err := faxes.NewClient(faxes.WithBaseURL(script.Serve(t, `
		> GET /faxes/f1/pages
		> Accept: */*
		< 200
		< Content-Type: image/tiff
		< II
	`)))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := c.Faxes.GetPages(t.Context(), "f1")
	if err != nil {
		t.Fatal(err)
	}
	defer pages.Close()
	text, err := io.ReadAll(pages)
	script.Want(t, "pages", string(text), "II")
	script.Want(t, "error", err, nil)
}

// Without a function of the test's own, the fake answers what the description says of the answer.
func TestNotHandled(t *testing.T) {
	c, err := faxes.NewClient(faxes.WithBaseURL(faxestest.NewServer(t).URL()))
	if err != nil {
		t.Fatal(err)
	}
	fax, err := c.Faxes.Send(t.Context(), faxes.SendFaxRequest{To: []string{"1"}, Pages: faxes.FormFile{Content: strings.NewReader("II")}})
	if err != nil || fax.ID == "" {
		t.Errorf("have %+v, %v", fax, err)
	}
}
