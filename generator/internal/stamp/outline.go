package stamp

import (
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"sync"

	"github.com/contactsgen/contactsgen/templates"
)

// outline is what there is to know of a runtime file before it is stamped. Places are offsets into its source.
type outline struct {
	clause       span // the package's name
	declarations []declaration
}

// span is a part of a file: where it begins, and where the next thing does.
type span struct{ from, to int }

// declaration is one thing declared at package level that can be left out by itself.
type declaration struct {
	span
	names    []string // more than one where a group stands or falls together
	receiver string   // of a method
	refers   references
}

// outlines.txt holds the outlines of the runtime that the generator comes with: finding them out takes longer than everything else that is done
// for a small description. An outline belongs to a source and not to a name, so that one which is out of date is never used; a test holds that
// none is. A line without a tab in front is a file: its name, the sum of its source, and the clause. Its declarations follow, as the fields of
// declaration.
//
//go:embed outlines.txt
var outlinesText string

var outlines = sync.OnceValues(func() (map[string]*outline, error) { return readOutlines(outlinesText) })

// outlineOf looks an outline up, or makes it for a source that is not known: somebody is at work on the runtime.
func outlineOf(s templates.Source) (*outline, error) {
	known, err := outlines()
	if err != nil {
		return nil, err
	}
	if o := known[sum(s)]; o != nil {
		return o, nil
	}
	return newOutline(s)
}

func newOutline(s templates.Source) (*outline, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, s.Name, s.Data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("runtime file %s: %w", s.Name, err)
	}
	in := func(from, to token.Pos) span {
		return span{fset.PositionFor(from, false).Offset, fset.PositionFor(to, false).Offset}
	}
	return &outline{in(f.Name.Pos(), f.Name.End()), declarations(f, in)}, nil
}

// declarations lists what a file declares. A group of constants is one declaration, since their values may depend on their
// place in it.
func declarations(f *ast.File, in func(from, to token.Pos) span) []declaration {
	var out []declaration
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			one := declaration{span: in(start(d.Doc, d.Pos()), d.End()), names: []string{d.Name.Name}, refers: mentionsIn(d).references()}
			if d.Recv != nil {
				one.receiver = receiver(d.Recv.List[0].Type)
			}
			out = append(out, one)
		case *ast.GenDecl:
			out = append(out, general(d, in)...)
		}
	}
	return out
}

func general(d *ast.GenDecl, in func(from, to token.Pos) span) []declaration {
	if d.Tok == token.IMPORT {
		return nil
	}
	if d.Tok == token.CONST || len(d.Specs) == 1 {
		whole := declaration{span: in(start(d.Doc, d.Pos()), d.End()), refers: mentionsIn(d).references()}
		for _, s := range d.Specs {
			names, _ := specNames(s)
			whole.names = append(whole.names, names...)
		}
		return []declaration{whole}
	}
	var parts []declaration
	for _, s := range d.Specs {
		names, doc := specNames(s)
		parts = append(parts, declaration{span: in(start(doc, s.Pos()), end(s)), names: names, refers: mentionsIn(s).references()})
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

func sum(s templates.Source) string { return fmt.Sprintf("%x", sha256.Sum256(s.Data)) }

// text writes an outline as readOutlines reads it.
func (o *outline) text(s templates.Source) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\t%s\t%d\t%d\n", s.Name, sum(s), o.clause.from, o.clause.to)
	for _, d := range o.declarations {
		fmt.Fprintf(&b, "\t%d\t%d\t%s\t%s\t%s\t%s\n", d.from, d.to, strings.Join(d.names, " "), d.receiver,
			strings.Join(d.refers.plain, " "), strings.Join(d.refers.selected, " "))
	}
	return b.String()
}

// readOutlines gives outlines by the sum of their source.
func readOutlines(text string) (map[string]*outline, error) {
	known := map[string]*outline{}
	var o *outline
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		var err error
		switch {
		case fields[0] != "" && len(fields) == 4:
			o = &outline{}
			o.clause, err = readSpan(fields[2:])
			known[fields[1]] = o
		case o != nil && len(fields) == 7:
			d := declaration{names: strings.Fields(fields[3]), receiver: fields[4],
				refers: references{strings.Fields(fields[5]), strings.Fields(fields[6])}}
			d.span, err = readSpan(fields[1:])
			o.declarations = append(o.declarations, d)
		default:
			err = errors.New("is neither a file nor a declaration")
		}
		if err != nil {
			return nil, fmt.Errorf("outlines of the runtime: %q: %w", line, err)
		}
	}
	return known, nil
}

func readSpan(fields []string) (span, error) {
	from, err := strconv.Atoi(fields[0])
	if err != nil {
		return span{}, err
	}
	to, err := strconv.Atoi(fields[1])
	return span{from, to}, err
}
