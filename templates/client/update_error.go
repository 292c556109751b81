//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

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
	// ErrContract says that a callback, or the description, broke the rules of the helper. Nothing was sent.
	ErrContract = errors.New("contract breach")
	// ErrBusy says that another call of the client had the resource, and that the turn of this one did not come in time.
	// Nothing was sent. A text behind it tells when that call was inside its callback.
	ErrBusy = errors.New("another call of this client holds the resource")
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
	fmt.Fprintf(&b, " after %s, %s, %s", count(e.Writes, "write"), count(e.Reads, "read"), count(e.Conflicts, "conflict"))
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

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
