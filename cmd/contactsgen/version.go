package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/contactsgen/contactsgen/generator"
)

// version is set by release builds: -ldflags '-X main.version=v1.2.3'. Otherwise the go command's record of what it built tells.
var version string

func newVersion(s *screen) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of the generator",
		Long:    "version prints the generator's version, the output format it writes, and what it was built with.",
		Example: "  contactsgen version",
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(s.out, versionLine())
			return err
		},
	}
}

// versionLine is what version and --version print.
func versionLine() string {
	return fmt.Sprintf("contactsgen %s (output format %d, %s %s/%s)",
		versionText(), generator.OutputFormat, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func versionText() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}
