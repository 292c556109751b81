//contactsgen:feature codec
//contactsgen:part json

package client

import (
	"encoding/base64"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// writer puts a document together, byte for byte the one that encoding/json writes. What that refuses, or has rules of its own for,
// fails; the value is left to it then.
type writer struct {
	doc    []byte
	depth  int
	failed bool
}

// writeDocument writes a value; false when it has to be left to encoding/json.
func writeDocument(v interface{ writeJSON(w *writer) }) ([]byte, bool) {
	w := &writer{doc: make([]byte, 0, 512)}
	v.writeJSON(w)
	return w.doc, !w.failed
}

// open steps into an object or an array, shut out of it. Neither is worth its room in every function that writes one.
//
//go:noinline
func (w *writer) open(bracket byte) bool {
	if w.depth == maxDepth {
		w.failed = true // a value that holds itself, most likely
	}
	if w.failed {
		return false
	}
	w.depth++
	w.doc = append(w.doc, bracket)
	return true
}

//go:noinline
func (w *writer) shut(bracket byte) {
	w.depth--
	w.doc = append(w.doc, bracket)
}

func (w *writer) null() { w.doc = append(w.doc, "null"...) }

// next puts a comma between what is in brackets.
//
//go:noinline
func (w *writer) next() {
	if c := w.doc[len(w.doc)-1]; c != '{' && c != '[' {
		w.doc = append(w.doc, ',')
	}
}

// label begins a member, whose name has nothing to escape. Inlined it would be most of the code of every type.
//
//go:noinline
func (w *writer) label(name string) *writer {
	w.next()
	w.doc = append(w.doc, '"')
	w.doc = append(w.doc, name...)
	w.doc = append(w.doc, '"', ':')
	return w
}

// text writes a string.
func (w *writer) text(s string) {
	if !isVerbatim(s) {
		w.doc = append(w.doc, quote(s)...)
		return
	}
	w.doc = append(w.doc, '"')
	w.doc = append(w.doc, s...)
	w.doc = append(w.doc, '"')
}

// isVerbatim reports whether a string stands between quotes as it is.
func isVerbatim(s string) bool {
	var all byte
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == '"' || c == '\\' {
			return false
		}
		all |= c
	}
	return all < utf8.RuneSelf || utf8.ValidString(s) && !strings.Contains(s, "\u2028") && !strings.Contains(s, "\u2029")
}

// What writes a value takes it first, so that methods of generated types can stand beside these functions.

func writeString[S ~string](v *S, w *writer) { w.text(string(*v)) }

func writeInt[I ~int32 | ~int64](v *I, w *writer) { w.doc = strconv.AppendInt(w.doc, int64(*v), 10) }

func writeBool(v *bool, w *writer) { w.doc = strconv.AppendBool(w.doc, *v) }

// writeFloat writes a number as short as it can be, with an exponent where it is very large or very small.
func writeFloat(v *float64, w *writer) {
	f := *v
	if math.IsInf(f, 0) || math.IsNaN(f) {
		w.failed = true
		return
	}
	if size := math.Abs(f); size == 0 || 1e-6 <= size && size < 1e21 {
		w.doc = strconv.AppendFloat(w.doc, f, 'f', -1, 64)
		return
	}
	w.doc = strconv.AppendFloat(w.doc, f, 'e', -1, 64)
	if n := len(w.doc); string(w.doc[n-4:n-1]) == "e-0" {
		w.doc = append(w.doc[:n-2], w.doc[n-1])
	}
}

func writeBytes(v *[]byte, w *writer) {
	if *v == nil {
		w.null()
		return
	}
	w.doc = append(w.doc, '"')
	w.doc = base64.StdEncoding.AppendEncode(w.doc, *v)
	w.doc = append(w.doc, '"')
}

// writePointer writes what may be missing as null.
func writePointer[T any](v **T, w *writer, write func(*T, *writer)) {
	if *v == nil {
		w.null()
		return
	}
	write(*v, w)
}

func writeList[L ~[]T, T any](v *L, w *writer, write func(*T, *writer)) {
	if *v == nil {
		w.null()
		return
	}
	if !w.open('[') {
		return
	}
	for i := range *v {
		w.next()
		write(&(*v)[i], w)
	}
	w.shut(']')
}

// writeMap writes the members of a map in order of their names.
func writeMap[M ~map[string]T, T any](v *M, w *writer, write func(*T, *writer)) {
	if *v == nil {
		w.null()
		return
	}
	if !w.open('{') {
		return
	}
	names := make([]string, 0, len(*v))
	for name := range *v {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w.next()
		w.text(name)
		w.doc = append(w.doc, ':')
		value := (*v)[name]
		write(&value, w)
	}
	w.shut('}')
}

// writeAny writes a free-form value.
func writeAny(v *any, w *writer) {
	switch v := (*v).(type) {
	case nil:
		w.null()
	case string:
		w.text(v)
	case bool:
		writeBool(&v, w)
	case float64:
		writeFloat(&v, w)
	case []any:
		writeList(&v, w, writeAny)
	case map[string]any:
		writeMap(&v, w, writeAny)
	default:
		writeOther(&v, w)
	}
}

// writeOther leaves a value to encoding/json: what has a method of its own, and what callers put in free-form places.
func writeOther[T any](v *T, w *writer) {
	doc, err := encodeOrdinarily(*v)
	w.doc = append(w.doc, doc...)
	w.failed = w.failed || err != nil
}

// neverRead reports whether a resource was never read from anything.
func neverRead(s *snapshot) bool { return s.body == nil && s.at == "" && s.header == nil }
