//contactsgen:feature core
//contactsgen:part errors

package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Classes of errors, for errors.Is.
var (
	// ErrConflict says that the server refused the revision sent as stale, and nothing else: that answer was not preceded by one
	// that may have been lost. (What delivers a request twice on the way is not seen here; see DoubtConflicts.)
	ErrConflict = errors.New("the revision is stale")
	// ErrAlreadyExists says that there is such a thing already.
	ErrAlreadyExists = errors.New("already exists")
	// ErrNotFound says that there is no such thing, or no longer.
	ErrNotFound = errors.New("not found")
	// ErrUnauthenticated says that the credentials are missing, wrong or expired.
	ErrUnauthenticated = errors.New("not authenticated")
	// ErrPermission says that the credentials don't allow the call.
	ErrPermission = errors.New("not allowed")
	// ErrRateLimited says that there were too many requests.
	ErrRateLimited = errors.New("rate limited")
	// ErrPrecondition says that the state of things does not allow the call.
	ErrPrecondition = errors.New("precondition failed")
	// ErrInvalid says that the request is wrong.
	ErrInvalid = errors.New("invalid request")

	// ErrAmbiguousWrite says that a write failed and may have been applied all the same.
	ErrAmbiguousWrite = errors.New("the write may have been applied")
	// ErrBudget says that what the client may spend on retries is spent: the server is in trouble.
	ErrBudget = errors.New("the retry budget is spent")
)

// ErrorCode is an application's own code for an error. Codes work with errors.Is.
type ErrorCode string

// Error is the code itself.
func (c ErrorCode) Error() string { return string(c) }

// Violation is one rule that the request broke.
type Violation struct {
	Field       string
	Description string
	Rule        string
	RuleName    string
}

// APIError is an answer that is not the declared success. errors.Is matches it with its class (ErrNotFound, …), with
// its code, and with ErrAmbiguousWrite when a write may have been applied although the server reported a failure, or was
// applied, as another success than the declared one says.
type APIError struct {
	Operation   string // operationId
	Method      string
	Path        string // template of the path: no value is filled in
	Status      int
	Code        ErrorCode
	Message     string
	Description string
	RequestID   string
	Header      http.Header
	Violations  []Violation
	Data        json.RawMessage // what the API adds to its code
	Body        []byte          // at most 64 KiB of an error; all of a success that could not be used
	RetryAfter  time.Duration   // how long to wait after a 429 or 503, and whenever the server names a time; 100 years at most
	Err         error           // why the body could not be read to its end, or used

	api       string // the package
	op        *operation
	blamed    string // what the request lacks, in the place of what a conflict says
	class     error
	ambiguous bool
	accepted  bool // a success that the description does not declare
}

// Error names operation, method, path template, status, code and request id: nothing that could hold personal data or
// a credential. What the server says in words is in Message, Description, Violations and Body.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s %s: %d", e.api, e.Operation, e.Method, e.Path, e.Status)
	if code := printable(string(e.Code)); code != "" {
		b.WriteString(" " + code)
	}
	switch {
	case e.blamed != "":
		b.WriteString(", " + e.blamed)
	case e.class == ErrConflict:
		b.WriteString(", " + ErrConflict.Error())
	}
	if e.Err != nil {
		b.WriteString(", " + describe(e.Err))
	}
	if id := printable(e.RequestID); id != "" {
		b.WriteString(" (request " + id + ")")
	}
	return b.String()
}

// Is reports whether target is the error's class or code.
func (e *APIError) Is(target error) bool {
	if code, ok := target.(ErrorCode); ok {
		return code != "" && code == e.Code
	}
	if e.ambiguous && e.class == ErrConflict {
		return target == ErrAmbiguousWrite // whoever handles a conflict makes the change again
	}
	return target == e.class && e.class != nil || target == ErrAmbiguousWrite && e.ambiguous
}

// Unwrap is the reason why the body could not be used, if that was it.
func (e *APIError) Unwrap() error { return e.Err }

// wrapped finds an error of a type in what err wraps, as errors.As does. That brings a second reflection along, which many programs do
// without.
func wrapped[E error](err error) (found E, ok bool) {
	for err != nil {
		if found, ok = err.(E); ok { //nolint:errorlint // this is what looks into errors
			return found, true
		}
		switch w := err.(type) { //nolint:errorlint // the same
		case interface{ Unwrap() error }:
			err = w.Unwrap()
		case interface{ Unwrap() []error }:
			for _, e := range w.Unwrap() {
				if found, ok = wrapped[E](e); ok {
					break
				}
			}
			return found, ok
		default:
			return found, false
		}
	}
	return found, false
}

// printable lets through what looks like a code or an id. Anything else a server sends in their place stays out of
// error texts and logs: it could be an address or a credential.
func printable(s string) string {
	if len(s) > 128 {
		return ""
	}
	for _, c := range []byte(s) {
		if !isAlphanumeric(c) && !strings.ContainsRune("-_.:", rune(c)) {
			return ""
		}
	}
	return s
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
