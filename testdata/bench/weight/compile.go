package weight

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/contactsgen/contactsgen/testdata/bench/measure"
	"github.com/contactsgen/contactsgen/testdata/bench/report"
)

// compiling measures how long the generated packages take to compile.
func compiling(ctx context.Context, s *report.Section, dir string, rounds int) error {
	std := filepath.Join(dir, "std")
	if err := compileStandardLibrary(ctx, std); err != nil {
		return err
	}
	contestants := func(run func(name string) (float64, error)) []measure.Contestant {
		var all []measure.Contestant
		for _, name := range []string{"plain", "stock", "ogen"} {
			all = append(all, measure.Contestant{Name: name, Run: func() (float64, error) { return run(name) }})
		}
		return all
	}
	cold, err := measure.Rounds(rounds, contestants(func(name string) (float64, error) {
		cache := filepath.Join(dir, "cold")
		if err := os.RemoveAll(cache); err != nil {
			return 0, err
		}
		if err := os.CopyFS(cache, os.DirFS(std)); err != nil {
			return 0, err
		}
		return compile(ctx, cache, "./gen/"+name)
	})...)
	if err != nil {
		return err
	}
	edits := 0
	warm, err := measure.Rounds(rounds, contestants(func(name string) (float64, error) {
		edits++
		edited := filepath.Join("gen", name, "edited.go")
		text := fmt.Sprintf("package %s\n\n// Edited for the time that compiling takes.\nconst edited = %d\n", name, edits)
		if err := os.WriteFile(edited, []byte(text), 0o644); err != nil {
			return 0, err
		}
		defer os.Remove(edited)
		return compile(ctx, filepath.Join(dir, "warm"), "./gen/"+name)
	})...)
	if err != nil {
		return err
	}
	table := report.Table{Title: "Compiling", Head: []string{"package by", "cold", "cold, ours / its", "warm", "warm, ours / its"}}
	for _, row := range [][2]string{{"plain", "contactsgen"}, {"stock", "oapi-codegen"}, {"ogen", "ogen"}} {
		name := row[0]
		table.Rows = append(table.Rows, []string{row[1], report.Seconds(cold.Of(name).Median), report.Times(cold.Ratio("plain", name)),
			report.Seconds(warm.Of(name).Median), report.Times(warm.Ratio("plain", name))})
	}
	s.Tables = append(s.Tables, table)
	return nil
}

// compileStandardLibrary fills a cache with what the packages import of it, and nothing else.
func compileStandardLibrary(ctx context.Context, cache string) error {
	listed, err := measure.Command(ctx, ".", nil, "go", "list", "-deps", "-f", "{{if .Standard}}{{.ImportPath}}{{end}}", "./gen/...")
	if err != nil {
		return err
	}
	var std []string
	for _, name := range strings.Fields(string(listed.Output)) {
		if name != "unsafe" {
			std = append(std, name)
		}
	}
	_, err = measure.Command(ctx, ".", []string{"GOCACHE=" + cache}, "go", append([]string{"build"}, std...)...)
	return err
}

// compile compiles a package with what a cache has, and gives the seconds that took.
func compile(ctx context.Context, cache, pkg string) (float64, error) {
	p, err := measure.Command(ctx, ".", []string{"GOCACHE=" + cache}, "go", "build", pkg)
	return p.Seconds, err
}
