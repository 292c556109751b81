package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A table is rows of cells below a head.
type table struct {
	head []string
	rows [][]string
	// spare are the columns that are left out, the first one first, while the table is too wide.
	spare []string
}

// gap stands between two columns.
const gap = "  "

// narrowest is how many characters a column keeps, however little room there is.
const narrowest = 8

// print prints the table in as many columns as it may take; 0 is as many as it takes. What does not fit goes on in the next line, so that
// but for spare columns nothing is lost.
func (t *table) print(s *screen, width int) {
	shown := t.shown(width)
	widths := t.fit(shown, width)
	for _, row := range append([][]string{t.head}, t.rows...) {
		cells := make([][]string, len(shown))
		height := 0
		for i, column := range shown {
			cells[i] = wrap(row[column], widths[i])
			height = max(height, len(cells[i]))
		}
		for line := range height {
			var b strings.Builder
			for i := range shown {
				text := ""
				if line < len(cells[i]) {
					text = cells[i][line]
				}
				b.WriteString(text + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text)) + gap)
			}
			fmt.Fprintln(s.out, strings.TrimRight(b.String(), " "))
		}
	}
}

// natural gives how wide a column is with each of its cells in one line.
func (t *table) natural(column int) int {
	width := utf8.RuneCountInString(t.head[column])
	for _, row := range t.rows {
		width = max(width, utf8.RuneCountInString(row[column]))
	}
	return width
}

// shown gives the columns that there is room for.
func (t *table) shown(width int) []int {
	leftOut := map[string]bool{}
	for n := 0; ; n++ {
		var shown []int
		total := -len(gap)
		for i, name := range t.head {
			if !leftOut[name] {
				shown = append(shown, i)
				total += t.natural(i) + len(gap)
			}
		}
		if width == 0 || total <= width || n == len(t.spare) {
			return shown
		}
		leftOut[t.spare[n]] = true
	}
}

// fit gives the widths of the columns shown: their own, less what the widest ones have to give up.
func (t *table) fit(shown []int, width int) []int {
	widths := make([]int, len(shown))
	total := -len(gap)
	for i, column := range shown {
		widths[i] = t.natural(column)
		total += widths[i] + len(gap)
	}
	for width > 0 && total > width {
		widest := 0
		for i := range widths {
			if widths[i] > widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= narrowest {
			break
		}
		widths[widest]--
		total--
	}
	return widths
}

// markdown prints the table as Markdown.
func (t *table) markdown(s *screen) {
	row := func(cells []string) {
		fmt.Fprintln(s.out, "| "+strings.Join(cells, " | ")+" |")
	}
	row(t.head)
	row(strings.Split(strings.TrimSuffix(strings.Repeat("---,", len(t.head)), ","), ","))
	for _, cells := range t.rows {
		escaped := make([]string, len(cells))
		for i, cell := range cells {
			escaped[i] = inMarkdown(cell)
		}
		row(escaped)
	}
}

// inMarkdown writes text that is to be read as it is.
func inMarkdown(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\\`*_[]<>|#&~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// wrap breaks text into lines of a width: behind a space, a comma, a period or a slash where that is not too early, and anywhere else otherwise.
func wrap(text string, width int) []string {
	var lines []string
	rest := []rune(text)
	for width > 0 && len(rest) > width {
		end := width
		for i := width; i > width/3; i-- {
			if strings.ContainsRune(" ,./", rest[i-1]) || rest[i] == ' ' {
				end = i
				break
			}
		}
		lines = append(lines, strings.TrimSpace(string(rest[:end])))
		rest = []rune(strings.TrimLeft(string(rest[end:]), " "))
	}
	return append(lines, string(rest))
}
