package client

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"testing"
)

// readForm reads a form back.
func readForm(t *testing.T, u uploadBody) *multipart.Form {
	t.Helper()
	_, params, err := mime.ParseMediaType(u.mediaType())
	if err != nil {
		t.Fatal(err)
	}
	body := u.open()
	form, err := multipart.NewReader(body, params["boundary"]).ReadForm(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// Names and media types of a form stay within their header, whoever chose them.
func TestFormNamesStayInTheirHeader(t *testing.T) {
	evil := "a\"; x=\"\r\nX-Evil: 1\r\n\r\n\\"
	u := multipartForm([]formPart{{value: map[string]any{evil: "v"}},
		{name: "f", value: FormFile{Name: evil, Content: strings.NewReader("x")}}})
	form := readForm(t, u)
	if len(form.Value) != 1 || len(form.File["f"]) != 1 {
		t.Errorf("have %v and %v", form.Value, form.File)
	}
	for _, f := range form.File["f"] {
		if len(f.Header) != 2 || f.Header.Get("X-Evil") != "" {
			t.Errorf("have the headers %v", f.Header)
		}
	}
	for _, parts := range [][]formPart{
		{{name: "f", value: FormFile{Content: strings.NewReader("x"), ContentType: "a\r\nX-Evil: 1"}}},
		{{name: "f", value: FormFile{}}},
		{{value: map[string]string{"": "v"}}},
		{{name: "v", value: make(chan int)}},
	} {
		if multipartForm(parts).check() == nil {
			t.Errorf("%v made a form", parts)
		}
	}
}

// A form whose files can be read again can be sent again, byte for byte and with a length; with a reader that cannot it goes out once.
// Files are read from where they stand.
func TestFormsAreStreamed(t *testing.T) {
	file := strings.NewReader("skipped content")
	_, _ = file.Seek(int64(len("skipped ")), io.SeekStart)
	u := multipartForm([]formPart{{name: "f", value: &FormFile{Content: file}}, {name: "none", value: (*FormFile)(nil)},
		{name: "n", value: 1}})
	first, _ := io.ReadAll(u.open())
	second, _ := io.ReadAll(u.open())
	if string(first) != string(second) || int64(len(first)) != u.size() || !u.replayable() {
		t.Errorf("have %q, then %q of %d bytes", first, second, u.size())
	}
	if got := readForm(t, u).File["f"][0].Size; got != int64(len("content")) {
		t.Errorf("the file has %d bytes", got)
	}
	once := multipartForm([]formPart{{name: "f", value: []FormFile{{Content: io.MultiReader(strings.NewReader("x"))}}}})
	if once.replayable() || once.size() != -1 {
		t.Errorf("have size %d", once.size())
	}
	if multipartForm(nil) != nil || streamed(nil) != nil {
		t.Error("nothing is a body")
	}
}

// What an earlier try still reads ends when another begins: both would read the same file.
func TestAnEarlierTryEnds(t *testing.T) {
	u := streamed(strings.NewReader("content"))
	first := u.open()
	second := u.open()
	if _, err := first.Read(make([]byte, 1)); !errors.Is(err, errReadAgain) {
		t.Errorf("have %v", err)
	}
	if got, err := io.ReadAll(second); err != nil || string(got) != "content" {
		t.Errorf("have %q, %v", got, err)
	}
}
