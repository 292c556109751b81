//contactsgen:feature three-way
//contactsgen:part update

package client

import (
	"slices"
	"strconv"
)

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
