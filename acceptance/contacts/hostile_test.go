package contacts_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

// A value in a path stays in its segment, or the call is refused before anything is sent: for every parameter of every operation.
func TestHostilePathValues(t *testing.T) {
	long := strings.Repeat("a", 10_000)
	refused := []string{"", ".", "..", "\x00", "a\x00b", "a\nb", "a\r\nHost: evil.example.com", "\t", "\x7f", "\u0085", "\xff\xfe", long}
	escaped := map[string]string{
		"/": "%2F", "../x": "..%2Fx", "a/../../b": "a%2F..%2F..%2Fb", `\`: "%5C", `..\..`: "..%5C..", "?": "%3F", "?a=b": "%3Fa=b", "#": "%23",
		"a#b?c":  "a%23b%3Fc",
		"%2e%2e": "%252e%252e", "%2E%2E%2F": "%252E%252E%252F", "%": "%25", "%zz": "%25zz", ";a=b": "%3Ba=b", "a b": "a%20b",
		"{key}": "%7Bkey%7D",
		"é":     "%C3%A9", "...": "...", "//evil.example.com": "%2F%2Fevil.example.com",
		"https://evil.example.com": "https:%2F%2Fevil.example.com", "@": "@", ":": ":", "*": "%2A", "+": "+", "&": "&",
	}
	for _, o := range operations {
		for i := range o.path {
			with := func(value string) []string {
				values := slices.Clone(o.path)
				values[i] = value
				return values
			}
			client, s := clientOf(t, always(200, o.answer))
			for _, value := range refused {
				_, err := o.call(client, with(value))
				if err == nil || len(s.requests()) != 0 {
					t.Fatalf("%s: %.20q: %v after %d requests", o.id, value, err, len(s.requests()))
				}
				if value == long && len(err.Error()) > 300 || strings.ContainsAny(err.Error(), "\x00\r\n") {
					t.Errorf("%s: the error repeats the value: %.100q", o.id, err)
				}
			}
			for value, segment := range escaped {
				before := len(s.requests())
				if _, err := o.call(client, with(value)); err != nil {
					t.Errorf("%s: %q: %v", o.id, value, err)
					continue
				}
				got := s.requests()[before]
				want := strings.Split(strings.Replace(plainPath(&o), o.path[i], "\x01", 1), "/")
				sent := strings.Split(got.path, "/")
				if len(sent) != len(want) || got.host != "www.wixapis.com" || strings.Contains(got.query, "evil") {
					t.Errorf("%s: %q left its segment: %s%s", o.id, value, got.host, got.path)
					continue
				}
				for n := range want {
					if want[n] == "\x01" {
						want[n] = segment
					}
				}
				if !slices.Equal(sent, want) {
					t.Errorf("%s: %q: sent %q, want %q", o.id, value, sent, want)
				}
				if back, err := url.PathUnescape(segment); err != nil || back != value {
					t.Errorf("%q does not come back from %q", value, segment)
				}
			}
		}
	}
}

// plainPath is the path of the table's request.
func plainPath(o *operation) string {
	_, target, _ := strings.Cut(o.line, " ")
	path, _, _ := strings.Cut(target, "?")
	return path
}

// Values in a query or a body stay what they are: no value can add a parameter or a header.
func TestHostileQueryValues(t *testing.T) {
	for _, value := range []string{"a&admin=true", "a=b", "#x", "%26", "a+b", "a b", "\r\nX-Evil: 1", "é", "\x00"} {
		client, s := clientOf(t, always(200, `{"contact":{"id":"c","revision":1}}`))
		if _, err := client.Contacts.Unlabel(background(), contactID, []string{value, "second"}); err != nil {
			t.Fatal(err)
		}
		r := s.requests()[0]
		query, err := url.ParseQuery(r.query)
		if err != nil || len(query) != 1 || !slices.Equal(query["labelKeys"], []string{value, "second"}) || r.header.Get("X-Evil") != "" {
			t.Errorf("%q was sent as %s", value, r.query)
		}
	}
}
