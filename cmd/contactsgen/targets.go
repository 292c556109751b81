package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/contactsgen/contactsgen/cmd/contactsgen/internal/config"
	"github.com/contactsgen/contactsgen/generator"
	"github.com/contactsgen/contactsgen/spec"
)

// targetFlags are the flags that say what to generate. generate and check have all of them, and mean the same by them.
type targetFlags struct {
	config          string
	api             string
	spec            string
	overlays        []string
	out             string
	packageName     string
	skipUnsupported bool
	typecheck       bool

	set *pflag.FlagSet
}

func (f *targetFlags) register(cmd *cobra.Command) {
	f.registerInput(cmd)
	f.set.StringVar(&f.out, "out", "", "`folder` to write the client to (default: the package's name)")
	f.set.StringVar(&f.packageName, "package", "", "`name` of the Go package (default: the last element of --out)")
	f.set.BoolVar(&f.typecheck, "typecheck", false,
		"type-check the runtime's function bodies too, against the standard library of the installed Go")
}

// registerInput adds the flags that say what is read.
func (f *targetFlags) registerInput(cmd *cobra.Command) {
	f.set = cmd.Flags()
	f.set.SortFlags = false
	f.set.StringVar(&f.config, "config", config.Name, "`file` that says what to generate; it may be missing unless you name it")
	f.set.StringVar(&f.api, "api", "", "`name` of a description that comes with the generator: "+apiNames()+" (default: "+spec.APIs()[0].Name+
		")")
	f.set.StringVar(&f.spec, "spec", "", "OpenAPI description, a `file` in YAML or JSON, or - for standard input, instead of one that comes "+
		"with the generator")
	f.set.StringArrayVar(&f.overlays, "overlay", nil, "OpenAPI Overlay, a `file`, to apply to the description; may be repeated")
	f.set.BoolVar(&f.skipUnsupported, "skip-unsupported", false, "leave out operations that cannot be generated instead of failing")
}

// apiNames lists the descriptions that come with the generator.
func apiNames() string {
	var names []string
	for _, api := range spec.APIs() {
		names = append(names, api.Name)
	}
	return strings.Join(names, " or ")
}

// lastAPI names a description for examples of --api: the last, as the default one need not be asked for.
func lastAPI() string {
	all := spec.APIs()
	return all[len(all)-1].Name
}

// apiOf finds a description that comes with the generator; "" is the default one.
func apiOf(name string) (spec.API, error) {
	all := spec.APIs()
	if name == "" {
		return all[0], nil
	}
	i := slices.IndexFunc(all, func(api spec.API) bool { return api.Name == name })
	if i < 0 {
		return spec.API{}, fmt.Errorf("--api is %s, not %s", apiNames(), generator.Quote(name))
	}
	return all[i], nil
}

// A target is one description on its way to one folder.
type target struct {
	options generator.Options
	out     string
}

// targets merges config and flags, and reads the documents.
func (f *targetFlags) targets() ([]target, error) {
	configured, err := f.configured()
	if err != nil {
		return nil, err
	}
	var problems generator.Problems
	targets := make([]target, 0, len(configured))
	for _, c := range configured {
		t, err := f.read(c)
		problems.Merge(err)
		targets = append(targets, t)
	}
	return targets, problems.Err()
}

// configured gives the config's targets with the flags applied, or the one that the flags describe: without a config, or when they name a
// description, which what the config says of another one does not fit.
func (f *targetFlags) configured() ([]*config.Target, error) {
	if err := f.checkInput(); err != nil {
		return nil, err
	}
	_, err := os.Stat(f.config)
	if f.namesDescription() || errors.Is(err, fs.ErrNotExist) && !f.set.Changed("config") {
		return f.alone()
	}
	configured, err := config.Load(f.config)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"overlay", "out", "package"} {
		if f.set.Changed(name) && len(configured) > 1 {
			return nil, fmt.Errorf("%s has %s, and --%s can override that of one only", f.config, plural(len(configured), "target"), name)
		}
	}
	for _, t := range configured {
		if err := f.overrideFolder(t); err != nil {
			return nil, err
		}
		f.override(t)
	}
	return configured, nil
}

// checkInput refuses flags that do not say which description to read.
func (f *targetFlags) checkInput() error {
	if f.set.Changed("api") && f.set.Changed("spec") {
		return errors.New("--api and --spec both say what to read: give one")
	}
	if f.namesDescription() && f.set.Changed("config") {
		return fmt.Errorf("--%s and --config both say what to read: give one", f.named())
	}
	if f.set.Changed("package") && !config.PackageName(f.packageName) {
		return fmt.Errorf("--package is %s, which cannot be the name of a Go package", generator.Quote(f.packageName))
	}
	_, err := apiOf(f.api)
	return err
}

// namesDescription tells whether the flags say what to read.
func (f *targetFlags) namesDescription() bool { return f.set.Changed("api") || f.set.Changed("spec") }

// overrideFolder applies --out to a target of the config. Its package is the folder's name then, as --help says; where the config names
// another, nobody can tell which is meant.
func (f *targetFlags) overrideFolder(t *config.Target) error {
	if !f.set.Changed("out") || f.set.Changed("package") {
		return nil
	}
	name := filepath.Base(f.out)
	switch {
	case t.PackagePos.Line == 0 && !config.PackageName(name):
		return outNamesNoPackage(name)
	case t.PackagePos.Line == 0:
		t.Package = name
	case t.Package != name:
		var problems generator.Problems
		problems.Add(&generator.Problem{
			Pos: t.PackagePos, Message: fmt.Sprintf("the package is %s here, and %s by --out", generator.Quote(t.Package), generator.Quote(name)),
			Help: "say which with --package",
		})
		return problems.Err()
	}
	return nil
}

func outNamesNoPackage(name string) error {
	return fmt.Errorf("--package is needed: --out ends in %s, which cannot be the name of a Go package", generator.Quote(name))
}

// alone makes a target of the flags.
func (f *targetFlags) alone() ([]*config.Target, error) {
	t := &config.Target{}
	f.override(t)
	switch {
	case t.Package != "" && t.Out == "":
		t.Out = t.Package
	case t.Package == "" && t.Out != "":
		t.Package = filepath.Base(t.Out)
		if !config.PackageName(t.Package) {
			return nil, outNamesNoPackage(t.Package)
		}
	case t.Package == "" && t.Spec == "":
		api, err := apiOf(t.API)
		if err != nil {
			return nil, err
		}
		t.Package, t.Out = api.Package, api.Package
	case t.Package == "":
		return nil, f.noFolder()
	}
	return []*config.Target{t}, nil
}

// noFolder says what is missing, and why the config does not help.
func (f *targetFlags) noFolder() error {
	if _, err := os.Stat(f.config); err == nil {
		return fmt.Errorf("--out or --package is needed with --spec, which leaves %s aside", f.config)
	}
	return errors.New("--out or --package is needed with --spec")
}

// override applies the flags that were given.
func (f *targetFlags) override(t *config.Target) {
	if f.set.Changed("api") {
		t.API, t.Spec = f.api, ""
	}
	if f.set.Changed("spec") {
		t.API, t.Spec, t.SpecPos = "", f.spec, generator.Position{}
	}
	if f.set.Changed("overlay") {
		t.Overlays, t.OverlaysPos = f.overlays, make([]generator.Position, len(f.overlays))
	}
	if f.set.Changed("out") {
		t.Out, t.OutPos = f.out, generator.Position{}
	}
	if f.set.Changed("package") {
		t.Package = f.packageName
	}
	if f.set.Changed("skip-unsupported") {
		t.SkipUnsupported = f.skipUnsupported
	}
	if f.set.Changed("typecheck") {
		t.Typecheck = f.typecheck
	}
}

// read reads the documents of a target.
func (f *targetFlags) read(c *config.Target) (target, error) {
	api, err := apiOf(c.API)
	if err != nil {
		return target{}, err
	}
	t := target{out: c.Out, options: generator.Options{
		Spec:            generator.Input{Name: api.File, Data: api.Data},
		Package:         c.Package,
		ImportPath:      importPathOf(c.Out),
		SkipUnsupported: c.SkipUnsupported,
		Typecheck:       c.Typecheck,
		Choice:          c.Choice,
		Features:        c.Features,
	}}
	var problems generator.Problems
	if c.Spec != "" {
		in, err := readDocument("description", c.Spec, c.SpecPos)
		problems.Merge(err)
		t.options.Spec = in
	}
	for i, name := range c.Overlays {
		in, err := readDocument("overlay", name, c.OverlaysPos[i])
		problems.Merge(err)
		t.options.Overlays = append(t.options.Overlays, in)
	}
	return t, problems.Err()
}

// looksLikeURL finds addresses, also behind the folder of a config, where two slashes have become one.
var looksLikeURL = regexp.MustCompile(`(?i)(^|/)https?:/`)

// fromStdin is the name of a description that comes from standard input.
const fromStdin = "-"

// readDocument reads a file that a config or a flag names. That it is not there is a complaint about the place that names it.
// A URL is one, too: it is not repeated, since it may hold a password.
func readDocument(what, name string, named generator.Position) (generator.Input, error) {
	if looksLikeURL.MatchString(filepath.ToSlash(name)) {
		return generator.Input{}, &generator.Problem{
			Pos: named, Message: fmt.Sprintf("the %s is a URL, and nothing is read from a network", what),
			Help: "contactsgen fetch downloads it into a file: commit that, and name it",
		}
	}
	if name == fromStdin && what == "description" && named.Line == 0 {
		return generator.ReadFrom("stdin", os.Stdin)
	}
	info, err := os.Stat(name)
	var at *fs.PathError
	switch {
	case errors.As(err, &at):
		err = at.Err
	case err == nil && info.IsDir():
		err = errors.New("is a directory")
	}
	if err != nil {
		return generator.Input{}, &generator.Problem{
			Pos: named, Message: fmt.Sprintf("cannot read the %s %s: %v", what, name, err), Help: meantFile(name, err),
		}
	}
	return generator.ReadFile(name)
}

// meantFile says which file of the same folder was likely meant by one that is not there; "" where none is like it.
func meantFile(name string, err error) string {
	entries, unreadable := os.ReadDir(filepath.Dir(name))
	if !errors.Is(err, fs.ErrNotExist) || unreadable != nil {
		return ""
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	if near := generator.Nearest(filepath.Base(name), names); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

// maxWarnings bounds how many warnings one target shows.
const maxWarnings = 20

// render generates every target. All complaints come in one error; sets of files only when there are none.
func render(ctx context.Context, s *screen, targets []target) ([]generator.Set, error) {
	var problems generator.Problems
	sets := make([]generator.Set, 0, len(targets))
	for i, t := range targets {
		s.progress("[%d/%d] %s from %s", i+1, len(targets), t.out, t.options.Spec.Name)
		limitMemory(len(t.options.Spec.Data))
		said := 0
		t.options.Warn = func(warning string) {
			if said++; said <= maxWarnings {
				s.warn(warning)
			}
		}
		files, err := generator.Generate(ctx, t.options)
		if said > maxWarnings {
			s.warn(fmt.Sprintf("%s: there are %d more; contactsgen inspect lists them", t.options.Spec.Name, said-maxWarnings))
		}
		problems.Merge(err)
		sets = append(sets, generator.Set{Dir: t.out, Files: files, Listed: fromGoGenerate()})
	}
	s.progress("")
	return sets, problems.Err()
}

// fromGoGenerate tells whether a directive runs the command: the go command has listed the files of all packages then, and fails when one
// of them goes away.
func fromGoGenerate() bool { return os.Getenv("GOFILE") != "" && os.Getenv("GOLINE") != "" }
