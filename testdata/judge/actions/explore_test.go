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
		t.Fatal("EXPLORE_API names no API of package law: TestExplore of package generator makes the client, and runs this")
	}
	var scenarios []explore.Scenario
	if api.Merges {
		base := explore.Scenario{Helper: "MergeWithRetry", API: api, IDs: []string{"one"}, Client: newClient, Probe: updateWithRetry()}
		w := explore.Writer{IDs: base.IDs, Edit: explore.Add}
		explore.Run(t, explore.Worlds(base, mergeWithRetry, w), explore.Within(os.Getenv("EXPLORE_DEPTH")))
		return
	}
	base := explore.Scenario{API: api, IDs: []string{"one"}, Client: newClient, Probe: updateWithRetry()}
	for _, edit := range []explore.Edit{explore.Add, explore.Append, explore.Ensure} {
		base.Helper = "UpdateWithRetry"
		scenarios = append(scenarios, explore.Worlds(base, updateWithRetry(), explore.Writer{IDs: base.IDs, Edit: edit})...)
	}
	base.Helper = "UpdateWithRetry+OwnWrite"
	scenarios = append(scenarios, explore.WithoutTwins(explore.Worlds(base, updateAsked,
		explore.Writer{IDs: base.IDs, Edit: explore.Append}))...)
	base.Helper = "UpdateWithRetry+WithoutLane"
	scenarios = append(scenarios, explore.Worlds(base, updateWithRetry(actions.WithoutLane()),
		explore.Writer{IDs: base.IDs, Edit: explore.Add})...)
	base.Helper = "Update"
	scenarios = append(scenarios, explore.Worlds(base, update, explore.Writer{IDs: base.IDs, Edit: explore.Add, Plain: true})...)
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

// update is the call as it is, made on what was read just before.
func update(ctx context.Context, client any, w explore.Writer) []explore.Result {
	service, id := client.(*actions.Client).Things, w.IDs[0]
	thing, err := service.Get(ctx, id)
	if err != nil {
		return []explore.Result{{ID: id, Err: err}}
	}
	request, err := build(w)(thing)
	if err != nil {
		return []explore.Result{{ID: id, Err: err}}
	}
	request.Version = thing.Version
	thing, err = service.Update(ctx, id, request)
	r := result(id, thing, err, actions.Report{})
	r.Conflict = errors.Is(err, actions.ErrConflict)
	if err == nil {
		r.Outcome = "updated"
	}
	return []explore.Result{r}
}

// merger is what a client has whose API merges things.
type merger interface {
	MergeWithRetry(context.Context, string, func(*actions.Thing) (actions.ThingUpdate, error), ...actions.CallOption) (*actions.Thing, error)
}

// mergeWithRetry merges a source of the writer's own into the thing. Whether that took place shows in where its id leads to.
func mergeWithRetry(ctx context.Context, client any, w explore.Writer) []explore.Result {
	var report actions.Report
	thing, err := any(client.(*actions.Client).Things).(merger).MergeWithRetry(
		ctx,
		w.IDs[0],
		func(*actions.Thing) (request actions.ThingUpdate, err error) {
			return request, json.Unmarshal(fmt.Appendf(nil, `{"from":%q}`, w.Source()), &request)
		},
		actions.WithReport(&report),
	)
	return []explore.Result{result(w.IDs[0], thing, err, report)}
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
	r := explore.Result{ID: id, Err: err, Ambiguous: errors.Is(err, actions.ErrAmbiguousWrite), Outcome: string(report.Outcome),
		Derived: explore.Derived(report)}
	if thing != nil {
		r.Resource, r.JSON = json.Marshal(thing)
	}
	return r
}
