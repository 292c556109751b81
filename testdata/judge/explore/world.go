package explore

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/testdata/judge/law"
	"github.com/contactsgen/contactsgen/testdata/judge/network"
)

// world is one schedule of a scenario while it runs.
type world struct {
	sc      *Scenario
	srv     *law.Server
	clients []any // by process
	calls   []*call
	rivals  []bool // whether each has written
	delayed []law.Request
	started time.Time

	mu      sync.Mutex
	pending []*flight
	auto    bool                   // requests are delivered at once
	seen    map[string][]state     // how each resource has been, as far as somebody looked
	handed  map[string][]string    // tokens of each answer that there was, also in other schedules
	since   []map[string]time.Time // when each token was last handed out, by process
	wake    chan struct{}
	steps   []string
	wrong   []Violation

	faults, decisions int
	far               bool // the server has asked for an absurd wait
	outrun            bool // a question what became of a merge was answered with what was before it
	throttled         bool // the server has asked for a wait, which may hold back whatever the client has to send
}

// call is a caller and what came of it.
type call struct {
	Caller
	who       int
	ctx       context.Context
	cancel    context.CancelFunc
	cancelled time.Time // zero unless the caller gave up
	dead      bool      // its process has ended
	done      bool
	results   []Result
	requests  int
	of        map[string]int // requests by path
	begun     time.Time
	ended     time.Time
	from      map[string]int // versions there were of each resource when it began
	conduct   conduct
}

// flight is a request on its way.
type flight struct {
	call    *call
	process int
	ordinal int // among the requests of its call
	turn    int // among those with its path
	http    *http.Request
	law     law.Request
	sent    time.Time
	outcome chan outcome
	tokens  []string // of a write
}

type outcome struct {
	response *http.Response
	err      error
}

type callKey struct{}

// name is what the server keeps of who sent a request.
func (c *call) name() string {
	if c == nil {
		return ""
	}
	return "caller" + strconv.Itoa(c.who)
}

func newWorld(sc *Scenario, handed map[string][]string) (*world, error) {
	onTheSecond()
	w := &world{sc: sc, srv: law.NewServer(sc.API), wake: make(chan struct{}, 1), auto: true, started: time.Now(),
		rivals: make([]bool, len(sc.Rivals)), seen: map[string][]state{}, handed: handed}
	for _, id := range sc.IDs {
		w.srv.Seed(id, startOf(sc.API))
	}
	for who, c := range sc.Callers {
		if sc.API.Merges {
			w.srv.Seed(c.Writer.Source(), fmt.Sprintf(`{"count":%d}`, c.Writer.Weight()))
		}
		for len(w.clients) <= c.Process {
			if err := w.boot(); err != nil {
				return nil, err
			}
		}
		one := &call{Caller: c, who: who, conduct: conduct{read: -1, sent: -1}, of: map[string]int{}}
		one.ctx, one.cancel = context.WithCancel(context.WithValue(context.Background(), callKey{}, one))
		w.calls = append(w.calls, one)
	}
	for _, client := range w.clients {
		if sc.Reads == nil {
			break
		}
		if err := sc.Reads(context.Background(), client, sc.IDs); err != nil {
			return nil, err
		}
	}
	w.auto = false
	return w, nil
}

// onTheSecond waits for the next whole second. Where dates are tokens, how far a second has gone decides what they are worth; worlds in
// which the same is decided have to begin alike.
func onTheSecond() {
	now := time.Now()
	time.Sleep(now.Truncate(time.Second).Add(time.Second).Sub(now))
}

// boot starts a process. Each has another constant for randomness, so that no two waits end at the same instant.
func (w *world) boot() error {
	process := len(w.clients)
	random := 0.37 + 0.21*float64(process)
	client, err := w.sc.Client(&transport{w, process}, func() float64 { return random })
	w.clients, w.since = append(w.clients, client), append(w.since, map[string]time.Time{})
	return err
}

// start begins a call, and returns when it waits.
func (w *world) start(c *call) {
	c.begun, c.from = time.Now(), map[string]int{}
	for _, id := range w.sc.IDs {
		c.from[id] = len(w.srv.History(id)) - 1
	}
	go func() {
		results := c.Call(c.ctx, w.clients[c.Process], c.Writer)
		w.mu.Lock()
		c.results, c.done, c.ended = results, true, time.Now()
		w.mu.Unlock()
		w.signal()
	}()
	synctest.Wait()
}

func (w *world) signal() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// over reports whether every call has ended; those of processes that ended do not count.
func (w *world) over() bool {
	return !slices.ContainsFunc(w.calls, func(c *call) bool { return !c.done })
}

// transport carries the requests of one process.
type transport struct {
	w       *world
	process int
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	one, _ := r.Context().Value(callKey{}).(*call)
	request, err := network.Request(r, one.name())
	if err != nil {
		return nil, err
	}
	f := &flight{call: one, process: t.process, http: r, law: request, sent: time.Now(), outcome: make(chan outcome, 1)}
	f.tokens = t.w.tokensOf(f)
	if refused := t.w.take(f); refused != nil {
		return nil, refused
	}
	select {
	case o := <-f.outcome:
		return o.response, o.err
	case <-r.Context().Done():
		t.w.forget(f)
		return nil, r.Context().Err()
	}
}

// take puts a request among those that wait for a decision, or delivers it.
func (w *world) take(f *flight) error {
	w.mu.Lock()
	c := f.call
	if c != nil {
		if c.dead {
			w.mu.Unlock()
			return network.ErrLost
		}
		c.requests++
		f.ordinal = c.requests
		c.of[f.law.Path]++
		f.turn = c.of[f.law.Path]
		if !c.cancelled.IsZero() && !w.sc.Combining {
			w.blame(Unbounded, "%s is sent after its caller gave up", f)
		}
	}
	if w.auto {
		w.mu.Unlock()
		w.deliver(f, network.Deliver)
		return nil
	}
	w.pending = append(w.pending, f)
	slices.SortStableFunc(w.pending, func(a, b *flight) int {
		return cmp.Or(a.order()-b.order(), strings.Compare(a.law.Path, b.law.Path))
	})
	w.mu.Unlock()
	w.signal()
	return nil
}

func (f *flight) order() int {
	if f.call == nil {
		return 1000 + f.process
	}
	return f.call.who
}

// forget drops a request that nobody waits for any more. What hung is not pending.
func (w *world) forget(f *flight) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending = slices.DeleteFunc(w.pending, func(p *flight) bool { return p == f })
}

// asks reports whether a request is a read of something else than what is written, to find out what became of that.
func (w *world) asks(f *flight) bool {
	id, _ := w.sc.API.ID(f.law.Path)
	return f.law.Method == http.MethodGet && !slices.Contains(w.sc.IDs, id)
}

// String says which request it is: the caller, its number, and what it does. A call for several resources may have requests under way at
// once, in any order; they are told apart by what they are about.
func (f *flight) String() string {
	name := fmt.Sprintf("process%d", f.process)
	if f.call != nil {
		name = fmt.Sprintf("caller%d#%d", f.call.who, f.ordinal)
	}
	if f.call != nil && len(f.call.Writer.IDs) > 1 {
		name = fmt.Sprintf("caller%d/%s#%d", f.call.who, path.Base(f.law.Path), f.turn)
	}
	what := "write"
	if f.law.Method == http.MethodGet {
		what = "read"
	}
	return name + ":" + what
}

// land has what was delayed arrive, behind what has just arrived.
func (w *world) land(before []law.Request) {
	w.delayed = slices.Delete(w.delayed, 0, len(before))
	for _, r := range before {
		w.srv.Serve(r)
	}
}

// rival lets somebody else write.
func (w *world) rival(i int) {
	w.rivals[i] = true
	before := slices.Clone(w.delayed)
	first, all := w.calls[0].Writer, w.srv.History(w.sc.IDs[0])
	if w.sc.Rivals[i] == RivalUndoes && len(all) < 2 {
		return // there is nothing to undo, and so nobody writes
	}
	w.srv.Write(w.sc.IDs[0], string(w.sc.Rivals[i]), func(info map[string]any) {
		switch w.sc.Rivals[i] {
		case RivalAdds:
			add(info, weightOf(rivalDigit))
		case RivalTwin:
			add(info, first.Weight())
		case RivalTags:
			tag(info, "tag-rival")
		case RivalRemove:
			info["removed"] = true
		case RivalSame:
			imitate(info, first)
		case RivalUndoes:
			clear(info)
			maps.Copy(info, all[len(all)-2].Info)
		}
	})
	w.land(before)
}

// pass lets time go on until something happens, and says whether anything did.
func (w *world) pass(limit time.Duration) bool {
	select {
	case <-w.wake:
	default:
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-w.wake:
		synctest.Wait()
		return true
	case <-timer.C:
		return false
	}
}

// crash ends a process.
func (w *world) crash(process int) {
	for _, c := range w.calls {
		if c.Process == process {
			c.dead = true
			c.cancel()
		}
	}
}

// note keeps a step, for the script of the schedule.
func (w *world) note(label string) { w.steps = append(w.steps, label) }

func (w *world) script() string { return strings.Join(w.steps, " ") }
