package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/contactsgen/contactsgen/cmd/contactsgen/internal/config"
	"github.com/contactsgen/contactsgen/generator"
)

var inspectFormats = []string{"table", "markdown", "json"}

func newInspect(s *screen) *cobra.Command {
	var flags targetFlags
	var format string
	var suggest bool
	cmd := &cobra.Command{
		Use:   "inspect [flags]",
		Short: "Show what would be generated, and what guards each write",
		Long: `inspect prints the services and operations that would be generated. For each operation that writes, it says
how its revision is guarded, or why it is not. It writes no files.

It reads what generate would read; with --spec or --api it ignores the config. On a terminal, or where COLUMNS
says how wide one is, the table is as wide as that: where there is no room, it leaves out operationIds and
positions. The JSON format has all there is and is meant for programs: later versions may add members and
remove none.`,
		Example: `  contactsgen inspect
  contactsgen inspect --api ` + lastAPI() + `
  contactsgen inspect --spec api.yaml --overlay revisions.yaml
  contactsgen inspect --spec api.yaml --suggest-overlay > revisions.yaml
  contactsgen inspect --format json | jq '.services[].operations[] | select(.revision == null)'`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", format, inspectFormats...); err != nil {
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
			switch format {
			case "json":
				return s.json(found)
			case "markdown":
				digest(found).markdown(s)
			default:
				digest(found).print(s)
			}
			for _, n := range found.Notes {
				fmt.Fprintln(s.err, n)
			}
			return nil
		},
	}
	flags.registerInput(cmd)
	cmd.Flags().StringVar(&format, "format", "table", "how to print it, `table, markdown or json`")
	cmd.Flags().BoolVar(&suggest, "suggest-overlay", false,
		"print an overlay, to be completed: which writes seem to carry a token, which lists have pages")
	suggestValues(cmd, map[string]completion{"format": oneWord(inspectFormats...)})
	return cmd
}

// suggestOverlay prints an overlay for the candidates, and says on the side what is left to do.
func suggestOverlay(cmd *cobra.Command, s *screen, t target) error {
	overlay, found, err := generator.SuggestOverlay(cmd.Context(), t.options)
	if err != nil {
		return err
	}
	if found.Writes+found.Lists+found.Other == 0 {
		return errors.New("no write seems to carry a concurrency token that is not guarded already, and no list to answer in pages: there is " +
			"nothing to suggest")
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

// json prints a value for programs.
func (s *screen) json(v any) error {
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
