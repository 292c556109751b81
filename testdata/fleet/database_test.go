// Package fleet_test holds what a client keeps in databases to what it promises, on real ones.
package fleet_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	contacts "github.com/contactsgen/contactsgen/testdata/fleet/client"
	"github.com/contactsgen/contactsgen/testdata/fleet/client/contactstest"
	"github.com/contactsgen/contactsgen/testdata/fleet/postgres"
)

// cluster is the PostgreSQL of all tests; nil where there is none.
var cluster *postgres.Cluster

func TestMain(m *testing.M) {
	if task := os.Getenv(workerEnv); task != "" {
		if err := runWorker(task); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(func() int {
		c, err := postgres.Start(context.Background())
		if err == nil {
			cluster = c
			defer func() { _ = c.Stop() }()
		} else if !errors.Is(err, postgres.ErrNone) || os.Getenv("CI") != "" {
			panic(err)
		}
		return m.Run()
	}())
}

// databases are the kinds that there are: each opens a pool of its own, as a process would, onto one database.
func databases(t *testing.T) map[contacts.Dialect]func(t *testing.T) *sql.DB {
	file := filepath.Join(t.TempDir(), "calls.db")
	open := func(driver, source string) func(t *testing.T) *sql.DB {
		return func(t *testing.T) *sql.DB {
			db, err := sql.Open(driver, source)
			if err != nil {
				t.Fatal(err)
			}
			db.SetMaxOpenConns(3)
			t.Cleanup(func() { _ = db.Close() })
			return db
		}
	}
	all := map[contacts.Dialect]func(t *testing.T) *sql.DB{
		contacts.SQLite: open("sqlite", "file:"+file+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)"),
	}
	if cluster != nil {
		all[contacts.PostgreSQL] = open("pgx", cluster.URL())
	}
	return all
}

// each runs a test on two users of each database.
func each(t *testing.T, test func(t *testing.T, one, other *contacts.Database)) {
	kinds := databases(t)
	for _, dialect := range []contacts.Dialect{contacts.PostgreSQL, contacts.SQLite} {
		t.Run(string(dialect), func(t *testing.T) {
			open := kinds[dialect]
			if open == nil {
				t.Skip(postgres.ErrNone)
			}
			prefix := strings.ToLower(strings.Map(func(r rune) rune {
				if r == '/' {
					return '_'
				}
				return r
			}, t.Name())) + "_"
			var pair [2]*contacts.Database
			var all sync.WaitGroup
			for i := range pair {
				d, err := contacts.NewDatabase(open(t), dialect, contacts.DatabaseOptions{Prefix: prefix[max(0, len(prefix)-40):],
					LockLife: 600 * time.Millisecond})
				if err != nil {
					t.Fatal(err)
				}
				pair[i] = d
				all.Go(func() {
					for range 2 {
						if err := d.CreateTables(t.Context()); err != nil {
							t.Error(err)
						}
					}
				})
			}
			all.Wait()
			test(t, pair[0], pair[1])
		})
	}
}

func TestJournal(t *testing.T) {
	each(t, func(t *testing.T, one, other *contacts.Database) {
		contactstest.TestJournal(t, one.Journal(), other.Journal(), contacts.ErrTakenOver)
	})
}

func TestLocker(t *testing.T) {
	each(t, func(t *testing.T, one, other *contacts.Database) {
		contactstest.TestLocker(t, one.Locker(), other.Locker())
	})
}

func TestLimiter(t *testing.T) {
	each(t, func(t *testing.T, one, other *contacts.Database) {
		limiter := func(d *contacts.Database) contacts.Limiter {
			l, err := d.Limiter("site", 100, time.Second, 5)
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		contactstest.TestLimiter(t, limiter(one), limiter(other), 100, time.Second, 5)
	})
}

// A lock is kept for as long as its process lives, and no longer: this one stops being renewed when its database is gone.
func TestLockOfADeadProcess(t *testing.T) {
	each(t, func(t *testing.T, one, other *contacts.Database) {
		held, err := one.Locker().Lock(t.Context(), "key")
		if err != nil {
			t.Fatal(err)
		}
		defer held()
		ctx, done := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer done()
		if unlock, err := other.Locker().Lock(ctx, "key"); err == nil {
			unlock()
			t.Error("a lock that is renewed was taken")
		}
	})
	kinds := databases(t)
	for dialect, open := range kinds {
		db := open(t)
		o := contacts.DatabaseOptions{Prefix: "dead_", LockLife: 300 * time.Millisecond}
		dying, err := contacts.NewDatabase(db, dialect, o)
		if err == nil {
			err = dying.CreateTables(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := dying.Locker().Lock(t.Context(), "key"); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		other, err := contacts.NewDatabase(open(t), dialect, o)
		if err != nil {
			t.Fatal(err)
		}
		unlock, err := other.Locker().Lock(t.Context(), "key")
		if err != nil {
			t.Fatal(err)
		}
		unlock()
	}
}

// What is stuck can be seen, settled by hand, and cleaned away.
func TestOperation(t *testing.T) {
	each(t, func(t *testing.T, one, _ *contacts.Database) {
		j, ctx := one.Journal(), t.Context()
		for _, id := range []string{"done", "stuck", "lost"} {
			if err := j.Record(ctx, contacts.JournaledCall{Key: "contact", ID: id, Owner: "a"}, []byte("intent")); err != nil {
				t.Fatal(err)
			}
		}
		if err := j.Settle(ctx, contacts.JournaledCall{Key: "contact", ID: "done", Owner: "a"}, true); err != nil {
			t.Fatal(err)
		}
		calls, err := one.PendingCalls(ctx, 0, 10)
		if err != nil || len(calls) != 2 || calls[0].Key != "contact" || calls[0].ID != "stuck" ||
			time.Since(calls[0].Since).Abs() > time.Minute {
			t.Fatalf("%+v, %v", calls, err)
		}
		if calls, err := one.PendingCalls(ctx, time.Hour, 10); err != nil || len(calls) != 0 {
			t.Errorf("older than an hour: %+v, %v", calls, err)
		}
		for i, done := range []bool{true, false} {
			if err := one.Forget(ctx, calls[i], done); err != nil {
				t.Error(err)
			}
		}
		for id, want := range map[string]bool{"done": true, "stuck": true, "lost": false} {
			if _, settled, err := j.Open(ctx, contacts.JournaledCall{Key: "contact", ID: id, Owner: "b"}); settled != want || err != nil {
				t.Errorf("%s: %v, %v", id, settled, err)
			}
		}
		if n, err := one.Clean(ctx, time.Hour); n != 0 || err != nil {
			t.Errorf("%d rows were deleted too early, %v", n, err)
		}
		if n, err := one.Clean(ctx, 0); n != 2 || err != nil {
			t.Errorf("%d rows were deleted, %v", n, err)
		}
	})
}

// The schema that people keep in files is what CreateTables runs.
func TestSchemaFiles(t *testing.T) {
	for dialect, open := range databases(t) {
		d, err := contacts.NewDatabase(open(t), dialect, contacts.DatabaseOptions{})
		if err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile("../../docs/schema/" + string(dialect) + ".sql")
		if err != nil || string(file) != d.Schema() {
			t.Errorf("docs/schema/%s.sql is not the schema (%v):\n%s", dialect, err, d.Schema())
		}
	}
}

// Names of tables come from programs and not from users, all the same nothing else gets in through them.
func TestNewDatabaseRefuses(t *testing.T) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []contacts.DatabaseOptions{{Prefix: "a; DROP TABLE b"}, {Prefix: "A"}, {Timeout: -1}} {
		if _, err := contacts.NewDatabase(db, contacts.SQLite, o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
	if _, err := contacts.NewDatabase(db, "oracle", contacts.DatabaseOptions{}); err == nil {
		t.Error("any dialect is accepted")
	}
}
