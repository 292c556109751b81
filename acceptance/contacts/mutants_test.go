package contacts_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mutant is one mistake in the engine: a text of one file that is replaced, as seen from the runtime of clients. API names the cases that
// it shows in, and the overlay that makes the description fit them; "" are those of Contacts as they are.
type mutant struct {
	name, file string
	was, is    string
	api        string
}

// mutants are the mistakes that the proofs of the engine must notice: each of them loses an update, applies one twice, or breaks a
// promise about what is sent when.
var mutants = []mutant{
	{"own-write line 3 removed", "update.go", "if err == nil && again == nil {\n\t\treturn verdictApplied, nil", "if err == nil && again " +
		"== nil && t == nil {\n\t\treturn verdictApplied, nil", ""},
	{"own-write line 3 widened", "update.go", "if err == nil && again == nil {\n\t\treturn verdictApplied, nil", "if err == nil && (again " +
		"== nil || t.contains(s.change, r.base.resource)) {\n\t\treturn verdictApplied, nil", ""},
	{
		"own-write line 4 removed",
		"update.go",
		"t.follows(s.token, r.base.token) && t.untouched(s.base, s.change, r.base.resource) {",
		"false {",
		"",
	},
	{
		"own-write line 4 widened",
		"update.go",
		"t.follows(s.token, r.base.token) && t.untouched(s.base, s.change, r.base.resource) {",
		"t.follows(s.token, r.base.token) && !t.contains(s.change, r.base.resource) {",
		"",
	},
	{"own-write line 5 removed", "update.go", "if !r.h.idempotent {\n\t\treturn verdictOpen, err", "if !r.h.idempotent {\n\t\treturn " +
		"verdictForeign, nil", ""},
	{
		"own-write line 5 widened",
		"update.go",
		"if t.contains(s.change, r.base.resource) {\n\t\treturn verdictApplied, nil",
		"if true {\n\t\treturn verdictApplied, nil",
		"",
	},
	{
		"sleep before a carried revision is used",
		"update_states.go",
		"r.saw(carried.token)\n\t\t\treturn stateMutate",
		"r.saw(carried.token)\n\t\t\treturn r.wait(stateMutate, ErrConflict, s.err)",
		"carried-entity",
	},
	{"sent again after an ambiguous failure", "update_states.go", "s.ambiguous = true\n\t\treturn r.lost(ctx, err)", "return r.resend(ctx, " +
		"stateWrite, err)", ""},
	{
		"sent again after an ambiguous failure, doubtfully",
		"update_states.go",
		"return r.retryTransport(ctx, stateRead, err)",
		"return r.resend(ctx, stateWrite, err)",
		"",
	},
	{"hidden re-send not seen", "update_states.go", "s.ambiguous = s.ambiguous || a.resent", "s.ambiguous = s.ambiguous && a.resent", ""},
	{"compared by status only", "errors.go", "r.code != \"\" && r.code != string(e.Code) ||\n", "", ""},
	{
		"re-read skipped",
		"update_states.go",
		"return r.wait(stateRead, ErrConflict, s.err)",
		"return r.wait(stateMutate, ErrConflict, s.err)",
		"",
	},
	{"state from before the wait", "update_states.go", "return r.wait(stateRead, ErrConflict, s.err)", "r.pause = plannedWait{d: " +
		"r.jitter(), then: stateMutate, kind: ErrConflict, err: s.err}\n\tif base, err := r.via.read(ctx, r, false); err == nil {\n\t\tr.base " +
		"= base\n\t}\n\treturn stateWait", ""},
	{"wait that nobody can end", "update_states.go", "err := r.clock.Sleep(ctx, p.d)", "err := r.clock.Sleep(context.Background(), p.d)", ""},
	{"entity tags taken as they come", "update_token.go", "case word && !t.bare:", "case t.bare && p.form == nil:", ofRuntime},
	{"what stays without quotes not looked at", "update_token.go", "|| !isWord(withoutQuotes(tag))", "", ofRuntime},
	{"wildcard taken for a word", "update_token.go", `s != "*" && `, "", ofRuntime},
	{"date of the second of its answer taken for strong", "update_token.go", "case age < time.Second:", "case age < 0:", ofRuntime},
	{"first of two tags taken", "update_token.go", "if len(lines) != 1 {", "if len(lines) == 0 {", ofRuntime},
	{"unusable tag of an answer taken", "update_token.go", "if t.usable(found) != nil {", "if found == nil {", ofRuntime},
	{"compressed answers asked for", "request.go", "if r.op.tagged {", "if r.op.tagged && userAgent == \"\" {", ofRuntime},
	{"missing source taken for the target", "update_states.go", "return r.missing(ctx, answered)", "return r.gone(answered)", ""},
	{"what was not sent called stale", "transport.go", "return a, r.blame(err)", "return a, err", ofRuntime},
	{
		"cause in the place of the context's error",
		"transport.go",
		"return withContext(ctx, withoutURL(err))",
		"return withoutURL(err)",
		ofRuntime,
	},
	{"credentials that can be printed", "credentials.go", "sealed(func() credential { return v })", "v", ofRuntime},
	{
		"URLs of transports printed",
		"errors.go",
		"return withoutPlaces(withoutQuoted(err.Error()))",
		"return withoutQuoted(err.Error())",
		ofRuntime,
	},
	{"names compared without capital letters", "json_decode.go", "doc = spelled(doc, reflect.TypeOf(into), false)", "_ = spelled", ofRuntime},
	{"any answer taken for the whole resource", "update_reply.go", " || !t.covers(r.sent.base, r.sent.change, resource)", "", ""},
	{
		"answer taken for whole that nobody calls so",
		"update_reply.go",
		"if t.wholeReply && !r.w.want.blind()",
		"if !r.w.want.blind()",
		ofRuntime,
	},
	{"answer from before the write taken", "update_reply.go", "!r.isNewer(s.token) && !r.isSame(s) || ", "", ""},
	{
		"answer taken for whole where nothing was known",
		"update_reply.go",
		"partial: r.partial() && !t.wholeReply",
		"partial: false",
		ofRuntime,
	},
	{
		"result that does not say whose it is",
		"update_reply.go",
		"resource: r.named(r.w.t.forgetToken(r.sent.after))",
		"resource: r.w.t.forgetToken(r.sent.after)",
		ofRuntime,
	},
	{
		"state before an action returned on a hook's word",
		"update_states.go",
		"if r.unknownEffect() && !r.isNewer(r.base.token) {",
		"if false {",
		ofRuntime,
	},
	{"an action's callback not asked after a lost answer", "update.go", "if a.check == nil && a.build != nil && ", "if a.check == nil && " +
		"a.build == nil && ", ofRuntime},
	{
		"earlier state forgotten for a carried token",
		"update_states.go",
		"s.earlier, s.partial = r.base.known(), true",
		"s.partial = true",
		ofRuntime,
	},
	{"read from before an unconditional write believed", "update_reply.go", " || !r.mayShow(base):", ":", ofRuntime},
	{"effect of an action not read", "update_reply.go", "case r.h.readBack || r.unknownEffect():", "case r.h.readBack:", ""},
	{"undeclared success taken for a refusal", "errors.go", "e.accepted = !op.safe && ", "e.accepted = false && ", ""},
	{"redirect taken for a refusal", "errors.go", " || status >= 300 && status <= 399", "", ""},
	{
		"408 of a write taken for a refusal",
		"errors.go",
		"case http.StatusRequestTimeout:\n\t\treturn true",
		"case http.StatusRequestTimeout:\n\t\treturn false",
		"",
	},
	{"carried part taken for the whole", "update_states.go", " && t.covers(r.sent.base, change{}, s.resource)", "", "carried-entity"},
	{
		"conflict believed because of a key",
		"update_states.go",
		"same && !isConflict(s.err) {\n\t\treturn verdictRepeat, nil",
		"same {\n\t\tif isConflict(s.err) {\n\t\t\treturn verdictForeign, nil\n\t\t}\n\t\treturn verdictRepeat, nil",
		ofRuntime,
	},
	{"token of the content taken for unique", "update_states.go", " && (t.order != orderContent || r.w.want.blind())", "", ofRuntime},
	{
		"token of the content taken for one that grows",
		"update_token.go",
		"return t.order == orderMonotonic || t.order == orderIncrements",
		"return t.order != orderOpaque",
		ofRuntime,
	},
	{"token that came back taken for the refused one", "update_states.go", " && t.order != orderContent: // there", ": // there", ofRuntime},
	{
		"state from before a long question taken for new",
		"update_states.go",
		"if r.clock.Now().Sub(began) > 2*r.w.c.rtt() {",
		"if r.clock.Now().Before(began) {",
		"",
	},
	{"doubted conflict believed", "update_states.go", "case e.class == ErrConflict && r.h.doubtful:", "case e.class == ErrConflict && " +
		"r.h.doubtful && s.ambiguous:", ""},
	{"narrowed copy taken for the whole", "update.go", "if s.partial {", "if s.partial && w.broken != nil {", ""},
	{"narrowed read taken for the whole", "update.go", "a != nil && a.narrowed != \"\" {", "a != nil && a.narrowed == \"-\" {", ""},
	{"unusable success of a plain write taken for a refusal", "call.go", "e.Err, e.ambiguous = err, !op.safe", "e.Err = err", ofRuntime},
	{
		"lost body of a success taken for a refusal",
		"transport.go",
		"target == ErrAmbiguousWrite && e.sent && !e.op.safe",
		"target == ErrAmbiguousWrite && e.sent && !e.op.safe && !e.op.succeeds(e.status)",
		ofRuntime,
	},
	{"queue not chaining", "update_queue.go", "next.turn <- state", "next.turn <- nil", ""},
}

// ofRuntime is the API of mistakes that do not show in Contacts: the tests of the runtime itself have to notice them, on APIs of their own.
const ofRuntime = "runtime"

// runtimeProofs are the tests of the runtime that kill such mutants.
var runtimeProofs = []string{
	"TestConformance", "TestValidators", "TestTokenThatComesTwice", "TestEncodingOfTaggedAnswers", "TestConflictWithoutToken", "TestSpelling", "TestNothingPrintsACredential", "TestTransportThatQuotesTheURL", "TestCauseOfACanceledCall",
	"TestUndecodableSuccess", "TestLostAnswers",
}

// proofs are the tests that kill mutants: the cases, the histories under faults, the counts of the queue, and giving up.
var proofs = []string{"TestConformance", "TestHistories", "TestLaneOfSixtyFour", "TestContentionWithoutLane", "TestGivingUpAnywhere",
	"TestNarrowedReads", "TestLaneOfSixtyFourWithThinAnswers"}

// quick are the mutants that the cases alone have to kill in every run of the tests: one that loses updates, and one that applies
// them twice.
var quick = []string{"own-write line 3 widened", "own-write line 5 removed"}

// proofs are those that have to kill a mutant. Of another API there are cases alone: what contention costs is another matter there.
func (m mutant) proofs(all bool) []string {
	if m.api == ofRuntime {
		return slices.Concat(runtimeProofs, timeProofs, unionProofs, answerRuntimeProofs)
	}
	if m.api == ofFake {
		return fakeProofs
	}
	if !all || m.api != "" {
		return proofs[:1]
	}
	return slices.Concat(proofs, answerProofs)
}

// TestMutants keeps the promise that the proofs would notice: the client is generated from a runtime with a mistake in it, for each
// mistake anew, and the proofs must fail on it, after they have passed without. SOAK has all mutants prove themselves, and all proofs;
// MUTANT beside it those whose name has that in it.
func TestMutants(t *testing.T) {
	_, all := os.LookupEnv("SOAK")
	if all {
		for _, api := range []string{"", "carried-entity", ofRuntime, ofFake} {
			m := mutant{name: "no mutant", api: api}
			if out, err := m.prove(t, all); err != nil {
				t.Fatalf("the proofs fail without any mutant: %v\n%s", err, out)
			}
		}
	}
	killed, tried := 0, 0
	for _, m := range slices.Concat(mutants, timeMutants, unionMutants, answerMutants, fakeMutants) {
		source := mutated(t, m) // all of them have to fit
		if !all && !slices.Contains(quick, m.name) || !strings.Contains(m.name, os.Getenv("MUTANT")) {
			continue
		}
		tried++
		out, err := m.prove(t, all, source)
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

var failedTest = regexp.MustCompile(`(?m)^( *)--- FAIL: (\S+)`)

// killers says which proofs failed, and of the cases how many and the first one.
func killers(out string) string {
	var by []string
	nested := map[string]int{}
	for _, m := range failedTest.FindAllStringSubmatch(out, -1) {
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

// The repository, and the runtime and the client in it, as seen from here.
const (
	repository = "../.."
	runtimeDir = repository + "/templates/client"
	fakeDir    = repository + "/templates/fake"
	clientDir  = repository + "/generated/contacts"
)

// replaced are the files that the go command is to see in the place of others, as -overlay wants them.
type replaced map[string]string

// flag writes the list and gives the argument that names it.
func (r replaced) flag(t *testing.T) string {
	t.Helper()
	doc, err := json.Marshal(map[string]replaced{"Replace": r})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(file, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	return "-overlay=" + file
}

// put has the go command see one file in the place of another.
func (r replaced) put(t *testing.T, file, by string) {
	t.Helper()
	whole, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	r[whole] = by
}

// mutated gives the runtime with a mutant in the place of its file.
func mutated(t *testing.T, m mutant) replaced {
	t.Helper()
	file := filepath.Join(runtimeDir, m.file)
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), m.was); n != 1 {
		t.Fatalf("%s: the text to change is in %s %d times", m.name, m.file, n)
	}
	by := filepath.Join(t.TempDir(), filepath.Base(m.file))
	if err := os.WriteFile(by, []byte(strings.Replace(string(source), m.was, m.is, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	out := replaced{}
	out.put(t, file, by)
	return out
}

// generated generates the client from a runtime, and gives its files in the place of those that are here.
func generated(t *testing.T, m mutant, runtime ...replaced) replaced {
	t.Helper()
	dir := t.TempDir()
	args := []string{"run"}
	for _, r := range runtime {
		args = append(args, r.flag(t))
	}
	args = append(args, "./cmd/contactsgen", "generate", "--api", "contacts-v4", "--out", dir, "--package", "contacts")
	if m.api != "" {
		args = append(args, "--overlay", "testdata/conformance/"+m.api+".yaml")
	}
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = repository
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("generate with %q: %v\n%s", m.name, err, text)
	}
	out := replaced{}
	err := filepath.WalkDir(dir, func(by string, entry fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(by) == ".go" {
			out.put(t, clientDir+strings.TrimPrefix(by, dir), by)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// prove runs the proofs of a mutant on the runtime with it in, or on a client that is generated from that.
func (m mutant) prove(t *testing.T, all bool, runtime ...replaced) (string, error) {
	t.Helper()
	dir := runtimeDir
	switch m.api {
	case ofRuntime:
	case ofFake:
		dir = fakeDir
	default:
		return prove(t, m.proofs(all), m.api, generated(t, m, runtime...))
	}
	args := []string{"test", "-count=1", "-vet=off", "-timeout=5m", "-run", "^(" + strings.Join(m.proofs(all), "|") + ")$"}
	for _, r := range runtime {
		args = append(args, r.flag(t))
	}
	cmd := exec.CommandContext(t.Context(), "go", append(args, ".")...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// prove runs proofs on a client that is generated otherwise, in a process of their own.
func prove(t *testing.T, proofs []string, api string, client replaced) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-vet=off", "-timeout=5m", client.flag(t), "-run",
		"^("+strings.Join(proofs, "|")+")$", ".")
	cmd.Env = append(os.Environ(), "HISTORY_OPERATIONS=4000", casesOf+"="+cmp.Or(api, "contacts"))
	out, err := cmd.CombinedOutput()
	return string(out), err
}
