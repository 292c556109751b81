package main

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	contacts "github.com/contactsgen/contactsgen/testdata/examples/engines/client"
	"github.com/contactsgen/contactsgen/testdata/examples/engines/client/contactstest"
	"github.com/contactsgen/contactsgen/testdata/fleet/postgres"
)

// losing is a transport that loses the end of its first write: the relay that waits for it dies.
type losing struct {
	http.RoundTripper
	lose bool
	end  context.CancelFunc
}

func (l *losing) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.RoundTripper.RoundTrip(r)
	if l.lose && r.Method == http.MethodPatch {
		l.lose = false
		l.end()
		return nil, context.Canceled
	}
	return resp, err
}

// A delivery that comes twice, or whose handling fails first, makes one wish; a wish whose relay dies after its write is one write.
func TestOnceThroughInboxAndOutbox(t *testing.T) {
	db, err := sql.Open("pgx", postgres.ForTest(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	journal, err := tables(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	events, fake := contactstest.NewEvents("my-app"), contactstest.New()
	hooks, err := contacts.NewWebhooks(contacts.WebhookConfig{PublicKey: events.PublicKey(), Audience: "my-app"})
	if err != nil {
		t.Fatal(err)
	}
	failing := true
	handler := hooks.Handler(received(db, func(ctx context.Context, tx *sql.Tx, e contacts.WebhookEvent) error {
		if err := welcome(ctx, tx, e); err != nil || !failing {
			return err
		}
		failing = false
		return errors.New("something else fails")
	}))
	id := fake.Seed("Contact", `{"info": {"name": {"first": "Ada"}}}`)
	created := contactstest.Event{ID: "e1", Sequence: 7, Type: "wix.contacts.v4.contact_created", EntityID: id, Payload: `{}`}
	earlier := created
	earlier.ID, earlier.Sequence = "e0", 6
	for i, e := range []contactstest.Event{created, created, created, earlier} {
		answer := httptest.NewRecorder()
		if handler.ServeHTTP(answer, events.Request(e)); (answer.Code == 200) != (i > 0) {
			t.Errorf("delivery %d is answered with %d", i+1, answer.Code)
		}
	}

	ctx, end := context.WithCancel(t.Context())
	client, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("site"), contacts.WithJournal(journal),
		contacts.WithHTTPClient(&http.Client{Transport: &losing{fake.Transport(), true, end}}))
	if err != nil {
		t.Fatal(err)
	}
	if err := relay(ctx, db, client); err == nil {
		t.Error("a relay that died has settled its wish")
	}
	if _, err := db.ExecContext(t.Context(), `SELECT FROM outbox FOR UPDATE`); err != nil { // once the dead one's transaction is over
		t.Fatal(err)
	}
	if err := relay(t.Context(), db, client); err != nil {
		t.Fatal(err)
	}
	if err := relay(t.Context(), db, client); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("another wish is left: %v", err)
	}
	c, err := client.Contacts.Get(t.Context(), id)
	if err != nil || c.Info.JobTitle == nil || *c.Info.JobTitle != "new" || fake.Count("updateContact") != 1 {
		t.Errorf("%v after %d writes: %v", c, fake.Count("updateContact"), err)
	}
}
