package law

import (
	"hash/fnv"
	"net/http"
	"time"
)

// Dates as tokens (RFC 9110, sections 8.8.2 and 13.1.4). The number of a version is the second in which it was made, so those of one second
// have one token. An answer says when it was made, from which a client can tell whether there will be more of them.

// seeded is how long ago a resource was made that a server begins with.
const seeded = time.Hour

// numberAfter is the number of the version behind another one.
func (a API) numberAfter(number int64, info map[string]any) int64 {
	switch {
	case a.Order == ofContent:
		return numberOf(info)
	case a.Token == Date:
		return max(number, time.Now().Unix())
	}
	return number + max(a.Step, 1)
}

// firstNumber is that of a version which a server begins with.
func (a API) firstNumber(info map[string]any) int64 {
	switch {
	case a.Order == ofContent:
		return numberOf(info)
	case a.Token == Date:
		return time.Now().Add(-seeded).Unix()
	}
	return max(a.First, 1)
}

// ofContent is the order of tokens that are made from the state.
const ofContent = "content"

// numberOf makes a number from a state.
func numberOf(info map[string]any) int64 {
	h := fnv.New64a()
	h.Write([]byte(Text(info)))
	return int64(h.Sum64() >> 1)
}

// refuses reports whether a token is not that of a version. What is no date is no condition.
func (a API) refuses(token string, number int64) bool {
	if a.Token != Date {
		return token != a.TokenText(number)
	}
	at, err := http.ParseTime(token)
	return err == nil && time.Unix(number, 0).After(at)
}

// dated has an answer say when it was made.
func (a API) dated(answered Answer) Answer {
	if a.Token == Date && answered.Header != nil {
		answered.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	return answered
}

// ReadHeader is the header in which answers have the token; "" is none.
func (a API) ReadHeader() string {
	switch a.Token {
	case ETag:
		return "ETag"
	case Date:
		return "Last-Modified"
	}
	return ""
}

// SendHeader is the header in which writes have it, where they have it in one.
func (a API) SendHeader() string {
	if a.Token == Date {
		return "If-Unmodified-Since"
	}
	return "If-Match"
}
