//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"sync"
	"time"
)

// latency is the smoothed round-trip time of a client's server. Waits are measured by it: a wait much shorter than a
// round trip is none, a much longer one wastes time.
type latency struct {
	mu       sync.Mutex
	smoothed time.Duration
}

// observe takes in one more round trip, with the weight that TCP gives it.
func (l *latency) observe(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.smoothed == 0 {
		l.smoothed = d
		return
	}
	l.smoothed += (d - l.smoothed) / 8
}

// rtt is the smoothed round-trip time; 0 when nothing was sent yet.
func (c *core) rtt() time.Duration {
	l := part[latency](c)
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.smoothed
}
