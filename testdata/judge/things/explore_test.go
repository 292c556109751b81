package things_test

import (
	"net/http"
	"os"
	"testing"

	"github.com/contactsgen/contactsgen/testdata/judge/explore"
	"github.com/contactsgen/contactsgen/testdata/judge/law"
	"github.com/contactsgen/contactsgen/testdata/judge/things"
)

// Whatever the network, the server and rivals do, no update is lost, none is made twice, and nothing untrue is said about any.
func TestExplore(t *testing.T) {
	api, ok := law.ByName(os.Getenv("EXPLORE_API"))
	if !ok {
		t.Fatal("EXPLORE_API names no API of package law: TestExplore of package generator makes the client, and runs this")
	}
	explore.Run(t, scenarios(api), explore.Within(os.Getenv("EXPLORE_DEPTH")))
}

// One resource, and two.
var (
	one  = []string{"one"}
	many = []string{"one", "two"}
)

func scenarios(api law.API) (out []explore.Scenario) {
	forced := worlds(api, "ForceUpdate", forceUpdate, explore.Writer{IDs: one, Edit: explore.Force}, nil)
	if api.Escape != law.NoEscape {
		return forced // only those writes are others than elsewhere
	}
	retry, edits := updateWithRetry(), []explore.Edit{explore.Add, explore.Ensure, explore.Set, explore.Append}
	if api.Order == "content" {
		edits = edits[:3]
	}
	if api.Told {
		return ofItems(api)
	}
	if api.Union {
		return ofUnions(api)
	}
	for _, edit := range edits {
		out = append(out, worlds(api, "UpdateWithRetry", retry, explore.Writer{IDs: one, Edit: edit}, nil)...)
	}
	out = append(out, plain(api)...)
	if api.Order == "content" {
		copied := explore.Writer{IDs: one, Edit: explore.Add, Copy: true}
		return append(append(out, worlds(api, "UpdateFrom", updateFrom, copied, nil)...), forced...)
	}
	out = append(out, worlds(api, "UpdateWithRetry+Idempotent", retry, explore.Writer{IDs: one, Edit: explore.Ensure, Idempotent: true},
		nil)...)
	out = append(out, worlds(api, "UpdateWithRetry+WithoutLane", updateWithRetry(things.WithoutLane()),
		explore.Writer{IDs: one, Edit: explore.Add}, nil)...)
	out = append(out, explore.WithoutTwins(worlds(api, "UpdateWithRetry+OwnWrite", updateAsked, explore.Writer{IDs: one, Edit: explore.Append},
		nil))...)
	for _, edit := range []explore.Edit{explore.Add, explore.Set} {
		out = append(out, worlds(api, "UpdateFrom", updateFrom, explore.Writer{IDs: one, Edit: edit, Copy: true}, nil)...)
		out = append(out, worlds(api, "UpdateThreeWay", updateThreeWay, explore.Writer{IDs: one, Edit: edit, Copy: true, Declares: true}, nil)...)
		out = append(out, worlds(api, "UpdateEach", updateEach, explore.Writer{IDs: one, Edit: edit}, nil)...)
	}
	out = append(out, forced...)
	for _, sc := range worlds(api, "UpdateEach+many", updateEach, explore.Writer{IDs: many, Edit: explore.Append}, nil) {
		sc.IDs = many
		out = append(out, sc)
	}
	combining := []things.ClientOption{things.WithCombining()}
	for _, edit := range []explore.Edit{explore.Add, explore.Set} {
		out = append(out, worlds(api, "combining", retry, explore.Writer{IDs: one, Edit: edit}, combining)...)
	}
	if api.Bulk {
		for _, edit := range []explore.Edit{explore.Add, explore.Ensure} {
			out = append(out, worlds(api, "BulkUpdateWithRetry", bulkUpdate, explore.Writer{IDs: one, Edit: edit}, nil)...)
		}
	}
	return out
}

// plain are the scenarios of the call as it is, where a request has its version in the body or in the header for that.
func plain(api law.API) (out []explore.Scenario) {
	if api.Reply != law.Whole || api.Next || api.Payload == law.Fields {
		return nil
	}
	for _, edit := range []explore.Edit{explore.Add, explore.Set} {
		w := explore.Writer{IDs: one, Edit: edit, Plain: true, Whole: api.Payload == law.Replace}
		out = append(out, worlds(api, "Update", update, w, nil)...)
	}
	return out
}

// worlds are the scenarios of one call: two writers and three, in one process and in several, some of them rivals.
func worlds(api law.API, helper string, call explore.Call, w explore.Writer, opts []things.ClientOption) []explore.Scenario {
	base := explore.Scenario{
		Helper: helper, API: api, IDs: one, Probe: updateWithRetry(),
		Client: func(transport http.RoundTripper, random func() float64) (any, error) {
			return newClient(transport, random, opts...)
		},
	}
	base.Combining = len(opts) > 0
	if helper == "UpdateWithRetry" {
		base.Lanes = 1
	}
	if w.Copy {
		base.Reads = reads
	}
	return explore.Worlds(base, call, w)
}
