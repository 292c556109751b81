//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"context"
	"log/slog"
	"strings"
)

// lane names the resource that a call writes to, among all resources of the client. Writes of different kinds to one
// resource share its revision, so they share the read that it comes from.
func (r *run) lane() string {
	t := r.w.t
	path, err := t.fillPath(t.readArgs, r.key, nil)
	if err != nil {
		path = r.key
	}
	for _, ask := range t.asks {
		path = append(path, r.key[ask.key])
	}
	return t.read.id + "\x00" + strings.Join(path, "\x00")
}

// enterLane waits for the call's turn with the resource. It is false when that failed.
func (r *run) enterLane(ctx context.Context) bool {
	if r.h.withoutLane || r.w.broken != nil {
		return true
	}
	l, name := part[lanes](r.w.c), r.lane()
	place, free := l.enter(name, r.watch)
	if free {
		r.held = name
		return true
	}
	state, err := l.await(ctx, name, place)
	if err != nil {
		r.laneFailed(ctx, err)
		return false
	}
	r.held = name
	if state != nil && (r.base == nil || !r.w.t.older(state.token, r.base.token)) {
		r.base = state
	}
	return true
}

// laneFailed ends the call before it began.
func (r *run) laneFailed(ctx context.Context, err error) {
	cause := CauseElapsed
	if ctx.Err() != nil {
		cause = causeOf(ctx)
	}
	r.exhausted(ctx, cause, ErrBusy, err)
}

// leaveLane lets the next call have the resource, with the state that the write was answered with.
func (r *run) leaveLane() {
	if r.held != "" {
		part[lanes](r.w.c).release(r.held, r.handed(r.held))
	}
}

// handed is the state that the write was answered with, for the next call in the lane; nil when that has to read.
func (r *run) handed(lane string) *baseState {
	if r.err != nil || r.base == nil || r.base.token == nil || r.base.resource == nil || r.report.Writes == 0 || r.lane() != lane {
		return nil
	}
	next := *r.base
	next.origin = originReply
	return &next
}

// finish reports what the call did, however it ended.
func (r *run) finish(ctx context.Context) {
	r.report.Elapsed = r.clock.Now().Sub(r.watch.started)
	if e := r.err; e != nil {
		e.Writes, e.Reads, e.Conflicts, e.Waited = r.report.Writes, r.report.Reads, r.report.Conflicts, r.report.Waited
	}
	if r.h.report != nil {
		*r.h.report = r.report
	}
	r.log(ctx)
}

// log writes one record per call. Tokens are only for those who debug, keys for nobody.
func (r *run) log(ctx context.Context) {
	if r.w.c.log == nil {
		return
	}
	log := r.w.c.log.logger()
	if !log.Enabled(ctx, slog.LevelInfo) {
		return
	}
	p := r.report
	attrs := []any{
		slog.String("operation", r.w.t.write.id),
		slog.String("outcome", r.outcome()),
		slog.Int("writes", p.Writes),
		slog.Int("reads", p.Reads),
		slog.Int("conflicts", p.Conflicts),
		slog.Int("stale_reads", p.StaleReads),
		slog.Int("suspect_conflicts", p.SuspectConflicts),
		slog.Int64("wait_ms", p.Waited.Milliseconds()),
		slog.Bool("budget_denied", r.budgetDenied),
	}
	if log.Enabled(ctx, slog.LevelDebug) {
		attrs = append(attrs, slog.String("revision", p.Revision))
	}
	log.LogAttrs(ctx, slog.LevelInfo, r.w.c.d.name+" guarded write", slog.Group("guarded", attrs...))
}

// outcome is how the call ended, in a word.
func (r *run) outcome() string {
	switch {
	case r.err == nil && r.report.Outcome == "":
		return "panicked"
	case r.err == nil:
		return string(r.report.Outcome)
	case r.err.Kind != nil:
		return r.err.Kind.Error()
	}
	return "failed"
}
