package diag

import "strings"

// longest is how long a name may be that Nearest looks at: more is no slip of the pen, and hostile input costs nothing.
const longest = 100

// Nearest gives the name that was most likely meant by one that is not there, letter case aside: the first of those with the fewest edits,
// if they are at most a third of its length. It is "" when none is near.
func Nearest(name string, have []string) string {
	if len(name) > longest {
		return ""
	}
	name = strings.ToLower(name)
	best, least := "", max(len(name)/3, 1)+1
	for _, h := range have {
		edits := 1
		if lower := strings.ToLower(h); len(h) < 3 || !strings.HasPrefix(name, lower) {
			if len(h) > longest {
				continue
			}
			edits = distance(name, lower)
		}
		if edits < least {
			best, least = h, edits
		}
	}
	return best
}

// distance counts the bytes to insert, delete or replace, and the neighbours to exchange, to get from a to b (optimal string alignment).
func distance(a, b string) int {
	last, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], last[j-1]+1)
			}
		}
		last, row, next = row, next, last
	}
	return row[len(b)]
}
