package contacts_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/contactsgen/contactsgen/generated/contacts"
)

// What no method does can be called all the same, with the client's server, credentials, options and errors.
func TestDo(t *testing.T) {
	client, s := clientOf(t, always(200, `{"contact":`+aContact+`,"extra":1}`))
	var got struct {
		Contact contacts.Contact `json:"contact"`
		Extra   int              `json:"extra"`
	}
	var response contacts.Response
	err := client.Do(background(), "POST", "/contacts/v5/contacts?fields=A&fields=B",
		map[string]any{"contact": map[string]string{"name": "<Ada>"}}, &got,
		contacts.WithHeader("X-Wix-Consistent", "token"), contacts.WithResponse(&response))
	if err != nil || got.Extra != 1 || got.Contact.ID != contactID || response.Status != 200 {
		t.Errorf("%v: %+v, %+v", err, got, response)
	}
	r := s.requests()[0]
	if r.line() != "POST /contacts/v5/contacts?fields=A&fields=B" || r.body != `{"contact":{"name":"<Ada>"}}` || r.host != "www.wixapis.com" ||
		r.header.Get("Authorization") != theKey || r.header.Get("X-Wix-Consistent") != "token" {
		t.Errorf("sent %+v", r)
	}
	var raw json.RawMessage
	if err := client.Do(background(), "GET", "/x", nil, &raw); err != nil || !strings.Contains(string(raw), `"extra":1`) {
		t.Errorf("%v: %s", err, raw)
	}
	if err := client.Do(background(), "DELETE", "/x", nil, nil); err != nil {
		t.Error(err)
	}
}

func TestDoLeadsNowhereElse(t *testing.T) {
	client, s := clientOf(t, always(200, `{}`))
	for _, path := range []string{
		"", "x", "https://evil.example.com/x", "//evil.example.com/x", "/a/../../b", "/%2e%2e/b", "/a%2f..%2fb", "/a#b", "/a b?c d",
		"/a\r\nHost: x", "@evil.example.com", ":80/x",
	} {
		if err := client.Do(background(), "GET", path, nil, nil); err == nil || strings.Contains(err.Error(), "evil") {
			t.Errorf("%q: %v", path, err)
		}
	}
	if n := len(s.requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	if err := client.Do(background(), "GET", "/x", nil, nil, contacts.GetContactParams{Fields: []string{"source"}}); err == nil {
		t.Error("an option of another operation was taken")
	}
}

// Reads are retried, writes are sent once, and neither error says where the call went.
func TestDoRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for method, want := range map[string]int{"GET": 4, "POST": 1, "PATCH": 1, "DELETE": 1} {
			client, s := clientOf(t, always(503, "", "x-wix-request-id: r1"))
			err := client.Do(background(), method, "/contacts/"+theEmail+"?phone=%2B12025550143", nil, nil)
			var e *contacts.APIError
			if len(s.requests()) != want || !errors.As(err, &e) || errors.Is(err, contacts.ErrAmbiguousWrite) != (want == 1) {
				t.Errorf("%s: %v after %d requests", method, err, len(s.requests()))
			}
			if got := err.Error(); got != "contacts: Do: "+method+" /(path given to Do): 503 (request r1)" {
				t.Errorf("the error reads %s", got)
			}
		}
	})
}
