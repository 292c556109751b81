// Package calls says what every client is asked to do, and gives it a server whose answers cost nothing.
package calls

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// The credentials that every client sends.
const (
	Key  = "a-key-for-benchmarks"
	Site = "a8b3c1d2-0000-4000-8000-000000000001"
)

// Client makes the calls that are compared. Each gives what went wrong, and has to have decoded the answer into a typed value.
type Client struct {
	Name   string
	Get    func(ctx context.Context) error // one contact
	Update func(ctx context.Context) error // one contact, by its revision
	Fail   func(ctx context.Context) error // one that is not there; the error's code is read
	List   func(ctx context.Context) error // a page of 1,000
}

// Maker makes a client of a server.
type Maker func(base string, c *http.Client) (*Client, error)

// ID is the contact that there is, Missing one that there is not.
const (
	ID      = "00000000-0000-4000-8000-000000000001"
	Missing = "99999999-0000-4000-8000-000000000009"
)

// Listed is how many contacts a page has.
const Listed = 1000

// answer is what the server says, whatever it is asked.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// Server answers from memory what the fake answered once.
type Server struct{ get, update, fail, list answer }

// NewServer asks the fake, and remembers.
func NewServer() (*Server, error) {
	fake := contactstest.New()
	for i := range Listed {
		fake.Seed("Contact", contact(i))
	}
	s := &Server{}
	for _, ask := range []struct {
		into               *answer
		method, path, body string
		status             int
	}{
		{&s.get, http.MethodGet, "/contacts/v4/contacts/" + ID, "", http.StatusOK},
		{&s.fail, http.MethodGet, "/contacts/v4/contacts/" + Missing, "", http.StatusNotFound},
		{&s.list, http.MethodGet, "/contacts/v4/contacts?paging.limit=1000", "", http.StatusOK},
		{&s.update, http.MethodPatch, "/contacts/v4/contacts/" + ID, `{"revision":1,"info":{"jobTitle":"Clerk"}}`, http.StatusOK},
	} {
		r := httptest.NewRequest(ask.method, ask.path, bytes.NewReader([]byte(ask.body)))
		r.Header.Set("Authorization", Key)
		r.Header.Set("wix-site-id", Site)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		fake.ServeHTTP(w, r)
		if w.Code != ask.status {
			return nil, fmt.Errorf("the fake answers %s %s with %d: %s", ask.method, ask.path, w.Code, w.Body)
		}
		*ask.into = answer{w.Code, w.Header(), w.Body.Bytes()}
	}
	return s, nil
}

// Bodies are the answers as JSON.
type Bodies struct{ Get, Update, List []byte }

// Bodies gives what the server says in success.
func (s *Server) Bodies() Bodies { return Bodies{s.get.body, s.update.body, s.list.body} }

// contact is about what people keep of a customer.
func contact(i int) map[string]any {
	return map[string]any{"id": fmt.Sprintf("00000000-0000-4000-8000-%012d", i+1), "info": map[string]any{
		"name":     map[string]any{"first": fmt.Sprintf("Ada %d", i), "last": "Example"},
		"jobTitle": "Accountant",
		"company":  "Example Works",
		"locale":   "en-GB",
		"emails": map[string]any{"items": []any{
			map[string]any{"tag": "MAIN", "email": fmt.Sprintf("ada%d@example.com", i), "primary": true},
			map[string]any{"tag": "WORK", "email": fmt.Sprintf("ada%d@work.example.com", i)},
		}},
		"phones": map[string]any{"items": []any{
			map[string]any{"tag": "MOBILE", "countryCode": "US", "phone": fmt.Sprintf("20255501%02d", i%100), "primary": true},
		}},
		"addresses": map[string]any{"items": []any{
			map[string]any{"tag": "HOME", "address": map[string]any{"country": "GB", "city": "London", "postalCode": "N1 9GU",
				"addressLine": "1 Example Street"}},
		}},
		"labelKeys":      map[string]any{"items": []any{"custom.regular-guest", "contacts.contacted-me"}},
		"extendedFields": map[string]any{"items": map[string]any{"custom.shoe-size": 39, "custom.note": "likes \"quotes\" and umlauts: ü"}},
	}}
}

// choose finds the answer to a request.
func (s *Server) choose(r *http.Request) *answer {
	switch {
	case r.Method == http.MethodPatch:
		return &s.update
	case r.URL.Path == "/contacts/v4/contacts/"+Missing:
		return &s.fail
	case r.URL.Path == "/contacts/v4/contacts":
		return &s.list
	}
	return &s.get
}

// RoundTrip answers without a network.
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return nil, err
		}
	}
	a := s.choose(r)
	return &http.Response{
		StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)),
	}, nil
}

// ServeHTTP answers over a network.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := s.choose(r)
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that went away is measured no more
}
