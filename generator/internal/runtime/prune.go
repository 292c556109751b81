package runtime

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"maps"
	"path"
	"regexp"
	"slices"

	"github.com/contactsgen/contactsgen/generator/internal/output"
	"github.com/contactsgen/contactsgen/templates"
)

// runtimeFile is a runtime file on its way into an output.
type runtimeFile struct {
	*file
	kept []bool // which of its declarations are
}

// prune gives the files for a folder and a package, one for each part, and leaves out what nothing in the output refers to, so that every
// selection of features is free of dead code: a description without parameters gets no code that writes parameters. Exported names are the
// user's and stay. References are followed by name (see mentions), which may keep too much and never too little.
func prune(files []*file, parts []templates.Part, folder, pkg string, printed mentions) ([]output.File, error) {
	var all []*runtimeFile
	for _, f := range files {
		all = append(all, &runtimeFile{f, make([]bool, len(f.declarations))})
	}
	keep(all, printed)
	var out []output.File
	for _, part := range parts {
		data, err := join(slices.DeleteFunc(slices.Clone(all), func(f *runtimeFile) bool { return f.Part != part.Name }), pkg)
		if err != nil {
			return nil, fmt.Errorf("part %s of the runtime: %w", part.Name, err)
		}
		if data != nil {
			out = append(out, output.File{Path: path.Join(folder, prefix+part.Name+".gen.go"), Data: data})
		}
	}
	return out, nil
}

// keep marks what is reachable from what has been reached, until nothing more is.
func keep(all []*runtimeFile, reached mentions) {
	reached = reached.clone()
	kept := map[string]bool{} // names, for receivers
	for changed := true; changed; {
		changed = false
		for _, f := range all {
			for i, d := range f.declarations {
				if f.kept[i] || !d.wanted(reached, kept) {
					continue
				}
				f.kept[i], changed = true, true
				for _, n := range d.names {
					kept[n] = true
				}
				reached.add(d.refers)
			}
		}
	}
}

func (d declaration) wanted(reached mentions, kept map[string]bool) bool {
	names := reached.plain
	if d.receiver != "" {
		if !kept[d.receiver] {
			return false
		}
		names = reached.selected
	}
	return slices.ContainsFunc(d.names, func(n string) bool { return n == "_" || n == "init" || ast.IsExported(n) || names[n] })
}

// join makes one file of what is kept of several, as gofmt prints it; or nil when nothing is.
func join(files []*runtimeFile, pkg string) ([]byte, error) {
	names := map[string]string{} // of imported packages, by path
	var bodies [][]byte
	for _, f := range files {
		body, err := f.rest()
		if err != nil {
			return nil, err
		}
		if body == nil {
			continue
		}
		if f.opening != nil {
			bodies = append(bodies, f.opening)
		}
		bodies = append(bodies, body)
		for _, i := range f.imports {
			if !f.uses(i.name) {
				continue
			}
			if other, clash := names[i.path]; clash && other != i.name {
				return nil, fmt.Errorf("%s is imported as %s and as %s: give it one name", i.path, other, i.name)
			}
			names[i.path] = i.name
		}
	}
	if bodies == nil {
		return nil, nil
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "package %s\n\n", pkg)
	writeImports(&out, names)
	out.Write(bytes.Join(bodies, []byte("\n\n")))
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// writeImports writes an import declaration as gofmt does.
func writeImports(out *bytes.Buffer, names map[string]string) {
	if len(names) == 0 {
		return
	}
	out.WriteString("import (\n")
	for _, importPath := range slices.Sorted(maps.Keys(names)) {
		if name := names[importPath]; name != packageName(importPath) {
			fmt.Fprintf(out, "\t%s %q\n", name, importPath)
			continue
		}
		fmt.Fprintf(out, "\t%q\n", importPath)
	}
	out.WriteString(")\n\n")
}

// uses tells whether something that is kept refers to a package by its name.
func (f *runtimeFile) uses(name string) bool {
	for i, d := range f.declarations {
		if f.kept[i] && slices.Contains(d.refers.before, name) {
			return true
		}
	}
	return false
}

// emptyGroup is what is left of a group of declarations of which none is kept.
var emptyGroup = regexp.MustCompile(`(?m)^(var|type) \(\s*\)(\n|\z)`)

// blankLines are what a declaration leaves that is cut out between two others.
var blankLines = regexp.MustCompile(`\n{3,}`)

// rest gives what follows the imports of a file, without what is not kept, as gofmt prints it; or nil when nothing is left of it.
func (f *runtimeFile) rest() ([]byte, error) {
	var out bytes.Buffer
	at, kept, whole := f.body, 0, true
	for i, d := range f.declarations {
		if f.kept[i] {
			kept++
			continue
		}
		whole = whole && !d.part
		out.Write(f.Data[at:d.from])
		at = d.to
	}
	out.Write(f.Data[at:])
	body := bytes.TrimSpace(out.Bytes())
	switch kept {
	case 0:
		return nil, nil
	case len(f.declarations):
		return body, nil
	}
	if whole { // all that gofmt would change
		return blankLines.ReplaceAll(body, []byte("\n\n")), nil
	}
	body, err := format.Source(emptyGroup.ReplaceAll(body, nil))
	if err != nil {
		return nil, fmt.Errorf("file %s without what is not used: %w", f.Name, err)
	}
	return bytes.TrimSpace(body), nil
}
