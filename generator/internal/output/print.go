package output

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
)

// Print is gofmt for what printers make; see, unless nil, is shown the syntax that it is printed from. An error means that src is not Go.
func Print(name string, src []byte, see func(*ast.File)) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("%s is not Go: %w", name, err)
	}
	ast.SortImports(fset, file)
	return PrintSyntax(fset, file, len(src), see)
}

// PrintSyntax prints a file as gofmt does; size is how long it will be, about.
func PrintSyntax(fset *token.FileSet, file *ast.File, size int, see func(*ast.File)) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(size + size/8)
	config := printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}
	if err := config.Fprint(&b, fset, file); err != nil {
		return nil, err
	}
	if see != nil {
		see(file)
	}
	return bytes.Clone(b.Bytes()), nil
}
