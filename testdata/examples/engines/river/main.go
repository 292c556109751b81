// Command river imports contacts as jobs: make engines-client && go -C testdata/examples/engines run ./river
//
// Pick River when the work is yours to queue and PostgreSQL is there already: jobs are rows, they are put in with the data that they are
// about in one transaction, and a host that dies leaves them to the others. A job may be worked more than once. The journal in the same
// database makes each of its writes once all the same, because the job's id names the calls, and the number of requests is shared by all
// hosts. Nothing else has to be run or backed up.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	contacts "github.com/contactsgen/contactsgen/testdata/examples/engines/client"
	"github.com/contactsgen/contactsgen/testdata/examples/engines/client/contactstest"
	"github.com/contactsgen/contactsgen/testdata/fleet/postgres"
)

// Points are loyalty points to be added, by the contact's id.
type Points map[string]int

// Kind names the jobs in the database.
func (Points) Kind() string { return "points" }

// importer works the jobs.
type importer struct {
	river.WorkerDefaults[Points]
	client *contacts.Client
}

// Work adds the points of one job. What an earlier attempt has done is not done again, wherever it broke off: the journal knows the call by
// its id, and the contact bears the job whose points came last (here as its company), which tells of a write that nobody heard the end of.
func (w *importer) Work(ctx context.Context, job *river.Job[Points]) error {
	name := "points " + strconv.FormatInt(job.ID, 10)
	for id, points := range job.Args {
		_, err := w.client.Contacts.UpdateWithRetry(ctx, id, func(c *contacts.Contact) error {
			if c.Info.Company != nil && *c.Info.Company == name {
				return nil // they are in it
			}
			had, err := strconv.Atoi(*c.Info.JobTitle)
			c.Info.JobTitle, c.Info.Company = contacts.Ptr(strconv.Itoa(had+points)), &name
			return err
		}, contacts.WithCallID(name))
		if err != nil {
			return fmt.Errorf("contact %s: %w", id, err)
		}
	}
	return nil
}

// host is one of those that work.
func host(ctx context.Context, pool *pgxpool.Pool, by http.RoundTripper, retries river.ClientRetryPolicy) (*river.Client[pgx.Tx], error) {
	database, err := contacts.NewDatabase(stdlib.OpenDBFromPool(pool), contacts.PostgreSQL, contacts.DatabaseOptions{})
	if err != nil {
		return nil, err
	}
	limiter, err := database.Limiter("wix", 12_000, time.Minute, 10)
	if err = errors.Join(err, database.CreateTables(ctx)); err != nil {
		return nil, err
	}
	client, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("site"),
		contacts.WithHTTPClient(&http.Client{Transport: by}), contacts.WithLimiter(limiter), contacts.WithJournal(database.Journal()))
	if err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &importer{client: client})
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}}
	return river.NewClient(riverpgxv5.New(pool), &river.Config{Workers: workers, Queues: queues, RetryPolicy: retries})
}

// put makes the tables of River, and queues jobs of ten contacts each.
func put(ctx context.Context, pool *pgxpool.Pool, ids []string) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return err
	}
	queue, err := river.NewClient(riverpgxv5.New(pool), &river.Config{})
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	var jobs []river.InsertManyParams
	for some := range slices.Chunk(ids, 10) {
		job := Points{}
		for _, id := range some {
			job[id] = 5
		}
		jobs = append(jobs, river.InsertManyParams{Args: job})
	}
	_, err = queue.InsertMany(ctx, jobs)
	return err
}

// settled returns when no job is open any more, or ctx is done.
func settled(ctx context.Context, pool *pgxpool.Pool) error {
	for open := 1; ; time.Sleep(20 * time.Millisecond) {
		err := pool.QueryRow(ctx, `SELECT count(*) FROM river_job WHERE state <> 'completed'`).Scan(&open)
		if err != nil || open == 0 {
			return err
		}
	}
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	cluster, err := postgres.Start(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = cluster.Stop() }()
	pool, err := pgxpool.New(ctx, cluster.URL())
	if err != nil {
		return err
	}
	defer pool.Close()
	server := contactstest.New()
	id := server.Seed("Contact", `{"info": {"name": {"first": "Ada"}, "jobTitle": "0"}}`)
	if err := put(ctx, pool, []string{id}); err != nil {
		return err
	}
	h, err := host(ctx, pool, server.Transport(), nil)
	if err != nil {
		return err
	}
	if err := errors.Join(h.Start(ctx), settled(ctx, pool)); err != nil {
		return err
	}
	fmt.Println("contacts that were given points:", server.Count("updateContact"))
	return h.Stop(ctx)
}
