package fleet_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	contacts "github.com/contactsgen/contactsgen/testdata/fleet/client"
	"github.com/contactsgen/contactsgen/testdata/fleet/service"
)

// workerEnv holds what a process of the fleet is to do. The test binary is such a process where it is set.
const workerEnv = "FLEET_WORKER"

// work is what a process does.
type work struct {
	Service, Database string
	Callers           int
	Limit             string // "shared", "static" or "none"
	Rate, Processes   int
	Locker            bool
	Again             bool   // makes calls that are done once more
	OneKey            string // updates this contact, Times times, and nothing else
	Times             int
	Pause             bool // waits in its first callback for a byte of standard input
}

const (
	lockLife = time.Second
	lease    = 1500 * time.Millisecond // of a job: whoever takes longer shares it with another host
	patience = 5                       // how often a call is made that stays undecided
)

// worker is a process.
type worker struct {
	work
	db     *sql.DB
	client *contacts.Client
}

func runWorker(task string) error {
	var w worker
	if err := json.Unmarshal([]byte(task), &w.work); err != nil {
		return err
	}
	var err error
	if w.db, err = sql.Open("pgx", w.Database); err != nil {
		return err
	}
	w.db.SetMaxOpenConns(w.Callers + 2)
	d, err := contacts.NewDatabase(w.db, contacts.PostgreSQL, contacts.DatabaseOptions{LockLife: lockLife})
	if err != nil {
		return err
	}
	opts := []contacts.ClientOption{
		contacts.WithAPIKey("key"), contacts.WithSiteID("site"), contacts.WithBaseURL(w.Service), contacts.WithTenant("site"),
		contacts.WithMaxElapsed(20 * time.Second), contacts.WithMaxAttempts(100),
	}
	if limiter, err := w.limiter(d); err != nil {
		return err
	} else if limiter != nil {
		opts = append(opts, contacts.WithLimiter(limiter))
	}
	if w.Locker {
		opts = append(opts, contacts.WithLocker(d.Locker()))
	}
	if w.OneKey == "" {
		opts = append(opts, contacts.WithJournal(d.Journal()))
	}
	if w.client, err = contacts.NewClient(opts...); err != nil {
		return err
	}
	if w.OneKey != "" {
		return w.updateOne()
	}
	var all sync.WaitGroup
	for range w.Callers {
		all.Go(w.takeJobs)
	}
	all.Wait()
	return nil
}

func (w *worker) limiter(d *contacts.Database) (contacts.Limiter, error) {
	switch w.Limit {
	case "shared":
		return d.Limiter("contacts", w.Rate, time.Second, 4)
	case "static":
		return &share{apart: time.Second * time.Duration(w.Processes) / time.Duration(w.Rate)}, nil
	}
	return nil, nil
}

// share is a limit of one process's own.
type share struct {
	mu    sync.Mutex
	apart time.Duration
	next  time.Time
}

func (s *share) Wait(ctx context.Context) error {
	s.mu.Lock()
	now := time.Now()
	if s.next.Before(now) {
		s.next = now
	}
	wait := s.next.Sub(now)
	s.next = s.next.Add(s.apart)
	s.mu.Unlock()
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// takeJobs takes jobs until none is open. A job that its process did not end is open again after a while.
func (w *worker) takeJobs() {
	for {
		id, err := w.take()
		switch {
		case errors.Is(err, sql.ErrNoRows):
			if w.none() {
				return
			}
			time.Sleep(50 * time.Millisecond)
		case err != nil:
			time.Sleep(50 * time.Millisecond)
		default:
			w.note(id, w.do(id))
		}
	}
}

func (w *worker) take() (id string, err error) {
	if w.Again {
		err = w.db.QueryRow(`UPDATE jobs SET state = 'again' WHERE id = (SELECT id FROM jobs WHERE state = 'done' AND again LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id`).
			Scan(&id)
		return id, err
	}
	err = w.db.QueryRow(`UPDATE jobs SET until = clock_timestamp() + $1::interval, taken = taken + 1 WHERE id =
		(SELECT id FROM jobs WHERE state = 'open' AND until < clock_timestamp() ORDER BY place LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id`,
		lease.String()).Scan(&id)
	return id, err
}

func (w *worker) none() bool {
	var n int
	err := w.db.QueryRow(`SELECT count(*) FROM jobs WHERE state = 'open'`).Scan(&n)
	return err == nil && n == 0
}

// note writes down how a job ended. What is worth another try stays open.
func (w *worker) note(id string, err error) {
	state := "done"
	switch {
	case errors.Is(err, contacts.ErrAmbiguousWrite):
		// The answer may have been lost once too often: the same call, made again, goes on where this one ended.
		if w.db.QueryRow(`SELECT CASE WHEN taken < $2 THEN 'open' ELSE 'undecided' END FROM jobs WHERE id = $1`, id, patience).
			Scan(&state) != nil {
			return
		}
	case err != nil:
		if os.Getenv("FLEET_VERBOSE") != "" {
			fmt.Println(id, err)
		}
		return
	}
	if w.Again {
		return
	}
	_, _ = w.db.Exec(`UPDATE jobs SET state = $2 WHERE id = $1`, id, state) // if that is lost the job is done again, which is the point
}

// do makes the call of a job. Its id is "kind/contact/number".
func (w *worker) do(id string) error {
	kind, key, _ := strings.Cut(id, "/")
	key, _, _ = strings.Cut(key, "/")
	opts := []contacts.CallOption{contacts.WithCallID(id), contacts.WithHeader(service.Job, id)}
	switch kind {
	case "bare":
	case "hooked", "set": // what one job sets another one sets anew: only who counts knows
		opts = append(opts, contacts.WithHooks(contacts.Hooks{OwnWrite: w.asks(id)}))
	default:
		opts = append(opts, contacts.WithHooks(contacts.Hooks{OwnWrite: marked(id)}))
	}
	_, err := w.client.Contacts.UpdateWithRetry(context.Background(), key, changes(kind, id), opts...)
	return err
}

// asks is a hook that knows what was applied.
func (w *worker) asks(id string) func(context.Context, json.RawMessage, json.RawMessage) contacts.Ownership {
	return func(context.Context, json.RawMessage, json.RawMessage) contacts.Ownership {
		resp, err := http.Get(w.Service + "/audit/" + id)
		if err != nil {
			return contacts.Unknown
		}
		defer func() { _ = resp.Body.Close() }()
		n, err := io.ReadAll(resp.Body)
		switch {
		case err != nil:
			return contacts.Unknown
		case string(n) == "0":
			return contacts.No
		}
		return contacts.Yes
	}
}

// marked is a hook that looks for what a job leaves in a contact, and what nobody takes away.
func marked(id string) func(context.Context, json.RawMessage, json.RawMessage) contacts.Ownership {
	return func(_ context.Context, _, current json.RawMessage) contacts.Ownership {
		left := strings.FieldsFunc(string(current), func(r rune) bool { return r == ' ' || r == '"' })
		if slices.Contains(left, id) {
			return contacts.Yes
		}
		return contacts.No
	}
}

// changes is the callback of a kind of job.
func changes(kind, id string) func(*contacts.Contact) error {
	switch kind {
	case "marked": // counts, and leaves its name
		return func(c *contacts.Contact) error {
			done := strings.Fields(value(c.Info.JobTitle))
			if slices.Contains(done, id) {
				return contacts.ErrSkip
			}
			c.Info.JobTitle = contacts.Ptr(strings.Join(append(done, id), " "))
			return nil
		}
	case "append": // unless it is there
		return func(c *contacts.Contact) error {
			for _, p := range c.Info.Phones.Items {
				if p.Phone == id {
					return nil
				}
			}
			c.Info.Phones.Items = append(c.Info.Phones.Items, contacts.ContactPhone{Phone: id})
			return nil
		}
	case "set":
		return func(c *contacts.Contact) error { c.Info.Company = contacts.Ptr(id); return nil }
	case "hooked":
		return func(c *contacts.Contact) error { return count(&c.Info.Birthdate) }
	}
	return func(c *contacts.Contact) error { return count(&c.Info.Locale) }
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func count(member **string) error {
	n := 0
	if *member != nil {
		if _, err := fmt.Sscan(**member, &n); err != nil {
			return err
		}
	}
	*member = contacts.Ptr(fmt.Sprint(n + 1))
	return nil
}

// updateOne counts in one contact.
func (w *worker) updateOne() error {
	for i := range w.Times {
		_, err := w.client.Contacts.UpdateWithRetry(context.Background(), w.OneKey, func(c *contacts.Contact) error {
			if w.Pause && i == 0 {
				w.Pause = false
				fmt.Println("ready")
				if _, err := os.Stdin.Read(make([]byte, 1)); err != nil {
					return err
				}
			}
			return count(&c.Info.Locale)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
