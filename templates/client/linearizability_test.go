package client

import (
	"context"
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
)

// The history test. Every round has a server with faults, two processes with four goroutines each, and a few contacts;
// the histories of the contacts are checked with porcupine, and every operation by counting what the server applied.
//
// HISTORY_OPERATIONS sets how many operations are made (20000 unless set; make soak sets 2000000), HISTORY_SEED the
// first seed. A failure prints the seed of its round, which HISTORY_SEED=n HISTORY_OPERATIONS=1 repeats alone.
const (
	historyProcesses  = 2
	historyGoroutines = 4
	historyEach       = 5 // operations of a goroutine
	historyContacts   = 5
	historyRound      = historyProcesses * historyGoroutines * historyEach
)

// historyInput is an operation as it was called.
type historyInput struct{ id, contact, kind, arg string }

func (in historyInput) ensures() bool { return in.kind == editEnsure || in.kind == editEnsureTwice }

// historyOutput is what came of it.
type historyOutput struct {
	outcome Outcome // "" when nobody knows whether it was applied
	counter int     // of the result, when it was the answer to the write
	phones  string
}

// historyState is a contact as the model has it.
type historyState struct {
	counter int
	phones  string
}

func (s historyState) with(in historyInput) historyState {
	switch in.kind {
	case editIncrement:
		s.counter++
	case editAppend:
		s.phones += in.arg + ","
	case editEnsure, editEnsureTwice:
		if !s.has(in.arg) {
			s.phones += in.arg + ","
		}
	}
	return s
}

func (s historyState) has(phone string) bool { return strings.Contains(","+s.phones, ","+phone+",") }

// historyModel says which states an operation may lead to.
var historyModel = porcupine.NondeterministicModel{
	Init: func() []any { return []any{historyState{}} },
	Step: func(state, input, output any) []any {
		s, in, out := state.(historyState), input.(historyInput), output.(historyOutput)
		next := s.with(in)
		switch out.outcome {
		case Updated:
			if next.counter == out.counter && next.phones == out.phones {
				return []any{next}
			}
			return nil
		case Recovered:
			return []any{next} // its state was read, and may be from after the operation
		case Unchanged:
			if next == s {
				return []any{s}
			}
			return nil
		}
		return []any{s, next}
	},
	Equal: func(a, b any) bool { return a == b },
}

// tally is what came of all operations.
type tally struct {
	operations int
	outcomes   map[string]int // by kind of edit and outcome
	faults     map[string]int
	lost       int // succeeded without being applied
	twice      int
}

// Whatever fails: what succeeded was applied exactly once, what failed was not applied or says that it may have been,
// and the histories are linearizable.
func TestHistories(t *testing.T) {
	operations, seed := numberFrom(t, "HISTORY_OPERATIONS", 20_000), numberFrom(t, "HISTORY_SEED", 1)
	total := tally{outcomes: map[string]int{}, faults: map[string]int{}}
	for total.operations < operations && !t.Failed() {
		synctest.Test(t, func(t *testing.T) { playRound(t, uint64(seed), &total) })
		seed++
	}
	total.print(t)
	// What may be done twice is always decided, and so is what makes sure of something that nobody undoes, once it was applied.
	for _, name := range []string{editEnsureTwice + " undecided, was not applied", editEnsureTwice + " undecided, was applied", editEnsure + " undecided, was applied"} {
		if n := total.outcomes[name]; n != 0 {
			t.Errorf("%d %s", n, name)
		}
	}
}

// print says what came of all operations, and of each kind of edit its shares.
func (total *tally) print(t *testing.T) {
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

func numberFrom(t *testing.T, name string, otherwise int) int {
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

// historyFaults are those the law was simulated with, and more.
var historyFaults = faults{
	drop: 0.07, lose: 0.07, late: 0.05, double: 0.03, resend: 0.02, throttl: 0.02, fail: 0.03, stale: 0.05, cut: 0.02,
}

// playRound makes one round's operations and judges them.
func playRound(t *testing.T, seed uint64, total *tally) {
	s := newFaultyServer(seed, historyFaults)
	s.normalises = seed%2 == 0
	s.delay = func(r *rand.Rand) time.Duration { return time.Duration(math.Abs(r.NormFloat64()*2+10) * 1e6) }
	for i := range historyContacts {
		s.put(contactName(i))
	}
	h := &history{t: t, seed: seed, server: s, total: total, started: time.Now()}
	var all sync.WaitGroup
	for p := range historyProcesses {
		client := s.client(seed*100 + uint64(p))
		for g := range historyGoroutines {
			all.Go(func() { h.work(client, p*historyGoroutines+g) })
		}
	}
	all.Wait()
	s.late.Wait()
	h.judge()
}

func contactName(i int) string { return "C" + strconv.Itoa(i) }

// history is what happened in one round.
type history struct {
	t       *testing.T
	seed    uint64
	server  *faultyServer
	total   *tally
	started time.Time

	mu    sync.Mutex
	calls []historyCall
}

type historyCall struct {
	porcupine.Operation
	err error
}

// work makes one goroutine's operations.
func (h *history) work(client *miniClient, who int) {
	random := rand.New(rand.NewPCG(h.seed, uint64(who)))
	time.Sleep(time.Duration(who) * time.Microsecond) // so that it is the seed that says who comes first
	kinds := []string{editIncrement, editIncrement, editAppend, editEnsure, editEnsureTwice, editTouch}
	for i := range historyEach {
		in := historyInput{
			id: fmt.Sprintf("%d.%d", who, i), contact: contactName(random.IntN(historyContacts)), kind: kinds[random.IntN(len(kinds))],
		}
		in.arg = strings.ReplaceAll(in.id, ".", "00")
		if in.ensures() {
			in.arg = "9" + strconv.Itoa(random.IntN(3)) // what rivals want too
		}
		called := time.Since(h.started)
		var report Report
		opts := []CallOption{WithHeader("X-Op", in.id), WithReport(&report)}
		if in.kind == editEnsureTwice {
			opts = append(opts, Idempotent())
		}
		got, err := updateWithRetry(context.Background(), client.core, client.api.trait, []string{in.contact},
			editOfKind(in.kind, in.arg), opts)
		h.record(who, in, called, got, report, err)
	}
}

func (h *history) record(who int, in historyInput, called time.Duration, got *miniContact, report Report, err error) {
	out := historyOutput{outcome: report.Outcome}
	if n := report.Writes + report.Reads; n > 2*defaultMaxAttempts+16 {
		h.t.Errorf("seed %d: %s made %d requests", h.seed, in.id, n)
	}
	returned := time.Since(h.started)
	if err != nil {
		returned = math.MaxInt64 / 2 // it may be applied at any time, if ever
	} else {
		out.counter = counterOf(got)
		for _, p := range got.Info.Phones.Items {
			out.phones += strings.TrimPrefix(p.Phone, "+") + ","
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls = append(h.calls, historyCall{err: err, Operation: porcupine.Operation{
		ClientId: who, Input: in, Output: out, Call: int64(called), Return: int64(returned),
	}})
}

// judge checks every operation by counting, and every contact's history.
func (h *history) judge() {
	histories := map[string][]porcupine.Operation{}
	for _, c := range h.calls {
		in := c.Input.(historyInput)
		h.count(c, in)
		if c.err == nil || errors.Is(c.err, ErrAmbiguousWrite) {
			histories[in.contact] = append(histories[in.contact], c.Operation)
		}
	}
	for contact, operations := range histories {
		if got := porcupine.CheckOperationsTimeout(historyModel.ToModel(), operations, time.Minute); got != porcupine.Ok {
			h.t.Errorf("seed %d: the history of %s is %s: %+v", h.seed, contact, got, operations)
		}
	}
	for name, n := range h.server.injected {
		h.total.faults[name] += n
	}
}

// count compares what an operation said with what the server applied of it.
func (h *history) count(c historyCall, in historyInput) {
	applied := h.server.applied[in.id]
	outcome := string(c.Output.(historyOutput).outcome)
	least, most := 1, 1
	switch {
	case errors.Is(c.err, ErrAmbiguousWrite):
		least, outcome = 0, h.doubt(c.err, applied)
	case c.err != nil:
		least, most, outcome = 0, 0, "failed"
		if e := (*UpdateError)(nil); !errors.As(c.err, &e) {
			h.t.Errorf("seed %d: %s failed with %T", h.seed, in.id, c.err)
		}
	case outcome == string(Unchanged):
		least, most = 0, 0
	case outcome == string(Recovered) && in.ensures():
		least = 0 // a rival's may be the one that holds
	}
	if errors.Is(c.err, ErrAmbiguousWrite) && errors.Is(c.err, ErrConflict) {
		h.t.Errorf("seed %d: %s may have been applied and is a conflict: %v", h.seed, in.id, c.err)
	}
	h.total.operations++
	h.total.outcomes[in.kind+" "+outcome]++
	if applied < least {
		h.total.lost++
	}
	if applied > most {
		h.total.twice++
	}
	if applied < least || applied > most {
		h.t.Errorf("seed %d: %+v was applied %d times, and ended with %q, %v", h.seed, in, applied, outcome, c.err)
	}
}

// doubt tells calls that a fresh read could not decide from those whose requests all failed, and of the former those that were
// applied from those that later writers had overtaken before anybody looked.
func (h *history) doubt(err error, applied int) string {
	var lost *transportError
	var refused *APIError
	switch {
	case errors.As(err, &refused) && refused.Operation == "getContact", errors.As(err, &lost) && lost.op.id == "getContact":
		return "undecided, reads failed"
	case errors.Is(err, ErrStaleRead), errors.Is(err, ErrStalledConflict):
		return "undecided, reads were stale"
	case errors.Is(err, ErrBudget):
		return "undecided, budget spent"
	}
	if e := (*UpdateError)(nil); errors.As(err, &e) && e.Writes-e.Conflicts > maxResends {
		return "undecided, every send failed"
	}
	if applied > 0 {
		return "undecided, was applied"
	}
	return "undecided, was not applied"
}
