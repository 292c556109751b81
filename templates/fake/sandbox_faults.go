//contactsgen:generator

package fake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ParseFaults reads faults as a person writes them on a command line: joined by commas, each
//
//	kind[=value][:operation][*times][@chance]
//
// as in "conflict:updateThing*2,drop=applied,delay=200ms@0.1,throttle=2,fail=500". The value is the wait of a delay, the Retry-After of a
// throttle, the status of a failure or of another success, the bytes left by a truncation, how far back a stale read or a lagging list
// goes, "applied" for a drop or a hang, "hidden" for a duplicate, "empty", "null" or "none" for a thin answer, and "seconds", "overflow" or
// "date" for an absurd wait. Times is a number or "always", which a fault with a chance is anyway.
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

// FaultKinds lists the kinds of faults.
func FaultKinds() []FaultKind { return slices.Clone(kinds) }

// CheckFaults says which fault no request of a server can meet.
func CheckFaults(s *Server, list []Fault) error {
	for _, f := range list {
		if problem := s.impossible(&f); problem != "" {
			return fmt.Errorf("fault %q: %s", f.Kind, problem)
		}
	}
	return nil
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

// Values that have a name in what a person writes.
var (
	thinAnswers = map[string][]byte{"empty": []byte("{}"), "null": []byte("null"), "none": {}}
	absurdWaits = map[string]string{"seconds": "2147483647", "overflow": "99999999999999999999", "date": "Fri, 31 Dec 9999 23:59:59 GMT"}
)

// setValue gives a fault its kind's own value.
func (f *Fault) setValue(value string) (err error) {
	switch {
	case value == "":
	case f.Kind == Delay:
		f.Delay, err = time.ParseDuration(value)
	case f.Kind == Throttle:
		f.RetryAfter = value
	case f.Kind == Fail || f.Kind == OtherStatus:
		f.Status, err = strconv.Atoi(value)
	case f.Kind == Truncate:
		f.Bytes, err = strconv.Atoi(value)
	case f.Kind == Stale || f.Kind == Lag:
		f.Back, err = strconv.Atoi(value)
	case (f.Kind == Drop || f.Kind == Hang) && value == "applied":
		f.Applied = true
	case f.Kind == Duplicate && value == "hidden":
		f.Hidden = true
	case f.Kind == Thin && thinAnswers[value] != nil:
		f.Answer = thinAnswers[value]
	case f.Kind == Absurd && absurdWaits[value] != "":
		f.RetryAfter = absurdWaits[value]
	default:
		err = fmt.Errorf("%s takes no value %q", f.Kind, value)
	}
	switch {
	case err != nil || f.Status == 0:
	case f.Kind == Fail && (f.Status < 400 || f.Status > 599):
		err = fmt.Errorf("the status of a failure is 400 to 599")
	case f.Kind == OtherStatus && (f.Status < 200 || f.Status > 399):
		err = fmt.Errorf("the other status of a success is 200 to 399")
	}
	return err
}
