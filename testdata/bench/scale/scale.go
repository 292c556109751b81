// Package scale measures what many contacts cost a client: time, requests, and above all memory.
package scale

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"

	"github.com/contactsgen/contactsgen/testdata/bench/measure"
	"github.com/contactsgen/contactsgen/testdata/bench/peers"
	"github.com/contactsgen/contactsgen/testdata/bench/report"
)

// sizes are how many contacts there are.
var sizes = []int{1_000, 10_000, 100_000}

// flat is how much more memory ten times the contacts may take.
const flat = 1.25

// page is how many contacts are asked for at once.
const page = 1000

// worker is the client, a command of this module.
var worker = filepath.Join("bin", "worker")

// tasks are what the worker does with all contacts, and how it is called in tables.
var tasks = []struct{ name, title string }{{"list", "ListAll"}, {"update", "UpdateEach over ListAll"}}

// Run measures the section. Filling the server takes most of the time, so that there is one run of each task, whatever the rounds.
func Run(ctx context.Context, _ int) (*report.Section, error) {
	if _, err := measure.Command(ctx, ".", nil, "go", "build", "-o", worker, "./scale/worker"); err != nil {
		return nil, err
	}
	url, stop, err := sandbox(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	s := &report.Section{
		Name:  "scale",
		Title: "Scale",
		Intro: "A process that goes through all contacts of `contactsgen sandbox` over HTTP on this machine, pages of 1,000, and one that " +
			"updates each of them, 16 at a " +
			"time, while they are listed. Memory is the largest resident size that the system saw of the process, the Go runtime and everything " +
			"else included. " +
			"How fast that is depends on the sandbox above all.",
		Plots: []report.Plot{{Name: "scale", Title: "Scale: peak memory of the client's process", Unit: " MiB"}},
	}
	table := report.Table{Head: []string{"contacts", "task", "requests", "time", "contacts a second", "peak memory"}}
	plot := &s.Plots[0]
	for _, t := range tasks {
		plot.Series = append(plot.Series, report.Series{Name: t.title})
	}
	there := 1 // the sandbox begins with one
	for _, n := range sizes {
		if _, err := work(ctx, url, "create", n-there); err != nil {
			return nil, err
		}
		there = n
		plot.Labels = append(plot.Labels, fmt.Sprintf("%d contacts", n))
		for i, t := range tasks {
			r, err := work(ctx, url, t.name, page)
			if err != nil {
				return nil, err
			}
			if r.done != n {
				return nil, fmt.Errorf("%s: %d of %d contacts", t.title, r.done, n)
			}
			table.Rows = append(table.Rows, []string{fmt.Sprint(n), t.title, fmt.Sprint(r.requests), report.Seconds(r.process.Seconds),
				fmt.Sprintf("%.0f", float64(n)/r.process.Seconds), report.Bytes(r.peak)})
			plot.Series[i].Values = append(plot.Series[i].Values, r.peak/(1<<20))
		}
	}
	s.Tables = append(s.Tables, table)
	for _, peaks := range plot.Series {
		growth := peaks.Values[len(sizes)-1] / peaks.Values[len(sizes)-2] // both have more pages than are in memory at once
		s.Goals = append(s.Goals, report.Goal{Text: fmt.Sprintf("peak memory of %s, 100,000 contacts against 10,000", peaks.Name),
			Want: fmt.Sprintf("flat (≤ %.2f×)", flat), Got: fmt.Sprintf("%.2f×", growth), Reached: growth <= flat})
	}
	return s, nil
}

// result is what the worker did.
type result struct {
	process        measure.Process
	done, requests int
	peak           float64 // bytes
}

func work(ctx context.Context, url, what string, n int) (result, error) {
	p, err := measure.Command(ctx, ".", nil, worker, url, what, fmt.Sprint(n))
	if err != nil {
		return result{}, err
	}
	r := result{process: p}
	_, err = fmt.Sscan(string(p.Output), &r.done, &r.requests, &r.peak)
	return r, err
}

// lifetime is when the sandbox ends whatever happens to the benchmark.
const lifetime = 30 * time.Minute

var address = regexp.MustCompile(`http://\S+:\d+`)

// sandbox starts the sandbox, and gives its URL and what ends it.
func sandbox(ctx context.Context) (url string, stop func(), err error) {
	cmd := exec.CommandContext(ctx, peers.Ours, "sandbox", "--spec", peers.Description, "--addr", "127.0.0.1:0", "--for", lifetime.String())
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = cmd.Process.Kill() // it keeps nothing
		_ = cmd.Wait()         // and says that it was killed
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if url = address.FindString(line); url == "" {
		stop()
		return "", nil, errors.Join(errors.New("the sandbox does not say where it is"), err)
	}
	return url, stop, nil
}
