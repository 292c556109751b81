package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/contactsgen/contactsgen/generator"
)

func newGenerate(s *screen) *cobra.Command {
	var flags targetFlags
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "generate [flags]",
		Short: "Render, check and write the client",
		Long: `generate renders every target of contactsgen.yaml, checks the result and writes it.

It writes nothing unless all targets can be rendered and pass the checks. It does not touch files that would
not change. It removes leftovers of earlier runs: files that end in .gen.go or .gen_test.go and begin with
the generator's header, and no others.

Flags override what the config says of its target. With --spec or --api, the config is left aside.`,
		Example: `  contactsgen generate
  contactsgen generate --config tools/contactsgen.yaml
  contactsgen generate --spec api.yaml --overlay revisions.yaml --out internal/api
  contactsgen generate --dry-run`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			targets, err := flags.targets()
			if err != nil {
				return err
			}
			sets, err := render(cmd.Context(), s, targets)
			if err != nil {
				return err
			}
			if dryRun {
				return s.foretell(sets)
			}
			results, err := generator.Write(sets...)
			if err != nil {
				return err
			}
			if err := listSkipped(cmd.Context(), s, targets); err != nil {
				return err
			}
			for i, r := range results {
				s.note("%s: %d written, %d unchanged, %d removed", targets[i].out, len(r.Written), len(r.Unchanged), len(r.Removed))
			}
			return nil
		},
	}
	flags.register(cmd)
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "write nothing, and list what would be written and removed")
	suggestValues(cmd, nil)
	return cmd
}

// foretell lists what would be written and removed.
func (s *screen) foretell(sets []generator.Set) error {
	for _, set := range sets {
		changes, err := generator.Diff(set.Dir, set.Files)
		if err != nil {
			return err
		}
		for _, c := range changes {
			verb := "write"
			if c.Kind == generator.Extra {
				verb = "remove"
			}
			fmt.Fprintf(s.out, "would %s %s\n", verb, filepath.ToSlash(filepath.Join(set.Dir, c.Path)))
		}
		fmt.Fprintf(s.out, "%s: %d of %s would change\n", filepath.ToSlash(set.Dir), len(changes), plural(len(set.Files), "file"))
	}
	return nil
}

// listSkipped says which operations were left out, and why: nobody should find that out by looking for a method.
func listSkipped(ctx context.Context, s *screen, targets []target) error {
	for _, t := range targets {
		if !t.options.SkipUnsupported {
			continue
		}
		found, err := generator.Inspect(ctx, t.options)
		if err != nil {
			return err
		}
		s.progress("")
		for _, o := range found.Skipped {
			fmt.Fprintf(s.err, "contactsgen: %s leaves out %s %s: %s\n", t.out, o.HTTPMethod, generator.Quote(o.Path), o.Reason)
		}
	}
	return nil
}
