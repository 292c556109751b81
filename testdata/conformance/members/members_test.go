// Package members_test plays the cases of an API that writes many resources at once on the client that is generated for it. The
// client is not here: a test of package generator makes it, and puts it beside this file while the go command looks at it.
package members_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/testdata/conformance"
	"github.com/contactsgen/contactsgen/testdata/conformance/members"
)

func TestConformance(t *testing.T) {
	played := 0
	for _, c := range cases(t) {
		t.Run(c.Name, func(t *testing.T) { conformance.Play(t, driver, c) })
		t.Run(c.Name+"/given-up", func(t *testing.T) { conformance.PlayGivingUp(t, driver, c) })
		played++
	}
	if played < 6 {
		t.Errorf("only %d cases are played", played)
	}
}

// cases are those of this API.
func cases(t *testing.T) []conformance.Case {
	t.Helper()
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(c conformance.Case) bool { return c.API != "members" })
}

var driver = conformance.Driver{
	New: func(_ conformance.Case, transport http.RoundTripper, random func() float64) (conformance.Client, error) {
		c, err := members.NewClient(members.WithAPIKey("key"), members.WithHTTPClient(&http.Client{Transport: transport}),
			members.WithRandom(random), members.WithTimeout(conformance.Timeout))
		return client{c}, err
	},
	Errors: map[string]error{
		"conflict": members.ErrConflict, "ambiguous": members.ErrAmbiguousWrite, "gone": members.ErrGone, "notfound": members.ErrNotFound,
		"exists": members.CodeEmailTaken, "canceled": context.Canceled,
	},
	Failure: func(err error) (conformance.Failure, bool) {
		var e *members.UpdateError
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

type client struct{ *members.Client }

func (client) Copy(conformance.Call, http.Header, []byte) (any, error) {
	return nil, errors.New("no case of this API has a copy")
}

func (client) Call(context.Context, conformance.Call, any, *int) conformance.Result {
	return conformance.Result{Err: errors.New("every case of this API is about many resources")}
}

func (c client) CallMany(ctx context.Context, call conformance.Call, runs *int) (out []conformance.Result) {
	mutate := func(m *members.Member) error {
		*runs++
		nickname := ""
		if m.Nickname != nil {
			nickname = *m.Nickname
		}
		edited, err := conformance.EditNickname(call.Mutate, nickname)
		m.Nickname = &edited
		return err
	}
	for item, err := range c.Members.BulkUpdateWithRetry(ctx, slices.Values(call.Keys), mutate, options(call.Options)...) {
		r := item.Report
		result := conformance.Result{Key: item.Key, Err: err, Report: conformance.Report{
			Outcome: string(r.Outcome), Revision: r.Revision, RevisionKnown: r.RevisionKnown, Writes: r.Writes, Reads: r.Reads,
			Conflicts: r.Conflicts, StaleReads: r.StaleReads, SuspectConflicts: r.SuspectConflicts, Assumed: r.Assumed,
		}}
		if item.Value != nil {
			result.ID, result.Info = item.Value.ID, item.Value
		}
		if item.Index != len(out) {
			result.Err = fmt.Errorf("item %d comes in place %d", item.Index, len(out))
		}
		out = append(out, result)
	}
	return out
}

func options(names []string) []members.CallOption {
	var opts []members.CallOption
	for _, name := range names {
		name, value, _ := strings.Cut(name, "=")
		n, err := strconv.Atoi(value)
		switch {
		case err != nil:
			panic(err)
		case name == "WithConcurrency":
			opts = append(opts, members.WithConcurrency(n))
		case name == "WithMaxAttempts":
			opts = append(opts, members.WithMaxAttempts(n))
		default:
			panic("no option " + name)
		}
	}
	return opts
}
