// Package jsonpointer reads and writes JSON Pointers (RFC 6901). It knows nothing of what they point into.
package jsonpointer

import "strings"

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// Escape writes one segment of a pointer.
func Escape(segment string) string {
	if !strings.ContainsAny(segment, "~/") {
		return segment
	}
	return escaper.Replace(segment)
}

// Unescape reads one segment of a pointer.
func Unescape(segment string) string {
	if strings.IndexByte(segment, '~') < 0 {
		return segment
	}
	return unescaper.Replace(segment)
}

// Join writes the pointer of segments; the pointer of none is "", the whole document.
func Join(segments []string) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(Escape(s))
	}
	return b.String()
}

// Split reads the segments of a pointer to something in a document. A text that does not begin with a slash is none.
func Split(pointer string) (segments []string, ok bool) {
	if !strings.HasPrefix(pointer, "/") {
		return nil, false
	}
	segments = strings.Split(pointer[1:], "/")
	for i, s := range segments {
		segments[i] = Unescape(s)
	}
	return segments, true
}
