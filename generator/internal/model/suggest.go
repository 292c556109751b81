package model

import (
	"fmt"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
)

// maxListed bounds how many names a complaint lists.
const maxListed = 12

// missing makes the complaint about a name that is not there: what it could have been, or what there is.
func missing(pos diag.Position, where, kind, name string, have []string) *diag.Problem {
	return &diag.Problem{
		Pos:     pos,
		Message: fmt.Sprintf("%s has no %s %s", where, kind, diag.Quote(name)),
		Help:    suggestion(kind, name, have),
	}
}

// suggestion names the nearest of what there is, or all of it.
func suggestion(kind, name string, have []string) string {
	if len(have) == 0 {
		return "it has none at all"
	}
	if near := nearest(name, have); near != "" {
		return "did you mean " + near + "?"
	}
	if len(have) > maxListed {
		return fmt.Sprintf("it has %s and %d more", strings.Join(have[:maxListed], ", "), len(have)-maxListed)
	}
	if len(have) == 1 {
		return "its only " + kind + " is " + have[0]
	}
	return "it has " + strings.Join(have, ", ")
}

// nearest gives the name that was most likely meant, "" when none is near.
func nearest(name string, have []string) string {
	best, at := "", max(len(name)/3, 1)+1
	for _, h := range have {
		if len(h) > 100 || len(name) > 100 {
			continue
		}
		if d := distance(strings.ToLower(name), strings.ToLower(h)); d < at {
			best, at = h, d
		}
	}
	return best
}

// distance counts the insertions, deletions and replacements between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
