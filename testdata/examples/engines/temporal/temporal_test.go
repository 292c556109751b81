package temporal

import (
	"database/sql"
	"net/http"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/testsuite"

	contacts "github.com/contactsgen/contactsgen/testdata/examples/engines/client"
	"github.com/contactsgen/contactsgen/testdata/examples/engines/client/contactstest"
	"github.com/contactsgen/contactsgen/testdata/fleet/postgres"
)

// dying is a transport whose worker dies when its first write has arrived.
type dying struct {
	http.RoundTripper
	dead atomic.Bool
}

func (d *dying) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := d.RoundTripper.RoundTrip(r)
	if r.Method == http.MethodPatch && d.dead.CompareAndSwap(false, true) {
		panic("the worker dies")
	}
	return resp, err
}

// An activity that is run again after its worker died adds the points once, and so does the whole workflow when it is started again.
func TestPointsAreAddedOnce(t *testing.T) {
	pool, err := sql.Open("pgx", postgres.ForTest(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pool.Close() }()
	database, err := contacts.NewDatabase(pool, contacts.PostgreSQL, contacts.DatabaseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := database.CreateTables(t.Context()); err != nil {
		t.Fatal(err)
	}
	server := contactstest.New()
	transport := &dying{RoundTripper: server.Transport()}
	api, err := contacts.NewClient(contacts.WithAPIKey("key"), contacts.WithSiteID("site"), contacts.WithJournal(database.Journal()),
		contacts.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		t.Fatal(err)
	}
	id := server.Seed("Contact", `{"info": {"name": {"first": "Ada"}, "jobTitle": "10"}}`)
	for i, name := range []string{"order 1", "order 1", "order 2"} {
		var suite testsuite.WorkflowTestSuite
		env := suite.NewTestWorkflowEnvironment()
		env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: name})
		env.RegisterActivity(&Activities{api})
		env.ExecuteWorkflow(Thank, Order{Contact: id, Points: 5})
		total, want := 0, []int{15, 15, 20}[i]
		if err := env.GetWorkflowResult(&total); err != nil || total != want {
			t.Errorf("run %d: %d points, want %d: %v", i+1, total, want, err)
		}
	}
	if writes := server.Count("updateContact"); writes != 2 || !transport.dead.Load() {
		t.Errorf("%d writes, and the worker died: %v", writes, transport.dead.Load())
	}
}
