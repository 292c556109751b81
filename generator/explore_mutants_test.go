package generator_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// slip is one mistake in the engine, and where the explorer has to find it: a text of one file of the runtime that is replaced, and the
// API and the scenarios in which that shows.
type slip struct {
	name, file string
	was, is    string
	api, only  string
	as         string // kind of violation
}

// slips are the mistakes that the explorer has to find by itself. Each loses an update, applies one twice, says what is not so, never
// ends, or breaks a promise about what is sent when.
var slips = []slip{
	{
		"what the callback would not change is not looked at",
		"update.go",
		"if err == nil && again == nil {\n\t\treturn verdictApplied, nil",
		"if err == nil && again == nil && t == nil {\n\t\treturn verdictApplied, nil",
		"replace",
		"UpdateWithRetry/ensure",
		"undecided",
	},
	{
		"what was sent is there, so it is taken for ours",
		"update.go",
		"if err == nil && again == nil {\n\t\treturn verdictApplied, nil",
		"if err == nil && (again == nil || t.contains(s.change, r.base.resource)) {\n\t\treturn verdictApplied, nil",
		"replace",
		"UpdateWithRetry/add",
		"lost",
	},
	{"a write that is provably foreign is doubtful", "update.go", "t.follows(s.token, r.base.token) && t.untouched(s.base, s.change, " +
		"r.base.resource) {", "false {", "patch", "UpdateWithRetry/add", "undecided"},
	{"what was sent is not there, so it is taken for foreign", "update.go", "t.follows(s.token, r.base.token) && t.untouched(s.base, " +
		"s.change, r.base.resource) {", "t.follows(s.token, r.base.token) && !t.contains(s.change, r.base.resource) {", "patch", "UpdateWithRetry/append", "twice"},
	{"doubt is taken for a conflict", "update.go", "if !r.h.idempotent {\n\t\treturn verdictOpen, err", "if !r.h.idempotent {\n\t\treturn " +
		"verdictForeign, nil", "replace", "UpdateWithRetry/add", "twice"},
	{
		"what may be made twice is taken for made",
		"update.go",
		"if t.contains(s.change, r.base.resource) {\n\t\treturn verdictApplied, nil",
		"if true {\n\t\treturn verdictApplied, nil",
		"replace",
		"Idempotent",
		"lost",
	},
	{
		"sleep before a carried revision is used",
		"update_states.go",
		"r.saw(carried.token)\n\t\t\treturn stateMutate",
		"r.saw(carried.token)\n\t\t\treturn r.wait(stateMutate, ErrConflict, s.err)",
		"fields",
		"UpdateWithRetry/add",
		"outdated",
	},
	{"sent again after an ambiguous failure", "update_states.go", "s.ambiguous = true\n\t\treturn r.lost(ctx, err)", "return r.resend(ctx, " +
		"stateWrite, err)", "replace", "UpdateWithRetry/add", "twice"},
	{
		"sent again after an ambiguous failure, doubtfully",
		"update_states.go",
		"return r.retryTransport(ctx, stateRead, err)",
		"return r.resend(ctx, stateWrite, err)",
		"replace",
		"UpdateWithRetry/add",
		"hasty",
	},
	{
		"hidden re-send not seen",
		"update_states.go",
		"s.ambiguous = s.ambiguous || a.resent",
		"s.ambiguous = s.ambiguous && a.resent",
		"replace",
		"UpdateWithRetry/add",
		"twice",
	},
	{"compared by status only", "errors.go", "r.code != \"\" && r.code != string(e.Code) ||\n", "", "quiet", "UpdateWithRetry/add", "gave up"},
	{
		"re-read skipped",
		"update_states.go",
		"return r.wait(stateRead, ErrConflict, s.err)",
		"return r.wait(stateMutate, ErrConflict, s.err)",
		"replace",
		"UpdateWithRetry/add",
		"hasty",
	},
	{"state from before the wait", "update_states.go", "return r.wait(stateRead, ErrConflict, s.err)", "r.pause = plannedWait{d: " +
		"r.jitter(), then: stateMutate, kind: ErrConflict, err: s.err}\n\tif base, err := r.via.read(ctx, r, false); err == nil {\n\t\tr.base " +
		"= base\n\t}\n\treturn stateWait", "replace", "UpdateWithRetry/add", "outdated"},
	{
		"wait that nobody can end",
		"update_states.go",
		"err := r.clock.Sleep(ctx, p.d)",
		"err := r.clock.Sleep(context.Background(), p.d)",
		"replace",
		"UpdateWithRetry/add",
		"unbounded",
	},
	{"queue not chaining", "update_queue.go", "next.turn <- state", "next.turn <- nil", "replace", "UpdateWithRetry/add", "costly"},
	{"any answer taken for the whole resource", "update_reply.go", " || !t.covers(r.sent.base, r.sent.change, resource)", "", "replace",
		"UpdateWithRetry/add", "lost"},
	{"effect of an action not read", "update_reply.go", "case r.h.readBack || r.unknownEffect():", "case r.h.readBack:", "actions",
		"UpdateWithRetry/add", "dishonest"},
	{"undeclared success taken for a refusal", "errors.go", "e.accepted = !op.safe && ", "e.accepted = false && ", "replace",
		"UpdateWithRetry/add", "dishonest"},
	{"redirect taken for a refusal", "errors.go", " || status >= 300 && status <= 399", "", "replace", "UpdateWithRetry/add", "dishonest"},
	{"408 of a write taken for a refusal", "errors.go", "case http.StatusRequestTimeout:\n\t\treturn true",
		"case http.StatusRequestTimeout:\n\t\treturn false", "replace", "UpdateWithRetry/add", "dishonest"},
	{"requests not bounded by what a call may take", "request.go", "ok && (r.o.timeout <= 0 || left < r.o.timeout) {", "ok && left < 0 {",
		"replace", "UpdateWithRetry/add", "unbounded"},
	{
		"thin answer taken for whole where nothing was known",
		"update_reply.go",
		"partial: r.partial() && !t.wholeReply",
		"partial: false",
		"actions",
		"ForceUpdate",
		"dishonest",
	},
	{"result that does not say whose it is", "update_reply.go", "resource: r.named(r.w.t.forgetToken(r.sent.after))",
		"resource: r.w.t.forgetToken(r.sent.after)", "free", "ForceUpdate", "dishonest"},
	{"an action's callback not asked after a lost answer", "update.go", "if a.check == nil && a.build != nil && ", "if a.check == nil && " +
		"a.build == nil && ",
		"actions", "UpdateWithRetry/ensure", "undecided"},
	{"a hook's yes taken for a no", "update_states.go", "return verdictApplied, nil\n\t\tcase No:", "return verdictForeign, nil\n\t\tcase " +
		"No:", "replace", "OwnWrite", "twice"},
	{
		"wait behind a bulk call not counted",
		"bulk_write.go",
		"defer ch.watch.excuse()()",
		"ch.watch.pause()\n\tdefer ch.watch.resume()",
		"patch",
		"BulkUpdateWithRetry/add/two-callers",
		"unbounded",
	},
	{"waits that a server asks for not capped", "update_states.go", "if asked > most {", "if asked > most && most < 0 {", "replace",
		"UpdateWithRetry/add", "unbounded"},
}

// plainSlips are mistakes about calls that are sent as they are, about tokens that come back, and about actions that can be asked for.
var plainSlips = []slip{
	{
		"lost answer of a plain write taken for a refusal",
		"transport.go",
		"target == ErrAmbiguousWrite && e.sent && !e.op.safe",
		"target == ErrAmbiguousWrite && e.final && !e.op.safe",
		"patch",
		"/Update/add",
		"dishonest",
	},
	{
		"plain write sent again after a lost answer",
		"transport.go",
		"r.repeatable() && transient(err)",
		"transient(err)",
		"replace",
		"/Update/add",
		"hasty",
	},
	{
		"token of the content taken for unique",
		"update_states.go",
		" && (t.order != orderContent || r.w.want.blind())",
		"",
		"content",
		"UpdateWithRetry/add",
		"twice",
	},
	{
		"token of the content taken for one that grows",
		"update_token.go",
		"return t.order == orderMonotonic || t.order == orderIncrements",
		"return t.order != orderOpaque",
		"content",
		"UpdateWithRetry/add",
		"gave up",
	},
	{
		"token that came back taken for the refused one",
		"update_states.go",
		" && t.order != orderContent: // there",
		": // there",
		"content",
		"UpdateWithRetry/add/a-rival-adds-and-undoes",
		"gave up",
	},
	{"action not asked for after a lost answer", "update.go", "	case done:\n\t\treturn verdictDone, nil\n", "	case done && a.build == " +
		"nil:\n\t\treturn verdictDone, nil\n", "merge", "MergeWithRetry", "twice"},
	{"effect of an action that was asked for not read", "update_states.go", "\t\tr.certain = Recovered\n\t\treturn stateRefill\n\tcase " +
		"verdictRepeat:", "\t\treturn r.succeedUnseen(Recovered, nil)\n\tcase verdictRepeat:",
		"merge", "MergeWithRetry", "dishonest"},
}

// unionSlips are mistakes about values of several types, about dates, and about what package net/http repeats.
var unionSlips = []slip{
	{"variant in the place of the value", "union.go", "return overlay(base, before, t.stamp(base, before, after))", "return t.stamp(base, " +
		"before, after)",
		"keyed", "UpdateWithRetry/shape", "lost"},
	{"members beside variants in the place of the value", "union.go", "return overlayDocument(v.doc, before, after)",
		"_ = before\n\treturn after, nil", "dates", "UpdateWithRetry/shape", "lost"},
	{
		"items without a key are written anew",
		"json_tree.go",
		"\t\tmatchPlaces(from, len(before))\n",
		"",
		"listed",
		"UpdateWithRetry/shape",
		"lost",
	},
	{
		"date of the second of its answer taken for strong",
		"update_token.go",
		"case age < time.Second:",
		"case age < 0:",
		"dates",
		"UpdateWithRetry/add",
		"lost",
	},
	{
		"young date given up at once",
		"update_states.go",
		"!errors.Is(err, errDateYoung) ||",
		"err != nil ||",
		"dates",
		"UpdateWithRetry/add",
		"gave up",
	},
	{"conflict of a repeat believed because of a key", "update_states.go", "same && !isConflict(s.err) {\n\t\treturn verdictRepeat, nil",
		"same {\n\t\tif isConflict(s.err) {\n\t\t\treturn verdictForeign, nil\n\t\t}\n\t\treturn verdictRepeat, nil", "keyed", "UpdateWithRetry/add", "twice"},
}

// soon are those that every run of the tests looks for.
var soon = []string{"what was sent is there, so it is taken for ours", "doubt is taken for a conflict"}

// TestExploreFindsSlips keeps the promise that the explorer would notice, alone: clients are generated from a runtime with a mistake in
// it, for each mistake anew, and the explorer has to find a violation of the kind that the mistake leads to. SOAK has it look for all of
// them, and EXPLORE_SLIP beside it for those whose name has that in it.
func TestExploreFindsSlips(t *testing.T) {
	if testing.Short() {
		t.Skip("generates clients, and runs the go command on them")
	}
	_, all := os.LookupEnv("SOAK")
	found, tried := 0, 0
	for _, s := range slices.Concat(slips, plainSlips, unionSlips, partSlips, elsewhereSlips) {
		overlay := s.overlay(t) // all of them have to fit
		if !all && !slices.Contains(soon, s.name) || !strings.Contains(s.name, os.Getenv("EXPLORE_SLIP")) {
			continue
		}
		tried++
		out := s.explore(t, overlay)
		kinds := violations(out)
		if !slices.Contains(kinds, s.as) {
			t.Errorf("%-55s was not found as %s: %v\n%s", s.name, s.as, kinds, out)
			continue
		}
		found++
		t.Logf("%-55s found as %s", s.name, strings.Join(kinds, ", "))
	}
	t.Logf("slips found: %d of %d", found, tried)
}

// overlay gives the argument that has the go command see the mistake.
func (s slip) overlay(t *testing.T) string {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("..", "templates", "client", s.file))
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), s.was); n != 1 {
		t.Fatalf("%s: the text to change is in %s %d times", s.name, s.file, n)
	}
	dir := t.TempDir()
	by := filepath.Join(dir, s.file)
	write(t, by, []byte(strings.Replace(string(source), s.was, s.is, 1)))
	doc, err := json.Marshal(map[string]map[string]string{"Replace": {file: by}})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "overlay.json")
	write(t, list, doc)
	return "-overlay=" + list
}

// explore runs TestExplore of a generator whose runtime has the mistake.
func (s slip) explore(t *testing.T, overlay string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-v", "-vet=off", "-timeout=20m", overlay, "-run", "^TestExplore$", ".")
	cmd.Env = append(os.Environ(), "EXPLORE_API="+s.api, "EXPLORE_ONLY="+s.only, "EXPLORE_DEPTH=3.2:4000/2.1:1000")
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Logf("%s: nothing was found", s.name)
	}
	return string(out)
}

var violationLine = regexp.MustCompile(`VIOLATION \S+, ([a-z ]+), when`)

// violations are the kinds that were found.
func violations(out string) (kinds []string) {
	for _, m := range violationLine.FindAllStringSubmatch(out, -1) {
		kinds = append(kinds, m[1])
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}
