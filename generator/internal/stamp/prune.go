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

// declaration is one thing declared at package level that can be left out by itself.
type declaration struct {
	names    []string // more than one where a group stands or falls together
	receiver string   // of a method
	mentions mentions
	from, to token.Pos
	kept     bool
}

// runtimeFile is a runtime file on its way into an output, and what it declares.
type runtimeFile struct {
	*syntax
	declarations []*declaration
}

// prune gives the files for a folder and a package, and leaves out what nothing in the output refers to, so that every selection of features is
// free of dead code: a description without parameters gets no code that writes parameters. Exported names are the user's and stay. References are
// followed by name (see mentions), which may keep too much and never too little.
func prune(files []*syntax, folder, pkg string, printed [][]byte) ([]output.File, error) {
	all, err := parallel.Map(files, func(s *syntax) (*runtimeFile, error) { return &runtimeFile{s, declarations(s.file)}, nil })
	if err != nil {
		return nil, err
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
			m.add(mentionsIn(d))
		}
		return m, nil
	})
	for _, m := range parts {
		all.add(m)
	}
	return all, err
}

// keep marks what is reachable, until nothing more is.
func keep(all []*runtimeFile, reached mentions) {
	kept := map[string]bool{} // names, for receivers
	for changed := true; changed; {
		changed = false
		for _, f := range all {
			for _, d := range f.declarations {
				if d.kept || !d.wanted(reached, kept) {
					continue
				}
				d.kept, changed = true, true
				for _, n := range d.names {
					kept[n] = true
				}
				reached.add(d.mentions)
			}
		}
	}
}

func (d *declaration) wanted(reached mentions, kept map[string]bool) bool {
	names := reached.plain
	if d.receiver != "" {
		if !kept[d.receiver] {
			return false
		}
		names = reached.selected
	}
	return slices.ContainsFunc(d.names, func(n string) bool { return n == "_" || n == "init" || ast.IsExported(n) || names[n] })
}

// declarations lists what a file declares. A group of constants is one declaration, since their values may depend on their
// place in it.
func declarations(f *ast.File) []*declaration {
	var out []*declaration
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			one := &declaration{names: []string{d.Name.Name}, mentions: mentionsIn(d), from: start(d.Doc, d.Pos()), to: d.End()}
			if d.Recv != nil {
				one.receiver = receiver(d.Recv.List[0].Type)
			}
			out = append(out, one)
		case *ast.GenDecl:
			out = append(out, general(d)...)
		}
	}
	return out
}

func general(d *ast.GenDecl) []*declaration {
	if d.Tok == token.IMPORT {
		return nil
	}
	if d.Tok == token.CONST || len(d.Specs) == 1 {
		whole := &declaration{mentions: mentionsIn(d), from: start(d.Doc, d.Pos()), to: d.End()}
		for _, s := range d.Specs {
			names, _ := specNames(s)
			whole.names = append(whole.names, names...)
		}
		return []*declaration{whole}
	}
	var parts []*declaration
	for _, s := range d.Specs {
		names, doc := specNames(s)
		parts = append(parts, &declaration{names: names, mentions: mentionsIn(s), from: start(doc, s.Pos()), to: end(s)})
	}
	return parts
}

func specNames(s ast.Spec) (names []string, doc *ast.CommentGroup) {
	switch s := s.(type) {
	case *ast.TypeSpec:
		return []string{s.Name.Name}, s.Doc
	case *ast.ValueSpec:
		for _, n := range s.Names {
			names = append(names, n.Name)
		}
		return names, s.Doc
	}
	return nil, nil
}

func start(doc *ast.CommentGroup, otherwise token.Pos) token.Pos {
	if doc != nil {
		return doc.Pos()
	}
	return otherwise
}

// end is where a spec ends, its comment on the same line included.
func end(s ast.Spec) token.Pos {
	var trailing *ast.CommentGroup
	switch s := s.(type) {
	case *ast.TypeSpec:
		trailing = s.Comment
	case *ast.ValueSpec:
		trailing = s.Comment
	}
	if trailing != nil {
		return trailing.End()
	}
	return s.End()
}

func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return ""
}

// rest gives the source of a file as it is in a package of another name, without what is not kept; or nil when nothing is left of it. It is as
// gofmt prints it, as the file is.
func (f *runtimeFile) rest(pkg string) ([]byte, error) {
	var out bytes.Buffer
	out.Write(f.Data[:f.offset(f.file.Name.Pos())])
	out.WriteString(pkg)
	at, kept := f.offset(f.file.Name.End()), 0
	for _, d := range f.declarations {
		if d.kept {
			kept++
			continue
		}
		out.Write(f.Data[at:f.offset(d.from)])
		at = f.offset(d.to)
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
