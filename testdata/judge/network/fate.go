// Package network is what lies between a client and a [law.Server], and what can become of one request there. The explorer decides it for
// each request; a [Rough] network draws it at random.
package network

// Fate is what becomes of one request and of its answer.
type Fate string

// The fates. Where a client "loses" something it sees the connection end.
const (
	Deliver      Fate = "ok"            // it arrives, and so does the answer: the write is applied, or refused by the rules of the server
	LostBefore   Fate = "lost-before"   // it never arrives
	LostAfter    Fate = "lost-after"    // it arrives, the answer is lost
	Unreached    Fate = "unreached"     // there is no connection at all, and that can be seen
	Delayed      Fate = "delayed"       // the client loses it, and it arrives after the next one
	Twice        Fate = "twice"         // it arrives twice where nobody can see it; the second answer is what comes back
	TwiceFirst   Fate = "twice-first"   // the same, and the first answer comes back
	TwiceSeen    Fate = "twice-seen"    // the transport itself sends it twice, and shows that it does
	ThinEmpty    Fate = "thin-empty"    // it is answered with {} and no token
	ThinID       Fate = "thin-id"       // it is answered with id and token alone
	ThinChange   Fate = "thin-change"   // it is answered with id, token, and of the payload what was sent
	NullAnswer   Fate = "null"          // it is answered with null
	Another      Fate = "another"       // it is answered with what is true of another resource: its id and its token
	OtherSuccess Fate = "other-success" // it is answered with 202 and nothing else
	Redirected   Fate = "see-other"     // it is applied, and answered with 303
	Torn         Fate = "torn"          // the answer ends in the middle
	Stale        Fate = "stale"         // a read sees the state before the newest
	Refused      Fate = "refused"       // the token is refused, though nothing has changed
	Rejected     Fate = "rejected"      // refused for good, by the status that refuses a stale token and with another code
	Throttled    Fate = "429"           // it is not applied, and asked to come back in a second
	ThrottledFar Fate = "429-forever"   // the same, in 68 years
	FailedBefore Fate = "500-before"    // 500, not applied
	FailedAfter  Fate = "500-after"     // 500, applied
	Gateway      Fate = "504-after"     // 504, applied
	TimedOut     Fate = "408"           // 408, applied
	HungBefore   Fate = "hung-before"   // it never arrives, and nobody says so
	HungAfter    Fate = "hung-after"    // it is applied, and the answer never comes
	CancelBefore Fate = "cancel-before" // the caller gives up, and it never arrives
	CancelAfter  Fate = "cancel-after"  // it is applied, and the caller gives up
	CancelLate   Fate = "cancel-late"   // the caller gives up, and it arrives after the next one
	CrashBefore  Fate = "crash-before"  // the process ends, and it never arrives
	CrashAfter   Fate = "crash-after"   // it is applied, and the process ends
	CrashLate    Fate = "crash-late"    // the process ends, and it arrives after the next one
)

// ReadFates are what can become of a read.
var ReadFates = []Fate{
	Deliver, LostBefore, Stale, Torn, Another, Throttled, FailedBefore, HungBefore, CancelBefore, CrashBefore,
}

// WriteFates are what can become of a write.
var WriteFates = []Fate{
	Deliver, LostBefore, LostAfter, Unreached, Delayed, Twice, TwiceFirst, TwiceSeen, ThinEmpty, ThinID, ThinChange, NullAnswer, Another,
	OtherSuccess, Redirected, Torn, Refused, Rejected, Throttled, ThrottledFar, FailedBefore, FailedAfter, Gateway, TimedOut, HungBefore,
	HungAfter, CancelBefore, CancelAfter, CancelLate, CrashBefore, CrashAfter, CrashLate,
}

// Arrives says how often a request reaches the server before its answer is due.
func (f Fate) Arrives() int {
	switch f {
	case LostBefore, Unreached, Delayed, Throttled, ThrottledFar, FailedBefore, HungBefore, CancelBefore, CancelLate, CrashBefore, CrashLate,
		Refused, Rejected:
		return 0
	case Twice, TwiceFirst, TwiceSeen:
		return 2
	}
	return 1
}

// Late reports whether a request arrives after the next one.
func (f Fate) Late() bool { return f == Delayed || f == CancelLate || f == CrashLate }

// Crashes reports whether the process of the request ends.
func (f Fate) Crashes() bool { return f == CrashBefore || f == CrashAfter || f == CrashLate }

// Cancels reports whether the caller gives up.
func (f Fate) Cancels() bool { return f == CancelBefore || f == CancelAfter || f == CancelLate }

// Thins reports whether an answer is not what the server has to say.
func (f Fate) Thins() bool {
	switch f {
	case ThinEmpty, ThinID, ThinChange, NullAnswer, Another, OtherSuccess, Redirected:
		return true
	}
	return false
}

// Hangs reports whether nobody hears of the request any more.
func (f Fate) Hangs() bool { return f == HungBefore || f == HungAfter }
