package diag

import (
	"fmt"
	"strings"
)

// maxListed bounds how many names a complaint lists.
const maxListed = 12

// Missing makes the complaint about a name that is not there: what it could have been, or what there is.
func Missing(pos Position, where, kind, name string, have []string) *Problem {
	return &Problem{
		Pos:     pos,
		Message: fmt.Sprintf("%s has no %s %s", where, kind, Quote(name)),
		Help:    Suggestion(kind, name, have),
	}
}

// Suggestion names the nearest of what there is, or all of it.
func Suggestion(kind, name string, have []string) string {
	if len(have) == 0 {
		return "it has none at all"
	}
	if near := Nearest(name, have); near != "" {
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
