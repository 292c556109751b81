package contacts_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// The history test. Every round has a fake with faults, two processes with four goroutines each, and a few contacts; the histories
// of the contacts are checked with porcupine, and every operation by counting what the fake applied.
//
// HISTORY_OPERATIONS sets how many operations are made (20000 unless set; make soak sets 2000000), HISTORY_SEED the
// first seed. A failure prints the seed of its round, which HISTORY_SEED=n HISTORY_OPERATIONS=1 repeats alone.
const (
	historyProcesses  = 2
	historyGoroutines = 4
	historyEach       = 5 // operations of a goroutine
	historyContacts   = 5
)

// Kinds of edits.
const (
	increments = "increment"
	appends    = "append"
	ensures    = "ensure"
	touches    = "touch"
	// ensuresTwice is ensures by a caller who says that making the change twice does no harm.
	ensuresTwice = "ensure-idempotent"
)

var editKinds = []string{increments, increments, appends, ensures, ensuresTwice, touches}

// Whatever fails: what succeeded was applied exactly once, what failed was not applied or says that it may have been,
// and the histories are linearizable.
func TestHistories(t *testing.T) { playHistories(t, newFakedHistory) }

// The same on a server that shares nothing with the fake, nor with what its author took for granted.
func TestHistoriesOnALawfulServer(t *testing.T) { playHistories(t, newLawfulHistory) }

func playHistories(t *testing.T, server func(seed uint64) historyServer) {
	t.Helper()
	operations, seed := numberFrom(t, "HISTORY_OPERATIONS", 20_000), numberFrom(t, "HISTORY_SEED", 1)
	total := historyTally{outcomes: map[string]int{}, faults: map[string]int{}}
	for total.operations < operations && !t.Failed() {
		playRound(t, server, uint64(seed)).judge(t, &total)
		seed++
	}
	total.print(t)
}

// A seed repeats its round exactly, down to when what was sent and what went wrong, so that a failure can be looked at.
func TestASeedRepeatsItsRound(t *testing.T) {
	transcript := func(seed uint64) (lines []string) {
		for _, x := range playRound(t, newFakedHistory, seed).srv.Requests() {
			lines = append(lines, fmt.Sprint(x.Time.UnixNano(), x.Header.Get(opHeader), x.Method, x.Path, x.Status, x.Faults, x.Applied,
				string(x.Body)))
		}
		return lines
	}
	first, again := transcript(1), transcript(1)
	if !slices.Equal(first, again) {
		t.Errorf("one seed, two rounds:\n%s\n\n%s", strings.Join(first, "\n"), strings.Join(again, "\n"))
	}
	if slices.Equal(first, transcript(2)) {
		t.Error("two seeds, one round")
	}
}

func numberFrom(t *testing.T, name string, otherwise int) int {
	t.Helper()
	value, set := os.LookupEnv(name)
	if !set {
		return otherwise
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// historyFaults are what goes wrong in a round. In every other one the fake stores phones in a form of its own; it always gives them
// ids and fills in what they lack.
func historyFaults(seed uint64) []contactstest.Fault {
	list := []contactstest.Fault{
		{Kind: contactstest.Drop, Chance: 0.07},
		{Kind: contactstest.Drop, Chance: 0.07, Applied: true},
		{Kind: contactstest.Late, Chance: 0.05},
		{Kind: contactstest.Duplicate, Chance: 0.04},
		{Kind: contactstest.Delay, Chance: 0.03, Delay: 150 * time.Millisecond},
		{Kind: contactstest.Delay, Chance: 0.005, Delay: 3 * time.Second}, // longer than anybody waits
		{Kind: contactstest.Throttle, Chance: 0.02, RetryAfter: "1"},
		{Kind: contactstest.Fail, Chance: 0.01, Status: 500, Applied: true},
		{Kind: contactstest.Fail, Chance: 0.01, Status: 502},
		{Kind: contactstest.Fail, Chance: 0.01, RetryAfter: "1"},
		{Kind: contactstest.Stale, Chance: 0.05},
		{Kind: contactstest.Truncate, Chance: 0.02},
	}
	for i := range list {
		list[i].Times = -1
	}
	if seed%2 == 0 {
		list = append(list, contactstest.Fault{Kind: contactstest.Normalise, Times: -1, Edit: withoutPlus})
	}
	return list
}

// withoutPlus has a contact's phones stored without the plus sign.
func withoutPlus(c map[string]any) {
	phones, _ := c["info"].(map[string]any)["phones"].(map[string]any)
	items, _ := phones["items"].([]any)
	for _, item := range items {
		phone := item.(map[string]any)
		phone["phone"] = strings.TrimPrefix(phone["phone"].(string), "+")
	}
}

// history is what happened in one round.
type history struct {
	seed     uint64
	srv      historyServer
	contacts []string // their ids
	started  time.Time

	mu    sync.Mutex
	calls []historyCall
}

// historyCall is an operation, and what came of it.
type historyCall struct {
	porcupine.Operation
	in     historyInput
	report contacts.Report
	err    error
}

// playRound makes one round's operations.
func playRound(t *testing.T, server func(seed uint64) historyServer, seed uint64) *history {
	t.Helper()
	h := &history{seed: seed}
	synctest.Test(t, func(t *testing.T) {
		h.srv, h.started = server(seed), time.Now()
		for i := range historyContacts {
			h.contacts = append(h.contacts, h.srv.seed(i))
		}
		oneWay := scattered(seed)
		var all sync.WaitGroup
		for p := range historyProcesses {
			client := clientAt(t, h.srv, oneWay, seed*100+uint64(p))
			for g := range historyGoroutines {
				all.Go(func() { h.work(t, client, p*historyGoroutines+g) })
			}
		}
		all.Wait()
		h.srv.Land()
	})
	return h
}

// work makes one goroutine's operations.
func (h *history) work(t *testing.T, client *contacts.Client, who int) {
	random := rand.New(rand.NewPCG(h.seed, uint64(who)))
	time.Sleep(time.Duration(who) * time.Microsecond) // so that it is the seed that says who comes first
	for i := range historyEach {
		in := historyInput{
			id: fmt.Sprintf("%d.%d", who, i), contact: h.contacts[random.IntN(historyContacts)], kind: editKinds[random.IntN(len(editKinds))],
		}
		in.arg = strings.ReplaceAll(in.id, ".", "00")
		if in.ensures() {
			in.arg = "9" + strconv.Itoa(random.IntN(3)) // what rivals want too
		}
		c := historyCall{in: in}
		opts := []contacts.CallOption{contacts.WithHeader(opHeader, in.id), contacts.WithReport(&c.report)}
		if in.kind == ensuresTwice {
			opts = append(opts, contacts.Idempotent())
		}
		called := time.Since(h.started)
		got, err := client.Contacts.UpdateWithRetry(t.Context(), in.contact, in.edit, opts...)
		returned := time.Since(h.started)
		out := historyOutput{outcome: c.report.Outcome}
		if c.err = err; err != nil {
			returned = math.MaxInt64 / 2 // it may be applied at any time, if ever
		} else {
			out.state = stateOf(got)
		}
		c.Operation = porcupine.Operation{ClientId: who, Input: in, Output: out, Call: int64(called), Return: int64(returned)}
		h.mu.Lock()
		h.calls = append(h.calls, c)
		h.mu.Unlock()
	}
}

// historyTally is what came of all operations.
type historyTally struct {
	operations int
	outcomes   map[string]int // by kind of edit and outcome
	faults     map[string]int
	lost       int // succeeded without being applied
	twice      int
}

// print says what came of all operations, and of each kind of edit its shares.
func (total *historyTally) print(t *testing.T) {
	t.Helper()
	kinds := map[string]int{}
	for name, n := range total.outcomes {
		kind, _, _ := strings.Cut(name, " ")
		kinds[kind] += n
	}
	for _, name := range slices.Sorted(maps.Keys(total.outcomes)) {
		kind, _, _ := strings.Cut(name, " ")
		n := total.outcomes[name]
		t.Logf("%8d  %5.2f %%  %s", n, 100*float64(n)/float64(kinds[kind]), name)
	}
	for _, name := range slices.Sorted(maps.Keys(total.faults)) {
		t.Logf("%8d  faults: %s", total.faults[name], name)
	}
	t.Logf("%d operations, lost %d, applied twice %d", total.operations, total.lost, total.twice)
}

// judge checks every operation by counting, and every contact's history.
func (h *history) judge(t *testing.T, total *historyTally) {
	t.Helper()
	requests := map[string][]contactstest.Exchange{}
	for _, x := range h.srv.Requests() {
		op := x.Header.Get(opHeader)
		requests[op] = append(requests[op], x)
		total.meet(x)
	}
	histories, counters := map[string][]porcupine.Operation{}, map[string]int{}
	for _, c := range h.calls {
		n := appliedIn(requests[c.in.id])
		if c.in.kind == increments {
			counters[c.in.contact] += n
		}
		if c.err == nil || errors.Is(c.err, contacts.ErrAmbiguousWrite) {
			histories[c.in.contact] = append(histories[c.in.contact], c.Operation)
		}
		if problem := total.count(c, n, requests[c.in.id]); problem != "" {
			t.Errorf("seed %d: %+v was applied %d times, and ended with %q, %v: %s", h.seed, c.in, n, c.report.Outcome, c.err, problem)
		}
	}
	for _, id := range h.contacts {
		if got := porcupine.CheckOperationsTimeout(historyModel.ToModel(), histories[id], time.Minute); got != porcupine.Ok {
			t.Errorf("seed %d: the history of %s is %s: %+v", h.seed, id, got, histories[id])
		}
		if got := h.srv.counter(id); got != strconv.Itoa(counters[id]) {
			t.Errorf("seed %d: the counter of %s is %s after %d increments", h.seed, id, got, counters[id])
		}
	}
}

func appliedIn(requests []contactstest.Exchange) (n int) {
	for _, x := range requests {
		n += x.Applied
	}
	return n
}

// meet counts the faults of a request.
func (total *historyTally) meet(x contactstest.Exchange) {
	for name := range strings.SplitSeq(x.Faults, "+") {
		if x.Applied > 0 && (name == string(contactstest.Drop) || name == string(contactstest.Fail)) {
			name += ", applied"
		}
		if name != "" {
			total.faults[name]++
		}
	}
}

// count compares what an operation said with how often it was applied, and says what is wrong with that.
func (total *historyTally) count(c historyCall, applied int, requests []contactstest.Exchange) (problem string) {
	outcome, least, most := string(c.report.Outcome), 1, 1
	ambiguous := errors.Is(c.err, contacts.ErrAmbiguousWrite)
	switch {
	case ambiguous:
		least, outcome = 0, doubt(c.err, applied, requests[len(requests)-1])
	case c.err != nil:
		least, most, outcome = 0, 0, "failed"
	case c.report.Outcome == contacts.Unchanged:
		least, most = 0, 0
	case c.report.Outcome == contacts.Recovered && c.in.ensures():
		least = 0 // a rival's may be the one that holds
	}
	total.operations++
	total.outcomes[c.in.kind+" "+outcome]++
	var typed *contacts.UpdateError
	switch {
	case applied < least:
		total.lost++
		return "lost"
	case applied > most:
		total.twice++
		return "applied too often"
	case ambiguous && errors.Is(c.err, contacts.ErrConflict):
		return "may have been applied, and is a conflict"
	case outcome == wasApplied && c.in.ensures(), outcome == wasNotApplied && c.in.kind == ensuresTwice:
		// What may be done twice is always decided, and so is what makes sure of something that nobody undoes, once it was applied.
		return "a fresh read has to decide it"
	case c.err != nil && !errors.As(c.err, &typed):
		return fmt.Sprintf("a helper fails with %T", c.err)
	case c.report.Writes+c.report.Reads > 36 || len(requests) > 36:
		return fmt.Sprintf("%d requests, and 2 for each of 10 writes and 16 more are the limit", len(requests))
	}
	return ""
}

// What a call that a fresh read could not decide came to.
const (
	wasApplied    = "undecided, was applied"
	wasNotApplied = "undecided, was not applied"
)

// doubt tells calls that a fresh read could not decide from those whose requests all failed, and of the former those that were
// applied from those that later writers had overtaken before anybody looked.
func doubt(err error, applied int, last contactstest.Exchange) string {
	switch {
	case errors.Is(err, contacts.ErrStaleRead), errors.Is(err, contacts.ErrStalledConflict),
		strings.Contains(last.Faults, string(contactstest.Stale)):
		return "undecided, reads were stale"
	case errors.Is(err, contacts.ErrBudget):
		return "undecided, budget spent"
	case last.Operation == "updateContact", writesOf(err) > 3:
		return "undecided, every send failed"
	case last.Status != 200 || strings.Contains(last.Faults, string(contactstest.Truncate)):
		return "undecided, reads failed"
	case applied > 0:
		return wasApplied
	}
	return wasNotApplied
}

// writesOf is how often a call that failed sent what was not refused: once, and three times again at most.
func writesOf(err error) int {
	var e *contacts.UpdateError
	if !errors.As(err, &e) {
		return 0
	}
	return e.Writes - e.Conflicts
}
