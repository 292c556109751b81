package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/contactsgen/contactsgen/cmd/contactsgen/internal/config"
	"github.com/contactsgen/contactsgen/docs"
	"github.com/contactsgen/contactsgen/generator"
	"github.com/contactsgen/contactsgen/spec"
)

// tool is what a consuming repository adds to its go.mod.
const tool = "github.com/contactsgen/contactsgen/cmd/contactsgen"

// goToolMod is the module file that keeps what the tool needs apart from what the repository's own code does.
const goToolMod = "go.tool.mod"

// initFlags say what to start with.
type initFlags struct {
	target   config.Target
	features []string
	modfile  string
	from     string // config of oapi-codegen; "" is none
}

func newInit(s *screen) *cobra.Command {
	var flags initFlags
	cmd := &cobra.Command{
		Use:   "init [flags]",
		Short: "Set up a repository that will use a client",
		Long: `init writes contactsgen.yaml and its schema for editors in the current folder, and in the folder that will hold
the client generate.go with a go:generate directive and .gitattributes. Where writes of --spec seem to carry
a revision that the description does not tell of, it writes an overlay that does, to be looked through. If
one of these files exists already, init fails and changes nothing.

It ends with the commands that come next, and a program that makes a first call, of a sandbox.`,
		Example: `  contactsgen init
  contactsgen init --api ` + lastAPI() + `
  contactsgen init --spec api.yaml --out internal/api --features bulk,webhooks
  contactsgen init --spec api.yaml --from oapi-codegen.yaml`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			plan, err := flags.plan(cmd.Context())
			if err != nil {
				return err
			}
			if err := createAll(plan.files); err != nil {
				return err
			}
			plan.say(s)
			return nil
		},
	}
	t := &flags.target
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&t.API, "api", "", "`name` of a description that comes with the generator: "+apiNames()+" (default: "+
		spec.APIs()[0].Name+")")
	cmd.Flags().StringVar(&t.Spec, "spec", "", "OpenAPI description, a `file`, instead of one that comes with the generator")
	cmd.Flags().StringVar(&t.Out, "out", "", "`folder` for the client, in this one (default: the package's name)")
	cmd.Flags().StringVar(&t.Package, "package", "", "`name` of the Go package (default: the last element of --out)")
	cmd.Flags().StringSliceVar(&flags.features, "features", nil, "`parts` of the output beside the default ones: "+optIn())
	cmd.Flags().StringVar(&flags.from, "from", "",
		"config `file` of oapi-codegen, whose package, output, choice of operations and overlay are taken over")
	cmd.Flags().BoolVar(&t.SkipUnsupported, "skip-unsupported", false, "leave out operations that cannot be generated instead of failing")
	cmd.Flags().StringVar(&flags.modfile, "modfile", goToolMod,
		"module `file` for the tool and what it needs, where go.mod does not have the tool; \"\" is go.mod itself")
	suggestValues(cmd, map[string]completion{"features": lists(func(string) []string { return strings.Split(optIn(), ", ") })})
	return cmd
}

// optIn lists the features that are made on request.
func optIn() string {
	var names []string
	for _, f := range generator.OptInFeatures() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// An initPlan is what init writes, and says.
type initPlan struct {
	files   []newFile
	module  moduleFile
	modfile string   // where the tool is; "": go.mod has it or gets it
	overlay string   // name of the overlay that is to be looked through
	fillIn  int      // how many places of it are to be filled in
	call    string   // a program to begin with
	leftOut []string // what a config of oapi-codegen says that has no place in ours
}

// plan reads the description and decides what init does.
func (f *initFlags) plan(ctx context.Context) (*initPlan, error) {
	asked := f.target
	var leftOut []string
	if f.from != "" {
		var err error
		if leftOut, err = migrate(f.from, &asked); err != nil {
			return nil, err
		}
	}
	t, err := initTarget(asked)
	if err != nil {
		return nil, err
	}
	for _, name := range f.features {
		known := generator.OptInFeatures()
		if !slices.Contains(known, generator.Feature(name)) {
			return nil, fmt.Errorf("--features are of %s, not %s", optIn(), generator.Quote(name))
		}
		t.Features = append(t.Features, generator.Feature(name))
	}
	read, err := (&targetFlags{}).read(&config.Target{API: t.API, Spec: t.Spec, Package: t.Package, SkipUnsupported: t.SkipUnsupported,
		Choice: t.Choice, Overlays: t.Overlays, OverlaysPos: make([]generator.Position, len(t.Overlays)),
		Features: append(generator.DefaultFeatures(), t.Features...)})
	if err != nil {
		return nil, err
	}
	p := &initPlan{module: findModule("."), leftOut: leftOut}
	if !p.module.hasTool {
		p.modfile = f.modfile
	}
	overlay, found, err := generator.SuggestOverlay(ctx, read.options)
	if err != nil {
		return nil, err
	}
	if found.Writes > 0 {
		p.overlay, p.fillIn = t.Package+".overlay.yaml", found.ToFillIn
	}
	if p.call, err = generator.FirstCall(ctx, read.options, p.module.importPath(t.Out), "http://"+sandboxAddress); err != nil {
		return nil, err
	}
	p.files = []newFile{
		{name: config.Name, data: p.config(t)},
		{name: filepath.Join(t.Out, "generate.go"), data: p.directive(t)},
		{name: filepath.Join(t.Out, ".gitattributes"), data: []byte("*.gen.go linguist-generated\n*.gen_test.go linguist-generated\n")},
		{name: schemaName, data: docs.Schema, kept: true},
	}
	if p.overlay != "" {
		p.files = append(p.files, newFile{name: p.overlay, data: overlay})
	}
	return p, nil
}

// say tells what was written, and what comes next.
func (p *initPlan) say(s *screen) {
	for _, f := range p.files {
		fmt.Fprintf(s.out, "wrote %s\n", f.name)
	}
	if len(p.leftOut) > 0 {
		fmt.Fprintf(s.out, "\nNot taken over: %s\n", harmless(strings.Join(p.leftOut, ", ")))
	}
	fmt.Fprintln(s.out, "\nNext:")
	flag := ""
	if p.modfile != "" {
		flag = " -modfile=" + p.modfile
	}
	if p.module.path == "" {
		fmt.Fprintf(s.out, "  go mod init %s    # or the path of yours\n", someModule)
	}
	if _, err := os.Stat(p.modfile); p.modfile != "" && err != nil {
		fmt.Fprintf(s.out, "  go mod init%s %s/tools\n", flag, p.module.name())
	}
	if !p.module.hasTool {
		fmt.Fprintf(s.out, "  go get -tool%s %s\n", flag, tool)
	}
	switch {
	case p.fillIn > 0:
		fmt.Fprintf(s.out, "  $EDITOR %s    # fill in %s, then name it in %s\n", p.overlay, plural(p.fillIn, "place"), config.Name)
	case p.overlay != "":
		fmt.Fprintf(s.out, "  $EDITOR %s    # it guards writes: see whether it is right\n", p.overlay)
	}
	fmt.Fprintln(s.out, "  go generate ./...")
	if p.call != "" {
		fmt.Fprintf(s.out, "  go tool%s contactsgen sandbox    # a server to try it on\n", flag)
		fmt.Fprintf(s.out, "\nA first call, of the sandbox:\n\n%s", p.call)
	}
}

// initTarget fills in what was not said, and refuses what the files could not say.
func initTarget(t config.Target) (config.Target, error) {
	api, err := apiOf(t.API)
	switch {
	case err != nil:
		return config.Target{}, err
	case t.Spec == fromStdin:
		return config.Target{}, errors.New("--spec is a file that the config can name, not standard input")
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
		return config.Target{}, fmt.Errorf("--out is where the package is imported from, and %s cannot be part of an import path",
			generator.Quote(t.Out))
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
	kept bool // where it is there already, it is left as it is
}

// schemaName is the file that tells editors what a config can say.
const schemaName = "contactsgen.schema.json"

// config renders the config of one target.
func (p *initPlan) config(t config.Target) []byte {
	var c bytes.Buffer
	fmt.Fprintf(&c, "# yaml-language-server: $schema=%s\n", schemaName)
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
	c.WriteString(p.overlays(t))
	c.WriteString(choiceYAML(t.Choice))
	if len(t.Features) > 0 {
		fmt.Fprintf(&c, "    features: {add: %s}\n", strings.ReplaceAll(fmt.Sprint(t.Features), " ", ", "))
	}
	if t.SkipUnsupported {
		c.WriteString("    skip-unsupported: true\n")
	}
	return c.Bytes()
}

// overlays renders the overlays of a target: those that it had, and the one that init suggests.
func (p *initPlan) overlays(t config.Target) string {
	var names []string
	for _, name := range t.Overlays {
		names = append(names, quoteYAML(name))
	}
	if p.overlay != "" && p.fillIn == 0 {
		names = append(names, p.overlay)
	}
	text := ""
	if len(names) > 0 {
		text = fmt.Sprintf("    overlays: [%s]\n", strings.Join(names, ", "))
	}
	if p.fillIn > 0 {
		text += fmt.Sprintf("    # overlays: [%s]    # when its places marked FILL-IN are filled in\n",
			strings.Join(append(names, p.overlay), ", "))
	}
	return text
}

// directive renders the Go file from which the go command generates.
func (p *initPlan) directive(t config.Target) []byte {
	up := strings.Repeat("../", strings.Count(filepath.ToSlash(t.Out), "/")+1)
	if t.Out == "." {
		up = ""
	}
	directive := "//go:generate go tool "
	if p.modfile != "" {
		directive += "-modfile=" + up + p.modfile + " "
	}
	directive += "contactsgen generate"
	if up != "" {
		directive += " --config " + up + config.Name
	}
	return fmt.Appendf(nil, "package %s\n\n%s\n", t.Package, directive)
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
		if f.kept && errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			for _, made := range files[:i] {
				if !made.kept {
					_ = os.Remove(made.name) // best effort: the error on its way says what went wrong
				}
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

// someModule stands for a module whose path is not known yet.
const someModule = "example.com/yours"

// A moduleFile is what init has to know of the module around a folder.
type moduleFile struct {
	path    string // of the module; "": there is none
	below   string // the folder, from the module's own
	hasTool bool
}

// name gives the path of the module, or one that stands for it.
func (m moduleFile) name() string {
	if m.path == "" {
		return someModule
	}
	return m.path
}

// importPath gives the path that a package in a folder is imported by.
func (m moduleFile) importPath(out string) string {
	return path.Join(m.name(), m.below, filepath.ToSlash(out))
}

// importPathOf gives the path that a package in a folder is imported by; "" where no module is around it, or none can import it.
func importPathOf(folder string) string {
	m := findModule(folder)
	if m.path == "" {
		return ""
	}
	name := path.Join(m.path, m.below)
	if module.CheckImportPath(name) != nil || slices.Contains(strings.Split(name, "/"), "vendor") {
		return ""
	}
	return name
}

// findModule looks for the module around a folder.
func findModule(dir string) moduleFile {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return moduleFile{}
	}
	for below := ""; ; {
		data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil {
			return moduleFile{path: modfile.ModulePath(data), below: below, hasTool: bytes.Contains(data, []byte(tool))}
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return moduleFile{}
		}
		below, dir = path.Join(filepath.Base(dir), below), parent
	}
}
