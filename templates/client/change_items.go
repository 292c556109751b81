//contactsgen:feature helpers
//contactsgen:part update

package client

// array writes an array, which is always sent whole. Each element goes back as it was read unless it was changed.
func (d *differ) array(v states, s *shape, path string, w way) (*node, bool) {
	from := origins(v, s.key())
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

// origins finds for each element of the changed array the element that was read which it is, -1 for a new one. Equal
// elements are matched first, in order, so that moving one does not look like editing another; then those with the
// same key. No element is used twice.
func origins(v states, key string) []int {
	from := make([]int, len(v.after.items))
	for j := range from {
		from[j] = -1
	}
	if !v.base.is(kindArray) || !v.before.is(kindArray) || len(v.base.items) != len(v.before.items) {
		return from
	}
	used := make([]bool, len(v.before.items))
	matchItems(v, from, used, func(n *node) string { return string(n.bytes()) })
	if key != "" {
		matchItems(v, from, used, func(n *node) string { return identityText(n.member(key)) })
	}
	return from
}

// identityText returns what tells one element from another, "" when id is none.
func identityText(id *node) string {
	if unset(id) {
		return ""
	}
	return string(id.bytes())
}

// matchItems pairs the elements that are left by what same says of them; "" says nothing. Both sides come from the same
// Go type, so values that are equal are written alike.
func matchItems(v states, from []int, used []bool, same func(*node) string) {
	queues := map[string][]int{}
	for i, item := range v.before.items {
		if k := same(item); k != "" && !used[i] {
			queues[k] = append(queues[k], i)
		}
	}
	for j, item := range v.after.items {
		k := same(item)
		if queue := queues[k]; from[j] < 0 && len(queue) > 0 {
			from[j], queues[k] = queue[0], queue[1:]
			used[queue[0]] = true
		}
	}
}
