package client

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// Bodies whose length can be known are sent with it; those that can be read again are replayable.
func TestLengthsOfReaders(t *testing.T) {
	for _, tt := range []struct {
		name   string
		r      io.Reader
		length int64
		again  bool
	}{
		{"buffer", bytes.NewBufferString("12345"), 5, false},
		{"empty buffer", &bytes.Buffer{}, 0, false},
		{"bytes", bytes.NewReader([]byte("12345")), 5, true},
		{"string", strings.NewReader("12345"), 5, true},
		{"stream", io.MultiReader(strings.NewReader("12345")), -1, false},
	} {
		if u := newReaders("text/plain", tt.r); u.size() != tt.length || u.replayable() != tt.again {
			t.Errorf("%s: length %d, replayable %v", tt.name, u.size(), u.replayable())
		}
	}
	if u := newReaders("text/plain", bytes.NewBufferString("12345"), strings.NewReader("678")); u.size() != 8 || u.replayable() {
		t.Errorf("buffer and string: length %d, replayable %v", u.size(), u.replayable())
	}
}
