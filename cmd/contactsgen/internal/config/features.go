package config

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/contactsgen/contactsgen/generator"
)

// features reads the parts of the output: all of them by name, or those that differ from the default.
func (r *reader) features(n *yaml.Node) []generator.Feature {
	if n.Kind == yaml.SequenceNode {
		list := []generator.Feature{} // no features is a choice, too
		for _, item := range n.Content {
			list = append(list, r.feature(follow(item)))
		}
		return list
	}
	if n.Kind != yaml.MappingNode {
		r.wrong(n, "features", "a list of all of them, or `add` and `remove` with a list each")
		return nil
	}
	list := generator.DefaultFeatures()
	r.mapping(n, "features", keys{
		"add": func(_, v *yaml.Node) {
			for _, item := range r.items(v, "features.add") {
				if f := r.feature(item); !slices.Contains(list, f) {
					list = append(list, f)
				}
			}
		},
		"remove": func(_, v *yaml.Node) {
			for _, item := range r.items(v, "features.remove") {
				f := r.feature(item)
				if f != "" && !slices.Contains(generator.DefaultFeatures(), f) {
					r.problems.Add(&generator.Problem{
						Pos: r.pos(item), Message: "the feature " + string(f) + " is not one of the default, so that it cannot be removed",
						Help: "leave it out of `add`",
					})
				}
				list = slices.DeleteFunc(list, func(other generator.Feature) bool { return other == f })
			}
		},
	})
	return list
}

func (r *reader) feature(n *yaml.Node) generator.Feature {
	name := r.text(n, "a feature")
	if known := features(); name != "" && !slices.Contains(known, name) {
		r.unknown(n, "feature", name, known)
		return ""
	}
	return generator.Feature(name)
}
