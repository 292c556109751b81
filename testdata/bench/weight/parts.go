package weight

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsgen/contactsgen/testdata/bench/measure"
	"github.com/contactsgen/contactsgen/testdata/bench/report"
)

// shown is how many packages the table of what weighs has.
const shown = 8

// parts says which packages' code and data a call adds to a program.
func parts(ctx context.Context, s *report.Section, dir string) error {
	bare, err := base.symbols(ctx, dir)
	if err != nil {
		return err
	}
	ours, err := programs[0].symbols(ctx, dir)
	if err != nil {
		return err
	}
	total := 0.0
	for pkg := range ours {
		ours[pkg] -= bare[pkg]
		total += ours[pkg]
	}
	table := report.Table{
		Title: "What weighs", Head: []string{"package", "over the base"},
		Note: fmt.Sprintf("By `go tool nm -size` of the same programs with their symbols, where these are %s altogether. The rest of what is "+
			"over the base are tables that belong to "+
			"no symbol of their own, line numbers and stack maps above all.", kilobytes(total)),
	}
	packages := slices.SortedFunc(maps.Keys(ours), func(a, b string) int { return cmp.Compare(ours[b], ours[a]) })
	for _, pkg := range packages[:min(shown, len(packages))] {
		table.Rows = append(table.Rows, []string{pkg, "+" + kilobytes(ours[pkg])})
	}
	s.Tables = append(s.Tables, table)
	return nil
}

// symbols gives the bytes of each package's symbols.
func (p program) symbols(ctx context.Context, dir string) (map[string]float64, error) {
	out, err := p.link(ctx, dir)
	if err != nil {
		return nil, err
	}
	listed, err := measure.Command(ctx, ".", nil, "go", "tool", "nm", "-size", out)
	if err != nil {
		return nil, err
	}
	sizes := map[string]float64{}
	for _, m := range symbol.FindAllStringSubmatch(string(listed.Output), -1) {
		size, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			return nil, err
		}
		sizes[packageOf(m[2])] += size
	}
	return sizes, nil
}

// symbol is a line of go tool nm: address, size, kind and name.
var symbol = regexp.MustCompile(`(?m)^\s*[0-9a-f]+\s+(\d+)\s+\S\s+(.+)$`)

// packageOf is where a symbol belongs to, in words.
func packageOf(name string) string {
	switch {
	case strings.HasPrefix(name, "type:"):
		return "descriptions of types"
	case strings.HasPrefix(name, "go:"):
		return "made by the linker"
	}
	name, _, _ = strings.Cut(name, "[") // of generics
	slash := strings.LastIndexByte(name, '/') + 1
	pkg, _, found := strings.Cut(name[slash:], ".")
	if !found {
		return "other"
	}
	if pkg = name[:slash] + pkg; strings.HasSuffix(pkg, "/gen/plain") {
		return "the generated package"
	}
	return pkg
}
