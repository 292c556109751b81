package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/contactsgen/contactsgen/generator"
)

// settingsOf gives the settings of a file, if there is one, and behind them those of --set.
func settingsOf(file string, set []string) ([]generator.SandboxSetting, error) {
	var all []generator.SandboxSetting
	if file != "" {
		in, err := readDocument("settings", file, generator.Position{})
		if err != nil {
			return nil, err
		}
		if all, err = settingsIn(filepath.ToSlash(file), in.Data); err != nil {
			return nil, err
		}
	}
	for _, one := range set {
		name, value, ok := strings.Cut(one, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--set is name=value, not %s", generator.Quote(one))
		}
		all = append(all, generator.SandboxSetting{Name: name, Value: value})
	}
	return all, nil
}

// settingsIn reads a file of settings. That there are such settings is for the generator to say.
func settingsIn(file string, data []byte) ([]generator.SandboxSetting, error) {
	var doc yaml.Node
	err := yaml.Unmarshal(data, &doc)
	at := func(n *yaml.Node) generator.Position {
		return generator.Position{File: file, Line: n.Line, Column: n.Column}
	}
	var problems generator.Problems
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		problems.Addf(generator.Position{File: file}, "%s", strings.TrimPrefix(err.Error(), "yaml: "))
		return nil, problems.Err()
	case len(doc.Content) == 0:
		return nil, nil
	case doc.Content[0].Kind != yaml.MappingNode:
		problems.Addf(at(doc.Content[0]), `settings are lines of "name: value"`)
		return nil, problems.Err()
	}
	var all []generator.SandboxSetting
	lines := map[string]int{}
	for i := 0; i+1 < len(doc.Content[0].Content); i += 2 {
		name, value := doc.Content[0].Content[i], doc.Content[0].Content[i+1]
		switch {
		case value.Kind != yaml.ScalarNode:
			problems.Addf(at(value), "%s is true, false or a number", name.Value)
		case lines[name.Value] != 0:
			problems.Addf(at(name), "%s is at line %d already", name.Value, lines[name.Value])
		default:
			all = append(all, generator.SandboxSetting{Name: name.Value, Value: value.Value, Pos: at(name)})
		}
		lines[name.Value] = name.Line
	}
	return all, problems.Err()
}

// settingsHelp lists the settings of all packs.
func settingsHelp() string {
	all, err := generator.PackSettings("")
	if err != nil {
		return ""
	}
	var b strings.Builder
	pack := ""
	for _, s := range all {
		if s.Pack != pack {
			pack = s.Pack
			fmt.Fprintf(&b, "\nSettings of the pack %s:\n", pack)
		}
		b.WriteString(hanging("  "+s.Name, s.About))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// hanging puts a text behind a name, in lines of at most 110 columns.
func hanging(name, text string) string {
	const indent, width = 25, 110
	var b strings.Builder
	line := fmt.Sprintf("%-*s", indent-1, name)
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > width {
			b.WriteString(line + "\n")
			line = strings.Repeat(" ", indent-1)
		}
		line += " " + word
	}
	return b.String() + line + "\n"
}

// settingWords suggests the settings of the description that the flags name.
func settingWords(cmd *cobra.Command, s *screen, flags *targetFlags) completion {
	return func(_ *cobra.Command, _ []string, typed string) (out []string, _ cobra.ShellCompDirective) {
		t, err := flags.one(s)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		all, err := generator.SettingsOf(cmd.Context(), t.options)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		for _, x := range all {
			switch named := strings.HasPrefix(typed, x.Name+"="); {
			case named && x.Flag:
				return []string{x.Name + "=true", x.Name + "=false"}, cobra.ShellCompDirectiveNoFileComp
			case !named:
				out = append(out, cobra.CompletionWithDesc(x.Name+"=", x.About))
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}
