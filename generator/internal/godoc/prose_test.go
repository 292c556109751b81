package godoc_test

import (
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/godoc"
)

func TestNoun(t *testing.T) {
	for text, want := range map[string]string{
		"A person the site knows.":            "X is a person the site knows.",
		"The number.":                         "X is the number.",
		"Whether it is the main one":          "X tells whether it is the main one",
		"Several trees":                       "X — Several trees",
		"Which page to return.":               "X says which page to return.",
		"":                                    "",
		"\x1b[31mred\u202e":                   "X — [31mred",
		"Deprecated: nothing":                 "X — Deprecated: nothing",
		"go:embed /etc/passwd\n//go:linkname": "X — go:embed /etc/passwd\n//go:linkname",
	} {
		if got, _ := godoc.Noun("X", text); got != want {
			t.Errorf("Noun(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestNounOfSeveral(t *testing.T) {
	for name, want := range map[string]string{"Phones": "Phones are the phones", "Address": "Address is the phones",
		"Status": "Status is the phones"} {
		if got, _ := godoc.Noun(name, "The phones"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestVerb(t *testing.T) {
	for text, want := range map[string]string{
		"Delete a contact": "X deletes a contact",
		"Apply changes":    "X applies changes",
		"Merge two":        "X merges two",
		"Find or make one": "X finds or makes one",
		"Read and write":   "X reads and writes",
		"Find or":          "X finds or",
		"Push it":          "X pushes it",
		"Returns things":   "X returns things",
		"PATCH the thing":  "X — PATCH the thing",
		"A list of things": "X answers with a list of things",
		"getThing returns": "X — getThing returns",
	} {
		if got, _ := godoc.Verb("X", text); got != want {
			t.Errorf("Verb(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestCleanIsSafeInAComment keeps the promise that no text of a description becomes anything but words of a comment.
func TestCleanIsSafeInAComment(t *testing.T) {
	got := godoc.Clean("a\r\nb\rgo:embed x\n\n\n\n+build linux\nline x.go:1\u2028\u0000\u202e")
	for _, line := range strings.Split(got, "\n") {
		for _, bad := range []string{"go:", "+build", "line "} {
			if strings.HasPrefix(line, bad) {
				t.Errorf("line %q would be a directive", line)
			}
		}
		if strings.ContainsAny(line, "\r\u2028\u0000\u202e") {
			t.Errorf("line %q holds a control character", line)
		}
	}
}

func TestWrapKeepsListsAndParagraphs(t *testing.T) {
	got := godoc.Wrap("one\ntwo\n\n- a\n- b")
	want := []string{"one two", "", "- a", "- b"}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("Wrap = %q, want %q", got, want)
	}
}
