// Package actions_test plays the helpers of an action for the explorer: a write that is no state but a list of things to do. The client is
// generated beside it by the test that runs this one.
package actions_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/contactsgen/contactsgen/testdata/judge/actions"
	"github.com/contactsgen/contactsgen/testdata/judge/explore"
	"github.com/contactsgen/contactsgen/testdata/judge/law"
)

// An action is done once, or not at all, whatever happens, and nothing untrue is said about it.
func TestExplore(t *testing.T) {
	api, ok := law.ByName(os.Getenv("EXPLORE_API"))
	if !ok {
		t.Skip("run by TestExplore of package generator, which makes the client")
	}
	var scenarios []explore.Scenario
	base := explore.Scenario{API: api, IDs: []string{"one"}, Client: newClient, Probe: updateWithRetry()}
	for _, edit := range []explore.Edit{explore.Add, explore.Append, explore.Ensure} {
		base.Helper = "UpdateWithRetry"
		scenarios = append(scenarios, explore.Worlds(base, updateWithRetry(), explore.Writer{IDs: base.IDs, Edit: edit})...)
	}
	base.Helper = "UpdateWithRetry+OwnWrite"
	scenarios = append(scenarios, explore.WithoutTwins(explore.Worlds(base, updateAsked, explore.Writer{IDs: base.IDs, Edit: explore.Append}))...)
	base.Helper = "UpdateWithRetry+WithoutLane"
	scenarios = append(scenarios, explore.Worlds(base, updateWithRetry(actions.WithoutLane()), explore.Writer{IDs: base.IDs, Edit: explore.Add})...)
	base.Helper, base.Forced = "ForceUpdate", true
	scenarios = append(scenarios, explore.Worlds(base, forceUpdate, explore.Writer{IDs: base.IDs, Edit: explore.Add})...)
	explore.Run(t, scenarios, explore.Within(os.Getenv("EXPLORE_DEPTH")))
}

func newClient(transport http.RoundTripper, random func() float64) (any, error) {
	return actions.NewClient(actions.WithHTTPClient(&http.Client{Transport: transport}), actions.WithRandom(random))
}

// build is the callback of a writer: what to do about a thing as it is.
func build(w explore.Writer) func(*actions.Thing) (actions.ThingUpdate, error) {
	return func(t *actions.Thing) (actions.ThingUpdate, error) {
		var a actions.Action
		switch w.Edit {
		case explore.Add:
			a = actions.Action{Action: "add", Amount: actions.Ptr(w.Weight())}
		case explore.Ensure:
			if t != nil && t.Info != nil && slices.Contains(t.Info.Tags, w.Tag()) {
				return actions.ThingUpdate{}, actions.ErrSkip
			}
			a = actions.Action{Action: "tag", Text: actions.Ptr(w.Tag())}
		case explore.Append:
			a = actions.Action{Action: "tag", Text: actions.Ptr(w.Tag())}
		default:
			return actions.ThingUpdate{}, fmt.Errorf("no edit %q", w.Edit)
		}
		return actions.ThingUpdate{Actions: []actions.Action{a}}, nil
	}
}

func updateWithRetry(more ...actions.CallOption) explore.Call {
	return func(ctx context.Context, client any, w explore.Writer) []explore.Result {
		var report actions.Report
		opts := append([]actions.CallOption{actions.WithReport(&report)}, more...)
		thing, err := client.(*actions.Client).Things.UpdateWithRetry(ctx, w.IDs[0], build(w), opts...)
		return []explore.Result{result(w.IDs[0], thing, err, report)}
	}
}

// updateAsked has a hook that knows the writer's own tag when it sees it.
func updateAsked(ctx context.Context, client any, w explore.Writer) []explore.Result {
	knows := func(_ context.Context, _, current json.RawMessage) actions.Ownership {
		var now actions.Thing
		if json.Unmarshal(current, &now) == nil && now.Info != nil && slices.Contains(now.Info.Tags, w.Tag()) {
			return actions.Yes
		}
		return actions.Unknown
	}
	return updateWithRetry(actions.WithHooks(actions.Hooks{OwnWrite: knows}))(ctx, client, w)
}

func forceUpdate(ctx context.Context, client any, w explore.Writer) []explore.Result {
	var report actions.Report
	request, err := build(w)(nil)
	if err != nil {
		return []explore.Result{{ID: w.IDs[0], Err: err}}
	}
	thing, err := client.(*actions.Client).Things.ForceUpdate(ctx, w.IDs[0], request, actions.WithReport(&report))
	return []explore.Result{result(w.IDs[0], thing, err, report)}
}

// result is what a helper said.
func result(id string, thing *actions.Thing, err error, report actions.Report) explore.Result {
	r := explore.Result{ID: id, Err: err, Ambiguous: errors.Is(err, actions.ErrAmbiguousWrite), Outcome: string(report.Outcome), Derived: explore.Derived(report)}
	if thing != nil {
		r.Resource, r.JSON = json.Marshal(thing)
	}
	return r
}
