package api

import (
	"slices"
	"testing"
)

// Steps written as a pointer are told apart whatever their names are, and a reader gets them as a JSONPath.
func TestPlaces(t *testing.T) {
	for _, tt := range []struct {
		path              []Step
		pointer, jsonPath string
	}{
		{nil, "", ""},
		{[]Step{{Name: "contact"}, {Name: "id"}}, "/contact/id", ".contact.id"},
		{[]Step{{Name: "a/b"}, {Name: "c~d"}}, "/a~1b/c~0d", "['a/b']['c~d']"},
		{[]Step{{Name: "[0]"}}, "/~20]", "['[0]']"},
		{[]Step{{Name: "sources"}, {Name: "type", Filter: true, Value: "A/B"}, {Name: "etag"}}, "/sources/[type=A~1B]/etag",
			`.sources[?@.type=="A/B"].etag`},
	} {
		if got := Pointer(tt.path); got != tt.pointer {
			t.Errorf("%v is written %q, want %q", tt.path, got, tt.pointer)
		}
		if got := JSONPath(tt.pointer); got != tt.jsonPath {
			t.Errorf("%q is the JSONPath %q, want %q", tt.pointer, got, tt.jsonPath)
		}
	}
}

// What lies below a prefix is what is left of the path; a name that only begins alike does not lie there.
func TestBelow(t *testing.T) {
	ab := []Step{{Name: "a"}, {Name: "b"}}
	for _, tt := range []struct {
		prefix []Step
		rest   []Step
		ok     bool
	}{
		{nil, ab, true},
		{ab[:1], ab[1:], true},
		{ab, nil, true},
		{[]Step{{Name: "a", Filter: true}}, nil, false},
		{append(slices.Clone(ab), Step{Name: "c"}), nil, false},
	} {
		rest, ok := Below(tt.prefix, ab)
		if ok != tt.ok || !slices.Equal(rest, tt.rest) {
			t.Errorf("below %v: %v, %v, want %v, %v", tt.prefix, rest, ok, tt.rest, tt.ok)
		}
	}
}

// A location is an expression that the description could have said.
func TestExpressions(t *testing.T) {
	for want, l := range map[string]Location{
		"":                              {},
		"$request.query.rev":            {In: InQuery, Name: "rev"},
		"$request.header.If-Match":      {In: InHeader, Name: "If-Match"},
		"$request.body":                 {In: InBody},
		"$request.body#/a~1b":           {In: InBody, At: "/a~1b"},
		`$request.body$.s[?@.t=="x"].e`: {In: InBody, At: "/s/[t=x]/e"},
	} {
		if got := l.Expression("request"); got != want {
			t.Errorf("%+v is %q, want %q", l, got, want)
		}
	}
	if got := (Location{In: InBody}).String(); got != "body the whole body" {
		t.Errorf("the whole body is called %q", got)
	}
}
