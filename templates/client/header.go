//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"net/http"
	"slices"
	"strings"
)

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

// validCookieValue reports whether a value can be in a cookie as it is.
func validCookieValue(value string) bool {
	return !strings.ContainsFunc(value, func(c rune) bool { return c <= ' ' || c >= 0x7f || strings.ContainsRune("\";\\", c) })
}

// setCookie puts a cookie into a request, in the place of one that the caller gave it.
func setCookie(req *http.Request, name, value string) {
	given := req.Cookies()
	if slices.ContainsFunc(given, func(c *http.Cookie) bool { return c.Name == name }) {
		req.Header.Del("Cookie")
		for _, c := range given {
			if c.Name != name {
				req.AddCookie(c)
			}
		}
	}
	req.AddCookie(&http.Cookie{Name: name, Value: value})
}
