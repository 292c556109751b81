// Package measure runs contestants in turn and says how they compare. It judges nothing.
package measure

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"time"
)

// A Contestant does the same as others of its kind, and says what it cost: seconds, bytes, whatever is compared.
type Contestant struct {
	Name string
	Run  func() (float64, error)
}

// Samples are what contestants cost, one value for each round.
type Samples map[string][]float64

// Rounds runs all contestants in turn, n times, after a round that does not count. The order turns around in every other round, so that
// what one leaves behind is not always met by the same other.
func Rounds(n int, contestants ...Contestant) (Samples, error) {
	s := Samples{}
	order := slices.Clone(contestants)
	for round := range n + 1 {
		for _, c := range order {
			runtime.GC()
			v, err := c.Run()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.Name, err)
			}
			if round > 0 {
				s[c.Name] = append(s[c.Name], v)
			}
		}
		slices.Reverse(order)
	}
	return s, nil
}

// Spread is the middle and the ends of some values.
type Spread struct{ Median, Min, Max float64 }

// Of gives the spread of a contestant's values.
func (s Samples) Of(name string) Spread { return spread(s[name]) }

// Ratio gives the spread of one contestant's values over those of another in the same rounds.
func (s Samples) Ratio(name, over string) Spread {
	ratios := slices.Clone(s[name])
	for i := range ratios {
		ratios[i] /= s[over][i]
	}
	return spread(ratios)
}

func spread(values []float64) Spread {
	if len(values) == 0 {
		return Spread{}
	}
	v := slices.Sorted(slices.Values(values))
	middle := (v[(len(v)-1)/2] + v[len(v)/2]) / 2
	return Spread{middle, v[0], v[len(v)-1]}
}

// Process is what one run of a command cost.
type Process struct {
	Seconds float64 // from start to end
	CPU     float64 // seconds of both user and system
	Output  []byte  // what it printed to its standard output
}

// Command runs a command to its end.
func Command(ctx context.Context, dir string, env []string, name string, args ...string) (Process, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	started := time.Now()
	err := cmd.Run()
	p := Process{Seconds: time.Since(started).Seconds(), Output: out.Bytes()}
	if err != nil {
		return p, fmt.Errorf("%s %v: %w\n%s%s", name, args, err, out.Bytes(), tail(complaints.Bytes()))
	}
	p.CPU = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	return p, nil
}

func tail(text []byte) []byte {
	const most = 2000
	if len(text) > most {
		return text[len(text)-most:]
	}
	return text
}
