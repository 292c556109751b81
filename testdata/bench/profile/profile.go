// Package profile says where the time of something goes, for a page that has to explain why a goal is missed.
package profile

import (
	"context"
	"os"
	"regexp"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/contactsgen/contactsgen/testdata/bench/measure"
	"github.com/contactsgen/contactsgen/testdata/bench/report"
)

// Of does something over and over for as long as it takes to see where time goes, and gives the functions that it is spent in or below.
func Of(ctx context.Context, title string, do func(context.Context) error) (report.Profile, error) {
	file, err := os.CreateTemp("", "profile")
	if err != nil {
		return report.Profile{}, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	if err := pprof.StartCPUProfile(file); err != nil {
		return report.Profile{}, err
	}
	for started := time.Now(); time.Since(started) < 2*time.Second && err == nil; {
		err = do(ctx)
	}
	pprof.StopCPUProfile()
	if err != nil {
		return report.Profile{}, err
	}
	top, err := measure.Command(ctx, ".", nil, "go", "tool", "pprof", "-top", "-cum", "-nodecount", "16", "-hide", harness, file.Name())
	if err != nil {
		return report.Profile{}, err
	}
	_, lines, _ := strings.Cut(string(top.Output), "Showing nodes")
	lines = module.ReplaceAllString(instance.ReplaceAllString(lines, ""), "")
	return report.Profile{Title: title, Command: "go tool pprof -top -cum", Text: "Showing nodes" + lines}, nil
}

// harness is what measures, and would stand above everything else.
const harness = `^main\.|^runtime\.main$|bench/(calling|gen/calling|profile)`

// instance is what a generic function is made for, and module where it is: longer than the function's name, both of them.
var (
	instance = regexp.MustCompile(`\[go\.shape[^\n]*\]`)
	module   = regexp.MustCompile(`github\.com/contactsgen/contactsgen/testdata/bench/gen/`)
)
