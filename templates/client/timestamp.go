//contactsgen:feature core
//contactsgen:part json

package client

import (
	"strings"
	"time"
)

// Timestamp is an instant as the API wrote it. It goes back byte for byte as it came, so that a value that was only
// read is never changed by being parsed.
type Timestamp string

// Time parses the timestamp as RFC 3339, with all that it allows and package time does not: a lower-case t or z, and the second 60, which is
// the first one of the next minute.
func (t Timestamp) Time() (time.Time, error) {
	at, err := time.Parse(time.RFC3339Nano, string(t))
	if err == nil {
		return at, nil
	}
	const seconds = len("2006-01-02T15:04")
	s, leap := strings.ToUpper(string(t)), time.Duration(0)
	if len(s) > seconds && strings.HasPrefix(s[seconds:], ":60") {
		s, leap = s[:seconds]+":59"+s[seconds+3:], time.Second
	}
	if usual, failed := time.Parse(time.RFC3339Nano, s); failed == nil {
		return usual.Add(leap), nil
	}
	return at, err
}
