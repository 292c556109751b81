package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/contactsgen/contactsgen/generator"
)

// checkOut complains about a folder whose package nobody could import. What is above the config is not looked at: it is where the
// repository happens to be.
func (r *reader) checkOut(n *yaml.Node) {
	for _, part := range strings.Split(filepath.ToSlash(n.Value), "/") {
		switch {
		case filepath.IsAbs(filepath.FromSlash(n.Value)) || part == "." || part == "..":
		case part == "vendor" || strings.HasPrefix(part, ".") || strings.HasPrefix(part, "_"):
			r.problems.Add(&generator.Problem{
				Pos: r.pos(n), Message: fmt.Sprintf("the go command does not take packages from a folder named %s", generator.Quote(part)),
				Help: "choose another out",
			})
		}
	}
}

// separate complains about targets that would overwrite each other: in one folder, or in or below another's fake. Names that differ in
// capital letters alone are one folder on many machines.
func (r *reader) separate(targets []*Target) {
	for i, t := range targets {
		for _, other := range targets[:i] {
			if t.Out == "" || other.Out == "" {
				continue
			}
			if message := overlap(t, other); message != "" {
				r.problems.Add(&generator.Problem{Pos: t.OutPos, Message: message, Help: "give each target a folder of its own"})
				break
			}
		}
	}
}

// overlap says how the folders of two targets get in each other's way, if they do.
func overlap(t, other *Target) string {
	mine, theirs := identity(t.Out), identity(other.Out)
	line := other.OutPos.Line
	switch {
	case mine == theirs && t.Out != other.Out && strings.EqualFold(t.Out, other.Out):
		return fmt.Sprintf("the target at line %d has the same out on systems that do not tell capital letters apart", line)
	case mine == theirs:
		return fmt.Sprintf("the target at line %d has the same out", line)
	case other.hasFake() && within(mine, identity(other.fake())):
		return fmt.Sprintf("the fake of the target at line %d goes to %s, which this one would be in", line, generator.Quote(other.fake()))
	case t.hasFake() && within(theirs, identity(t.fake())):
		return fmt.Sprintf("the fake of this target goes to %s, which the target at line %d would be in", generator.Quote(t.fake()), line)
	}
	return ""
}

func (t *Target) hasFake() bool {
	return t.Features == nil || slices.Contains(t.Features, generator.FakeFeature)
}

// fake is the folder of the target's fake.
func (t *Target) fake() string { return filepath.Join(t.Out, t.Package+"test") }

// within tells whether a folder is another one, or below it.
func within(folder, other string) bool {
	return folder == other || strings.HasPrefix(folder, other+string(filepath.Separator))
}

// identity is the same for names of one folder: relative or not, by links, and in whatever capital letters.
func identity(name string) string {
	if whole, err := filepath.Abs(name); err == nil {
		name = whole
	}
	for above, rest := name, ""; above != filepath.Dir(above); above, rest = filepath.Dir(above), filepath.Join(filepath.Base(above), rest) {
		if resolved, err := filepath.EvalSymlinks(above); err == nil {
			return strings.ToLower(filepath.Join(resolved, rest))
		}
	}
	return strings.ToLower(name)
}
