//contactsgen:feature core
//contactsgen:part json

package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// get returns the value p points at, byte for byte as it is in doc, and false when there is none.
func (p pointer) get(doc []byte) (json.RawMessage, bool) {
	var room [4]segment // more than most have
	path, err := p.appendSegments(room[:0])
	if err != nil || !validJSON(doc) {
		return nil, false
	}
	var found [1]json.RawMessage
	parser := nodeParser{doc: doc}
	parser.gather(found[:], [][]segment{path}, 0, 1)
	return found[0], found[0] != nil
}

// find returns the value p points at within root, nil when there is none.
func (p pointer) find(root *node) *node {
	segments, err := p.segments()
	if err != nil {
		return nil
	}
	return follow(segments, root)
}

// follow returns what a path leads to from n, nil when there is nothing.
func follow(path []segment, n *node) *node {
	for _, s := range path {
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
	return p.rewrite(doc, value)
}

// remove returns doc without the value p points at; doc itself when there is none.
func (p pointer) remove(doc []byte) ([]byte, error) {
	if p == "" {
		return nil, errors.New("the whole document cannot be removed")
	}
	if _, ok := p.get(doc); !ok {
		return doc, nil
	}
	return p.rewrite(doc, nil)
}

// rewrite returns doc with value where p points at; nil removes what is there.
func (p pointer) rewrite(doc []byte, value *node) ([]byte, error) {
	segments, err := p.segments()
	if err != nil {
		return nil, err
	}
	var root *node
	if len(doc) > 0 {
		if root, err = parseNode(doc); err != nil {
			return nil, err
		}
	}
	root, err = editNode(root, segments, value)
	if err != nil {
		return nil, fmt.Errorf("JSON pointer %s: %w", p, err)
	}
	return root.bytes(), nil
}

// editNode is pointer.rewrite on a tree: n with value at path.
func editNode(n *node, path []segment, value *node) (*node, error) {
	if len(path) == 0 {
		return value, nil
	}
	s := path[0]
	i, err := s.place(n)
	if err != nil {
		return nil, err
	}
	child := s.child(n)
	if child == nil && s.selector && value != nil {
		child = s.selected()
	}
	child, err = editNode(child, path[1:], value)
	if err != nil {
		return nil, err
	}
	if n.is(kindArray) || s.selector {
		var items []*node
		if n != nil {
			items = n.items
		}
		return newArray(replaceAt(items, i, child, child == nil)), nil
	}
	e := entry{name: s.name, value: child}
	var entries []entry
	if n != nil {
		entries = n.entries
	}
	if i < len(entries) {
		e.quote = entries[i].quote
	}
	return newObject(replaceAt(entries, i, e, child == nil)), nil
}

// replaceAt returns a copy of list with element i replaced, or removed when gone is set. An i at the end appends.
func replaceAt[E any](list []E, i int, e E, gone bool) []E {
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
