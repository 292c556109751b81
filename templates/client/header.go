package client

import "strings"

// validHeaderName reports whether a header may be set by the caller: HTTP's own framing may not.
func validHeaderName(name string) bool {
	for _, c := range []byte(name) {
		if !isAlphanumeric(c) && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	switch strings.ToLower(name) {
	case "", "host", "connection", "content-length", "transfer-encoding", "trailer", "upgrade":
		return false
	}
	return true
}

// validHeaderValue reports whether a value stays within its line.
func validHeaderValue(value string) bool {
	return !strings.ContainsFunc(value, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f })
}
