// Package parts_test plays the helpers of writes that are sent below the resource whose token they carry: in the query, or in the body
// under a name of its own. The client is generated beside it by the test that runs this one.
package parts_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/contactsgen/contactsgen/testdata/judge/explore"
	"github.com/contactsgen/contactsgen/testdata/judge/law"
	"github.com/contactsgen/contactsgen/testdata/judge/parts"
)

// What is added below a resource is added once, or not at all, whatever happens, and nothing untrue is said about it.
func TestExplore(t *testing.T) {
	api, ok := law.ByName(os.Getenv("EXPLORE_API"))
	if !ok {
		t.Fatal("EXPLORE_API names no API of package law: TestExplore of package generator makes the client, and runs this")
	}
	var scenarios []explore.Scenario
	base := explore.Scenario{API: api, IDs: []string{"one"}, Client: newClient, Probe: updateWithRetry()}
	for _, edit := range []explore.Edit{explore.Add, explore.Append, explore.Ensure} {
		base.Helper = "UpdateWithRetry"
		scenarios = append(scenarios, explore.Worlds(base, updateWithRetry(), explore.Writer{IDs: base.IDs, Edit: edit})...)
	}
	base.Helper = "UpdateWithRetry+WithoutLane"
	scenarios = append(scenarios, explore.Worlds(base, updateWithRetry(parts.WithoutLane()),
		explore.Writer{IDs: base.IDs, Edit: explore.Add})...)
	base.Helper, base.Forced = "ForceUpdate", true
	scenarios = append(scenarios, explore.Worlds(base, forceUpdate, explore.Writer{IDs: base.IDs, Edit: explore.Add})...)
	explore.Run(t, scenarios, explore.Within(os.Getenv("EXPLORE_DEPTH")))
}

func newClient(transport http.RoundTripper, random func() float64) (any, error) {
	return parts.NewClient(parts.WithHTTPClient(&http.Client{Transport: transport}), parts.WithRandom(random))
}

// build is the callback of a writer: what to add to a thing as it is.
func build(w explore.Writer) func(*parts.Thing) (parts.ThingUpdate, error) {
	return func(t *parts.Thing) (parts.ThingUpdate, error) {
		a := parts.Action{Action: "tag", Text: parts.Ptr(w.Tag())}
		switch {
		case w.Edit == explore.Add:
			a = parts.Action{Action: "add", Amount: parts.Ptr(w.Weight())}
		case w.Edit == explore.Ensure && t != nil && t.Info != nil && slices.Contains(t.Info.Tags, w.Tag()):
			return parts.ThingUpdate{}, parts.ErrSkip
		case w.Edit != explore.Ensure && w.Edit != explore.Append:
			return parts.ThingUpdate{}, fmt.Errorf("no edit %q", w.Edit)
		}
		return parts.ThingUpdate{Actions: []parts.Action{a}}, nil
	}
}

func updateWithRetry(more ...parts.CallOption) explore.Call {
	return func(ctx context.Context, client any, w explore.Writer) []explore.Result {
		var report parts.Report
		opts := append([]parts.CallOption{parts.WithReport(&report)}, more...)
		thing, err := client.(*parts.Client).Things.UpdateWithRetry(ctx, w.IDs[0], build(w), opts...)
		return []explore.Result{result(w.IDs[0], thing, err, report)}
	}
}

func forceUpdate(ctx context.Context, client any, w explore.Writer) []explore.Result {
	var report parts.Report
	request, err := build(w)(nil)
	if err != nil {
		return []explore.Result{{ID: w.IDs[0], Err: err}}
	}
	thing, err := client.(*parts.Client).Things.ForceUpdate(ctx, w.IDs[0], request, parts.WithReport(&report))
	return []explore.Result{result(w.IDs[0], thing, err, report)}
}

// result is what a helper said.
func result(id string, thing *parts.Thing, err error, report parts.Report) explore.Result {
	r := explore.Result{ID: id, Err: err, Ambiguous: errors.Is(err, parts.ErrAmbiguousWrite), Outcome: string(report.Outcome),
		Derived: explore.Derived(report)}
	if thing != nil {
		r.Resource, r.JSON = json.Marshal(thing)
	}
	return r
}
