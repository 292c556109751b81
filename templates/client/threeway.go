//contactsgen:feature three-way
//contactsgen:part update

package client

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// FieldConflict is one place that both sides changed, and not in the same way. A value that is nil is absent.
type FieldConflict struct {
	Path               string // JSON pointer within the resource; [name=value] selects an element of an array by its key
	Base, Ours, Theirs json.RawMessage
}

// MergeConflictError lists the places that both sides changed and no one decided.
type MergeConflictError struct {
	Paths []FieldConflict
}

// Error names the places; never the values, which may be personal data.
func (e *MergeConflictError) Error() string {
	paths := make([]string, len(e.Paths))
	for i, c := range e.Paths {
		paths[i] = strconv.Quote(c.Path)
	}
	return "both sides changed " + strings.Join(paths, ", ")
}

// Resolver decides a FieldConflict: it returns the value that is to be, nil for none, and whether it has decided. What
// no one decides stays a conflict.
type Resolver func(FieldConflict) (value json.RawMessage, decided bool)

// Ours is the Resolver that takes our value.
func Ours(c FieldConflict) (json.RawMessage, bool) { return c.Ours, true }

// Theirs is the Resolver that takes their value.
func Theirs(c FieldConflict) (json.RawMessage, bool) { return c.Theirs, true }

// threeWay merges two changes of one document: what only one side changed is taken from it. Objects are merged member
// by member, arrays element by element where s names the member that tells elements apart; everything else is one
// value. Places that both sides changed are given to resolve, if there is one; those it leaves are returned as
// conflicts, and merged is then not to be used.
func threeWay(base, ours, theirs []byte, s *shape, resolve Resolver) (merged []byte, conflicts []FieldConflict, err error) {
	var sides [3]*node
	for i, doc := range [][]byte{base, ours, theirs} {
		if sides[i], err = parseNode(doc); err != nil {
			return nil, nil, err
		}
	}
	m := &merger{resolve: resolve}
	n := m.value(threeSides{base: sides[0], ours: sides[1], theirs: sides[2]}, s, "")
	return n.bytes(), m.conflicts, m.err
}

// threeSides is one place of the document in its common past and as either side has it. An absent value is nil.
type threeSides struct{ base, ours, theirs *node }

func (v threeSides) each(f func(*node) *node) threeSides {
	return threeSides{base: f(v.base), ours: f(v.ours), theirs: f(v.theirs)}
}

// all reports whether both sides are of kind k and grew from such a value, or from none.
func (v threeSides) all(k nodeKind) bool {
	return v.ours.is(k) && v.theirs.is(k) && (v.base == nil || v.base.is(k))
}

// merger makes one three-way merge.
type merger struct {
	resolve   Resolver
	conflicts []FieldConflict
	err       error // the resolver's value was no JSON
}

// value returns the merged value, nil for none.
func (m *merger) value(v threeSides, s *shape, path string) *node {
	switch {
	case equal(v.ours, v.theirs), equal(v.ours, v.base):
		return v.theirs
	case equal(v.theirs, v.base):
		return v.ours
	case v.all(kindObject):
		return m.object(v, s, path)
	case v.all(kindArray):
		if merged, ok := m.keyed(v, s, path); ok {
			return merged
		}
	}
	return m.conflict(v, path)
}

// object merges member by member. Theirs gives the order, since it is what the server has.
func (m *merger) object(v threeSides, s *shape, path string) *node {
	var entries []entry
	for _, name := range unionNames(v.theirs, v.ours) {
		sub := v.each(func(n *node) *node { return n.member(name) })
		if value := m.value(sub, s.role(name).shape, childPath(path, name)); value != nil {
			entries = append(entries, entry{name: name, value: value})
		}
	}
	return newObject(entries)
}

// conflict asks the resolver, if there is one, and records what it leaves undecided.
func (m *merger) conflict(v threeSides, path string) *node {
	c := FieldConflict{
		Path:   path,
		Base:   slices.Clone(v.base.bytes()),
		Ours:   slices.Clone(v.ours.bytes()),
		Theirs: slices.Clone(v.theirs.bytes()),
	}
	if m.resolve == nil {
		m.conflicts = append(m.conflicts, c)
		return v.theirs
	}
	value, decided := m.resolve(c)
	switch {
	case !decided:
		m.conflicts = append(m.conflicts, c)
		return v.theirs
	case value == nil:
		return nil
	}
	n, err := parseNode(value)
	if err != nil && m.err == nil {
		m.err = fmt.Errorf("resolver's value for %s: %w", path, err)
	}
	return n
}
