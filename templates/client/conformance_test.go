package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/contactsgen/contactsgen/testdata/conformance"
)

// Every case of the law, twins included: exactly these requests, with exactly these waits, and this outcome.
func TestConformance(t *testing.T) {
	for _, c := range conformanceCases(t) {
		t.Run(c.Name, func(t *testing.T) { conformance.Play(t, miniDriver, c) })
	}
}

// Whoever gives up, in whatever request or wait of every case, gets the call back at once, and nothing happens any more.
func TestGivingUpAnywhere(t *testing.T) {
	moments := 0
	for _, c := range conformanceCases(t) {
		t.Run(c.Name, func(t *testing.T) { moments += conformance.PlayGivingUp(t, miniDriver, c) })
	}
	t.Logf("given up in %d moments", moments)
}

func conformanceCases(t *testing.T) []conformance.Case {
	t.Helper()
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// miniDriver plays cases against clients of the runtime as it stands here.
var miniDriver = conformance.Driver{
	New: func(c conformance.Case, transport http.RoundTripper, random func() float64) (conformance.Client, error) {
		newAPI := miniAPIs[c.API]
		if newAPI == nil {
			return nil, fmt.Errorf("no API %q", c.API)
		}
		m, err := newMiniClient(newAPI(),
			WithHTTPClient(&http.Client{Transport: transport}), WithRandom(random), WithTimeout(conformance.Timeout))
		if err == nil && c.Budget != nil {
			m.core.budget.left = *c.Budget
		}
		return m, err
	},
	DefaultWait: time.Second,
	Errors:      errorsNamed,
	Failure: func(err error) (conformance.Failure, bool) {
		var e *UpdateError
		if !errors.As(err, &e) {
			return conformance.Failure{}, false
		}
		return conformance.Failure{
			Op: e.Op, Cause: string(e.Cause), Path: e.Path, Sent: e.Sent, Key: e.Key,
			Writes: e.Writes, Reads: e.Reads, Conflicts: e.Conflicts,
		}, true
	},
	Paths: func(err error) (paths []string) {
		if merge := (*MergeConflictError)(nil); errors.As(err, &merge) {
			for _, c := range merge.Paths {
				paths = append(paths, c.Path)
			}
		}
		return paths
	},
}

// Copy is the caller's copy.
func (m *miniClient) Copy(c conformance.Call, header http.Header, body []byte) (any, error) {
	copied, err := decodeResult[miniContact](m.core, m.api.trait.read, &response{status: 200, header: header, body: body})
	if err != nil {
		return nil, err
	}
	if c.Handmade {
		copied.snapshot = snapshot{}
	}
	if c.Edited {
		copied.Info.JobTitle = Ptr("edited")
	}
	return copied, nil
}

// Call makes the call of a case.
func (m *miniClient) Call(ctx context.Context, c conformance.Call, copied any, runs *int) conformance.Result {
	var report Report
	opts := append(callOptionsNamed(c.Options), WithReport(&report))
	own, _ := copied.(*miniContact)
	got, err := m.call(ctx, c, own, runs, opts)
	r := conformance.Result{Err: err, Report: miniReport(report)}
	if got != nil {
		r.ID, r.Info = got.ID, got.Info
	}
	return r
}

func miniReport(r Report) conformance.Report {
	return conformance.Report{
		Outcome: string(r.Outcome), Revision: r.Revision, RevisionKnown: r.RevisionKnown,
		Writes: r.Writes, Reads: r.Reads, Conflicts: r.Conflicts, StaleReads: r.StaleReads,
		SuspectConflicts: r.SuspectConflicts, Assumed: r.Assumed, Derived: r.Derived,
	}
}

// callOptionsNamed are the options that cases name.
func callOptionsNamed(names []string) []CallOption {
	var opts []CallOption
	for _, name := range names {
		name, value, _ := strings.Cut(name, "=")
		switch name {
		case "Idempotent":
			opts = append(opts, Idempotent())
		case "TrustNoop":
			opts = append(opts, TrustNoop())
		case "FollowMerged":
			opts = append(opts, FollowMerged())
		case "ReadBack":
			opts = append(opts, ReadBack())
		case "DoubtConflicts":
			opts = append(opts, DoubtConflicts())
		case "SkipIfEqual":
			opts = append(opts, SkipIfEqual())
		case "WithoutLane":
			opts = append(opts, WithoutLane())
		case "WithMaxAttempts":
			n, err := strconv.Atoi(value)
			if err != nil {
				panic(err)
			}
			opts = append(opts, WithMaxAttempts(n))
		case "WithConcurrency":
			n, err := strconv.Atoi(value)
			if err != nil {
				panic(err)
			}
			opts = append(opts, WithConcurrency(n))
		case "WithMaxElapsed":
			d, err := time.ParseDuration(value)
			if err != nil {
				panic(err)
			}
			opts = append(opts, WithMaxElapsed(d))
		case "OwnWrite":
			answer := map[string]Ownership{"yes": Yes, "no": No}[value]
			opts = append(opts, WithHooks(Hooks{
				OwnWrite: func(context.Context, json.RawMessage, json.RawMessage) Ownership { return answer },
			}))
		case "Abort":
			opts = append(opts, WithHooks(Hooks{OnConflict: func(context.Context, ConflictInfo) Decision { return Abort }}))
		default:
			panic("no option " + name)
		}
	}
	return opts
}

// errorsNamed are the errors that cases name.
var errorsNamed = map[string]error{
	"conflict": ErrConflict, "stalled": ErrStalledConflict, "stale": ErrStaleRead, "ambiguous": ErrAmbiguousWrite,
	"gone": ErrGone, "identity": ErrIdentity, "missing": ErrMissingRevision, "contract": ErrContract,
	"mutate": ErrMutate, "budget": ErrBudget, "exists": ErrAlreadyExists, "notfound": ErrNotFound,
	"ratelimited": ErrRateLimited, "precondition": ErrPrecondition, "canceled": context.Canceled,
	"deadline": context.DeadlineExceeded, "user": errUser,
}
