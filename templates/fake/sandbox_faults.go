//contactsgen:generator

package fake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// kinds are all kinds of faults, as a person may write them.
var kinds = []FaultKind{Conflict, Refuse, Drop, Late, Delay, Duplicate, Throttle, Fail, Truncate, Endless, Stale, Normalise}

// ParseFaults reads faults as a person writes them on a command line: joined by commas, each
//
//	kind[=value][:operation][*times][@chance]
//
// as in "conflict:updateThing*2,drop=applied,delay=200ms@0.1,throttle=2,fail=500". The value is the wait of a delay, the Retry-After of a
// throttle, the status of a failure, the bytes left by a truncation, how far back a stale read goes, and "applied" for a drop. Times is a number or
// "always", which a fault with a chance is anyway.
func ParseFaults(text string) ([]Fault, error) {
	var out []Fault
	for _, one := range strings.Split(text, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		f, err := parseFault(one)
		if err != nil {
			return nil, fmt.Errorf("fault %q: %w", one, err)
		}
		out = append(out, f)
	}
	return out, nil
}

func parseFault(s string) (Fault, error) {
	var f Fault
	var err error
	s, chance, hasChance := strings.Cut(s, "@")
	s, times, hasTimes := strings.Cut(s, "*")
	s, f.Operation, _ = strings.Cut(s, ":")
	kind, value, _ := strings.Cut(s, "=")
	f.Kind = FaultKind(kind)
	if !slices.Contains(kinds, f.Kind) {
		return f, fmt.Errorf("there is no such kind; there are %v", kinds)
	}
	if hasChance {
		f.Times = -1
		if f.Chance, err = strconv.ParseFloat(chance, 64); err != nil || f.Chance <= 0 || f.Chance > 1 {
			return f, fmt.Errorf("the chance must be above 0 and at most 1")
		}
	}
	if hasTimes {
		if f.Times, err = strconv.Atoi(times); times == "always" {
			f.Times = -1
		} else if err != nil || f.Times < 1 {
			return f, fmt.Errorf("times must be a number from 1, or always")
		}
	}
	return f, f.setValue(value)
}

// setValue gives a fault its kind's own value.
func (f *Fault) setValue(value string) (err error) {
	switch {
	case value == "":
	case f.Kind == Delay:
		f.Delay, err = time.ParseDuration(value)
	case f.Kind == Throttle:
		f.RetryAfter = value
	case f.Kind == Fail:
		f.Status, err = strconv.Atoi(value)
	case f.Kind == Truncate:
		f.Bytes, err = strconv.Atoi(value)
	case f.Kind == Stale:
		f.Back, err = strconv.Atoi(value)
	case f.Kind == Drop && value == "applied":
		f.Applied = true
	default:
		err = fmt.Errorf("%s takes no value %q", f.Kind, value)
	}
	if err == nil && f.Kind == Fail && f.Status != 0 && (f.Status < 400 || f.Status > 599) {
		err = fmt.Errorf("the status of a failure is 400 to 599")
	}
	return err
}
