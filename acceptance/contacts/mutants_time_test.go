package contacts_test

// timeMutants are mistakes about time: what bounds a call, who waits for whom, and what waits count as.
var timeMutants = []mutant{
	{"requests not bounded by MaxElapsed", "request.go", "ok && (r.o.timeout <= 0 || left < r.o.timeout) {", "ok && left < 0 {", ofRuntime},
	{"asked waits of guarded writes not capped", "update_states.go", "if asked > most {", "if asked > most && most < 0 {", ofRuntime},
	{"asked waits of plain calls not capped", "transport.go", "case w.asked > p.MaxRetryAfter:", "case w.asked < 0:", ofRuntime},
	{"number that overflows taken for nonsense", "transport.go", "err == nil || errors.Is(err, strconv.ErrRange)", "err == nil || " +
		"errors.Is(err, strconv.ErrRange) && seconds == 0", ofRuntime},
	{
		"limiter taken for latency",
		"transport.go",
		"err := r.excused(func() error { return c.limiter.Wait(ctx) })",
		"before := c.clock.Now()\n\terr := r.excused(func() error { return c.limiter.Wait(ctx) " +
			"})\n\tclientState[latency](c).observe(c.clock.Now().Sub(before))",
		ofRuntime,
	},
	{
		"limiter taken for elapsed",
		"transport.go",
		"err := r.excused(func() error { return c.limiter.Wait(ctx) })",
		"err := c.limiter.Wait(ctx)",
		ofRuntime,
	},
	{
		"queue that does not stand still with its holder",
		"update_queue.go",
		"busy.holder.lead(busy.behind)\n\t}",
		"newStopwatch(systemClock{}, 0).lead(busy.behind)\n\t}",
		ofRuntime,
	},
	{"every wait for a turn blamed on a callback", "update_queue.go", "if e.calling {", "if e.calling || e != nil {", ofRuntime},
	{"no wait for a turn blamed on a callback", "update_queue.go", "calling: busy.holder.isCalling()", "calling: false", ofRuntime},
	{"throttled writes back at one instant", "update_states.go", "d: asked + r.w.c.spread(asked)", "d: asked", ofRuntime},
	{"429 told to nobody else", "transport.go", "\t\tc.hold.extend(c.clock.Now().Add(asked))\n", "", ofRuntime},
	{"holding back for ever", "transport.go", "known, most = until, most-d", "known = until", ofRuntime},
	{"throttled plain write not tried again", "transport.go", " || r.replayable() && throttled(err)", "", ofRuntime},
	{"throttled write that went out twice tried again", "transport.go", " && !e.ambiguous", "", ofRuntime},
	{
		"failed early refresh fails calls",
		"oauth.go",
		`if asking.err != nil && good != "" {`,
		`if asking.err != nil && good == " " {`,
		ofRuntime,
	},
	{"hanging early refresh holds calls", "oauth.go", "earlyWait      = time.Second ", "earlyWait      = time.Minute ", ofRuntime},
	{"failure of a token not shared", "oauth.go", "now.Before(t.failed.again)", "now.IsZero()", ofRuntime},
	{"one caller who gives up ends the token of all", "oauth.go", "a.waiting == 0 && !a.early", "!a.early", ofRuntime},
	{"life of a token that overflows", "oauth.go", "min(seconds, int64(longestLife/time.Second))", "seconds", ofRuntime},
}

// timeProofs are the tests of the runtime that kill them.
var timeProofs = []string{
	"TestElapsedCutsRequestsOff", "TestElapsedInTheBodyOfASuccess", "TestAskedWaitsAreCapped",
	"TestLimiterIsNeitherLatencyNorElapsed", "TestLaneStandsStillWithItsHolder", "TestBusySaysWhatTheHolderDoes",
	"TestThrottledWritesComeBackOneByOne", "TestWholeClientHoldsBack", "TestHoldingBackIsBounded", "TestThrottledPlainWrites",
	"TestGoodTokenIsUsedMeanwhile", "TestFailureOfATokenIsShared", "TestGivingUpATokenWait", "TestTokenLife",
}
