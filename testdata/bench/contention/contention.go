// Package contention measures what happens when many write one thing at once, over real connections.
package contention

import (
	"context"
	"fmt"
	"slices"

	"github.com/contactsgen/contactsgen/testdata/bench/measure"
	"github.com/contactsgen/contactsgen/testdata/bench/report"
)

// writers are how many write at once.
var writers = []int{1, 2, 8, 64}

// limits are how many requests a success may take when all write at once.
var limits = map[string]float64{lane: 1.05, combined: 0.1}

// Run measures the section.
func Run(ctx context.Context, rounds int) (*report.Section, error) {
	s := &report.Section{
		Name:  "contention",
		Title: "Contention",
		Intro: "N writers increment a counter in one contact once each, over HTTP, 20 ms there and back. \"lane\" is UpdateWithRetry of one " +
			"client, as in one " +
			"process, and \"combining\" the same with WithCombining; \"no lane\" the same of N clients, as in N processes; \"RetryOnConflict\" " +
			"the loop of k8s.io/client-go v0.37.2 with its defaults, and " +
			"\"no backoff\" one that never waits. A run in which the counter is not the number of successes ends the benchmark. The same on a " +
			"virtual clock, " +
			"with more writers: [contention](contention.md).",
	}
	if err := oneKey(ctx, s, rounds); err != nil {
		return nil, err
	}
	return s, manyKeys(ctx, s, rounds)
}

// oneKey has ever more writers meet.
func oneKey(ctx context.Context, s *report.Section, rounds int) error {
	table := report.Table{Head: []string{"writers and policy", "requests per success", "(fewest–most)", "writers who failed",
		"time until all were done"}}
	plot := report.Plot{Name: "contention", Title: "Requests for each update that got through", Unit: "requests (log)",
		Across: "writers of one contact at once", Log: true}
	for range policies {
		plot.Series = append(plot.Series, report.Series{})
	}
	lost := map[string]float64{}
	for _, n := range writers {
		plot.X = append(plot.X, float64(n))
		outcomes, err := compare(ctx, n, rounds)
		if err != nil {
			return err
		}
		for i, p := range policies {
			o := outcomes[p.name]
			r := o.Of(perSuccess)
			plot.Series[i].Name = p.name
			plot.Series[i].Values = append(plot.Series[i].Values, r.Median)
			lost[p.name] = o.Of(failed).Median
			table.Rows = append(table.Rows, []string{fmt.Sprintf("%d, %s", n, p.name), fmt.Sprintf("%.2f", r.Median),
				fmt.Sprintf("%.2f–%.2f", r.Min, r.Max),
				fmt.Sprintf("%.0f %%", 100*o.Of(failed).Median), report.Seconds(o.Of(seconds).Median)})
			if limit, ok := limits[p.name]; ok && n == slices.Max(writers) {
				s.Goals = append(s.Goals, report.Goal{Text: fmt.Sprintf("requests per success with %s, %d writers", p.name, n),
					Want: fmt.Sprintf("≤ %.2f", limit),
					Got:  fmt.Sprintf("%.2f", r.Median), Reached: r.Median <= limit})
			}
		}
	}
	s.Goals = append(s.Goals, report.Goal{
		Text: fmt.Sprintf("writers who fail of %d, no lane against RetryOnConflict", slices.Max(writers)), Want: "nobody against most",
		Got: fmt.Sprintf("%.0f %% against %.0f %%", 100*lost[noLane], 100*lost[retryLoop]), Reached: lost[noLane] == 0 && lost[retryLoop] > 0.5,
		Headline: fmt.Sprintf("Of %d processes that update one contact at once, %.0f %% fail with `UpdateWithRetry` and %.0f %% with "+
			"client-go's `RetryOnConflict`",
			slices.Max(writers), 100*lost[noLane], 100*lost[retryLoop]),
	})
	plot.Headline = true
	s.Tables = append(s.Tables, table)
	s.Plots = append(s.Plots, plot)
	return nil
}

// The parts of an outcome, as samples.
const (
	perSuccess = "requests per success"
	failed     = "failed"
	seconds    = "seconds"
)

// compare runs all policies in turn.
func compare(ctx context.Context, n, rounds int) (map[string]measure.Samples, error) {
	outcomes := map[string]measure.Samples{}
	for range rounds {
		for _, p := range policies {
			o, err := contend(ctx, p, n)
			if err != nil {
				return nil, fmt.Errorf("%d writers, %s: %w", n, p.name, err)
			}
			if outcomes[p.name] == nil {
				outcomes[p.name] = measure.Samples{}
			}
			for part, v := range map[string]float64{perSuccess: o.perSuccess, failed: o.failed, seconds: o.seconds} {
				outcomes[p.name][part] = append(outcomes[p.name][part], v)
			}
		}
	}
	return outcomes, nil
}
