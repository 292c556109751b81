package generator

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"github.com/contactsgen/contactsgen/templates"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// SandboxSetting sets one setting of a description's pack.
type SandboxSetting struct {
	Name, Value string
	Pos         Position // where a file has it; without a file nowhere
}

// PackSetting is a setting that a pack has.
type PackSetting struct {
	Pack  string
	Name  string
	Flag  bool   // true or false; else it is a number from 0
	About string // what it is for
}

// PackSettings gives the settings of a pack, or those of all packs for "". An error is a defect of the generator.
func PackSettings(pack string) ([]PackSetting, error) {
	names, err := templates.Packs()
	if err != nil {
		return nil, err
	}
	var all []PackSetting
	for _, name := range names {
		if pack != "" && name != pack {
			continue
		}
		about, err := aboutSettings(name)
		if err != nil {
			return nil, err
		}
		for _, s := range fake.Settings(name) {
			all = append(all, PackSetting{name, s.Name, s.Flag, about[s.Field]})
		}
	}
	return all, nil
}

// SettingsOf gives the settings of the pack that a description asks for.
func SettingsOf(ctx context.Context, o Options) ([]PackSetting, error) {
	a, err := build(ctx, o)
	if err != nil || a.FakePack == "" {
		return nil, err
	}
	return PackSettings(a.FakePack)
}

// aboutSettings reads what the source of a pack says of its settings, by the names of their fields.
func aboutSettings(pack string) (map[string]string, error) {
	about, name := map[string]string{}, fake.SettingsType(pack)
	sources, err := templates.Fake(pack)
	if err != nil || name == "" {
		return nil, err
	}
	for _, s := range sources {
		if !strings.Contains(string(s.Data), "type "+name+" struct") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), s.Name, s.Data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if t, ok := n.(*ast.TypeSpec); ok && t.Name.Name == name {
				for _, f := range t.Type.(*ast.StructType).Fields.List {
					about[f.Names[0].Name] = strings.TrimSpace(f.Comment.Text())
				}
			}
			return true
		})
	}
	return about, nil
}

// configured makes a pack behave as settings say.
func configured(pack string, settings []SandboxSetting) (fake.Option, error) {
	c := fake.Configure(pack)
	var problems Problems
	for _, s := range settings {
		if err := c.Set(s.Name, s.Value); err != nil {
			problems.Add(&Problem{Pos: s.Pos, Message: fmt.Sprintf("settings: %v", err)})
		}
	}
	return c.Option(), problems.Err()
}
