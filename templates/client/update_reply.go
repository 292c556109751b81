//contactsgen:feature helpers
//contactsgen:part update

// What the response to a write is worth: its token, a base for the next write, or a reason to read back.

package client

import (
	"context"
	"net/http"
	"slices"
	"strings"
)

// applied ends the call after a success. Of its answer only the token is believed as it is: a server may answer with an
// id, with what changed, or with nothing at all.
func (r *run) applied(a *response) stateFunc {
	t := r.w.t
	r.o.keepResponse(a)
	r.via.refund(r)
	r.answered = r.replyToken(a)
	r.saw(r.answered)
	r.refused = nil
	s, v := r.reply(a)
	switch {
	case s != nil && !s.answer.partial && (t.wholeReply || !r.h.readBack):
		r.base = nil
		if t.wholeReply && !r.w.want.blind() && !r.partial() {
			r.base = s
		}
		return r.succeed(Updated, v, r.answered)
	case r.h.readBack || r.unknownEffect():
		r.certain = Updated
		return stateRefill
	case s != nil: // it may be all there is, or not
		r.base, r.report.Derived = nil, true
		return r.succeed(Updated, v, r.answered)
	}
	return r.succeedUnseen(Updated, r.answered)
}

// replyToken is the token in the answer to a write. That of another resource says nothing of ours.
func (r *run) replyToken(a *response) revisionToken {
	t := r.w.t
	if resource, ok := t.replyResource.get(a.body); t.hasReply && ok && !r.isOurs(resource) {
		return nil
	}
	return t.replyToken(a)
}

// partial reports whether the write was made from a state that may lack members.
func (r *run) partial() bool { return r.base != nil && r.base.partial }

// unknownEffect reports whether only the server knows what the write makes of the resource. For an edit that is what was sent, and after a
// removal there is no resource.
func (r *run) unknownEffect() bool { return r.w.t.payload.kind == payloadNone && !r.w.t.removes() }

// removes reports whether the write takes the whole resource away.
func (t *revisionDescriptor) removes() bool {
	return t.write.method == http.MethodDelete && sameTemplate(t.write.path, t.read.path)
}

// sameTemplate reports whether two templates are one path; their parameters may have different names.
func sameTemplate(a, b string) bool {
	return slices.EqualFunc(strings.Split(a, "/"), strings.Split(b, "/"), func(a, b string) bool {
		return a == b || strings.HasPrefix(a, "{") && strings.HasPrefix(b, "{")
	})
}

// reply takes the resource from the answer to a write; nil when it lacks some of the one that was written. Where only a part of that is
// known, so is only a part of what an answer has to have: unless answers are declared to be whole, this one is marked as partial.
func (r *run) reply(a *response) (*baseState, any) {
	t := r.w.t
	if !t.hasReply {
		return nil, nil
	}
	resource, err := resourceAt(a.body, t.replyResource)
	if err != nil {
		return nil, nil
	}
	s := &baseState{
		resource: resource, token: r.answered, origin: originReply,
		answer: snapshot{body: a.body, at: t.replyResource, header: a.header, partial: r.partial() && !t.wholeReply},
	}
	if !r.isNewer(s.token) && !r.isSame(s) || !r.isOurs(resource) || !t.covers(r.sent.base, r.sent.change, resource) {
		return nil, nil
	}
	s.resource = r.named(resource)
	v, err := r.w.decode(s)
	if err != nil {
		return nil, nil
	}
	return s, v
}

// named puts the key into a resource that does not say whose it is.
func (r *run) named(resource []byte) []byte {
	for i, at := range r.w.t.identity {
		if v, _ := at.at.get(resource); at.in != inBody || i >= len(r.key) || text(v) != "" {
			continue
		}
		if named, err := at.at.set(resource, quote(r.key[i])); err == nil {
			resource = named
		}
	}
	return resource
}

// isNewer reports whether a token can be that of the state after the write. A server may answer with the state before it.
func (r *run) isNewer(t revisionToken) bool {
	return t == nil || !t.equal(r.sent.token) && !r.w.t.older(t, r.lastSeen)
}

// isSame reports whether an answer that repeats the token shows what was sent: a server may see that it changes nothing.
func (r *run) isSame(s *baseState) bool {
	t := r.w.t
	return t.payload.kind != payloadNone && s.token.equal(r.sent.token) && t.contains(r.sent.change, s.resource)
}

// isOurs reports whether an answer is about the resource that was written, as far as it says.
func (r *run) isOurs(resource []byte) bool {
	for i, at := range r.w.t.identity {
		if at.in != inBody || i >= len(r.key) {
			continue
		}
		if v, _ := at.at.get(resource); text(v) != "" && text(v) != r.key[i] {
			return false
		}
	}
	return true
}

// succeedUnseen ends the call with the resource as it was meant to become: nobody has seen it since. Its token is only
// what the answer says.
func (r *run) succeedUnseen(outcome Outcome, answered revisionToken) stateFunc {
	r.base = nil
	r.report.Derived = !r.w.t.removes()
	v, err := r.w.decode(&baseState{resource: r.named(r.w.t.forgetToken(r.sent.after))})
	if err != nil {
		v = r.w.empty()
	}
	return r.succeed(outcome, v, answered)
}

// forgetToken takes the token out of a resource, so that it is not taken for the current one.
func (t *revisionDescriptor) forgetToken(resource []byte) []byte {
	for _, part := range t.tokens {
		at := t.inResource(part)
		if _, there := at.at.get(resource); at.in == nowhere || !there {
			continue
		}
		if without, err := at.at.remove(resource); err == nil {
			resource = without
		}
	}
	return resource
}

// stateRefill (S1') reads what an applied write led to, because its answer does not hold it. The write is certain,
// whatever becomes of the read.
func stateRefill(ctx context.Context, r *run) stateFunc {
	base, err := r.via.read(ctx, r, false)
	switch {
	case err != nil || base.token == nil:
		return r.unseen(ctx)
	case base.token.equal(r.answered):
	case !r.isNewer(base.token) || !r.mayShow(base):
		return r.lagging(ctx)
	}
	r.saw(base.token)
	r.base = base
	v, err := r.w.decode(base)
	if err != nil {
		return r.unseen(ctx)
	}
	return r.succeed(r.certain, v, base.token)
}

// mayShow reports whether a read may be from after the write. Where no token was sent, none tells, but what was sent does: a state without
// it is one from before, or a later writer's.
func (r *run) mayShow(base *baseState) bool {
	t := r.w.t
	switch {
	case r.sent.token != nil || t.payload.kind == payloadNone:
		return true
	case !t.contains(r.sent.change, base.resource):
		return false
	}
	there, _ := t.payload.read.get(base.resource)
	return t.payload.kind != payloadWhole || t.contains(change{payload: there}, r.sent.after) // nothing is there that was to go
}

// lagging waits for a replica that does not know of the write yet, if there is time for that.
func (r *run) lagging(ctx context.Context) stateFunc {
	if r.report.StaleReads++; r.report.StaleReads >= maxStaleReads {
		return r.unseen(ctx)
	}
	r.pause = plannedWait{d: r.jitter(), then: stateRefill, late: func(ctx context.Context, r *run) stateFunc { return r.unseen(ctx) }}
	return stateWait
}

// unseen ends the call after an applied write whose effect could not be read. One that was only accepted for later may
// still not happen.
func (r *run) unseen(ctx context.Context) stateFunc {
	refusal, ok := wrapped[*APIError](r.sent.err)
	switch {
	case ok && refusal.Status == http.StatusAccepted && ctx.Err() != nil:
		return r.exhausted(ctx, causeOf(ctx), ErrAmbiguousWrite, refusal)
	case ok && refusal.Status == http.StatusAccepted:
		return r.fail(ErrAmbiguousWrite, refusal)
	}
	return r.succeedUnseen(r.certain, r.answered)
}

// recovered ends the call with the state just read, which shows that the intent holds.
func (r *run) recovered() stateFunc {
	v, err := r.w.decode(r.base)
	if err != nil {
		return r.succeedUnseen(Recovered, nil)
	}
	return r.succeed(Recovered, v, r.base.token)
}

// covers reports whether a resource has all that was there before a write, but for what the write removed, and all that
// it sent. Only then can the next write be made from it: what it lacks would be lost.
func (t *revisionDescriptor) covers(base []byte, sent change, resource []byte) bool {
	var payload []byte
	if t.payload.kind != payloadNone && sent.payload != nil {
		var err error
		if payload, err = t.payload.read.set(nil, sent.payload); err != nil {
			return false
		}
	}
	var parts [3]*node
	for i, doc := range [][]byte{base, payload, resource} {
		if doc == nil {
			continue
		}
		n, err := parseNode(doc)
		if err != nil {
			return false
		}
		parts[i] = n
	}
	c := &coverage{gone: sent.gone}
	c.compare(parts[0], parts[1], parts[2], role{memberShape: memberShape{shape: t.shape}}, "")
	return !c.lacks && (!c.lacksReadOnly || c.removed)
}

// coverage is what became of a comparison.
type coverage struct {
	gone          []string // pointers to what the write left out to remove it
	lacks         bool     // something is missing
	lacksReadOnly bool     // something that the server makes is missing
	removed       bool     // the write removed something; what the server makes of it may be gone, too
}

// compare looks whether is has what is expected: what was sent, and where nothing was sent what was there.
func (c *coverage) compare(was, sent, is *node, m role, path string) {
	want := was
	if sent != nil {
		want = sent
	}
	switch {
	case sent.is(kindNull) || slices.Contains(c.gone, path) || sent != nil && blank(sent) && !blank(was):
		c.removed = true
	case blank(want):
	case blank(is) || is.kind != want.kind && hasParts(want):
		c.lacks = c.lacks || !m.readOnly
		c.lacksReadOnly = c.lacksReadOnly || m.readOnly
	case want.kind == kindObject:
		for _, name := range unionNames(sent, was) {
			c.compare(was.member(name), sent.member(name), is.member(name), m.shape.role(name), childPath(path, name))
		}
	case want.kind == kindArray:
		c.removed = c.removed || sent != nil && was.is(kindArray) && len(was.items) > len(sent.items)
		for i, item := range want.items {
			c.compare(item, nil, is.nth(i), role{memberShape: memberShape{shape: m.shape.element()}}, nthPath(path, i))
		}
	}
}

// hasParts reports whether a value is made of others.
func hasParts(n *node) bool { return n.kind == kindObject || n.kind == kindArray }

// blank reports whether there is nothing in a value: servers write that in many ways, or not at all.
func blank(n *node) bool {
	switch {
	case absent(n):
		return true
	case n.kind == kindArray:
		return len(n.items) == 0
	case n.kind == kindObject:
		return !slices.ContainsFunc(n.entries, func(e entry) bool { return !blank(e.value) })
	}
	return n.kind == kindString && len(n.raw) == len(`""`)
}
