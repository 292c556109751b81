//contactsgen:feature bulk-write
//contactsgen:part bulk

// Operations that write many resources in one request, each with a revision of its own: chunks, and what became of each item.

package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"slices"
	"strconv"
	"time"
)

// bulkUpdate makes the same edit of many resources with an operation that writes many at once.
func bulkUpdate[K, T any](ctx context.Context, c *core, t *bulkDescriptor, keys iter.Seq[K], parts func(K) []string, mutate func(*T) error,
	opts []CallOption) iter.Seq2[BulkItem[K, T], error] {
	return func(yield func(BulkItem[K, T], error) bool) {
		b, err := c.bulk(opts, t.op, t.each.read)
		if err == nil {
			err = c.readsWhole(t.op, t.each.read, b.o)
		}
		if err != nil {
			yield(BulkItem[K, T]{}, err)
			return
		}
		var items []BulkItem[K, T]
		begun, over := 0, false
		settle := func(last bool) bool {
			if last && !over {
				b.progress.Total = int64(begun)
			}
			ends := b.settle(ctx, c, t, len(items), func(i int) *guardedWrite {
				w := &guardedWrite{c: c, t: t.each, key: parts(items[i].Key), empty: func() any { return new(T) }}
				w.want = editOf(w, mutate)
				return w
			})
			for i, end := range ends {
				if end.panicked != nil {
					panic(end.panicked)
				}
				items[i].Value, _ = end.value.(*T)
				items[i].Report = end.report
				b.settled(end.report, end.err)
				if !yield(items[i], end.err) {
					return false
				}
				b.passed(items[i].Index)
			}
			clear(items)
			items = items[:0]
			return true
		}
		for key := range keys {
			if len(items) == t.limit && !settle(false) {
				return
			}
			items = append(items, BulkItem[K, T]{Index: begun, Key: key})
			begun++
			if over = ctx.Err() != nil; over {
				break
			}
		}
		if len(items) > 0 {
			settle(true)
		}
	}
}

// bulkEnd is what became of an item.
type bulkEnd struct {
	value    any
	err      error
	panicked any
	report   Report
}

// settle brings as many items to their ends as one request holds.
func (b *bulk) settle(ctx context.Context, c *core, t *bulkDescriptor, n int, call func(int) *guardedWrite) []bulkEnd {
	ch := &chunk{b: b, c: c, t: t}
	ends := make([]bulkEnd, n)
	runs, owners := make([]*run, n), make([]*party, n)
	byKey := map[string]*party{}
	for i := range n {
		o := b.optionsFor(&ends[i].report)
		o.arguments = withoutArguments(o.arguments, t.op) // those of the request as a whole
		r := call(i).newRun(ctx, o)
		if ch.watch == nil {
			ch.watch = r.watch
		}
		r.watch = ch.watch
		p := byKey[r.queueKey()]
		if p == nil {
			p = &party{chunk: ch}
			byKey[r.queueKey()] = p
			ch.parties = append(ch.parties, p)
		}
		p.runs = append(p.runs, r)
		runs[i], owners[i] = r, p
	}
	ch.settle(ctx)
	for i, r := range runs {
		if owners[i].panicked != nil && r.report.Outcome == "" && r.err == nil {
			ends[i].panicked = owners[i].panicked
			continue
		}
		ends[i].value, ends[i].err = r.end()
	}
	return ends
}

func withoutArguments(all []*arguments, op *operation) []*arguments {
	var rest []*arguments
	for _, a := range all {
		if a.op != op {
			rest = append(rest, a)
		}
	}
	return rest
}

// writeAll sends what all parties have to send in one request, and gives each its part of the answer.
func (ch *chunk) writeAll(ctx context.Context, parties []*party) {
	ch.paid, ch.earned = nil, false
	a, err := ch.send(ctx, parties)
	var lost *transportError
	switch {
	case errors.As(err, &lost) && ch.t.op.succeeds(lost.status):
		// A success says nothing of the items when its body is lost.
		unread := *lost
		unread.status = 0
		err = &unread
	case err == nil || isAccepted(err):
		ch.deal(a, parties)
		return
	}
	for _, p := range parties {
		p.at.a, p.at.err = a, err
	}
}

// isAccepted reports whether an error is a success that the description does not declare. What it says of items counts.
func isAccepted(err error) bool {
	e, ok := wrapped[*APIError](err)
	return ok && e.accepted
}

// send makes the request.
func (ch *chunk) send(ctx context.Context, parties []*party) (*response, error) {
	var list bytes.Buffer
	for i, p := range parties {
		list.WriteByte("[,"[min(i, 1)])
		list.Write(p.at.r.sent.request.body)
	}
	list.WriteByte(']')
	doc, err := ch.t.items.set(nil, list.Bytes())
	if err != nil {
		return nil, err
	}
	r, err := ch.c.request(ch.t.op, nil, requestBody{raw: doc}, ch.b.o)
	if err != nil {
		return nil, err
	}
	r.time, r.completes = ch.watch, true
	return ch.c.exchange(ctx, r)
}

var errNoItemResult = errors.New("the answer does not say what became of an item")

// deal gives each party what the answer says of its item. What it says nothing of may have been written or not.
func (ch *chunk) deal(a *response, parties []*party) {
	var results []json.RawMessage
	raw, _ := ch.t.results.get(a.body)
	if validJSON(a.body) {
		_ = json.Unmarshal(raw, &results) // anything but a list says nothing of any item
	}
	refused := false
	for i, p := range parties {
		p.at.a, p.at.err = ch.t.itemResponse(ch.c, a, ch.t.resultOf(results, i, p.at.r))
		refused = refused || errors.Is(p.at.err, ErrConflict)
	}
	if refused {
		ch.refused++
	}
}

// resultOf finds what the results say of the item at a place in the request; nil when they don't.
func (t *bulkDescriptor) resultOf(results []json.RawMessage, index int, r *run) json.RawMessage {
	if t.index == "" && t.id == "" {
		if index < len(results) {
			return results[index]
		}
		return nil
	}
	for _, result := range results {
		if t.index != "" && text(valueAt(t.index, result)) != strconv.Itoa(index) {
			continue
		}
		if id := text(valueAt(t.id, result)); t.id != "" && id != "" && id != r.key[0] {
			continue
		}
		return result
	}
	return nil
}

// itemResponse is the answer to one item, as if it had been written alone.
func (t *bulkDescriptor) itemResponse(c *core, whole *response, result json.RawMessage) (*response, error) {
	op := t.each.write
	if result == nil {
		return nil, &transportError{api: c.d.name, op: op, err: errNoItemResult, sent: true}
	}
	a := &response{status: whole.status, header: whole.header, body: result, resent: whole.resent}
	if status := wholeNumber(valueAt(t.status, result), 0); t.status != "" && status != 0 {
		a.status = int(status)
	}
	if t.succeeded(a) {
		return a, nil
	}
	e := c.parseError(op, a)
	e.class = op.classify(a, e)
	e.ambiguous = e.class != ErrConflict && leavesDoubt(a.status)
	return a, e
}

// succeeded reports whether a result is that of an item that was written.
func (t *bulkDescriptor) succeeded(a *response) bool {
	if t.success == "" {
		return 200 <= a.status && a.status <= 299
	}
	return string(valueAt(t.success, a.body)) == "true"
}

// bulkDescriptor is how an operation writes many resources at once, each with a token and an end of its own.
type bulkDescriptor struct {
	op    *operation
	items pointer // the list in the request
	limit int     // of items in a request
	// each is the guarded write that an item is: its body is the item, its answer what the results say of the item.
	each *revisionDescriptor

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
	t       *bulkDescriptor
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
	ready    bool // the queue is the party's, or none is wanted
	last     *run // that had the turn; nil when it was left
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
	a    *response
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
	defer ch.leaveQueues()
	ch.enterQueues(ctx)
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
			goOnAll(reads)
		case len(writes) > 0:
			ch.writeAll(ctx, writes)
			goOnAll(writes)
		case len(waits) > 0:
			ch.waitFor(ctx, waits)
			goOnAll(waits)
		default:
			return
		}
	}
}

// enterQueues takes the resources, in an order that all bulk writes share: two of them never wait for each other.
func (ch *chunk) enterQueues(ctx context.Context) {
	byKey := map[string]*party{}
	for _, p := range ch.parties {
		byKey[p.runs[0].queueKey()] = p
	}
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		p := byKey[key]
		if p.ready = p.runs[0].enterQueue(ctx); p.ready {
			p.last = p.runs[0]
		}
	}
}

// leaveQueues lets go of what parties that were not played hold.
func (ch *chunk) leaveQueues() {
	for _, p := range ch.parties {
		p.leaveQueue()
	}
}

// leaveQueue gives the resource to whoever is next, with what the last call was answered with.
func (p *party) leaveQueue() {
	if p.last != nil {
		p.last.held, p.last.unlock = p.runs[0].held, p.runs[0].unlock
		p.last.leaveQueue()
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
func goOnAll(parties []*party) {
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
		defer p.leaveQueue()
		key := p.runs[0].queueKey()
		for i, r := range p.runs {
			if p.ready {
				if i > 0 {
					r.base = p.last.handed(key)
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

func (p *party) write(ctx context.Context, r *run) (*response, error) {
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
// take: there are as many as a request holds. Each read has what is left of it. For calls that wait for the resources it counts.
func (ch *chunk) readAll(ctx context.Context, parties []*party) {
	defer ch.watch.excuse()()
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
