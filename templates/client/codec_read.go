//contactsgen:feature codec
//contactsgen:part json

package client

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// reader goes over a document once, from its first byte to its last. What reads a value is false when the value is not written as the
// description has it, and wherever encoding/json would do something out of the ordinary: the document is left to that then, which knows
// what can be made of it, and what to say when nothing can. So a reader needs neither errors nor leniency.
type reader struct {
	scanner
	scratch []byte       // of the last string with escapes
	seen    *[256]string // short strings, for documents that are likely to repeat them
	shared  strings.Builder
	texts   []string // room for strings that are pointed to
}

// memberReader is an object that reads its members. The name is only valid until something else is read.
type memberReader interface {
	readMember(r *reader, name []byte) bool
}

// repeatsFrom is the size from which documents are taken to say the same again and again.
const repeatsFrom = 4 << 10

// readDocument reads a document, or the value at a place in it, into a new v.
func readDocument(doc []byte, at pointer, v interface{ readJSON(r *reader) bool }) bool {
	r := &reader{scanner: scanner{doc: doc}}
	if len(doc) >= repeatsFrom {
		r.seen = new([256]string)
	}
	if at != "" {
		w := &within{at: string(at), into: v}
		return !strings.ContainsAny(w.at, "~[") && r.object(w) && w.found && r.ended()
	}
	return v.readJSON(r) && r.ended()
}

// within is an object with a value somewhere inside.
type within struct {
	at    string // JSON pointer whose segments are plain names
	into  interface{ readJSON(r *reader) bool }
	found bool
}

func (w *within) readMember(r *reader, name []byte) bool {
	first, rest, deeper := strings.Cut(w.at[1:], "/")
	if string(name) != first {
		return r.skip()
	}
	if w.found || r.next() == 'n' {
		return false
	}
	if !deeper {
		w.found = true
		return w.into.readJSON(r)
	}
	inner := &within{at: "/" + rest, into: w.into}
	ok := r.object(inner)
	w.found = inner.found
	return ok
}

// object reads an object's members. A null is no object, and changes nothing.
func (r *reader) object(v memberReader) bool {
	if r.next() == 'n' {
		return r.word("null")
	}
	if !r.open('{') {
		return false
	}
	if r.next() == '}' {
		return r.shut('}')
	}
	for {
		name, ok := r.name()
		if !ok || !v.readMember(r, name) {
			return false
		}
		if !r.more() {
			return r.shut('}')
		}
	}
}

// name reads the name of a member and the colon after it.
func (r *reader) name() ([]byte, bool) {
	name, ok := r.text()
	return name, ok && r.colon()
}

// unknown passes over a member that the description lacks. What differs from one that it has in capital letters only is
// for encoding/json to take for it.
func (r *reader) unknown(name []byte, known ...string) bool {
	for _, k := range known {
		if strings.EqualFold(string(name), k) {
			return false
		}
	}
	return r.skip()
}

// text reads a string, which is valid until the next one is read.
func (r *reader) text() ([]byte, bool) {
	if r.next() != '"' {
		return nil, false
	}
	r.at++
	var all byte
	for i, c := range r.doc[r.at:] {
		switch {
		case c == '"':
			s := r.doc[r.at : r.at+i]
			r.at += i + 1
			return s, all < utf8.RuneSelf || utf8.Valid(s)
		case c == '\\':
			return r.escaped(r.at + i)
		case c < ' ':
			return nil, false
		}
		all |= c
	}
	return nil, false
}

// escaped reads the rest of a string from its first escape.
func (r *reader) escaped(i int) ([]byte, bool) {
	s := append(r.scratch[:0], r.doc[r.at:i]...)
	for ; i < len(r.doc) && r.doc[i] >= ' '; i++ {
		c := r.doc[i]
		if c == '"' {
			r.scratch, r.at = s, i+1
			return s, utf8.Valid(s)
		}
		if c != '\\' {
			s = append(s, c)
			continue
		}
		var length int
		if s, length = unescaped(s, r.doc[i+1:]); length == 0 {
			return nil, false
		}
		i += length
	}
	return nil, false
}

// unescaped appends what the escape at the beginning of rest stands for, and gives its length without the backslash; 0 when it is none.
func unescaped(s, rest []byte) ([]byte, int) {
	if len(rest) == 0 {
		return s, 0
	}
	if i := strings.IndexByte(`"\/bfnrt`, rest[0]); i >= 0 {
		return append(s, "\"\\/\b\f\n\r\t"[i]), 1
	}
	c, ok := hexUnit(rest)
	switch {
	case !ok:
		return s, 0
	case !utf16.IsSurrogate(c):
		return utf8.AppendRune(s, c), 5
	case len(rest) < 7 || rest[5] != '\\':
		return s, 0
	}
	low, ok := hexUnit(rest[6:])
	if c = utf16.DecodeRune(c, low); !ok || c == utf8.RuneError {
		return s, 0
	}
	return utf8.AppendRune(s, c), 11
}

// Short strings are kept several to an allocation, which then lives as long as the last of them: a string keeps no more than this many
// bytes, or strings, alive beside itself.
const (
	shortText  = 32
	sharedText = 128
	sharedOnes = 8
)

// keep makes a string of text. Short ones that were seen before are the same string again.
func (r *reader) keep(text []byte) string {
	if len(text) == 0 || len(text) > shortText {
		return string(text)
	}
	if r.seen == nil {
		return r.share(text)
	}
	h := uint(len(text))
	for _, c := range text {
		h = h*31 + uint(c)
	}
	s := &r.seen[h%uint(len(r.seen))]
	if *s != string(text) {
		*s = r.share(text)
	}
	return *s
}

func (r *reader) share(text []byte) string {
	if r.shared.Cap()-r.shared.Len() < len(text) {
		r.shared = strings.Builder{}
		r.shared.Grow(sharedText)
	}
	start := r.shared.Len()
	r.shared.Write(text)
	return r.shared.String()[start:]
}
