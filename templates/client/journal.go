//contactsgen:feature processes
//contactsgen:part processes

// Writes that are known before they are sent: what becomes of a call when its process ends in the middle.

package client

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// JournaledCall names a call of a helper in a Journal.
type JournaledCall struct {
	Key   string // of the resource and the operation that writes it; it holds the resource's id
	ID    string // WithCallID; "" for a call without
	Owner string // who makes the call: random, another one each time that it is made
}

// Journal keeps the writes of helpers that are on their way, so that a program that was ended in the middle, or another process, can find
// out what became of them. There is at most one entry for a Key with an ID. Entries hold what was read and what was to be written, which
// may be personal data: see SealedJournal. A Journal is called concurrently, by many processes; what it has been told has to survive the
// end of all of them.
type Journal interface {
	// Open looks for a call under its Key and ID. An intent that is not settled is given back, and from now on the call's Owner owns it:
	// the one before can record nothing more. settled says that a call of this name was settled as done.
	Open(ctx context.Context, call JournaledCall) (intent []byte, settled bool, err error)
	// Record keeps the intent of the call in the place of any before it. The error is ErrTakenOver when the entry has another owner, or
	// is settled: then nothing may be sent.
	Record(ctx context.Context, call JournaledCall, intent []byte) error
	// Settle ends an entry, whoever owns it, and deletes its intent. Of a call that was done and has an ID it remembers that it was, for
	// as long as somebody may make the call once more. Any other entry is forgotten, but only if the call's Owner still owns it.
	Settle(ctx context.Context, call JournaledCall, done bool) error
}

// ErrTakenOver is what Journal.Record returns when another process has gone on with the call.
var ErrTakenOver = errors.New("another process has taken the call over")

// ErrJournal says that the journal failed. Before a write nothing was sent; after one, whose error then says so, the entry stays and
// decides when the call is made again.
var ErrJournal = errors.New("the journal failed")

// WithJournal keeps each guarded write in j before it is sent, and settles it after the answer. A call that finds a write of its own in
// the journal, since the process that began it ended before it knew, begins with that: as after a lost answer, the rules for own writes
// decide whether it was applied, and what cannot be decided is ErrAmbiguousWrite. Idempotency keys are kept along, so the server knows a
// write again, too.
//
// Give each call a name with WithCallID: then it is the same call when it is made again, and one that was done is not done again. A call
// without one takes what it finds for its own if its callback makes the same of the state that the journal has; if not, it goes on only
// where the other write was certainly not applied. ForceUpdate is not kept, since it may be made any number of times. WithCombining does
// not combine calls that are kept.
func WithJournal(j Journal) Option {
	return sharedOption(func(o *callOptions) error {
		if j == nil {
			return errors.New("WithJournal: the journal is nil")
		}
		adjust(o, func(h *helperOptions) { h.reach(func(b *beyond) { b.journal = journaling{j} }) })
		return nil
	})
}

// WithCallID names a call for its Journal: an order number, the id of a job or of a message. The same name for the same resource is the
// same call, whenever and wherever it is made. A bulk helper's name is that of each of its items, for the item's resource.
func WithCallID(id string) CallOption {
	return callOption(func(o *callOptions) error {
		if id == "" {
			return errors.New("WithCallID: the id is empty")
		}
		adjust(o, func(h *helperOptions) { h.reach(func(b *beyond) { b.callID = id }) })
		return nil
	})
}

// SealedJournal gives j intents as seal makes them, and opens what comes back: with both it can be kept encrypted. Keys and call ids are
// not sealed, for they are looked up.
func SealedJournal(j Journal, seal, open func(context.Context, []byte) ([]byte, error)) Journal {
	return sealedJournal{j, seal, open}
}

type sealedJournal struct {
	Journal
	seal, open func(context.Context, []byte) ([]byte, error)
}

func (s sealedJournal) Open(ctx context.Context, call JournaledCall) ([]byte, bool, error) {
	intent, settled, err := s.Journal.Open(ctx, call)
	if err != nil || intent == nil {
		return nil, settled, err
	}
	intent, err = s.open(ctx, intent)
	return intent, settled, err
}

func (s sealedJournal) Record(ctx context.Context, call JournaledCall, intent []byte) error {
	sealed, err := s.seal(ctx, intent)
	if err != nil {
		return err
	}
	return s.Journal.Record(ctx, call, sealed)
}

// journaledWrite is an intent as a journal keeps it.
type journaledWrite struct {
	Operation string          `json:"operation"`
	Key       []string        `json:"key"` // of the resource that was written
	Token     []journaledPart `json:"token"`
	Base      json.RawMessage `json:"base,omitempty"`
	Desired   json.RawMessage `json:"desired,omitempty"`
	Body      json.RawMessage `json:"body,omitempty"`
	Payload   json.RawMessage `json:"payload,omitempty"`
	Paths     []string        `json:"paths,omitempty"`
	Mask      []string        `json:"mask,omitempty"`
	Gone      []string        `json:"gone,omitempty"`
	// Digest is all there is of a request that is never sent again, and whose states nobody will ask for.
	Digest         []byte `json:"digest,omitempty"`
	IdempotencyKey string `json:"idempotencyKey,omitempty"`
}

// journaledPart is a part of a token.
type journaledPart struct {
	Raw  string `json:"raw"`
	JSON bool   `json:"json,omitempty"`
}

// intent is what the journal keeps of the write that is about to be sent.
func (r *run) intent() *journaledWrite {
	s := r.sent
	w := &journaledWrite{Operation: r.w.t.write.id, Key: s.key, IdempotencyKey: r.idempotencyKey}
	for _, part := range s.token {
		w.Token = append(w.Token, journaledPart{part.raw, part.json})
	}
	if r.digestWillDo() {
		sum := sha256.Sum256(s.draft.body)
		w.Digest = sum[:]
		return w
	}
	w.Base, w.Desired, w.Body = s.base, s.after, s.draft.body
	w.Payload, w.Paths, w.Mask, w.Gone = s.payload, s.paths, s.mask, s.gone
	return w
}

// digestWillDo reports whether nothing of a write is needed to decide what became of it, and it is never sent again: an action that
// nobody can check.
func (r *run) digestWillDo() bool {
	a, isAction := r.w.want.(*actionIntent)
	return isAction && a.check == nil && r.w.t.idempotencyKey.in == nowhere && r.h.hooks.OwnWrite == nil
}

// draft makes of the intent what was drafted then.
func (w *journaledWrite) draft() *draft {
	return &draft{body: w.Body, base: w.Base, after: w.Desired, change: change{payload: w.Payload, paths: w.Paths, mask: w.Mask, gone: w.Gone}}
}

// journaling is a caller's journal.
type journaling struct{ Journal }

// Bounds of what a journal is asked for.
const (
	journalTries   = 8
	journalWait    = 50 * time.Millisecond // before the second try; each wait is twice the one before
	journalTimeout = 10 * time.Second      // of a try
)

// ask asks the journal, a few times: a database may be on its way back. What a call has begun it settles whatever became of its
// context.
func (j journaling) ask(ctx context.Context, r *run, ask func(context.Context) error) (err error) {
	wait := journalWait
	for try := 1; ; try++ {
		bounded, done := context.WithTimeout(ctx, journalTimeout)
		err = ask(bounded)
		done()
		if err == nil || errors.Is(err, ErrTakenOver) || try == journalTries || ctx.Err() != nil {
			return err
		}
		if clockErr := r.w.c.clock.Sleep(ctx, wait); clockErr != nil {
			return errors.Join(err, clockErr)
		}
		wait *= 2
	}
}

// journalEntry is a call's place in a journal.
type journalEntry struct {
	key, name, owner string
	kept             bool // the journal has a write of it
}

// place is the call's place in the journal, which it has once it has looked there.
func (r *run) place() *journalEntry {
	e, _ := r.entry.(*journalEntry)
	return e
}

func (e *journalEntry) call() JournaledCall {
	return JournaledCall{Key: e.key, ID: e.name, Owner: e.owner}
}

func (j journaling) recall(ctx context.Context, r *run, callID string) (next stateFunc, resumed bool) {
	r.entry = &journalEntry{key: r.sharedKey(r.w.t.write.id, r.key), name: callID, owner: newIdempotencyKey()}
	var intent []byte
	var settled bool
	bounded, done := r.within(ctx)
	defer done()
	err := j.ask(bounded, r, func(ctx context.Context) (err error) {
		intent, settled, err = j.Open(ctx, r.place().call())
		return err
	})
	switch {
	case err != nil:
		return r.journalFailed(ctx, err), true
	case settled:
		return stateSettled, true
	case intent == nil:
		return nil, false
	}
	w := &journaledWrite{}
	err = json.Unmarshal(intent, w)
	if err != nil {
		err = errors.New(describe(err))
	} else {
		err = w.check(r)
	}
	if err != nil { // it stays: what it was about may have been applied
		return r.journalFailed(ctx, fmt.Errorf("the entry of the call is damaged, or of another version of the program: %w", err)), true
	}
	r.place().kept = true
	return r.resume(w), true
}

// check says what an entry lacks to go on with.
func (w *journaledWrite) check(r *run) error {
	_, isAction := r.w.want.(*actionIntent)
	switch {
	case w.Operation != r.w.t.write.id:
		return fmt.Errorf("it is of the operation %q", w.Operation)
	case len(w.Key) != len(r.key):
		return errors.New("the key of its resource has other parts")
	case len(w.Token) != len(r.w.t.tokens):
		return errors.New("its token has other parts")
	case w.Body == nil && !isAction:
		return errors.New("it has no body")
	}
	return nil
}

// journalFailed ends the call.
func (r *run) journalFailed(ctx context.Context, err error) stateFunc {
	switch {
	case errors.Is(err, ErrTakenOver):
		return r.fail(ErrBusy, err)
	case ctx.Err() != nil:
		return r.exhausted(ctx, causeOf(ctx), ErrJournal, err)
	}
	return r.fail(ErrJournal, err)
}

// record keeps the write that is about to be sent.
func (j journaling) record(ctx context.Context, r *run) bool {
	bounded, done := r.within(ctx)
	defer done()
	intent, err := json.Marshal(r.intent())
	if err == nil {
		err = j.ask(bounded, r, func(ctx context.Context) error { return j.Record(ctx, r.place().call(), intent) })
	}
	if err != nil {
		r.sent = nil // it never was
		r.journalFailed(ctx, err)
		return false
	}
	r.place().kept = true
	return true
}

// settle ends the entry of a call, unless its write is in doubt. A success that the journal could not be told of is an error: the entry
// is still there, and would be taken for a write of unknown fate.
func (j journaling) settle(ctx context.Context, r *run, entry any) {
	e, _ := entry.(*journalEntry)
	if e == nil || !e.kept || r.err != nil && (r.err.Kind == ErrAmbiguousWrite || errors.Is(r.err, ErrTakenOver)) {
		return
	}
	err := j.ask(context.WithoutCancel(ctx), r, func(ctx context.Context) error { return j.Settle(ctx, e.call(), r.err == nil) })
	if err != nil && r.err == nil {
		r.report.Outcome = ""
		r.fail(ErrJournal, fmt.Errorf("%w; the write was applied", err))
	}
}

// stateSettled ends a call that was done before.
func stateSettled(ctx context.Context, r *run) stateFunc {
	base, err := r.via.read(ctx, r, false)
	var refused *APIError
	if errors.As(err, &refused) && refused.class == ErrNotFound && r.w.t.removes() {
		return r.succeed(Recovered, r.w.empty(), nil)
	}
	if err != nil {
		return r.readFailed(ctx, err)
	}
	v, err := r.w.decode(base)
	if err != nil {
		return r.fail(nil, err)
	}
	r.base = base
	r.saw(base.token)
	return r.succeed(Recovered, v, base.token)
}

var (
	errEarlier = errors.New("an earlier process began this write and did not learn what became of it")
	errOthers  = errors.New("an earlier process began another change of this resource and did not learn what became of it, " +
		"or it was this one: WithCallID tells one call from the other")
)

// resume goes on after a write of unknown fate that an earlier process sent, or was about to.
func (r *run) resume(w *journaledWrite) stateFunc {
	var tok revisionToken
	for _, part := range w.Token {
		tok = append(tok, tokenValue{raw: part.Raw, json: part.JSON})
	}
	d := w.draft()
	base := &baseState{resource: w.Base, token: tok, origin: originCopy}
	ours := r.place().name != "" || r.drafts(base, w)
	if w.Digest == nil && ours {
		r.base, r.idempotencyKey, r.inDoubt, r.sent = base, w.IdempotencyKey, true, &pendingWrite{draft: d}
		key := r.key
		r.key = w.Key
		r.sendPending(d)
		r.key, r.base, r.inDoubt = key, nil, false
		if r.err != nil {
			return nil
		}
	} else {
		r.sent = &pendingWrite{draft: d, token: tok, key: w.Key}
	}
	r.sent.ambiguous, r.sent.err = true, errEarlier
	if !ours {
		r.sent.err, r.sent.decide = errOthers, decideOthers
	}
	r.noteSeen(tok)
	return stateRead
}

// drafts reports whether the call makes of a state what a write of the journal was made of it.
func (r *run) drafts(base *baseState, w *journaledWrite) bool {
	if base.resource == nil {
		return false
	}
	r.base = base
	d, _ := r.draft()
	r.base = nil
	return d != nil && bytes.Equal(d.body, w.Body)
}

// decideOthers decides whether the call goes on beside a write of unknown fate that may not be its own, which is neither sent again nor
// taken for the call's: only where it certainly was not, and can no longer be, applied.
func decideOthers(ctx context.Context, r *run) stateFunc {
	s, t := r.sent, r.w.t
	r.place().kept = false // as long as nothing of this call takes its place, the entry stays
	// The token still is the one sent: of that write and this call's next one the server takes one at most.
	free := r.base.token.equal(s.token) && r.w.want.repeats() && t.order != orderContent
	own := Unknown
	if ask := r.h.hooks.OwnWrite; ask != nil && s.after != nil {
		own = r.owns(ctx, ask)
	}
	foreign := s.base != nil && t.follows(s.token, r.base.token) && t.untouched(s.base, s.change, r.base.resource)
	free = free || own == No || own == Unknown && foreign
	if _, s := r.draft(); s != nil && s.noop {
		return r.recovered()
	}
	if !free {
		return r.fail(ErrAmbiguousWrite, s.err)
	}
	r.sent = nil
	return stateMutate
}
