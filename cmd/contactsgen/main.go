// Command contactsgen turns an OpenAPI description into a Go client that needs the standard library alone, and whose resources
// know their revision.
//
//	contactsgen generate   render, check and write the client
//	contactsgen check      say whether what is on disk is what would be written
//	contactsgen inspect    say what the description amounts to
//	contactsgen init       start in a repository that will use a client
//	contactsgen fetch      download a description into a file
//	contactsgen sandbox    serve the description's fake
//	contactsgen version    say which generator this is
//
// The exit status is 0 when all is well, 1 when check found a difference, and 2 for trouble of any kind. What goes wrong in a
// file that a person wrote is reported as file:line:col on standard error, everything else after the command's name.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/contactsgen/contactsgen/generator"
)

// The exit statuses.
const (
	exitOK      = 0
	exitStale   = 1
	exitTrouble = 2
)

// errStale is check's finding. The finding itself has been printed.
var errStale = errors.New("the generated code is stale")

// gcPercent lets the heap grow further than usual before garbage is collected: a run is short, and most are over before that is worth
// while.
const gcPercent = 1000

// limitMemory has garbage collected more often where a large description would take much more than 400 MB. Few descriptions are larger
// than 13 MB, and those get room in proportion. GOMEMLIMIT overrides it.
func limitMemory(description int) {
	const room, perByte = 345 << 20, 27
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(max(room, perByte*int64(description)))
	}
}

func main() {
	debug.SetGCPercent(gcPercent)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], newScreen(os.Stdout, os.Stderr, os.Getenv))
	stop()
	os.Exit(status)
}

// run is the whole command.
func run(ctx context.Context, args []string, s *screen) int {
	root := newRoot(s)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if errFlush := s.flush(); err == nil && errFlush != nil {
		err = fmt.Errorf("cannot write to standard output: %w", errFlush)
	}
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errStale):
		return exitStale
	}
	s.complain(err)
	return exitTrouble
}

func newRoot(s *screen) *cobra.Command {
	root := &cobra.Command{
		Use:     "contactsgen",
		Version: versionLine(), // for --version
		Short:   "Generate Go clients whose resources know their revision",
		Long: `contactsgen turns an OpenAPI description into a Go client that imports only the standard library.
For resources with a revision it generates helpers that update them without losing anybody's changes.

contactsgen.yaml or flags say what to generate; flags override the file. Without either, contactsgen uses
the description that comes with it.`,
		Example: `  contactsgen init                      start in your repository
  contactsgen generate                  write what contactsgen.yaml asks for
  contactsgen check                     fail if the files are out of date
  contactsgen inspect --spec api.yaml   see what would be generated`,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usage(cmd, err) })
	root.AddCommand(newGenerate(s), newCheck(s), newInspect(s), newInit(s), newFetch(s), newSandbox(s), newVersion(s))
	fitHelp(root, s)
	for _, cmd := range root.Commands() {
		cmd.DisableFlagsInUseLine = true
		if cmd.Name() == "fetch" {
			continue // which says itself what it takes
		}
		cmd.Args = func(cmd *cobra.Command, args []string) error { return usage(cmd, cobra.NoArgs(cmd, args)) }
	}
	return root
}

// usage says where a person who mistyped a call finds the right one.
func usage(cmd *cobra.Command, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w\nsee %s --help", err, cmd.CommandPath())
}

// complain prints an error. Complaints with positions stand alone, as compilers print them, so that editors find the place.
func (s *screen) complain(err error) {
	s.progress("")
	var list *generator.Error
	if !errors.As(err, &list) {
		fmt.Fprintf(s.err, "contactsgen: %s\n", strings.TrimSpace(err.Error())) // cobra's advice ends in a newline
		return
	}
	placed := list.Problems // in order of position: those without come first
	for len(placed) > 0 && placed[0].Pos.File == "" {
		fmt.Fprintf(s.err, "contactsgen: %v\n", placed[0])
		placed = placed[1:]
	}
	if len(placed) > 0 {
		fmt.Fprintln(s.err, &generator.Error{Problems: placed})
	}
}
