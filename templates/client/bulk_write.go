//contactsgen:feature bulk-write
//contactsgen:part bulk

package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strconv"
)

// bulkUpdate makes the same edit of many resources with an operation that writes many at once.
func bulkUpdate[K, T any](ctx context.Context, c *core, t *bulkTrait, keys iter.Seq[K], parts func(K) []string, mutate func(*T) error, opts []CallOption) iter.Seq2[BulkItem[K, T], error] {
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
func (b *bulk) settle(ctx context.Context, c *core, t *bulkTrait, n int, call func(int) *guardedWrite) []bulkEnd {
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
		p := byKey[r.lane()]
		if p == nil {
			p = &party{chunk: ch}
			byKey[r.lane()] = p
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
func (ch *chunk) send(ctx context.Context, parties []*party) (*answer, error) {
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
	r, err := ch.c.request(ch.t.op, nil, body{raw: doc}, ch.b.o)
	if err != nil {
		return nil, err
	}
	r.time = ch.watch
	return ch.c.exchange(ctx, r)
}

var errNoItemResult = errors.New("the answer does not say what became of an item")

// deal gives each party what the answer says of its item. What it says nothing of may have been written or not.
func (ch *chunk) deal(a *answer, parties []*party) {
	var results []json.RawMessage
	raw, _ := ch.t.results.get(a.body)
	if validJSON(a.body) {
		_ = json.Unmarshal(raw, &results) // anything but a list says nothing of any item
	}
	refused := false
	for i, p := range parties {
		p.at.a, p.at.err = ch.t.itemAnswer(ch.c, a, ch.t.resultOf(results, i, p.at.r))
		refused = refused || errors.Is(p.at.err, ErrConflict)
	}
	if refused {
		ch.refused++
	}
}

// resultOf finds what the results say of the item at a place in the request; nil when they don't.
func (t *bulkTrait) resultOf(results []json.RawMessage, index int, r *run) json.RawMessage {
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

// itemAnswer is the answer to one item, as if it had been written alone.
func (t *bulkTrait) itemAnswer(c *core, whole *answer, result json.RawMessage) (*answer, error) {
	op := t.each.write
	if result == nil {
		return nil, &transportError{api: c.d.name, op: op, err: errNoItemResult, sent: true}
	}
	a := &answer{status: whole.status, header: whole.header, body: result, resent: whole.resent}
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
func (t *bulkTrait) succeeded(a *answer) bool {
	if t.success == "" {
		return 200 <= a.status && a.status <= 299
	}
	return string(valueAt(t.success, a.body)) == "true"
}
