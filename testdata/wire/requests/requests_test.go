package requests

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"reflect"
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

// A path can have a constant query, and a fragment that only tells it from others.
func TestPaths(t *testing.T) {
	ctx := context.Background()
	c := client(t, `
		> GET /things?action=list&p=v
		< 204
		> GET /things
		< 204
	`)
	if err := c.Paths.ListThings(ctx, ListThingsParams{P: Ptr("v")}); err != nil {
		t.Error(err)
	}
	if err := c.Paths.CountThings(ctx); err != nil {
		t.Error(err)
	}
}

func TestQueries(t *testing.T) {
	ctx := context.Background()
	c := client(t, `
		> GET /search?json=%5B1%2C2%5D&one=a/b:c(1),d&list=a/b,c%2Cd&point=y,1,x,2&deep%5Bfrom%5D=1&deep%5Bpoints%5D%5B0%5D%5By%5D=1&deep%5Bpoints%5D%5B0%5D%5Bx%5D=2
		< 204
		> GET /search?deep%5Bany%5D%5B0%5D=a&deep%5Bany%5D%5B1%5D=b
		< 204
		> GET /text?text=a%20b
		< 204
		> GET /expand?expand%5B%5D=a&expand%5B%5D=b
		< 204
	`)
	p := Point{Y: Ptr(int64(1)), X: Ptr(int64(2))}
	if err := c.Queries.Search(ctx, SearchParams{One: Ptr("a/b:c(1),d"), List: []string{"a/b", "c,d"}, JSON: []int64{1, 2}, Point: &p,
		Deep: &Deep{From: Ptr(int64(1)), Points: []Point{p}}}); err != nil {
		t.Error(err)
	}
	if err := c.Queries.Search(ctx, SearchParams{Deep: &Deep{Any: []string{"a", "b"}}}); err != nil {
		t.Error(err)
	}
	if err := c.Queries.Text(ctx, "a b"); err != nil {
		t.Error(err)
	}
	if err := c.Lists.Expand(ctx, ExpandParams{Expand: []string{"a", "b"}}); err != nil {
		t.Error(err)
	}
}

func TestForms(t *testing.T) {
	c := client(t, `
		> POST /customers
		> Content-Type: application/x-www-form-urlencoded
		> email=me%40example.com&note=%22hi%22&address%5Bcity%5D=c&address%5Bstreet%5D=s&items%5B0%5D%5Bprice%5D=p1&items%5B0%5D%5Bcount%5D=2&items%5B1%5D%5Bprice%5D=p2
		< 204
	`)
	if err := c.Forms.CreateCustomer(context.Background(), CreateCustomerRequest{
		Email: Ptr("me@example.com"), Address: &CreateCustomerRequestAddress{City: Ptr("c"), Street: Ptr("s")}, Note: Ptr("hi"),
		Items: []CreateCustomerRequestItemsItem{{Price: Ptr("p1"), Count: Ptr(int64(2))}, {Price: Ptr("p2")}},
	}); err != nil {
		t.Error(err)
	}
}

// A field of a form that is said to hold JSON holds JSON, texts too.
func TestFieldsOfJSON(t *testing.T) {
	got := map[string][]string{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		form, err := r.MultipartReader()
		if err != nil {
			t.Error(err)
		}
		for {
			var part *multipart.Part
			if part, err = form.NextPart(); err != nil {
				break
			}
			text, _ := io.ReadAll(part)
			got[part.FormName()] = append(got[part.FormName()], part.Header.Get("Content-Type")+" "+string(text))
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer s.Close()
	c, err := NewClient(WithBaseURL(s.URL))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Forms.Upload(context.Background(), UploadRequest{
		Tags: []string{"a", "b"}, Note: Ptr("hi"), At: Ptr(Timestamp("2026-01-02T03:04:05Z")), ID: Ptr(int64(7)), Plain: Ptr("hi"),
	}); err != nil {
		t.Error(err)
	}
	want := map[string][]string{
		"tags": {`application/json "a"`, `application/json "b"`}, "note": {`application/json "hi"`}, "id": {"application/json 7"},
		"at": {`application/json "2026-01-02T03:04:05Z"`}, "plain": {" hi"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("have %q\nwant %q", got, want)
	}
}

// Headers that package net/http has an opinion about reach the server all the same.
func TestHeaders(t *testing.T) {
	host := ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host = r.Host + " " + r.Header.Get("Accept-Encoding")
		w.WriteHeader(http.StatusNoContent)
	}))
	defer s.Close()
	c, err := NewClient(WithBaseURL(s.URL))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Headers.Headers(context.Background(), HeadersParams{Host: Ptr("other.example.com"), AcceptEncoding: Ptr("gzip")}); err != nil {
		t.Error(err)
	}
	script.Want(t, "the headers", host, "other.example.com gzip")
}
