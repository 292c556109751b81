package source

import (
	"strconv"
	"unicode/utf8"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
)

// Kind is the form of a [Node].
type Kind uint8

// The kinds. A zero [Node] is Missing.
const (
	Missing Kind = iota
	Mapping
	Sequence
	Scalar
	Null
)

// String names a kind in a sentence without an article.
func (k Kind) String() string {
	switch k {
	case Mapping:
		return "mapping"
	case Sequence:
		return "list"
	case Scalar:
		return "scalar"
	case Null:
		return "null"
	}
	return "nothing"
}

// article names a kind in a sentence.
func (k Kind) article() string {
	switch k {
	case Mapping, Sequence, Scalar:
		return "a " + k.String()
	}
	return k.String()
}

// form tells scalars apart.
type form uint8

const (
	text form = iota
	integer
	decimal
	boolean
)

// file is what the places of one file have in common.
type file struct{ name string }

// place is a compact diag.Position.
type place struct {
	file      *file
	line, col int32
}

// position gives a place as complaints have it. It is not inlined for the same reason as get.
//
//go:noinline
func (p place) position() diag.Position {
	if p.file == nil {
		return diag.Position{}
	}
	return diag.Position{File: p.file.name, Line: int(p.line), Column: int(p.col)}
}

// tree is one node of a description. It has exactly one parent, so its pointer follows from where it is: aliases are copied, and overlays
// and the conversion of Swagger 2.0 move nodes without losing their places.
//
// A tree is changed while a document is loaded and never after it was sealed.
type tree struct {
	kind     Kind
	form     form
	text     string // of a scalar, as written
	at       place
	key      string // in the parent, when that is a mapping
	keyAt    place
	parent   *tree
	children []*tree

	position int            // in the parent's children; set by seal
	keys     map[string]int // of large mappings; set by seal

	descended, selected int32 // the last search that did so
}

// largeMapping is from how many members on a mapping has an index: below it, looking at each is faster.
const largeMapping = 12

// seal indexes a finished tree.
func (t *tree) seal() {
	t.keys = nil
	if t.kind == Mapping && len(t.children) >= largeMapping {
		t.keys = make(map[string]int, len(t.children))
	}
	for i, c := range t.children {
		c.position, c.parent = i, t
		if t.keys != nil {
			t.keys[c.key] = i
		}
		c.seal()
	}
}

// get gives a member of a mapping, nil when there is none. It is called in hundreds of places, and inlined into all of them it adds a fifth
// to the time that package analyze takes to compile, for nothing that can be measured when it runs.
//
//go:noinline
func (t *tree) get(key string) *tree {
	if t.kind != Mapping {
		return nil
	}
	if t.keys != nil {
		if i, ok := t.keys[key]; ok {
			return t.children[i]
		}
		return nil
	}
	for _, c := range t.children {
		if c.key == key {
			return c
		}
	}
	return nil
}

// step gives what one segment of a JSON Pointer leads to, nil when there is nothing.
func (t *tree) step(segment string) *tree {
	if t.kind != Sequence {
		return t.get(segment)
	}
	i, err := strconv.Atoi(segment)
	if err != nil || i < 0 || i >= len(t.children) || strconv.Itoa(i) != segment {
		return nil
	}
	return t.children[i]
}

// root gives the top of the tree that t is in.
func (t *tree) root() *tree {
	for t.parent != nil {
		t = t.parent
	}
	return t
}

// depth counts what t is in.
func (t *tree) depth() int {
	n := 0
	for ; t.parent != nil; t = t.parent {
		n++
	}
	return n
}

// describe gives a scalar's text quoted, or what else there is.
func (t *tree) describe() string {
	if t.kind == Scalar {
		return diag.Quote(t.text)
	}
	return t.kind.article()
}

// reference gives the value of a mapping's $ref, nil when t is not a reference. A property that is called $ref has a schema, not a scalar.
func (t *tree) reference() *tree {
	if r := t.get("$ref"); r != nil && r.kind != Mapping {
		return r
	}
	return nil
}

// positionAt gives the place of a byte, counting columns in characters as editors do.
func positionAt(name string, data []byte, offset int) diag.Position {
	p := diag.Position{File: name, Line: 1}
	start := 0
	for i := range offset {
		if data[i] == '\n' || data[i] == '\r' && (i+1 == len(data) || data[i+1] != '\n') {
			p.Line++
			start = i + 1
		}
	}
	p.Column = utf8.RuneCount(data[start:offset]) + 1
	return p
}

// invalidUTF8 gives the offset of the first byte that is not part of UTF-8 text.
func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return len(data)
}

// measure gives the number of nodes in a tree and the depth of the deepest.
func (t *tree) measure() (nodes, depth int) {
	for _, c := range t.children {
		n, d := c.measure()
		nodes += n
		depth = max(depth, d)
	}
	return nodes + 1, depth + 1
}

// The methods below change a tree while its document is loaded.

// add adds a child at the end. In a mapping the child's key must be set, and new.
func (t *tree) add(c *tree) {
	c.parent = t
	t.children = append(t.children, c)
	t.keys = nil
}

// drop cuts children off.
func (t *tree) drop(which map[*tree]bool) {
	var kept []*tree
	for _, c := range t.children {
		if which[c] {
			c.parent = nil
		} else {
			kept = append(kept, c)
		}
	}
	t.children, t.keys = kept, nil
}

// become takes over what another node is, and its place, but stays where it is in the tree.
func (t *tree) become(other *tree) {
	for _, c := range t.children {
		c.parent = nil
	}
	t.kind, t.form, t.text, t.at, t.children, t.keys = other.kind, other.form, other.text, other.at, other.children, nil
	for _, c := range t.children {
		c.parent = t
	}
}
