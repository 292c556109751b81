package diag

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// A complaint is one line that begins with its place, and one that says how to mend it, whatever is in them.
func TestProblem(t *testing.T) {
	for _, tt := range []struct {
		problem Problem
		want    string
	}{
		{Problem{Pos: Position{File: "a.yaml", Line: 3, Column: 7}, Message: "it is wrong", Help: "mend it"},
			"a.yaml:3:7: it is wrong\n\tmend it"},
		{Problem{Pos: Position{File: "a.yaml", Line: 3}, Message: "it is wrong"}, "a.yaml:3: it is wrong"},
		{Problem{Message: "it is wrong"}, "it is wrong"},
		{Problem{Pos: Position{File: "a\nb.yaml", Line: 1, Column: 1}, Message: "red \x1b[31m and \u202e reversed"},
			`a\nb.yaml:1:1: red \x1b[31m and \u202e reversed`},
		{Problem{Message: strings.Repeat("x", 10_000)}, strings.Repeat("x", 601) + "…"},
	} {
		if got := tt.problem.Error(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// Complaints come in the order of their places, each once, and no more than a person reads.
func TestList(t *testing.T) {
	var l List
	if l.Err() != nil || l.Len() != 0 {
		t.Error("an empty list is an error")
	}
	l.Addf(Position{File: "b", Line: 1}, "last")
	l.Addf(Position{File: "a", Line: 2, Column: 9}, "third")
	l.Addf(Position{File: "a", Line: 2, Column: 1}, "second %d", 2)
	l.Addf(Position{File: "a", Line: 2, Column: 9}, "third")
	l.Addf(Position{File: "a", Line: 1}, "first")
	if got, want := l.Err().Error(), "a:1: first\na:2:1: second 2\na:2:9: third\nb:1: last"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for i := range 100 {
		l.Addf(Position{File: "c", Line: i + 1}, "more")
	}
	if text := l.Err().Error(); strings.Count(text, "\n") != maxProblems || !strings.HasSuffix(text, "\nand 54 more") {
		t.Errorf("%d lines, which end with %q", strings.Count(text, "\n"), text[len(text)-20:])
	}
}

// Complaints of others join a list one by one, however they are wrapped.
func TestMerge(t *testing.T) {
	var inner, l List
	inner.Addf(Position{File: "a", Line: 2}, "two")
	inner.Addf(Position{File: "a", Line: 1}, "one")
	l.Merge(nil)
	l.Merge(fmt.Errorf("reading: %w", inner.Err()))
	l.Merge(fmt.Errorf("reading: %w", &Problem{Pos: Position{File: "a", Line: 3}, Message: "three"}))
	l.Merge(errors.New("nowhere"))
	if got, want := l.Err().Error(), "nowhere\na:1: one\na:2: two\na:3: three"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// What is missing is told with what was meant, or else with what there is.
func TestMissing(t *testing.T) {
	many := strings.Fields("a1 b2 c3 d4 e5 f6 g7 h8 i9 j10 k11 l12 m13 n14")
	for _, tt := range []struct {
		name string
		have []string
		want string
	}{
		{"contcat", []string{"label", "contact"}, "did you mean contact?"},
		{"nothing", nil, "it has none at all"},
		{"nothing", []string{"label"}, "its only key is label"},
		{"nothing", []string{"label", "contact"}, "it has label, contact"},
		{"nothing", many, "it has a1, b2, c3, d4, e5, f6, g7, h8, i9, j10, k11, l12 and 2 more"},
	} {
		p := Missing(Position{}, "the table", "key", tt.name, tt.have)
		if want := fmt.Sprintf("the table has no key %q", tt.name); p.Message != want || p.Help != tt.want {
			t.Errorf("%q, %q; want %q, %q", p.Message, p.Help, want, tt.want)
		}
	}
}

// Text of a description is quoted so that a terminal shows it and does nothing else, and no more of it than helps.
func TestQuote(t *testing.T) {
	if got := Quote("ä\u202e\n"); got != `"\u00e4\u202e\n"` {
		t.Errorf("%s", got)
	}
	if got := Quote(strings.Repeat("x", 1000)); got != `"`+strings.Repeat("x", 200)+`\u2026"` {
		t.Errorf("%d bytes: %s", len(got), got)
	}
}
