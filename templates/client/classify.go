//contactsgen:feature core
//contactsgen:part errors

package client

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
)

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

// judge returns nil for an answer that is the declared success, and what it says otherwise. A conflict may come with
// any status, a successful one included: only the operation's rules know.
func (c *core) judge(op *operation, a *answer) error {
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
func (op *operation) classify(a *answer, e *APIError) error {
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

func anyMatches(rules []conflictRule, a *answer, e *APIError) bool {
	for _, r := range rules {
		if r.matches(a, e) {
			return true
		}
	}
	return false
}

func (r conflictRule) matches(a *answer, e *APIError) bool {
	if r == (conflictRule{}) ||
		r.status != 0 && r.status != a.status ||
		r.code != "" && r.code != string(e.Code) ||
		r.body != "" && !sameJSON([]byte(r.body), a.body) {
		return false
	}
	return r.text == nil || r.text.matches(e.Message)
}

func sameJSON(a, b []byte) bool {
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}

// classOfStatus is nil for a status that says too little. A 409 that is no stale revision says that the state of things is in the way.
func classOfStatus(status int) error {
	switch status {
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
func (c *core) parseError(op *operation, a *answer) *APIError {
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
func (l *errorLookup) bodyParts(a *answer) (found [errorParts]json.RawMessage) {
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
func (l *errorLookup) rawPart(i int, a *answer, found *[errorParts]json.RawMessage) json.RawMessage {
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

// text is the value of a JSON string, or the literal of a number; anything else, and nothing, is "". v is a part of a valid document.
func text(v json.RawMessage) string {
	switch {
	case len(v) == 0:
		return ""
	case v[0] == '"':
		return unquote(v)
	case v[0] == '-' || '0' <= v[0] && v[0] <= '9':
		return string(v)
	}
	return ""
}
