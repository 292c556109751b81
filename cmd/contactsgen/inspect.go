package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/contactsgen/contactsgen/cmd/contactsgen/internal/config"
	"github.com/contactsgen/contactsgen/generator"
)

func newInspect(s *screen) *cobra.Command {
	var flags targetFlags
	var format string
	var suggest bool
	cmd := &cobra.Command{
		Use:   "inspect [flags]",
		Short: "Show what would be generated, and what guards each write",
		Long: `inspect prints the services and operations that would be generated. For each operation that writes, it says
how its revision is guarded, or why it is not. It writes no files.

It reads what generate would read; with --spec or --api it ignores the config. The JSON format is meant for
programs: later versions may add members and remove none.`,
		Example: `  contactsgen inspect
  contactsgen inspect --api ` + lastAPI() + `
  contactsgen inspect --spec api.yaml --overlay revisions.yaml
  contactsgen inspect --spec api.yaml --suggest-overlay > revisions.yaml
  contactsgen inspect --format json | jq '.services[].operations[] | select(.revision == null)'`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", format, "table", "json"); err != nil {
				return usage(cmd, err)
			}
			t, err := flags.one(s)
			if err != nil {
				return err
			}
			if suggest {
				return suggestOverlay(cmd, s, t)
			}
			found, err := generator.Inspect(cmd.Context(), t.options)
			if err != nil {
				return err
			}
			if format == "json" {
				return s.json(found)
			}
			printInspection(s, found)
			return nil
		},
	}
	flags.registerInput(cmd)
	cmd.Flags().StringVar(&format, "format", "table", "how to print it, `table or json`")
	cmd.Flags().BoolVar(&suggest, "suggest-overlay", false, "print an overlay, to be completed: which writes seem to carry a token, which lists have pages")
	return cmd
}

// suggestOverlay prints an overlay for the candidates, and says on the side what is left to do.
func suggestOverlay(cmd *cobra.Command, s *screen, t target) error {
	overlay, found, err := generator.SuggestOverlay(cmd.Context(), t.options)
	if err != nil {
		return err
	}
	if found.Writes+found.Lists+found.Other == 0 {
		return errors.New("no write seems to carry a concurrency token that is not guarded already, and no list to answer in pages: there is nothing to suggest")
	}
	todo := "nothing is left to fill in: look through the file, and give it to --overlay"
	if found.ToFillIn > 0 {
		todo = "fill in the " + plural(found.ToFillIn, "place") + " marked FILL-IN, and give the file to --overlay"
	}
	fmt.Fprintf(s.err, "%s to guard, %s to page: %s\n", plural(found.Writes, "write"), plural(found.Lists, "list"), todo)
	_, err = s.out.Write(overlay)
	return err
}

// one gives the one description that is to be looked at: what the flags name, or else the first of the config's, of which the user is told
// when it has more.
func (f *targetFlags) one(s *screen) (target, error) {
	if f.namesDescription() {
		if err := f.checkInput(); err != nil {
			return target{}, err
		}
		t := &config.Target{Package: "inspected"} // a name is needed and not shown
		f.override(t)
		return f.read(t)
	}
	targets, err := f.targets()
	if err != nil {
		return target{}, err
	}
	if len(targets) > 1 {
		fmt.Fprintf(s.err, "contactsgen: %s has %s, and this is the first, %s: ask for another with --spec or --api\n",
			f.config, plural(len(targets), "target"), generator.Quote(targets[0].out))
	}
	return targets[0], nil
}

// named gives the flag that names a description.
func (f *targetFlags) named() string {
	if f.set.Changed("api") {
		return "api"
	}
	return "spec"
}

// printInspection prints a table, and below it why writes are not guarded and operations were skipped. Names and paths of the
// description are quoted; whatever else could come from it is harmless.
func printInspection(s *screen, found *generator.Inspection) {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	var unguarded, skipped, paged, results reasons
	fmt.Fprintln(w, "METHOD\tHTTP\tPATH\tOPERATION\tREVISION\tPOSITION")
	for _, service := range found.Services {
		for _, o := range service.Operations {
			name := service.Name + "." + o.Method
			guard := "-"
			switch {
			case o.Revision != nil && len(o.Revision.Helpers) > 0:
				guard = strings.Join(o.Revision.Helpers, ", ")
			case o.Revision != nil:
				guard = "guarded"
			case o.Bulk != nil && len(o.Bulk.Helpers) > 0:
				guard = strings.Join(o.Bulk.Helpers, ", ")
			case o.Bulk != nil:
				guard = "guarded, item by item"
			case o.Unguarded != "":
				guard = "not guarded"
				unguarded.add(o.Unguarded, name)
			}
			if p := o.Paging; p != nil {
				paged.add("by "+p.Style+" (items at "+p.Items+")", name)
			}
			if o.Result != "" {
				results.add(o.Result, name)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n",
				name, o.HTTPMethod, generator.Quote(o.Path), generator.Quote(o.OperationID), guard, harmless(o.Position))
		}
	}
	_ = w.Flush() // the screen's flush reports what fails
	for _, o := range found.Skipped {
		skipped.add(o.Reason, o.HTTPMethod+" "+generator.Quote(o.Path))
	}
	unguarded.print(s, "Not guarded, because:")
	paged.print(s, "Not paged, and seem to answer in pages (--suggest-overlay):")
	results.print(s, "Seem to answer with an envelope (--suggest-overlay):")
	printSuggested(s, found)
	skipped.print(s, "Skipped, because:")
	for _, n := range found.Notes {
		fmt.Fprintln(s.err, n)
	}
}

// printSuggested prints what the description could say once.
func printSuggested(s *screen, found *generator.Inspection) {
	if found.Errors != nil {
		fmt.Fprintf(s.out, "\nErrors seem to have their code at %s (--suggest-overlay).\n", harmless(found.Errors.Code))
	}
	if len(found.ItemKeys) > 0 {
		fmt.Fprintf(s.out, "\nItems seem to be told apart by a member (--suggest-overlay):\n")
	}
	for _, k := range found.ItemKeys {
		fmt.Fprintf(s.out, "  - %s: %s\n", harmless(k.Schema), harmless(k.Member))
	}
}

// reasons are texts and what they hold for, in order of appearance.
type reasons struct {
	texts []string
	names map[string][]string
}

func (r *reasons) add(text, name string) {
	if r.names == nil {
		r.names = map[string][]string{}
	}
	if r.names[text] == nil {
		r.texts = append(r.texts, text)
	}
	r.names[text] = append(r.names[text], name)
}

func (r *reasons) print(s *screen, title string) {
	if len(r.texts) == 0 {
		return
	}
	fmt.Fprintf(s.out, "\n%s\n", title)
	for _, text := range r.texts {
		for i, line := range strings.Split(text, "\n") {
			if i == 0 {
				line = "- " + line
			} else {
				line = "  " + strings.TrimSpace(line)
			}
			fmt.Fprintf(s.out, "  %s\n", harmless(line))
		}
		fmt.Fprintf(s.out, "      %s\n", strings.Join(r.names[text], ", "))
	}
}

// json prints a value for programs.
func (s *screen) json(v any) error {
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
