//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"errors"
	"time"
)

// Outcome says how a revision-aware helper succeeded.
type Outcome string

// Outcomes of a helper.
const (
	Updated   Outcome = "updated"   // a write was accepted
	Unchanged Outcome = "unchanged" // there was nothing to do; nothing was written
	Recovered Outcome = "recovered" // the answer to a write was lost, or undeclared, and the intent holds all the same
)

// Report is what a revision-aware helper did, filled whether it succeeded or failed.
type Report struct {
	Revision      string  // token of the result
	RevisionKnown bool    // whether the last answer said it
	Outcome       Outcome // "" after a failure

	Writes, Reads, Conflicts int
	StaleReads               int // reads that answered with an older state than one already seen
	SuspectConflicts         int // conflicts that may have been caused by our own write; see DoubtConflicts
	// Derived says that nobody saw the result: the answer to the write did not hold the whole resource, so the result is
	// what was read with the change made to it (of an action: what was read before it), without its revision. ReadBack
	// has it read.
	Derived bool
	// Assumed says that the answer to a write was lost and could not be told from a rival's write; because of
	// Idempotent it was taken for ours, or made again.
	Assumed bool

	Waited  time.Duration // spent in waits between requests
	Elapsed time.Duration // of the call as a whole
}

// WithReport fills r when a helper returns.
func WithReport(r *Report) CallOption {
	return callOption(func(o *callOptions) error {
		if r == nil {
			return errors.New("WithReport: the report is nil")
		}
		adjust(o, func(h *helperOptions) { h.report = r })
		return nil
	})
}
