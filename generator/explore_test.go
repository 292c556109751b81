package generator_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/contactsgen/contactsgen/generator"
	"github.com/contactsgen/contactsgen/testdata/judge/law"
)

const (
	judgeDir = "../testdata/judge"
	// inEveryRun is how far the explorer goes in every run of the tests: with two writers, and with three. See explore.Within.
	inEveryRun = "2.1/2.1:250"
	// notYet are fates that the engine does not take as it should, and that the explorer leaves out.
	notYet = "none"
)

// TestExplore keeps the promise that no update is lost, none is made twice, and nothing untrue is said about any, whatever the network,
// the server and rivals do: for each of the APIs of package law it generates the client and goes through all schedules of a small scope.
//
// EXPLORE_DEPTH says how far (make explore goes far), EXPLORE_ONLY a part of the names of scenarios, EXPLORE_WITHOUT what is left out, and
// EXPLORE_REPLAY one schedule, as a failure prints it.
func TestExplore(t *testing.T) {
	if testing.Short() {
		t.Skip("generates clients, and runs the go command on them")
	}
	total, mu := explored{}, sync.Mutex{}
	t.Run("each", func(t *testing.T) { // one at a time leaves processors to nobody
		for _, api := range law.Named {
			if script := os.Getenv("EXPLORE_REPLAY"); script != "" && !strings.HasPrefix(script, api.Name+"/") {
				continue
			}
			if only := os.Getenv("EXPLORE_API"); only != "" && only != api.Name {
				continue
			}
			t.Run(api.Name, func(t *testing.T) {
				t.Parallel()
				out, err := explore(t, api)
				if err != nil {
					t.Errorf("%v\n%s", err, out)
				}
				mu.Lock()
				defer mu.Unlock()
				total.read(out)
			})
		}
	})
	depth := cmp.Or(os.Getenv("EXPLORE_DEPTH"), inEveryRun) // requests and faults with two writers, and behind the slash with three
	for _, helper := range slices.Sorted(maps.Keys(total)) {
		t.Logf("%-28s depth %s %9d schedules", helper, depth, total[helper])
	}
}

// explore runs the explorer on one API, in a process of its own.
func explore(t *testing.T, api law.API) (string, error) {
	t.Helper()
	pkg := "things"
	switch {
	case api.Part != "":
		pkg = "parts"
	case api.Payload == law.Actions:
		pkg = "actions"
	}
	home, err := filepath.Abs(filepath.Join(judgeDir, pkg))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(
		t.Context(),
		"go",
		"test",
		"-count=1",
		"-v",
		"-timeout=3h",
		"-vet=off",
		"-ldflags=-s -w",
		overlayFlag(t, home, clientOf(t, api, pkg)),
		"-run",
		"^TestExplore$",
		".",
	)
	cmd.Dir = home
	cmd.Env = append(os.Environ(), "GOGC="+cmp.Or(os.Getenv("GOGC"), "800"), "EXPLORE_API="+api.Name, "EXPLORE_DEPTH="+
		cmp.Or(os.Getenv("EXPLORE_DEPTH"), inEveryRun),
		"EXPLORE_WITHOUT="+cmp.Or(os.Getenv("EXPLORE_WITHOUT"), notYet))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	return out.String(), err
}

// clientOf generates the client of an API of package law, with all that writes.
func clientOf(t *testing.T, api law.API, pkg string) []generator.File {
	t.Helper()
	description, err := api.Description()
	if err != nil {
		t.Fatal(err)
	}
	files, err := generator.Generate(context.Background(), generator.Options{
		Spec: generator.Input{Name: api.Name + ".yaml", Data: description}, Package: pkg,
		Features: []generator.Feature{"helpers", "codec", "three-way", "combining", "bulk"},
	})
	if err != nil {
		t.Fatalf("%s: %v", api.Name, err)
	}
	return files
}

// explored is how many schedules there were, per helper and in all.
type explored map[string]int

var exploredLine = regexp.MustCompile(`explored (\S+) +\d+ scenarios +(\d+) schedules`)

func (e explored) read(out string) {
	for _, m := range exploredLine.FindAllStringSubmatch(out, -1) {
		n, err := strconv.Atoi(m[2])
		if err != nil {
			panic(fmt.Sprintf("%s: %v", m[0], err)) // the expression takes digits alone
		}
		e[m[1]] += n
		e["in all"] += n
	}
}
