//contactsgen:feature three-way
//contactsgen:part update

// What the caller made of a copy, on top of what others changed since.

package client

import (
	"context"
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

// keyed merges arrays whose elements can be told apart by a key. It returns false when they are to be treated as one
// value: the shape names no key, an old element has none, two have the same, or both sides changed the order.
func (m *merger) keyed(v threeSides, s *shape, path string) (*node, bool) {
	if s.key() == "" {
		return nil, false
	}
	base, ok1 := keyItems(v.base, s.key(), "")
	ours, ok2 := keyItems(v.ours, s.key(), "\x00ours")
	theirs, ok3 := keyItems(v.theirs, s.key(), "\x00theirs")
	if !ok1 || !ok2 || !ok3 {
		return nil, false
	}
	order, ok := mergeOrder(base.keys, ours.keys, theirs.keys)
	if !ok {
		return nil, false
	}
	var items []*node
	for _, key := range order {
		sub := threeSides{base: base.items[key], ours: ours.items[key], theirs: theirs.items[key]}
		at := path + "/[" + escapeText(s.key()) + "=" + escapeText(key) + "]"
		if item := m.value(sub, s.element(), at); item != nil {
			items = append(items, item)
		}
	}
	return newArray(items), true
}

// keyedItems is an array by its elements' keys.
type keyedItems struct {
	keys  []string // in order
	items map[string]*node
}

// keyItems returns the elements of an array by their keys, and false when they cannot be told apart. An element that has
// no key yet is new: servers often give keys. It gets one made of fresh, so that it is like no other, unless fresh is "".
func keyItems(array *node, name, fresh string) (keyedItems, bool) {
	k := keyedItems{items: map[string]*node{}}
	if array == nil {
		return k, true
	}
	for i, item := range array.items {
		id := item.member(name)
		key, ok := id.text()
		if absent(id) && fresh != "" {
			key, ok = fresh+strconv.Itoa(i), true
		}
		if _, twice := k.items[key]; !ok || twice {
			return keyedItems{}, false
		}
		k.keys = append(k.keys, key)
		k.items[key] = item
	}
	return k, true
}

// mergeOrder returns all keys in the order of the side that moved elements, theirs when none did. What only the other
// side has follows what it follows there. It returns false when both sides moved elements, and not alike.
func mergeOrder(base, ours, theirs []string) ([]string, bool) {
	common := func(keys []string) []string {
		return slices.DeleteFunc(slices.Clone(keys), func(key string) bool {
			return !slices.Contains(base, key) || !slices.Contains(ours, key) || !slices.Contains(theirs, key)
		})
	}
	was, we, they := common(base), common(ours), common(theirs)
	lead, follow := theirs, ours
	if !slices.Equal(we, was) && !slices.Equal(we, they) {
		if !slices.Equal(they, was) {
			return nil, false
		}
		lead, follow = ours, theirs
	}
	order := slices.Clone(lead)
	for i, key := range follow {
		if slices.Contains(order, key) {
			continue
		}
		at := 0
		if i > 0 {
			at = slices.Index(order, follow[i-1]) + 1
		}
		order = slices.Insert(order, at, key)
	}
	return order, true
}

// updateThreeWay makes of the resource what the caller made of a copy: what changed from base to desired is put on top
// of what others changed since. The first write is sent on the copy's own revision; places that both sides changed
// differently are left to resolve, and end the call with a *MergeConflictError when that leaves them.
func updateThreeWay[T any](ctx context.Context, c *core, t *revisionDescriptor, base, desired *T, resolve Resolver,
	opts []CallOption) (*T, error) {
	if base == nil || desired == nil {
		return guarded[T](ctx, &guardedWrite{c: c, t: t, broken: errNoCopy}, &editIntent{}, opts)
	}
	was, err := encode(base)
	if err != nil {
		return nil, c.refused(t.write, err)
	}
	ours, err := encode(desired)
	if err != nil {
		return nil, c.refused(t.write, err)
	}
	mutate := func(v *T) error {
		merged, err := t.mergeOnto(v, was, ours, resolve)
		if err != nil {
			return &helperError{err: err}
		}
		*v = *new(T) // what was removed must not stay
		return decode(merged, v)
	}
	return updateFrom(ctx, c, t, base, mutate, opts)
}

// mergeOnto merges what changed from was to ours onto a resource.
func (t *revisionDescriptor) mergeOnto(resource any, was, ours []byte, resolve Resolver) ([]byte, error) {
	theirs, err := encode(resource)
	if err != nil {
		return nil, err
	}
	merged, conflicts, err := threeWay(was, ours, theirs, t.shape, resolve)
	if err == nil && len(conflicts) > 0 {
		err = &MergeConflictError{Paths: conflicts}
	}
	return merged, err
}
