//contactsgen:feature helpers
//contactsgen:part update

package client

import "slices"

// untouched reports whether current shows that sent, made from base, was not what led to it. It is asked when current
// is exactly one revision after base: then something else made the one step, and sent can never be applied. That is so
// when every place sent would have changed is as it was, or when a member that is stored exactly as sent is another.
//
// The other way round nothing follows: a rival may have made the same change.
func (t *revisionTrait) untouched(base []byte, sent change, current []byte) bool {
	was, err := parseNode(base)
	if err != nil {
		return false
	}
	is, err := parseNode(current)
	if err != nil {
		return false
	}
	if t.storedOtherwise(sent, is) {
		return true
	}
	same := func(path string) bool {
		return equal(pointer(path).find(was), pointer(path).find(is))
	}
	return len(sent.paths) > 0 && !slices.ContainsFunc(sent.paths, func(path string) bool { return !same(path) })
}

// storedOtherwise reports whether a member that the server stores exactly as sent has another value than was sent.
func (t *revisionTrait) storedOtherwise(sent change, current *node) bool {
	payload, err := parseNode(sent.payload)
	if err != nil {
		return false
	}
	stored, s := t.payload.read.find(current), t.shape.descend(t.payload.read)
	return slices.ContainsFunc(t.payload.exact, func(name string) bool {
		value := payload.member(name)
		return value != nil && !contained(value, stored.member(name), s.role(name).shape)
	})
}

// contains reports whether everything that was sent is so in the resource current, whoever made it so.
func (t *revisionTrait) contains(sent change, current []byte) bool {
	payload, err := parseNode(sent.payload)
	if err != nil {
		return false
	}
	is, err := parseNode(current)
	if err != nil {
		return false
	}
	there := func(path string) bool { return !absent(pointer(path).find(is)) }
	return contained(payload, t.payload.read.find(is), t.shape.descend(t.payload.read)) && !slices.ContainsFunc(sent.gone, there)
}

// contained reports whether sent holds in current. Members that the server added, and read-only members, do not count;
// a null says that there is nothing; an array holds only if it has no other elements, in no other order.
func contained(sent, current *node, s *shape) bool {
	switch {
	case sent.kind == kindNull:
		return absent(current)
	case sent.kind == kindArray && len(sent.items) == 0 && absent(current):
		return true
	case sent.kind == kindArray:
		return containedItems(sent, current, s)
	case sent.kind == kindObject:
		return containedMembers(sent, current, s)
	default:
		return equal(sent, current)
	}
}

func containedItems(sent, current *node, s *shape) bool {
	if !current.is(kindArray) || len(sent.items) != len(current.items) {
		return false
	}
	for i, item := range sent.items {
		if !contained(item, current.items[i], s.element()) {
			return false
		}
	}
	return true
}

func containedMembers(sent, current *node, s *shape) bool {
	if !absent(current) && current.kind != kindObject {
		return false
	}
	for _, e := range sent.entries {
		if m := s.role(e.name); !m.readOnly && !contained(e.value, current.member(e.name), m.shape) {
			return false
		}
	}
	return true
}
