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
	cmd := &cobra.Command{
		Use:   "inspect [flags]",
		Short: "Say what the description amounts to",
		Long: `inspect prints the services and operations that would be generated, and says of every operation that
writes whether its revision is guarded, how, or why not. Nothing is written.

What is read is what generate would read; with --spec, the config is left aside. The JSON form is meant
for programs: members may join it, none leave.`,
		Example: `  contactsgen inspect
  contactsgen inspect --spec api.yaml --overlay revisions.yaml
  contactsgen inspect --format json | jq '.services[].operations[] | select(.revision == null)'`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", format, "table", "json"); err != nil {
				return usage(cmd, err)
			}
			t, err := flags.one()
			if err != nil {
				return err
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
	return cmd
}

// one gives the one description that is to be looked at.
func (f *targetFlags) one() (target, error) {
	if f.set.Changed("spec") {
		if f.set.Changed("config") {
			return target{}, errors.New("--spec and --config both say what to read: give one")
		}
		t := &config.Target{Package: "inspected"} // a name is needed and not shown
		f.override(t)
		return f.read(t)
	}
	targets, err := f.targets()
	if err != nil {
		return target{}, err
	}
	if len(targets) != 1 {
		return target{}, fmt.Errorf("%s has %s: say which description to look at with --spec", f.config, plural(len(targets), "target"))
	}
	return targets[0], nil
}

// printInspection prints a table. Everything that comes from the description is quoted.
func printInspection(s *screen, found *generator.Inspection) {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "METHOD\tHTTP\tPATH\tOPERATION\tREVISION\tPOSITION")
	for _, service := range found.Services {
		for _, o := range service.Operations {
			fmt.Fprintf(w, "%s.%s\t%s\t%s\t%s\t%s\t%s\n", service.Name, o.Method, o.HTTPMethod,
				generator.Quote(o.Path), generator.Quote(o.OperationID), guard(o), o.Position)
		}
	}
	for _, o := range found.Skipped {
		fmt.Fprintf(w, "(skipped)\t%s\t%s\t%s\t-\t%s\n", o.HTTPMethod, generator.Quote(o.Path), generator.Quote(o.OperationID), firstLine(o.Reason))
	}
	_ = w.Flush() // the screen's flush reports what fails
}

// guard says in a few words how an operation's revision is guarded.
func guard(o generator.InspectedOperation) string {
	switch {
	case o.Revision != nil && len(o.Revision.Helpers) > 0:
		return "guarded: " + strings.Join(o.Revision.Helpers, ", ")
	case o.Revision != nil:
		return "guarded"
	case o.Unguarded != "":
		return "not guarded: " + firstLine(o.Unguarded)
	}
	return "-"
}

// firstLine gives the first line of a text that may carry advice on more.
func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// json prints a value for programs.
func (s *screen) json(v any) error {
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
