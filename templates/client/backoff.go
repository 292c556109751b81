//contactsgen:feature helpers
//contactsgen:part update

package client

import "time"

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
