//contactsgen:feature codec
//contactsgen:part json

// Reading and writing of types in one pass, without reflection. What is not written as the description has it goes through
// encoding/json.

package client

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"slices"
	"strconv"
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
		w := &nestedObject{at: string(at), into: v}
		return !strings.ContainsAny(w.at, "~[") && r.object(w) && w.found && r.ended()
	}
	return v.readJSON(r) && r.ended()
}

// nestedObject is an object with a value somewhere inside.
type nestedObject struct {
	at    string // JSON pointer whose segments are plain names
	into  interface{ readJSON(r *reader) bool }
	found bool
}

func (w *nestedObject) readMember(r *reader, name []byte) bool {
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
	inner := &nestedObject{at: "/" + rest, into: w.into}
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

// unknown skips a member that the description does not have. If the name differs from a known one in capital letters only, it leaves the
// document to encoding/json, which accepts it.
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

// Functions that read a value take a pointer to it first, like method expressions of generated types, so that either can be passed. A null
// leaves scalars as they are, as encoding/json does.

func readString[S ~string](v *S, r *reader) bool {
	if r.next() == 'n' {
		return r.word("null")
	}
	text, ok := r.text()
	if ok {
		*v = S(r.keep(text))
	}
	return ok
}

func readInt[I ~int32 | ~int64](v *I, r *reader) bool {
	if r.next() == 'n' {
		return r.word("null")
	}
	text, whole, ok := r.number()
	if !ok || !whole {
		return false
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	*v = I(n)
	return err == nil && int64(*v) == n
}

func readFloat(v *float64, r *reader) (ok bool) {
	if r.next() == 'n' {
		return r.word("null")
	}
	text, _, ok := r.number()
	if !ok {
		return false
	}
	n, err := strconv.ParseFloat(string(text), 64)
	*v = n
	return err == nil
}

func readBool(v *bool, r *reader) bool {
	switch r.next() {
	case 'n':
		return r.word("null")
	case 't':
		*v = true
		return r.word("true")
	}
	*v = false
	return r.word("false")
}

func readBytes(v *[]byte, r *reader) bool {
	if r.next() == 'n' {
		*v = nil
		return r.word("null")
	}
	text, ok := r.text()
	if !ok {
		return false
	}
	b, err := base64.StdEncoding.AppendDecode([]byte{}, text)
	*v = b
	return err == nil
}

// readPointer reads what may be missing.
func readPointer[T any](v **T, r *reader, read func(*T, *reader) bool) bool {
	if r.next() == 'n' {
		*v = nil
		return r.word("null")
	}
	if *v == nil {
		*v = new(T)
	}
	return read(*v, r)
}

// readText is readPointer for a string.
func readText(v **string, r *reader) bool {
	if *v == nil && r.next() != 'n' {
		if len(r.texts) == 0 {
			r.texts = make([]string, sharedOnes)
		}
		*v, r.texts = &r.texts[0], r.texts[1:]
	}
	return readPointer(v, r, readString)
}

// readList reads an array. A second one for the same member is left to encoding/json, which reads it into the first.
func readList[L ~[]T, T any](v *L, r *reader, read func(*T, *reader) bool) bool {
	if *v != nil {
		return false
	}
	if r.next() == 'n' {
		return r.word("null")
	}
	if !r.open('[') {
		return false
	}
	list := L{}
	if r.next() != ']' {
		for {
			var zero T
			list = append(list, zero)
			if !read(&list[len(list)-1], r) {
				return false
			}
			if !r.more() {
				break
			}
		}
	}
	*v = list
	return r.shut(']')
}

// readMap reads an object whose members have names of the caller's.
func readMap[M ~map[string]T, T any](v *M, r *reader, read func(*T, *reader) bool) bool {
	if r.next() == 'n' {
		*v = nil
		return r.word("null")
	}
	if *v == nil {
		*v = M{}
	}
	return r.object(mapEntries[T]{*v, read})
}

// mapEntries are the members of a map.
type mapEntries[T any] struct {
	into map[string]T
	read func(*T, *reader) bool
}

func (e mapEntries[T]) readMember(r *reader, name []byte) bool {
	key := r.keep(name)
	var value T
	ok := e.read(&value, r)
	e.into[key] = value
	return ok
}

// readAny reads a free-form value, whose numbers keep their digits.
func readAny(v *any, r *reader) bool {
	switch r.next() {
	case '{':
		o := map[string]any{}
		*v = o
		return readMap(&o, r, readAny)
	case '[':
		var list []any
		ok := readList(&list, r, readAny)
		*v = list
		return ok
	case '"':
		text, ok := r.text()
		*v = r.keep(text)
		return ok
	case 't':
		*v = true
		return r.word("true")
	case 'f':
		*v = false
		return r.word("false")
	case 'n':
		*v = nil
		return r.word("null")
	}
	text, _, ok := r.number()
	*v = json.Number(r.keep(text))
	return ok
}

// readOther reads a value of a type that reads itself from JSON, or that encoding/json reads.
func readOther[T any](v *T, r *reader) bool {
	r.next()
	start := r.at
	if !r.skip() {
		return false
	}
	if own, ok := any(v).(json.Unmarshaler); ok {
		return own.UnmarshalJSON(r.doc[start:r.at]) == nil
	}
	return decodeStrictly(r.doc[start:r.at], v) == nil
}

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

// empty writes a list, map or text that has nothing in it, and cannot be null.
func (w *writer) empty(text string) { w.doc = append(w.doc, text...) }

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

// Functions that write a value take it first, like method expressions of generated types, so that either can be passed.

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

// filledList writes an element that is a list as an empty one when it is nil, since null is no value of it.
func filledList[L ~[]T, T any](write func(*L, *writer)) func(*L, *writer) {
	return func(v *L, w *writer) {
		if *v == nil {
			w.empty("[]")
			return
		}
		write(v, w)
	}
}

// filledMap is filledList for maps.
func filledMap[M ~map[string]T, T any](write func(*M, *writer)) func(*M, *writer) {
	return func(v *M, w *writer) {
		if *v == nil {
			w.empty("{}")
			return
		}
		write(v, w)
	}
}

// filledBytes is filledList for bytes.
func filledBytes(write func(*[]byte, *writer)) func(*[]byte, *writer) {
	return func(v *[]byte, w *writer) {
		if *v == nil {
			w.empty(`""`)
			return
		}
		write(v, w)
	}
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
