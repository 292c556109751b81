package library_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"shapes/library"
	"shapes/script"
)

func client(t *testing.T, text string) *library.Client {
	t.Helper()
	c, err := library.NewClient(library.WithSession("secret"), library.WithBaseURL(script.Serve(t, text)+"/v1"),
		library.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func span(from, to int32) library.Range { return library.Range{From: &from, To: &to} }

// What is in a path is written in the style that the description gives it, and cannot leave its segment.
func TestPathStyles(t *testing.T) {
	s := client(t, `
		> GET /v1/by/1,2/.a%2Fb.c%20d/;from=1;to=2/;kind=x%2C%3B%3D/%7B%22from%22:3%2C%22to%22:4%7D
		< 200
		< {"books":[]}
	`)
	if _, err := s.By.FindBooks(t.Context(), []int32{1, 2}, []string{"a/b", "c d"}, span(1, 2), "x,;=", span(3, 4)); err != nil {
		t.Fatal(err)
	}
	for _, tags := range [][]string{nil, {"."}} {
		if _, err := s.By.FindBooks(t.Context(), []int32{1}, tags, span(1, 2), "x", span(3, 4)); err == nil {
			t.Errorf("tags %q made a path", tags)
		}
	}
}

// Every style of a query, headers and cookies, the credential's beside them.
func TestQueryHeadersAndCookies(t *testing.T) {
	s := client(t, `
		> GET /v1/books?filter=%7B%22from%22%3A5%2C%22to%22%3A6%7D&list=a%20b&list=c%2Cd&csv=a%20b,c%2Cd&spaced=a%7Cb%20c%2Cd&piped=a%20b%7Cc%2Cd&deep%5Bfrom%5D=1&deep%5Bto%5D=2&from=3&to=4
		> X-Shelves: A,B
		> X-Range: from=1,to=2
		> X-Filter: {"from":5,"to":6}
		> Cookie: theme=dark; SID=secret
		< 200
		< {"books":[{"title":"A"}]}
	`)
	list := []string{"a b", "c,d"}
	a, b, c := span(1, 2), span(3, 4), span(5, 6)
	got, err := s.Books.List(t.Context(), []string{"A", "B"}, library.ListBooksParams{
		List: list, CSV: list, Spaced: []string{"a|b", "c,d"}, Piped: list, Deep: &a, Loose: &b, Filter: &c, XRange: &a, XFilter: &c,
		Theme: library.Ptr("dark"),
	})
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "title", got.Books[0].Title, "A")
}

// Members of a form are written as its encoding says.
func TestForm(t *testing.T) {
	s := client(t, `
		> POST /v1/books/b1/loan
		> Content-Type: application/x-www-form-urlencoded
		> days=7&notes=a+b&notes=c&place=%7B%22from%22%3A3%2C%22to%22%3A4%7D&reader=r+1&labels=x%2Cy,z&period%5Bfrom%5D=1&period%5Bto%5D=2
		< 203
		< {"kind":"lent","until":"2026-01-02"}
	`)
	a, b := span(1, 2), span(3, 4)
	e, err := s.Books.Lend(t.Context(), "b1", library.LendBookRequest{
		Reader: "r 1", Days: library.Ptr(int32(7)), Notes: []string{"a b", "c"}, Labels: []string{"x,y", "z"}, Period: &a, Place: &b,
	})
	if err != nil {
		t.Fatal(err)
	}
	lent, err := e.AsLent()
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "until", *lent.Until, "2026-01-02")
}

// An answer is decoded by what it is: a resource with unions, recursion and members that nobody declared comes back as it was.
func TestAnswers(t *testing.T) {
	const book = `{"id":"b1","title":"A","subtitle":null,"parts":[{"title":"B","parts":[{"title":"C"}]}],"owner":{"seat":"D"},"last":{"kind":"returned","damaged":true},"size":{"pages":3,"words":9007199254740993},"state":"burnt","shelf mark":"E"}`
	s := client(t, `
		> GET /v1/books/b1
		< 200
		< `+book+`
		> POST /v1/books
		> {"title":"A"}
		< 201
		< {"title":"A"}
		> POST /v1/books
		> {"title":"A"}
		< 202
		< {"job":"j1"}
		> DELETE /v1/books/b1
		< 204
		> GET /v1/books/b1/text
		> Accept: text/plain
		< 200
		< Content-Type: text/plain
		< Once upon a time
		> PUT /v1/books/b1/text
		> Content-Type: text/plain
		> The end
		< 204
	`)
	got, err := s.Books.Get(t.Context(), "b1")
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "part of a part", got.Parts[0].Parts[0].Title, "C")
	script.Want(t, "more", got.AdditionalProperties["shelf mark"], "E")
	script.Want(t, "words", *got.Size.Words, 9007199254740993)
	society, err := got.Owner.AsSociety()
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "seat", society.Seat, "D")
	what, err := got.Last.ValueByDiscriminator()
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "damaged", *what.(library.Returned).Damaged, true)
	again, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	same(t, again, []byte(strings.Replace(book, `"subtitle":null,`, "", 1)))

	var response library.Response
	for _, status := range []int{201, 202} {
		added, err := s.Books.Add(t.Context(), library.Book{Title: "A"}, library.WithResponse(&response))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "status", response.Status, status)
		if status == 202 {
			accepted, err := added.AsAddBookAcceptedResponse()
			if err != nil {
				t.Fatal(err)
			}
			script.Want(t, "job", accepted.Job, "j1")
		}
	}
	if err := s.Books.Delete(t.Context(), "b1"); err != nil {
		t.Fatal(err)
	}
	text, err := s.Books.GetText(t.Context(), "b1")
	if err != nil {
		t.Fatal(err)
	}
	data, _ := io.ReadAll(text)
	script.Want(t, "text", string(data), "Once upon a time")
	_ = text.Close()
	if err := s.Books.PutText(t.Context(), "b1", strings.NewReader("The end")); err != nil {
		t.Fatal(err)
	}
}

// same compares two JSON texts.
func same(t *testing.T, got, want []byte) {
	t.Helper()
	var a, b any
	for data, to := range map[*any][]byte{&a: got, &b: want} {
		d := json.NewDecoder(strings.NewReader(string(to)))
		d.UseNumber()
		if err := d.Decode(data); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("have %s, want %s", got, want)
	}
}

// A stream is the caller's while it is open: what has come can be read before the rest has been sent.
func TestStream(t *testing.T) {
	read := make(chan bool)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: 1\n\n")
		_ = http.NewResponseController(w).Flush()
		<-read
		_, _ = io.WriteString(w, "data: 2\n\n")
	}))
	t.Cleanup(srv.Close)
	c, err := library.NewClient(library.WithSession("secret"), library.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	events, err := c.Events.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, len("data: 1\n\n"))
	if _, err := io.ReadFull(events, first); err != nil {
		t.Fatal(err)
	}
	close(read)
	rest, err := io.ReadAll(events)
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "events", string(first)+string(rest), "data: 1\n\ndata: 2\n\n")
	_ = events.Close()
}
