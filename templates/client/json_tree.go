//contactsgen:feature core
//contactsgen:part json

// JSON as a tree that keeps the bytes it was read from: scanning, parsing, editing and comparing.

package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxDepth bounds how deep arrays and objects may nest. Every walk over a tree is recursive, so this bounds the stack.
const maxDepth = 1000

// indexFrom is the number of members from which an object keeps an index; below it, looking through them is faster.
const indexFrom = 16

// nodeKind is the kind of a JSON value.
type nodeKind uint8

const (
	kindNull nodeKind = iota
	kindBool
	kindNumber
	kindString
	kindArray
	kindObject
)

// node is one JSON value that remembers how it was written: parts nobody touched are sent back byte for byte, and
// numbers are never turned into floating point. A node is never changed once it is made, so trees share their parts;
// an edit makes new nodes along the way to it. The nil node is an absent value.
type node struct {
	kind    nodeKind
	raw     []byte // as it was read; nil for an object or an array put together here
	entries []entry
	index   map[string]int // name to place in entries, for large objects only
	items   []*node
}

// entry is one member of an object.
type entry struct {
	name  string
	quote []byte // the name as it was read, with its quotes; nil: not read
	value *node
}

// nullNode is the JSON value null.
var nullNode = &node{kind: kindNull, raw: []byte("null")}

// parseNode reads exactly one JSON value. Of members with the same name the last one counts, as in encoding/json.
func parseNode(doc []byte) (*node, error) {
	if !validJSON(doc) {
		return nil, fmt.Errorf("not a JSON document: %w", syntaxError(doc))
	}
	p := nodeParser{doc: doc}
	return p.value(0)
}

// syntaxError says what is wrong with a document that is not valid.
func syntaxError(doc []byte) error {
	var v json.RawMessage
	return json.Unmarshal(doc, &v)
}

// newObject makes an object of entries whose names differ.
func newObject(entries []entry) *node {
	n := &node{kind: kindObject, entries: entries}
	n.reindex()
	return n
}

// newArray makes an array.
func newArray(items []*node) *node {
	return &node{kind: kindArray, items: items}
}

func (n *node) reindex() {
	if len(n.entries) < indexFrom {
		return
	}
	n.index = make(map[string]int, len(n.entries))
	for i, e := range n.entries {
		n.index[e.name] = i
	}
}

// is reports whether n is present and of kind k.
func (n *node) is(k nodeKind) bool {
	return n != nil && n.kind == k
}

// position returns the place of the member name in n.entries, or -1.
func (n *node) position(name string) int {
	if n == nil {
		return -1
	}
	if n.index != nil {
		if i, ok := n.index[name]; ok {
			return i
		}
		return -1
	}
	for i := range n.entries {
		if n.entries[i].name == name {
			return i
		}
	}
	return -1
}

// member returns the member name of an object; nil when there is none, or when n is not an object.
func (n *node) member(name string) *node {
	if i := n.position(name); i >= 0 {
		return n.entries[i].value
	}
	return nil
}

// withMember returns an object with one member set.
func (n *node) withMember(name string, value *node) *node {
	entries := slices.Clone(n.entries)
	if i := n.position(name); i >= 0 {
		entries[i].value = value
	} else {
		entries = append(entries, entry{name: name, value: value})
	}
	return newObject(entries)
}

// without returns an object that has none of some members. What is no object is returned as it is.
func (n *node) without(names []string) *node {
	if !n.is(kindObject) {
		return n
	}
	return newObject(slices.DeleteFunc(slices.Clone(n.entries), func(e entry) bool { return slices.Contains(names, e.name) }))
}

// nth returns element i of an array, nil when it has none.
func (n *node) nth(i int) *node {
	if n == nil || i >= len(n.items) {
		return nil
	}
	return n.items[i]
}

// unionNames returns the names of the members of both objects, those of a first.
func unionNames(a, b *node) []string {
	var names []string
	if a != nil {
		for _, e := range a.entries {
			names = append(names, e.name)
		}
	}
	if b != nil {
		for _, e := range b.entries {
			if a.position(e.name) < 0 {
				names = append(names, e.name)
			}
		}
	}
	return names
}

// text returns the value of a string node.
func (n *node) text() (string, bool) {
	if !n.is(kindString) {
		return "", false
	}
	return unquote(n.raw), true
}

// bytes returns the JSON text of n, nil when n is absent.
func (n *node) bytes() []byte {
	switch {
	case n == nil:
		return nil
	case n.raw != nil:
		return n.raw
	default:
		return n.append(nil)
	}
}

// append writes n at the end of dst.
func (n *node) append(dst []byte) []byte {
	switch {
	case n.raw != nil:
		return append(dst, n.raw...)
	case n.kind == kindArray:
		return n.appendArray(dst)
	default:
		return n.appendObject(dst)
	}
}

func (n *node) appendArray(dst []byte) []byte {
	dst = append(dst, '[')
	for i, item := range n.items {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = item.append(dst)
	}
	return append(dst, ']')
}

func (n *node) appendObject(dst []byte) []byte {
	dst = append(dst, '{')
	for i, e := range n.entries {
		if i > 0 {
			dst = append(dst, ',')
		}
		if e.quote != nil {
			dst = append(dst, e.quote...)
		} else {
			dst = append(dst, quote(e.name)...)
		}
		dst = append(dst, ':')
		dst = e.value.append(dst)
	}
	return append(dst, '}')
}

// quote returns s as a JSON string. Unlike json.Marshal it leaves <, > and & as they are.
func quote(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// unquote returns the value of a valid JSON string.
func unquote(raw []byte) string {
	inner := raw[1 : len(raw)-1]
	if isPlain(inner) {
		return string(inner)
	}
	var s string
	_ = json.Unmarshal(raw, &s) // raw is part of a valid document
	return s
}

// text is the value of a JSON string, or the literal of a number; anything else, and nothing, is "". v is a part of a valid document.
func text(v json.RawMessage) string {
	switch {
	case len(v) == 0:
		return ""
	case v[0] == '"':
		return unquote(v)
	case v[0] == '-' || '0' <= v[0] && v[0] <= '9':
		return string(v)
	}
	return ""
}

// scalar is the text of a value. OpenAPI does not say how an object inside a parameter looks; JSON is what servers take.
func scalar(v *node) string {
	if text, ok := v.text(); ok {
		return text
	}
	return string(v.bytes())
}

// isPlain reports whether the inside of a JSON string is its own value.
func isPlain(inner []byte) bool {
	for _, c := range inner {
		if c == '\\' || c >= 0x80 {
			return false
		}
	}
	return true
}

var errTooDeep = errors.New("not a JSON document: nested more than " + strconv.Itoa(maxDepth) + " deep")

// nodeParser splits a document that is known to be valid JSON into nodes: what is left to do is to find where each value begins and ends.
type nodeParser struct {
	doc []byte
	at  int
}

// value reads the value that begins at or after p.at and leaves p.at behind it.
func (p *nodeParser) value(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	p.space()
	n, start := &node{}, p.at
	var err error
	switch p.doc[p.at] {
	case '{':
		n.kind = kindObject
		err = p.object(n, depth)
	case '[':
		n.kind = kindArray
		err = p.array(n, depth)
	case '"':
		n.kind = kindString
		p.str()
	default:
		n.kind = p.word()
	}
	if err != nil {
		return nil, err
	}
	// The capacity is cut off so that appending to a part cannot overwrite what follows it.
	n.raw = p.doc[start:p.at:p.at]
	return n, nil
}

func (p *nodeParser) object(n *node, depth int) error {
	for p.open('}') {
		p.space()
		start := p.at
		p.str()
		quoted := p.doc[start:p.at:p.at]
		p.space()
		p.at++ // the colon
		v, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.enter(entry{name: unquote(quoted), quote: quoted, value: v})
	}
	return nil
}

// enter adds one member that was read. A name that is already there keeps its place and gets the later value.
func (n *node) enter(e entry) {
	if i := n.position(e.name); i >= 0 {
		n.entries[i] = e
		return
	}
	n.entries = append(n.entries, e)
	switch {
	case n.index != nil:
		n.index[e.name] = len(n.entries) - 1
	case len(n.entries) >= indexFrom:
		n.reindex()
	}
}

func (p *nodeParser) array(n *node, depth int) error {
	for p.open(']') {
		v, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, v)
	}
	return nil
}

// open steps over the bracket or comma before the next element and reports whether there is one; otherwise it steps
// over the closing bracket.
func (p *nodeParser) open(closing byte) bool {
	p.space()
	if p.doc[p.at] == closing {
		p.at++
		return false
	}
	p.at++ // the opening bracket, or a comma
	p.space()
	if p.doc[p.at] == closing {
		p.at++
		return false
	}
	return true
}

// str steps over a string.
func (p *nodeParser) str() {
	i := p.at + 1
	for doc := p.doc; doc[i] != '"'; i++ {
		if doc[i] == '\\' {
			i++
		}
	}
	p.at = i + 1
}

// skip steps over a value.
func (p *nodeParser) skip() {
	for depth := 0; ; {
		switch p.doc[p.at] {
		case '{', '[':
			depth++
			p.at++
		case '}', ']':
			depth--
			p.at++
		case '"':
			p.str()
		case ',', ':', ' ', '\t', '\n', '\r':
			p.at++
			continue
		default:
			p.word()
		}
		if depth == 0 {
			return
		}
	}
}

// word steps over null, a boolean or a number.
func (p *nodeParser) word() nodeKind {
	kind := kindNumber
	switch p.doc[p.at] {
	case 'n':
		kind = kindNull
	case 't', 'f':
		kind = kindBool
	}
	for p.at < len(p.doc) && !isDelimiter(p.doc[p.at]) {
		p.at++
	}
	return kind
}

func (p *nodeParser) space() {
	for p.at < len(p.doc) && isSpace(p.doc[p.at]) {
		p.at++
	}
}

// equal reports whether a and b are the same value, whatever way they are written. An absent value equals only an
// absent one: null is a value.
func equal(a, b *node) bool {
	switch {
	case a == b:
		return true
	case a == nil || b == nil || a.kind != b.kind:
		return false
	case a.raw != nil && bytes.Equal(a.raw, b.raw):
		return true
	case a.kind == kindArray:
		return equalItems(a, b)
	case a.kind == kindObject:
		return equalMembers(a, b)
	case a.kind == kindString:
		return unquote(a.raw) == unquote(b.raw)
	case a.kind == kindNumber:
		return parseDecimal(a.raw) == parseDecimal(b.raw)
	default:
		return a.kind == kindNull
	}
}

// absent reports whether a value is missing or null.
func absent(n *node) bool {
	return n == nil || n.kind == kindNull
}

// isEmpty reports whether nothing would be sent of a value.
func (n *node) isEmpty() bool {
	return n.kind == kindNull || n.kind == kindArray && len(n.items) == 0 || n.kind == kindObject && len(n.entries) == 0
}

// isZeroJSON reports whether n is absent or the JSON of a Go zero value.
func isZeroJSON(n *node) bool {
	switch {
	case n == nil:
		return true
	case n.kind == kindArray:
		return len(n.items) == 0
	case n.kind == kindObject:
		for _, e := range n.entries {
			if !isZeroJSON(e.value) {
				return false
			}
		}
		return true
	default:
		text := string(n.raw)
		return text == "null" || text == "false" || text == `""` || text == "0"
	}
}

func equalItems(a, b *node) bool {
	if len(a.items) != len(b.items) {
		return false
	}
	for i := range a.items {
		if !equal(a.items[i], b.items[i]) {
			return false
		}
	}
	return true
}

func equalMembers(a, b *node) bool {
	if len(a.entries) != len(b.entries) {
		return false
	}
	for _, e := range a.entries {
		if !equal(e.value, b.member(e.name)) {
			return false
		}
	}
	return true
}

// decimal is a JSON number taken apart so that equal numbers have equal parts: 1, 1.0 and 10e-1 are one number, and
// 9007199254740993 is another than 9007199254740992, which floating point would deny.
type decimal struct {
	digits   string // without zeros at either end; "" is zero
	negative bool
	exponent int64  // of the last digit
	raw      string // set alone when the exponent is out of all reason: such numbers equal only themselves
}

func parseDecimal(raw []byte) decimal {
	text := string(raw)
	mantissa, power, _ := strings.Cut(strings.ToLower(text), "e")
	mantissa, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return decimal{}
	}
	exponent := int64(0)
	if power != "" {
		var err error
		if exponent, err = strconv.ParseInt(power, 10, 32); err != nil {
			return decimal{raw: text}
		}
	}
	trimmed := strings.TrimRight(digits, "0")
	exponent += int64(len(digits)-len(trimmed)) - int64(len(fraction))
	return decimal{digits: trimmed, negative: negative, exponent: exponent}
}

// wholeNumber is a JSON number, or a string with one, as some APIs write integers.
func wholeNumber(raw json.RawMessage, otherwise int64) int64 {
	n, err := strconv.ParseInt(text(raw), 10, 64)
	if err != nil || n < 0 {
		return otherwise
	}
	return n
}

// origins finds for each element of the changed array the element that was read which it is, -1 for a new one. Equal elements are matched
// first, those that stand where they stood and then the others in order, so that moving one does not look like editing another; then those
// with the same key. Where elements have no key, the
// place tells: those between the same two neighbours are the same ones as long as there are as many of them as before. No element is used
// twice.
func origins(before, after []*node, key string) []int {
	from := make([]int, len(after))
	for j := range from {
		from[j] = -1
	}
	used := make([]bool, len(before))
	for j := range min(len(before), len(after)) {
		if bytes.Equal(before[j].bytes(), after[j].bytes()) {
			from[j], used[j] = j, true
		}
	}
	matchItems(before, after, from, used, func(n *node) string { return string(n.bytes()) })
	if key == "" {
		matchPlaces(from, len(before))
		return from
	}
	matchItems(before, after, from, used, func(n *node) string { return identityText(n.member(key)) })
	return from
}

// identityText returns what tells one element from another, "" when id is none.
func identityText(id *node) string {
	if isZeroJSON(id) {
		return ""
	}
	return string(id.bytes())
}

// matchItems pairs the elements that are left by what same says of them; "" says nothing. Both sides come from the same
// Go type, so values that are equal are written alike.
func matchItems(before, after []*node, from []int, used []bool, same func(*node) string) {
	queues := map[string][]int{}
	for i, item := range before {
		if k := same(item); k != "" && !used[i] {
			queues[k] = append(queues[k], i)
		}
	}
	for j, item := range after {
		k := same(item)
		if queue := queues[k]; from[j] < 0 && len(queue) > 0 {
			from[j], queues[k] = queue[0], queue[1:]
			used[queue[0]] = true
		}
	}
}

// matchPlaces pairs the elements that are left by where they stand among those that are matched. Once any has overtaken another, places say
// nothing.
func matchPlaces(from []int, before int) {
	last := -1
	for _, i := range from {
		if i >= 0 && i < last {
			return
		}
		last = max(last, i)
	}
	start, was := 0, 0 // where what is left begins, on either side
	for j := 0; j <= len(from); j++ {
		end := before
		if j < len(from) {
			if end = from[j]; end < 0 {
				continue
			}
		}
		if j-start == end-was {
			for k := start; k < j; k++ {
				from[k] = was + k - start
			}
		}
		start, was = j+1, end+1
	}
}

// overlay lays a change over a value as it was read. base is that value, before what a Go type made of it, and after what has become of
// that: only where these two differ is there a change. Everything else stays as it was read: members that the type does not know, numbers
// that it rounds, and what it takes for nothing.
func overlay(base, before, after *node) *node {
	switch {
	case equal(before, after):
		return base
	case base.is(kindObject) && after.is(kindObject):
		return overlayMembers(base, before, after)
	case base.is(kindArray) && before.is(kindArray) && after.is(kindArray) && len(base.items) == len(before.items):
		return overlayItems(base, before, after)
	default:
		return after
	}
}

func overlayMembers(base, before, after *node) *node {
	var entries []entry
	for _, e := range base.entries {
		if value := overlay(e.value, before.member(e.name), after.member(e.name)); value != nil {
			entries = append(entries, entry{name: e.name, quote: e.quote, value: value})
		}
	}
	for _, e := range after.entries {
		if base.position(e.name) < 0 && !equal(before.member(e.name), e.value) {
			entries = append(entries, e)
		}
	}
	return newObject(entries)
}

func overlayItems(base, before, after *node) *node {
	items := make([]*node, len(after.items))
	for j, i := range origins(before.items, after.items, "") {
		items[j] = after.items[j]
		if i >= 0 {
			items[j] = overlay(base.items[i], before.items[i], after.items[j])
		}
	}
	return newArray(items)
}

// overlayDocument is overlay of documents.
func overlayDocument(base, before, after []byte) ([]byte, error) {
	var nodes [3]*node
	for i, doc := range [][]byte{base, before, after} {
		n, err := parseNode(doc)
		if err != nil {
			return nil, fmt.Errorf("a value cannot be put together: %w", err)
		}
		nodes[i] = n
	}
	return overlay(nodes[0], nodes[1], nodes[2]).bytes(), nil
}
