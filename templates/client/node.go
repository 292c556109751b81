//contactsgen:feature core
//contactsgen:part json

package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
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

// with returns an object with one member set.
func (n *node) with(name string, value *node) *node {
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
