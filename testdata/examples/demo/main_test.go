package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// The conflict and the retry are seen, nothing is lost, and it fits.
func TestDemo(t *testing.T) {
	for _, color := range []bool{false, true} {
		var out strings.Builder
		if err := run(t.Context(), contactstest.NewServer(t).URL(), &stage{out: &out, color: color}); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"a conflict", "waits ", "runs it again", "Nothing was lost. Ada is at revision 3"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("no %q in\n%s", want, out.String())
			}
		}
		if strings.Contains(out.String(), "\x1b") != color {
			t.Errorf("colour %v:\n%q", color, out.String())
		}
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); !color && n > 80 {
				t.Errorf("%d columns: %s", n, line)
			}
		}
	}
}
