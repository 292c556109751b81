//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// token is a concurrency token as it was read, one value per part. nil is an unknown token.
type token []tokenValue

// tokenValue is one part of a token, as it was written: digits beyond 2⁵³ and the quotes of entity tags survive.
type tokenValue struct {
	raw   string
	json  bool  // raw is JSON; otherwise the value of a header
	fault error // why it cannot guard a write; nil: it can
}

// text is the value without the notation of the place it came from.
func (v tokenValue) text() string {
	if v.json {
		return text(json.RawMessage(v.raw))
	}
	return v.raw
}

// String writes the token for reports and errors.
func (t token) String() string {
	parts := make([]string, len(t))
	for i, v := range t {
		parts[i] = v.text()
	}
	return strings.Join(parts, ",")
}

// equal compares values, not notation: 5 and "5" are one token.
func (t token) equal(other token) bool {
	if len(t) == 0 || len(t) != len(other) {
		return false
	}
	for i := range t {
		if t[i].text() != other[i].text() {
			return false
		}
	}
	return true
}

// findToken reads a token from an answer; where says where each part is. It is nil unless every part is there.
func (t *revisionTrait) findToken(where func(tokenPart) location, body []byte, header http.Header) token {
	found := make(token, 0, len(t.tokens))
	for _, part := range t.tokens {
		v, ok := findTokenValue(where(part), body, header)
		if !ok {
			return nil
		}
		v.fault = part.faultOf(v.text(), header)
		found = append(found, v)
	}
	if len(found) == 0 {
		return nil
	}
	return found
}

// readAt and replyAt are the two answers a token comes in.
func readAt(p tokenPart) location  { return p.read }
func replyAt(p tokenPart) location { return p.reply }

// replyToken reads the token that the answer to a write carries. One that cannot guard the next write is not known.
func (t *revisionTrait) replyToken(a *answer) token {
	found := t.findToken(replyAt, a.body, a.header)
	if t.usable(found) != nil {
		return nil
	}
	return found
}

// inResource returns where the parts of the token are in the resource itself, as the read's answer holds it.
func (t *revisionTrait) inResource(p tokenPart) location {
	rest, ok := strings.CutPrefix(string(p.read.at), string(t.resource))
	if p.read.in != inBody || !ok || rest != "" && rest[0] != '/' {
		return location{}
	}
	return location{in: inBody, at: pointer(rest)}
}

// findTokenValue reads one part. Absent, null and "" are no token, nor is anything but a string or a number, nor a header that comes
// twice: nothing says which of the two is meant.
func findTokenValue(at location, body []byte, header http.Header) (tokenValue, bool) {
	switch at.in {
	case inHeader:
		lines := header.Values(at.name)
		if len(lines) != 1 {
			return tokenValue{}, false
		}
		v := strings.TrimSpace(lines[0])
		return tokenValue{raw: v}, v != ""
	case inBody:
		raw, ok := at.at.get(body)
		v := tokenValue{raw: strings.TrimSpace(string(raw)), json: true}
		return v, ok && v.text() != ""
	}
	return tokenValue{}, false
}

var (
	errTokenAbsent = errors.New("the answer has no token, or a header with it more than once")
	errTokenNumber = errors.New("the token is no decimal number, so there is no next one")
)

// usable says why a token that was read cannot guard a write.
func (t *revisionTrait) usable(tok token) error {
	if tok == nil {
		return errTokenAbsent
	}
	for _, v := range tok {
		if v.fault != nil {
			return v.fault
		}
		if t.next && !isDecimal(v.text()) {
			return errTokenNumber
		}
	}
	return nil
}

// older reports whether a is known to be older than b. Tokens without an order never are.
func (t *revisionTrait) older(a, b token) bool {
	if t.order == orderOpaque || len(a) != 1 || len(b) != 1 {
		return false
	}
	x, y := a[0].text(), b[0].text()
	return isDecimal(x) && isDecimal(y) && compareDecimal(x, y) < 0
}

// follows reports whether b is the token that exactly one write leads to from a.
func (t *revisionTrait) follows(a, b token) bool {
	if t.order != orderIncrements || len(a) != 1 || len(b) != 1 {
		return false
	}
	x, y := a[0].text(), b[0].text()
	return isDecimal(x) && isDecimal(y) && compareDecimal(nextDecimal(x), y) == 0
}

// putToken writes the token into a request.
func (t *revisionTrait) putToken(tok token, r *request) error {
	for i, part := range t.tokens {
		if err := r.putValue(part.send, part.written(tok[i], t.next)); err != nil {
			return fmt.Errorf("token: %w", err)
		}
	}
	return nil
}

// written is a part of a token in the form it is sent in: the raw text for a header or query, JSON for a body.
func (p tokenPart) written(v tokenValue, next bool) tokenValue {
	s := v.text()
	if next {
		s = nextDecimal(s)
	}
	if p.unquoted {
		s = withoutQuotes(s)
	}
	switch {
	case p.send.in != inBody:
		return tokenValue{raw: s}
	case p.asString || !v.json || v.raw[0] == '"':
		if !p.asString && v.json && s == v.text() {
			return v // verbatim: escapes included
		}
		return quotedValue(s)
	}
	return tokenValue{raw: s, json: true}
}

// quotedValue is s as a JSON string.
func quotedValue(s string) tokenValue { return tokenValue{raw: string(quote(s)), json: true} }

// putValue writes one value into a request.
func (r *request) putValue(at location, v tokenValue) (err error) {
	switch at.in {
	case inHeader:
		r.setHeader(at.name, v.raw)
	case inQuery:
		r.setQuery(at.name, v.raw)
	case inBody:
		r.body, err = at.at.set(r.body, json.RawMessage(v.raw))
	}
	return err
}

// isDecimal reports whether s is a whole number without sign.
func isDecimal(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// compareDecimal orders two decimal numbers of any length.
func compareDecimal(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// nextDecimal is a decimal number plus one, at any length.
func nextDecimal(s string) string {
	digits := []byte(s)
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] != '9' {
			digits[i]++
			return string(digits)
		}
		digits[i] = '0'
	}
	return "1" + string(digits)
}
