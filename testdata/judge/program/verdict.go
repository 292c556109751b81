package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsgen/contactsgen/testdata/judge/law"
)

const (
	resource    = "one"
	rivalWeight = 1000
)

// verdict is what a call amounts to.
type verdict struct {
	Call    int      `json:"call"`
	Kind    string   `json:"kind"`            // of what went wrong
	Fate    string   `json:"fate"`            // what it was
	At      int      `json:"at"`              // the request that met it; 0 is none
	Rival   int      `json:"rival,omitempty"` // somebody else wrote before this request
	Do      string   `json:"do"`
	Said    string   `json:"said"`
	Text    string   `json:"text,omitempty"`
	Applied int      `json:"applied"`
	Verdict []string `json:"verdict"` // right; or some of lost, twice, dishonest, stuck

	met bool
}

// judge plays one schedule and says what came of it.
func (s *server) judge(l *loop, call int, plan schedule) (verdict, error) {
	s.begin(plan)
	o := order{Call: call, URL: s.url, ID: resource, Do: plan.do}
	if o.Amount = 1; plan.do == "ensure" {
		o.Amount, o.Tag = 0, "ours"
	}
	said, err := l.call(o)
	if err != nil {
		return verdict{}, err
	}
	v := verdict{
		Call: call, Kind: kinds[plan.fate], Fate: string(plan.fate), At: plan.at, Rival: plan.rival, Do: plan.do, Said: said.Said,
		Text: said.Text, met: s.met,
	}
	v.weigh(s.end())
	return v, nil
}

// weigh compares what was said with what the resource went through.
func (v *verdict) weigh(all []law.Version) {
	lost := false
	for i := 1; i < len(all); i++ {
		before, after := all[i-1].Info, all[i].Info
		if all[i].By == "rival" {
			continue
		}
		ours := digit(after, 1) - digit(before, 1) + occurrences(after, "ours") - occurrences(before, "ours")
		v.Applied += max(0, ours)
		kept := digit(after, rivalWeight) == digit(before, rivalWeight) && occurrences(after, "rival") == occurrences(before, "rival") &&
			occurrences(after, "first") == 1 && law.Text(map[string]any{"": after["keep"]}) == law.Text(map[string]any{"": before["keep"]})
		lost = lost || !kept || ours < 0
	}
	switch v.Said {
	case "done":
		lost = lost || v.Applied == 0
	case "failed":
		if v.Applied > 0 {
			v.Verdict = append(v.Verdict, "dishonest")
		}
	case "stuck":
		v.Verdict = append(v.Verdict, "stuck")
	}
	if lost {
		v.Verdict = append(v.Verdict, "lost")
	}
	if v.Applied > 1 {
		v.Verdict = append(v.Verdict, "twice")
	}
	if v.Verdict == nil {
		v.Verdict = []string{"right"}
	}
	slices.Sort(v.Verdict)
}

// digit is the decimal digit of the count that belongs to a writer.
func digit(info map[string]any, weight int64) int { return int(count(info) / weight % 10) }

func count(info map[string]any) int64 {
	n, err := strconv.ParseInt(strings.TrimSuffix(fmt.Sprint(info["count"]), ".0"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func add(info map[string]any, weight int64) {
	info["count"] = json.Number(strconv.FormatInt(count(info)+weight, 10))
}

func occurrences(info map[string]any, tag string) (n int) {
	tags, _ := info["tags"].([]any)
	for _, t := range tags {
		if t == tag {
			n++
		}
	}
	return n
}
