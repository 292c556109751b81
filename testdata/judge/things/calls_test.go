// Package things_test plays the helpers of a client of things for the explorer. The client is generated beside it, of the API that
// EXPLORE_API names, by the test that runs this one.
package things_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/testdata/judge/explore"
	"github.com/contactsgen/contactsgen/testdata/judge/things"
)

func newClient(transport http.RoundTripper, random func() float64, opts ...things.ClientOption) (any, error) {
	client, err := things.NewClient(append(opts, things.WithHTTPClient(&http.Client{Transport: transport}), things.WithRandom(random))...)
	return &process{Client: client}, err
}

// process is a client, and the copies that its callers begin with.
type process struct {
	*things.Client
	copies map[string]*things.Thing
}

// reads makes the copies.
func reads(ctx context.Context, client any, ids []string) error {
	p := client.(*process)
	p.copies = map[string]*things.Thing{}
	for _, id := range ids {
		thing, err := p.Things.Get(ctx, id)
		if err != nil {
			return err
		}
		p.copies[id] = thing
	}
	return nil
}

// edit is the callback of a writer.
func edit(w explore.Writer) func(*things.Thing) error {
	return func(t *things.Thing) error {
		if t.Info == nil {
			t.Info = &things.Info{}
		}
		switch w.Edit {
		case explore.Add:
			var count int64
			if t.Info.Count != nil {
				count = *t.Info.Count
			}
			t.Info.Count = things.Ptr(count + w.Weight())
		case explore.Append:
			t.Info.Tags = append(t.Info.Tags, w.Tag())
		case explore.Ensure:
			if !slices.ContainsFunc(t.Info.Tags, func(tag string) bool { return strings.EqualFold(tag, w.Tag()) }) {
				t.Info.Tags = append(t.Info.Tags, w.Tag())
			}
		case explore.Set:
			set(t.Info, w)
		case explore.Shape:
			return reshape(t.Info, w)
		default:
			return fmt.Errorf("no edit %q", w.Edit)
		}
		return nil
	}
}

func set(info *things.Info, w explore.Writer) {
	switch w.Letter() {
	case "a":
		info.A = things.Ptr(w.Text())
	case "b":
		info.B = things.Ptr(w.Text())
	default:
		info.C = things.Ptr(w.Text())
	}
}

// options are those of a writer's call.
func options(w explore.Writer, report *things.Report, more ...things.CallOption) []things.CallOption {
	if report != nil {
		more = append(more, things.WithReport(report))
	}
	if w.Idempotent {
		more = append(more, things.Idempotent())
	}
	return more
}

// result is what a helper said.
func result(id string, thing *things.Thing, err error, report things.Report) explore.Result {
	r := explore.Result{ID: id, Err: err, Ambiguous: errors.Is(err, things.ErrAmbiguousWrite), Outcome: string(report.Outcome),
		Derived: explore.Derived(report)}
	if thing != nil {
		r.Resource, r.JSON = json.Marshal(thing)
	}
	return r
}

// The helpers, one call of each.

func updateWithRetry(more ...things.CallOption) explore.Call {
	return func(ctx context.Context, client any, w explore.Writer) []explore.Result {
		var report things.Report
		thing, err := client.(*process).Things.UpdateWithRetry(ctx, w.IDs[0], edit(w), options(w, &report, more...)...)
		return []explore.Result{result(w.IDs[0], thing, err, report)}
	}
}

// updateAsked has a hook that knows the writer's own tag when it sees it.
func updateAsked(ctx context.Context, client any, w explore.Writer) []explore.Result {
	knows := func(_ context.Context, _, current json.RawMessage) things.Ownership {
		var now things.Thing
		if json.Unmarshal(current, &now) == nil && now.Info != nil && slices.ContainsFunc(now.Info.Tags, func(tag string) bool {
			return strings.EqualFold(tag, w.Tag())
		}) {
			return things.Yes
		}
		return things.Unknown
	}
	return updateWithRetry(things.WithHooks(things.Hooks{OwnWrite: knows}))(ctx, client, w)
}

// update is the call as it is, made on what was read just before.
func update(ctx context.Context, client any, w explore.Writer) []explore.Result {
	p, id := client.(*process), w.IDs[0]
	var read things.Response
	thing, err := p.Things.Get(ctx, id, things.WithResponse(&read))
	if err != nil {
		return []explore.Result{{ID: id, Err: err}}
	}
	request, err := requestOf(thing, w)
	if err != nil {
		return []explore.Result{{ID: id, Err: err}}
	}
	var opts []things.CallOption
	if tag := read.Header.Get("ETag"); tag != "" {
		opts = append(opts, things.WithHeader("If-Match", tag))
	}
	thing, err = any(p.Things).(updater).Update(ctx, id, request, opts...)
	r := result(id, thing, err, things.Report{})
	r.Conflict = errors.Is(err, things.ErrConflict)
	if err == nil {
		r.Outcome = "updated"
	}
	return []explore.Result{r}
}

// updater is what a client has whose API answers a write with the resource.
type updater interface {
	Update(ctx context.Context, id string, request things.ThingUpdate, opts ...things.CallOption) (*things.Thing, error)
}

// requestOf is the request that changes a thing: what has changed of it, and all else, too, where a write replaces all.
func requestOf(thing *things.Thing, w explore.Writer) (request things.ThingUpdate, err error) {
	doc, err := json.Marshal(thing)
	if err != nil {
		return request, err
	}
	if err := json.Unmarshal(doc, &request); err != nil { // the version, where a request has one
		return request, err
	}
	changed := *thing
	changed.Info = copied(thing.Info)
	if err := edit(w)(&changed); err != nil {
		return request, err
	}
	if request.Info = changed.Info; w.Whole {
		return request, nil
	}
	request.Info = &things.Info{}
	switch w.Edit {
	case explore.Add:
		request.Info.Count = changed.Info.Count
	case explore.Set:
		set(request.Info, w)
	default:
		request.Info.Tags = changed.Info.Tags
	}
	return request, nil
}

func updateFrom(ctx context.Context, client any, w explore.Writer) []explore.Result {
	var report things.Report
	p := client.(*process)
	thing, err := p.Things.UpdateFrom(ctx, p.copies[w.IDs[0]], edit(w), options(w, &report)...)
	return []explore.Result{result(w.IDs[0], thing, err, report)}
}

func updateThreeWay(ctx context.Context, client any, w explore.Writer) []explore.Result {
	var report things.Report
	p := client.(*process)
	base := p.copies[w.IDs[0]]
	desired := *base
	desired.Info = copied(base.Info)
	if err := edit(w)(&desired); err != nil {
		return []explore.Result{{ID: w.IDs[0], Err: err}}
	}
	thing, err := p.Things.UpdateThreeWay(ctx, base, &desired, nil, options(w, &report)...)
	return []explore.Result{result(w.IDs[0], thing, err, report)}
}

// copied copies a payload, what its pointers lead to included.
func copied(info *things.Info) *things.Info {
	doc, err := json.Marshal(info)
	if err != nil {
		panic(err) // it was read as JSON
	}
	var out things.Info
	if err := json.Unmarshal(doc, &out); err != nil {
		panic(err)
	}
	return &out
}

func forceUpdate(ctx context.Context, client any, w explore.Writer) []explore.Result {
	var report things.Report
	var payload things.Info
	set(&payload, w)
	thing, err := client.(*process).Things.ForceUpdate(ctx, w.IDs[0], payload, options(w, &report)...)
	return []explore.Result{result(w.IDs[0], thing, err, report)}
}

func updateEach(ctx context.Context, client any, w explore.Writer) []explore.Result {
	return collect(client.(*process).Things.UpdateEach(ctx, slices.Values(w.IDs), edit(w), options(w, nil, things.WithConcurrency(1))...))
}

// bulkUpdater is what a client has whose API writes many things in one request.
type bulkUpdater interface {
	BulkUpdateWithRetry(context.Context, iter.Seq[string], func(*things.Thing) error, ...things.CallOption) iter.Seq2[things.BulkItem[string,
		things.Thing], error]
}

func bulkUpdate(ctx context.Context, client any, w explore.Writer) []explore.Result {
	return collect(any(client.(*process).Things).(bulkUpdater).BulkUpdateWithRetry(ctx, slices.Values(w.IDs), edit(w), options(w, nil)...))
}

func collect(items iter.Seq2[things.BulkItem[string, things.Thing], error]) (out []explore.Result) {
	for item, err := range items {
		out = append(out, result(item.Key, item.Value, err, item.Report))
	}
	return out
}
