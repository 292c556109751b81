package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Page prints the sections as Markdown. Plots are files in the folder named, seen from the page.
func Page(sections []*Section, folder string) string {
	var b strings.Builder
	b.WriteString(`# Benchmarks

Made by ` + "`make bench`" + `, which needs Go and make, takes a quarter of an hour, and writes this page; ` + "`make bench ONLY=calling`" + ` measures one section again.
Whatever is compared runs in turn on one machine; a ratio is the median of its rounds, with the smallest and the largest in brackets, and less than
1 means that ours takes less. Times are reported and nothing depends on them; what can be counted exactly is also held by tests.

| goal | wanted | measured | reached |
|---|---|---|---|
`)
	for _, s := range sections {
		for _, g := range s.Goals {
			fmt.Fprintf(&b, "| [%s](#%s): %s | %s | %s | %s |\n", strings.ToLower(s.Title), anchor(s.Title), g.Text, g.Want, g.Got, yes(g.Reached))
		}
	}
	for _, s := range sections {
		s.print(&b, folder)
	}
	return b.String()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "**no**"
}

func anchor(title string) string { return strings.ReplaceAll(strings.ToLower(title), " ", "-") }

func (s *Section) print(b *strings.Builder, folder string) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n\nMeasured by `make bench ONLY=%s` on %s.\n", s.Title, strings.TrimSpace(s.Intro), s.Name, s.Machine)
	for _, p := range s.Plots {
		fmt.Fprintf(b, "\n![%s](%s/%s.svg)\n", p.Title, folder, p.Name)
	}
	for _, t := range s.Tables {
		t.print(b)
	}
	for _, p := range s.Profiles {
		fmt.Fprintf(b, "\n%s: `%s` says\n\n```text\n%s\n```\n", p.Title, p.Command, strings.TrimSpace(p.Text))
	}
}

func (t Table) print(b *strings.Builder) {
	if t.Title != "" {
		fmt.Fprintf(b, "\n### %s\n", t.Title)
	}
	fmt.Fprintf(b, "\n| %s |\n|---|%s\n", strings.Join(t.Head, " | "), strings.Repeat("---:|", len(t.Head)-1))
	for _, row := range t.Rows {
		fmt.Fprintf(b, "| %s |\n", strings.Join(row, " | "))
	}
	if t.Note != "" {
		fmt.Fprintf(b, "\n%s\n", t.Note)
	}
}

// The lines between which the README has its plot and numbers.
const (
	begin = "<!-- benchmarks: written by make bench -->"
	end   = "<!-- benchmarks end -->"
)

// Readme puts the plot and the headlines into the README, between the lines that mark their place.
func Readme(text string, sections []*Section, page, plots string) (string, error) {
	before, rest, ok := strings.Cut(text, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return "", fmt.Errorf("the README has no place for the benchmarks: %s and %s", begin, end)
	}
	var b strings.Builder
	for _, s := range sections {
		for _, p := range s.Plots {
			if p.Headline {
				fmt.Fprintf(&b, "\n![%s](%s/%s.svg)\n", p.Title, plots, p.Name)
			}
		}
	}
	b.WriteString("\n")
	for _, s := range sections {
		for _, g := range s.Goals {
			if g.Headline != "" {
				fmt.Fprintf(&b, "- %s (`make bench ONLY=%s`)\n", g.Headline, s.Name)
			}
		}
	}
	fmt.Fprintf(&b, "\n[Benchmarks](%s) has the rest: what was compared with what, and which goals are missed.\n", page)
	return before + begin + "\n" + b.String() + "\n" + end + after, nil
}

// Show prints tables and goals to a terminal.
func (s *Section) Show(w io.Writer) {
	fmt.Fprintf(w, "\n%s\n", s.Title)
	for _, t := range s.Tables {
		columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintf(columns, "\n%s\n", strings.Join(t.Head, "\t"))
		for _, row := range t.Rows {
			fmt.Fprintln(columns, strings.Join(row, "\t"))
		}
		_ = columns.Flush() // what the terminal does not take is lost
	}
	fmt.Fprintln(w)
	for _, g := range s.Goals {
		reached := "reached"
		if !g.Reached {
			reached = "MISSED "
		}
		fmt.Fprintf(w, "%s  %s: %s, wanted %s\n", reached, g.Text, g.Got, g.Want)
	}
}
