package explore

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/testdata/judge/network"
)

// Total is what came of all scenarios of a helper.
type Total struct {
	Scenarios, Schedules, Pruned, Cut int
	Violations                        map[string]int
}

// Run explores scenarios, prints what it went through per helper, and fails for every kind of violation. With EXPLORE_REPLAY, "scenario:
// step step …", that schedule alone is run.
func Run(t *testing.T, scenarios []Scenario, within func(Scenario) []Bounds) {
	t.Helper()
	if script := os.Getenv("EXPLORE_REPLAY"); script != "" {
		replay(t, scenarios, script)
		return
	}
	totals, calls := map[string]*Total{}, map[string]int{}
	only, found := os.Getenv("EXPLORE_ONLY"), &finds{}
	for i := range scenarios {
		sc := &scenarios[i]
		if !strings.Contains(sc.Name, only) {
			continue
		}
		total := totals[sc.Helper]
		if total == nil {
			total = &Total{Violations: map[string]int{}}
			totals[sc.Helper] = total
		}
		total.Scenarios++
		for _, bounds := range within(*sc) {
			bounds.Without = without(os.Getenv("EXPLORE_WITHOUT"), sc.API.Name+"/"+sc.Helper)
			explore(t, sc, bounds, total, calls, found)
		}
	}
	for _, v := range found.all {
		if v.Kind == Unseen || v.Kind == Outrun {
			t.Logf("limit: %s, when %s: %s\n\tEXPLORE_REPLAY='%s: %s'", v.Helper, v.Fates, v.What, v.Scenario, v.Script)
			continue
		}
		t.Errorf("VIOLATION %s, %s, when %s: %s\n\tEXPLORE_REPLAY='%s: %s'", v.Helper, v.Kind, v.Fates, v.What, v.Scenario, v.Script)
	}
	for _, helper := range slices.Sorted(maps.Keys(totals)) {
		total := totals[helper]
		t.Logf("explored %-28s %4d scenarios %8d schedules %8d in another order %3d cut off, violations: %s",
			helper, total.Scenarios, total.Schedules, total.Pruned, total.Cut, counts(total.Violations))
	}
	t.Logf("calls ended: %s", counts(calls))
}

// without reads which fates are left out, joined by commas: of all scenarios, or of those of one helper that stands before a colon.
func without(text, helper string) (fates []network.Fate) {
	for part := range strings.SplitSeq(text, ",") {
		of, fate, ok := strings.Cut(part, ":")
		if !ok {
			of, fate = helper, part
		}
		if of == helper {
			fates = append(fates, network.Fate(fate))
		}
	}
	return fates
}

func explore(t *testing.T, sc *Scenario, bounds Bounds, total *Total, calls map[string]int, found *finds) {
	t.Helper()
	s := &search{sc: sc, bounds: bounds, found: found}
	started := time.Now()
	s.run(t)
	if os.Getenv("EXPLORE_VERBOSE") != "" {
		t.Logf("%-60s depth %d, faults %d: %d schedules, %d pruned, %v", sc.Name, bounds.Depth, bounds.Faults, s.tally.Schedules, s.tally.Pruned,
			time.Since(started))
	}
	total.Schedules += s.tally.Schedules
	total.Pruned += s.tally.Pruned
	if s.tally.Cut {
		total.Cut++
	}
	for name, n := range s.tally.Calls {
		calls[name] += n
	}
	for kind, n := range s.tally.Count {
		total.Violations[kind] += n
	}
}

func counts(m map[string]int) string {
	if len(m) == 0 {
		return "0"
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s %d", cmp.Or(name, "unsaid"), m[name]))
	}
	return strings.Join(parts, ", ")
}

// replay runs one schedule and says all about it.
func replay(t *testing.T, scenarios []Scenario, text string) {
	t.Helper()
	name, script, _ := strings.Cut(text, ": ")
	for i := range scenarios {
		if scenarios[i].Name != name {
			continue
		}
		s := &search{sc: &scenarios[i], found: &finds{}}
		s.tally.Calls, s.tally.Count = map[string]int{}, map[string]int{}
		synctest.Test(t, func(t *testing.T) { s.once(t, strings.Fields(script)) })
		for _, v := range s.found.all {
			t.Errorf("VIOLATION %s: %s", v.Kind, v.What)
		}
		return
	}
	t.Fatalf("there is no scenario %q", name)
}
