// Package coldstart measures how long the first go tool of a generator takes, when nothing is compiled yet.
package coldstart

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/contactsgen/contactsgen/testdata/bench/measure"
	"github.com/contactsgen/contactsgen/testdata/bench/peers"
	"github.com/contactsgen/contactsgen/testdata/bench/report"
)

// limit is how much longer than oapi-codegen's command ours may take.
const limit = 1.1

var commands = []struct{ name, pkg string }{
	{"contactsgen", "./cmd/contactsgen"},
	{"oapi-codegen", "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"},
}

// Run measures the section.
func Run(ctx context.Context, rounds int) (*report.Section, error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	work := measure.Samples{}
	var contestants []measure.Contestant
	for _, c := range commands {
		contestants = append(contestants, measure.Contestant{Name: c.name, Run: func() (float64, error) {
			p, err := build(ctx, dir, c.pkg)
			work[c.name] = append(work[c.name], p.CPU)
			return p.Seconds, err
		}})
	}
	waits, err := measure.Rounds(rounds, contestants...)
	if err != nil {
		return nil, err
	}
	for name, all := range work {
		work[name] = all[1:] // the first round does not count
	}
	s := &report.Section{
		Name:  "cold-start",
		Title: "Cold start",
		Intro: "`go build` of the command with an empty build cache, the standard library included: what the first `go tool` of a new machine " +
			"waits for, " +
			"downloads apart. Both are built from this repository's go.mod, so what they share has the same versions. Processor time says how " +
			"much there is to " +
			"compile; how long that takes depends on how much of it can be done side by side, and on what else the machine does.",
		Goals: []report.Goal{
			report.AtMost("processor time to compile the command, against oapi-codegen's", limit, work.Ratio("contactsgen", "oapi-codegen")),
			report.AtMost("time to compile the command, against oapi-codegen's", limit, waits.Ratio("contactsgen", "oapi-codegen")),
		},
	}
	return s, table(ctx, s, waits, work)
}

// build compiles a command and all that it needs, and throws it away.
func build(ctx context.Context, dir, pkg string) (measure.Process, error) {
	cache := filepath.Join(dir, "cache")
	defer os.RemoveAll(cache)
	return measure.Command(ctx, peers.Root, []string{"GOCACHE=" + cache}, "go", "build", "-o", filepath.Join(dir, "command"), pkg)
}

func table(ctx context.Context, s *report.Section, waits, work measure.Samples) error {
	t := report.Table{Head: []string{"command", "packages beyond the standard library", "packages in all", "time", "processor time"}}
	for _, c := range commands {
		listed, err := measure.Command(ctx, peers.Root, nil, "go", "list", "-deps", "-f", "{{.Standard}}", c.pkg)
		if err != nil {
			return err
		}
		all := strings.Fields(string(listed.Output))
		t.Rows = append(t.Rows, []string{c.name, fmt.Sprint(strings.Count(string(listed.Output), "false")), fmt.Sprint(len(all)),
			report.Seconds(waits.Of(c.name).Median), report.Seconds(work.Of(c.name).Median)})
	}
	s.Tables = append(s.Tables, t)
	return nil
}
