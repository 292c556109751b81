// Package report keeps what was measured, and prints it: a page of tables, plots, and the numbers in the README.
//
// A section's results are a file of their own, so that one can be measured again without the others, and the page is made from all of them.
package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/contactsgen/contactsgen/testdata/bench/measure"
)

// Section is what one group of benchmarks found.
type Section struct {
	Name     string // as in ONLY=name
	Title    string
	Intro    string
	Machine  string
	Goals    []Goal
	Tables   []Table
	Plots    []Plot
	Profiles []Profile
}

// Goal is one thing that was to be reached.
type Goal struct {
	Text     string // what is compared
	Want     string // the limit in words
	Got      string // the value in words
	Reached  bool   //
	Headline string `json:",omitempty"` // the sentence about it in the README; "" is none
}

// Table is a table of texts. Columns after the first are numbers.
type Table struct {
	Title string
	Head  []string
	Rows  [][]string
	Note  string `json:",omitempty"`
}

// Profile is where the time of something went that missed its goal.
type Profile struct {
	Title   string
	Command string
	Text    string
}

// AtMost is a goal that a ratio stays below a limit, judged by the median.
func AtMost(text string, limit float64, got measure.Spread) Goal {
	return Goal{Text: text, Want: fmt.Sprintf("≤ %.2f×", limit), Got: Times(got), Reached: got.Median <= limit}
}

// Times words a ratio: its median, and the ends in brackets.
func Times(r measure.Spread) string {
	return fmt.Sprintf("%.2f× (%.2f–%.2f)", r.Median, r.Min, r.Max)
}

// Seconds words a time.
func Seconds(s float64) string {
	switch {
	case s < 1e-3:
		return fmt.Sprintf("%.1f µs", s*1e6)
	case s < 1:
		return fmt.Sprintf("%.1f ms", s*1e3)
	}
	return fmt.Sprintf("%.2f s", s)
}

// Bytes words a size.
func Bytes(n float64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%.0f B", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", n/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", n/(1<<20))
}

// Save keeps the results of a section.
func (s *Section) Save(dir string) error {
	data, err := json.MarshalIndent(s, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, s.Name+".json"), append(data, '\n'), 0o644)
}

// Load gives the results of the sections named, without those that were never measured.
func Load(dir string, names []string) ([]*Section, error) {
	var all []*Section
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(dir, name+".json"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		s := &Section{}
		if err == nil {
			err = json.Unmarshal(data, s)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}
