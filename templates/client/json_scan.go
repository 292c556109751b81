//contactsgen:feature core
//contactsgen:part json

// The scanner: whether a document is JSON, and what to add to one that broke off.

package client

import (
	"bytes"
	"slices"
	"strings"
)

// maxScanned is how deep arrays and objects may nest, as in encoding/json.
const maxScanned = 10_000

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r'
}

func isDelimiter(c byte) bool {
	return c == ',' || c == ']' || c == '}' || isSpace(c)
}

// scanner goes over a document from its first byte to its last and tells whether it is JSON. It says what json.Valid says, in a fraction of
// its time: every answer goes through here, some of them more than once.
type scanner struct {
	doc   []byte
	at    int
	depth int
}

// skip passes over a value, which has to be one.
func (s *scanner) skip() bool {
	switch s.next() {
	case '{':
		return s.members()
	case '[':
		return s.elements()
	case '"':
		return s.str()
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	_, _, ok := s.number()
	return ok
}

func (s *scanner) members() bool {
	if !s.open('{') {
		return false
	}
	if s.next() == '}' {
		return s.shut('}')
	}
	for s.str() && s.colon() && s.skip() {
		if !s.more() {
			return s.shut('}')
		}
	}
	return false
}

func (s *scanner) elements() bool {
	if !s.open('[') {
		return false
	}
	if s.next() == ']' {
		return s.shut(']')
	}
	for s.skip() {
		if !s.more() {
			return s.shut(']')
		}
	}
	return false
}

// next passes over space and gives the byte after it; 0 at the end.
func (s *scanner) next() byte {
	for ; s.at < len(s.doc); s.at++ {
		if c := s.doc[s.at]; c > ' ' || !isSpace(c) {
			return c
		}
	}
	return 0
}

func (s *scanner) ended() bool { return s.next() == 0 && s.at == len(s.doc) }

// open steps into an object or an array, shut out of it. Neither is worth its room in every function that reads one.
//
//go:noinline
func (s *scanner) open(bracket byte) bool {
	if s.next() != bracket || s.depth == maxScanned {
		return false
	}
	s.at++
	s.depth++
	return true
}

//go:noinline
func (s *scanner) shut(bracket byte) bool {
	if s.next() != bracket {
		return false
	}
	s.at++
	s.depth--
	return true
}

// more steps over a comma, colon over what is between a name and its value.
func (s *scanner) more() bool { return s.step(',') }

func (s *scanner) colon() bool { return s.step(':') }

func (s *scanner) step(over byte) bool {
	if s.next() != over {
		return false
	}
	s.at++
	return true
}

// word reads null, true or false.
func (s *scanner) word(w string) bool {
	if s.next(); len(s.doc)-s.at < len(w) || string(s.doc[s.at:s.at+len(w)]) != w {
		return false
	}
	s.at += len(w)
	return true
}

// str passes over a string.
func (s *scanner) str() bool {
	if s.next() != '"' {
		return false
	}
	for i := s.at + 1; i < len(s.doc); i++ {
		switch c := s.doc[i]; {
		case c == '"':
			s.at = i + 1
			return true
		case c == '\\':
			length := escapeLength(s.doc[i+1:])
			if length == 0 {
				return false
			}
			i += length
		case c < ' ':
			return false
		}
	}
	return false
}

// number reads a number, and reports whether it is a whole one.
func (s *scanner) number() (digits []byte, whole, ok bool) {
	s.next()
	start := s.at
	if s.peek() == '-' {
		s.at++
	}
	if s.peek() == '0' {
		s.at++
	} else if !s.digits() {
		return nil, false, false
	}
	whole = true
	if s.peek() == '.' {
		s.at++
		if whole = false; !s.digits() {
			return nil, false, false
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.at++
		if c := s.peek(); c == '+' || c == '-' {
			s.at++
		}
		if whole = false; !s.digits() {
			return nil, false, false
		}
	}
	return s.doc[start:s.at], whole, true
}

// peek gives the next byte, space or not; 0 at the end.
func (s *scanner) peek() byte {
	if s.at == len(s.doc) {
		return 0
	}
	return s.doc[s.at]
}

func (s *scanner) digits() bool {
	start := s.at
	for s.at < len(s.doc) && '0' <= s.doc[s.at] && s.doc[s.at] <= '9' {
		s.at++
	}
	return s.at > start
}

// validJSON reports whether doc is one JSON value.
func validJSON(doc []byte) bool {
	s := scanner{doc: doc}
	return s.skip() && s.ended()
}

// escapeLength gives the length of the escape whose backslash is before rest; 0 when it is none.
func escapeLength(rest []byte) int {
	switch {
	case len(rest) == 0:
	case strings.IndexByte(`"\/bfnrt`, rest[0]) >= 0:
		return 1
	default:
		if _, ok := hexUnit(rest); ok {
			return 5
		}
	}
	return 0
}

// hexUnit reads "u" and four hexadecimal digits.
func hexUnit(s []byte) (unit rune, ok bool) {
	if len(s) < 5 || s[0] != 'u' {
		return 0, false
	}
	for _, c := range s[1:5] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= (c|0x20) && (c|0x20) <= 'f':
			c = (c | 0x20) - 'a' + 10
		default:
			return 0, false
		}
		unit = unit<<4 | rune(c)
	}
	return unit, true
}

// closeJSON makes a document that was cut off whole again: it ends after the last complete member or element, and
// what is open there is closed. An error's code is mostly near its beginning, whatever follows.
func closeJSON(doc []byte) []byte {
	cut, _ := scanJSON(doc)
	_, open := scanJSON(doc[:cut])
	slices.Reverse(open)
	return append(bytes.Clone(doc[:cut]), open...)
}

// scanJSON returns where the last complete member or element ends, and the brackets that would close what is still
// open at the end of doc.
func scanJSON(doc []byte) (cut int, open []byte) {
	inString, escaped := false, false
	for i, c := range doc {
		switch {
		case escaped:
			escaped = false
		case inString:
			escaped, inString = c == '\\', c != '"'
		case c == '"':
			inString = true
		case c == '{':
			open = append(open, '}')
		case c == '[':
			open = append(open, ']')
		case (c == '}' || c == ']') && len(open) > 0:
			open = open[:len(open)-1]
			cut = i + 1
		case c == ',':
			cut = i
		}
	}
	return cut, open
}
