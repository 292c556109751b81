//contactsgen:feature processes
//contactsgen:part suites

package fake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// The suites take two values of an implementation that share what they keep, as two processes would. They are made for real databases and
// real time, and take a few seconds.

// SuiteTB is what suites need of a test; *testing.T and *testing.B have it.
type SuiteTB interface {
	TB
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
}

// LockerUnderTest is the client's Locker.
type LockerUnderTest interface {
	Lock(ctx context.Context, key string) (unlock func(), err error)
}

// LimiterUnderTest is the client's Limiter, with what it may have besides.
type LimiterUnderTest interface {
	Wait(ctx context.Context) error
}

// JournaledCallOf is the client's JournaledCall.
type JournaledCallOf interface {
	~struct{ Key, ID, Owner string }
}

// JournalUnderTest is the client's Journal.
type JournalUnderTest[C JournaledCallOf] interface {
	Open(ctx context.Context, call C) (intent []byte, settled bool, err error)
	Record(ctx context.Context, call C, intent []byte) error
	Settle(ctx context.Context, call C, done bool) error
}

// suiteTimeout bounds a suite.
const suiteTimeout = time.Minute

// runSuite gives each promise a context and a name that nothing else has.
func runSuite(t SuiteTB, kind string, promises map[string]func(s *suite)) {
	t.Helper()
	for promise, keep := range promises {
		ctx, done := context.WithTimeout(context.Background(), suiteTimeout)
		s := &suite{t, ctx, kind + ": " + promise, fmt.Sprintf("%s/%d/", kind, time.Now().UnixNano())}
		keep(s)
		done()
	}
}

// suite is one promise being looked at.
type suite struct {
	t       SuiteTB
	ctx     context.Context
	promise string
	prefix  string // of names
}

// not says that the promise is not kept.
func (s *suite) not(format string, args ...any) {
	s.t.Helper()
	s.t.Errorf("%s: %s", s.promise, fmt.Sprintf(format, args...))
}

// ok complains of an error.
func (s *suite) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.not("%v", err)
	}
}

// TestLocker holds an implementation of Locker to what calls of many processes need. one and other share their locks.
func TestLocker(t SuiteTB, one, other LockerUnderTest) {
	t.Helper()
	runSuite(t, "locker", map[string]func(*suite){
		"one call has a key": func(s *suite) { s.takesTurns(one, other) },
		"keys do not wait for one another": func(s *suite) {
			unlock := s.lock(s.ctx, one, "a")
			second := s.lock(s.ctx, one, "b")
			second()
			unlock()
		},
		"a wait ends with its context": func(s *suite) { s.givesUp(one, other) },
		"a lock is given back after its context": func(s *suite) {
			ctx, cancel := context.WithCancel(s.ctx)
			unlock := s.lock(ctx, one, "a")
			cancel()
			unlock()
			s.lock(s.ctx, other, "a")()
		},
		"any text is a key": func(s *suite) {
			for _, key := range []string{"", "é/%2F\x00\xff", strings.Repeat("long ", 2000)} {
				s.lock(s.ctx, one, key)()
			}
		},
	})
}

// lock takes a lock that is free. Where that fails there is nothing to give back.
func (s *suite) lock(ctx context.Context, locker LockerUnderTest, key string) (unlock func()) {
	s.t.Helper()
	unlock, err := locker.Lock(ctx, s.prefix+key)
	s.ok(err)
	if err == nil && unlock == nil {
		s.not("there is neither an error nor a function that gives the lock back")
	}
	if unlock == nil {
		return func() {}
	}
	return unlock
}

// takesTurns has many calls add to a number that nothing else guards.
func (s *suite) takesTurns(lockers ...LockerUnderTest) {
	var inside atomic.Int32
	var all sync.WaitGroup
	for i := range 8 {
		all.Add(1)
		go func() {
			defer all.Done()
			for range 5 {
				unlock, err := lockers[i%len(lockers)].Lock(s.ctx, s.prefix+"key")
				if err != nil {
					s.not("%v", err)
					return
				}
				if n := inside.Add(1); n != 1 {
					s.not("%d calls have it", n)
				}
				time.Sleep(time.Millisecond) //nolint:forbidigo // what it waits for is another process
				inside.Add(-1)
				unlock()
			}
		}()
	}
	all.Wait()
}

func (s *suite) givesUp(one, other LockerUnderTest) {
	unlock, err := one.Lock(s.ctx, s.prefix+"a")
	if err != nil {
		s.not("%v", err)
		return
	}
	ctx, done := context.WithTimeout(s.ctx, 100*time.Millisecond)
	defer done()
	started := time.Now()
	if _, err := other.Lock(ctx, s.prefix+"a"); !errors.Is(err, context.DeadlineExceeded) {
		s.not("the error is %v", err)
	}
	if took := time.Since(started); took > 10*time.Second {
		s.not("it took %v", took)
	}
	unlock()
	s.lock(s.ctx, other, "a")()
}

// TestLimiter holds an implementation of Limiter to so many requests in a period, and burst at once, for all processes together. one and
// other share their limit, and have to be fresh: nothing has gone through them. If they have a method Observe, a 429 has to hold back both.
func TestLimiter(t SuiteTB, one, other LimiterUnderTest, requests int, period time.Duration, burst int) {
	t.Helper()
	runSuite(t, "limiter", map[string]func(*suite){"the limit, a 429, and the end of a context": func(s *suite) {
		s.staysBelow(requests, period, burst, one, other)
		s.holdsBack(one, other)
		ctx, cancel := context.WithCancel(s.ctx)
		cancel()
		if err := one.Wait(ctx); !errors.Is(err, context.Canceled) {
			s.not("a wait whose context is over: %v", err)
		}
	}})
}

// staysBelow lets requests through for a while, and counts.
func (s *suite) staysBelow(requests int, period time.Duration, burst int, limiters ...LimiterUnderTest) {
	const waits = 40
	var all sync.WaitGroup
	var mu sync.Mutex
	var last time.Time
	started := time.Now()
	for i := range waits {
		all.Add(1)
		go func() {
			defer all.Done()
			if err := limiters[i%len(limiters)].Wait(s.ctx); err != nil {
				s.not("%v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			last = time.Now()
		}()
	}
	all.Wait()
	// The last of them cannot come before its time, whatever the machine does.
	if least := time.Duration(waits-burst) * period / time.Duration(requests); last.Sub(started) < least*95/100 {
		s.not("%d requests in %v, which is for %v", waits, last.Sub(started), least)
	}
	s.t.Logf("%d requests, of which %d may come at once, took %v", waits, burst, last.Sub(started).Round(time.Millisecond))
}

// holdsBack tells one limiter of a 429, and asks the other.
func (s *suite) holdsBack(one, other LimiterUnderTest) {
	observer, ok := one.(interface {
		Observe(ctx context.Context, status int, retryAfter time.Duration)
	})
	if !ok {
		return
	}
	const asked = 500 * time.Millisecond
	told := time.Now()
	observer.Observe(s.ctx, 429, asked)
	s.ok(other.Wait(s.ctx))
	if after := time.Since(told); after < asked*95/100 {
		s.not("a request went %v after a 429 that asks for %v", after, asked)
	}
	observer.Observe(s.ctx, 200, 0)
	s.ok(other.Wait(s.ctx))
}

// TestJournal holds an implementation of Journal to what calls need that may be killed. one and other share what they keep; takenOver is
// the client's ErrTakenOver.
func TestJournal[C JournaledCallOf](t SuiteTB, one, other JournalUnderTest[C], takenOver error) {
	t.Helper()
	call := func(s *suite, id, owner string) C { return C{Key: s.prefix + "key", ID: id, Owner: owner} }
	j := journalSuite[C]{one, other, takenOver, call}
	runSuite(t, "journal", map[string]func(*suite){
		"nothing is known of a new call": func(s *suite) { j.open(s, one, "id", "a", nil, false) },
		"an intent comes back as it was": j.keeps,
		"a call has one owner":           j.hasOneOwner,
		"a named call that was done stays done": func(s *suite) {
			s.ok(one.Record(s.ctx, call(s, "id", "a"), []byte("1")))
			s.ok(one.Settle(s.ctx, call(s, "id", "a"), true))
			j.open(s, other, "id", "b", nil, true)
			j.refused(s, other, "id", "b")
			s.ok(other.Settle(s.ctx, call(s, "id", "b"), false))
			j.open(s, other, "id", "c", nil, true)
		},
		"a call without a name is forgotten": func(s *suite) {
			s.ok(one.Record(s.ctx, call(s, "", "a"), []byte("1")))
			s.ok(one.Settle(s.ctx, call(s, "", "a"), true))
			j.open(s, other, "", "b", nil, false)
		},
		"a call that was not done is forgotten": func(s *suite) {
			s.ok(one.Record(s.ctx, call(s, "id", "a"), []byte("1")))
			s.ok(one.Settle(s.ctx, call(s, "id", "a"), false))
			j.open(s, other, "id", "b", nil, false)
		},
		"who was overtaken can still say that it was done, and nothing else": j.settlesLate,
		"calls are apart":                  j.apart,
		"one of many at once is the owner": j.race,
	})
}

type journalSuite[C JournaledCallOf] struct {
	one, other JournalUnderTest[C]
	takenOver  error
	call       func(s *suite, id, owner string) C
}

// open opens a call, and says what it should find.
func (j journalSuite[C]) open(s *suite, journal JournalUnderTest[C], id, owner string, want []byte, wantSettled bool) {
	s.t.Helper()
	intent, settled, err := journal.Open(s.ctx, j.call(s, id, owner))
	s.ok(err)
	if !bytes.Equal(intent, want) || settled != wantSettled {
		s.not("%d bytes, settled %v; want %d, %v", len(intent), settled, len(want), wantSettled)
	}
}

// refused has an owner record something that it may not.
func (j journalSuite[C]) refused(s *suite, journal JournalUnderTest[C], id, owner string) {
	s.t.Helper()
	if err := journal.Record(s.ctx, j.call(s, id, owner), []byte("not this")); !errors.Is(err, j.takenOver) {
		s.not("the error of Record is %v", err)
	}
}

func (j journalSuite[C]) keeps(s *suite) {
	for i, intent := range [][]byte{[]byte(`{"a":1}`), {0, 0xff, '\'', '"', '\\'}, bytes.Repeat([]byte("large "), 200_000)} {
		id := fmt.Sprint("id", i)
		s.ok(j.one.Record(s.ctx, j.call(s, id, "a"), []byte("before")))
		sent := bytes.Clone(intent)
		s.ok(j.one.Record(s.ctx, j.call(s, id, "a"), sent))
		clear(sent) // it is the caller's
		j.open(s, j.other, id, "b", intent, false)
		j.open(s, j.other, id, "c", intent, false)
	}
}

func (j journalSuite[C]) hasOneOwner(s *suite) {
	s.ok(j.one.Record(s.ctx, j.call(s, "id", "a"), []byte("1")))
	j.refused(s, j.other, "id", "b")
	j.open(s, j.other, "id", "b", []byte("1"), false)
	j.refused(s, j.one, "id", "a")
	s.ok(j.other.Record(s.ctx, j.call(s, "id", "b"), []byte("2")))
	j.open(s, j.one, "id", "c", []byte("2"), false)
}

func (j journalSuite[C]) settlesLate(s *suite) {
	s.ok(j.one.Record(s.ctx, j.call(s, "id", "a"), []byte("1")))
	j.open(s, j.other, "id", "b", []byte("1"), false)
	s.ok(j.one.Settle(s.ctx, j.call(s, "id", "a"), false))
	j.open(s, j.other, "id", "c", []byte("1"), false)
	s.ok(j.one.Settle(s.ctx, j.call(s, "id", "a"), true))
	j.open(s, j.other, "id", "d", nil, true)
}

func (j journalSuite[C]) apart(s *suite) {
	ids := []string{"id", "ID", "", "é/%2F\x00\xff", strings.Repeat("long ", 2000)}
	for i, id := range ids {
		s.ok(j.one.Record(s.ctx, j.call(s, id, "a"), []byte{byte(i)}))
	}
	for i, id := range ids {
		j.open(s, j.other, id, "b", []byte{byte(i)}, false)
	}
	s.ok(j.other.Settle(s.ctx, j.call(s, "id", "b"), true))
	j.open(s, j.one, "ID", "c", []byte{1}, false)
}

// race has many owners record and open one call.
func (j journalSuite[C]) race(s *suite) {
	var all sync.WaitGroup
	var recorded atomic.Int32
	for i := range 8 {
		all.Add(1)
		go func() {
			defer all.Done()
			journal := []JournalUnderTest[C]{j.one, j.other}[i%2]
			owner := j.call(s, "id", fmt.Sprint("owner", i))
			switch err := journal.Record(s.ctx, owner, []byte("intent")); {
			case err == nil:
				recorded.Add(1)
			case !errors.Is(err, j.takenOver):
				s.not("%v", err)
			}
		}()
	}
	all.Wait()
	if n := recorded.Load(); n != 1 {
		s.not("%d of 8 recorded a new call", n)
	}
}
