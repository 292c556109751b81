//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// stateRead (S1) reads the resource and judges whether a write can be built on what it says.
func stateRead(ctx context.Context, r *run) state {
	if ctx.Err() != nil {
		return r.interrupted(ctx)
	}
	base, err := r.via.read(ctx, r, r.w.want.blind() && !r.h.skipIfEqual)
	if err != nil {
		return r.readFailed(ctx, err)
	}
	t := r.w.t
	if err := t.usable(base.token); err != nil {
		return r.fail(ErrMissingRevision, err)
	}
	switch {
	case t.older(base.token, r.floor):
		return r.staleRead()
	case base.token.equal(r.refused):
		return r.stalledRead()
	}
	r.base = base
	r.saw(base.token)
	if r.sent != nil && r.sent.ambiguous {
		return stateOwnWrite
	}
	return stateMutate
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
		answer: snapshot{body: a.body, at: t.resource, header: a.header},
	}, nil
}

// readRequest makes the request of a read from the path parameters of the write.
func (r *run) readRequest(cheap bool) (*request, error) {
	t := r.w.t
	path, err := t.fillPath(t.readArgs, r.key, nil)
	if err != nil {
		return nil, err
	}
	b := body{}
	if t.readBody != "" {
		b.raw = []byte(t.readBody)
	}
	req, err := r.w.c.request(t.read, path, b, r.o)
	if err == nil {
		req.time = r.watch
		err = req.carry(t.asks, r.key)
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
func (t *revisionTrait) fillPath(args []argument, key []string, doc []byte) ([]string, error) {
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
		r.floor, r.refused = nil, nil // those were the other's
	}
	return nil
}

// readFailed ends the call: what a repetition could mend was repeated by the transport already.
func (r *run) readFailed(ctx context.Context, err error) state {
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
func (r *run) gone(err error) state {
	part[floors](r.w.c).forget(r.lane())
	if r.holdsWhenGone() {
		return r.succeedUnseen(Recovered, nil)
	}
	if r.report.Writes == 0 {
		return r.fail(nil, err)
	}
	return r.fail(ErrGone, err)
}

// staleRead waits for a replica to catch up.
func (r *run) staleRead() state {
	if r.report.StaleReads++; r.report.StaleReads >= maxStaleReads {
		// The resource may have been made anew, with tokens that begin anew: the next call is to see for itself.
		part[floors](r.w.c).forget(r.lane())
		return r.fail(ErrStaleRead, r.lastRefusal())
	}
	return r.wait(stateRead, ErrStaleRead, r.lastRefusal())
}

// stalledRead waits for a read that shows another token than the one just refused. Sending that again could only end
// the same way.
func (r *run) stalledRead() state {
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
