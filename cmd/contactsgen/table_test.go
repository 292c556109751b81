package main

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/contactsgen/contactsgen/generator"
	"github.com/contactsgen/contactsgen/spec"
)

// What people read of a description fits the screen, and what guards a write is its first column.
func TestInspectFitsTheScreen(t *testing.T) {
	for _, api := range spec.APIs() {
		found, err := generator.Inspect(t.Context(), generator.Options{Spec: generator.Input{Name: api.File, Data: api.Data}, Package: "p"})
		if err != nil {
			t.Fatal(err)
		}
		for width, has := range map[int]string{60: "METHOD", 80: "METHOD", 110: "METHOD", 240: "OPERATION", 0: "POSITION"} {
			var out bytes.Buffer
			s := &screen{out: bufio.NewWriter(&out), width: width}
			digest(found).print(s)
			_ = s.flush()
			text := out.String()
			if head, _, _ := strings.Cut(text, "\n"); !strings.HasPrefix(head, "REVISION ") || !strings.Contains(head, has) {
				t.Errorf("%s at %d begins with %q", api.Name, width, head)
			}
			for line := range strings.Lines(text) {
				if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); width > 0 && n > width {
					t.Errorf("%s at %d: %d columns in %q", api.Name, width, n, line)
				}
			}
		}
	}
}

// Lines are broken where a reader would, and nothing is lost.
func TestWrap(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		"UpdateWithRetry, UpdateFrom": "UpdateWithRetry,|UpdateFrom",
		"/contacts/v4/contacts/{id}":  "/contacts/v4/|contacts/{id}",
		"abcdefghijklmnopqrstuvwxyz":  "abcdefghijklmnop|qrstuvwxyz",
		"ExtendedFields.Rename":       "ExtendedFields.|Rename",
		"exactly sixteen!":            "exactly sixteen!",
		"ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜ":          "ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄ|ÖÜ",
	} {
		if got := strings.Join(wrap(text, 16), "|"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		for width := range 40 {
			if got := strings.Join(wrap(text, width), ""); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(text, " ", "") {
				t.Errorf("%q at %d is %q", text, width, got)
			}
		}
	}
}

// What a description says cannot break out of a cell.
func TestMarkdownCells(t *testing.T) {
	if got := inMarkdown("a|b_c <i> `x`"); got != "a\\|b\\_c \\<i\\> \\`x\\`" {
		t.Error(got)
	}
}
