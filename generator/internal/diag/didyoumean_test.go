package diag

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	for _, test := range []struct {
		name, want string
		have       []string
	}{
		{"contcat", "contact", []string{"label", "contact"}},
		{"Contact", "contact", []string{"label", "contact"}},
		{"contactIds", "contactId", []string{"contactId", "id"}},
		{"ab", "ac", []string{"xyz", "ac", "ad"}},
		{"contact", "", []string{"label", "conference"}},
		{"tpye", "type", []string{"title", "type"}},
		{"output", "out", []string{"package", "out"}},
		{"contact", "", nil},
		{"", "", []string{"id", "contact"}},
		{strings.Repeat("x", 1000), "", []string{strings.Repeat("x", 999)}},
	} {
		if got := Nearest(test.name, test.have); got != test.want {
			t.Errorf("Nearest(%.20q, %q) = %q, want %q", test.name, test.have, got, test.want)
		}
	}
}
