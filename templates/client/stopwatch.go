//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// stopwatch is the time that a call of a helper has taken of what it may take. It stands still while the call waits
// because a limiter or the server asks for it, and so do those of the calls behind it.
type stopwatch struct {
	clock   Clock
	limit   time.Duration // 0: none
	started time.Time

	mu       sync.Mutex
	paused   int           // how many waits it stands still for
	since    time.Time     // when it stopped
	excused  time.Duration // before that
	going    chan struct{} // closed when it goes on; nil: it goes
	behind   []*laneQueue  // calls that wait for this one
	callback atomic.Int32  // how many callbacks and hooks the call is inside of
}

func newStopwatch(clock Clock, limit time.Duration) *stopwatch {
	return &stopwatch{clock: clock, limit: limit, started: clock.Now()}
}

// left is what is left of the limit; false when there is none.
func (w *stopwatch) left() (time.Duration, bool) {
	if w.limit <= 0 {
		return 0, false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock.Now()
	if w.paused > 0 {
		now = w.since
	}
	return w.limit - (now.Sub(w.started) - w.excused), true
}

// pause has it stand still until resume.
func (w *stopwatch) pause() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.paused++; w.paused > 1 {
		return
	}
	w.since, w.going = w.clock.Now(), make(chan struct{})
	for _, q := range w.behind {
		q.pause()
	}
}

func (w *stopwatch) resume() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.paused--; w.paused > 0 {
		return
	}
	w.excused += w.clock.Now().Sub(w.since)
	close(w.going)
	w.going = nil
	for _, q := range w.behind {
		q.resume()
	}
}

// standing is closed when it goes on; nil when it goes.
func (w *stopwatch) standing() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.going
}

// over is closed or receives when the time may be over, or when the stopwatch goes on: then has to be looked again. stop lets go of it.
func (w *stopwatch) over() (over <-chan struct{}, stop func()) {
	left, limited := w.left()
	if !limited {
		return nil, func() {}
	}
	if going := w.standing(); going != nil {
		return going, func() {}
	}
	done := make(chan struct{})
	timer := time.AfterFunc(left, func() { close(done) })
	return done, func() { timer.Stop() }
}

// lead has the calls of a queue stand still whenever this one does, until unlead.
func (w *stopwatch) lead(q *laneQueue) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.behind = append(w.behind, q)
	if w.paused > 0 {
		q.pause()
	}
}

func (w *stopwatch) unlead(q *laneQueue) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.behind = slices.DeleteFunc(w.behind, func(other *laneQueue) bool { return other == q })
	if w.paused > 0 {
		q.resume()
	}
}

// calling marks that the call is inside a callback or a hook, until the function it returns is called.
func (w *stopwatch) calling() (done func()) {
	w.callback.Add(1)
	return func() { w.callback.Add(-1) }
}

// isCalling reports whether the call is inside a callback or a hook.
func (w *stopwatch) isCalling() bool { return w.callback.Load() > 0 }
