package explore

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Worlds are the scenarios of one call: two writers and three of one resource, callers in one process and in several, and rivals.
func Worlds(base Scenario, call Call, w Writer) (out []Scenario) {
	add := func(name string, processes []int, rivals ...Rival) {
		sc := base
		sc.Name = fmt.Sprintf("%s/%s/%s/%s", base.API.Name, base.Helper, w.Edit, name)
		sc.Rivals = rivals
		alone := true
		for who, process := range processes {
			mine := w
			mine.Who = who
			sc.Callers = append(sc.Callers, Caller{Process: process, Writer: mine, Call: call})
			alone = alone && process == who
		}
		sc.Symmetric = alone && len(processes) > 1
		out = append(out, sc)
	}
	one, two, shared := []int{0}, []int{0, 1}, []int{0, 0}
	add("a-rival-adds", one, RivalAdds)
	add("a-rival-does-the-same", one, RivalSame)
	add("two-processes", two)
	add("two-callers", shared)
	add("two-rivals", one, RivalTags, RivalAdds)
	add("a-rival-comes-and-removes", one, RivalSame, RivalRemove)
	add("two-callers-and-a-rival", shared, RivalAdds)
	add("two-processes-and-a-rival", two, RivalAdds)
	if base.API.Order == "content" {
		add("a-rival-undoes", one, RivalUndoes)
		add("a-rival-adds-and-undoes", one, RivalAdds, RivalUndoes)
		add("two-processes-and-a-rival-undoes", two, RivalUndoes)
	}
	add("three-callers", []int{0, 0, 0})
	add("three-processes", []int{0, 1, 2})
	return out
}

// WithoutTwins are the scenarios in which nobody does what a caller wants done: there, who sees it done knows whose it is.
func WithoutTwins(all []Scenario) []Scenario {
	return slices.DeleteFunc(all, func(sc Scenario) bool { return slices.Contains(sc.Rivals, RivalSame) })
}

// Within reads bounds: "depth.faults", several joined by commas, each with ":most" behind it or without; and what is in front of
// a slash holds for two writers, what is behind for three.
func Within(text string) func(Scenario) []Bounds {
	two, three, _ := strings.Cut(text, "/")
	if three == "" {
		three = two
	}
	return func(sc Scenario) []Bounds {
		undone := slices.Contains(sc.Rivals, RivalUndoes) // who undoes, adds little
		if writers := len(sc.Callers) + len(sc.Rivals); writers > 3 || writers > 2 && !undone {
			return boundsOf(three)
		}
		return boundsOf(two)
	}
}

func boundsOf(text string) (out []Bounds) {
	for part := range strings.SplitSeq(text, ",") {
		part, most, _ := strings.Cut(part, ":")
		depth, faults, _ := strings.Cut(part, ".")
		var b Bounds
		b.Depth, _ = strconv.Atoi(depth)
		b.Faults, _ = strconv.Atoi(faults)
		b.Most, _ = strconv.Atoi(most)
		out = append(out, b)
	}
	return out
}
