package runtime

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strconv"

	"github.com/contactsgen/contactsgen/templates"
)

// file is a runtime file, taken apart. It is never changed. Places are offsets into its source.
type file struct {
	templates.Source
	opening      []byte // the comment above the package clause that says what the file is for
	imports      []imported
	body         int // where the imports end
	declarations []declaration
}

// imported is a package that a file imports.
type imported struct {
	name string // in the file
	path string
}

// span is a part of a file: where it begins, and where the next thing does.
type span struct{ from, to int }

// declaration is one thing declared at package level that can be left out by itself.
type declaration struct {
	span
	part     bool     // it is one of a group
	names    []string // more than one where a group stands or falls together
	receiver string   // of a method
	refers   references
}

func parse(s templates.Source) (*file, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, s.Name, s.Data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("runtime file %s: %w", s.Name, err)
	}
	in := func(from, to token.Pos) span {
		return span{fset.PositionFor(from, false).Offset, fset.PositionFor(to, false).Offset}
	}
	out := &file{Source: s, body: in(f.Name.Pos(), f.Name.End()).to, declarations: declarations(f, in)}
	if len(f.Comments) > 0 && f.Comments[0].End() < f.Package && f.Comments[0] != f.Doc {
		opening := in(f.Comments[0].Pos(), f.Comments[0].End())
		out.opening = s.Data[opening.from:opening.to]
	}
	for _, spec := range f.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("runtime file %s: %w", s.Name, err)
		}
		i := imported{packageName(importPath), importPath}
		if spec.Name != nil {
			i.name = spec.Name.Name
		}
		out.imports = append(out.imports, i)
	}
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			out.body = in(g.Pos(), g.End()).to
		}
	}
	return out, nil
}

// packageName is the name of a standard library package: its last element that is no major version.
func packageName(importPath string) string {
	if base := path.Base(importPath); base != "v2" {
		return base
	}
	return path.Base(path.Dir(importPath))
}

// declarations lists what a file declares. A group of constants is one declaration, since their values may depend on their
// place in it.
func declarations(f *ast.File, in func(from, to token.Pos) span) []declaration {
	var out []declaration
	m := newMentions()
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			one := declaration{span: in(start(d.Doc, d.Pos()), d.End()), names: []string{d.Name.Name}, refers: m.of(d)}
			if d.Recv != nil {
				one.receiver = receiver(d.Recv.List[0].Type)
			}
			out = append(out, one)
		case *ast.GenDecl:
			out = append(out, general(d, m, in)...)
		}
	}
	return out
}

func general(d *ast.GenDecl, m mentions, in func(from, to token.Pos) span) []declaration {
	if d.Tok == token.IMPORT {
		return nil
	}
	if d.Tok == token.CONST || len(d.Specs) == 1 {
		whole := declaration{span: in(start(d.Doc, d.Pos()), d.End()), refers: m.of(d)}
		for _, s := range d.Specs {
			names, _ := specNames(s)
			whole.names = append(whole.names, names...)
		}
		return []declaration{whole}
	}
	var parts []declaration
	for _, s := range d.Specs {
		names, doc := specNames(s)
		parts = append(parts, declaration{span: in(start(doc, s.Pos()), end(s)), part: true, names: names, refers: m.of(s)})
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
