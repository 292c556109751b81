// Package generating measures the commands: how long the whole process takes, from a description to files.
package generating

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/contactsgen/contactsgen/testdata/bench/measure"
	"github.com/contactsgen/contactsgen/testdata/bench/peers"
	"github.com/contactsgen/contactsgen/testdata/bench/report"
)

// copies of Contacts V4 make 3 MB.
const copies = 20

// The contestants.
const (
	ours    = "contactsgen"
	oapi    = "oapi-codegen"
	ogen    = "ogen"
	checked = "contactsgen --typecheck"
)

// description is one that all of them read.
type description struct {
	title, file string
	size        int
}

// Run measures the section.
func Run(ctx context.Context, rounds int) (*report.Section, error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	s := &report.Section{
		Name:  "generating",
		Title: "Generating",
		Intro: "The time from starting the command to its end, in seconds. Ours writes models, client, helpers, iterators, waiters and " +
			"the fake; " +
			"oapi-codegen v2.8.2 models and client; ogen v1.24.0 models and client, without its server. The 3 MB are Contacts V4 " +
			"twenty times over, with every name made unique, which all three accept.",
	}
	if err := compare(ctx, s, dir, rounds); err != nil {
		return nil, err
	}
	if err := growth(ctx, s, dir, rounds); err != nil {
		return nil, err
	}
	return s, nil
}

// compare runs all commands on small, real and large.
func compare(ctx context.Context, s *report.Section, dir string, rounds int) error {
	large, err := multiplied(dir, copies)
	if err != nil {
		return err
	}
	table := report.Table{Head: []string{"description", ours, oapi, ogen, "ours / oapi-codegen", "ours / ogen", checked}}
	plot := report.Plot{Name: "generating", Title: "Generating: seconds per run, relative to oapi-codegen", Mark: 1, Unit: "×",
		Series: []report.Series{{Name: ours}, {Name: oapi}, {Name: ogen}}}
	for _, d := range []description{
		{"7 operations", filepath.Join("generating", "seven.yaml"), 0},
		{"Contacts V4", peers.Description, 0},
		large,
	} {
		samples, err := d.measure(ctx, dir, rounds)
		if err != nil {
			return err
		}
		vs := samples.Ratio(ours, oapi)
		row := []string{d.title}
		for i, name := range []string{ours, oapi, ogen} {
			row = append(row, report.Seconds(samples.Of(name).Median))
			plot.Series[i].Values = append(plot.Series[i].Values, samples.Ratio(name, oapi).Median)
		}
		table.Rows = append(table.Rows, append(row, report.Times(vs), report.Times(samples.Ratio(ours, ogen)),
			report.Seconds(samples.Of(checked).Median)))
		plot.Labels = append(plot.Labels, d.title)
		goal := report.AtMost(d.title+", against oapi-codegen", 1, vs)
		if d.file == peers.Description {
			goal.Headline = fmt.Sprintf("Generating Contacts V4, fake included, takes %.2f× the time of oapi-codegen's models and client, and "+
				"%.2f× that of ogen",
				vs.Median, samples.Ratio(ours, ogen).Median)
		}
		s.Goals = append(s.Goals, goal)
	}
	s.Tables = append(s.Tables, table)
	s.Plots = append(s.Plots, plot)
	return nil
}

// measure runs every command on one description. What an earlier run wrote is removed before, and that is not timed.
func (d description) measure(ctx context.Context, dir string, rounds int) (measure.Samples, error) {
	out := filepath.Join(dir, "out")
	contestant := func(name, command string, args ...string) measure.Contestant {
		return measure.Contestant{Name: name, Run: func() (float64, error) {
			if err := os.RemoveAll(out); err != nil {
				return 0, err
			}
			if err := os.Mkdir(out, 0o755); err != nil {
				return 0, err
			}
			p, err := measure.Command(ctx, ".", nil, command, append(args, d.file)...)
			return p.Seconds, err
		}}
	}
	return measure.Rounds(rounds,
		contestant(ours, peers.Ours, "generate", "--out", out, "--package", "out", "--spec"),
		contestant(oapi, peers.OAPI, "-config", "oapi-codegen.yaml", "-o", filepath.Join(out, "out.go")),
		contestant(ogen, peers.Ogen, "--config", "ogen.yaml", "--package", "out", "--target", out),
		contestant(checked, peers.Ours, "generate", "--typecheck", "--out", out, "--package", "out", "--spec"),
	)
}

// multiplied writes Contacts V4 several times over.
func multiplied(dir string, n int) (description, error) {
	doc, err := os.ReadFile(peers.Description)
	if err != nil {
		return description{}, err
	}
	if doc, err = multiply(doc, n); err != nil {
		return description{}, err
	}
	d := description{fmt.Sprintf("%.1f MB", float64(len(doc))/1e6), filepath.Join(dir, fmt.Sprintf("times%d.yaml", n)), len(doc)}
	return d, os.WriteFile(d.file, doc, 0o644)
}
