package source

import (
	"math"
	"strconv"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
)

// Node is a place in a description. It is a small value: copy it, compare it, use it as a key of a map.
// The zero Node is what is not there; every method can be called on it.
type Node struct {
	doc *Document
	t   *tree
}

// Member is one member of a mapping.
type Member struct {
	Key    string
	KeyPos diag.Position
	Value  Node
}

// IsZero tells whether there is nothing here.
func (n Node) IsZero() bool { return n.t == nil }

// Kind gives the form of what is here.
func (n Node) Kind() Kind {
	if n.t == nil {
		return Missing
	}
	return n.t.kind
}

// Pos gives the place that a person wrote this at: in an overlay, if it came from one.
func (n Node) Pos() diag.Position {
	if n.t == nil {
		return diag.Position{}
	}
	return n.t.at.position()
}

// KeyPos gives the place of the key that leads here, [Node.Pos] when none does.
func (n Node) KeyPos() diag.Position {
	if n.t == nil || n.t.keyAt.file == nil {
		return n.Pos()
	}
	return n.t.keyAt.position()
}

// Pointer gives the JSON Pointer (RFC 6901) of this node: "/paths/~1pets/get". In a file that the description refers to, the file's path
// and a "#" come before it. [Document.At] leads back here.
func (n Node) Pointer() string {
	if n.t == nil {
		return ""
	}
	var segments []string
	t := n.t
	for ; t.parent != nil; t = t.parent {
		if t.parent.kind == Mapping {
			segments = append(segments, jsonpointer.Escape(t.key))
		} else {
			segments = append(segments, strconv.Itoa(t.position))
		}
	}
	var b strings.Builder
	if t != n.doc.main.root {
		b.WriteString(n.doc.files.of(t).path)
		b.WriteByte('#')
	}
	for i := len(segments) - 1; i >= 0; i-- {
		b.WriteByte('/')
		b.WriteString(segments[i])
	}
	return b.String()
}

// Get gives a member of a mapping, the zero Node when there is none. It does not follow references.
func (n Node) Get(key string) Node {
	if n.t != nil {
		if c := n.t.get(key); c != nil {
			return Node{n.doc, c}
		}
	}
	return Node{}
}

// Has tells whether a mapping has a member.
func (n Node) Has(key string) bool { return n.t != nil && n.t.get(key) != nil }

// Items gives the items of a list, nil when this is none.
func (n Node) Items() []Node {
	if n.Kind() != Sequence {
		return nil
	}
	items := make([]Node, len(n.t.children))
	for i, c := range n.t.children {
		items[i] = Node{n.doc, c}
	}
	return items
}

// Members gives the members of a mapping in the order they were written in, nil when this is none.
func (n Node) Members() []Member {
	if n.Kind() != Mapping {
		return nil
	}
	members := make([]Member, len(n.t.children))
	for i, c := range n.t.children {
		members[i] = Member{c.key, c.keyAt.position(), Node{n.doc, c}}
	}
	return members
}

// Text gives the text of a scalar: of a string its value, of others what was written. It is "" for anything else.
func (n Node) Text() string {
	if n.Kind() != Scalar {
		return ""
	}
	return n.t.text
}

// IsString tells whether this is a string, and not a number, a boolean or something else.
func (n Node) IsString() bool { return n.Kind() == Scalar && n.t.form == text }

// Bool gives the value of a boolean.
func (n Node) Bool() (value, ok bool) {
	if n.Kind() != Scalar || n.t.form != boolean {
		return false, false
	}
	return strings.EqualFold(n.t.text, "true"), true
}

// Int gives the value of a number that is whole, 5.0 and 5e0 included, and that an int64 holds.
func (n Node) Int() (value int64, ok bool) {
	if n.Kind() != Scalar || n.t.form != integer && n.t.form != decimal {
		return 0, false
	}
	number, ok := canonicalNumber(n.t)
	if !ok {
		return 0, false
	}
	if i, err := strconv.ParseInt(number, 10, 64); err == nil {
		return i, true
	}
	const exact = 1 << 53 // up to here a float64 that looks whole is
	f, err := strconv.ParseFloat(number, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > exact {
		return 0, false
	}
	return int64(f), true
}

// JSON gives what is here as JSON: members in order of their keys, no white space, numbers as they were written if JSON can write them so.
// Equal values written in different ways or orders give equal JSON, but for different spellings of one number.
func (n Node) JSON() ([]byte, error) {
	if n.t == nil {
		return []byte("null"), nil
	}
	return appendJSON(nil, n.t)
}

// JSONPath gives the RFC 9535 JSONPath of this node, as an overlay names it: "$.paths['/pets'].get". It is "" for what an overlay does not
// reach: what is in another file, and what has moved on the way from Swagger 2.0.
func (n Node) JSONPath() string {
	if n.t == nil {
		return ""
	}
	path, t := "", n.t
	for ; t.parent != nil; t = t.parent {
		segment := "[" + strconv.Itoa(t.position) + "]"
		if t.parent.kind == Mapping {
			segment = pathSegment(t.key)
		}
		path = segment + path
	}
	if t != n.doc.main.root {
		return ""
	}
	if n.doc.generation != "2.0" {
		return "$" + path
	}
	for from, to := range map[string]string{".components.schemas": ".definitions", ".components.responses": ".responses"} {
		if rest, ok := strings.CutPrefix(path, from); ok {
			return "$" + to + rest
		}
	}
	if strings.HasPrefix(path, ".paths") && !strings.Contains(path, ".content") {
		return "$" + path
	}
	return ""
}

// quoted writes what is between quotation marks of a JSONPath.
var quoted = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

// pathSegment writes a member's name in a JSONPath.
func pathSegment(name string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
	}
	if name != "" && !strings.ContainsFunc(name, func(r rune) bool { return !plain(r) }) && (name[0] < '0' || name[0] > '9') {
		return "." + name
	}
	return "['" + quoted.Replace(name) + "']"
}
