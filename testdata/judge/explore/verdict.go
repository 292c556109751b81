package explore

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/contactsgen/contactsgen/testdata/judge/law"
	"github.com/contactsgen/contactsgen/testdata/judge/network"
)

// Violation is a promise that a schedule broke.
type Violation struct {
	Kind     string
	Helper   string
	Fates    []string // that made it happen, in the order of their names
	What     string
	Scenario string
	Script   string // what was decided, step by step; it replays
}

// The kinds of violation.
const (
	Lost      = "lost"      // what somebody was told was written is gone, or success was reported and nothing was applied
	TwiceDone = "twice"     // one call was applied more than once
	Dishonest = "dishonest" // what was said is not so: of an error, that nothing was applied; of a result, that the resource is like that
	Unbounded = "unbounded" // too many requests, too much time, or something is held
	Unread    = "token"     // a token was sent that nobody had handed out

	// Unseen is what comes of a request that arrives twice where no client can see it, when the second answer is a refusal: the client
	// takes that for a conflict with somebody else. It is a limit of what can be known, and no violation.
	Unseen = "duplicated unseen"
	// Outrun is what comes of a question whether a merge took place, when what answers it lags behind what was merged into: it says no, and
	// nothing shows that it is late. It is a limit, too.
	Outrun = "answered late"

	Unrepeatable = "unrepeatable" // the same decisions led elsewhere: the fault is the explorer's, or what is judged is not free of chance
)

// Limits of a call, as the law and the pages have them.
const (
	mostRequests = 36 // twice 10 writes, and 16
	mostTime     = 45 * time.Second
	mostFar      = 15 * time.Minute // when the server has asked for a wait of many years
	mostAfter    = 10 * time.Millisecond
)

// Digits of the count that belong to others than the callers.
const (
	rivalDigit = 4
	probeDigit = 6
)

func (w *world) blame(kind, format string, args ...any) {
	w.wrong = append(w.wrong, Violation{Kind: kind, What: fmt.Sprintf(format, args...)})
}

// judge says what is wrong with a schedule that has ended.
func (w *world) judge() {
	w.land(append([]law.Request(nil), w.delayed...))
	probes := w.probe()
	for _, id := range w.sc.IDs {
		done := w.transitions(id)
		for _, c := range append(probes, w.calls...) {
			w.judgeCall(c, id, done[c.who])
		}
	}
	for _, c := range append(probes, w.calls...) {
		w.judgeBounds(c)
	}
	w.judgeCost()
}

// unlessUnseen gives a kind of violation, or that it is none where a request arrived twice unseen.
func (w *world) unlessUnseen(kind string) string {
	switch {
	case slices.Contains(fatesIn(w.steps), string(network.Twice)):
		return Unseen
	case w.outrun:
		return Outrun
	}
	return kind
}

// probe makes one more call in every process that lives: whoever holds something holds it up.
func (w *world) probe() (probes []*call) {
	if w.sc.Probe == nil {
		return nil
	}
	for process := range w.clients {
		if w.ended(process) {
			continue
		}
		c := &call{who: probeDigit, conduct: conduct{read: -1, sent: -1}, begun: time.Now(), from: map[string]int{}, of: map[string]int{}}
		c.Process, c.Writer = process, Writer{Who: probeDigit, IDs: w.sc.IDs[:1], Edit: Add}
		c.from[w.sc.IDs[0]] = len(w.srv.History(w.sc.IDs[0])) - 1
		ctx, cancel := context.WithTimeout(context.WithValue(context.Background(), callKey{}, c), patience)
		c.ctx, c.cancel = ctx, cancel
		c.results = w.sc.Probe(ctx, w.clients[process], c.Writer)
		c.done, c.ended = true, time.Now()
		cancel()
		for _, r := range c.results {
			if r.Err != nil {
				w.blame(Unbounded, "when all is over, one more call fails: %v", r.Err)
			}
		}
		return []*call{c} // one is enough: the others only differ when this one is wrong
	}
	return nil
}

// ended reports whether a process has crashed.
func (w *world) ended(process int) bool {
	for _, c := range w.calls {
		if c.Process == process && c.dead {
			return true
		}
	}
	return false
}

// deeds are the versions that a call made of one resource.
type deeds []int

// transitions goes through what a resource went through: each step is somebody's, and takes nothing away from others.
func (w *world) transitions(id string) map[int]deeds {
	done := map[int]deeds{}
	all, states := w.srv.History(id), w.states(id)
	for i := 1; i < len(all); i++ {
		by, ours := strings.CutPrefix(all[i].By, "caller")
		who, err := strconv.Atoi(by)
		if !ours || err != nil {
			continue
		}
		before, after := states[i-1], states[i]
		for _, name := range w.team(who) {
			for range name.deed(w.sc.API, &before, after) {
				done[name.Who] = append(done[name.Who], i)
			}
		}
		if one := w.team(who)[0]; one.Plain && len(done[who]) == 0 && after.holds(one) {
			done[who] = deeds{i} // a plain call writes what is so already, too
		}
		if w.replaces(who) {
			before.keep, before.removed = after.keep, after.removed
		}
		if what := before.differs(after); what != "" && !w.overwrites(who) {
			w.blame(Lost, "caller %d wrote over what is not its own: %s was %s and is %s", who, what, law.Text(all[i-1].Info), law.Text(all[i].Info))
		}
	}
	return done
}

// team are the writers whose edits a request of a caller may carry: those of its process, itself first.
func (w *world) team(who int) []Writer {
	if who == probeDigit {
		return []Writer{{Who: who, Edit: Add}}
	}
	team := []Writer{w.calls[who].Writer}
	if team[0].Plain {
		return team
	}
	for _, c := range w.calls {
		if c.Process == w.calls[who].Process && c.who != who {
			team = append(team, c.Writer)
		}
	}
	return team
}

// overwrites reports whether a caller may write over everything: that is what it asked for.
func (w *world) overwrites(who int) bool {
	return who != probeDigit && w.calls[who].Writer.Edit == Force && w.sc.API.Payload == law.Replace
}

// replaces reports whether a caller sends what its types hold in the place of everything: what they do not know, it wants gone.
func (w *world) replaces(who int) bool {
	return who != probeDigit && w.calls[who].Writer.Plain && w.sc.API.Payload == law.Replace
}

// judgeCall compares what a call said of a resource with what it did to it.
func (w *world) judgeCall(c *call, id string, did deeds) {
	repeats := c.Writer.Edit == Force || c.Writer.Idempotent
	if len(did) > 1 && !repeats {
		w.blame(w.unlessUnseen(TwiceDone), "caller %d, who %ss, was applied %d times", c.who, c.Writer.Edit, len(did))
	}
	if c.dead || !c.done {
		return
	}
	for _, r := range c.results {
		if r.ID != id {
			continue
		}
		switch {
		case r.Err == nil:
			w.judgeSuccess(c, r, did)
		case !r.Ambiguous && len(did) > 0:
			w.blame(w.unlessUnseen(Dishonest), "caller %d was applied, and told that it was not: %v", c.who, r.Err)
		case len(fatesIn(w.steps)) == 0 && !c.Writer.Declares && !(c.Writer.Plain && r.Conflict):
			w.blame(GaveUp, "caller %d failed, though nothing went wrong but that others wrote: %v", c.who, r.Err)
		case r.Ambiguous:
			w.judgeDoubt(c, w.states(id))
		}
	}
}

// judgeSuccess looks at a call that succeeded: it was applied once, or what it wants is so; and it returns how the resource was then.
func (w *world) judgeSuccess(c *call, r Result, did deeds) {
	all := w.states(r.ID)
	since := c.from[r.ID]
	switch {
	case len(did) > 0:
		since = did[0]
	case r.Outcome == "updated" && !c.Writer.Idempotent && !(w.sc.Combining && w.held(c.Writer, all[since:])):
		w.blame(Lost, "caller %d is told that it was applied, and was not", c.who)
		return
	case !w.held(c.Writer, all[since:]):
		w.blame(Lost, "caller %d is told %q, and what it wants never was", c.who, r.Outcome)
		return
	}
	if c.Writer.Plain && c.conduct.fate.Thins() {
		return // what is returned is what was answered
	}
	if r.Resource == nil || r.JSON != nil {
		w.blame(Dishonest, "caller %d succeeded (%s), and nothing is returned", c.who, r.Outcome)
		return
	}
	w.judgeResource(c, r, all, since)
}

// held reports whether what a writer wants was so in any of some versions.
func (w *world) held(by Writer, states []state) bool {
	for _, s := range states {
		if s.holds(by) {
			return true
		}
	}
	return false
}

// judgeResource looks for the version that was returned, among those since the call was applied.
func (w *world) judgeResource(c *call, r Result, all []state, since int) {
	var resource struct {
		ID      string
		Version any
		Info    map[string]any
	}
	d := json.NewDecoder(bytes.NewReader(r.Resource))
	d.UseNumber()
	if err := d.Decode(&resource); err != nil {
		w.blame(Dishonest, "caller %d is returned %s: %v", c.who, r.Resource, err)
		return
	}
	if resource.ID != r.ID {
		w.blame(Dishonest, "caller %d asked for %s and is returned %s", c.who, r.ID, r.Resource)
		return
	}
	if r.Derived && w.sc.API.Payload == law.Actions && !c.conduct.looked && c.cancelled.IsZero() {
		w.blame(Dishonest, "caller %d is returned what was before its action, and nobody looked what the action did", c.who)
		return
	}
	if r.Derived && (w.sc.API.Payload == law.Actions || c.Writer.Edit == Force) {
		return // what an action did, or what was overwritten without a look, is not known
	}
	got := stateOf(resource.Info)
	got.keep, got.removed, got.shapes = "", "", ""
	for i, s := range all {
		s.keep, s.removed, s.shapes = "", "", ""
		if got.differs(s) != "" {
			continue
		}
		if i >= since {
			return
		}
	}
	w.blame(Dishonest, "caller %d succeeded (%s) and is returned %s: the resource never was like that since it was applied; it is %s",
		c.who, r.Outcome, r.Resource, w.newest(r.ID))
}

// newest is how a resource is now.
func (w *world) newest(id string) string {
	all := w.srv.History(id)
	return law.Text(all[len(all)-1].Info)
}

// judgeBounds looks at what a call cost.
func (w *world) judgeBounds(c *call) {
	if most := mostRequests * len(c.Writer.IDs); c.requests > most {
		w.blame(Unbounded, "caller %d sent %d requests, and %d are the limit", c.who, c.requests, most)
	}
	if !c.done || c.dead {
		return
	}
	limit := mostTime
	if w.far || c.Writer.Plain { // each request of a plain call has a minute
		limit = mostFar
	}
	limit *= time.Duration(len(c.Writer.IDs)) // which one call may write one after the other
	if took := c.ended.Sub(c.begun); took > limit {
		w.blame(Unbounded, "caller %d took %v, and %v is the limit", c.who, took, limit)
	}
	if late := c.ended.Sub(c.cancelled); !c.cancelled.IsZero() && late > mostAfter {
		w.blame(Unbounded, "caller %d returned %v after it gave up", c.who, late)
	}
}

// inspect looks at the tokens of a request.
func (w *world) inspect(f *flight) {
	for _, token := range f.tokens {
		if _, known := w.since[f.process][token]; !known {
			w.blame(Unread, "%s has the token %s, which nobody has handed out", f, token)
		}
	}
}

// tokensOf are the tokens of a write.
func (w *world) tokensOf(f *flight) (tokens []string) {
	if f.law.Method == http.MethodGet {
		return nil
	}
	var body map[string]any
	read(f.law.Body, &body)
	bodies := []map[string]any{body}
	if items, many := body["things"].([]any); many {
		bodies = nil
		for _, item := range items {
			m, _ := item.(map[string]any)
			bodies = append(bodies, m)
		}
	}
	for _, b := range bodies {
		if token, given := w.sc.API.Sent(f.law, b); given && token != "*" {
			tokens = append(tokens, token)
		}
	}
	return tokens
}

// hand remembers the tokens of an answer.
func (w *world) hand(f *flight, a law.Answer) {
	answer := a.Header.Get(w.sc.API.ReadHeader()) + "\n" + string(a.Body)
	tokens, known := w.handed[answer]
	if !known {
		tokens = w.sc.API.Handed(a)
		w.handed[answer] = tokens
	}
	for _, token := range tokens {
		w.since[f.process][token] = time.Now()
	}
}

// ending says how a call ended, for the tally.
func (c *call) ending(r Result) string {
	switch {
	case c.dead:
		return "crashed"
	case r.Err == nil:
		return r.Outcome
	case r.Ambiguous:
		return "ambiguous"
	}
	return "failed"
}
