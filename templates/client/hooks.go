//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"context"
	"encoding/json"
	"time"
)

// Hooks are called by the revision-aware helpers at the points that their names say. Every hook may be nil. They run
// in the goroutine of the call, possibly several times, and must not call the client for the same resource.
type Hooks struct {
	// OnAttempt is told of every write before it is sent, and of every re-send.
	OnAttempt func(ctx context.Context, info AttemptInfo)
	// OnConflict is told of every refused token and decides whether to go on.
	OnConflict func(ctx context.Context, info ConflictInfo) Decision
	// BeforeWrite sees the resource as it was read, as the callback left it, and the part that will be sent. An error
	// ends the helper without the write.
	BeforeWrite func(ctx context.Context, base, desired, diff json.RawMessage) error
	// OwnWrite is asked after the answer to a write was lost, and with DoubtConflicts after every conflict, whether current,
	// just read, shows that sent was applied.
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
