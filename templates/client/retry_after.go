//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// defaultRetryAfter is the wait after a 429 or 503 when neither the server nor the description names one.
const defaultRetryAfter = time.Second

// retryAfter is how long an answer asks to wait; 0 when it does not.
func (c *core) retryAfter(f *errorFormat, a *answer) time.Duration {
	if a.header["Retry-After"] != nil {
		if d, ok := parseRetryAfter(a.header, c.clock.Now()); ok {
			return d
		}
	}
	switch {
	case a.status != http.StatusTooManyRequests && a.status != http.StatusServiceUnavailable:
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
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		return max(0, time.Duration(seconds)*time.Second), seconds >= 0
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return max(0, at.Sub(now)), true
}
