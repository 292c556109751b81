//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"context"
	"errors"
	"time"
)

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
	// combine, where it is set, makes the call together with others; false: it has to be made alone.
	combine func(context.Context, *guardedWrite, *callOptions) (v any, done bool, err error)
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
