package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/contactsgen/contactsgen/cmd/contactsgen/internal/config"
	"github.com/contactsgen/contactsgen/generator"
)

// maxMigrated bounds a config of oapi-codegen; a larger one was not written by a person.
const maxMigrated = 1 << 20

// A migrated config is what a config of oapi-codegen says that means something here.
type migrated struct {
	Package       string         `yaml:"package"`
	Output        string         `yaml:"output"`
	Generate      map[string]any `yaml:"generate"`
	OutputOptions struct {
		IncludeTags       []string       `yaml:"include-tags"`
		ExcludeTags       []string       `yaml:"exclude-tags"`
		IncludeOperations []string       `yaml:"include-operation-ids"`
		ExcludeOperations []string       `yaml:"exclude-operation-ids"`
		Overlay           map[string]any `yaml:"overlay"`
		Rest              map[string]any `yaml:",inline"`
	} `yaml:"output-options"`
	Rest map[string]any `yaml:",inline"`
}

// migrate reads a config of oapi-codegen into a target, and gives what of it has no place in ours.
func migrate(name string, t *config.Target) (leftOut []string, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("--from: cannot read %s: %w", name, explain(err))
	}
	if info.Size() > maxMigrated {
		return nil, fmt.Errorf("--from: %s is larger than %d bytes", name, maxMigrated)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("--from: cannot read %s: %w", name, explain(err))
	}
	var m migrated
	if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&m); err != nil {
		return nil, fmt.Errorf("--from: %s is no config of oapi-codegen: %w", name, err)
	}
	if t.Package == "" && t.Out == "" {
		t.Package = m.Package
		// Beside the old client, so that callers can move one by one.
		t.Out = filepath.ToSlash(filepath.Join(filepath.Dir(filepath.FromSlash(m.Output)), m.Package+"gen"))
	}
	o := m.OutputOptions
	for _, list := range []struct {
		names []string
		to    *[]generator.Chosen
	}{
		{o.IncludeTags, &t.Choice.IncludeTags}, {o.IncludeOperations, &t.Choice.IncludeOperations},
		{o.ExcludeTags, &t.Choice.ExcludeTags}, {o.ExcludeOperations, &t.Choice.ExcludeOperations},
	} {
		for _, one := range list.names {
			*list.to = append(*list.to, generator.Chosen{Name: one})
		}
	}
	if path, ok := o.Overlay["path"].(string); ok {
		t.Overlays = []string{path}
	}
	for _, key := range slices.Sorted(maps.Keys(m.Generate)) {
		if on, _ := m.Generate[key].(bool); on && key != "client" && key != "models" {
			leftOut = append(leftOut, "generate."+key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(o.Rest)) {
		leftOut = append(leftOut, "output-options."+key)
	}
	return append(leftOut, slices.Sorted(maps.Keys(m.Rest))...), nil
}

// choiceYAML prints the choice of operations as a config has it.
func choiceYAML(c generator.Choice) string {
	var b strings.Builder
	for _, part := range []struct {
		key              string
		tags, operations []generator.Chosen
	}{{"include", c.IncludeTags, c.IncludeOperations}, {"exclude", c.ExcludeTags, c.ExcludeOperations}} {
		var members []string
		for _, list := range []struct {
			key   string
			names []generator.Chosen
		}{{"tags", part.tags}, {"operations", part.operations}} {
			var names []string
			for _, n := range list.names {
				names = append(names, "'"+strings.ReplaceAll(n.Name, "'", "''")+"'")
			}
			if len(names) > 0 {
				members = append(members, list.key+": ["+strings.Join(names, ", ")+"]")
			}
		}
		if len(members) > 0 {
			fmt.Fprintf(&b, "    %s: {%s}\n", part.key, strings.Join(members, ", "))
		}
	}
	return b.String()
}
