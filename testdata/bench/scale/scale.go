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

// flat is how much more memory a hundred times the contacts may take.
const flat = 1.25

// page is how many contacts are asked for at once.
const page = 1000

// worker is the client, a command of this module.
var worker = filepath.Join("bin", "worker")

// Run measures the section. Filling the server takes most of the time, so that every size is listed as often as there are rounds, after being
// filled once.
func Run(ctx context.Context, rounds int) (*report.Section, error) {
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
		Intro: "A process that goes through all contacts of `contactsgen sandbox` with ListAll, pages of 1,000, over HTTP on this machine. Its memory is the largest " +
			"resident size that the system saw, the Go runtime and everything else included.",
	}
	table := report.Table{Head: []string{"contacts", "requests", "time", "contacts a second", "peak memory"}}
	plot := report.Plot{Name: "scale", Title: "Scale: peak memory of a process that lists everything", Unit: " MiB", Series: []report.Series{{Name: "contactsgen, ListAll"}}}
	peaks := map[int]float64{}
	there := 1 // the sandbox begins with one
	for _, n := range sizes {
		if _, err := work(ctx, url, "create", n-there); err != nil {
			return nil, err
		}
		there = n
		times, memory := measure.Samples{}, measure.Samples{}
		var requests int
		for range rounds {
			r, err := work(ctx, url, "list", page)
			if err != nil {
				return nil, err
			}
			if r.done != n {
				return nil, fmt.Errorf("listed %d of %d contacts", r.done, n)
			}
			times["list"], memory["list"] = append(times["list"], r.process.Seconds), append(memory["list"], float64(r.process.Peak))
			requests = r.requests
		}
		seconds := times.Of("list").Median
		peaks[n] = memory.Of("list").Median
		table.Rows = append(table.Rows, []string{fmt.Sprint(n), fmt.Sprint(requests), report.Seconds(seconds), fmt.Sprintf("%.0f", float64(n)/seconds), report.Bytes(peaks[n])})
		plot.Labels = append(plot.Labels, fmt.Sprintf("%d contacts", n))
		plot.Series[0].Values = append(plot.Series[0].Values, peaks[n]/(1<<20))
	}
	growth := peaks[100_000] / peaks[1_000]
	s.Goals = append(s.Goals, report.Goal{Text: "peak memory of listing 100,000 contacts, against 1,000", Want: fmt.Sprintf("flat (≤ %.2f×)", flat),
		Got: fmt.Sprintf("%.2f×", growth), Reached: growth <= flat})
	s.Tables = append(s.Tables, table)
	s.Plots = append(s.Plots, plot)
	return s, nil
}

// result is what the worker did.
type result struct {
	process        measure.Process
	done, requests int
}

func work(ctx context.Context, url, what string, n int) (result, error) {
	p, err := measure.Command(ctx, ".", nil, worker, url, what, fmt.Sprint(n))
	if err != nil {
		return result{}, err
	}
	r := result{process: p}
	_, err = fmt.Sscan(string(p.Output), &r.done, &r.requests)
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
