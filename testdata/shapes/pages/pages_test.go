package pages_test

import (
	"testing"

	"shapes/pages"
	"shapes/script"
)

func client(t *testing.T, text string) *pages.Client {
	t.Helper()
	c, err := pages.NewClient(pages.WithBasicAuth("ada@example.com", "secret"), pages.WithBaseURL(script.Serve(t, text)+"/api/v2"),
		pages.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The number sent is that of the version the write makes. What was not changed goes back as it came.
func TestUpdateWithRetry(t *testing.T) {
	c := client(t, `
		> GET /api/v2/pages/65538?body-format=storage
		> Authorization: Basic YWRhQGV4YW1wbGUuY29tOnNlY3JldA==
		< 200
		< {"id":"65538","status":"current","title":"Tea","authorId":"u1","body":{"storage":{"representation":"storage","value":"<p/>"}},"version":{"number":7,"authorId":"u1"}}
		> PUT /api/v2/pages/65538
		> {"id":"65538","status":"current","title":"Coffee","body":{"storage":{"representation":"storage","value":"<p/>"}},"version":{"number":8,"authorId":"u1"}}
		< 409
		< {"errors":[{"status":409,"code":"CONFLICT","title":"Version must be incremented"}]}
		> GET /api/v2/pages/65538?body-format=storage
		< 200
		< {"id":"65538","status":"current","title":"Green tea","body":{},"version":{"number":9}}
		> PUT /api/v2/pages/65538
		> {"id":"65538","status":"current","title":"Coffee","body":{},"version":{"number":10}}
		< 200
		< {"id":"65538","status":"current","title":"Coffee","body":{},"version":{"number":10}}
	`)
	p, err := c.Pages.UpdateWithRetry(t.Context(), 65538, func(p *pages.Page) error {
		p.Title = pages.Ptr("Coffee")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	script.Want(t, "number", *p.Version.Number, 10)
}

// The number in a payload is not believed.
func TestForceUpdate(t *testing.T) {
	c := client(t, `
		> GET /api/v2/pages/65538?body-format=storage
		< 200
		< {"id":"65538","version":{"number":99}}
		> PUT /api/v2/pages/65538
		> {"status":"current","title":"Coffee","body":{},"version":{"number":100}}
		< 200
		< {"id":"65538","title":"Coffee","version":{"number":100}}
	`)
	_, err := c.Pages.ForceUpdate(t.Context(), 65538, pages.PageUpdate{Status: pages.StatusCurrent, Title: "Coffee"})
	if err != nil {
		t.Fatal(err)
	}
}
