package main

import (
	"fmt"
	"strings"

	"github.com/contactsgen/contactsgen/generator"
)

// An inspectDigest is what people read of an inspection: a table, and lists below it. Names and paths of the description are quoted where
// they are not plain; whatever else could come from it is harmless.
type inspectDigest struct {
	table    table
	sections []section
}

// A section is a list below the table: what holds for which operations.
type section struct {
	title   string
	entries []entry
}

type entry struct {
	text  string
	names []string
}

// digest sorts what was found. What guards a write comes first.
func digest(found *generator.Inspection) *inspectDigest {
	d := &inspectDigest{table: table{
		head:  []string{"REVISION", "METHOD", "HTTP", "PATH", "OPERATION", "POSITION"},
		spare: []string{"OPERATION", "POSITION"},
	}}
	unguarded := section{title: "Not guarded, because:"}
	paged := section{title: "Not paged, and seem to answer in pages (--suggest-overlay):"}
	results := section{title: "Seem to answer with an envelope (--suggest-overlay):"}
	for _, service := range found.Services {
		for _, o := range service.Operations {
			name := service.Name + "." + o.Method
			d.table.rows = append(d.table.rows, []string{guardOf(&o), name, o.HTTPMethod, plain(o.Path), plain(o.OperationID), harmless(o.Position)})
			if o.Revision == nil && o.Bulk == nil && o.Unguarded != "" {
				unguarded.add(o.Unguarded, name)
			}
			if p := o.Paging; p != nil {
				paged.add("by "+p.Style+" (items at "+p.Items+")", name)
			}
			if o.Result != "" {
				results.add(o.Result, name)
			}
		}
	}
	errors := section{title: "Errors seem to have their code at (--suggest-overlay):"}
	if found.Errors != nil {
		errors.add(found.Errors.Code, "")
	}
	keys := section{title: "Items seem to be told apart by a member (--suggest-overlay):"}
	for _, k := range found.ItemKeys {
		keys.add(k.Schema+": "+k.Member, "")
	}
	skipped := section{title: "Skipped, because:"}
	for _, o := range found.Skipped {
		skipped.add(o.Reason, o.HTTPMethod+" "+generator.Quote(o.Path))
	}
	d.sections = []section{unguarded, paged, results, errors, keys, skipped}
	return d
}

// guardOf says what guards an operation.
func guardOf(o *generator.InspectedOperation) string {
	switch {
	case o.Revision != nil && len(o.Revision.Helpers) > 0:
		return strings.Join(o.Revision.Helpers, ", ")
	case o.Revision != nil:
		return "guarded"
	case o.Bulk != nil && len(o.Bulk.Helpers) > 0:
		return strings.Join(o.Bulk.Helpers, ", ")
	case o.Bulk != nil:
		return "guarded, item by item"
	case o.Unguarded != "":
		return "not guarded"
	}
	return "-"
}

// plain gives text as it is where that is one word that a terminal shows so, and quoted otherwise.
func plain(text string) string {
	if quoted := generator.Quote(text); text == "" || quoted != `"`+text+`"` || strings.Contains(text, " ") {
		return quoted
	}
	return text
}

// add puts a name to what holds for it.
func (s *section) add(text, name string) {
	for i := range s.entries {
		if s.entries[i].text == text {
			s.entries[i].names = append(s.entries[i].names, name)
			return
		}
	}
	s.entries = append(s.entries, entry{text, []string{name}})
}

// print prints the digest in as many columns as the screen has.
func (d *inspectDigest) print(s *screen) {
	d.table.print(s, s.width)
	for _, section := range d.sections {
		if len(section.entries) == 0 {
			continue
		}
		s.paragraph("\n", "", section.title)
		for _, e := range section.entries {
			for i, line := range strings.Split(e.text, "\n") {
				if i == 0 {
					s.paragraph("  - ", "    ", harmless(line))
				} else {
					s.paragraph("    ", "    ", harmless(strings.TrimSpace(line)))
				}
			}
			if names := strings.Join(e.names, ", "); names != "" {
				s.paragraph("      ", "      ", names)
			}
		}
	}
}

// paragraph prints text in as many columns as the screen has: behind one prefix in the first line, and another one in those that follow.
func (s *screen) paragraph(first, others, text string) {
	width := 0
	if s.width > 0 {
		width = max(s.width-len(others), narrowest)
	}
	for i, line := range wrap(text, width) {
		prefix := others
		if i == 0 {
			prefix = first
		}
		fmt.Fprintln(s.out, prefix+line)
	}
}

// markdown prints the digest for a page.
func (d *inspectDigest) markdown(s *screen) {
	d.table.markdown(s)
	for _, section := range d.sections {
		if len(section.entries) == 0 {
			continue
		}
		fmt.Fprintf(s.out, "\n%s\n\n", section.title)
		for _, e := range section.entries {
			text := inMarkdown(harmless(strings.Join(strings.Fields(e.text), " ")))
			if names := strings.Join(e.names, ", "); names != "" {
				text += ": " + inMarkdown(names)
			}
			fmt.Fprintln(s.out, "- "+text)
		}
	}
}
