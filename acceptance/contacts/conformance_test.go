package contacts_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/contactsgen/contactsgen/generated/contacts"
	"github.com/contactsgen/contactsgen/testdata/conformance"
)

// TestConformance keeps the promises about revisions, seen from outside: every case of this API gives exactly its requests, with
// exactly its waits, and ends as it says.
func TestConformance(t *testing.T) {
	for _, c := range playable(t) {
		t.Run(c.Name, func(t *testing.T) { conformance.Play(t, driver, c) })
	}
}

// TestGivingUpAnywhere keeps the promise that a caller who gives up, in whatever request or wait, gets the call back at once.
func TestGivingUpAnywhere(t *testing.T) {
	for _, c := range playable(t) {
		t.Run(c.Name, func(t *testing.T) { conformance.PlayGivingUp(t, driver, c) })
	}
}

// casesOf names the API whose cases are played: that of Contacts, or the one that the description was made to fit.
const casesOf = "CONFORMANCE_API"

// playable are the cases of this API, but for those that need what this package does not have.
func playable(t *testing.T) (out []conformance.Case) {
	t.Helper()
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	api, without := cmp.Or(os.Getenv(casesOf), "contacts"), map[string]string{}
	for _, c := range cases {
		switch {
		case c.API != api:
			continue
		case c.Calls[0].Helper == "UpdateThreeWay":
			without[c.Name] = "three-way merge is a feature on request"
		case c.Budget != nil:
			without[c.Name] = "what is left in the budget is nobody's business outside"
		case c.Name == "34-big-integer":
			without[c.Name] = "revisions of this API have 32 bits"
		default:
			out = append(out, c)
		}
	}
	t.Logf("%d cases; not played: %v", len(out), without)
	if len(out) == 0 || api == "contacts" && len(out) < 80 {
		t.Errorf("only %d cases are played", len(out))
	}
	return out
}

// driver plays cases against the package.
var driver = conformance.Driver{
	New: func(_ conformance.Case, transport http.RoundTripper, random func() float64) (conformance.Client, error) {
		c, err := clientThrough(transport, contacts.WithRandom(random), contacts.WithTimeout(conformance.Timeout))
		return &player{c}, err
	},
	DefaultWait: time.Minute,
	Errors: map[string]error{
		"conflict": contacts.ErrConflict, "stalled": contacts.ErrStalledConflict, "stale": contacts.ErrStaleRead,
		"ambiguous": contacts.ErrAmbiguousWrite, "gone": contacts.ErrGone, "identity": contacts.ErrIdentity,
		"missing": contacts.ErrMissingRevision, "contract": contacts.ErrContract, "mutate": contacts.ErrMutate,
		"budget": contacts.ErrBudget, "exists": contacts.ErrAlreadyExists, "notfound": contacts.ErrNotFound,
		"ratelimited": contacts.ErrRateLimited, "precondition": contacts.ErrPrecondition, "canceled": context.Canceled,
		"deadline": context.DeadlineExceeded, "user": errUser,
	},
	Failure: func(err error) (conformance.Failure, bool) {
		var e *contacts.UpdateError
		if !errors.As(err, &e) {
			return conformance.Failure{}, false
		}
		return conformance.Failure{
			Op: e.Op, Cause: string(e.Cause), Path: e.Path, Sent: e.Sent, Key: e.Key,
			Writes: e.Writes, Reads: e.Reads, Conflicts: e.Conflicts,
		}, true
	},
	Paths: func(error) []string { return nil },
}

func clientThrough(transport http.RoundTripper, opts ...contacts.ClientOption) (*contacts.Client, error) {
	return contacts.NewClient(append(opts,
		contacts.WithAPIKey(theKey), contacts.WithSiteID(theSite), contacts.WithHTTPClient(&http.Client{Transport: transport}))...)
}

// player is a client of a case.
type player struct{ *contacts.Client }

// Copy reads the caller's copy, through a client of its own.
func (p *player) Copy(c conformance.Call, header http.Header, body []byte) (any, error) {
	canned := &server{handle: func(*http.Request, string) *http.Response {
		resp := reply(200, string(body))
		for name, values := range header {
			resp.Header[name] = values
		}
		return resp
	}}
	reader, err := clientThrough(canned)
	if err != nil {
		return nil, err
	}
	copied, err := reader.Contacts.Get(context.Background(), c.ID())
	if err != nil {
		return nil, err
	}
	if c.Handmade {
		doc, err := json.Marshal(copied)
		if err != nil {
			return nil, err
		}
		copied = &contacts.Contact{}
		return copied, json.Unmarshal(doc, copied)
	}
	if c.Edited {
		copied.Info.JobTitle = ptr("edited")
	}
	return copied, nil
}

// Call makes the call of a case.
func (p *player) Call(ctx context.Context, c conformance.Call, copied any, runs *int) conformance.Result {
	var report contacts.Report
	got, err := p.call(ctx, c, copied, runs, append(optionsNamed(c.Options), contacts.WithReport(&report)))
	r := conformance.Result{Err: err, Report: conformance.Report{
		Outcome: string(report.Outcome), Revision: report.Revision, RevisionKnown: report.RevisionKnown,
		Writes: report.Writes, Reads: report.Reads, Conflicts: report.Conflicts, StaleReads: report.StaleReads,
		SuspectConflicts: report.SuspectConflicts, Assumed: report.Assumed, Derived: report.Derived,
	}}
	if got != nil {
		r.ID, r.Info = got.ID, got.Info
	}
	return r
}

func (p *player) call(ctx context.Context, c conformance.Call, copied any, runs *int,
	opts []contacts.CallOption) (*contacts.Contact, error) {
	mutate := func(v *contacts.Contact) error {
		*runs++
		return mutates[c.Mutate](v, *runs)
	}
	switch c.Helper {
	case "", "UpdateWithRetry":
		return p.Contacts.UpdateWithRetry(ctx, c.ID(), mutate, opts...)
	case "UpdateFrom":
		return p.Contacts.UpdateFrom(ctx, copied.(*contacts.Contact), mutate, opts...)
	case "ForceUpdate":
		return p.Contacts.ForceUpdate(ctx, c.ID(), contacts.ContactInfo{JobTitle: ptr("forced")}, opts...)
	case "MergeWithRetry":
		return p.Contacts.MergeWithRetry(ctx, c.ID(), func(*contacts.Contact) (contacts.MergeContactsRequest, error) {
			*runs++
			return contacts.MergeContactsRequest{SourceContactIDs: []string{"S"}}, nil
		}, opts...)
	case "Update":
		revision, err := strconv.Atoi(c.Revision)
		if err != nil {
			return nil, err
		}
		return p.Contacts.Update(ctx, c.ID(), contacts.UpdateContactRequest{
			Revision: int32(revision), Info: contacts.ContactInfo{JobTitle: ptr("plain")},
		})
	}
	return nil, fmt.Errorf("no helper %q", c.Helper)
}

// optionsNamed are the options that cases name.
func optionsNamed(names []string) (opts []contacts.CallOption) {
	for _, name := range names {
		name, value, _ := strings.Cut(name, "=")
		switch name {
		case "Idempotent":
			opts = append(opts, contacts.Idempotent())
		case "TrustNoop":
			opts = append(opts, contacts.TrustNoop())
		case "FollowMerged":
			opts = append(opts, contacts.FollowMerged())
		case "ReadBack":
			opts = append(opts, contacts.ReadBack())
		case "DoubtConflicts":
			opts = append(opts, contacts.DoubtConflicts())
		case "SkipIfEqual":
			opts = append(opts, contacts.SkipIfEqual())
		case "WithMaxAttempts":
			n, err := strconv.Atoi(value)
			if err != nil {
				panic(err)
			}
			opts = append(opts, contacts.WithMaxAttempts(n))
		case "WithMaxElapsed":
			d, err := time.ParseDuration(value)
			if err != nil {
				panic(err)
			}
			opts = append(opts, contacts.WithMaxElapsed(d))
		case "OwnWrite":
			answer := map[string]contacts.Ownership{"yes": contacts.Yes, "no": contacts.No}[value]
			opts = append(opts, contacts.WithHooks(contacts.Hooks{
				OwnWrite: func(context.Context, json.RawMessage, json.RawMessage) contacts.Ownership { return answer },
			}))
		case "Abort":
			opts = append(opts, contacts.WithHooks(contacts.Hooks{
				OnConflict: func(context.Context, contacts.ConflictInfo) contacts.Decision { return contacts.Abort },
			}))
		default:
			panic("no option " + name)
		}
	}
	return opts
}

var errUser = errors.New("the user's own error")

// mutates are the callbacks that cases name.
var mutates = map[string]func(c *contacts.Contact, run int) error{
	"set-company":  func(c *contacts.Contact, _ int) error { c.Info.Company = ptr("Acme"); return nil },
	"append-phone": appendPhone,
	"ensure-phone": func(c *contacts.Contact, run int) error {
		for _, p := range c.Info.Phones.Items {
			if p.Phone == "111" {
				return nil
			}
		}
		return appendPhone(c, run)
	},
	"increment":   func(c *contacts.Contact, _ int) error { return increment(c) }, // the job title stands for a counter
	"remove-name": func(c *contacts.Contact, _ int) error { c.Info.Name.First = nil; return nil },
	"nothing":     func(*contacts.Contact, int) error { return nil },
	"skip": func(c *contacts.Contact, _ int) error {
		c.Info.Company = ptr("Acme")
		return contacts.ErrSkip
	},
	"fail": func(*contacts.Contact, int) error { return errUser },
	"fail-first": func(c *contacts.Contact, run int) error {
		if run == 1 {
			return errUser
		}
		c.Info.Company = ptr("Acme")
		return nil
	},
	"panic": func(*contacts.Contact, int) error { panic(errUser) },
	"panic-first": func(c *contacts.Contact, run int) error {
		if run == 1 {
			panic(errUser)
		}
		c.Info.Company = ptr("Acme")
		return nil
	},
	"touch-id":       func(c *contacts.Contact, _ int) error { c.ID = "Z"; return nil },
	"touch-revision": func(c *contacts.Contact, _ int) error { c.Revision = 99; return nil },
	"touch-updated": func(c *contacts.Contact, _ int) error {
		c.UpdatedDate = ptr(contacts.Timestamp("2024-01-01T00:00:00Z"))
		return nil
	},
}

func appendPhone(c *contacts.Contact, _ int) error {
	c.Info.Phones.Items = append(c.Info.Phones.Items, contacts.ContactPhone{Phone: "111"})
	return nil
}
