package explore

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contactsgen/contactsgen/testdata/judge/law"
	"github.com/contactsgen/contactsgen/testdata/judge/network"
)

// Bounds are how far the explorer goes.
type Bounds struct {
	Depth  int // requests of a schedule that may meet any fate; those behind are delivered one after the other
	Faults int // fates of a schedule that are not [network.Deliver], at most
	Most   int // schedules of a scenario; 0 is all. What is cut off is said.

	Without []network.Fate // that are left out
}

// move is one decision: a request and its fate, a rival, a caller who gives up waiting, or time.
type move struct {
	label   string
	request string // "caller0#1:read"; "" is no request
	fate    network.Fate
	rival   int // of the scenario; -1
	cancel  int // a caller; -1
	pass    bool
	actor   int // process; rivals are below 0; two moves of one actor never change places
	touches footprint
}

// independent reports whether two moves can change places without anybody noticing.
func (m move) independent(other move, delayed bool) bool {
	if m.pass || other.pass || m.cancel >= 0 || other.cancel >= 0 || m.actor == other.actor {
		return false
	}
	if delayed || m.fate.Late() || other.fate.Late() {
		return m.touches == touchesNothing && other.touches == touchesNothing && !m.fate.Late() && !other.fate.Late()
	}
	return m.touches == touchesNothing || other.touches == touchesNothing || m.touches == reads && other.touches == reads
}

// node is a decision that was made, and those that can still be made in its place.
type node struct {
	moves   []move
	chosen  int
	sleep   []move // their schedules were gone through elsewhere, in another order
	delayed bool   // something is on its way that will arrive after the next request
}

// search goes through the schedules of a scenario depth first.
type search struct {
	sc     *Scenario
	bounds Bounds
	path   []node
	tally  Tally
	found  *finds

	handed map[string][]string // tokens of each answer that there was

	misled string // the request that was not there when the same decisions were made again
	again  int    // how often the schedule was begun anew because of that
}

// Tally is what came of a scenario.
type Tally struct {
	Schedules int
	Pruned    int // of which another order of the same was gone through
	Cut       bool
	Calls     map[string]int // how calls ended
	Count     map[string]int // violations by kind
}

// perBubble is how many schedules share a bubble; a goroutine that is left over is found at the end of each.
const perBubble = 256

// run goes through all schedules.
func (s *search) run(t *testing.T) {
	t.Helper()
	s.tally.Calls, s.tally.Count = map[string]int{}, map[string]int{}
	for more := true; more; {
		synctest.Test(t, func(t *testing.T) {
			for range perBubble {
				if more = s.once(t, nil); !more {
					return
				}
			}
		})
	}
}

// mostAgain is how often a schedule is begun anew that did not repeat: two callers who go on at the same instant may do so in either order.
const mostAgain = 100

// once runs the next schedule, and says whether there are more. With a script, that is followed instead.
func (s *search) once(t *testing.T, script []string) (more bool) {
	t.Helper()
	if s.handed == nil {
		s.handed = map[string][]string{}
	}
	w, err := newWorld(s.sc, s.handed)
	if err != nil {
		t.Fatalf("%s: %v", s.sc.Name, err)
	}
	for _, c := range w.calls {
		w.start(c)
	}
	at, pruned := 0, false
	for !w.over() {
		m, ok := s.next(w, at, script)
		if !ok {
			pruned = true
			break
		}
		at++
		w.note(m.label)
		if !s.do(w, m) {
			break
		}
	}
	if s.misled != "" && s.again < mostAgain {
		s.finish(w, true)
		s.again, s.misled = s.again+1, ""
		return true
	}
	if s.misled != "" {
		w.blame(Unrepeatable, "there is no %s, though the same was decided", s.misled)
	}
	s.again, s.misled = 0, ""
	s.finish(w, pruned)
	if script != nil {
		return false
	}
	return s.backtrack(w, pruned)
}

// next is the decision at a point of the schedule: the one that was settled before, or the first of those that are new.
func (s *search) next(w *world, at int, script []string) (move, bool) {
	if script != nil {
		return s.scripted(w, at, script), true
	}
	if at < len(s.path) {
		n := s.path[at]
		return n.moves[n.chosen], true
	}
	n := node{moves: s.moves(w), delayed: len(w.delayed) > 0}
	if at > 0 {
		last := s.path[at-1]
		m := last.moves[last.chosen]
		for _, z := range slices.Concat(last.sleep, last.moves[:last.chosen]) {
			if z.independent(m, last.delayed) {
				n.sleep = append(n.sleep, z)
			}
		}
	}
	n.moves = slices.DeleteFunc(n.moves, func(m move) bool {
		return slices.ContainsFunc(n.sleep, func(z move) bool { return z.label == m.label })
	})
	if len(n.moves) == 0 {
		return move{}, false
	}
	s.path = append(s.path, n)
	return n.moves[0], true
}

// moves are the decisions that can be made now, the undisturbed one first.
func (s *search) moves(w *world) (out []move) {
	w.mu.Lock()
	defer w.mu.Unlock()
	free := w.decisions < s.bounds.Depth
	faulty := free && w.faults < s.bounds.Faults
	if len(w.pending) == 0 {
		out = append(out, move{label: "wait", pass: true, rival: -1, cancel: -1, actor: -1000})
		for _, c := range w.calls {
			if faulty && !c.done && c.cancelled.IsZero() && !c.dead {
				out = append(out, move{label: fmt.Sprintf("caller%d:gives-up-waiting", c.who), rival: -1, cancel: c.who, actor: c.Process})
			}
		}
		return out
	}
	for i, f := range w.pending {
		if i > 0 && !free {
			break
		}
		if s.sc.Symmetric && f.ordinal == 1 && slices.ContainsFunc(w.calls, func(c *call) bool { return c.who < f.order() && !w.decided(c) }) {
			continue
		}
		fates := network.WriteFates
		if f.law.Method == http.MethodGet {
			fates = network.ReadFates
		}
		for _, fate := range fates {
			if fate != network.Deliver && !faulty {
				break
			}
			if w.senseless(f, fate) || slices.Contains(s.bounds.Without, fate) {
				continue
			}
			out = append(out, move{
				label: f.String() + "=" + string(fate), request: f.String(), fate: fate, rival: -1, cancel: -1, actor: f.process,
				touches: footprintOf(fate, f.law.Method),
			})
		}
	}
	for i, written := range w.rivals {
		alike := i > 0 && w.sc.Rivals[i] == w.sc.Rivals[i-1] && !w.rivals[i-1]
		if free && !written && !alike {
			out = append(out, move{label: string(w.sc.Rivals[i]), rival: i, cancel: -1, actor: -1 - i, touches: writes})
		}
	}
	if faulty && w.someoneSleeps() {
		out = append(out, move{label: "time-passes", pass: true, rival: -1, cancel: -1, actor: -1000})
	}
	return out
}

// decided reports whether the first request of a call has met its fate.
func (w *world) decided(c *call) bool {
	return c.requests > 1 || c.done || c.requests == 1 && !slices.ContainsFunc(w.pending, func(f *flight) bool { return f.call == c })
}

// someoneSleeps reports whether a caller waits for something else than an answer or its turn in a lane: then its next request can overtake
// one that is under way.
func (w *world) someoneSleeps() bool {
	return slices.ContainsFunc(w.calls, func(c *call) bool {
		return !c.done && !slices.ContainsFunc(w.pending, func(f *flight) bool { return f.process == c.Process })
	})
}

// senseless reports whether a fate is the same as another one here.
func (w *world) senseless(f *flight, fate network.Fate) bool {
	switch fate {
	case network.Stale:
		all := w.srv.History(w.sc.IDs[0])
		// A state before the newest that has the same date is one that nobody can tell from it.
		return len(all) < 2 || w.sc.API.TokenText(all[len(all)-2].Number) == w.sc.API.TokenText(all[len(all)-1].Number)
	case network.ThinID, network.ThinChange:
		return w.sc.API.Reply != law.Whole
	case network.Another:
		if f.law.Method == http.MethodGet { // who calls plainly looks for itself whose the answer is
			return w.asks(f) || f.call != nil && f.call.Writer.Plain
		}
		return w.sc.API.Reply != law.Whole
	case network.Rejected:
		return w.sc.API.Stale != http.StatusConflict
	case network.CrashBefore, network.CrashAfter, network.CrashLate, network.CancelBefore, network.CancelAfter, network.CancelLate:
		return f.call == nil
	}
	return false
}

// do makes a move, and says whether the world goes on.
func (s *search) do(w *world, m move) bool {
	defer synctest.Wait()
	switch {
	case m.label == "wait" && w.somethingPends():
		s.misled = "wait" // somebody went on at once who did not before
		return false
	case m.label == "wait":
		if !w.pass(patience) {
			w.blame(Unbounded, "nothing has happened for %v", patience)
			return false
		}
	case m.pass:
		w.faults++
		w.pass(overtaking)
	case m.cancel >= 0:
		w.faults++
		c := w.calls[m.cancel]
		c.cancelled = time.Now()
		c.cancel()
	case m.rival >= 0:
		w.rival(m.rival)
	default:
		f := w.find(m.request)
		if f == nil {
			s.misled = m.request
			return false
		}
		w.decisions++
		if m.fate != network.Deliver {
			w.faults++
		}
		w.deliver(f, m.fate)
	}
	return true
}

// somethingPends reports whether a request waits for a decision.
func (w *world) somethingPends() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.pending) > 0
}

const (
	patience   = 3 * time.Hour   // after which nothing will happen any more
	overtaking = 3 * time.Second // how long a request may be under way while others go on
)

// find takes a request out of those that wait.
func (w *world) find(name string) *flight {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.pending, func(f *flight) bool { return f.String() == name })
	if i < 0 {
		return nil
	}
	f := w.pending[i]
	w.pending = slices.Delete(w.pending, i, i+1)
	return f
}

// finish ends what is still under way, and judges.
func (s *search) finish(w *world, pruned bool) {
	w.mu.Lock()
	left := w.pending
	w.pending, w.auto = nil, true
	w.mu.Unlock()
	if pruned || !w.over() {
		for _, c := range w.calls {
			c.dead = true
			c.cancel()
		}
		for _, f := range left {
			f.outcome <- outcome{err: network.ErrLost}
		}
		synctest.Wait()
	}
	if !pruned {
		w.judge()
		s.count(w)
	}
	for _, c := range w.calls {
		c.cancel()
	}
	synctest.Wait()
}

// count adds a schedule to the tally.
func (s *search) count(w *world) {
	s.tally.Schedules++
	for _, c := range w.calls {
		for _, r := range c.results {
			s.tally.Calls[c.ending(r)]++
		}
	}
	for _, v := range w.wrong {
		s.tally.Count[v.Kind]++
		v.Scenario, v.Helper, v.Script, v.Fates = s.sc.Name, s.sc.API.Name+"/"+s.sc.Helper, w.script(), fatesIn(w.steps)
		s.found.add(v)
	}
}

// backtrack goes to the last decision that can be made in another way.
func (s *search) backtrack(_ *world, pruned bool) bool {
	if pruned {
		s.tally.Pruned++
	}
	if s.bounds.Most > 0 && s.tally.Schedules >= s.bounds.Most {
		s.tally.Cut = true
		return false
	}
	for len(s.path) > 0 {
		n := &s.path[len(s.path)-1]
		if n.chosen++; n.chosen < len(n.moves) {
			return true
		}
		s.path = s.path[:len(s.path)-1]
	}
	return false
}

// scripted is the move that a script says, or the undisturbed one behind its end.
func (s *search) scripted(w *world, at int, script []string) move {
	everything := search{sc: s.sc, bounds: Bounds{Depth: 1 << 20, Faults: 1 << 20}}
	all := everything.moves(w)
	if at < len(script) {
		for _, m := range all {
			if m.label == script[at] {
				return m
			}
		}
		w.blame(Unrepeatable, "step %d cannot be %s", at+1, script[at])
	}
	return all[0]
}
