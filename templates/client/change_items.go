//contactsgen:feature helpers
//contactsgen:part update

package client

// array writes an array, which is always sent whole. Each element goes back as it was read unless it was changed.
func (d *differ) array(v states, s *shape, path string, w way) (*node, bool) {
	from := v.origins(s.key())
	changed := !v.before.is(kindArray) || len(v.before.items) != len(v.after.items)
	items := make([]*node, len(v.after.items))
	for j, i := range from {
		item, edited := d.item(v, i, j, s, nthPath(path, j))
		items[j] = item
		changed = changed || edited || i != j
	}
	if !changed {
		return v.base, false
	}
	d.note(path, w)
	return newArray(items), true
}

// item writes element j, which was element i of the array that was read, or is new when i is negative.
func (d *differ) item(v states, i, j int, s *shape, path string) (*node, bool) {
	sub := states{after: v.after.items[j]}
	if i >= 0 {
		sub = v.item(i, j)
		if equal(sub.before, sub.after) {
			return sub.base, false
		}
	}
	w := way{complete: true, replaces: true, noted: true, key: s.key()}
	n, edited := d.value(sub, s.element(), path, w)
	if !edited && i >= 0 {
		return sub.base, false
	}
	return n, true
}

// origins finds for each element of the changed array the element that was read which it is, -1 for a new one.
func (v states) origins(key string) []int {
	var was []*node
	if v.base.is(kindArray) && v.before.is(kindArray) && len(v.base.items) == len(v.before.items) {
		was = v.before.items
	}
	return origins(was, v.after.items, key)
}
