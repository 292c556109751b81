//contactsgen:feature core
//contactsgen:part json

// JSON Pointers with array elements that are searched for, and places in requests and responses.

package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// pointer is a JSON Pointer (RFC 6901) with one addition: the segment "[name=value]" selects the first element of an
// array whose member name is the JSON string value. A literal segment that begins with "[" is written "~2".
type pointer string

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

// segment is one step of a pointer: a member or an index, or the first element whose member name is the string value.
type segment struct {
	name     string
	selector bool
	value    string
}

// segments takes p apart.
func (p pointer) segments() ([]segment, error) { return p.appendSegments(nil) }

// appendSegments is segments in the room that the caller has for them.
func (p pointer) appendSegments(segments []segment) ([]segment, error) {
	if p == "" {
		return segments, nil
	}
	rest, ok := strings.CutPrefix(string(p), "/")
	if !ok {
		return nil, fmt.Errorf("JSON pointer %q does not begin with /", string(p))
	}
	plain := strings.IndexByte(rest, '~') < 0 && strings.IndexByte(rest, '[') < 0
	for more := true; more; {
		var part string
		part, rest, more = strings.Cut(rest, "/")
		s, err := segment{name: part}, error(nil)
		if !plain {
			s, err = parseSegment(part)
		}
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
	name = escapeText(name)
	if strings.HasPrefix(name, "[") {
		name = "~2" + name[1:]
	}
	return name
}

// escapeText writes a part of a segment.
func escapeText(text string) string {
	if !strings.ContainsAny(text, "~/") {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "~", "~0"), "/", "~1")
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

// place returns where an edit puts the child of n that s leads to: its place, or one behind the last. Members of
// objects and selected elements can be new, and null counts as something that is missing.
func (s segment) place(n *node) (int, error) {
	missing := n == nil || n.kind == kindNull
	switch {
	case missing:
		return 0, nil
	case n.is(kindArray) && s.name == "-" && !s.selector:
		return len(n.items), nil
	case n.is(kindArray):
		if i := s.position(n); i >= 0 && i < len(n.items) {
			return i, nil
		}
		if s.selector {
			return len(n.items), nil
		}
		return 0, fmt.Errorf("no element %s", s)
	case s.selector:
		return 0, fmt.Errorf("no array to select %s from", s)
	case n.kind != kindObject:
		return 0, fmt.Errorf("%q is in a value that is no object", s.name)
	}
	if i := n.position(s.name); i >= 0 {
		return i, nil
	}
	return len(n.entries), nil
}

// selected returns a new element that s selects.
func (s segment) selected() *node {
	value, err := parseNode(quote(s.value))
	if err != nil {
		return nil // a quoted text is JSON
	}
	return newObject([]entry{{name: s.name, value: value}})
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

// within returns p relative to the value that outer points at, and false when p is not inside of it.
func (p pointer) within(outer pointer) (pointer, bool) {
	rest, ok := strings.CutPrefix(string(p), string(outer))
	return pointer(rest), ok && strings.HasPrefix(rest, "/")
}

// resolve writes p with indices in place of selectors. What root does not have is written as it is.
func (p pointer) resolve(root *node) string {
	segments, err := p.segments()
	if err != nil {
		return string(p)
	}
	path, n := "", root
	for _, s := range segments {
		i := -1
		if n.is(kindArray) {
			i = s.position(n)
		}
		switch {
		case i >= 0:
			path = nthPath(path, i)
		case s.selector:
			path += "/" + s.String()
		default:
			path = childPath(path, s.name)
		}
		n = s.child(n)
	}
	return path
}

// childPath writes the pointer to a member of what is at path.
func childPath(path, name string) string {
	return path + "/" + escapeSegment(name)
}

// nthPath writes the pointer to an element of the array at path.
func nthPath(path string, i int) string {
	return path + "/" + strconv.Itoa(i)
}

// valueAt returns the value at a place that the description may not name.
func valueAt(at pointer, doc []byte) json.RawMessage {
	if at == "" {
		return nil
	}
	v, _ := at.get(doc)
	return v
}

// several are some of the values that are looked for, a bit each: 64 at most.
type several uint64

func (s several) has(i int) bool { return s>>i&1 != 0 }

// gather reads a value that lies a number of segments down those of the paths that are asked for, and puts what they lead to in it in the
// same places of found, byte for byte as it is in the document. It takes one pass, and makes no nodes as long as the paths go through
// objects. Of members with the same name the last one counts.
func (p *nodeParser) gather(found []json.RawMessage, paths [][]segment, depth int, asked several) {
	p.space()
	start := p.at
	if asked == 0 {
		p.skip()
		return
	}
	var deeper several
	for i := range paths {
		if asked.has(i) && len(paths[i]) > depth {
			deeper |= 1 << i
		}
	}
	switch {
	case deeper == 0:
		p.skip()
	case p.doc[start] == '{':
		p.gatherMembers(found, paths, depth, deeper)
	default:
		p.gatherNodes(found, paths, depth, deeper)
	}
	for i := range found {
		if asked.has(i) && !deeper.has(i) {
			// The capacity is cut off so that appending to a part cannot overwrite what follows it.
			found[i] = json.RawMessage(p.doc[start:p.at:p.at])
		}
	}
}

func (p *nodeParser) gatherMembers(found []json.RawMessage, paths [][]segment, depth int, asked several) {
	for p.open('}') {
		p.space()
		start := p.at
		p.str()
		name := p.doc[start+1 : p.at-1]
		if !isPlain(name) {
			name = []byte(unquote(p.doc[start:p.at]))
		}
		p.space()
		p.at++ // the colon
		var within several
		for i, path := range paths {
			if asked.has(i) && !path[depth].selector && path[depth].name == string(name) {
				found[i] = nil // an earlier member of this name does not count
				within |= 1 << i
			}
		}
		p.gather(found, paths, depth+1, within)
	}
}

// gatherNodes looks into what is no object.
func (p *nodeParser) gatherNodes(found []json.RawMessage, paths [][]segment, depth int, asked several) {
	start := p.at
	n, err := p.value(0)
	if err != nil {
		p.at = start
		p.skip()
		return
	}
	for i, path := range paths {
		if asked.has(i) {
			found[i] = follow(path[depth:], n).bytes()
		}
	}
}

// firstDifference returns the deepest pointer under which all that differs between a and b can be found first.
func firstDifference(a, b *node, path string) string {
	switch {
	case a.is(kindObject) && b.is(kindObject):
		for _, name := range unionNames(a, b) {
			if x, y := a.member(name), b.member(name); !equal(x, y) {
				return firstDifference(x, y, childPath(path, name))
			}
		}
	case a.is(kindArray) && b.is(kindArray):
		for i := range max(len(a.items), len(b.items)) {
			if x, y := a.nth(i), b.nth(i); !equal(x, y) {
				return firstDifference(x, y, nthPath(path, i))
			}
		}
	}
	return path
}
