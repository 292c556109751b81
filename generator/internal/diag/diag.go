// Package diag holds what the generator says about its input: positions and complaints.
//
// Every complaint about a description carries the place a person has to look at. Complaints are collected, not returned
// one at a time, so that one run names everything that is independently wrong.
package diag

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode"
)

// Position is a place in a file that a person wrote. Line and Column count from 1; 0 means not known.
type Position struct {
	File   string
	Line   int
	Column int
}

// String gives file:line:col, leaving out what is not known.
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Less orders positions by file, line and column.
func (p Position) Less(q Position) bool {
	if p.File != q.File {
		return p.File < q.File
	}
	if p.Line != q.Line {
		return p.Line < q.Line
	}
	return p.Column < q.Column
}

// Problem is one complaint: where, what is wrong, and how to mend it.
type Problem struct {
	Pos     Position
	Message string // one sentence without a trailing period
	Help    string // how to mend it; may be empty
}

// Error gives the complaint as one line, followed by the help on an indented line of its own.
func (p *Problem) Error() string {
	s := printable(p.Message)
	if at := p.Pos.String(); at != "" {
		s = printable(at) + ": " + s
	}
	if p.Help != "" {
		s += "\n\t" + printable(p.Help)
	}
	return s
}

// printable makes a line fit for a terminal, whatever a description has put into it: no character that does something instead of being
// seen, and no end of the line but its own.
func printable(line string) string {
	const most = 600
	var b strings.Builder
	for i, c := range line {
		if i > most {
			return b.String() + "…"
		}
		if unicode.IsGraphic(c) && c != unicode.ReplacementChar {
			b.WriteRune(c)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(c), "'"))
	}
	return b.String()
}

// maxProblems bounds how many complaints one run prints.
const maxProblems = 50

// List collects complaints. The zero value is ready to use; a List is not safe for concurrent use.
type List struct{ problems []*Problem }

// Addf adds a complaint without help.
func (l *List) Addf(pos Position, format string, args ...any) {
	l.Add(&Problem{Pos: pos, Message: fmt.Sprintf(format, args...)})
}

// Add adds a complaint.
func (l *List) Add(p *Problem) { l.problems = append(l.problems, p) }

// Merge adds the complaints that err carries: all of them when it is a List's error.
func (l *List) Merge(err error) {
	var list *Error
	var one *Problem
	switch {
	case err == nil:
	case errors.As(err, &list):
		l.problems = append(l.problems, list.Problems...)
	case errors.As(err, &one):
		l.Add(one)
	default:
		l.Add(&Problem{Message: err.Error()})
	}
}

// Len tells how many complaints there are.
func (l *List) Len() int { return len(l.problems) }

// Problems gives the complaints in the order of their positions, without repeats.
func (l *List) Problems() []*Problem {
	out := append([]*Problem(nil), l.problems...)
	sort.SliceStable(out, func(i, j int) bool { return out[i].Pos.Less(out[j].Pos) })
	kept := out[:0]
	for i, p := range out {
		if i > 0 && *p == *kept[len(kept)-1] {
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

// Err gives nil when there are no complaints, else an *Error with all of them.
func (l *List) Err() error {
	if len(l.problems) == 0 {
		return nil
	}
	return &Error{Problems: l.Problems()}
}

// Error is a list of complaints as an error.
type Error struct{ Problems []*Problem }

// Error prints the complaints one after the other, in order of position, and says how many were left out.
func (e *Error) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i == maxProblems {
			fmt.Fprintf(&b, "\nand %d more", len(e.Problems)-maxProblems)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.Error())
	}
	return b.String()
}

// Quote prints text from a description so that it cannot move the cursor, change colours or reorder what is around it.
func Quote(s string) string {
	const most = 200
	if len(s) > most {
		s = s[:most] + "…"
	}
	return fmt.Sprintf("%+q", s)
}
