package source

import (
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
)

// jsonReader reads JSON into a tree. Descriptions of several megabytes are JSON more often than not, and a YAML parser takes many times as
// long for them.
type jsonReader struct {
	*builder
	file  *file
	src   string
	pos   int
	depth int
	marks

	slab []tree
}

// marks counts lines and columns as the reader advances. Each byte is looked at once, however long a line is.
type marks struct {
	seen      int
	line, col int32
}

// looksLikeJSON tells whether a file starts as a JSON object.
func looksLikeJSON(data []byte) bool {
	for _, c := range data {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			return c == '{'
		}
	}
	return false
}

// quotedFirst tells whether the first thing in a flow mapping is a quoted key.
func quotedFirst(data []byte) bool {
	_, rest, _ := strings.Cut(string(data[:min(len(data), 4096)]), "{")
	return strings.HasPrefix(strings.TrimLeft(rest, " \t\r\n"), `"`)
}

// syntaxError travels as a panic from where it is found to read; nothing else is recovered there.
type syntaxError struct{ *diag.Problem }

// read gives the tree, or what is wrong with the syntax. It gives neither when a limit was exceeded and complained about.
func (r *jsonReader) read() (root *tree, syntax *diag.Problem) {
	r.marks = marks{line: 1, col: 1}
	complaints, nodes := r.complaints, r.nodes
	var own diag.List
	r.complaints = &own
	defer func() {
		r.complaints = complaints
		switch e := recover().(type) {
		case nil:
			complaints.Merge(own.Err())
		case syntaxError:
			r.nodes = nodes
			root, syntax = nil, e.Problem
		case error:
			if e != errStop {
				panic(e)
			}
			root = nil
			complaints.Merge(own.Err())
		default:
			panic(e)
		}
	}()
	r.space()
	root = r.value()
	r.space()
	if r.pos < len(r.src) {
		r.fail(r.pos, "there is something after the end of the JSON value", "")
	}
	return root, nil
}

func (r *jsonReader) fail(pos int, message, help string) {
	panic(syntaxError{&diag.Problem{Pos: positionAt(r.file.name, []byte(r.src), pos), Message: "JSON: " + message, Help: help}})
}

// here gives the place the reader is at.
func (r *jsonReader) here() place {
	for r.seen < r.pos {
		c := r.src[r.seen]
		r.seen++
		switch {
		case c == '\n', c == '\r' && (r.seen == len(r.src) || r.src[r.seen] != '\n'):
			r.line++
			r.col = 1
		case c < utf8.RuneSelf || utf8.RuneStart(c):
			r.col++
		}
	}
	return place{r.file, r.line, r.col}
}

func (r *jsonReader) space() {
	for r.pos < len(r.src) {
		switch r.src[r.pos] {
		case ' ', '\t', '\r', '\n':
			r.pos++
		default:
			return
		}
	}
}

// peek gives the next byte, 0 at the end.
func (r *jsonReader) peek() byte {
	if r.pos < len(r.src) {
		return r.src[r.pos]
	}
	return 0
}

// node makes a node at the present place.
func (r *jsonReader) node(kind Kind) *tree {
	at := r.here()
	if !r.count(at) {
		panic(errStop)
	}
	if len(r.slab) == 0 {
		r.slab = make([]tree, 256)
	}
	t := &r.slab[0]
	r.slab = r.slab[1:]
	t.kind, t.at = kind, at
	return t
}

func (r *jsonReader) value() *tree {
	switch c := r.peek(); {
	case c == '{':
		return r.object()
	case c == '[':
		return r.array()
	case c == '"':
		t := r.node(Scalar)
		t.text = r.string()
		return t
	case c == '-' || '0' <= c && c <= '9':
		return r.number()
	case r.pos == len(r.src):
		r.fail(r.pos, "the file ends too early", "close what is open, or fetch the file again")
	}
	for _, word := range []struct {
		text string
		kind Kind
	}{{"true", Scalar}, {"false", Scalar}, {"null", Null}} {
		if rest, ok := strings.CutPrefix(r.src[r.pos:], word.text); ok && (rest == "" || !isWord(rest[0])) {
			t := r.node(word.kind)
			t.text, t.form = word.text, boolean
			r.pos += len(word.text)
			return t
		}
	}
	r.unexpected("a value")
	return nil
}

func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// unexpected fails with what stands where something else is needed.
func (r *jsonReader) unexpected(want string) {
	if r.pos == len(r.src) {
		r.fail(r.pos, "the file ends too early", "close what is open, or fetch the file again")
	}
	c, _ := utf8.DecodeRuneInString(r.src[r.pos:])
	help := ""
	switch c {
	case '\'':
		help = `JSON quotes text with "`
	case '/', '#':
		help = "JSON has no comments; YAML has"
	case '}', ']':
		help = "is there a comma before it?"
	}
	r.fail(r.pos, fmt.Sprintf("expected %s and found %s", want, diag.Quote(string(c))), help)
}

func (r *jsonReader) open(t *tree) {
	if r.depth++; r.depth > r.limits.Depth {
		r.tooDeep(t.at)
		panic(errStop)
	}
	r.pos++
	r.space()
}

func (r *jsonReader) object() *tree {
	t := r.node(Mapping)
	r.open(t)
	keys := newKeys(r.builder)
	for r.peek() != '}' {
		if r.peek() != '"' {
			r.unexpected("a key in quotes")
		}
		keyAt := r.here()
		key := r.string()
		r.space()
		if r.peek() != ':' {
			r.unexpected("a colon")
		}
		r.pos++
		r.space()
		c := r.value()
		c.key, c.keyAt = key, keyAt
		keys.add(t, c)
		r.space()
		if !r.more('}') {
			break
		}
		if r.peek() == '}' {
			r.unexpected("a key in quotes")
		}
	}
	r.pos++
	r.depth--
	return t
}

func (r *jsonReader) array() *tree {
	t := r.node(Sequence)
	r.open(t)
	for r.peek() != ']' {
		c := r.value()
		c.parent = t
		t.children = append(t.children, c)
		r.space()
		if !r.more(']') {
			break
		}
		if r.peek() == ']' {
			r.unexpected("a value")
		}
	}
	r.pos++
	r.depth--
	return t
}

// more skips a comma and tells whether there was one. Without one, the closing bracket must stand here.
func (r *jsonReader) more(closing byte) bool {
	switch r.peek() {
	case ',':
		r.pos++
		r.space()
		return true
	case closing:
		return false
	}
	r.unexpected("a comma or " + string(closing))
	return false
}

func (r *jsonReader) number() *tree {
	t := r.node(Scalar)
	end := r.pos
	for end < len(r.src) && (isWord(r.src[end]) || strings.IndexByte("+-.", r.src[end]) >= 0) {
		end++
	}
	t.text = r.src[r.pos:end]
	if !isJSONNumber(t.text) {
		r.fail(r.pos, diag.Quote(t.text)+" is not a number", "quote it if it is meant as text")
	}
	t.form = integer
	if strings.ContainsAny(t.text, ".eE") {
		t.form = decimal
	}
	r.pos = end
	return t
}

// string reads a string and leaves the reader behind it.
func (r *jsonReader) string() string {
	start := r.pos + 1
	for i := start; i < len(r.src); i++ {
		switch c := r.src[i]; {
		case c == '"':
			r.pos = i + 1
			return r.src[start:i]
		case c == '\\':
			return r.escaped(start, i)
		case c < ' ':
			r.control(i)
		}
	}
	r.fail(r.pos, "the text that starts here has no end", `close it with "`)
	return ""
}

func (r *jsonReader) control(pos int) {
	r.fail(pos, fmt.Sprintf("text holds the control character %s", diag.Quote(r.src[pos:pos+1])), `write a line break as \n and a tab as \t`)
}

// escaped reads the rest of a string that has a backslash at i.
func (r *jsonReader) escaped(start, i int) string {
	b := append(make([]byte, 0, i-start+64), r.src[start:i]...)
	for i < len(r.src) {
		c := r.src[i]
		switch {
		case c == '"':
			r.pos = i + 1
			return string(b)
		case c < ' ':
			r.control(i)
		case c != '\\':
			b = append(b, c)
			i++
			continue
		}
		if i+1 == len(r.src) {
			break
		}
		if to := strings.IndexByte(`"\/bfnrt`, r.src[i+1]); to >= 0 {
			b = append(b, "\"\\/\b\f\n\r\t"[to])
			i += 2
			continue
		}
		u, ok := r.hex(i)
		if !ok {
			r.fail(i, "text holds a backslash that escapes nothing", `write a backslash as \\`)
		}
		i += len(`\u0000`)
		if utf16.IsSurrogate(u) {
			low, ok := r.hex(i)
			if u = utf16.DecodeRune(u, low); ok && u != utf8.RuneError {
				i += len(`\u0000`)
			} else {
				u = utf8.RuneError
			}
		}
		b = utf8.AppendRune(b, u)
	}
	r.fail(start-1, "the text that starts here has no end", `close it with "`)
	return ""
}

// hex reads \u and four digits at i.
func (r *jsonReader) hex(i int) (rune, bool) {
	if i+6 > len(r.src) || r.src[i] != '\\' || r.src[i+1] != 'u' {
		return 0, false
	}
	u, err := strconv.ParseUint(r.src[i+2:i+6], 16, 16)
	return rune(u), err == nil
}

// isJSONNumber tells whether text is a number as JSON writes them.
func isJSONNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := digits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	s = s[whole:]
	if rest, ok := strings.CutPrefix(s, "."); ok {
		n := digits(rest)
		if n == 0 {
			return false
		}
		s = rest[n:]
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		n := digits(s)
		return n > 0 && n == len(s)
	}
	return s == ""
}

// digits counts the digits that s starts with.
func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// canonicalNumber gives a number as JSON writes it: as it stands, if that is JSON. YAML has bases, underscores and values that are no
// numbers, too.
func canonicalNumber(t *tree) (string, bool) {
	s := t.text
	if isJSONNumber(s) {
		return s, true
	}
	s = strings.ReplaceAll(s, "_", "")
	if t.form == integer {
		s = strings.TrimPrefix(s, "+")
		if i, err := strconv.ParseInt(s, 0, 64); err == nil {
			return strconv.FormatInt(i, 10), true
		}
		if u, err := strconv.ParseUint(s, 0, 64); err == nil {
			return strconv.FormatUint(u, 10), true
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f-f != 0 {
		return "", false
	}
	return strconv.FormatFloat(f, 'g', -1, 64), true
}

// appendJSON writes a tree as JSON.
func appendJSON(b []byte, t *tree) ([]byte, error) {
	var err error
	switch t.kind {
	case Mapping:
		children := append([]*tree(nil), t.children...)
		sort.Slice(children, func(i, j int) bool { return children[i].key < children[j].key })
		b = append(b, '{')
		for i, c := range children {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, c.key), ':')
			if b, err = appendJSON(b, c); err != nil {
				return nil, err
			}
		}
		return append(b, '}'), nil
	case Sequence:
		b = append(b, '[')
		for i, c := range t.children {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = appendJSON(b, c); err != nil {
				return nil, err
			}
		}
		return append(b, ']'), nil
	case Scalar:
		switch t.form {
		case text:
			return appendString(b, t.text), nil
		case boolean:
			return append(b, strings.ToLower(t.text)...), nil
		}
		number, ok := canonicalNumber(t)
		if !ok {
			return nil, problem(t.at.position(), diag.Quote(t.text)+" has no form in JSON", "quote it if it is meant as text")
		}
		return append(b, number...), nil
	}
	return append(b, "null"...), nil
}

// appendString writes a JSON string. It escapes no more than JSON asks for.
func appendString(b []byte, s string) []byte {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // Every string has a JSON form.
	}
	return append(b, strings.TrimSuffix(out.String(), "\n")...)
}
