//contactsgen:feature core
//contactsgen:part json

package client

import "time"

// Timestamp is an instant as the API wrote it. It goes back byte for byte as it came, so that a value that was only
// read is never changed by being parsed.
type Timestamp string

// Time parses the timestamp as RFC 3339.
func (t Timestamp) Time() (time.Time, error) { return time.Parse(time.RFC3339Nano, string(t)) }
