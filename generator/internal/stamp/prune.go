package stamp

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/contactsgen/contactsgen/generator/internal/output"
	"github.com/contactsgen/contactsgen/generator/internal/parallel"
)

// runtimeFile is a runtime file on its way into an output.
type runtimeFile struct {
	*file
	kept []bool // which of its declarations are
}

// prune gives the files for a folder and a package, and leaves out what nothing in the output refers to, so that every selection of features is
// free of dead code: a description without parameters gets no code that writes parameters. Exported names are the user's and stay. References are
// followed by name (see mentions), which may keep too much and never too little.
func prune(files []*file, folder, pkg string, printed [][]byte) ([]output.File, error) {
	var all []*runtimeFile
	for _, f := range files {
		all = append(all, &runtimeFile{f, make([]bool, len(f.declarations))})
	}
	reached, err := mentionedIn(printed)
	if err != nil {
		return nil, err
	}
	keep(all, reached)
	rests, err := parallel.Map(all, func(f *runtimeFile) ([]byte, error) { return f.rest(pkg) })
	if err != nil {
		return nil, err
	}
	var out []output.File
	for i, data := range rests {
		if data != nil {
			out = append(out, output.File{Path: path.Join(folder, "runtime_"+all[i].Name+".gen.go"), Data: data})
		}
	}
	return out, nil
}

// mentionedIn gives what the printed files refer to.
func mentionedIn(printed [][]byte) (mentions, error) {
	all := newMentions()
	parts, err := parallel.Map(printed, func(src []byte) (mentions, error) {
		f, err := parser.ParseFile(token.NewFileSet(), "", src, parser.SkipObjectResolution)
		if err != nil {
			return mentions{}, err
		}
		m := newMentions()
		for _, d := range f.Decls {
			m.add(mentionsIn(d).references())
		}
		return m, nil
	})
	for _, m := range parts {
		all.add(m.references())
	}
	return all, err
}

// keep marks what is reachable, until nothing more is.
func keep(all []*runtimeFile, reached mentions) {
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

// rest gives the source of a file as it is in a package of another name, without what is not kept; or nil when nothing is left of it. It is as
// gofmt prints it, as the file is.
func (f *runtimeFile) rest(pkg string) ([]byte, error) {
	var out bytes.Buffer
	out.Write(f.Data[:f.clause.from])
	out.WriteString(pkg)
	at, kept := f.clause.to, 0
	for i, d := range f.declarations {
		if f.kept[i] {
			kept++
			continue
		}
		out.Write(f.Data[at:d.from])
		at = d.to
	}
	out.Write(f.Data[at:])
	switch kept {
	case 0:
		return nil, nil
	case len(f.declarations):
		return out.Bytes(), nil
	}
	return withoutUnusedImports(f.Name, out.Bytes())
}

// packageName is the name of a standard library package: its last element that is no major version.
func packageName(importPath string) string {
	if base := path.Base(importPath); base != "v2" {
		return base
	}
	return path.Base(path.Dir(importPath))
}

func usesPackage(f *ast.File, name string) bool {
	used := false
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			id, isName := sel.X.(*ast.Ident)
			used = used || isName && id.Name == name
		}
		return !used
	})
	return used
}

func withoutUnusedImports(name string, src []byte) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("runtime file without what is not used: %w", err)
	}
	for _, imp := range slices.Clone(file.Imports) {
		importPath, err := strconv.Unquote(imp.Path.Value)
		if err != nil {
			return nil, err
		}
		if imp.Name == nil && !usesPackage(file, packageName(importPath)) {
			astutil.DeleteImport(fset, file, importPath)
		}
	}
	var b bytes.Buffer
	if err := format.Node(&b, fset, file); err != nil {
		return nil, err
	}
	return []byte(strings.TrimRight(b.String(), "\n") + "\n"), nil
}
