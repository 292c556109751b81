// Command bench measures what this repository makes against what others make, and writes down what it finds: results, plots,
// docs/benchmarks.md and the numbers in the README. Run it as make bench, which prepares what it compares.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/contactsgen/contactsgen/testdata/bench/calling"
	"github.com/contactsgen/contactsgen/testdata/bench/coldstart"
	"github.com/contactsgen/contactsgen/testdata/bench/contention"
	"github.com/contactsgen/contactsgen/testdata/bench/generating"
	"github.com/contactsgen/contactsgen/testdata/bench/peers"
	"github.com/contactsgen/contactsgen/testdata/bench/report"
	"github.com/contactsgen/contactsgen/testdata/bench/scale"
	"github.com/contactsgen/contactsgen/testdata/bench/weight"
)

// section is one group of benchmarks.
type section struct {
	name string
	run  func(ctx context.Context, rounds int) (*report.Section, error)
}

// sections in the order of the page.
var sections = []section{
	{"generating", generating.Run},
	{"calling", calling.Run},
	{"contention", contention.Run},
	{"weight", weight.Run},
	{"cold-start", coldstart.Run},
	{"scale", scale.Run},
}

// results is the folder of what was found.
const results = "results"

func main() {
	log.SetFlags(0)
	only := flag.String("only", "", "the `section` to measure; the others stay as they are")
	rounds := flag.Int("rounds", 5, "how many rounds count")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *only, *rounds); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, only string, rounds int) error {
	known := false
	for _, s := range sections {
		if only != "" && only != s.name {
			continue
		}
		known = true
		started := time.Now()
		fmt.Printf("measuring %s …\n", s.name)
		found, err := s.run(ctx, rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		found.Machine = machine()
		if err := found.Save(results); err != nil {
			return err
		}
		found.Show(os.Stdout)
		fmt.Printf("%s took %s\n\n", s.name, time.Since(started).Round(time.Second))
	}
	if !known {
		return errors.New("there is no section " + only)
	}
	return write(peers.Root)
}

// write makes page, plots and the README's part of them from the results.
func write(root string) error {
	var names []string
	for _, s := range sections {
		names = append(names, s.name)
	}
	all, err := report.Load(results, names)
	if err != nil {
		return err
	}
	docs := filepath.Join(root, "docs")
	for _, s := range all {
		for _, p := range s.Plots {
			if err := os.WriteFile(filepath.Join(docs, "benchmarks", p.Name+".svg"), []byte(p.SVG()), 0o644); err != nil {
				return err
			}
		}
	}
	readme := filepath.Join(root, "README.md")
	text, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	changed, err := report.Readme(string(text), all, "docs/benchmarks.md", "docs/benchmarks")
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(readme, []byte(changed), 0o644),
		os.WriteFile(filepath.Join(docs, "benchmarks.md"), []byte(report.Page(all, "benchmarks")), 0o644),
	)
}

// machine says what was measured on.
func machine() string {
	processor := runtime.GOARCH
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, after, ok := strings.Cut(string(info), "model name\t: "); ok {
			processor, _, _ = strings.Cut(after, "\n")
		}
	}
	return fmt.Sprintf("%s with %d threads, %s, %s", processor, runtime.NumCPU(), runtime.GOOS, runtime.Version())
}
