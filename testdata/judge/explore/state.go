package explore

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsgen/contactsgen/testdata/judge/law"
)

// state is a resource as the judge sees it.
type state struct {
	count         int64
	tags          []string
	letters       [3]string
	keep, removed string
	round         [3]string // letters within values that are one of several types
	shapes        string    // all else in them
}

// states are those that a resource has had, in order.
func (w *world) states(id string) []state {
	all, known := w.srv.History(id), w.seen[id]
	for _, v := range all[len(known):] {
		known = append(known, stateOf(v.Info))
	}
	w.seen[id] = known
	return known
}

func stateOf(info map[string]any) state {
	var s state
	s.count, _ = strconv.ParseInt(fmt.Sprint(orElse(info["count"], json.Number("0"))), 10, 64)
	if f, ok := info["count"].(float64); ok {
		s.count = int64(f)
	}
	list, _ := info["tags"].([]any)
	for _, t := range list {
		s.tags = append(s.tags, strings.ToLower(fmt.Sprint(t))) // a server may store them otherwise
	}
	for i, name := range []string{"a", "b", "c"} {
		s.letters[i], _ = info[name].(string)
	}
	s.round, s.shapes = lettersOf(info)
	s.keep, s.removed = law.Text(map[string]any{"keep": info["keep"]}), fmt.Sprint(info["removed"])
	return s
}

func orElse(v, otherwise any) any {
	if v == nil {
		return otherwise
	}
	return v
}

// differs names a part of two states that is not the same.
func (s state) differs(other state) string {
	switch {
	case s.count != other.count:
		return "count"
	case !slices.Equal(s.tags, other.tags):
		return "tags"
	case s.letters != other.letters:
		return "a letter"
	case s.round != other.round:
		return "a letter within a union"
	case s.shapes != other.shapes:
		return "a union"
	case s.keep != other.keep:
		return "keep"
	case s.removed != other.removed:
		return "removed"
	}
	return ""
}

// holds reports whether what a writer wants is so.
func (s state) holds(by Writer) bool {
	switch by.Edit {
	case Add:
		return by.Declares && s.count/by.Weight()%10 == 1
	case Append, Ensure:
		return slices.Contains(s.tags, by.Tag())
	case Set, Force:
		return s.letters[by.Who] == by.Text()
	case Shape:
		return s.round[by.Who] == by.Text()
	}
	return false
}

// deed counts how often a writer's edit was made between two states, and makes it in the first of them.
func (by Writer) deed(api law.API, s *state, after state) (n int) {
	switch by.Edit {
	case Add:
		grown := after.count/by.Weight()%10 - s.count/by.Weight()%10
		if grown > 0 {
			s.count += grown * by.Weight()
			n = int(grown)
		}
	case Append, Ensure:
		for len(s.tags) < len(after.tags) && after.tags[len(s.tags)] == by.Tag() {
			s.tags = append(slices.Clone(s.tags), by.Tag())
			n++
		}
	case Set:
		if before := s.letters[by.Who]; before != by.Text() && after.letters[by.Who] == by.Text() {
			s.letters[by.Who], n = by.Text(), 1
		}
	case Shape:
		if before := s.round[by.Who]; before != by.Text() && after.round[by.Who] == by.Text() {
			s.round[by.Who], n = by.Text(), 1
		}
	case Force:
		overwritten := after.letters[by.Who] == by.Text()
		s.letters[by.Who] = after.letters[by.Who]
		if api.Payload == law.Replace {
			overwritten = overwritten && after.count == 0 && len(after.tags) == 0
		}
		if overwritten {
			n = 1
		}
	}
	return n
}

// What rivals do.

func add(info map[string]any, weight int64) {
	count, _ := strconv.ParseInt(fmt.Sprint(orElse(info["count"], json.Number("0"))), 10, 64)
	info["count"] = json.Number(strconv.FormatInt(count+weight, 10))
}

func tag(info map[string]any, text string) {
	tags, _ := info["tags"].([]any)
	info["tags"] = append(slices.Clone(tags), text)
}

// imitate does what a caller wants done.
func imitate(info map[string]any, w Writer) {
	switch w.Edit {
	case Add:
		add(info, w.Weight())
	case Append:
		tag(info, w.Tag())
	case Ensure:
		if tags, _ := info["tags"].([]any); !slices.Contains(tags, any(EnsuredTag)) {
			tag(info, EnsuredTag)
		}
	case Set, Force:
		info[strings.ToLower(w.Letter())] = w.Text()
	case Shape:
		reshape(info, w)
	}
}
