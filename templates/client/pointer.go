package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// get returns the value p points at, byte for byte as it is in doc, and false when there is none.
func (p pointer) get(doc []byte) (json.RawMessage, bool) {
	root, err := parseNode(doc)
	if err != nil {
		return nil, false
	}
	n := p.find(root)
	return n.bytes(), n != nil
}

// find returns the value p points at within root, nil when there is none.
func (p pointer) find(root *node) *node {
	segments, err := p.segments()
	if err != nil {
		return nil
	}
	n := root
	for _, s := range segments {
		n = s.child(n)
	}
	return n
}

// set returns doc with v where p points at. Objects that are missing on the way are made; array elements are not,
// but for the index "-", which appends. A missing doc is an empty one.
func (p pointer) set(doc []byte, v json.RawMessage) ([]byte, error) {
	value, err := parseNode(v)
	if err != nil {
		return nil, fmt.Errorf("value for %s: %w", p, err)
	}
	return p.edit(doc, func(*node) *node { return value })
}

// remove returns doc without the value p points at; doc itself when there is none.
func (p pointer) remove(doc []byte) ([]byte, error) {
	if p == "" {
		return nil, errors.New("the whole document cannot be removed")
	}
	if _, ok := p.get(doc); !ok {
		return doc, nil
	}
	return p.edit(doc, func(*node) *node { return nil })
}

// edit returns doc with the value p points at replaced by what change makes of it; nil is an absent value.
func (p pointer) edit(doc []byte, change func(*node) *node) ([]byte, error) {
	segments, err := p.segments()
	if err != nil {
		return nil, err
	}
	var root *node
	if doc != nil {
		if root, err = parseNode(doc); err != nil {
			return nil, err
		}
	}
	root, err = edit(root, segments, change)
	if err != nil {
		return nil, fmt.Errorf("JSON pointer %s: %w", p, err)
	}
	return root.bytes(), nil
}

// edit is pointer.edit on a tree: n with the value at path changed.
func edit(n *node, path []segment, change func(*node) *node) (*node, error) {
	if len(path) == 0 {
		return change(n), nil
	}
	s := path[0]
	i, err := s.place(n)
	if err != nil {
		return nil, err
	}
	child, err := edit(s.child(n), path[1:], change)
	if err != nil {
		return nil, err
	}
	if n.is(kindArray) {
		return newArray(replace(n.items, i, child, child == nil)), nil
	}
	e := entry{name: s.name, value: child}
	var entries []entry
	if n != nil {
		entries = n.entries
	}
	if i < len(entries) {
		e.quote = entries[i].quote
	}
	return newObject(replace(entries, i, e, child == nil)), nil
}

// replace returns a copy of list with element i replaced, or removed when gone is set. An i at the end appends.
func replace[E any](list []E, i int, e E, gone bool) []E {
	list = slices.Clone(list)
	switch {
	case gone && i < len(list):
		return slices.Delete(list, i, i+1)
	case gone:
		return list
	case i < len(list):
		list[i] = e
		return list
	default:
		return append(list, e)
	}
}

// segment is one step of a pointer: a member or an index, or the first element whose member name is the string value.
type segment struct {
	name     string
	selector bool
	value    string
}

// segments takes p apart.
func (p pointer) segments() ([]segment, error) {
	if p == "" {
		return nil, nil
	}
	parts := strings.Split(string(p), "/")
	if parts[0] != "" {
		return nil, fmt.Errorf("JSON pointer %q does not begin with /", string(p))
	}
	segments := make([]segment, 0, len(parts)-1)
	for _, part := range parts[1:] {
		s, err := parseSegment(part)
		if err != nil {
			return nil, fmt.Errorf("JSON pointer %q: %w", string(p), err)
		}
		segments = append(segments, s)
	}
	return segments, nil
}

func parseSegment(part string) (segment, error) {
	text, err := unescapeSegment(part)
	if err != nil || !strings.HasPrefix(part, "[") {
		return segment{name: text}, err
	}
	inner, closed := strings.CutSuffix(text[1:], "]")
	name, value, ok := strings.Cut(inner, "=")
	if !closed || !ok {
		return segment{}, fmt.Errorf("segment %q is neither [name=value] nor a name with ~2 for [", part)
	}
	return segment{name: name, selector: true, value: value}, nil
}

// unescapeSegment replaces ~0, ~1 and ~2 by what they stand for.
func unescapeSegment(part string) (string, error) {
	before, after, found := strings.Cut(part, "~")
	if !found {
		return part, nil
	}
	var b strings.Builder
	for found {
		b.WriteString(before)
		if after == "" || after[0] < '0' || after[0] > '2' {
			return "", fmt.Errorf("segment %q: ~ is written ~0", part)
		}
		b.WriteByte("~/["[after[0]-'0'])
		before, after, found = strings.Cut(after[1:], "~")
	}
	b.WriteString(before)
	return b.String(), nil
}

// escapeSegment writes the name of a member as a segment.
func escapeSegment(name string) string {
	if !strings.ContainsAny(name, "~/[") {
		return name
	}
	name = strings.ReplaceAll(name, "~", "~0")
	name = strings.ReplaceAll(name, "/", "~1")
	if strings.HasPrefix(name, "[") {
		name = "~2" + name[1:]
	}
	return name
}

// child returns what s leads to from n; nil when there is nothing.
func (s segment) child(n *node) *node {
	if !n.is(kindArray) {
		if s.selector {
			return nil
		}
		return n.member(s.name)
	}
	if i := s.position(n); i >= 0 && i < len(n.items) {
		return n.items[i]
	}
	return nil
}

// place returns where an edit puts the child of n that s leads to: its place, or one behind the last. Only the
// members of objects can be new, and null counts as an object that is missing.
func (s segment) place(n *node) (int, error) {
	switch {
	case n.is(kindArray) && s.name == "-" && !s.selector:
		return len(n.items), nil
	case n.is(kindArray):
		if i := s.position(n); i >= 0 && i < len(n.items) {
			return i, nil
		}
		return 0, fmt.Errorf("no element %s", s)
	case s.selector:
		return 0, fmt.Errorf("no array to select %s from", s)
	case n == nil || n.kind == kindNull:
		return 0, nil
	case n.kind != kindObject:
		return 0, fmt.Errorf("%q is in a value that is no object", s.name)
	}
	if i := n.find(s.name); i >= 0 {
		return i, nil
	}
	return len(n.entries), nil
}

// position returns the index in an array that s stands for, -1 when there is none.
func (s segment) position(array *node) int {
	if s.selector {
		return slices.IndexFunc(array.items, func(item *node) bool {
			value, ok := item.member(s.name).text()
			return ok && value == s.value
		})
	}
	i, err := strconv.Atoi(s.name)
	if err != nil || strconv.Itoa(i) != s.name { // "+1", "01" and "-0" are no indices
		return -1
	}
	return i
}

// String writes s as people read it, in error texts.
func (s segment) String() string {
	if s.selector {
		return "[" + s.name + "=" + s.value + "]"
	}
	return s.name
}
