package people_test

import (
	"testing"

	"shapes/people"
	"shapes/script"
)

func client(t *testing.T, text string) *people.Client {
	t.Helper()
	c, err := people.NewClient(people.WithAccessToken("secret"), people.WithBaseURL(script.Serve(t, text)), people.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const fields = "personFields=metadata%2Cnames%2CemailAddresses%2Cbiographies"

// The tag is the source's, not the decoy at the top; changed members are sent and listed.
func TestUpdateWithRetry(t *testing.T) {
	c := client(t, `
		> GET /v1/people/c1?`+fields+`
		< 200
		< {"personId":"c1","etag":"decoy","metadata":{"sources":[{"type":"PROFILE","id":"9","etag":"#p"},{"type":"CONTACT","id":"1","etag":"#a"}]},"names":[{"givenName":"Ada","displayName":"Ada E."}],"emailAddresses":[{"value":"ada@example.com"}]}
		> PATCH /v1/people/c1:update?updatePersonFields=biographies
		> {"biographies":[{"value":"Writes programs."}],"metadata":{"sources":[{"type":"CONTACT","etag":"#a"}]}}
		< 400
		< {"error":{"code":400,"status":"FAILED_PRECONDITION","message":"person.etag is different"}}
		> GET /v1/people/c1?`+fields+`
		< 200
		< {"personId":"c1","etag":"decoy2","metadata":{"sources":[{"type":"CONTACT","id":"1","etag":"#b"}]},"names":[{"givenName":"Ada"}]}
		> PATCH /v1/people/c1:update?updatePersonFields=biographies
		> {"biographies":[{"value":"Writes programs."}],"metadata":{"sources":[{"type":"CONTACT","etag":"#b"}]}}
		< 200
		< {"personId":"c1","metadata":{"sources":[{"type":"CONTACT","id":"1","etag":"#c"}]},"biographies":[{"value":"Writes programs."}]}
	`)
	var report people.Report
	_, err := c.People.UpdateWithRetry(t.Context(), "c1", func(p *people.Person) error {
		p.Biographies = []people.Biography{{Value: people.Ptr("Writes programs.")}}
		return nil
	}, people.WithReport(&report))
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "revision", report.Revision, "#c")
}

// Another 400 is an ordinary refusal.
func TestUpdateWithRetryReadsTheCode(t *testing.T) {
	c := client(t, `
		> GET /v1/people/c1?`+fields+`
		< 200
		< {"personId":"c1","metadata":{"sources":[{"type":"CONTACT","id":"1","etag":"#a"}]}}
		> PATCH /v1/people/c1:update?updatePersonFields=names
		> {"names":[{"givenName":"Ada"}],"metadata":{"sources":[{"type":"CONTACT","etag":"#a"}]}}
		< 400
		< {"error":{"code":400,"status":"INVALID_ARGUMENT"}}
	`)
	_, err := c.People.UpdateWithRetry(t.Context(), "c1", func(p *people.Person) error {
		p.Names = []people.Name{{GivenName: people.Ptr("Ada")}}
		return nil
	})
	script.WantError(t, err, people.ErrInvalid)
	script.WantNotError(t, err, people.ErrConflict)
}

// Every member of the payload is listed.
func TestForceUpdate(t *testing.T) {
	c := client(t, `
		> GET /v1/people/c1?`+fields+`
		< 200
		< {"personId":"c1","metadata":{"sources":[{"type":"CONTACT","id":"1","etag":"#a"}]}}
		> PATCH /v1/people/c1:update?updatePersonFields=names%2Cbiographies
		> {"names":[{"givenName":"Ada"}],"biographies":[{"value":"x"}],"metadata":{"sources":[{"type":"CONTACT","etag":"#a"}]}}
		< 200
		< {"personId":"c1","metadata":{"sources":[{"type":"CONTACT","id":"1","etag":"#b"}]}}
	`)
	_, err := c.People.ForceUpdate(t.Context(), "c1", people.Person{
		Names:       []people.Name{{GivenName: people.Ptr("Ada")}},
		Biographies: []people.Biography{{Value: people.Ptr("x")}},
	})
	if err != nil {
		t.Fatal(err)
	}
}
