package output

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
)

// Source is Go as gofmt prints it, and the syntax that it was printed from: what follows need not parse it again. The positions of the
// syntax are not those of the text, and order things alone.
type Source struct {
	Data   []byte
	Syntax *ast.File
}

// Print is gofmt for what printers make. An error means that src is not Go.
func Print(fset *token.FileSet, name string, src []byte) (Source, error) {
	file, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return Source{}, fmt.Errorf("%s is not Go: %w", name, err)
	}
	ast.SortImports(fset, file)
	return PrintSyntax(fset, file, len(src))
}

// PrintSyntax prints a file as gofmt does; size is how long it will be, about.
func PrintSyntax(fset *token.FileSet, file *ast.File, size int) (Source, error) {
	var b bytes.Buffer
	b.Grow(size + size/8)
	config := printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}
	if err := config.Fprint(&b, fset, file); err != nil {
		return Source{}, err
	}
	withoutComments(file)
	return Source{bytes.Clone(b.Bytes()), file}, nil
}

// withoutComments forgets the comments of a file, which are no part of what it means, and a good part of what it weighs.
func withoutComments(file *ast.File) {
	file.Comments, file.Doc = nil, nil
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			n.Doc, n.Comment = nil, nil
		case *ast.ValueSpec:
			n.Doc, n.Comment = nil, nil
		case *ast.TypeSpec:
			n.Doc, n.Comment = nil, nil
		case *ast.GenDecl:
			n.Doc = nil
		case *ast.FuncDecl:
			n.Doc = nil
			return false
		}
		return true
	})
}
