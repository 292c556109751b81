// Package config reads contactsgen.yaml: which descriptions become which packages.
//
// It is strict. What it does not know is an error at its position, since a misspelt key that is skipped is a setting that a
// person believes to be in force. It knows files and names; what the settings do is the generator's business.
package config

import (
	"errors"
	"fmt"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"go.yaml.in/yaml/v3"

	"github.com/contactsgen/contactsgen/generator"
	"github.com/contactsgen/contactsgen/spec"
)

// Name is the file that is read when none is named.
const Name = "contactsgen.yaml"

// maxBytes bounds a config; a larger one was not written by a person.
const maxBytes = 1 << 20

// features are the names of the parts of the output that a target may ask for one by one.
func features() []string {
	var names []string
	for _, f := range slices.Concat(generator.DefaultFeatures(), generator.OptInFeatures()) {
		names = append(names, string(f))
	}
	return names
}

// apis are the names of the descriptions that come with the generator.
func apis() []string {
	var names []string
	for _, api := range spec.APIs() {
		names = append(names, api.Name)
	}
	return names
}

// Target is one description that becomes one package. Paths are usable from the working directory. Positions lead to the
// values in the file.
type Target struct {
	API      string // the description that comes with the generator; "": the default one
	Spec     string // "": that of API
	Overlays []string
	Out      string
	Package  string

	Choice          generator.Choice    // of operations
	Features        []generator.Feature // nil: the default set
	SkipUnsupported bool
	Typecheck       bool

	SpecPos     generator.Position
	OverlaysPos []generator.Position
	OutPos      generator.Position
	PackagePos  generator.Position // without a line where Package follows from Out
}

// Load reads a config file. Complaints are an error of positions, all of them at once.
func Load(name string) ([]*Target, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe that nobody writes to must not be waited for
	if err != nil {
		return nil, fmt.Errorf("cannot read the config %s: %w", name, cause(err))
	}
	defer func() { _ = f.Close() }() // read only
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read the config %s: %w", name, cause(err))
	}
	r := &reader{file: filepath.ToSlash(name), dir: filepath.Dir(name)}
	if len(data) > maxBytes {
		r.problems.Addf(generator.Position{File: r.file}, "the config is larger than %d bytes", maxBytes)
		return nil, r.problems.Err()
	}
	targets := r.read(data)
	return targets, r.problems.Err()
}

// A reader turns one file into targets, and collects complaints on the way.
type reader struct {
	file, dir string
	problems  generator.Problems
}

func (r *reader) read(data []byte) []*Target {
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	var doc, more yaml.Node
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF):
		r.problems.Add(&generator.Problem{
			Pos: generator.Position{File: r.file}, Message: "the config is empty",
			Help: "it needs `targets:`, a list; `contactsgen init` writes one",
		})
		return nil
	case err != nil:
		r.syntax(err)
		return nil
	}
	switch err := decoder.Decode(&more); {
	case err == nil:
		r.problems.Addf(r.pos(&more), "the config has a second YAML document")
		return nil
	case !errors.Is(err, io.EOF):
		r.syntax(err)
		return nil
	}

	var targets []*Target
	var list *yaml.Node
	root := doc.Content[0]
	r.mapping(root, "the config", keys{
		"targets": func(_, value *yaml.Node) { list = value },
	})
	switch {
	case list == nil:
		if r.problems.Len() == 0 {
			r.problems.Addf(r.pos(root), "the config has no targets")
		}
	case list.Kind != yaml.SequenceNode:
		r.wrong(list, "targets", "a list")
	case len(list.Content) == 0:
		r.problems.Addf(r.pos(list), "the config has no targets")
	default:
		for _, item := range list.Content {
			targets = append(targets, r.target(follow(item)))
		}
		r.separate(targets)
	}
	return targets
}

func (r *reader) target(n *yaml.Node) *Target {
	t := &Target{}
	r.mapping(n, "a target", r.targetKeys(t))
	if n.Kind == yaml.MappingNode {
		r.complete(t, n)
	}
	return t
}

// targetKeys read the keys of a target into t.
func (r *reader) targetKeys(t *Target) keys {
	return keys{
		"api": func(_, v *yaml.Node) {
			if t.API = r.text(v, "api"); t.API != "" && !slices.Contains(apis(), t.API) {
				r.unknown(v, "api", t.API, apis())
			}
		},
		"spec": func(_, v *yaml.Node) { t.Spec, t.SpecPos = r.path(v, "spec"), r.pos(v) },
		"overlays": func(_, v *yaml.Node) {
			for _, item := range r.items(v, "overlays") {
				t.Overlays, t.OverlaysPos = append(t.Overlays, r.path(item, "an overlay")), append(t.OverlaysPos, r.pos(item))
			}
		},
		"out": func(_, v *yaml.Node) {
			t.Out, t.OutPos = r.path(v, "out"), r.pos(v)
			r.checkOut(v)
		},
		"package": func(_, v *yaml.Node) {
			t.Package, t.PackagePos = r.text(v, "package"), r.pos(v)
			if t.Package != "" && !PackageName(t.Package) {
				r.problems.Addf(t.PackagePos, "%s cannot be the name of a Go package", generator.Quote(t.Package))
			}
		},
		"include": func(_, v *yaml.Node) {
			r.mapping(v, "include", keys{
				"tags":       func(_, v *yaml.Node) { t.Choice.IncludeTags = r.chosen(v, "include.tags") },
				"operations": func(_, v *yaml.Node) { t.Choice.IncludeOperations = r.chosen(v, "include.operations") },
			})
		},
		"exclude": func(_, v *yaml.Node) {
			r.mapping(v, "exclude", keys{
				"tags":       func(_, v *yaml.Node) { t.Choice.ExcludeTags = r.chosen(v, "exclude.tags") },
				"operations": func(_, v *yaml.Node) { t.Choice.ExcludeOperations = r.chosen(v, "exclude.operations") },
			})
		},
		"features":         func(_, v *yaml.Node) { t.Features = r.features(v) },
		"skip-unsupported": func(_, v *yaml.Node) { t.SkipUnsupported = r.flag(v, "skip-unsupported") },
		"typecheck":        func(_, v *yaml.Node) { t.Typecheck = r.flag(v, "typecheck") },
	}
}

// complete fills in what a target leaves out, and refuses one that lacks what it needs.
func (r *reader) complete(t *Target, n *yaml.Node) {
	if t.API != "" && t.Spec != "" {
		r.problems.Add(&generator.Problem{Pos: t.SpecPos, Message: "api and spec both say what to read", Help: "leave one of them out"})
	}
	if t.OutPos.Line == 0 {
		r.problems.Addf(r.pos(n), "the target has no out: the folder to write the client to")
	}
	if t.Package != "" || t.Out == "" {
		return
	}
	if t.Package = filepath.Base(t.Out); !PackageName(t.Package) {
		r.problems.Add(&generator.Problem{
			Pos: t.OutPos, Message: fmt.Sprintf("out ends in %s, which cannot be the name of a Go package", generator.Quote(t.Package)),
			Help: "say `package: NAME`",
		})
	}
}

// PackageName tells whether a name may follow `package` in Go. The go command takes main for a program, and leaves documentation aside.
func PackageName(name string) bool {
	return token.IsIdentifier(name) && !slices.Contains([]string{"_", "main", "documentation"}, name)
}

// keys are what a mapping may have, and what is done with each value.
type keys map[string]func(key, value *yaml.Node)

func (r *reader) mapping(n *yaml.Node, what string, known keys) {
	if n.Kind != yaml.MappingNode {
		r.wrong(n, what, "a mapping")
		return
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], follow(n.Content[i+1])
		read, ok := known[key.Value]
		switch {
		case !ok || key.Kind != yaml.ScalarNode:
			names := make([]string, 0, len(known))
			for name := range known {
				names = append(names, name)
			}
			r.unknown(key, "key", key.Value, names)
		case lines[key.Value] != 0:
			r.problems.Addf(r.pos(key), "%s is at line %d already", key.Value, lines[key.Value])
		default:
			lines[key.Value] = key.Line
			read(key, value)
		}
	}
}

func (r *reader) items(n *yaml.Node, what string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		r.wrong(n, what, "a list")
		return nil
	}
	items := make([]*yaml.Node, len(n.Content))
	for i, item := range n.Content {
		items[i] = follow(item)
	}
	return items
}

// chosen reads tags or operationIds. That the description has them is for the generator to say.
func (r *reader) chosen(n *yaml.Node, what string) []generator.Chosen {
	var all []generator.Chosen
	for _, item := range r.items(n, what) {
		all = append(all, generator.Chosen{Name: r.text(item, "an item of "+what), Pos: r.pos(item)})
	}
	return all
}

func (r *reader) text(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" || n.Value == "" {
		r.wrong(n, what, "text")
		return ""
	}
	return n.Value
}

func (r *reader) flag(n *yaml.Node, what string) bool {
	v, err := strconv.ParseBool(n.Value)
	if n.ShortTag() != "!!bool" || err != nil {
		r.wrong(n, what, "true or false")
	}
	return v
}

// path reads a path that is relative to the config's folder, written with slashes on every host.
func (r *reader) path(n *yaml.Node, what string) string {
	text := r.text(n, what)
	if text == "" {
		return ""
	}
	local := filepath.FromSlash(text)
	if filepath.IsAbs(local) {
		return filepath.Clean(local)
	}
	return filepath.Join(r.dir, local)
}

func (r *reader) wrong(n *yaml.Node, what, want string) {
	r.problems.Addf(r.pos(n), "%s must be %s", what, want)
}

func (r *reader) unknown(n *yaml.Node, kind, name string, known []string) {
	slices.Sort(known)
	help := "known: " + strings.Join(known, ", ")
	if near := generator.Nearest(name, known); near != "" {
		help = "did you mean " + near + "?"
	}
	r.problems.Add(&generator.Problem{Pos: r.pos(n), Message: "unknown " + kind + " " + generator.Quote(name), Help: help})
}

func (r *reader) pos(n *yaml.Node) generator.Position {
	return generator.Position{File: r.file, Line: n.Line, Column: n.Column}
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// syntax complains about what is not YAML. The parser says the line in its text, and no column.
func (r *reader) syntax(err error) {
	at, message := generator.Position{File: r.file}, err.Error()
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		at.Line, _ = strconv.Atoi(m[1]) // "" gives 0: not known
		message = m[2]
	}
	r.problems.Addf(at, "not YAML: %s", message)
}

// follow gives what an alias stands for.
func follow(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// cause drops what the message around it says already.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
