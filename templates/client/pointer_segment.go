//contactsgen:feature core
//contactsgen:part json

package client

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

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
