package explore

import (
	"net/http"
	"slices"

	"github.com/contactsgen/contactsgen/testdata/judge/law"
	"github.com/contactsgen/contactsgen/testdata/judge/network"
)

// How calls go about it is judged too: a call may end well and have been lucky.

// The kinds of violation in how a call goes about it.
const (
	Hasty     = "hasty"     // sent again without a look, after an answer that left doubt, or after a refusal for good
	Outdated  = "outdated"  // a write made on what was read before a wait
	Undecided = "undecided" // reported as ambiguous, though what was read last decides it
	GaveUp    = "gave up"   // failed, though nothing went wrong but that others wrote
	Costly    = "costly"    // more requests than needed, when nothing went wrong
)

// conduct is what is remembered of a call or a process for that.
type conduct struct {
	fate    network.Fate // of the last request
	read    int          // version that it read; -1: it was no read, or nothing came of it
	sent    int          // version that the last write was made on; -1: there was none
	refused bool         // for good
	tokens  []string     // that it sent
	stale   string       // the token that was refused last
	looked  bool         // the last request was a read of what is written
	asked   bool         // the last request asked what became of a merge, and was answered
}

// observe looks at a request before it meets its fate.
func (w *world) observe(f *flight, fate network.Fate) {
	if f.call == nil || len(w.sc.IDs) > 1 {
		return
	}
	c, reading := &f.call.conduct, f.law.Method == http.MethodGet
	if c.refused && !w.sc.Combining {
		w.blame(Hasty, "%s is sent after a refusal that no retry mends", f)
	}
	if !reading && leavesDoubt(c.fate) && c.read < 0 && c.sent >= 0 && f.call.Writer.Edit != Force && !w.sc.Forced && !w.sc.Combining {
		w.blame(Hasty, "%s is sent without a look, after the last one was %q", f, c.fate)
	}
	c.fate, c.read, c.looked, c.asked = fate, -1, reading && !w.asks(f), w.asks(f) && fate == network.Deliver
	if reading {
		if fate == network.Deliver {
			c.read = w.srv.Versions(w.sc.IDs[0]) - 1
		}
		return
	}
	c.refused = fate == network.Rejected
	for _, token := range f.tokens {
		if token == c.stale && w.sc.API.Order != "content" { // there, it may have come back
			w.blame(Hasty, "%s has the token that was refused", f)
		}
		c.sent = w.versionOf(token)
		at, known := w.since[f.process][token]
		if waited := known && at.Before(f.sent) && !slices.Contains(c.tokens, token); waited && !f.call.Writer.Copy && !w.throttled {
			w.blame(Outdated, "%s was made on a state that was read %v ago", f, f.sent.Sub(at))
		}
		c.tokens = append(c.tokens, token)
	}
}

// heard looks at the answer to a request.
func (w *world) heard(f *flight, a law.Answer, fate network.Fate) {
	if f.call != nil && len(f.tokens) == 1 && a.Status == w.sc.API.Stale && fate != network.Rejected {
		f.call.conduct.stale = f.tokens[0]
	}
}

// leavesDoubt reports whether a client cannot know whether a write with this fate was applied.
func leavesDoubt(f network.Fate) bool {
	switch f {
	case network.LostBefore, network.LostAfter, network.Delayed, network.FailedBefore, network.FailedAfter, network.Gateway, network.TimedOut,
		network.HungBefore, network.HungAfter, network.Torn:
		return true
	}
	return false
}

// versionOf is the number of the newest version that a token names; -1 is none.
func (w *world) versionOf(token string) int {
	all := w.srv.History(w.sc.IDs[0])
	for i, v := range slices.Backward(all) {
		if w.sc.API.TokenText(v.Number) == token {
			return i
		}
	}
	return -1
}

// judgeDoubt looks at a call that ended as ambiguous: what it read last may have decided it.
func (w *world) judgeDoubt(c *call, all []state) {
	last := c.conduct
	if last.read < 0 || last.sent < 0 || !c.cancelled.IsZero() || w.sc.Combining {
		return
	}
	base, now := all[last.sent], all[last.read]
	follows := w.sc.API.Payload != law.Actions && w.sc.API.Order == "increments" && last.read == last.sent+1
	switch {
	case last.asked:
		w.blame(Undecided, "caller %d has asked whether its merge took place, was answered, and is told that nobody knows", c.who)
	case (c.Writer.Edit == Ensure || c.Writer.Edit == Set) && now.holds(c.Writer):
		w.blame(Undecided, "caller %d wants what is so, as it has read, and is told that nobody knows", c.who)
	case follows && base.same(now, c.Writer.Edit) && c.Writer.Edit != Force:
		w.blame(Undecided, "caller %d has read that the one write since was somebody else's, and is told that nobody knows", c.who)
	}
}

// same reports whether what an edit changes is as it was.
func (s state) same(now state, edit Edit) bool {
	switch edit {
	case Add:
		return s.count == now.count
	case Append, Ensure:
		return slices.Equal(s.tags, now.tags)
	}
	return s.letters == now.letters
}

// judgeCost counts requests where nothing went wrong: callers of one process need one read together, when every answer is known to be
// whole.
func (w *world) judgeCost() {
	quiet := len(fatesIn(w.steps)) == 0 && !slices.Contains(w.rivals, true)
	if !quiet || !w.sc.API.Vouched || w.sc.Lanes == 0 || len(w.clients) > 1 {
		return
	}
	requests := 0
	for _, c := range w.calls {
		requests += c.requests
	}
	if most := len(w.calls) + 1; requests > most {
		w.blame(Costly, "%d requests for %d callers in one lane, and %d are enough", requests, len(w.calls), most)
	}
}
