//contactsgen:feature helpers
//contactsgen:part update

// Revision tokens: found, compared, checked and sent, and the highest one that was seen of each resource.

package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// revisionToken is a concurrency token as it was read, one value per part. nil is an unknown token.
type revisionToken []tokenValue

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
func (t revisionToken) String() string {
	parts := make([]string, len(t))
	for i, v := range t {
		parts[i] = v.text()
	}
	return strings.Join(parts, ",")
}

// equal compares values, not notation: 5 and "5" are one token.
func (t revisionToken) equal(other revisionToken) bool {
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
func (t *revisionDescriptor) findToken(where func(tokenPart) location, body []byte, header http.Header) revisionToken {
	found := make(revisionToken, 0, len(t.tokens))
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

// replyToken reads the token in the response to a write. A token that cannot guard the next write counts as missing.
func (t *revisionDescriptor) replyToken(a *response) revisionToken {
	found := t.findToken(replyAt, a.body, a.header)
	if t.usable(found) != nil {
		return nil
	}
	return found
}

// inResource returns where the parts of the token are in the resource itself, as the read's answer holds it.
func (t *revisionDescriptor) inResource(p tokenPart) location {
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
func (t *revisionDescriptor) usable(tok revisionToken) error {
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

// ordered reports whether tokens grow. Those that are made from the content do not, though they may be numbers.
func (t *revisionDescriptor) ordered() bool {
	return t.order == orderMonotonic || t.order == orderIncrements
}

// older reports whether a is known to be older than b. Tokens without an order never are.
func (t *revisionDescriptor) older(a, b revisionToken) bool {
	if !t.ordered() || len(a) != 1 || len(b) != 1 {
		return false
	}
	x, y := a[0].text(), b[0].text()
	return isDecimal(x) && isDecimal(y) && compareDecimal(x, y) < 0
}

// follows reports whether b is the token that exactly one write leads to from a.
func (t *revisionDescriptor) follows(a, b revisionToken) bool {
	if t.order != orderIncrements || len(a) != 1 || len(b) != 1 {
		return false
	}
	x, y := a[0].text(), b[0].text()
	return isDecimal(x) && isDecimal(y) && compareDecimal(nextDecimal(x), y) == 0
}

// putToken writes the token into a request.
func (t *revisionDescriptor) putToken(tok revisionToken, r *request) error {
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

// What a client remembers of tokens between calls. Replicas lag for seconds; a resource that was deleted and made
// again begins anew, and must not be taken for a lagging one for long.
const (
	floorLife  = time.Minute
	floorCount = 1024
)

// lastSeen remember, per resource, the highest token a client has seen, so that the call after a write recognises a read
// that does not know of the write yet. It is a help, not a guard: the server checks every token. So it may forget.
//
// There are two generations, so that what has expired goes without being looked for: a client that works through millions of
// resources holds those of the last two minutes, and never more than floorCount.
type lastSeen struct {
	mu          sync.Mutex
	seen, older map[string]seenToken
	begun       time.Time // when seen was
}

type seenToken struct {
	token   revisionToken
	expires time.Time
}

// get returns the highest token known of a resource; nil when there is none.
func (f *lastSeen) get(resource string, now time.Time) revisionToken {
	f.mu.Lock()
	defer f.mu.Unlock()
	known, ok := f.seen[resource]
	if !ok {
		known, ok = f.older[resource]
	}
	if ok && now.Before(known.expires) {
		return known.token
	}
	return nil
}

// put remembers the highest token of a resource.
func (f *lastSeen) put(resource string, highest revisionToken, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.age(now)
	f.seen[resource] = seenToken{token: highest, expires: now.Add(floorLife)}
}

// age begins another generation when the one at hand is old enough, or has half of what there may be.
func (f *lastSeen) age(now time.Time) {
	switch life := now.Sub(f.begun); {
	case f.seen == nil || life >= 2*floorLife:
		f.seen, f.older = map[string]seenToken{}, nil
	case life >= floorLife || len(f.seen) >= floorCount/2:
		f.seen, f.older = map[string]seenToken{}, f.seen
	default:
		return
	}
	f.begun = now
}

// forget drops a resource that is gone, or whose reads do not come up to what was seen.
func (f *lastSeen) forget(resource string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.seen, resource)
	delete(f.older, resource)
}

// entityTag is the form of a token that is an entity tag (RFC 9110, section 8.8.3). What else could come in its place has a meaning of its
// own in If-Match: "*" is any state, and a list is each of several.
type entityTag struct {
	bare bool // a word without quotes is one, too
	weak bool // weak ones are sent instead of refused
}

var (
	errTagMalformed = errors.New("the token is no entity tag, which is text in double quotes")
	errTagNoWord    = errors.New("the token is neither an entity tag nor one word")
	errTagWeak      = errors.New("the entity tag is weak: it cannot guard a write")
)

func (t entityTag) fault(p tokenPart, value string, _ http.Header) error {
	tag, weak := strings.CutPrefix(value, `W/`)
	word := p.unquoted || !strings.HasPrefix(tag, `"`)
	switch {
	case word && !t.bare:
		return errTagMalformed
	case word && (weak && tag == withoutQuotes(tag) || !isWord(withoutQuotes(tag))):
		return errTagNoWord
	case !word && !isQuoted(tag):
		return errTagMalformed
	case weak && !t.weak:
		return errTagWeak
	}
	return nil
}

// isWord reports whether s is one word, which no server takes for a list, a wildcard or a weak tag.
func isWord(s string) bool {
	return s != "" && s != "*" && !strings.HasPrefix(strings.ToUpper(s), "W/") &&
		!strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c == '"' || c == ',' || c >= 0x7f })
}

// httpDate is the form of a token that is a date of HTTP: Last-Modified, for If-Unmodified-Since. It has whole seconds, and two writes of
// one second have the same. So it guards a write only where its second was over when the answer was made (RFC 9110, section 8.8.2.2).
type httpDate struct {
	weak bool // dates that may be of two writes are sent instead of refused
}

var (
	errDateMalformed = errors.New("the token is no date of HTTP")
	errDateWeak      = errors.New("the date is weak: its answer was made before it, or does not say when")
	errDateYoung     = errors.New("the date is weak: its answer was not made a second later")
)

func (d httpDate) fault(_ tokenPart, value string, header http.Header) error {
	modified, err := http.ParseTime(value)
	if err != nil {
		return errDateMalformed
	}
	answered, err := http.ParseTime(header.Get("Date"))
	switch age := answered.Sub(modified); {
	case d.weak:
	case err != nil || age < 0:
		return errDateWeak
	case age < time.Second:
		return errDateYoung
	}
	return nil
}
