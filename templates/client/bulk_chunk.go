//contactsgen:feature bulk-write
//contactsgen:part bulk

package client

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"
)

// bulkTrait is how an operation writes many resources at once, each with a token and an end of its own.
type bulkTrait struct {
	op    *operation
	items pointer // the list in the request
	limit int     // of items in a request
	// each is the guarded write that an item is: its body is the item, its answer what the results say of the item.
	each *revisionTrait

	results         pointer // the list in the answer
	index, id       pointer // in a result: the item's place in the request, its key; without both, results have the order of items
	success, status pointer // in a result: a boolean, an HTTP status
}

// chunk is as many items as one request holds, on their way to their ends. Each is a call like any other, as far as its
// callback, its reads, waits and decisions go; but they halt where they would send something, and when all of them have
// halted they go on together: first those that read, then those that write, in one request, then those that wait.
type chunk struct {
	b       *bulk
	c       *core
	t       *bulkTrait
	parties []*party
	watch   *stopwatch // of all its items
	refused int        // requests in which a token was refused
	paid    *bool      // whether the budget allowed to go on after the last request; nil: not asked yet
	earned  bool       // whether the last request was counted as a success
}

// party is the calls for one key. They follow one another, each from what the one before was answered with.
type party struct {
	chunk    *chunk
	runs     []*run
	ready    bool // the lane is the party's, or none is wanted
	last     *run // that had the lane; nil when it was left
	panicked any
	at       *halt // where the party stands; nil when it has ended

	yield func(*halt) bool
	next  func() (*halt, bool)
	stop  func()
}

// halt is where a call waits for the others.
type halt struct {
	kind  haltKind
	r     *run
	cheap bool          // of a read
	d     time.Duration // of a wait

	base *baseState
	a    *answer
	err  error
}

type haltKind uint8

const (
	haltRead haltKind = iota
	haltWrite
	haltWait
)

// settle brings all items to their ends.
func (ch *chunk) settle(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer ch.leaveLanes()
	ch.enterLanes(ctx)
	for _, p := range ch.parties {
		p.next, p.stop = iter.Pull(p.play(ctx))
		defer p.stop()
		defer cancel() // before: what still runs when a callback ends the goroutine must not send anything
		p.goOn()
	}
	for {
		reads, writes, waits := ch.standing(haltRead), ch.standing(haltWrite), ch.standing(haltWait)
		switch {
		case len(reads) > 0:
			ch.readAll(ctx, reads)
			goOn(reads)
		case len(writes) > 0:
			ch.writeAll(ctx, writes)
			goOn(writes)
		case len(waits) > 0:
			ch.waitFor(ctx, waits)
			goOn(waits)
		default:
			return
		}
	}
}

// enterLanes takes the resources, in an order that all bulk writes share: two of them never wait for each other.
func (ch *chunk) enterLanes(ctx context.Context) {
	byLane := map[string]*party{}
	for _, p := range ch.parties {
		byLane[p.runs[0].lane()] = p
	}
	for _, lane := range slices.Sorted(maps.Keys(byLane)) {
		p := byLane[lane]
		if p.ready = p.runs[0].enterLane(ctx); p.ready {
			p.last = p.runs[0]
		}
	}
}

// leaveLanes lets go of what parties that were not played hold.
func (ch *chunk) leaveLanes() {
	for _, p := range ch.parties {
		p.leaveLane()
	}
}

// leaveLane gives the resource to whoever is next, with what the last call was answered with.
func (p *party) leaveLane() {
	if p.last != nil {
		p.last.held = p.runs[0].held
		p.last.leaveLane()
		p.last = nil
	}
}

// standing are the parties that stand at halts of a kind.
func (ch *chunk) standing(kind haltKind) []*party {
	var out []*party
	for _, p := range ch.parties {
		if p.at != nil && p.at.kind == kind {
			out = append(out, p)
		}
	}
	return out
}

// goOn lets parties go on to where they halt next, one after the other: callbacks of a bulk write never run at the same
// time.
func goOn(parties []*party) {
	for _, p := range parties {
		p.goOn()
	}
}

// goOn lets the party go on to where it halts next, or to its end.
func (p *party) goOn() {
	defer func() {
		if p.panicked = recover(); p.panicked != nil {
			p.at = nil
		}
	}()
	if h, more := p.next(); more {
		p.at = h
		return
	}
	p.at = nil
}

// play makes the calls of the party.
func (p *party) play(ctx context.Context) iter.Seq[*halt] {
	return func(yield func(*halt) bool) {
		p.yield = yield
		defer p.leaveLane()
		lane := p.runs[0].lane()
		for i, r := range p.runs {
			if p.ready {
				if i > 0 {
					r.base = p.last.handed(lane)
				}
				p.last, r.via, r.clock = r, p, partyClock{r.clock, p, r}
				r.follow(ctx)
			} else {
				r.err = p.runs[0].err
			}
			r.finish(ctx)
		}
	}
}

// halt waits for the others. What it returns is false when the loop over the items has ended.
func (p *party) halt(h *halt) bool { return p.yield(h) }

func (p *party) read(ctx context.Context, r *run, cheap bool) (*baseState, error) {
	h := &halt{kind: haltRead, r: r, cheap: cheap}
	if !p.halt(h) {
		return nil, context.Cause(ctx)
	}
	return h.base, h.err
}

func (p *party) write(ctx context.Context, r *run) (*answer, error) {
	h := &halt{kind: haltWrite, r: r}
	if !p.halt(h) {
		return nil, context.Cause(ctx)
	}
	return h.a, h.err
}

// attempts shares the limit among all items: a request in which tokens were refused counts for each of them.
func (p *party) attempts(r *run) int { return max(r.attempts, p.chunk.refused) }

// withdraw pays once for a request, whatever number of items it had.
func (p *party) withdraw(r *run) bool {
	if p.chunk.paid == nil {
		paid := r.w.c.budget.withdraw(retryCost)
		p.chunk.paid = &paid
	}
	return *p.chunk.paid
}

func (p *party) refund(r *run) {
	if !p.chunk.earned {
		p.chunk.earned = true
		r.w.c.budget.refund(successfulCost)
	}
}

// partyClock is a clock on which a call waits together with the others.
type partyClock struct {
	Clock
	p *party
	r *run
}

func (c partyClock) Sleep(ctx context.Context, d time.Duration) error {
	h := &halt{kind: haltWait, r: c.r, d: d}
	if !c.p.halt(h) {
		return context.Cause(ctx)
	}
	return h.err
}

// readAll reads the resources of all parties, several at the same time. The time it takes is no part of what a helper may
// take: there are as many as a request holds. Each read has what is left of it.
func (ch *chunk) readAll(ctx context.Context, parties []*party) {
	ch.watch.pause()
	defer ch.watch.resume()
	l := newLineup[*halt](ctx, ch.b.concurrency())
	defer l.close()
	for _, p := range parties {
		for !l.admits() {
			l.first()
		}
		l.begin(p.at, func(ctx context.Context, h **halt) error {
			(*h).base, (*h).err = (*h).r.fetch(ctx, (*h).cheap)
			return nil
		})
	}
	for len(l.calls) > 0 {
		l.first()
	}
}

// waitFor waits once for all parties: as long as the first one would, or as the server asked for.
func (ch *chunk) waitFor(ctx context.Context, parties []*party) {
	d := parties[0].at.d
	for _, p := range parties {
		if p.at.r.pause.asked {
			d = max(d, p.at.d)
		}
	}
	err := ch.c.clock.Sleep(ctx, d)
	for _, p := range parties {
		p.at.err = err
	}
}
