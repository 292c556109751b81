package client

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mutant is one mistake in the engine: a text of one file that is replaced.
type mutant struct {
	name, file string
	was, is    string
}

// mutants are the mistakes that the proofs of the engine must notice: each of them loses an update, applies one twice, or breaks a
// promise about what is sent when.
var mutants = []mutant{
	{"own-write line 3 removed", "engine_edit.go", "if err == nil && again == nil {\n\t\treturn verdictOurs, nil", "if err == nil && again == nil && t == nil {\n\t\treturn verdictOurs, nil"},
	{"own-write line 3 widened", "engine_edit.go", "if err == nil && again == nil {\n\t\treturn verdictOurs, nil", "if err == nil && (again == nil || t.contains(s.change, r.base.resource)) {\n\t\treturn verdictOurs, nil"},
	{"own-write line 4 removed", "engine_edit.go", "t.follows(s.token, r.base.token) && t.unchanged(s.base, s.change, r.base.resource) {", "false {"},
	{"own-write line 4 widened", "engine_edit.go", "t.follows(s.token, r.base.token) && t.unchanged(s.base, s.change, r.base.resource) {", "t.follows(s.token, r.base.token) && !t.contains(s.change, r.base.resource) {"},
	{"own-write line 5 removed", "engine_edit.go", "if !r.h.idempotent {\n\t\treturn verdictOpen, err", "if !r.h.idempotent {\n\t\treturn verdictForeign, nil"},
	{"own-write line 5 widened", "engine_edit.go", "if t.contains(s.change, r.base.resource) {\n\t\treturn verdictOurs, nil", "if true {\n\t\treturn verdictOurs, nil"},
	{"sleep before a carried revision is used", "engine_conflict.go", "r.saw(carried.token)\n\t\t\treturn stateMutate", "r.saw(carried.token)\n\t\t\treturn r.wait(stateMutate, ErrConflict, s.err)"},
	{"sent again after an ambiguous failure", "engine_write.go", "s.ambiguous = true\n\t\treturn r.lost(ctx, err)", "return r.resend(ctx, stateWrite, err)"},
	{"sent again after an ambiguous failure, doubtfully", "engine_write.go", "return r.retryTransport(ctx, stateRead, err)", "return r.resend(ctx, stateWrite, err)"},
	{"hidden re-send not seen", "engine_write.go", "s.ambiguous = s.ambiguous || a.resent", "s.ambiguous = s.ambiguous && a.resent"},
	{"compared by status only", "classify.go", "r.code != \"\" && r.code != string(e.Code) ||\n", ""},
	{"re-read skipped", "engine_conflict.go", "return r.wait(stateRead, ErrConflict, s.err)", "return r.wait(stateMutate, ErrConflict, s.err)"},
	{"state from before the wait", "engine_conflict.go", "return r.wait(stateRead, ErrConflict, s.err)", "r.pause = pause{d: r.jitter(), then: stateMutate, kind: ErrConflict, err: s.err}\n\tif base, err := r.via.read(ctx, r, false); err == nil {\n\t\tr.base = base\n\t}\n\treturn stateWait"},
	{"wait that nobody can end", "engine_conflict.go", "err := r.clock.Sleep(ctx, p.d)", "err := r.clock.Sleep(context.Background(), p.d)"},
	{"lane not chaining", "lane.go", "waiting[0].turn <- state", "waiting[0].turn <- nil"},
}

// proofs are the tests that kill mutants: the cases, the histories under faults, the counts of the lane, and giving up.
var proofs = []string{"TestConformance", "TestHistories", "TestLaneOfSixtyFour", "TestContentionWithoutLane", "TestGivingUpAnywhere"}

// quick are the mutants that the cases alone have to kill in every run of the tests: one that loses updates, and one that applies
// them twice.
var quick = []string{"own-write line 3 widened", "own-write line 5 removed"}

// TestMutants keeps the promise that the proofs would notice: each mutant is compiled in the place of the file it changes, and the
// proofs must fail on it, after they have passed without. SOAK has all of them prove themselves, and all proofs.
func TestMutants(t *testing.T) {
	_, all := os.LookupEnv("SOAK")
	run := proofs
	if !all {
		run = proofs[:1]
	} else if out, err := prove(t, run, nil); err != nil {
		t.Fatalf("the proofs fail without any mutant: %v\n%s", err, out)
	}
	killed, tried := 0, 0
	for _, m := range mutants {
		flags := overlay(t, m) // all of them have to fit
		if !all && !slices.Contains(quick, m.name) {
			continue
		}
		tried++
		out, err := prove(t, run, flags)
		by := killers(out)
		if err == nil || by == "" {
			t.Errorf("%-50s survived\n%s", m.name, out)
			continue
		}
		killed++
		t.Logf("%-50s killed by %s", m.name, by)
	}
	t.Logf("mutants killed: %d of %d", killed, tried)
}

var failed = regexp.MustCompile(`(?m)^( *)--- FAIL: (\S+)`)

// killers says which proofs failed, and of the cases how many and the first one.
func killers(out string) string {
	var by []string
	nested := map[string]int{}
	for _, m := range failed.FindAllStringSubmatch(out, -1) {
		if proof, name, ok := strings.Cut(m[2], "/"); ok {
			if nested[proof]++; nested[proof] == 1 {
				by = append(by, name)
			}
			continue
		}
		by = append(by, m[2])
	}
	for i, proof := range by {
		if n := nested[proof]; n > 0 {
			by[i] = fmt.Sprintf("%s (%d)", proof, n)
		}
	}
	return strings.Join(by, ", ")
}

// overlay gives the argument that puts a mutant in the place of its file.
func overlay(t *testing.T, m mutant) []string {
	t.Helper()
	source, err := os.ReadFile(m.file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), m.was); n != 1 {
		t.Fatalf("%s: the text to change is in %s %d times", m.name, m.file, n)
	}
	dir := t.TempDir()
	mutated, list := filepath.Join(dir, m.file), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(mutated, []byte(strings.Replace(string(source), m.was, m.is, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	original, err := filepath.Abs(m.file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := json.Marshal(map[string]map[string]string{"Replace": {original: mutated}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(list, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"-overlay", list}
}

// prove runs proofs in a process of their own.
func prove(t *testing.T, proofs, flags []string) (string, error) {
	t.Helper()
	args := []string{"test", "-count=1", "-vet=off", "-timeout=5m", "-run", "^(" + strings.Join(proofs, "|") + ")$"}
	cmd := exec.CommandContext(t.Context(), "go", append(append(args, flags...), ".")...)
	cmd.Env = append(os.Environ(), "HISTORY_OPERATIONS=4000")
	out, err := cmd.CombinedOutput()
	return string(out), err
}
