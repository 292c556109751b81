package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts/contactstest"
)

// memoryJournal is a journal as the suite for implementations wants it, for processes that are clients of one test.
type memoryJournal struct {
	mu      sync.Mutex
	entries map[string]memoryEntry
	fail    func(method string) error // nil: it never fails
	records int
}

type memoryEntry struct {
	owner   string
	intent  []byte
	settled bool
}

func (j *memoryJournal) failing(method string) error {
	if j.fail == nil {
		return nil
	}
	return j.fail(method)
}

func (j *memoryJournal) Open(_ context.Context, call JournaledCall) ([]byte, bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e, ok := j.entries[call.Key+"\x00"+call.ID]
	if err := j.failing("Open"); err != nil || !ok || e.settled {
		return nil, e.settled && err == nil, err
	}
	e.owner = call.Owner
	j.entries[call.Key+"\x00"+call.ID] = e
	return bytes.Clone(e.intent), false, nil
}

func (j *memoryJournal) Record(_ context.Context, call JournaledCall, intent []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.failing("Record"); err != nil {
		return err
	}
	e, ok := j.entries[call.Key+"\x00"+call.ID]
	if ok && (e.settled || e.owner != call.Owner) {
		return ErrTakenOver
	}
	if j.entries == nil {
		j.entries = map[string]memoryEntry{}
	}
	j.records++
	j.entries[call.Key+"\x00"+call.ID] = memoryEntry{owner: call.Owner, intent: bytes.Clone(intent)}
	return nil
}

func (j *memoryJournal) Settle(_ context.Context, call JournaledCall, done bool) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.failing("Settle"); err != nil {
		return err
	}
	e, ok := j.entries[call.Key+"\x00"+call.ID]
	switch {
	case ok && done && call.ID != "":
		j.entries[call.Key+"\x00"+call.ID] = memoryEntry{settled: true}
	case ok && !e.settled && (done || e.owner == call.Owner):
		delete(j.entries, call.Key+"\x00"+call.ID)
	}
	return nil
}

// pending counts the entries that are not settled.
func (j *memoryJournal) pending() (n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range j.entries {
		if !e.settled {
			n++
		}
	}
	return n
}

// host is one contact on a fake, and clients of it that stand for processes.
type host struct {
	t       *testing.T
	server  *contactstest.Server
	journal *memoryJournal
}

func newHost(t *testing.T) *host {
	h := &host{t, contactstest.NewServer(t), &memoryJournal{}}
	h.server.Seed("Contact", map[string]any{"id": "c", "info": map[string]any{"name": map[string]any{"first": "Ada"}, "jobTitle": "0"}})
	return h
}

// process is a client that dies at the first write that die tells of, after the server has seen it.
func (h *host) process(die func(*http.Request) bool, opts ...ClientOption) *miniClient {
	h.t.Helper()
	next := h.server.Transport()
	through := through(func(q *http.Request) (*http.Response, error) {
		dies := die != nil && die(q)
		a, err := next.RoundTrip(q)
		if dies {
			panic(errKilled)
		}
		return a, err
	})
	opts = append([]ClientOption{WithBaseURL("https://api.example.com/contacts"), through, WithJournal(h.journal)}, opts...)
	c, err := newMiniClient(contactsAPI(), opts...)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

var errKilled = errors.New("killed")

func atPatch(q *http.Request) bool { return q.Method == http.MethodPatch }

// killed makes a call in a process that dies of it.
func (h *host) killed(c *miniClient, mutate func(*miniContact) error, opts ...CallOption) {
	h.t.Helper()
	defer func() {
		if p := recover(); p != errKilled {
			h.t.Fatalf("it did not die: %v", p)
		}
	}()
	_, _ = updateWithRetry(h.t.Context(), c.core, c.api.trait, []string{"c"}, mutate, opts)
}

func (h *host) update(c *miniClient, mutate func(*miniContact) error, opts ...CallOption) (Report, error) {
	h.t.Helper()
	var report Report
	_, err := updateWithRetry(h.t.Context(), c.core, c.api.trait, []string{"c"}, mutate, append(opts, WithReport(&report)))
	return report, err
}

func (h *host) contact() (c miniContact) {
	h.server.Get("Contact", "c", &c)
	return c
}

func increment(c *miniContact) error { return miniMutates["increment"](c, 1) }

// counted is a hook that knows an increment of this process's by the number and the revision, as a marker would.
func counted(base string) Hooks {
	return Hooks{OwnWrite: func(_ context.Context, sent, current json.RawMessage) Ownership {
		var s, c miniContact
		if decode(sent, &s) != nil || decode(current, &c) != nil {
			return Unknown
		}
		if c.Revision.String() == base && *s.Info.JobTitle == *c.Info.JobTitle {
			return Yes
		}
		return Unknown
	}}
}

// A process that is killed after it sent a write leaves it in the journal; the next one finds out what became of it.
func TestWritesOutliveTheirProcess(t *testing.T) {
	for _, tt := range []struct {
		name    string
		fate    contactstest.FaultKind // of the write that the process dies of
		mutate  func(*miniContact) error
		hooks   Hooks
		want    string
		inDoubt bool
	}{
		{name: "applied, nobody can tell", mutate: increment, want: "1", inDoubt: true},
		{name: "applied, a hook can tell", mutate: increment, hooks: counted("2"), want: "1"},
		{name: "applied, the callback can tell", mutate: func(c *miniContact) error { c.Info.JobTitle = Ptr("1"); return nil }, want: "1"},
		{name: "never arrived", fate: contactstest.Drop, mutate: increment, want: "1"},
		{name: "arrives when it is made again", fate: contactstest.Late, mutate: increment, hooks: counted("2"), want: "1"},
	} {
		for _, id := range []string{"", "order 7"} {
			t.Run(tt.name+" "+id, func(t *testing.T) {
				h := newHost(t)
				var opts []CallOption
				if id != "" {
					opts = append(opts, WithCallID(id))
				}
				if tt.fate != "" {
					h.server.Inject(contactstest.Fault{Kind: tt.fate, Operation: "updateContact"})
				}
				h.killed(h.process(atPatch), tt.mutate, opts...)
				if n := h.journal.pending(); n != 1 {
					t.Fatalf("%d entries are pending", n)
				}
				report, err := h.update(h.process(nil, WithHooks(tt.hooks)), tt.mutate, opts...)
				if inDoubt := errors.Is(err, ErrAmbiguousWrite); inDoubt != tt.inDoubt || err != nil && !inDoubt {
					t.Errorf("%v", err)
				}
				if got := *h.contact().Info.JobTitle; got != tt.want {
					t.Errorf("the counter is %s: %+v", got, report)
				}
				if n := h.journal.pending(); (n == 1) != tt.inDoubt {
					t.Errorf("%d entries are pending", n)
				}
			})
		}
	}
}

// A call with a name that was done is not done again: a job may be lost between the call and the note that it is over.
func TestNamedCallsAreDoneOnce(t *testing.T) {
	h := newHost(t)
	for want := range 3 {
		report, err := h.update(h.process(nil), increment, WithCallID("order 7"))
		outcome := Updated
		if want > 0 {
			outcome = Recovered
		}
		if err != nil || report.Outcome != outcome || *h.contact().Info.JobTitle != "1" {
			t.Errorf("%+v, %v, %s", report, err, *h.contact().Info.JobTitle)
		}
	}
	if _, err := h.update(h.process(nil), increment, WithCallID("order 8")); err != nil || *h.contact().Info.JobTitle != "2" {
		t.Errorf("another call: %v, %s", err, *h.contact().Info.JobTitle)
	}
}

// Of two hosts that make one call, the one that was paused finds out that the other has gone on with it.
func TestTwoHostsMakeOneCall(t *testing.T) {
	h := newHost(t)
	other, paused := h.process(nil), h.process(nil)
	resumed := false
	paused.core.writes = &http.Client{Transport: transport(func(q *http.Request) (*http.Response, error) {
		if !resumed {
			resumed = true
			if _, err := h.update(other, increment, WithCallID("order 7")); err != nil {
				t.Errorf("the other host: %v", err)
			}
		}
		return h.server.Transport().RoundTrip(q)
	})}
	_, err := h.update(paused, increment, WithCallID("order 7"))
	if !errors.Is(err, ErrBusy) || !errors.Is(err, ErrTakenOver) {
		t.Errorf("%v", err)
	}
	if got := *h.contact().Info.JobTitle; got != "1" {
		t.Errorf("the counter is %s", got)
	}
	if report, err := h.update(paused, increment, WithCallID("order 7")); err != nil || report.Outcome != Recovered || report.Writes != 0 {
		t.Errorf("made again: %+v, %v", report, err)
	}
}

// A call without a name goes on beside what another call left only where that certainly was not applied.
func TestOthersWritesAreNotTakenForOnes(t *testing.T) {
	rename := func(c *miniContact) error { c.Info.Name.First = Ptr("Grace"); return nil }
	for _, tt := range []struct {
		name    string
		fate    contactstest.FaultKind
		inDoubt bool
	}{{"never arrived", contactstest.Drop, false}, {"applied", "", true}} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHost(t)
			if tt.fate != "" {
				h.server.Inject(contactstest.Fault{Kind: tt.fate, Operation: "updateContact"})
			}
			h.killed(h.process(atPatch), increment)
			_, err := h.update(h.process(nil), rename)
			if errors.Is(err, ErrAmbiguousWrite) != tt.inDoubt || (err != nil) != tt.inDoubt {
				t.Errorf("%v", err)
			}
			c := h.contact()
			if renamed := *c.Info.Name.First == "Grace"; renamed == tt.inDoubt {
				t.Errorf("%v", c)
			}
			if n := h.journal.pending(); (n == 1) != tt.inDoubt {
				t.Errorf("%d entries are pending", n)
			}
		})
	}
}

// What is settled leaves nothing that was read or written; a refused write is forgotten; and what cannot be kept is not sent.
func TestJournalThatFails(t *testing.T) {
	down := errors.New("down")
	for _, tt := range []struct {
		method  string
		times   int
		counter string
		kind    error
		pending int
	}{
		{"Open", 3, "1", nil, 0},
		{"Record", 3, "1", nil, 0},
		{"Settle", 3, "1", nil, 0},
		{"Open", 100, "0", ErrJournal, 0},
		{"Record", 100, "0", ErrJournal, 0},
		{"Settle", 100, "1", ErrJournal, 1},
	} {
		t.Run(fmt.Sprint(tt.method, tt.times), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHost(t)
				failed := 0
				h.journal.fail = func(method string) error {
					if method == tt.method && failed < tt.times {
						failed++
						return down
					}
					return nil
				}
				_, err := h.update(h.process(nil), increment)
				if (err != nil) != (tt.kind != nil) || tt.kind != nil && (!errors.Is(err, tt.kind) || !errors.Is(err, down)) {
					t.Errorf("%v", err)
				}
				if got := *h.contact().Info.JobTitle; got != tt.counter {
					t.Errorf("the counter is %s", got)
				}
				if n := h.journal.pending(); n != tt.pending {
					t.Errorf("%d entries are pending", n)
				}
			})
		})
	}
}

// What is in a journal may come from another version of the program, or be damaged. Then nothing is sent, the error says that it is the
// entry, and the entry stays for somebody to look at.
func TestEntriesThatNobodyUnderstands(t *testing.T) {
	for name, damage := range map[string]func(whole map[string]any) any{
		"null":               func(map[string]any) any { return nil },
		"empty":              func(map[string]any) any { return map[string]any{} },
		"a list":             func(map[string]any) any { return []any{1} },
		"no key":             func(w map[string]any) any { delete(w, "key"); return w },
		"a longer key":       func(w map[string]any) any { w["key"] = []string{"c", "d"}; return w },
		"no body":            func(w map[string]any) any { delete(w, "body"); return w },
		"no token":           func(w map[string]any) any { delete(w, "token"); return w },
		"a longer token":     func(w map[string]any) any { w["token"] = append(w["token"].([]any), w["token"].([]any)...); return w },
		"members renamed":    func(w map[string]any) any { return map[string]any{"operation": w["operation"], "v": 2, "data": w} },
		"another operation":  func(w map[string]any) any { w["operation"] = "deleteContact"; return w },
		"a body of a number": func(w map[string]any) any { w["body"] = 7; return w },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t)
			h.killed(h.process(atPatch), increment, WithCallID("job 1"))
			before := h.contact()
			for key, e := range h.journal.entries {
				var whole map[string]any
				if err := json.Unmarshal(e.intent, &whole); err != nil {
					t.Fatal(err)
				}
				e.intent, _ = json.Marshal(damage(whole))
				h.journal.entries[key] = e
			}
			_, err := h.update(h.process(nil), increment, WithCallID("job 1"))
			said := errors.Is(err, ErrJournal) && strings.Contains(err.Error(), "the entry of the call is damaged, or of another version")
			if !said && !errors.Is(err, ErrAmbiguousWrite) {
				t.Error(err)
			}
			if after := h.contact(); after.Revision != before.Revision || h.journal.pending() != 1 {
				t.Errorf("it was written, or the entry is gone: revision %v, then %v", before.Revision, after.Revision)
			}
		})
	}
}

// A sealed journal holds nothing in the clear but keys.
func TestSealedJournal(t *testing.T) {
	h := newHost(t)
	flip := func(_ context.Context, b []byte) ([]byte, error) {
		out := make([]byte, len(b))
		for i := range b {
			out[i] = ^b[i]
		}
		return out, nil
	}
	sealed := WithJournal(SealedJournal(h.journal, flip, flip))
	h.server.Inject(contactstest.Fault{Kind: contactstest.Drop, Operation: "updateContact"})
	h.killed(h.process(atPatch, sealed), increment)
	for key, e := range h.journal.entries {
		if strings.Contains(string(e.intent), "Ada") || !strings.Contains(key, "minis//updateContact/c") {
			t.Errorf("%q: %q", key, e.intent)
		}
	}
	if _, err := h.update(h.process(nil, sealed), increment); err != nil || *h.contact().Info.JobTitle != "1" {
		t.Errorf("%v, %s", err, *h.contact().Info.JobTitle)
	}
}

// memoryLocker is a locker for clients of one test.
type memoryLocker struct {
	mu    sync.Mutex
	held  map[string]chan struct{}
	taken int
	keys  map[string]bool
}

func (l *memoryLocker) Lock(ctx context.Context, key string) (func(), error) {
	for {
		l.mu.Lock()
		if l.held == nil {
			l.held, l.keys = map[string]chan struct{}{}, map[string]bool{}
		}
		busy := l.held[key]
		if busy == nil {
			free := make(chan struct{})
			l.held[key] = free
			l.keys[key] = true
			l.taken++
			l.mu.Unlock()
			return func() {
				l.mu.Lock()
				defer l.mu.Unlock()
				delete(l.held, key)
				close(free)
			}, nil
		}
		l.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Processes that share a locker do not conflict: each update is a read and a write.
func TestProcessesTakeTurns(t *testing.T) {
	for _, locked := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			s := crowdOf(numbered(1))
			locker := &memoryLocker{}
			var all sync.WaitGroup
			conflicts := make([]int, 12)
			for p := range 12 {
				c := s.client(t)
				opts := []CallOption{WithMaxElapsed(time.Hour), WithMaxAttempts(100)}
				if locked {
					opts = append(opts, WithLocker(locker))
				}
				all.Go(func() {
					for range 20 {
						var report Report
						_, err := updateWithRetry(t.Context(), c.core, c.api.trait, []string{"k0"}, increment, append(opts, WithReport(&report)))
						if err != nil {
							t.Error(err)
						}
						conflicts[p] += report.Conflicts
					}
				})
			}
			all.Wait()
			total := 0
			for _, n := range conflicts {
				total += n
			}
			if got := s.counter("k0"); got != "240" {
				t.Errorf("the counter is %s", got)
			}
			perSuccess := float64(s.Count()) / 240
			t.Logf("locked %v: %.2f requests for each update, %d conflicts", locked, perSuccess, total)
			if locked && (total != 0 || s.Count() != 480) {
				t.Errorf("%d conflicts, %d requests", total, s.Count())
			}
			if locked && !locker.keys["minis//getContact/k0"] {
				t.Errorf("keys are %v", locker.keys)
			}
		})
	}
}

// Whoever waits for another process longer than a call may take is told so, and leaves the queue of its own process as it was.
func TestResourceThatAnotherProcessKeeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := crowdOf(numbered(1))
		locker := &memoryLocker{}
		unlock, _ := locker.Lock(t.Context(), "minis/site/getContact/k0")
		c, err := newMiniClient(contactsAPI(), WithBaseURL("https://api.example.com/contacts"),
			WithHTTPClient(&http.Client{Transport: s.Transport()}), WithLocker(locker), WithTenant("site"))
		if err != nil {
			t.Fatal(err)
		}
		update := func(ctx context.Context) error {
			_, err := updateWithRetry(ctx, c.core, c.api.trait, []string{"k0"}, increment, nil)
			return err
		}
		started := time.Now()
		var e *UpdateError
		err = update(t.Context())
		if took := time.Since(started); !errors.Is(err, ErrBusy) || !errors.As(err, &e) || e.Cause != CauseElapsed || took != 30*time.Second {
			t.Errorf("%v after %v", err, took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := update(ctx); !errors.Is(err, ErrBusy) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		if s.Count() != 0 {
			t.Errorf("%d requests", s.Count())
		}
		unlock()
		if err := update(t.Context()); err != nil || s.counter("k0") != "1" {
			t.Errorf("%v", err)
		}
		if held := clientState[writeQueues](c.core).held; len(held) != 0 {
			t.Errorf("%d queues are left", len(held))
		}
	})
}

// Bulk helpers and combined calls go through the locker, and a bulk helper's name is that of each of its items.
func TestManyResourcesOfManyProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := crowdOf(numbered(8))
		locker, journal := &memoryLocker{}, &memoryJournal{}
		var all sync.WaitGroup
		for range 3 {
			c := s.client(t)
			all.Go(func() {
				opts := []CallOption{WithLocker(locker), WithJournal(journal), WithCallID("import 4")}
				parts := func(k string) []string { return []string{k} }
				for item, err := range updateEach(t.Context(), c.core, c.api.trait, numbered(8), parts, increment, opts) {
					if err != nil {
						t.Errorf("%s: %v", item.Key, err)
					}
				}
			})
		}
		all.Wait()
		for k := range numbered(8) {
			if got := s.counter(k); got != "1" {
				t.Errorf("%s is %s", k, got)
			}
		}
		if locker.taken != 24 || journal.records != 8 {
			t.Errorf("%d locks, %d records", locker.taken, journal.records)
		}
		c := s.client(t)
		for range 4 {
			all.Go(func() {
				opts := []CallOption{WithCombining(), WithLocker(locker)}
				_, err := updateWithRetry(t.Context(), c.core, c.api.trait, []string{"k0"}, increment, opts)
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := s.counter("k0"); got != "5" || locker.taken == 24 {
			t.Errorf("combined: %s, %d locks", got, locker.taken)
		}
	})
}
