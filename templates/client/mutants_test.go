//go:build soak

package client

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
	{"sent again after an ambiguous failure", "engine_write.go", "s.ambiguous = true\n\t\treturn r.lost(ctx, err)", "return stateWrite"},
	{"compared by status only", "classify.go", "r.code != \"\" && r.code != string(e.Code) ||\n", ""},
	{"re-read skipped", "engine_conflict.go", "return r.wait(stateRead, ErrConflict, s.err)", "return r.wait(stateMutate, ErrConflict, s.err)"},
	{"lane not chaining", "lane.go", "waiting[0].turn <- state", "waiting[0].turn <- nil"},
}

// proofs are the tests that kill mutants: the cases, the histories under faults, and the counts of the lane.
const proofs = "^(TestConformance|TestHistories|TestLaneOfSixtyFour|TestContentionWithoutLane)$"

// TestMutants keeps the promise that the proofs would notice: each mutant is compiled in the place of the file it changes, and the
// proofs must fail on it, after they have passed without.
func TestMutants(t *testing.T) {
	if out, err := prove(t, nil); err != nil {
		t.Fatalf("the proofs fail without any mutant: %v\n%s", err, out)
	}
	killed := 0
	for _, m := range mutants {
		out, err := prove(t, overlay(t, m))
		killer := nested.FindString(out)
		if killer == "" {
			killer = whole.FindString(out)
		}
		if err == nil || killer == "" {
			t.Errorf("%-45s survived\n%s", m.name, out)
			continue
		}
		killed++
		t.Logf("%-45s killed by %s", m.name, strings.TrimPrefix(strings.TrimSpace(killer), "--- FAIL: "))
	}
	t.Logf("mutants killed: %d of %d", killed, len(mutants))
}

// The first case of a proof that failed, and the proof itself.
var nested, whole = regexp.MustCompile(`(?m)^ +--- FAIL: \S+`), regexp.MustCompile(`(?m)^--- FAIL: \S+`)

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

// prove runs the proofs in a process of their own.
func prove(t *testing.T, flags []string) (string, error) {
	t.Helper()
	args := append([]string{"test", "-count=1", "-failfast", "-vet=off", "-timeout=5m", "-run", proofs}, flags...)
	cmd := exec.CommandContext(t.Context(), "go", append(args, ".")...)
	cmd.Env = append(os.Environ(), "HISTORY_OPERATIONS=4000")
	out, err := cmd.CombinedOutput()
	return string(out), err
}
