//contactsgen:feature bulk
//contactsgen:part bulk

package client

import (
	"errors"
	"iter"
	"time"
)

// BulkItem is one resource of a bulk helper. Items come in the order of the keys, each with an error of its own, and
// every key has its item: when a loop ends early, all that comes behind the last item is open.
type BulkItem[K, T any] struct {
	Index  int // place of the key among the keys, from 0
	Key    K
	Value  *T // the resource after the write; nil after a failure
	Report Report
}

// KeysOf gives the keys of what an iterator lists, for a bulk helper to go through while they are listed. The error that
// ends the list, if one does, is put into failed, to be looked at after the loop over the bulk helper.
func KeysOf[T, K any](list iter.Seq2[*T, error], key func(*T) K, failed *error) iter.Seq[K] {
	return func(yield func(K) bool) {
		for v, err := range list {
			if err != nil {
				*failed = err
				return
			}
			if !yield(key(v)) {
				return
			}
		}
	}
}

// defaultConcurrency is small: each update is a read and a write, and most servers limit requests per minute.
const defaultConcurrency = 4

// concurrency is what WithConcurrency was given.
type concurrency int

// WithConcurrency limits how many resources a bulk helper works on at the same time. The default is 4.
func WithConcurrency(n int) Option {
	return sharedOption(func(o *callOptions) error {
		if n < 1 {
			return errors.New("WithConcurrency: the limit is not positive")
		}
		adjust(o, func(v *concurrency) { *v = concurrency(n) })
		return nil
	})
}

// bulk is one call of a bulk helper: its options, and what became of the items so far.
type bulk struct {
	o        *callOptions
	report   *Report // nil: nobody wants it
	progress Progress
	clock    Clock
	started  time.Time
}

var errManyResponses = errors.New("WithResponse does not fit a bulk helper, which gets many")

// bulk adds up the options of a bulk helper.
func (c *core) bulk(opts []CallOption, ops ...*operation) (*bulk, error) {
	o, err := c.options(opts, ops...)
	if err != nil {
		return nil, err
	}
	if o.response != nil {
		return nil, c.refused(ops[0], errManyResponses)
	}
	b := &bulk{o: o, report: setting[helperOptions](o).report, clock: c.clock, started: c.clock.Now()}
	if b.report != nil {
		*b.report = Report{}
	}
	return b, nil
}

// concurrency is how many resources are worked on at the same time.
func (b *bulk) concurrency() int {
	if n := setting[concurrency](b.o); n > 0 {
		return int(n)
	}
	return defaultConcurrency
}

// optionsFor are the options of one item, which has a report of its own.
func (b *bulk) optionsFor(item *Report) *callOptions {
	o := b.o.clone()
	adjust(o, func(h *helperOptions) { h.report = item })
	return o
}

// settled counts an item. Reports add up.
func (b *bulk) settled(item Report, err error) {
	if err == nil {
		b.progress.Succeeded++
	} else {
		b.progress.Failed++
	}
	if r := b.report; r != nil {
		r.Writes, r.Reads, r.Conflicts = r.Writes+item.Writes, r.Reads+item.Reads, r.Conflicts+item.Conflicts
		r.StaleReads, r.SuspectConflicts = r.StaleReads+item.StaleReads, r.SuspectConflicts+item.SuspectConflicts
		r.Waited, r.Elapsed = r.Waited+item.Waited, b.clock.Now().Sub(b.started)
		r.Assumed, r.Derived = r.Assumed || item.Assumed, r.Derived || item.Derived
	}
	if report := setting[progressFunc](b.o); report != nil {
		report(b.progress)
	}
}
