package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/contactsgen/contactsgen/cmd/contactsgen/internal/config"
	"github.com/contactsgen/contactsgen/generator"
	"github.com/contactsgen/contactsgen/spec"
)

// tool is what a consuming repository adds to its go.mod.
const tool = "github.com/contactsgen/contactsgen/cmd/contactsgen"

func newInit(s *screen) *cobra.Command {
	var api, from, out, name string
	cmd := &cobra.Command{
		Use:   "init [flags]",
		Short: "Set up a repository that will use a client",
		Long: `init writes contactsgen.yaml in the current folder, and generate.go with a go:generate directive in the
folder that will hold the client. If one of these files exists already, init fails and changes nothing.`,
		Example: `  contactsgen init
  contactsgen init --api ` + lastAPI() + `
  contactsgen init --spec api.yaml --out internal/api`,
		RunE: func(*cobra.Command, []string) error {
			t, err := initTarget(config.Target{API: api, Spec: from, Out: out, Package: name})
			if err != nil {
				return err
			}
			files := initFiles(t)
			if err := createAll(files); err != nil {
				return err
			}
			for _, f := range files {
				fmt.Fprintf(s.out, "wrote %s\n", f.name)
			}
			fmt.Fprintln(s.out, "\nNext:")
			if !hasTool(".") {
				fmt.Fprintf(s.out, "  go get -tool %s\n", tool)
			}
			fmt.Fprintln(s.out, "  go generate ./...")
			return nil
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&api, "api", "", "`name` of a description that comes with the generator: "+apiNames()+" (default: "+spec.APIs()[0].Name+")")
	cmd.Flags().StringVar(&from, "spec", "", "OpenAPI description, a `file`, instead of one that comes with the generator")
	cmd.Flags().StringVar(&out, "out", "", "`folder` for the client, in this one (default: the package's name)")
	cmd.Flags().StringVar(&name, "package", "", "`name` of the Go package (default: the last element of --out)")
	return cmd
}

// initTarget fills in what was not said, and refuses what the files could not say.
func initTarget(t config.Target) (config.Target, error) {
	api, err := apiOf(t.API)
	switch {
	case err != nil:
		return config.Target{}, err
	case t.API != "" && t.Spec != "":
		return config.Target{}, errors.New("--api and --spec both say what to read: give one")
	case t.Package == "" && t.Out == "" && t.Spec == "":
		t.Package = api.Package
	case t.Package == "" && t.Out == "":
		return config.Target{}, errors.New("--out or --package is needed with --spec")
	case t.Package == "":
		t.Package = filepath.Base(t.Out)
	}
	if t.Out == "" {
		t.Out = t.Package
	}
	switch {
	case !config.PackageName(t.Package):
		return config.Target{}, fmt.Errorf("%s cannot be the name of a Go package: choose another with --package", generator.Quote(t.Package))
	case !filepath.IsLocal(t.Out):
		return config.Target{}, fmt.Errorf("--out is a folder inside this one, not %s", generator.Quote(t.Out))
	case !importable(t.Out):
		return config.Target{}, fmt.Errorf("--out is where the package is imported from, and %s cannot be part of an import path", generator.Quote(t.Out))
	}
	t.Out = filepath.Clean(t.Out)
	return t, nil
}

// importable tells whether the go command takes a folder's name into an import path.
func importable(name string) bool {
	return !strings.ContainsFunc(filepath.ToSlash(name), func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._~+-", r)
	})
}

type newFile struct {
	name string
	data []byte
}

// initFiles renders the two files.
func initFiles(t config.Target) []newFile {
	var c bytes.Buffer
	c.WriteString("# What contactsgen generates. Paths are relative to this file.\ntargets:\n")
	if t.Spec == "" {
		c.WriteString("  # Without `spec: FILE` a description that comes with the generator is used. To add to it, name an\n" +
			"  # OpenAPI Overlay: `overlays: [FILE]`.\n")
	}
	switch {
	case t.Spec != "":
		fmt.Fprintf(&c, "  - spec: %s\n    out: %s\n", quoteYAML(t.Spec), quoteYAML(t.Out))
	case t.API != "":
		fmt.Fprintf(&c, "  - api: %s\n    out: %s\n", t.API, quoteYAML(t.Out))
	default:
		fmt.Fprintf(&c, "  - out: %s\n", quoteYAML(t.Out))
	}
	fmt.Fprintf(&c, "    package: %s\n", t.Package)

	back, err := filepath.Rel(t.Out, config.Name)
	if err != nil {
		back = config.Name // cannot be: both are local paths
	}
	directive := "//go:generate go tool contactsgen generate"
	if back != config.Name {
		directive += " --config " + filepath.ToSlash(back)
	}
	g := fmt.Sprintf("package %s\n\n%s\n", t.Package, directive)
	return []newFile{{config.Name, c.Bytes()}, {filepath.Join(t.Out, "generate.go"), []byte(g)}}
}

// quoteYAML writes a path so that YAML reads it as text.
func quoteYAML(name string) string {
	name = filepath.ToSlash(name)
	for _, r := range name {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-", r) {
			return "'" + strings.ReplaceAll(name, "'", "''") + "'"
		}
	}
	if strings.Trim(name, "0123456789._-~") == "" {
		return "'" + name + "'" // a number, a null or a document marker to YAML
	}
	return name
}

// createAll creates all files or none.
func createAll(files []newFile) error {
	for i, f := range files {
		err := os.MkdirAll(filepath.Dir(f.name), 0o755)
		if err == nil {
			err = create(f)
		}
		if err != nil {
			for _, made := range files[:i] {
				_ = os.Remove(made.name) // best effort: the error on its way says what went wrong
			}
			return fmt.Errorf("cannot create %s: %w", f.name, explain(err))
		}
	}
	return nil
}

func create(f newFile) error {
	w, err := os.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = w.Write(f.data)
	return errors.Join(err, w.Close())
}

// explain drops what the message around an error says already.
func explain(err error) error {
	var at *fs.PathError
	switch {
	case errors.Is(err, fs.ErrExist):
		return errors.New("it is there already, and is left as it is")
	case errors.As(err, &at):
		return at.Err
	}
	return err
}

// hasTool tells whether the module around a folder names the tool.
func hasTool(dir string) bool {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	for {
		data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil {
			return bytes.Contains(data, []byte(tool))
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return false
		}
		dir = parent
	}
}
