//contactsgen:feature core
//contactsgen:part json

package client

import "fmt"

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
