//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// suspicion is a callback's conclusion from a state that may be out of date. It is checked against a read, once.
type suspicion struct {
	token    token
	err      error // what the callback returned
	panicked any   // or panicked with
	noop     bool  // or it changed nothing
}

// stateMutate (S2) has the callback make what is to be sent.
func stateMutate(_ context.Context, r *run) state {
	if s := r.suspect; s != nil {
		r.suspect = nil
		if !s.noop && s.token.equal(r.base.token) {
			return r.draftFailed(s) // the copy was up to date after all, and so was the conclusion
		}
	}
	d, s := r.draft()
	switch {
	case s == nil && r.base.partial && !d.complete(r.w.t):
		return stateRead
	case s == nil:
		return r.ship(d)
	case r.base.trusted() || s.noop && r.h.trustNoop || isContractViolation(s.err):
		return r.draftFailed(s)
	}
	if r.base.partial {
		s.token = nil // the callback may have missed what the copy lacks
	}
	r.suspect = s
	return stateRead
}

// draft runs the callback. A panic in it is only caught when it may be due to an outdated copy.
func (r *run) draft() (d *draft, s *suspicion) {
	defer r.watch.calling()()
	if !r.base.trusted() {
		defer func() {
			if p := recover(); p != nil {
				d, s = nil, &suspicion{token: r.base.token, panicked: p}
			}
		}()
	}
	d, err := r.w.want.draft(r.w, r.base)
	if err != nil || d == nil {
		return nil, &suspicion{token: r.base.token, err: err, noop: err == nil}
	}
	return d, nil
}

func isContractViolation(err error) bool {
	var breach *contractViolation
	return errors.As(err, &breach)
}

// callbackError marks what a callback returned.
type callbackError struct{ err error }

func (e *callbackError) Error() string { return e.err.Error() }

func (e *callbackError) Unwrap() error { return e.err }

// helperError marks an error of a callback that is the helper's own: it is no failure of the caller's.
type helperError struct{ err error }

func (e *helperError) Error() string { return e.err.Error() }

func (e *helperError) Unwrap() error { return e.err }

// draftFailed ends the call because there is nothing that could be sent.
func (r *run) draftFailed(s *suspicion) state {
	var failed *callbackError
	var own *helperError
	switch {
	case s.panicked != nil:
		panic(s.panicked)
	case s.noop:
		return r.unchanged()
	case errors.As(s.err, &own):
		return r.fail(nil, own.err)
	case errors.As(s.err, &failed):
		return r.fail(ErrMutate, failed.err)
	case isContractViolation(s.err):
		return r.fail(ErrContract, s.err)
	}
	return r.fail(nil, s.err)
}

// unchanged ends the call without a write.
func (r *run) unchanged() state {
	v, err := r.w.decode(r.base)
	if err != nil {
		return r.fail(nil, err)
	}
	return r.succeed(Unchanged, v, r.base.token)
}

// ship makes the request of a new write, with the token of the state it was made from.
func (r *run) ship(d *draft) state {
	t := r.w.t
	req, err := r.w.c.request(t.write, t.inPath(r.key), body{raw: d.body}, r.o)
	if err == nil {
		err = req.carry(t.keys, r.key)
	}
	if err == nil {
		err = r.guard(req)
	}
	if err == nil && t.payload.kind == payloadFields {
		err = req.putText(t.payload.mask, strings.Join(d.mask, ","))
	}
	if err == nil {
		err = r.name(req, d)
	}
	if err == nil {
		err = req.write()
	}
	if err != nil {
		return r.fail(ErrContract, err)
	}
	req.time = r.watch
	r.sent = &shipment{draft: d, request: req, token: r.base.token, key: r.key}
	r.attempts++
	return stateWrite
}

// guard puts the token into a request, or what the API takes in its place.
func (r *run) guard(req *request) error {
	t := r.w.t
	switch {
	case !r.unconditional():
		return t.putToken(r.base.token, req)
	case t.escape.flag.in != nowhere:
		return req.putText(t.escape.flag, t.escape.on)
	case t.escape.omit:
		return req.omit(t.tokens)
	}
	for _, part := range t.tokens {
		if err := req.putText(part.send, t.escape.value); err != nil {
			return err
		}
	}
	return nil
}

// putText writes a text of the description into a request; in a body what is JSON already stays what it is.
func (r *request) putText(at location, s string) error {
	if at.in == inBody && !validJSON([]byte(s)) {
		return r.putValue(at, quotedValue(s))
	}
	return r.putValue(at, tokenValue{raw: s})
}

// name gives a request the key by which the server recognises it when it is sent again. The same change keeps its key for
// as long as nobody knows whether it was applied.
func (r *run) name(req *request, d *draft) error {
	at := r.w.t.idempotencyKey
	if at.in == nowhere {
		return nil
	}
	if !r.inDoubt || r.sent == nil || !bytes.Equal(r.sent.draft.body, d.body) {
		r.idempotencyKey = newIdempotencyKey()
	}
	return req.putText(at, r.idempotencyKey)
}

// newIdempotencyKey is a random UUID.
func newIdempotencyKey() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, and the program ends if it did
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// complete reports whether a draft made from a copy without its raw answer sends no more than the copy is known to
// hold. What is sent whole could otherwise lose members that the copy's type does not have.
func (d *draft) complete(t *revisionTrait) bool {
	if t.payload.kind == payloadWhole {
		return false
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(d.payload, &members) != nil {
		return false
	}
	for _, v := range members {
		if strings.ContainsAny(string(v[:1]), "{[") {
			return false
		}
	}
	return true
}
