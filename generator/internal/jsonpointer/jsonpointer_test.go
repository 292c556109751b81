package jsonpointer

import (
	"slices"
	"testing"
)

func TestPointersSurvive(t *testing.T) {
	for _, test := range []struct {
		pointer  string
		segments []string
	}{
		{"/a", []string{"a"}},
		{"/", []string{""}},
		{"/a/b~1c/d~0e/~01", []string{"a", "b/c", "d~e", "~1"}},
		{"//x", []string{"", "x"}},
	} {
		got, ok := Split(test.pointer)
		if !ok || !slices.Equal(got, test.segments) {
			t.Errorf("Split(%q) = %q, %v", test.pointer, got, ok)
		}
		if back := Join(test.segments); back != test.pointer {
			t.Errorf("Join(%q) = %q, want %q", test.segments, back, test.pointer)
		}
	}
	if got := Join(nil); got != "" {
		t.Errorf("Join(nil) = %q", got)
	}
	for _, text := range []string{"", "a", "a/b", "#/a"} {
		if got, ok := Split(text); ok {
			t.Errorf("Split(%q) = %q", text, got)
		}
	}
}
