package validators_test

import (
	"testing"

	"shapes/script"
	"shapes/validators"
	"shapes/validators/validatorstest"
)

// The fake speaks as HTTP says: tags in quotes, and dates that are old enough to be tokens.
func TestAgainstTheFake(t *testing.T) {
	srv := validatorstest.NewServer(t)
	c, err := validators.NewClient(validators.WithKey("x"), validators.WithBaseURL(srv.URL()), validators.WithClock(&script.Clock{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, collection := range []string{"Note", "getWord", "getDate"} {
		srv.Seed(collection, `{"id":"1"}`)
	}
	for name, replace := range map[string]func(report *validators.Report) error{
		"replaceNote": func(report *validators.Report) error {
			_, err := c.Notes.ReplaceWithRetry(t.Context(), "1", five, validators.WithReport(report))
			return err
		},
		"replaceWord": func(report *validators.Report) error {
			_, err := c.Words.ReplaceWithRetry(t.Context(), "1", five, validators.WithReport(report))
			return err
		},
		"replaceDate": func(report *validators.Report) error {
			_, err := c.Dates.ReplaceWithRetry(t.Context(), "1", five, validators.WithReport(report))
			return err
		},
	} {
		srv.Inject(validatorstest.Fault{Kind: validatorstest.Conflict, Operation: name})
		var report validators.Report
		if err := replace(&report); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		script.Want(t, name, report.Writes, 2)
		script.Want(t, name, report.Conflicts, 1)
	}
}
