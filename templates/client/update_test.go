package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// The waits double from twice the base to a hundred times it, and never pass 20 s.
func TestBackoffEnvelope(t *testing.T) {
	for _, tt := range []struct {
		rtt  time.Duration
		k    int
		want time.Duration
	}{
		{0, 1, 40 * time.Millisecond},
		{20 * time.Millisecond, 1, 40 * time.Millisecond},
		{20 * time.Millisecond, 3, 160 * time.Millisecond},
		{20 * time.Millisecond, 7, 2 * time.Second},
		{20 * time.Millisecond, 1000, 2 * time.Second},
		{200 * time.Millisecond, 1, 400 * time.Millisecond},
		{200 * time.Millisecond, 9, 20 * time.Second},
		{time.Minute, 1, 2 * time.Second},
		{time.Minute, 9, 20 * time.Second},
	} {
		if got := backoffEnvelope(tt.rtt, tt.k); got != tt.want {
			t.Errorf("wait %d at %v: %v, want %v", tt.k, tt.rtt, got, tt.want)
		}
	}
}

// Decimal text is compared and counted at any length.
func TestDecimals(t *testing.T) {
	for a, b := range map[string]string{"0": "1", "9": "10", "99": "100", "9007199254740992": "9007199254740993", "007": "008"} {
		if got := nextDecimal(a); got != b {
			t.Errorf("%s + 1 is %s", a, got)
		}
		if compareDecimal(a, b) >= 0 || compareDecimal(b, a) <= 0 || compareDecimal(a, a) != 0 {
			t.Errorf("%s and %s", a, b)
		}
	}
	for _, s := range []string{"", "-1", "1.5", "1e3", "x", " 1"} {
		if isDecimal(s) {
			t.Errorf("%q is a decimal", s)
		}
	}
}

// A token is written in the form that its place takes, and otherwise as it was read.
func TestTokenForms(t *testing.T) {
	inBody, inHead := location{in: inBody, at: "/v"}, location{in: inHeader, name: "If-Match"}
	for _, tt := range []struct {
		name string
		part tokenPart
		v    tokenValue
		next bool
		want string
	}{
		{"number", tokenPart{send: inBody}, tokenValue{raw: "9007199254740993", json: true}, false, "9007199254740993"},
		{"string verbatim", tokenPart{send: inBody}, tokenValue{raw: `"a\u0062"`, json: true}, false, `"a\u0062"`},
		{"number as string", tokenPart{send: inBody, asString: true}, tokenValue{raw: "7", json: true}, false, `"7"`},
		{"header into body", tokenPart{send: inBody}, tokenValue{raw: `"x"`, json: false}, false, `"\"x\""`},
		{"header into body, unquoted", tokenPart{send: inBody, unquoted: true}, tokenValue{raw: `"x"`, json: false}, false, `"x"`},
		{"body into header", tokenPart{send: inHead}, tokenValue{raw: `"x"`, json: true}, false, "x"},
		{"tag", tokenPart{send: inHead}, tokenValue{raw: `"x"`, json: false}, false, `"x"`},
		{"weak tag", tokenPart{send: inHead}, tokenValue{raw: `W/"x"`, json: false}, false, `W/"x"`},
		{"next", tokenPart{send: inBody}, tokenValue{raw: "9", json: true}, true, "10"},
		{"next of string", tokenPart{send: inBody}, tokenValue{raw: `"9"`, json: true}, true, `"10"`},
	} {
		if got := tt.part.written(tt.v, tt.next).raw; got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// The client remembers a bounded number of tokens for a bounded time.
func TestFloorsAreBounded(t *testing.T) {
	var f lastSeen
	now := time.Now()
	kept := func() int { return len(f.seen) + len(f.older) }
	for i := range 3 * floorCount {
		f.put(fmt.Sprint(i), revisionToken{{raw: "1"}}, now)
		if kept() > floorCount || f.get(fmt.Sprint(max(0, i-floorCount/2+1)), now) == nil {
			t.Fatalf("%d are kept after %d", kept(), i+1)
		}
	}
	f.put("x", revisionToken{{raw: "1"}}, now)
	if f.get("x", now) == nil || f.get("x", now.Add(floorLife)) != nil {
		t.Error("a token is kept too long, or not long enough")
	}
	f.forget("x")
	if f.get("x", now) != nil {
		t.Error("a token is known after it was forgotten")
	}
	f.put("y", revisionToken{{raw: "1"}}, now.Add(2*floorLife))
	if kept() != 1 {
		t.Errorf("%d are kept after all have expired", kept())
	}
}

// A client that works through many resources, each once, holds those of the last two minutes: what has expired goes by itself.
func TestFloorsGoWhenTheyExpire(t *testing.T) {
	var f lastSeen
	begun := time.Now()
	for second := range 600 {
		now := begun.Add(time.Duration(second) * time.Second)
		for i := range 3 {
			f.put(fmt.Sprint(second, i), revisionToken{{raw: "1"}}, now)
		}
		if n := len(f.seen) + len(f.older); n > 3*120 {
			t.Fatalf("%d are kept after %d seconds", n, second)
		}
		if f.get(fmt.Sprint(max(0, second-59), 0), now) == nil {
			t.Fatalf("one is forgotten too early, after %d seconds", second)
		}
	}
}

// A lane serves in order, gives a place up when its context ends, and leaves nothing behind.
func TestLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l writeQueues
		if _, free := l.enter("A", newStopwatch(systemClock{}, 0)); !free {
			t.Fatal("not free")
		}
		var order []int
		var all sync.WaitGroup
		for i := range 5 {
			ctx, cancel := context.WithCancel(context.Background())
			place, free := l.enter("A", newStopwatch(systemClock{}, 0))
			if free {
				t.Fatal("free")
			}
			all.Go(func() {
				defer cancel()
				state, err := l.await(ctx, "A", place)
				if i == 2 {
					if busy := (*turnTimeout)(nil); !errors.As(err, &busy) || busy.calling {
						t.Errorf("%v", err)
					}
					return
				}
				if state == nil || err != nil {
					t.Errorf("%v %v", state, err)
				}
				order = append(order, i)
				l.release("A", &baseState{})
			})
			if i == 2 {
				cancel()
			}
			synctest.Wait()
		}
		l.release("A", &baseState{})
		all.Wait()
		if fmt.Sprint(order) != "[0 1 3 4]" || len(l.held) != 0 {
			t.Errorf("served %v, %d left", order, len(l.held))
		}
	})
}

// A turn that comes just as its context ends goes on to the next call.
func TestLaneGivesTurnOn(t *testing.T) {
	var l writeQueues
	l.enter("A", newStopwatch(systemClock{}, 0))
	first, _ := l.enter("A", newStopwatch(systemClock{}, 0))
	second, _ := l.enter("A", newStopwatch(systemClock{}, 0))
	l.release("A", &baseState{}) // first has the turn now
	_ = l.leave("A", first)      // nobody waits behind it
	if _, err := l.await(context.Background(), "A", second); err != nil {
		t.Error(err)
	}
	l.release("A", nil)
	if len(l.held) != 0 {
		t.Error("the lane is left behind")
	}
}

// A callback that calls the client for the resource it edits waits for itself: not for ever, and the error says why.
func TestCallWithinCallback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := converse(t, []turn{reads(0), reads(0)})
		started := time.Now()
		var inner error
		_, err := updateWithRetry(context.Background(), c.core, c.api.trait, []string{"A"}, func(*miniContact) error {
			_, inner = updateWithRetry(context.Background(), c.core, c.api.trait, []string{"A"}, increments, nil)
			return inner
		}, nil)
		if !errors.Is(inner, ErrBusy) || errors.Is(inner, ErrBudget) || !errors.Is(err, ErrMutate) ||
			!strings.Contains(inner.Error(), "waits for itself") {
			t.Errorf("%v; %v", inner, err)
		}
		if d := time.Since(started); d < 30*time.Second || d > 31*time.Second {
			t.Errorf("took %v", d)
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, err = updateWithRetry(ctx, c.core, c.api.trait, []string{"A"}, func(*miniContact) error {
			_, inner = updateWithRetry(ctx, c.core, c.api.trait, []string{"A"}, increments, nil)
			return ErrSkip
		}, nil)
		if !errors.Is(inner, context.DeadlineExceeded) || err != nil {
			t.Errorf("%v; %v", inner, err)
		}
	})
}

// The error of a helper names counts and kind, and neither key nor token.
func TestUpdateErrorText(t *testing.T) {
	e := &UpdateError{
		Op: "updateContact", Key: []string{"secret-key"}, Kind: ErrConflict, Cause: CauseAttempts, Sent: "17", Current: "18",
		Writes: 10, Reads: 1, Conflicts: 10, Path: "/info", Err: errors.New("last"),
	}
	const want = "updateContact: the revision is stale (attempts) at /info after 10 writes, 1 read, 10 conflicts: last"
	if e.Error() != want {
		t.Errorf("have %s\nwant %s", e, want)
	}
}

// The hooks are called where their names say, and the one before a write can refuse it.
func TestHooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := converse(t, []turn{reads(0), writes(0, 1), reads(1)})
		var seen []string
		refuse := errors.New("refused by the hook")
		h := Hooks{
			OnAttempt: func(_ context.Context, i AttemptInfo) {
				seen = append(seen, fmt.Sprintf("attempt %d %v", i.Attempt, i.Resend))
			},
			BeforeWrite: func(_ context.Context, base, desired, diff json.RawMessage) error {
				seen = append(seen, string(diff))
				if bytes.Contains(base, []byte(`"jobTitle":"1"`)) {
					return refuse
				}
				return nil
			},
		}
		update := func() error {
			_, err := updateWithRetry(context.Background(), c.core, c.api.trait, []string{"A"}, increments, []CallOption{WithHooks(h)})
			return err
		}
		if err := update(); err != nil {
			t.Error(err)
		}
		if err := update(); !errors.Is(err, refuse) || !errors.Is(err, ErrMutate) {
			t.Error(err)
		}
		if got := strings.Join(seen, "; "); got != `{"jobTitle":"1"}; attempt 1 false; {"jobTitle":"2"}` {
			t.Error(got)
		}
	})
}

// Every call leaves one record, without key, token or values; only who debugs sees the token.
func TestRecord(t *testing.T) {
	const want = `level=INFO msg="minis guarded write" guarded.operation=updateContact guarded.outcome=updated guarded.writes=1 ` +
		`guarded.reads=1 guarded.conflicts=0 guarded.stale_reads=0 guarded.suspect_conflicts=0 guarded.wait_ms=0 guarded.budget_denied=false`
	for level, want := range map[slog.Level]string{
		slog.LevelWarn:  "",
		slog.LevelInfo:  want + "\n",
		slog.LevelDebug: want + " guarded.revision=2\n",
	} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			}}))
			c := converse(t, []turn{reads(0), writes(0, 1)}, WithLogger(log))
			if _, err := updateWithRetry(context.Background(), c.core, c.api.trait, []string{"A"}, increments, nil); err != nil {
				t.Fatal(err)
			}
			got := ""
			for line := range strings.Lines(out.String()) {
				if strings.Contains(line, "guarded") {
					got += line
				}
			}
			if got != want {
				t.Errorf("%v:\nhave %s\nwant %s", level, got, want)
			}
		})
	}
}
