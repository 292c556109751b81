// Command natskv shares a limit and a lock: make engines-client && go -C testdata/examples/engines run ./natskv
//
// Pick NATS JetStream when hosts talk over it anyway, or when a database is too far away or too busy to be asked before each request. A
// bucket of its key-value store has one key for each limit, moved on by compare-and-set, and one for each lock, which is forgotten when
// its owner has not renewed it for as long as the bucket keeps keys. Here the server is in the process. Clocks are the hosts', so they
// should agree to within an interval of the limit. Writes that have to outlive a process still need a journal in a database.
package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	contacts "github.com/contactsgen/contactsgen/testdata/examples/engines/client"
	"github.com/contactsgen/contactsgen/testdata/examples/engines/client/contactstest"
)

// pause is how long a host waits before it looks again for what another one has.
const pause = 20 * time.Millisecond

// locker has a key for each lock. It is contacts.Locker.
type locker struct {
	kv   jetstream.KeyValue
	life time.Duration // for which the bucket keeps keys
}

// keyOf makes a key for NATS, which takes few characters, and few kinds of them.
func keyOf(kind, name string) string { return kind + fmt.Sprintf("%x", sha256.Sum256([]byte(name))) }

func (l locker) Lock(ctx context.Context, key string) (func(), error) {
	key = keyOf("lock-", key)
	revision, err := l.kv.Create(ctx, key, nil)
	for ; errors.Is(err, jetstream.ErrKeyExists); revision, err = l.kv.Create(ctx, key, nil) {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
	if err != nil {
		return nil, err
	}
	own, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for own.Err() == nil {
			select {
			case <-own.Done():
			case <-time.After(l.life / 3):
				if next, err := l.kv.Update(own, key, nil, revision); err == nil {
					revision = next
				}
			}
		}
	}()
	return func() {
		stop()
		<-ended
		_ = l.kv.Delete(context.WithoutCancel(ctx), key, jetstream.LastRevision(revision)) // else its life ends it
	}, nil
}

// limiter has the time at which the next request is due (GCRA), for each tenant. It is contacts.Limiter, and a contacts.LimitObserver.
type limiter struct {
	kv              jetstream.KeyValue
	interval, burst time.Duration // between requests; and how much of that may be saved up
}

func (l limiter) Wait(ctx context.Context) error {
	due, err := l.move(ctx, func(due, now time.Duration) time.Duration { return max(due, now) + l.interval })
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Until(time.Unix(0, int64(due-l.burst)))):
		return nil
	}
}

func (l limiter) Observe(ctx context.Context, status int, retryAfter time.Duration) {
	if status == http.StatusTooManyRequests {
		_, _ = l.move(ctx, func(due, now time.Duration) time.Duration { return max(due, now+retryAfter+l.burst-l.interval) })
	}
}

// move changes the time that is due, since 1970, as the only one who does.
func (l limiter) move(ctx context.Context, to func(due, now time.Duration) time.Duration) (time.Duration, error) {
	info, _ := contacts.RequestOf(ctx)
	key := keyOf("limit-", info.Tenant)
	for {
		due, revision := int64(0), uint64(0)
		entry, err := l.kv.Get(ctx, key)
		if err == nil {
			revision = entry.Revision()
			due, err = strconv.ParseInt(string(entry.Value()), 10, 64)
		}
		if err != nil && !errors.Is(err, jetstream.ErrKeyNotFound) {
			return 0, err
		}
		next := to(time.Duration(due), time.Duration(time.Now().UnixNano()))
		_, err = l.kv.Update(ctx, key, strconv.AppendInt(nil, int64(next), 10), revision)
		if refused := new(jetstream.APIError); !errors.As(err, &refused) || refused.ErrorCode != jetstream.JSErrCodeStreamWrongLastSequence {
			return next, err
		}
	}
}

// start starts a server in this process, whose store forgets keys after a while; 0 is never.
func start(ctx context.Context, dir string, life time.Duration) (jetstream.KeyValue, error) {
	s, err := server.NewServer(&server.Options{DontListen: true, JetStream: true, StoreDir: dir, NoLog: true, NoSigs: true})
	if err != nil {
		return nil, err
	}
	s.Start()
	conn, err := nats.Connect("", nats.InProcessServer(s))
	if err != nil {
		return nil, err
	}
	js, _ := jetstream.New(conn) // has no options that could be wrong
	return js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: "contacts", TTL: life, Storage: jetstream.MemoryStorage})
}

func main() {
	ctx, fake := context.Background(), contactstest.New()
	kv, err := start(ctx, os.TempDir(), 30*time.Second)
	if err != nil {
		log.Fatal(err)
	}
	client, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("site"),
		contacts.WithHTTPClient(&http.Client{Transport: fake.Transport()}), contacts.WithLocker(locker{kv, 30 * time.Second}),
		contacts.WithLimiter(limiter{kv, 5 * time.Millisecond, 50 * time.Millisecond}))
	if err != nil {
		log.Fatal(err)
	}
	id := fake.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	fmt.Println(client.Contacts.ForceUpdate(ctx, id, contacts.ContactInfo{Company: contacts.Ptr("Example Works")}))
}
