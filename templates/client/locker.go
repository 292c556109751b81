//contactsgen:feature processes
//contactsgen:part processes

// The queue of a resource across processes.

package client

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Locker gives a resource to one call at a time, whatever process it is in. It saves requests: calls that wait for one another do not
// conflict. It guards nothing: a process that stops for longer than its lock lasts finds out by the revision, as if there were no lock.
// It is called concurrently.
type Locker interface {
	// Lock waits until no other call has the key, and returns what gives it back. unlock is called once, after ctx may be done, and
	// has to return soon. An error says that the key was not had; that of ctx, when it is done first.
	Lock(ctx context.Context, key string) (unlock func(), err error)
}

// WithLocker has helpers take turns at a resource with those of other processes: each waits for the lock after its turn among the calls of
// its client, reads, and writes. The wait is a part of WithMaxElapsed; when that is over, and when l fails, the error is ErrBusy, and
// nothing was sent. Bulk helpers and WithCombining go through it, too; WithoutLane does not. The key is made of the names of the API, of
// the tenant (WithTenant) and of the operation that reads the resource, and of the resource's own key.
func WithLocker(l Locker) Option {
	return sharedOption(func(o *callOptions) error {
		if l == nil {
			return errors.New("WithLocker: the locker is nil")
		}
		adjust(o, func(h *helperOptions) { h.reach(func(b *beyond) { b.locker = locking{l} }) })
		return nil
	})
}

// locking is a caller's locker.
type locking struct{ Locker }

func (l locking) lock(ctx context.Context, r *run) (func(), error) {
	unlock, err := l.Lock(ctx, r.sharedKey(r.w.t.read.id, strings.Split(r.queueKey(), "\x00")[1:]))
	if err != nil {
		return nil, fmt.Errorf("the lock of the resource: %w", err)
	}
	if unlock == nil {
		unlock = func() {}
	}
	return unlock, nil
}

// sharedKey names something of the API in all processes that are clients of the same tenant.
func (r *run) sharedKey(operation string, key []string) string {
	parts := append([]string{r.w.c.d.name, r.w.c.tenant, operation}, key...)
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}
