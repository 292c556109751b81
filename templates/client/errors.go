//contactsgen:feature core
//contactsgen:part errors

// Responses that are no success: where an error has its parts, which class it belongs to, and whether it is a conflict.

package client

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
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
	// ErrNotModified says that what was asked for with WithIfNoneMatch is what the caller has already. WithResponse is filled.
	ErrNotModified = errors.New("not modified")

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
// applied, as another success than the declared one says, or one whose body could not be used.
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

// describe is the text of an error without anything that came from a request or an answer.
func describe(err error) string {
	if wrongType, ok := wrapped[*json.UnmarshalTypeError](err); ok {
		if wrongType.Field == "" {
			kind, _, _ := strings.Cut(wrongType.Value, " ") // a number comes with its digits
			return "the value is of type " + kind + ", which is not what the description says"
		}
		return fmt.Sprintf("%q is not what the description says", wrongType.Field)
	}
	return withoutPlaces(withoutQuoted(err.Error()))
}

// withoutPlaces takes away the words that are a URL or a part of one: transports of others print them, and there are values in
// their paths and credentials in their queries.
func withoutPlaces(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		inner := strings.TrimLeft(word, "'`(<[{=")
		if strings.Contains(word, "://") || strings.Contains(word, "%3A%2F%2F") || strings.ContainsAny(word, "?=") ||
			strings.HasPrefix(inner, "/") {
			words[i] = "…"
		}
	}
	return strings.Join(words, " ")
}

// withoutQuoted takes away what other packages quote in their error texts: URLs, header lines, values.
func withoutQuoted(text string) string {
	var b strings.Builder
	for {
		before, rest, opened := strings.Cut(text, `"`)
		_, after, closed := strings.Cut(rest, `"`)
		if !opened || !closed {
			return b.String() + text
		}
		b.WriteString(before + `"…"`)
		text = after
	}
}

// withoutURL takes away the wrapping that prints a whole URL.
func withoutURL(err error) error {
	if outer, ok := wrapped[*url.Error](err); ok {
		return outer.Err
	}
	return err
}

// succeeds reports whether a status is a declared success.
func (op *operation) succeeds(status int) bool {
	if op.success == nil {
		return 200 <= status && status <= 299
	}
	for _, r := range op.success {
		if r.from <= status && status <= r.to {
			return true
		}
	}
	return false
}

// classify returns nil for an answer that is the declared success, and what it says otherwise. A conflict may come with
// any status, a successful one included: only the operation's rules know.
func (c *core) classify(op *operation, a *response) error {
	if op.succeeds(a.status) && !op.mayConflict(a.status) {
		return nil
	}
	e := c.parseError(op, a)
	e.class = op.classify(a, e)
	if c.d.usual != nil && op.errors == nil {
		c.d.usual.read(e, op.conflict == nil)
	}
	if e.class != ErrConflict && op.succeeds(a.status) {
		return nil
	}
	e.accepted = !op.safe && e.class != ErrConflict && 200 <= a.status && a.status <= 299
	if e.accepted {
		e.Err = cmp.Or(e.Err, errUndeclaredSuccess)
	}
	// When package net/http sent the request twice, the refusal may be due to our own first one.
	e.ambiguous = !op.safe && (a.resent || e.accepted || e.class != ErrConflict && leavesDoubt(a.status))
	return e
}

// blame says of a conflict what the caller did not send. Without a token nothing was stale, and 0 is what a member has that was never set; it
// may still be a token like any other.
func (r *request) blame(err error) error {
	refused, ok := err.(*APIError) //nolint:errorlint // of this very request
	if !ok || refused.class != ErrConflict || len(r.op.token) == 0 {
		return err
	}
	switch sent, known := r.sentToken(); {
	case known && sent == "":
		refused.class, refused.blamed = ErrPrecondition, "no revision was sent"
	case sent == "0":
		refused.blamed = "the revision that was sent is 0"
	}
	return err
}

// sentToken is the first part of the token that a request carries; it is not known of a body that is no JSON.
func (r *request) sentToken() (sent string, known bool) {
	switch at := r.op.token[0]; {
	case at.in == inHeader:
		return r.header.Get(at.name), true
	case at.in == inQuery:
		sent, err := url.ParseQuery(r.rawQuery())
		return sent.Get(at.name), err == nil
	case at.in == inBody && r.op.form == nil && r.upload == nil:
		v, _ := at.at.get(r.body)
		return text(v), len(v) == 0 || text(v) != "" || string(v) == `""` || string(v) == "null"
	}
	return "", false
}

// errUndeclaredSuccess is what is wrong with the answer to a write that was applied.
var errUndeclaredSuccess = errors.New("a success that the description does not have")

// mayConflict reports whether a conflict rule could match an answer with this status.
func (op *operation) mayConflict(status int) bool {
	for _, r := range op.conflict {
		if r.status == 0 || r.status == status {
			return true
		}
	}
	return false
}

// classify finds the class of an error: by the operation's rules first, then by its codes, by the status last.
func (op *operation) classify(a *response, e *APIError) error {
	if !anyMatches(op.terminal, a, e) && anyMatches(op.conflict, a, e) {
		return ErrConflict
	}
	for _, c := range op.codes {
		if c.code != "" && c.code == e.Code && c.class != nil {
			return *c.class
		}
	}
	return classOfStatus(a.status)
}

func anyMatches(rules []conflictRule, a *response, e *APIError) bool {
	for _, r := range rules {
		if r.matches(a, e) {
			return true
		}
	}
	return false
}

func (r conflictRule) matches(a *response, e *APIError) bool {
	if r == (conflictRule{}) ||
		r.status != 0 && r.status != a.status ||
		r.code != "" && r.code != string(e.Code) ||
		r.body != "" && !sameJSON([]byte(r.body), a.body) {
		return false
	}
	return r.text == nil || r.text.matches(e.Message)
}

// pattern is a regular expression over the message of an error. It stands apart so that only a client whose description has one needs
// package regexp, which is larger than the rest of a small client.
type pattern string

func (p pattern) matches(text string) bool {
	ok, err := regexp.MatchString(string(p), text)
	return ok && err == nil
}

func sameJSON(a, b []byte) bool {
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}

// classOfStatus is nil for a status that says too little. A 409 that is no stale revision says that the state of things is in the way.
func classOfStatus(status int) error {
	switch status {
	case http.StatusNotModified:
		return ErrNotModified
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return ErrInvalid
	case http.StatusUnauthorized:
		return ErrUnauthenticated
	case http.StatusForbidden:
		return ErrPermission
	case http.StatusNotFound, http.StatusGone:
		return ErrNotFound
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusPreconditionRequired:
		return ErrPrecondition
	case http.StatusTooManyRequests:
		return ErrRateLimited
	}
	return nil
}

// leavesDoubt reports whether a write may have been applied although its answer is no success: the server, or a gateway
// before it, failed, or the answer is elsewhere. What is to be sent elsewhere was not applied here.
func leavesDoubt(status int) bool {
	switch status {
	case http.StatusRequestTimeout:
		return true
	case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported,
		http.StatusNotModified, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return false
	}
	return status >= 500 || status >= 300 && status <= 399
}

// The parts of an error, in the order in which lookup lists their places.
const (
	codePart = iota
	messagePart
	descriptionPart
	requestIDPart
	dataPart
	violationsPart
	errorParts // how many there are
)

// errorLookup is where an error has its parts. The places in the body are taken apart already.
type errorLookup struct {
	format *errorFormat
	parts  [errorParts]location
	paths  [errorParts][]segment
	inside several // what is in the body
}

// lookup takes the places apart, once for a client.
func (f *errorFormat) lookup() *errorLookup {
	l := &errorLookup{format: f, parts: [errorParts]location{f.code, f.message, f.description, f.requestID, f.data, f.violations}}
	for i, at := range l.parts {
		if path, err := at.at.segments(); at.in == inBody && err == nil {
			l.paths[i] = path
			l.inside |= 1 << i
		}
	}
	return l
}

// parseError reads what an error answer carries. Everything in it is optional, the body may be no JSON at all.
func (c *core) parseError(op *operation, a *response) *APIError {
	l := c.errors
	if op.errors != nil {
		l = op.errors.lookup()
	}
	found := l.bodyParts(a)
	read := func(i int) string {
		if l.parts[i].in == inHeader {
			return a.header.Get(l.parts[i].name)
		}
		return text(found[i])
	}
	return &APIError{
		api: c.d.name, op: op, Operation: op.id, Method: op.method, Path: op.path,
		Status: a.status, Header: a.header, Body: a.body,
		Code:        ErrorCode(read(codePart)),
		Message:     read(messagePart),
		Description: read(descriptionPart),
		RequestID:   read(requestIDPart),
		Data:        bytes.Clone(l.rawPart(dataPart, a, &found)),
		Violations:  l.format.readViolations(l.rawPart(violationsPart, a, &found)),
		RetryAfter:  c.retryAfter(l.format, a.status, a.header),
		Err:         a.lost,
	}
}

// bodyParts gives the parts of an error that its body has, in one pass.
func (l *errorLookup) bodyParts(a *response) (found [errorParts]json.RawMessage) {
	body := a.body
	if a.truncated {
		body = closeJSON(body)
	}
	if validJSON(body) {
		parser := nodeParser{doc: body}
		parser.gather(found[:], l.paths[:], 0, l.inside)
	}
	return found
}

// rawPart gives a part as JSON, wherever it is.
func (l *errorLookup) rawPart(i int, a *response, found *[errorParts]json.RawMessage) json.RawMessage {
	if l.parts[i].in != inBody {
		return findIn(l.parts[i], a.header, nil)
	}
	return found[i]
}

func (c *core) errorFormat(op *operation) *errorFormat {
	if op.errors != nil {
		return op.errors
	}
	return &c.d.errors
}

func (f *errorFormat) readViolations(list json.RawMessage) []Violation {
	var entries []map[string]json.RawMessage
	if len(list) == 0 || json.Unmarshal(list, &entries) != nil {
		return nil
	}
	violations := make([]Violation, 0, len(entries))
	for _, e := range entries {
		violations = append(violations, Violation{
			Field:       text(e[f.violation.field]),
			Description: text(e[f.violation.description]),
			Rule:        text(e[f.violation.rule]),
			RuleName:    text(e[f.violation.ruleName]),
		})
	}
	return violations
}

// errorReader reads what errors carry whose places the description does not give.
type errorReader interface {
	read(e *APIError, withCode bool)
}

// usualErrors reads what errors usually carry: problem details (RFC 9457), a message, an error with one, a list of errors, or what OAuth has
// (RFC 6749).
type usualErrors struct{}

func (usualErrors) read(e *APIError, withCode bool) {
	body := e.Body
	if !validJSON(body) {
		body = closeJSON(body)
	}
	n, err := parseNode(bytes.TrimSpace(body))
	if err != nil {
		return
	}
	inner, first := n.member("error"), n.member("errors").nth(0)
	e.Message = firstText(n.member("message"), inner.member("message"), n.member("title"), first.member("message"), first.member("title"),
		first, inner)
	e.Description = firstText(n.member("detail"), inner.member("detail"), n.member("error_description"), first.member("detail"))
	if withCode {
		e.Code = ErrorCode(printable(firstText(n.member("code"), inner.member("code"), first.member("code"), inner)))
	}
	if list := n.member("errors"); list.is(kindArray) {
		for _, item := range list.items {
			v := Violation{
				Field:       firstText(item.member("pointer"), item.member("field"), item.member("source").member("pointer")),
				Description: firstText(item.member("detail"), item.member("message"), item.member("title"), item),
			}
			if v != (Violation{}) {
				e.Violations = append(e.Violations, v)
			}
		}
	}
}

// firstText is the first text or number among values.
func firstText(values ...*node) string {
	for _, v := range values {
		if v.is(kindString) || v.is(kindNumber) {
			return scalar(v)
		}
	}
	return ""
}
