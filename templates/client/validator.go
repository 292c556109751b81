//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"errors"
	"net/http"
	"strings"
	"time"
)

// entityTag is the form of a token that is an entity tag (RFC 9110, section 8.8.3). What else could come in its place has a meaning of its
// own in If-Match: "*" is any state, and a list is each of several.
type entityTag struct {
	bare bool // a word without quotes is one, too
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
	case weak && !p.sendWeak:
		return errTagWeak
	}
	return nil
}

// isQuoted reports whether s is quotes around characters that an entity tag can have.
func isQuoted(s string) bool {
	inner := withoutQuotes(s)
	return len(inner) == len(s)-2 && !strings.ContainsFunc(inner, func(c rune) bool { return c <= ' ' || c == '"' || c == 0x7f })
}

// isWord reports whether s is one word, which no server takes for a list, a wildcard or a weak tag.
func isWord(s string) bool {
	return s != "" && s != "*" && !strings.HasPrefix(strings.ToUpper(s), "W/") &&
		!strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c == '"' || c == ',' || c >= 0x7f })
}

// withoutQuotes is an entity tag without mark of weakness and quotes; what has no quotes at both ends stays as it is.
func withoutQuotes(s string) string {
	tag := strings.TrimPrefix(s, "W/")
	if len(tag) < 2 || tag[0] != '"' || tag[len(tag)-1] != '"' {
		return s
	}
	return tag[1 : len(tag)-1]
}

// httpDate is the form of a token that is a date of HTTP: Last-Modified, for If-Unmodified-Since. It has whole seconds, and two writes of
// one second have the same. So it guards a write only where its second was over when the answer was made (RFC 9110, section 8.8.2.2).
type httpDate struct{}

var (
	errDateMalformed = errors.New("the token is no date of HTTP")
	errDateWeak      = errors.New("the date is weak: its answer was not made a second later, or does not say so")
)

func (httpDate) fault(p tokenPart, value string, header http.Header) error {
	modified, err := http.ParseTime(value)
	if err != nil {
		return errDateMalformed
	}
	answered, err := http.ParseTime(header.Get("Date"))
	if !p.sendWeak && (err != nil || answered.Sub(modified) < time.Second) {
		return errDateWeak
	}
	return nil
}
