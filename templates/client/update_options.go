//contactsgen:feature helpers
//contactsgen:part update

// Options, hooks, reports and errors of helpers, and how long they wait between attempts.

package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Outcome says how a revision-aware helper succeeded.
type Outcome string

// Outcomes of a helper.
const (
	Updated   Outcome = "updated"   // a write was accepted
	Unchanged Outcome = "unchanged" // there was nothing to do; nothing was written
	Planned   Outcome = "planned"   // DryRun: a write would have been made
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
	// Derived says that the result may not be how the resource is: the answer to the write did not hold the whole of it, or
	// nothing was read before that could tell. Then the result is that answer, if it has what was sent; else it is what was
	// read with the change made to it (of an action: what was read before it), without its revision. ReadBack has it read.
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

// Hooks are called by the revision-aware helpers at the points that their names say. Every hook may be nil. They run
// in the goroutine of the call, possibly several times, and must not call the client for the same resource.
type Hooks struct {
	// OnAttempt is told of every write before it is sent, and of every re-send.
	OnAttempt func(ctx context.Context, info AttemptInfo)
	// OnConflict is told of every refused token and decides whether to go on.
	OnConflict func(ctx context.Context, info ConflictInfo) Decision
	// BeforeWrite sees the resource as it was read, as the callback left it, and the part that will be sent. An error
	// ends the helper without the write; ErrSkip ends it as Unchanged.
	BeforeWrite func(ctx context.Context, base, desired, diff json.RawMessage) error
	// OwnWrite is asked after the answer to a write was lost, and with DoubtConflicts after every conflict, whether current,
	// just read, shows that sent was applied. After No the change is made again: say it only where a mark of yours is missing
	// that no writer takes away, or where a record outside of the resource tells.
	OwnWrite func(ctx context.Context, sent, current json.RawMessage) Ownership
}

// AttemptInfo describes a write that is about to be sent.
type AttemptInfo struct {
	Operation string
	Attempt   int  // from 1; a re-send has the number of the write it repeats
	Resend    bool // identical bytes were sent before, and may have been applied
}

// ConflictInfo describes a refused token.
type ConflictInfo struct {
	Operation string
	Conflicts int // so far, this one included
	Attempts  int // writes so far, without re-sends
	Elapsed   time.Duration
	Err       error // the server's answer, an *APIError
}

// Decision is the answer of the OnConflict hook.
type Decision int

// Decisions of the OnConflict hook.
const (
	Retry Decision = iota // read again and try again, within the limits of the call
	Abort                 // return the conflict
)

// Ownership is the answer of the OwnWrite hook.
type Ownership int

// Answers of the OwnWrite hook.
const (
	Unknown Ownership = iota // the state does not tell
	Yes                      // the state shows that our write was applied
	No                       // the state shows that our write was not, and can no longer be, applied
)

// WithHooks has the helpers call h. Hooks given to a call replace those of the client as a whole.
func WithHooks(h Hooks) Option {
	return sharedOption(func(o *callOptions) error {
		adjust(o, func(p *helperOptions) { p.hooks = h })
		return nil
	})
}

// Limits of the helpers unless the caller sets others.
const (
	defaultMaxAttempts = 10
	defaultMaxElapsed  = 30 * time.Second
)

// helperOptions is what the revision-aware helpers keep among the options of a call.
type helperOptions struct {
	maxAttempts  int           // 0: the default
	maxElapsed   time.Duration // 0: the default, which a context with a deadline switches off
	idempotent   bool
	trustNoop    bool
	followMerged bool
	withoutLane  bool
	skipIfEqual  bool
	readBack     bool
	doubtful     bool
	hooks        Hooks
	report       *Report
	watch        *stopwatch // of a call that this one is a part of; nil: it has one of its own
	// combine, where it is set, makes the call together with others; false: it has to be made alone.
	combine func(context.Context, *guardedWrite, *callOptions) (v any, done bool, err error)
	beyond  *beyond // nil: the call concerns no other process
}

// attempts is how many writes the call may make, re-sends apart.
func (h *helperOptions) attempts() int {
	if h.maxAttempts > 0 {
		return h.maxAttempts
	}
	return defaultMaxAttempts
}

// elapsed is how long the call may go on; 0 is no limit of its own.
func (h *helperOptions) elapsed(hasDeadline bool) time.Duration {
	if h.maxElapsed > 0 || hasDeadline {
		return h.maxElapsed
	}
	return defaultMaxElapsed
}

// WithMaxAttempts limits the writes that a helper makes because of conflicts. The default is 10, which fails one
// caller in 5,000 when 64 compete for one resource.
func WithMaxAttempts(n int) Option {
	return sharedOption(func(o *callOptions) error {
		if n < 1 {
			return errors.New("WithMaxAttempts: the limit is not positive")
		}
		adjust(o, func(h *helperOptions) { h.maxAttempts = n })
		return nil
	})
}

// WithMaxElapsed limits the time that a helper takes, its requests and callbacks included: a request that is under way then is
// cut off. Waits that the server or a limiter asks for are apart. The default is 30 seconds, or the deadline of the context
// when it has one.
func WithMaxElapsed(d time.Duration) Option {
	return sharedOption(func(o *callOptions) error {
		if d <= 0 {
			return errors.New("WithMaxElapsed: the limit is not positive")
		}
		adjust(o, func(h *helperOptions) { h.maxElapsed = d })
		return nil
	})
}

// Idempotent says that making the change twice is as good as making it once. A helper that lost the answer to its
// write, and cannot tell from the resource whether it was applied, then takes it for applied when the resource
// contains what was sent, and makes the change again otherwise. Without it such a call ends with ErrAmbiguousWrite.
func Idempotent() Option {
	return helperFlag(func(h *helperOptions) { h.idempotent = true })
}

// TrustNoop lets a helper that was given a copy return at once when the callback changes nothing in the copy, without
// reading whether there is something to change by now.
func TrustNoop() Option {
	return helperFlag(func(h *helperOptions) { h.trustNoop = true })
}

// FollowMerged lets a helper write to the resource that answers the read, when it is another one than was asked for:
// the one that the resource was merged into. Without it such a call ends with ErrIdentity.
func FollowMerged() Option {
	return helperFlag(func(h *helperOptions) { h.followMerged = true })
}

// WithoutLane lets a helper run beside others of this client for the same resource. They then conflict with each
// other instead of waiting for each other.
func WithoutLane() Option {
	return helperFlag(func(h *helperOptions) { h.withoutLane = true })
}

// SkipIfEqual lets a Force helper read the resource first and return without a write when it holds the payload.
func SkipIfEqual() Option {
	return helperFlag(func(h *helperOptions) { h.skipIfEqual = true })
}

// ReadBack has a helper read the resource after its write, unless the answer is declared to be the whole resource and has
// all of it. Without it the result of an edit is then what was read with the change made to it, and Report.Derived says
// so. That costs a request.
func ReadBack() Option {
	return helperFlag(func(h *helperOptions) { h.readBack = true })
}

// DoubtConflicts says that something between here and the server may deliver a request twice. The second delivery is then
// refused because of the first one, and that answer looks like any other conflict. With it a helper looks into every
// conflict as it does after a lost answer: it goes on when it can prove that the write was another's, and ends with
// ErrAmbiguousWrite when nothing proves anything.
func DoubtConflicts() Option {
	return helperFlag(func(h *helperOptions) { h.doubtful = true })
}

// helperFlag is an option that switches something on.
func helperFlag(set func(*helperOptions)) Option {
	return sharedOption(func(o *callOptions) error {
		adjust(o, set)
		return nil
	})
}

// Bounds of the waits between tries. The base follows the measured round trip: a base far below it makes rivals meet
// again before anyone has finished, one far above it wastes time.
const (
	minBackoffBase  = 20 * time.Millisecond
	maxBackoffBase  = time.Second
	maxBackoffWait  = 20 * time.Second
	backoffCapBases = 100
)

// backoff hands out the waits of one call: full jitter under an envelope that doubles from wait to wait.
type backoff struct {
	waits int // handed out so far
}

// next is the wait before the next try, given the smoothed round trip and a random number in [0, 1).
func (b *backoff) next(rtt time.Duration, random float64) time.Duration {
	b.waits++
	return time.Duration(random * float64(backoffEnvelope(rtt, b.waits)))
}

// backoffEnvelope is the longest that wait k may be, k from 1. Beginning with k = 0 instead costs an eighth more writes
// when 64 writers compete.
func backoffEnvelope(rtt time.Duration, k int) time.Duration {
	base := min(max(rtt, minBackoffBase), maxBackoffBase)
	limit := min(backoffCapBases*base, maxBackoffWait)
	for range k {
		if base *= 2; base >= limit {
			return limit
		}
	}
	return base
}

// Kinds of UpdateError, for errors.Is, beside ErrConflict (attempts or time were spent on conflicts), ErrAmbiguousWrite
// and ErrBudget.
var (
	// ErrStalledConflict says that the token just refused comes back with every read: a stale replica, a weak entity
	// tag, or a conflict that is not about tokens. It matches ErrConflict.
	ErrStalledConflict = errors.New("the refused token stays current")
	// ErrStaleRead says that reads keep answering with an older state than one already seen. It matches ErrConflict.
	ErrStaleRead = errors.New("reads answer with an older state")
	// ErrGone says that the resource disappeared between the first read and the write.
	ErrGone = errors.New("the resource is gone")
	// ErrIdentity says that the read answered with another resource than the one asked for.
	ErrIdentity = errors.New("another resource answered")
	// ErrMissingRevision says that the read carried no token that could guard a write.
	ErrMissingRevision = errors.New("no usable revision in the answer")
	// ErrContract says that a callback, or the description, broke the rules of the helper. Nothing was written.
	ErrContract = errors.New("contract breach")
	// ErrBusy says that another call had the resource, and that the turn of this one did not come in time. Nothing was sent. A
	// text behind it tells when that call was inside its callback. With WithLocker the other call may be another process's; with
	// WithJournal another process may have taken this very call over.
	ErrBusy = errors.New("another call holds the resource")
	// ErrMutate says that the callback returned an error, which errors.Is and errors.As find too. Nothing was sent.
	ErrMutate = errors.New("the callback failed")
)

// ErrSkip leaves the resource as it is when a callback of a helper returns it: the helper succeeds without a write.
var ErrSkip = errors.New("skip the write")

// Cause says what ended a helper that kept meeting conflicts.
type Cause string

// Causes of an UpdateError.
const (
	CauseAttempts Cause = "attempts" // WithMaxAttempts writes were made
	CauseElapsed  Cause = "elapsed"  // WithMaxElapsed was over, in a request too, or would have been after the next wait
	CauseDeadline Cause = "deadline" // the context's deadline was over, or would have been after the next wait
	CauseCanceled Cause = "canceled" // the context was canceled
	CauseAborted  Cause = "aborted"  // the OnConflict hook answered Abort
	CauseBudget   Cause = "budget"   // the budget for retries of failed transmissions was empty
)

// UpdateError is what a revision-aware helper concluded when it failed. The server's last answer, an *APIError, is
// found with errors.As; errors of the context are found with errors.Is beside the kind, never in its place.
type UpdateError struct {
	Op   string   // operation that was to write
	Key  []string // path parameters of the resource
	Kind error    // one of the kinds; nil when Err says it all, as for a refusal that is no conflict
	// Cause says what was spent, when it was attempts, time or budget.
	Cause Cause

	Sent         string // last token that was sent; "" when there was no write
	Current      string // last token that was read or answered
	CurrentKnown bool   // whether Current is what the server last said

	Writes, Reads, Conflicts int
	Waited                   time.Duration

	Path string // JSON Pointer into the resource, of a contract breach
	Err  error  // last cause
}

// Error names operation, kind and counts; it holds neither the key nor a token.
func (e *UpdateError) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.Kind != nil {
		fmt.Fprintf(&b, ": %v", e.Kind)
	}
	if e.Cause != "" {
		fmt.Fprintf(&b, " (%s)", e.Cause)
	}
	if e.Path != "" {
		fmt.Fprintf(&b, " at %s", e.Path)
	}
	fmt.Fprintf(&b, " after %s, %s, %s", plural(e.Writes, "write"), plural(e.Reads, "read"), plural(e.Conflicts, "conflict"))
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives the kind and the last cause.
func (e *UpdateError) Unwrap() []error {
	var errs []error
	if e.Kind != nil {
		errs = append(errs, e.Kind)
	}
	if e.Err != nil {
		errs = append(errs, e.Err)
	}
	return errs
}

// Is lets stalled conflicts and stale reads match ErrConflict: for a caller they are conflicts that lasted.
func (e *UpdateError) Is(target error) bool {
	return target == ErrConflict && (e.Kind == ErrStalledConflict || e.Kind == ErrStaleRead)
}

// plural writes a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
