//contactsgen:feature database
//contactsgen:part database

// A limiter, a locker and a journal in tables of a database that all processes share.

package client

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Dialect is the SQL that a database speaks.
type Dialect string

// The dialects.
const (
	// PostgreSQL is for processes on any number of hosts: version 12 or later, by any driver.
	PostgreSQL Dialect = "postgresql"
	// SQLite is for the processes of one host: version 3.35 or later, by any driver. The connections need a busy timeout, and should use
	// a write-ahead log: "file:calls.db?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)" for modernc.org/sqlite.
	SQLite Dialect = "sqlite"
)

// DatabaseOptions changes what a Database does. A member that is zero has its default.
type DatabaseOptions struct {
	// Prefix begins the names of tables. The default is "client_".
	Prefix string
	// Timeout is how long one statement may take, the wait for a connection included. The default is 5 s.
	Timeout time.Duration
	// LockLife is how long a lock outlives the process that had it. As long as the process lives and answers, its lock is renewed. The
	// default is 30 s.
	LockLife time.Duration
}

// Database keeps limits, locks and journals of clients in a database. What it compares with the time is compared with the database's
// clock, so those of hosts may differ. It is safe for concurrent use; the pool of db is the caller's, and three connections are enough for
// one process: none is held longer than one statement takes.
type Database struct {
	db      *sql.DB
	dialect Dialect
	o       DatabaseOptions
}

var plainPrefix = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,40}$`)

// NewDatabase uses db, in which CreateTables has made the tables.
func NewDatabase(db *sql.DB, dialect Dialect, o DatabaseOptions) (*Database, error) {
	setIfZero(&o.Prefix, "client_")
	setIfZero(&o.Timeout, 5*time.Second)
	setIfZero(&o.LockLife, 30*time.Second)
	switch {
	case db == nil:
		return nil, errors.New("NewDatabase: the database is nil")
	case dialect != PostgreSQL && dialect != SQLite:
		return nil, fmt.Errorf("NewDatabase: no dialect %q", string(dialect))
	case !plainPrefix.MatchString(o.Prefix):
		return nil, errors.New("NewDatabase: the prefix has to be lower-case letters, digits and underscores, 41 at most")
	case o.Timeout < 0 || o.LockLife < 0:
		return nil, errors.New("NewDatabase: a duration is negative")
	}
	return &Database{db, dialect, o}, nil
}

// schema is the tables in both dialects; {BYTES} and {now} are what differs. Times are microseconds since 1970.
const schema = `CREATE TABLE IF NOT EXISTS {p}limits (
	name text PRIMARY KEY,
	tat  bigint NOT NULL -- when the next request would be due if all came evenly (GCRA)
);
CREATE TABLE IF NOT EXISTS {p}locks (
	name    text PRIMARY KEY,
	owner   text NOT NULL,
	expires bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS {p}journal (
	name    text NOT NULL, -- of the resource and the operation
	call    text NOT NULL, -- WithCallID
	owner   text NOT NULL,
	intent  {BYTES},       -- NULL once the call is over
	settled smallint NOT NULL DEFAULT 0,
	at      bigint NOT NULL,
	PRIMARY KEY (name, call)
);
CREATE INDEX IF NOT EXISTS {p}journal_at ON {p}journal (settled, at);
`

// Schema is the SQL that CreateTables runs, for those who keep it in files of their own.
func (d *Database) Schema() string { return d.spell(schema) }

// CreateTables makes the tables, where they are not there. Any number of processes may call it, also at the same time.
func (d *Database) CreateTables(ctx context.Context) error {
	var err error
	for range 5 { // two that make the same table at once can still get into each other's way
		for _, statement := range strings.SplitAfter(d.Schema(), ";\n") {
			if strings.TrimSpace(statement) == "" {
				continue
			}
			if _, err = d.exec(ctx, statement); err != nil {
				break
			}
		}
		if err == nil {
			return nil
		}
	}
	return fmt.Errorf("CreateTables: %w", err)
}

// spell writes a statement in the dialect. Its parameters are ?1, ?2 and so on.
func (d *Database) spell(statement string) string {
	now, size := "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)", "blob"
	most := "max("
	if d.dialect == PostgreSQL {
		now, size, most = "CAST(extract(epoch from clock_timestamp()) * 1000000 AS bigint)", "bytea", "greatest("
		statement = strings.ReplaceAll(statement, "?", "$")
	}
	return strings.NewReplacer("{p}", d.o.Prefix, "{now}", now, "{BYTES}", size, "{max}(", most).Replace(statement)
}

// exec runs a statement, and tells how many rows it changed.
func (d *Database) exec(ctx context.Context, statement string, args ...any) (int64, error) {
	ctx, done := context.WithTimeout(ctx, d.o.Timeout)
	defer done()
	result, err := d.db.ExecContext(ctx, d.spell(statement), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// row runs a statement that gives one row at most, and tells whether it did.
func (d *Database) row(ctx context.Context, statement string, args []any, into ...any) (bool, error) {
	ctx, done := context.WithTimeout(ctx, d.o.Timeout)
	defer done()
	err := d.db.QueryRowContext(ctx, d.spell(statement), args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// maxStored is how long a name is that a row has as it is.
const maxStored = 512

// stored is a name as a row has it: text that every database can hold and index.
func stored(name string) string {
	if len(name) <= maxStored && utf8.ValidString(name) && !strings.Contains(name, "\x00") && !strings.HasPrefix(name, "sha256:") {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func micros(d time.Duration) int64 { return d.Microseconds() }

// Limiter lets through so many requests in a period, of all processes whose limiters have the same name, and so many of them at once after
// a pause. Each tenant (WithTenant) has a limit of its own. Requests whose call has paid for them already (RequestInfo.Completes) go before
// others. After a 429 all processes wait as long as the server asks. While the database does not answer, Wait tries again until its context
// is done.
func (d *Database) Limiter(name string, requests int, period time.Duration, burst int) (Limiter, error) {
	if requests < 1 || period <= 0 || burst < 1 || micros(period)/int64(requests) < 1 {
		return nil, errors.New("Limiter: want a number of requests for a period, at most 1 each microsecond, and 1 at once at least")
	}
	apart := micros(period) / int64(requests)
	return &databaseLimiter{d, name, apart, apart * int64(burst-1)}, nil
}

type databaseLimiter struct {
	d            *Database
	name         string
	apart, slack int64 // between two requests; what requests may be early after a pause
}

// ahead is how far in time places are given away. Who finds none waits without one, since places in a long queue would be lost with the
// processes that have them. A request that completes a call looks further than others, and so goes before them.
const (
	ahead      = 20 * time.Millisecond
	timesAhead = 5 // of a request that completes a call
)

// limitOf is the limit that a request belongs to, and how far ahead it may have a place.
func (l *databaseLimiter) limitOf(ctx context.Context) (name string, look time.Duration) {
	info, _ := RequestOf(ctx)
	look = max(ahead, time.Duration(l.apart)*time.Microsecond)
	if info.Completes {
		look *= timesAhead
	}
	return stored(l.name + "/" + info.Tenant), look
}

// Wait takes the next place, and waits for it.
func (l *databaseLimiter) Wait(ctx context.Context) error {
	name, look := l.limitOf(ctx)
	var p patience
	for {
		wait, taken, err := l.take(ctx, name, look)
		if err != nil {
			wait, err = p.after(ctx, err)
		} else {
			p = patience{}
		}
		if err != nil {
			return err
		}
		if err := (systemClock{}).Sleep(ctx, wait); err != nil || taken {
			return err
		}
	}
}

// patience is how long a database is waited for that does not answer: it may be on its way back.
type patience struct{ waited time.Duration }

const mostPatience = 30 * time.Second

// after is what to wait after an error, or the error when there is no sense in waiting on.
func (p *patience) after(ctx context.Context, err error) (time.Duration, error) {
	if ctx.Err() != nil {
		return 0, fmt.Errorf("%w (%w)", withContext(ctx, ctx.Err()), err)
	}
	wait := 50*time.Millisecond + time.Duration(rand.Int64N(int64(100*time.Millisecond)))
	if p.waited += wait; p.waited > mostPatience {
		return 0, err
	}
	return wait, nil
}

// take takes a place that is not too far ahead; if there is none it says when to ask again.
func (l *databaseLimiter) take(ctx context.Context, name string, look time.Duration) (wait time.Duration, taken bool, err error) {
	const place = `INSERT INTO {p}limits AS l (name, tat) VALUES (?1, {now} + ?2)
		ON CONFLICT (name) DO UPDATE SET tat = {max}(l.tat, {now}) + ?2 WHERE l.tat - ?3 - {now} <= ?4 RETURNING tat - ?2 - ?3 - {now}`
	var left int64
	taken, err = l.d.row(ctx, place, []any{name, l.apart, l.slack, micros(look)}, &left)
	if err != nil || taken {
		return time.Duration(max(0, left)) * time.Microsecond, taken, err
	}
	_, err = l.d.row(ctx, `SELECT tat - ?2 - {now} FROM {p}limits WHERE name = ?1`, []any{name, l.slack}, &left)
	wait = time.Duration(max(0, left))*time.Microsecond - look
	return max(0, wait) + time.Duration(rand.Int64N(int64(max(ahead, time.Duration(l.apart)*time.Microsecond)))), false, err
}

// Observe has all processes wait after a 429.
func (l *databaseLimiter) Observe(ctx context.Context, status int, retryAfter time.Duration) {
	if status != http.StatusTooManyRequests || retryAfter <= 0 {
		return
	}
	name, _ := l.limitOf(ctx)
	// What fails here the next 429 says again.
	_, _ = l.d.exec(context.WithoutCancel(ctx), `UPDATE {p}limits SET tat = {max}(tat, {now} + ?2 + ?3) WHERE name = ?1`, name,
		micros(retryAfter), l.slack)
}

// Locker gives a resource to one call at a time. A process that dies, or does not answer for LockLife, loses its locks.
func (d *Database) Locker() Locker { return databaseLocker{d} }

type databaseLocker struct{ d *Database }

// Bounds of the wait before a lock is asked for again.
const (
	minLockWait = 10 * time.Millisecond
	maxLockWait = 200 * time.Millisecond
)

// Lock takes the lock when nobody has it, or who had it has not renewed it.
func (l databaseLocker) Lock(ctx context.Context, key string) (unlock func(), err error) {
	name, owner := stored(key), newIdempotencyKey()
	var p patience
	for wait := minLockWait; ; wait = min(wait*3/2, maxLockWait) {
		taken, err := l.take(ctx, name, owner)
		again := wait/2 + time.Duration(rand.Int64N(int64(wait)))
		if err != nil {
			again, err = p.after(ctx, err)
		}
		switch {
		case err != nil:
			l.free(name, owner) // it may have been taken all the same
			return nil, err
		case taken:
			return l.keep(name, owner), nil
		}
		if err := (systemClock{}).Sleep(ctx, again); err != nil {
			return nil, err
		}
	}
}

func (l databaseLocker) take(ctx context.Context, name, owner string) (bool, error) {
	const take = `INSERT INTO {p}locks AS l (name, owner, expires) VALUES (?1, ?2, {now} + ?3)
		ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires = {now} + ?3 WHERE l.expires <= {now} OR l.owner = excluded.owner`
	n, err := l.d.exec(ctx, take, name, owner, micros(l.d.o.LockLife))
	return n > 0, err
}

// free gives a lock back. One that cannot be given back expires.
func (l databaseLocker) free(name, owner string) {
	_, _ = l.d.exec(context.Background(), `DELETE FROM {p}locks WHERE name = ?1 AND owner = ?2`, name, owner)
}

// keep renews a lock until it is given back.
func (l databaseLocker) keep(name, owner string) (unlock func()) {
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		for (systemClock{}).Sleep(ctx, l.d.o.LockLife/3) == nil {
			n, err := l.d.exec(ctx, `UPDATE {p}locks SET expires = {now} + ?3 WHERE name = ?1 AND owner = ?2`, name, owner, micros(l.d.o.LockLife))
			if err == nil && n == 0 {
				return // somebody else has it
			}
		}
	}()
	return func() {
		cancel()
		<-over
		l.free(name, owner)
	}
}

// Journal keeps the writes of calls. Calls that were done are remembered until Clean.
func (d *Database) Journal() Journal { return databaseJournal{d} }

type databaseJournal struct{ d *Database }

// Open looks for a call, and takes it over if it is not settled.
func (j databaseJournal) Open(ctx context.Context, call JournaledCall) (intent []byte, settled bool, err error) {
	args := []any{stored(call.Key), stored(call.ID), call.Owner}
	for range 3 {
		var done int
		found, err := j.d.row(ctx, `SELECT settled FROM {p}journal WHERE name = ?1 AND call = ?2`, args[:2], &done)
		if err != nil || !found || done == 1 {
			return nil, found && done == 1, err
		}
		const take = `UPDATE {p}journal SET owner = ?3 WHERE name = ?1 AND call = ?2 AND settled = 0 RETURNING intent`
		if found, err = j.d.row(ctx, take, args, &intent); err != nil || found {
			return intent, false, err
		}
	}
	return nil, false, errors.New("the call is being settled by others")
}

// Record keeps an intent.
func (j databaseJournal) Record(ctx context.Context, call JournaledCall, intent []byte) error {
	const record = `INSERT INTO {p}journal AS j (name, call, owner, intent, settled, at) VALUES (?1, ?2, ?3, ?4, 0, {now})
		ON CONFLICT (name, call) DO UPDATE SET intent = excluded.intent, at = excluded.at WHERE j.owner = excluded.owner AND j.settled = 0`
	n, err := j.d.exec(ctx, record, stored(call.Key), stored(call.ID), call.Owner, intent)
	if err == nil && n == 0 {
		return ErrTakenOver
	}
	return err
}

// Settle ends a call.
func (j databaseJournal) Settle(ctx context.Context, call JournaledCall, done bool) error {
	name, id := stored(call.Key), stored(call.ID)
	var err error
	switch {
	case done && call.ID != "":
		_, err = j.d.exec(ctx, `INSERT INTO {p}journal AS j (name, call, owner, intent, settled, at) VALUES (?1, ?2, ?3, NULL, 1, {now})
			ON CONFLICT (name, call) DO UPDATE SET intent = NULL, settled = 1, at = excluded.at`, name, id, call.Owner)
	case done:
		_, err = j.d.exec(ctx, `DELETE FROM {p}journal WHERE name = ?1 AND call = ?2 AND settled = 0`, name, id)
	default:
		_, err = j.d.exec(ctx, `DELETE FROM {p}journal WHERE name = ?1 AND call = ?2 AND owner = ?3 AND settled = 0`, name, id, call.Owner)
	}
	return err
}

// PendingCall is a call that nobody has settled.
type PendingCall struct {
	Key, ID string
	Since   time.Time // of its last write, by the database's clock
}

// PendingCalls lists the calls whose last write is older than age: they were killed and not made again, or ended as ErrAmbiguousWrite. The
// oldest come first, limit of them at most.
func (d *Database) PendingCalls(ctx context.Context, age time.Duration, limit int) (calls []PendingCall, err error) {
	ctx, done := context.WithTimeout(ctx, d.o.Timeout)
	defer done()
	const pending = `SELECT name, call, at FROM {p}journal WHERE settled = 0 AND at <= {now} - ?1 ORDER BY at LIMIT ?2`
	rows, err := d.db.QueryContext(ctx, d.spell(pending), micros(age), limit)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var c PendingCall
		var at int64
		if err := rows.Scan(&c.Key, &c.ID, &at); err != nil {
			return nil, err
		}
		c.Since = time.UnixMicro(at)
		calls = append(calls, c)
	}
	return calls, rows.Err()
}

// Forget deletes a pending call that somebody has looked into: done says that its write was applied, so that the call is not made again.
func (d *Database) Forget(ctx context.Context, call PendingCall, done bool) error {
	statement := `DELETE FROM {p}journal WHERE name = ?1 AND call = ?2 AND settled = 0`
	if done && call.ID != "" {
		statement = `UPDATE {p}journal SET intent = NULL, settled = 1, at = {now} WHERE name = ?1 AND call = ?2`
	}
	_, err := d.exec(ctx, statement, call.Key, call.ID)
	return err
}

// Clean deletes what nobody needs: calls that were done longer ago than keep, and locks and limits that were not used since. A call that
// is made again later than that is a new one. It tells how many rows it deleted.
func (d *Database) Clean(ctx context.Context, keep time.Duration) (deleted int64, err error) {
	for _, statement := range []string{
		`DELETE FROM {p}journal WHERE settled = 1 AND at <= {now} - ?1`,
		`DELETE FROM {p}locks WHERE expires <= {now} - ?1`,
		`DELETE FROM {p}limits WHERE tat <= {now} - ?1`,
	} {
		n, err := d.exec(ctx, statement, micros(keep))
		if deleted += n; err != nil {
			return deleted, err
		}
	}
	return deleted, nil
}
