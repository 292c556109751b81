//contactsgen:feature helpers
//contactsgen:part update

// The states of a run: read, mutate, write, conflict, own write, wait. Each decides which comes next.

package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// sendOutcome is what became of one send.
type sendOutcome uint8

const (
	sendApplied   sendOutcome = iota // a success
	sendUnread                       // a success whose body was lost: applied for certain
	sendConflict                     // the token was refused, and no earlier send can be why
	sendSuspect                      // the token was refused, maybe because an earlier send was applied
	sendThrottled                    // certainly not applied, and the server wants to be asked again
	sendUnsent                       // certainly not sent
	sendLost                         // nobody knows
	sendRefused                      // certainly not applied, and never will be
)

// stateStart (S0) begins with the state at hand, or with a read.
func stateStart(ctx context.Context, r *run) stateFunc {
	if r.w.broken != nil {
		return r.fail(ErrContract, r.w.broken)
	}
	r.noteSeen(clientState[lastSeen](r.w.c).get(r.queueKey(), r.clock.Now()))
	if next, resumed := r.recall(ctx); resumed {
		return next
	}
	if r.base == nil {
		if r.unconditional() && !r.h.skipIfEqual {
			r.base = &baseState{partial: true}
			return stateMutate
		}
		return stateRead
	}
	// A copy older than what this client has seen since would only be refused.
	if r.w.t.usable(r.base.token) != nil || r.w.t.older(r.base.token, r.lastSeen) {
		return stateRead
	}
	r.noteSeen(r.base.token)
	return stateMutate
}

// unconditional reports whether the write needs no token.
func (r *run) unconditional() bool {
	e := r.w.t.escape
	return r.w.want.blind() && (e.omit || e.value != "" || e.flag.in != nowhere)
}

// noteSeen takes note of a token that the server has, or that a copy proves it to have had.
func (r *run) noteSeen(t revisionToken) {
	if t != nil && (r.lastSeen == nil || r.w.t.older(r.lastSeen, t)) {
		r.lastSeen = t
	}
}

// saw takes note of a token in an answer of the server, for later calls too.
func (r *run) saw(t revisionToken) {
	r.last = t
	r.noteSeen(t)
	if t != nil && r.w.t.ordered() && !r.w.t.older(t, r.lastSeen) {
		clientState[lastSeen](r.w.c).put(r.queueKey(), t, r.clock.Now())
	}
}

// succeed ends the call.
func (r *run) succeed(outcome Outcome, value any, t revisionToken) stateFunc {
	r.value = value
	r.report.Outcome, r.report.Revision, r.report.RevisionKnown = outcome, t.String(), t != nil
	return nil
}

// stateWrite (S3) sends the write once.
func stateWrite(ctx context.Context, r *run) stateFunc {
	if ctx.Err() != nil {
		return r.interrupted(ctx)
	}
	if err := r.announce(ctx); err != nil {
		return r.vetoed(err)
	}
	if r.isDry() {
		return r.planned(ctx)
	}
	if !r.record(ctx) {
		return nil
	}
	s := r.sent
	r.report.Writes++
	a, err := r.via.write(ctx, r)
	s.err = err
	switch r.outcomeOf(a, err) {
	case sendApplied:
		return r.applied(a)
	case sendUnread:
		r.certain = Recovered
		return stateRefill
	case sendConflict:
		return stateConflict
	case sendSuspect:
		r.report.SuspectConflicts++
		s.ambiguous, r.refused = true, s.token
		if r.h.doubtful {
			return r.wait(stateRead, ErrConflict, err)
		}
		return stateRead
	case sendThrottled:
		return r.throttle(err)
	case sendUnsent:
		return r.resend(ctx, stateWrite, err)
	case sendLost:
		s.ambiguous = true
		return r.lost(ctx, err)
	}
	return r.refusedWrite(ctx, err)
}

// announce calls the hooks before a send. The hook that may object is called only before the first send of a write.
func (r *run) announce(ctx context.Context) error {
	defer r.watch.calling()()
	s, again := r.sent, r.sent.err != nil
	if before := r.h.hooks.BeforeWrite; before != nil && !again {
		if err := before(ctx, s.base, s.after, s.payload); err != nil {
			r.sent = nil // it never was
			return err
		}
	}
	if on := r.h.hooks.OnAttempt; on != nil && !r.isDry() {
		on(ctx, AttemptInfo{Operation: r.w.t.write.id, Attempt: r.attempts, Resend: again})
	}
	return nil
}

// vetoed ends the call because a hook objected to its write, or wants it left out.
func (r *run) vetoed(err error) stateFunc {
	switch {
	case !errors.Is(err, ErrSkip) || r.inDoubt:
		return r.fail(ErrMutate, err)
	case r.base.resource == nil:
		return r.succeed(Unchanged, r.w.empty(), nil)
	}
	return r.unchanged()
}

// outcomeOf judges what came back for a send.
func (r *run) outcomeOf(a *response, err error) sendOutcome {
	var answered *APIError
	var lost *transportError
	switch {
	case err == nil && len(a.body) > 0 && !validJSON(a.body):
		return sendUnread
	case err == nil:
		return sendApplied
	case errors.As(err, &answered):
		return r.outcomeOfResponse(a, answered)
	case errors.As(err, &lost) && lost.sent && lost.op.succeeds(lost.status):
		return sendUnread
	case errors.As(err, &lost) && lost.sent:
		return sendLost
	case errors.As(err, &lost) && !lost.final:
		return sendUnsent
	}
	return sendRefused
}

// outcomeOfResponse judges a refusal. When package net/http has sent the request twice, the refusal may be the second one's
// and the first one may have been applied.
func (r *run) outcomeOfResponse(a *response, e *APIError) sendOutcome {
	s := r.sent
	s.ambiguous = s.ambiguous || a.resent
	switch {
	case e.accepted:
		return sendUnread
	case e.class == ErrConflict && r.h.doubtful:
		return sendSuspect
	case e.class == ErrConflict && s.ambiguous:
		return sendSuspect
	case e.class == ErrConflict:
		return sendConflict
	case e.Status == http.StatusTooManyRequests:
		return sendThrottled
	case anyMatches(r.w.t.again, a, e) && (e.Status < 500 || a.header.Get("Retry-After") != ""):
		return sendThrottled
	case leavesDoubt(e.Status):
		return sendLost
	}
	return sendRefused
}

// throttle waits as long as the server, or the description, says, and sends the same again.
func (r *run) throttle(err error) stateFunc {
	if r.throttled++; r.throttled > maxThrottled {
		return r.fail(nil, err)
	}
	var answered *APIError
	errors.As(err, &answered)
	asked, most := answered.RetryAfter, r.sent.request.policy().MaxRetryAfter
	if asked > most {
		return r.fail(nil, fmt.Errorf("%w (%w)", err, tooLong{asked, most}))
	}
	if asked == 0 {
		return r.wait(stateWrite, nil, err)
	}
	r.pause = plannedWait{d: asked + r.w.c.spread(asked), asked: true, then: stateWrite, err: err}
	return stateWait
}

// lost finds out, after a wait, what became of a write whose answer was lost.
func (r *run) lost(ctx context.Context, err error) stateFunc {
	if r.unconditional() && r.w.want.repeats() {
		return r.resend(ctx, stateWrite, err)
	}
	return r.retryTransport(ctx, stateRead, err)
}

// resend sends the same again, a few times.
func (r *run) resend(ctx context.Context, then stateFunc, err error) stateFunc {
	if r.resends++; r.resends > maxResends {
		return r.fail(nil, err)
	}
	return r.retryTransport(ctx, then, err)
}

// retryTransport goes on after a wait when the client's budget for failed transmissions allows it.
func (r *run) retryTransport(ctx context.Context, then stateFunc, err error) stateFunc {
	if late := r.overdue(ctx, err); late != nil {
		return late
	}
	if !r.via.withdraw(r) {
		r.budgetDenied = true
		return r.exhausted(ctx, CauseBudget, ErrBudget, err)
	}
	end := r.wait(then, nil, err)
	r.pause.d = max(r.pause.d, untilReady(err, r.clock.Now()))
	return end
}

// refusedWrite ends the call with what the server said, which sending again would not change.
func (r *run) refusedWrite(ctx context.Context, err error) stateFunc {
	var answered *APIError
	isAnswer := errors.As(err, &answered)
	if late := r.overdue(ctx, err); late != nil && !isAnswer {
		return late
	}
	switch {
	case isAnswer && answered.class == ErrNotFound && r.w.t.payload.kind == payloadNone && len(r.sent.payload) > 0:
		return r.missing(ctx, answered)
	case isAnswer && answered.class == ErrNotFound:
		return r.gone(answered)
	case isAnswer && answered.Status == http.StatusPreconditionRequired && !r.w.t.write.declares(answered.Code):
		// The server asks for what the token should have been: the description says wrongly how it travels.
		return r.fail(ErrContract, err)
	}
	return r.fail(nil, err)
}

// missing ends the call because something is not there, and finds out what: the request of an action can name others than the resource that
// it is about. The refusal stands either way, so this read may fail.
func (r *run) missing(ctx context.Context, refused *APIError) stateFunc {
	_, err := r.via.read(ctx, r, false)
	if err != nil && ctx.Err() != nil {
		return r.interrupted(ctx, refused)
	}
	if answered, ok := wrapped[*APIError](err); ok && answered.class == ErrNotFound {
		return r.gone(refused)
	}
	return r.fail(nil, refused)
}

// declares reports whether the description knows an application code of the operation.
func (op *operation) declares(code ErrorCode) bool {
	return slices.ContainsFunc(op.codes, func(c codeClass) bool { return c.code == code })
}

// stateMutate (S2) has the callback make what is to be sent.
func stateMutate(_ context.Context, r *run) stateFunc {
	if s := r.suspect; s != nil {
		r.suspect = nil
		if !s.noop && s.token.equal(r.base.token) {
			return r.draftFailed(s) // the copy was up to date after all, and so was the conclusion
		}
	}
	d, s := r.draft()
	switch {
	case s == nil && r.base.partial && !r.w.want.blind() && !d.complete(r.w.t):
		return stateRead
	case s == nil:
		return r.sendPending(d)
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
func (r *run) draft() (d *draft, s *unconfirmed) {
	defer r.watch.calling()()
	if !r.base.trusted() {
		defer func() {
			if p := recover(); p != nil {
				d, s = nil, &unconfirmed{token: r.base.token, panicked: p}
			}
		}()
	}
	d, err := r.w.want.draft(r.w, r.base)
	if err != nil || d == nil {
		return nil, &unconfirmed{token: r.base.token, err: err, noop: err == nil}
	}
	return d, nil
}

func isContractViolation(err error) bool {
	var breach *contractViolation
	return errors.As(err, &breach)
}

// draftFailed ends the call because there is nothing that could be sent.
func (r *run) draftFailed(s *unconfirmed) stateFunc {
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
func (r *run) unchanged() stateFunc {
	v, err := r.w.decode(r.base)
	if err != nil {
		return r.fail(nil, err)
	}
	return r.succeed(Unchanged, v, r.base.token)
}

// sendPending makes the request of a new write, with the token of the state it was made from.
func (r *run) sendPending(d *draft) stateFunc {
	t := r.w.t
	req, err := r.w.c.request(t.write, t.inPath(r.key), requestBody{raw: d.body}, r.o)
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
	req.time, req.completes, req.tries = r.watch, r.base.token != nil, int32(r.report.Writes)
	r.sent = &pendingWrite{draft: d, request: req, token: r.base.token, key: r.key}
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

// omit takes out of a request's body what would be taken for a token.
func (r *request) omit(parts []tokenPart) (err error) {
	for _, part := range parts {
		if _, there := part.send.at.get(r.body); part.send.in != inBody || !there {
			continue
		}
		if r.body, err = part.send.at.remove(r.body); err != nil {
			return err
		}
	}
	return nil
}

// carry puts parts of a key into a request.
func (r *request) carry(places []keyPlace, key []string) error {
	for _, p := range places {
		v := tokenValue{raw: key[p.key]}
		if p.at.in == inBody && !p.raw {
			v = quotedValue(key[p.key])
		}
		if err := r.putValue(p.at, v); err != nil {
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
func (d *draft) complete(t *revisionDescriptor) bool {
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

// stateRead (S1) reads the resource and judges whether a write can be built on what it says.
func stateRead(ctx context.Context, r *run) stateFunc {
	if ctx.Err() != nil {
		return r.interrupted(ctx)
	}
	base, err := r.via.read(ctx, r, r.w.want.blind() && !r.h.skipIfEqual)
	if err != nil {
		return r.readFailed(ctx, err)
	}
	t := r.w.t
	if err := t.usable(base.token); err != nil {
		return r.unusable(err)
	}
	switch {
	case t.older(base.token, r.lastSeen):
		return r.staleRead()
	case base.token.equal(r.refused) && t.order != orderContent: // there, the state may have come back, and its token with it
		return r.stalledRead()
	}
	r.base = base
	r.saw(base.token)
	if r.sent != nil && r.sent.ambiguous {
		return stateOwnWrite
	}
	return stateMutate
}

// unusable ends the call because of a token that cannot guard a write, or waits where that may be otherwise in a second: for a date.
func (r *run) unusable(err error) stateFunc {
	if r.young++; !errors.Is(err, errDateYoung) || r.young > maxYoungReads {
		return r.fail(ErrMissingRevision, err)
	}
	end := r.wait(stateRead, ErrMissingRevision, err)
	r.pause.d = max(r.pause.d, time.Second)
	return end
}

// fetch reads the resource; cheap is enough when only identity and token are needed.
func (r *run) fetch(ctx context.Context, cheap bool) (*baseState, error) {
	t := r.w.t
	req, err := r.readRequest(cheap)
	if err != nil {
		return nil, err
	}
	r.report.Reads++
	a, err := r.w.c.send(ctx, req)
	if err != nil {
		return nil, err
	}
	resource, err := resourceAt(a.body, t.resource)
	if err != nil {
		return nil, r.w.c.undecodable(t.read, a, err)
	}
	if err := r.identify(resource); err != nil {
		return nil, err
	}
	return &baseState{
		resource: resource, token: t.findToken(readAt, a.body, a.header),
		answer: snapshot{body: a.body, at: t.resource, header: a.header}, partial: cheap && len(t.projection) > 0,
	}, nil
}

// readRequest makes the request of a read from the path parameters of the write.
func (r *run) readRequest(cheap bool) (*request, error) {
	t := r.w.t
	path, err := t.fillPath(t.readArgs, r.key, nil)
	if err != nil {
		return nil, err
	}
	b := requestBody{}
	if t.readBody != "" {
		b.raw = []byte(t.readBody)
	}
	req, err := r.w.c.request(t.read, path, b, r.o)
	if err == nil {
		req.time, req.completes, req.tries = r.watch, r.resolving(), int32(r.report.Reads)
		err = req.carry(t.readKeyParams, r.key)
	}
	if err != nil {
		return nil, err
	}
	params := t.readParams
	if cheap {
		params = append(params[:len(params):len(params)], t.projection...)
	}
	if err := req.fix(params); err != nil {
		return nil, err
	}
	return req, req.write()
}

// resolving reports whether the call reads what became of a write.
func (r *run) resolving() bool { return r.certain != "" || r.sent != nil && r.sent.ambiguous }

// fix adds parameters whose values the description gives.
func (r *request) fix(params []fixedParam) error {
	fixed := &arguments{}
	for _, p := range params {
		values := make([]*node, len(p.value))
		for i, v := range p.value {
			values[i] = &node{kind: kindString, raw: quote(v)}
		}
		if err := fixed.addStyled(p.param, newArray(values)); err != nil {
			return err
		}
	}
	fixed.encoded = append(r.encoded, fixed.encoded...)
	return r.fill(fixed)
}

// fillPath gives the path parameters of a read from those of the write, or from its body.
func (t *revisionDescriptor) fillPath(args []argument, key []string, doc []byte) ([]string, error) {
	path := make([]string, len(args))
	for i, a := range args {
		empty := &contractViolation{path: string(a.body), reason: "does not say which resource to read"}
		switch {
		case a.write < 0:
			v, _ := a.body.get(doc)
			path[i] = text(v)
		case a.write < len(key):
			path[i] = key[a.write]
			empty = &contractViolation{reason: t.keyName(a.write) + " is empty"}
		}
		if path[i] == "" {
			return nil, empty
		}
	}
	return path, nil
}

// inPath is the part of a key that the path of the write has.
func (t *revisionDescriptor) inPath(key []string) []string { return key[:max(0, len(key)-len(t.keys))] }

// keyName is what the description calls a part of the key.
func (t *revisionDescriptor) keyName(i int) string {
	params := strings.Split(t.write.path, "{")[1:]
	if i < len(params) {
		name, _, _ := strings.Cut(params[i], "}")
		return "path parameter " + name
	}
	at := t.keys[i-len(params)].at
	return "the key's " + at.name + string(at.at)
}

// resourceAt takes the resource out of an answer.
func resourceAt(doc []byte, at pointer) ([]byte, error) {
	if err := decode(doc, new(discarded)); err != nil {
		return nil, err
	}
	resource, ok := at.get(doc)
	if !ok || string(resource) == "null" {
		return nil, errNoResult
	}
	return resource, nil
}

// discarded takes any JSON value and keeps nothing of it.
type discarded struct{}

// UnmarshalJSON accepts everything.
func (discarded) UnmarshalJSON([]byte) error { return nil }

// identityError is a read that another resource answered.
type identityError struct{ at pointer }

func (e *identityError) Error() string {
	return fmt.Sprintf("%s is not what was asked for; it may have been merged into another (FollowMerged)", e.at)
}

// identify checks that the resource is the one that was asked for, or makes it the one to write when the caller wants
// to follow it.
func (r *run) identify(resource []byte) error {
	for i, at := range r.w.t.identity {
		if at.in != inBody || i >= len(r.key) {
			continue
		}
		v, _ := at.at.get(resource)
		id := text(v)
		if id == "" || id == r.key[i] {
			continue // an answer that does not say whose it is has to be trusted
		}
		if !r.h.followMerged {
			return &identityError{at: at.at}
		}
		r.key = slices.Clone(r.key)
		r.key[i] = id
		r.lastSeen, r.refused = nil, nil // those were the other's
	}
	return nil
}

// readFailed ends the call: what a repetition could mend was repeated by the transport already.
func (r *run) readFailed(ctx context.Context, err error) stateFunc {
	var another *identityError
	var refused *APIError
	var breach *contractViolation
	if late := r.overdue(ctx, err); late != nil {
		return late
	}
	switch {
	case errors.As(err, &another):
		return r.fail(ErrIdentity, err)
	case errors.As(err, &breach):
		return r.fail(ErrContract, err)
	case errors.As(err, &refused) && refused.class == ErrNotFound:
		return r.gone(refused)
	case errors.Is(err, ErrBudget):
		r.budgetDenied = true
		return r.exhausted(ctx, CauseBudget, ErrBudget, err)
	}
	return r.fail(nil, err)
}

// gone ends the call because the resource is not there. It is never created again.
func (r *run) gone(err error) stateFunc {
	clientState[lastSeen](r.w.c).forget(r.queueKey())
	if r.holdsWhenGone() {
		return r.succeedUnseen(Recovered, nil)
	}
	if r.report.Writes == 0 {
		return r.fail(nil, err)
	}
	return r.fail(ErrGone, err)
}

// holdsWhenGone reports whether the call wanted the resource to be gone, and has sent a write that may have removed it.
func (r *run) holdsWhenGone() bool {
	b, ok := r.w.want.(*bareIntent)
	return ok && b.removes && r.sent != nil && (r.sent.ambiguous || r.inDoubt)
}

// staleRead waits for a replica to catch up.
func (r *run) staleRead() stateFunc {
	if r.report.StaleReads++; r.report.StaleReads >= maxStaleReads {
		// The resource may have been made anew, with tokens that begin anew: the next call is to see for itself.
		clientState[lastSeen](r.w.c).forget(r.queueKey())
		return r.fail(ErrStaleRead, r.lastRefusal())
	}
	return r.wait(stateRead, ErrStaleRead, r.lastRefusal())
}

// stalledRead waits for a read that shows another token than the one just refused. Sending that again could only end
// the same way.
func (r *run) stalledRead() stateFunc {
	if r.stalled++; r.stalled > maxStalledReads {
		return r.fail(ErrStalledConflict, r.lastRefusal())
	}
	return r.wait(stateRead, ErrStalledConflict, r.lastRefusal())
}

// lastRefusal is what became of the last write; nil when there was none.
func (r *run) lastRefusal() error {
	if r.sent == nil {
		return nil
	}
	return r.sent.err
}

// stateConflict (S4) takes note of a refused token and decides whether to go on.
func stateConflict(ctx context.Context, r *run) stateFunc {
	s := r.sent
	r.refused = s.token
	if stop := r.countConflict(ctx); stop != nil {
		return stop
	}
	if r.report.Conflicts == 1 {
		if carried := r.carried(); carried != nil {
			// What the refusal carries is as new as can be, but only now: after a wait it would be worth nothing.
			r.base = carried
			r.saw(carried.token)
			return stateMutate
		}
	}
	return r.wait(stateRead, ErrConflict, s.err)
}

// countConflict returns the state that ends the call when a conflict was one too many; nil to go on.
func (r *run) countConflict(ctx context.Context) stateFunc {
	r.report.Conflicts++
	if on := r.h.hooks.OnConflict; on != nil {
		info := ConflictInfo{
			Operation: r.w.t.write.id, Conflicts: r.report.Conflicts, Attempts: r.attempts,
			Elapsed: r.clock.Now().Sub(r.watch.started), Err: r.sent.err,
		}
		if r.decides(ctx, on, info) == Abort {
			return r.stopWith(CauseAborted)
		}
	}
	return r.anotherAttempt()
}

// decides asks a hook.
func (r *run) decides(ctx context.Context, on func(context.Context, ConflictInfo) Decision, info ConflictInfo) Decision {
	defer r.watch.calling()()
	return on(ctx, info)
}

// anotherAttempt returns the state that ends the call when it may write nothing new; nil to go on.
func (r *run) anotherAttempt() stateFunc {
	if r.via.attempts(r) >= r.h.attempts() {
		return r.stopWith(CauseAttempts)
	}
	return nil
}

// stopWith ends the call as a conflict.
func (r *run) stopWith(cause Cause) stateFunc {
	return func(ctx context.Context, r *run) stateFunc { return r.exhausted(ctx, cause, ErrConflict, r.sent.err) }
}

// carried is the state that a refusal carries: the resource, or for a blind write the token alone. A resource that lacks
// what was there before may be a part of it only.
func (r *run) carried() *baseState {
	t := r.w.t
	var refused *APIError
	if !errors.As(r.sent.err, &refused) {
		return nil
	}
	s := &baseState{origin: originAnswer}
	if at := t.conflict.entity; at.in == inBody {
		if resource, ok := at.at.get(refused.Body); ok && r.identify(resource) == nil {
			s.resource = resource
			s.token = t.findToken(t.inResource, resource, nil)
		}
	}
	if at := t.conflict.token; at.in != nowhere && len(t.tokens) == 1 {
		s.token = t.findToken(func(tokenPart) location { return at }, refused.Body, refused.Header)
	}
	if s.resource == nil {
		s.earlier, s.partial = r.base.known(), true
	}
	whole := r.w.want.blind() || s.resource != nil && !r.partial() && t.covers(r.sent.base, change{}, s.resource)
	if !whole || t.usable(s.token) != nil || s.token.equal(r.refused) || t.older(s.token, r.lastSeen) {
		return nil
	}
	return s
}

// wait has the call pause before then. kind and err are what it fails with when there is no time for that.
func (r *run) wait(then stateFunc, kind, err error) stateFunc {
	r.pause = plannedWait{d: r.jitter(), then: then, kind: kind, err: err}
	return stateWait
}

// jitter is the next wait of the call.
func (r *run) jitter() time.Duration {
	return r.backoff.next(r.w.c.rtt(), r.w.c.random())
}

// stateWait (S5) waits, unless the call would be over before the wait is.
func stateWait(ctx context.Context, r *run) stateFunc {
	p := r.pause
	if cause := r.outOfTime(ctx, p); cause != "" {
		return r.late(ctx, cause)
	}
	if p.asked {
		r.watch.pause()
		defer r.watch.resume()
	}
	before := r.clock.Now()
	err := r.clock.Sleep(ctx, p.d)
	r.report.Waited += r.clock.Now().Sub(before)
	if err != nil {
		return r.late(ctx, causeOf(ctx))
	}
	return p.then
}

// late ends the call because there is no time for its pause.
func (r *run) late(ctx context.Context, cause Cause) stateFunc {
	if r.pause.late != nil {
		return r.pause.late
	}
	return r.exhausted(ctx, cause, r.pause.kind, r.pause.err)
}

// outOfTime says what leaves no time for a wait; "" when there is time.
func (r *run) outOfTime(ctx context.Context, p plannedWait) Cause {
	deadline, hasDeadline := ctx.Deadline()
	left, limited := r.watch.left()
	switch {
	case ctx.Err() != nil:
		return causeOf(ctx)
	case hasDeadline && r.clock.Now().Add(p.d).After(deadline):
		return CauseDeadline
	case limited && (left <= 0 || left < p.d && !p.asked):
		return CauseElapsed
	}
	return ""
}

// causeOf says how a context ended.
func causeOf(ctx context.Context) Cause {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return CauseDeadline
	}
	return CauseCanceled
}

// exhausted (S7) ends the call because something it may spend is spent. An error of the context, or of the deadline
// that was not waited for, joins what was going on; it never takes its place.
func (r *run) exhausted(ctx context.Context, cause Cause, kind, err error) stateFunc {
	switch {
	case ctx.Err() != nil:
		err = joinContext(ctx, err)
	case cause == CauseDeadline && !errors.Is(err, context.DeadlineExceeded):
		err = errors.Join(err, context.DeadlineExceeded)
	}
	end := r.fail(kind, err)
	r.err.Cause = cause
	return end
}

// interrupted ends the call because its context is done.
func (r *run) interrupted(ctx context.Context, errs ...error) stateFunc {
	return r.cutShort(ctx, causeOf(ctx), errs...)
}

// cutShort ends the call in a request, or before one, because its time is over.
func (r *run) cutShort(ctx context.Context, cause Cause, errs ...error) stateFunc {
	var kind error
	if r.report.Conflicts > 0 {
		kind = ErrConflict
		errs = append(errs, r.lastRefusal())
	}
	return r.exhausted(ctx, cause, kind, errors.Join(errs...))
}

// overdue ends the call when err says that there was no time for a request, or not enough; nil when it says something else.
func (r *run) overdue(ctx context.Context, err error) stateFunc {
	switch {
	case ctx.Err() != nil:
		return func(ctx context.Context, r *run) stateFunc { return r.interrupted(ctx, err) }
	case isCallTimeout(err):
		return func(ctx context.Context, r *run) stateFunc { return r.cutShort(ctx, CauseElapsed, err) }
	case isPastDeadline(err):
		return func(ctx context.Context, r *run) stateFunc { return r.cutShort(ctx, CauseDeadline, err) }
	}
	return nil
}

// joinContext adds the error of a context, and why it was canceled, to err.
func joinContext(ctx context.Context, err error) error {
	if errors.Is(err, ctx.Err()) {
		return err
	}
	if why := context.Cause(ctx); !errors.Is(why, ctx.Err()) {
		return errors.Join(err, ctx.Err(), why)
	}
	return errors.Join(err, ctx.Err())
}

// fail ends the call. If a write may have been applied, the error says so, whatever happened since: a caller who sees a conflict would make
// the change again.
func (r *run) fail(kind, err error) stateFunc {
	e := &UpdateError{Op: r.w.t.write.id, Key: r.key, Kind: kind, Err: err, Current: r.last.String(), CurrentKnown: r.last != nil}
	if r.sent != nil {
		e.Sent = r.sent.token.String()
	}
	if r.inDoubt || r.sent != nil && r.sent.ambiguous {
		e.Kind, e.Err = ErrAmbiguousWrite, inDoubtAbout(kind, err)
	}
	var breach *contractViolation
	if errors.As(err, &breach) {
		e.Path = breach.path
	}
	r.err = e
	return nil
}

// stateOwnWrite (S6) decides from a fresh read what became of a write with an unknown outcome.
func stateOwnWrite(ctx context.Context, r *run) stateFunc {
	if r.sent.decide != nil {
		return r.sent.decide
	}
	began := r.clock.Now()
	v, err := r.resolveAmbiguous(ctx)
	switch v {
	case verdictApplied:
		return r.recovered()
	case verdictDone:
		r.certain = Recovered
		return stateRefill
	case verdictRepeat:
		if r.resends++; r.resends > maxResends {
			return r.fail(ErrAmbiguousWrite, r.sent.err)
		}
		return stateWrite
	case verdictForeign:
		r.sent.ambiguous = false
		r.refused = r.sent.token
		if stop := r.countConflict(ctx); stop != nil {
			return stop
		}
		if r.clock.Now().Sub(began) > 2*r.w.c.rtt() {
			return stateRead // to find out took longer than a request does
		}
		// The read is as new as one after another wait would be.
		return stateMutate
	case verdictRedo:
		r.inDoubt, r.sent.ambiguous = true, false
		if stop := r.anotherAttempt(); stop != nil {
			return stop
		}
		return stateMutate
	}
	return r.fail(ErrAmbiguousWrite, errors.Join(r.sent.err, err))
}

// resolveAmbiguous goes through the rules by which a fresh state tells whose write led to it. The first one that answers wins.
func (r *run) resolveAmbiguous(ctx context.Context) (verdict, error) {
	s, t := r.sent, r.w.t
	same := slices.Equal(s.key, r.key)
	// Line 1: the token still is the one sent. The write was not applied yet, or the read is stale. A token made from the
	// content says less: ours may have been applied, and undone since.
	if same && r.base.token.equal(s.token) && r.w.want.repeats() && (t.order != orderContent || r.w.want.blind()) {
		return verdictRepeat, nil
	}
	// Lines 2 and 3: the server, or the caller, can tell. A refusal of the token says nothing about the key: a server may look at
	// the token first, and refuse what it has applied.
	if t.idempotencyKey.in != nowhere && same && !isConflict(s.err) {
		return verdictRepeat, nil
	}
	if own := r.h.hooks.OwnWrite; own != nil {
		switch r.owns(ctx, own) {
		case Yes:
			if r.unknownEffect() && !r.isNewer(r.base.token) {
				return verdictDone, nil
			}
			return verdictApplied, nil
		case No:
			return verdictForeign, nil
		}
	}
	return r.w.want.settle(ctx, r)
}

// owns asks a hook.
func (r *run) owns(ctx context.Context, own func(context.Context, json.RawMessage, json.RawMessage) Ownership) Ownership {
	defer r.watch.calling()()
	return own(ctx, r.sent.after, r.base.resource)
}

func isConflict(err error) bool {
	refusal, ok := wrapped[*APIError](err)
	return ok && refusal.class == ErrConflict
}

// redirected reports whether a write was answered with the place of its result.
func redirected(err error) bool {
	answered, ok := wrapped[*APIError](err)
	return ok && answered.Status >= 300 && answered.Status <= 399
}

// doubtful is the cause of an ErrAmbiguousWrite. It never matches ErrConflict, whatever it wraps: a caller who handles a conflict makes the
// change again.
type doubtful struct{ err error }

func (e *doubtful) Error() string { return e.err.Error() }

// Is matches what the cause does, conflicts apart.
func (e *doubtful) Is(target error) bool { return target != ErrConflict && errors.Is(e.err, target) }

// As finds what the cause holds.
func (e *doubtful) As(target any) bool { return errors.As(e.err, target) }

// inDoubtAbout is the cause of an ErrAmbiguousWrite, made of what a call would have failed with otherwise.
func inDoubtAbout(kind, err error) error {
	if kind == ErrAmbiguousWrite || kind == ErrConflict {
		kind = nil
	}
	if err = errors.Join(kind, err); err == nil {
		return nil
	}
	return &doubtful{err: err}
}
