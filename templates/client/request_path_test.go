package client

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

// A path value is one segment on the wire, or no request is made.
func TestPathValues(t *testing.T) {
	for _, tt := range []struct{ name, value, want, refused string }{
		{name: "id", value: "3c0f5a1e-1", want: "/base/v4/things/3c0f5a1e-1"},
		{name: "dotted key", value: "custom.vip", want: "/base/v4/things/custom.vip"},
		{name: "slash", value: "a/../b", want: "/base/v4/things/a%2F..%2Fb"},
		{name: "question mark", value: "a?x=1", want: "/base/v4/things/a%3Fx=1"},
		{name: "fragment", value: "a#b", want: "/base/v4/things/a%23b"},
		{name: "escaped dots", value: "%2e%2e", want: "/base/v4/things/%252e%252e"},
		{name: "escaped slash", value: "%2F", want: "/base/v4/things/%252F"},
		{name: "backslash", value: `..\x`, want: "/base/v4/things/..%5Cx"},
		{name: "space and unicode", value: "a ü", want: "/base/v4/things/a%20%C3%BC"},
		{name: "three dots", value: "...", want: "/base/v4/things/..."},
		{name: "semicolon", value: "..;x", want: "/base/v4/things/..%3Bx"},
		{name: "longest", value: strings.Repeat("a", 1024), want: "/base/v4/things/" + strings.Repeat("a", 1024)},
		{name: "empty", value: "", refused: "is empty"},
		{name: "dot", value: ".", refused: "is a dot segment"},
		{name: "dots", value: "..", refused: "is a dot segment"},
		{name: "line feed", value: "a\nb", refused: "has control characters"},
		{name: "nul", value: "a\x00", refused: "has control characters"},
		{name: "delete", value: "a\x7f", refused: "has control characters"},
		{name: "C1", value: "a\u0085", refused: "has control characters"},
		{name: "no UTF-8", value: "a\xff", refused: "is not UTF-8"},
		{name: "too long", value: strings.Repeat("a", 10_000), refused: "is longer than 1024 bytes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			uri := ""
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				uri = r.RequestURI
				_, _ = w.Write([]byte(`{"thing":{"id":"1"}}`))
			})
			_, err := getThing(context.Background(), newTestCore(t, s.URL+"/base/"), tt.value)
			if uri != tt.want {
				t.Errorf("sent %q, want %q", uri, tt.want)
			}
			want := ""
			if tt.refused != "" {
				want = "things: getThing: GET /v4/things/{id}: path parameter id " + tt.refused
			}
			if text := textOf(err); text != want {
				t.Errorf("error %q, want %q", text, want)
			}
		})
	}
}

func TestExpandPathCountsValues(t *testing.T) {
	for _, tt := range []struct {
		template string
		values   []string
		want     string
	}{
		{"/a/{x}/b/{y}:act", []string{"1", "2"}, "/a/1/b/2:act"},
		{"/a", nil, "/a"},
		{"/a/{x}", nil, "error: 0 path values are too few"},
		{"/a/{x}", []string{"1", "2"}, "error: 2 path values are too many"},
	} {
		got, err := expandPath(tt.template, tt.values)
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != tt.want {
			t.Errorf("expandPath(%q, %q) = %q, want %q", tt.template, tt.values, got, tt.want)
		}
	}
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
