//contactsgen:feature core
//contactsgen:part json

package client

import "bytes"

// origins finds for each element of the changed array the element that was read which it is, -1 for a new one. Equal elements are matched
// first, those that stand where they stood and then the others in order, so that moving one does not look like editing another; then those
// with the same key. Where elements have no key, the
// place tells: those between the same two neighbours are the same ones as long as there are as many of them as before. No element is used
// twice.
func origins(before, after []*node, key string) []int {
	from := make([]int, len(after))
	for j := range from {
		from[j] = -1
	}
	used := make([]bool, len(before))
	for j := range min(len(before), len(after)) {
		if bytes.Equal(before[j].bytes(), after[j].bytes()) {
			from[j], used[j] = j, true
		}
	}
	matchItems(before, after, from, used, func(n *node) string { return string(n.bytes()) })
	if key == "" {
		matchPlaces(from, len(before))
		return from
	}
	matchItems(before, after, from, used, func(n *node) string { return identityText(n.member(key)) })
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
func matchItems(before, after []*node, from []int, used []bool, same func(*node) string) {
	queues := map[string][]int{}
	for i, item := range before {
		if k := same(item); k != "" && !used[i] {
			queues[k] = append(queues[k], i)
		}
	}
	for j, item := range after {
		k := same(item)
		if queue := queues[k]; from[j] < 0 && len(queue) > 0 {
			from[j], queues[k] = queue[0], queue[1:]
			used[queue[0]] = true
		}
	}
}

// matchPlaces pairs the elements that are left by where they stand among those that are matched. Once any has overtaken another, places say
// nothing.
func matchPlaces(from []int, before int) {
	last := -1
	for _, i := range from {
		if i >= 0 && i < last {
			return
		}
		last = max(last, i)
	}
	start, was := 0, 0 // where what is left begins, on either side
	for j := 0; j <= len(from); j++ {
		end := before
		if j < len(from) {
			if end = from[j]; end < 0 {
				continue
			}
		}
		if j-start == end-was {
			for k := start; k < j; k++ {
				from[k] = was + k - start
			}
		}
		start, was = j+1, end+1
	}
}
