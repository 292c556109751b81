package client

import (
	"slices"
	"testing"
)

// An item of a list without a key is found again by its place where that proves which it is, and nowhere else.
func TestOriginsByPlace(t *testing.T) {
	for _, c := range []struct {
		name, before, after string
		want                []int
	}{
		{"others swapped, one changed behind them", `[1,2,3]`, `[3,2,9]`, []int{2, 1, -1}},
		{"one changed", `[1,2,3]`, `[1,9,3]`, []int{0, 1, 2}},
		{"all changed", `[1,2]`, `[8,9]`, []int{0, 1}},
		{"one changed, one added behind a neighbour", `[1,2,3]`, `[9,2,3,4]`, []int{0, 1, 2, -1}},
		{"one changed, one removed elsewhere", `[1,2,3]`, `[9,2]`, []int{0, 1}},
		{"one changed, one added beside it", `[1,2]`, `[1,9,8]`, []int{0, -1, -1}},
		{"one changed, others moved", `[1,2,3]`, `[3,9,1]`, []int{2, -1, 0}},
		{"equal ones stay in their places", `[1,1]`, `[9,1]`, []int{0, 1}},
		{"added to nothing", `[]`, `[1]`, []int{-1}},
		{"removed", `[1,2,3]`, `[1,3]`, []int{0, 2}},
	} {
		if got := origins(jsonNode(c.before).items, jsonNode(c.after).items, ""); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// With a key it is the key that tells, whatever the place.
func TestOriginsByKey(t *testing.T) {
	before, after := jsonNode(`[{"k":1,"a":1},{"k":2,"a":2}]`), jsonNode(`[{"k":3,"a":1},{"k":2,"a":9}]`)
	if got := origins(before.items, after.items, "k"); !slices.Equal(got, []int{-1, 1}) {
		t.Errorf("%v", got)
	}
}
