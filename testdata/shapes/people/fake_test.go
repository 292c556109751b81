package people_test

import (
	"testing"

	"shapes/people"
	"shapes/people/peopletest"
	"shapes/script"
)

// The generated fake refuses stale tokens as the API does, and the helpers get past it.
func TestAgainstTheFake(t *testing.T) {
	srv := peopletest.NewServer(t)
	srv.Seed("Person", `{"personId":"c1","etag":"decoy","metadata":{"sources":[{"type":"PROFILE","etag":"p"},{"type":"CONTACT","etag":"a"}]}}`)
	c, err := people.NewClient(people.WithAccessToken("x"), people.WithBaseURL(srv.URL()), people.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("UpdateWithRetry", func(t *testing.T) {
		srv.Inject(peopletest.Fault{Kind: peopletest.Conflict, Operation: "people.updatePerson"})
		var report people.Report
		_, err := c.People.UpdateWithRetry(t.Context(), "c1", func(p *people.Person) error {
			p.Names = []people.Name{{GivenName: people.Ptr("Ada")}}
			return nil
		}, people.WithReport(&report))
		if err != nil {
			t.Fatal(err)
		}
		script.Want(t, "conflicts", report.Conflicts, 1)
		script.Want(t, "writes", srv.Count("people.updatePerson"), 2)
	})
	t.Run("ForceUpdate", func(t *testing.T) {
		srv.Inject(peopletest.Fault{Kind: peopletest.Conflict, Operation: "people.updatePerson"})
		var report people.Report
		if _, err := c.People.ForceUpdate(t.Context(), "c1", people.Person{Names: []people.Name{{GivenName: people.Ptr("A")}}},
			people.WithReport(&report)); err != nil {
			t.Fatal(err)
		}
		script.Want(t, "forced writes", report.Writes, 2)
	})
}
