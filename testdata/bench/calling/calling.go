// Package calling measures the clients: what a call costs beside the server.
package calling

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"runtime"
	"time"

	"github.com/contactsgen/contactsgen/testdata/bench/calling/calls"
	"github.com/contactsgen/contactsgen/testdata/bench/calling/ogen"
	"github.com/contactsgen/contactsgen/testdata/bench/calling/plain"
	"github.com/contactsgen/contactsgen/testdata/bench/calling/stock"
	"github.com/contactsgen/contactsgen/testdata/bench/gen/calling/reflecting"
	"github.com/contactsgen/contactsgen/testdata/bench/measure"
	"github.com/contactsgen/contactsgen/testdata/bench/profile"
	"github.com/contactsgen/contactsgen/testdata/bench/report"
)

// makers make the clients that are compared: ours, in its variants, and those of others.
var makers = []calls.Maker{plain.New, reflecting.New, stock.New, ogen.New}

// kind is one of the calls.
type kind struct {
	name string
	of   func(*calls.Client) func(context.Context) error
}

var kinds = []kind{
	{"get", func(c *calls.Client) func(context.Context) error { return c.Get }},
	{"update", func(c *calls.Client) func(context.Context) error { return c.Update }},
	{"error answer", func(c *calls.Client) func(context.Context) error { return c.Fail }},
	{listed, func(c *calls.Client) func(context.Context) error { return c.List }},
}

const listed = "list of 1,000"

// goal is what the time and the allocations of a call may be of those of oapi-codegen's client.
const goal = 0.8

// Run measures the section.
func Run(ctx context.Context, rounds int) (*report.Section, error) {
	server, err := calls.NewServer()
	if err != nil {
		return nil, err
	}
	listening := httptest.NewServer(server)
	defer listening.Close()
	s := &report.Section{
		Name:  "calling",
		Title: "Calling",
		Intro: "One call, from the typed request to the typed answer, on the same description: in memory, where the answer costs nothing, and " +
			"over HTTP on this " +
			"machine, where the server and the network take most of the time of a small call. Allocations are counted in memory. " +
			"\"encoding/json\" is our client made without the feature codec. The answer to each call is what the fake says of contacts with two " +
			"emails, a phone, an address and extended fields.",
	}
	inMemory, err := clients("http://127.0.0.1", &http.Client{Transport: server})
	if err != nil {
		return nil, err
	}
	overHTTP, err := clients(listening.URL, listening.Client())
	if err != nil {
		return nil, err
	}
	if err := times(ctx, s, "memory", "In memory", inMemory, rounds); err != nil {
		return nil, err
	}
	if err := alone(ctx, s, server, inMemory, rounds); err != nil {
		return nil, err
	}
	if err := allocations(ctx, s, inMemory); err != nil {
		return nil, err
	}
	if err := times(ctx, s, "loopback", "Over HTTP on loopback", overHTTP, rounds); err != nil {
		return nil, err
	}
	return s, transport(ctx, s, listening.URL, listening.Client(), overHTTP, rounds)
}

func clients(base string, h *http.Client) ([]*calls.Client, error) {
	var all []*calls.Client
	var errs []error
	for _, m := range makers {
		c, err := m(base, h)
		all, errs = append(all, c), append(errs, err)
	}
	return all, errors.Join(errs...)
}

// times compares how long the calls take.
func times(ctx context.Context, s *report.Section, name, title string, all []*calls.Client, rounds int) error {
	table := report.Table{Title: title, Head: []string{"call"}}
	plot := report.Plot{Name: "calling-" + name, Title: "Calling, " + name + ": time of a call, relative to oapi-codegen", Mark: 1, Unit: "×"}
	for _, c := range all {
		table.Head = append(table.Head, c.Name)
		plot.Series = append(plot.Series, report.Series{Name: c.Name})
	}
	table.Head = append(table.Head, "ours / oapi-codegen", "ours / ogen")
	for _, k := range kinds {
		samples, err := k.measure(ctx, all, rounds)
		if err != nil {
			return err
		}
		row := []string{k.name}
		for i, c := range all {
			row = append(row, report.Seconds(samples.Of(c.Name).Median))
			plot.Series[i].Values = append(plot.Series[i].Values, samples.Ratio(c.Name, stock.Name).Median)
		}
		vs := samples.Ratio(plain.Name, stock.Name)
		table.Rows = append(table.Rows, append(row, report.Times(vs), report.Times(samples.Ratio(plain.Name, ogen.Name))))
		plot.Labels = append(plot.Labels, k.name)
		ours := report.AtMost(fmt.Sprintf("time of %s in %s, against oapi-codegen", k.name, name), goal, vs)
		g := report.AtMost(
			fmt.Sprintf("time of %s in %s with encoding/json, against oapi-codegen", k.name, name),
			goal,
			samples.Ratio(reflecting.Name, stock.Name),
		)
		if name == "memory" && k.name == listed {
			ours.Headline = fmt.Sprintf("Reading a list of 1,000 contacts takes %.2f× the time of oapi-codegen's client, and %.2f× that of ogen's",
				vs.Median, samples.Ratio(plain.Name, ogen.Name).Median)
		}
		stretch := report.AtMost(fmt.Sprintf("time of %s in %s, against ogen (stretch)", k.name, name), 1, samples.Ratio(plain.Name, ogen.Name))
		s.Goals = append(s.Goals, ours, g, stretch)
		for i, g := range []report.Goal{ours, g} {
			if g.Reached {
				continue
			}
			p, err := profile.Of(ctx, g.Text, k.of(all[i]))
			if err != nil {
				return err
			}
			s.Profiles = append(s.Profiles, p)
		}
	}
	s.Tables = append(s.Tables, table)
	s.Plots = append(s.Plots, plot)
	return nil
}

// Calls are short: there are several times as many rounds as elsewhere, and sample is how long one contestant calls in one of them.
const (
	often  = 7
	sample = 50 * time.Millisecond
)

// repeated does something over and over, and gives the seconds that it takes.
func repeated(name string, do func() error) measure.Contestant {
	return measure.Contestant{Name: name, Run: func() (float64, error) {
		n, started := 0, time.Now()
		for time.Since(started) < sample || n == 0 {
			if err := do(); err != nil {
				return 0, err
			}
			n++
		}
		return time.Since(started).Seconds() / float64(n), nil
	}}
}

func (k kind) measure(ctx context.Context, all []*calls.Client, rounds int) (measure.Samples, error) {
	var contestants []measure.Contestant
	for _, c := range all {
		do := k.of(c)
		contestants = append(contestants, repeated(c.Name, func() error { return do(ctx) }))
	}
	samples, err := measure.Rounds(often*rounds, contestants...)
	if err != nil {
		err = fmt.Errorf("%s: %w", k.name, err)
	}
	return samples, err
}

// Allocated is how much a call allocates.
type Allocated struct{ Times, Bytes float64 }

// allocated counts, which is the same in every run but for pools that happen to be empty.
func (k kind) allocated(ctx context.Context, c *calls.Client) (Allocated, error) {
	const n = 200
	do := k.of(c)
	if err := do(ctx); err != nil {
		return Allocated{}, err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range n {
		if err := do(ctx); err != nil {
			return Allocated{}, err
		}
	}
	runtime.ReadMemStats(&after)
	return Allocated{math.Round(float64(after.Mallocs-before.Mallocs) / n), float64(after.TotalAlloc-before.TotalAlloc) / n}, nil
}

// allocations compares what the calls allocate.
func allocations(ctx context.Context, s *report.Section, all []*calls.Client) error {
	table := report.Table{Title: "Allocations", Head: []string{"call"}}
	for _, c := range all {
		table.Head = append(table.Head, c.Name, "bytes")
	}
	table.Head = append(table.Head, "ours / oapi-codegen", "ours / ogen")
	for _, k := range kinds {
		counts := map[string]Allocated{}
		row := []string{k.name}
		for _, c := range all {
			a, err := k.allocated(ctx, c)
			if err != nil {
				return err
			}
			counts[c.Name] = a
			row = append(row, fmt.Sprintf("%.0f", a.Times), report.Bytes(a.Bytes))
		}
		table.Rows = append(table.Rows, append(row, fmt.Sprintf("%.2f×", counts[plain.Name].Times/counts[stock.Name].Times),
			fmt.Sprintf("%.2f×", counts[plain.Name].Times/counts[ogen.Name].Times)))
		vs := counts[reflecting.Name].Times / counts[stock.Name].Times
		g := report.AtMost(
			fmt.Sprintf("allocations of %s with encoding/json, against oapi-codegen", k.name),
			goal,
			measure.Spread{Median: vs, Min: vs, Max: vs},
		)
		g.Got = fmt.Sprintf("%.2f×", vs)
		s.Goals = append(s.Goals, g)
	}
	s.Tables = append(s.Tables, table)
	return nil
}
