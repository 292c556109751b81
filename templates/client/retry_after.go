//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// defaultRetryAfter is the wait after a 429 or 503 when neither the server nor the description names one.
const defaultRetryAfter = time.Second

// longestRetryAfter stands for every longer wait, those included that no number here can hold. Nobody waits that long, see MaxRetryAfter.
const longestRetryAfter = 100 * 365 * 24 * time.Hour

// retryAfter is how long an answer asks to wait; 0 when it does not.
func (c *core) retryAfter(f *errorFormat, status int, h http.Header) time.Duration {
	if h["Retry-After"] != nil {
		if d, ok := parseRetryAfter(h, c.clock.Now()); ok {
			return d
		}
	}
	switch {
	case status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable:
		return 0
	case f.retryAfter > 0:
		return f.retryAfter
	}
	return defaultRetryAfter
}

// parseRetryAfter reads Retry-After: seconds, or a date. A date is taken by the server's clock, which the Date header
// shows, for the caller's may be off.
func parseRetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseUint(value, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, uint64(longestRetryAfter/time.Second))) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(0, at.Sub(now)), longestRetryAfter), true
}
