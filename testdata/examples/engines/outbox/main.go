// Command outbox answers webhooks with writes: make engines-client && go -C testdata/examples/engines run ./outbox
//
// Pick an inbox and an outbox when what your own database says has to agree with what the API says, and nothing more is wanted than that
// database. A delivery, what it changes in your tables, and the wish to change something in the API are one transaction: all of it is
// there, or the API delivers again. A relay makes the wishes come true one by one. Its calls have the wish's id, so that one whose relay
// died between the write and its own commit is not made twice.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	_ "github.com/jackc/pgx/v5/stdlib"

	contacts "github.com/contactsgen/contactsgen/testdata/examples/engines/client"
	"github.com/contactsgen/contactsgen/testdata/examples/engines/client/contactstest"
	"github.com/contactsgen/contactsgen/testdata/fleet/postgres"
)

const schema = `
CREATE TABLE IF NOT EXISTS inbox_event (id text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS inbox_entity (id text PRIMARY KEY, sequence bigint NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, contact text NOT NULL, label text NOT NULL);`

// next takes the oldest wish that no other relay has.
const next = `DELETE FROM outbox WHERE id = (SELECT id FROM outbox ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id, contact, label`

// inbox is a contacts.WebhookStore within one transaction.
type inbox struct{ tx *sql.Tx }

// Begin locks the entity's row until the transaction ends, and takes note of the event unless it is there or came too late.
func (i inbox) Begin(ctx context.Context, e *contacts.WebhookInfo) (func(error) error, error) {
	entity := e.Instance + "/" + e.Entity + "/" + e.EntityID
	if _, err := i.tx.ExecContext(ctx, `INSERT INTO inbox_entity (id) VALUES ($1) ON CONFLICT DO NOTHING`, entity); err != nil {
		return nil, err
	}
	var last int64
	if err := i.tx.QueryRowContext(ctx, `SELECT sequence FROM inbox_entity WHERE id = $1 FOR UPDATE`, entity).Scan(&last); err != nil {
		return nil, err
	}
	made, err := i.tx.ExecContext(ctx, `INSERT INTO inbox_event (id) VALUES ($1) ON CONFLICT DO NOTHING`, e.Instance+"/"+e.ID)
	if err != nil {
		return nil, err
	}
	if n, err := made.RowsAffected(); err != nil || n == 0 || e.Sequence < last && e.Sequence != 0 {
		return nil, err
	}
	return func(handled error) error {
		if handled != nil {
			return i.tx.Rollback()
		}
		_, err := i.tx.ExecContext(ctx, `UPDATE inbox_entity SET sequence = greatest(sequence, $2) WHERE id = $1`, entity, e.Sequence)
		return errors.Join(err, i.tx.Commit())
	}, nil
}

type handler = func(context.Context, contacts.WebhookEvent) error

// received handles an event in a transaction, which the handler's own statements belong to.
func received(db *sql.DB, handle func(context.Context, *sql.Tx, contacts.WebhookEvent) error) handler {
	return func(ctx context.Context, event contacts.WebhookEvent) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // nothing, after a commit
		within := func(ctx context.Context, e contacts.WebhookEvent) error { return handle(ctx, tx, e) }
		return contacts.InOrder(inbox{tx}, within)(ctx, event)
	}
}

// welcome wishes that whoever is new is marked as such.
func welcome(ctx context.Context, tx *sql.Tx, event contacts.WebhookEvent) error {
	e, ok := event.(*contacts.ContactCreatedEvent)
	if !ok {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO outbox (contact, label) VALUES ($1, 'new')`, e.EntityID)
	return err
}

// relay makes one wish come true; sql.ErrNoRows says that there is none. Any number of relays may run.
func relay(ctx context.Context, db *sql.DB, client *contacts.Client) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // so the wish stays
	var id, contact, label string
	if err = tx.QueryRowContext(ctx, next).Scan(&id, &contact, &label); err != nil {
		return err
	}
	seen := func(c *contacts.Contact) error { c.Info.JobTitle = &label; return nil } // that can be told from the contact
	_, err = client.Contacts.UpdateWithRetry(ctx, contact, seen, contacts.WithCallID("outbox "+id))
	if err == nil {
		err = tx.Commit()
	}
	return err
}

// tables makes the tables, and gives the client's journal.
func tables(ctx context.Context, db *sql.DB) (contacts.Journal, error) {
	_, err := db.ExecContext(ctx, schema)
	database, failed := contacts.NewDatabase(db, contacts.PostgreSQL, contacts.DatabaseOptions{})
	if err := errors.Join(err, failed); err != nil {
		return nil, err
	}
	return database.Journal(), database.CreateTables(ctx)
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
	fake, events := contactstest.New(), contactstest.NewEvents("my-app")
	db, err := sql.Open("pgx", cluster.URL())
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	journal, err := tables(ctx, db)
	if err != nil {
		return err
	}
	hooks, err := contacts.NewWebhooks(contacts.WebhookConfig{PublicKey: events.PublicKey(), Audience: "my-app"})
	client, failed := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("site"), contacts.WithJournal(journal),
		contacts.WithHTTPClient(&http.Client{Transport: fake.Transport()}))
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	id := fake.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	created := contactstest.Event{Type: "wix.contacts.v4.contact_created", EntityID: id, Payload: map[string]any{"id": id}}
	hooks.Handler(received(db, welcome)).ServeHTTP(httptest.NewRecorder(), events.Request(created))
	err = relay(ctx, db, client)
	fmt.Println("contacts that were marked:", fake.Count("updateContact"))
	return err
}
