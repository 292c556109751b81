package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/term"
)

// A screen is where the command's words go. Colour and progress are for terminals; what is piped or recorded is plain.
type screen struct {
	out *bufio.Writer // results
	err io.Writer     // everything else

	terminal bool // out is one
	color    bool // out is one that may be coloured
	lively   bool // err is a terminal that can rewrite a line
	shown    bool // a progress line is on it
	width    int  // columns of out; 0: as many as it takes
}

func newScreen(out, err *os.File, getenv func(string) string) *screen {
	dumb := getenv("TERM") == "dumb"
	return &screen{
		out:      bufio.NewWriter(out),
		err:      err,
		terminal: isTerminal(out),
		color:    isTerminal(out) && !dumb && getenv("NO_COLOR") == "", // no-color.org: present and not empty
		lively:   isTerminal(err) && !dumb,
		width:    widthOf(out, getenv),
	}
}

// widthOf gives the columns of a terminal, or what COLUMNS says; 0 is as many as it takes.
func widthOf(out *os.File, getenv func(string) string) int {
	if n, err := strconv.Atoi(getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if isTerminal(out) {
		if n, _, err := term.GetSize(int(out.Fd())); err == nil {
			return n
		}
	}
	return 0
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && f.Name() != os.DevNull
}

func (s *screen) flush() error { return s.out.Flush() }

// progress shows what takes the time, in place of what it showed before; "" clears it.
func (s *screen) progress(format string, args ...any) {
	if !s.lively || (format == "" && !s.shown) {
		return
	}
	fmt.Fprint(s.err, "\r\x1b[K"+fmt.Sprintf(format, args...))
	s.shown = format != ""
}

// warn says what is worth a look and stops nothing.
func (s *screen) warn(warning string) {
	s.progress("")
	fmt.Fprintln(s.err, "warning: "+warning)
}

// note says something on the side to a person who watches.
func (s *screen) note(format string, args ...any) {
	if s.lively {
		s.progress("")
		fmt.Fprintf(s.err, format+"\n", args...)
	}
}

const (
	bold  = "\x1b[1m"
	red   = "\x1b[31m"
	green = "\x1b[32m"
	cyan  = "\x1b[36m"
	reset = "\x1b[0m"
)

// diff prints a unified diff. On a terminal nothing in it can do anything but be read; elsewhere it is kept byte for byte, for
// patch programs.
func (s *screen) diff(text string) {
	if !s.terminal {
		_, _ = s.out.WriteString(text) // flush reports what fails here
		return
	}
	for line := range strings.Lines(text) {
		line, ended := strings.CutSuffix(line, "\n")
		line = harmless(line)
		if s.color {
			switch {
			case strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "+++ "):
				line = bold + line + reset
			case strings.HasPrefix(line, "@@"):
				line = cyan + line + reset
			case strings.HasPrefix(line, "+"):
				line = green + line + reset
			case strings.HasPrefix(line, "-"):
				line = red + line + reset
			}
		}
		_, _ = s.out.WriteString(line)
		if ended {
			_ = s.out.WriteByte('\n')
		}
	}
}

// harmless writes out what would move a cursor, change a colour or turn the direction of text.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			return '\uFFFD'
		}
		return r
	}, s)
}

// plural counts: "1 file", "2 files".
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
