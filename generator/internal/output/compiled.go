package output

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strconv"
)

// Compiled gives the package that the files of one would be to others, as [Compile] sees it; nil, and nothing else, if they would not
// compile. Files come in groups, none of which refers to a later one: a large package is checked one group after the other, and takes no more
// room at a time than a group does and what the groups before it declare. An answer of nil can be wrong, where groups refer to later ones:
// Compile has the last word on it.
func Compiled(name string, groups [][]File, given func(path string) bool) (*types.Package, error) {
	std, err := Standard()
	if err != nil {
		return nil, err
	}
	c := &compilation{fset: token.NewFileSet(), pkg: types.NewPackage(name, ""), std: std, given: given, compiles: true,
		imported: map[string]bool{}, embedding: map[string]bool{}, embedded: map[string]bool{}}
	config := types.Config{Importer: std, GoVersion: languageVersion, Error: c.fault}
	checker := types.NewChecker(&config, c.fset, c.pkg, nil)
	for _, group := range groups {
		files, err := c.parse(group)
		if err != nil || !c.compiles {
			return nil, err
		}
		_ = checker.Files(files) // every error went to config.Error
		for _, f := range files {
			forget(f)
		}
	}
	for name := range c.imported {
		if c.pkg.Scope().Lookup(name) != nil {
			return nil, nil // it has two meanings in the file that imports it
		}
	}
	if !c.compiles {
		return nil, nil
	}
	return c.pkg, nil
}

// A compilation is one package on its way through the type checker.
type compilation struct {
	fset     *token.FileSet
	pkg      *types.Package
	std      types.Importer
	given    func(path string) bool
	compiles bool
	imported map[string]bool // by what files import

	// The types that embed and those that are embedded. A method that a later group declares of one of them could change what a selector in
	// an earlier one means.
	embedding, embedded map[string]bool
}

func (c *compilation) fault(err error) {
	var e types.Error
	if !errors.As(err, &e) || e.Soft && c.given(e.Fset.Position(e.Pos).Filename) {
		return // an import that only the bodies use
	}
	c.compiles = false
}

// parse gives the syntax of a group, without the bodies of given files.
func (c *compilation) parse(group []File) ([]*ast.File, error) {
	var files []*ast.File
	declared := map[string]bool{}
	for _, f := range group {
		data := f.Data
		if c.given(f.Path) {
			data = withoutBodies(data)
		}
		file, err := parser.ParseFile(c.fset, f.Path, data, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if c.given(f.Path) {
			dropBodies(file)
		}
		if err := c.noteImports(file); err != nil {
			return nil, err
		}
		c.noteTypes(file, declared)
		files = append(files, file)
	}
	for _, f := range files {
		for _, d := range f.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil {
				continue
			}
			if name := receiver(f.Recv.List[0].Type); !declared[name] && (c.embedded[name] || c.embedding[name]) {
				c.compiles = false
			}
		}
	}
	return files, nil
}

// noteImports notes the names that a file has for packages. No group may declare one of them.
func (c *compilation) noteImports(f *ast.File) error {
	for _, spec := range f.Imports {
		if spec.Name != nil {
			c.imported[spec.Name.Name] = true
			continue
		}
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		if p, err := c.std.Import(path); err == nil { // else it is a fault already
			c.imported[p.Name()] = true
		}
	}
	return nil
}

// noteTypes notes the types that a file declares, and which of all embed or are embedded.
func (c *compilation) noteTypes(f *ast.File, declared map[string]bool) {
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.TYPE {
			continue
		}
		for _, spec := range g.Specs {
			spec := spec.(*ast.TypeSpec)
			declared[spec.Name.Name] = true
			ast.Inspect(spec.Type, func(n ast.Node) bool {
				if s, ok := n.(*ast.StructType); ok {
					for _, field := range s.Fields.List {
						if field.Names == nil {
							c.embedding[spec.Name.Name], c.embedded[receiver(field.Type)] = true, true
						}
					}
				}
				return true
			})
		}
	}
}

// forget drops of a file that was checked what nothing that follows looks at: what functions do, and what variables begin with.
func forget(f *ast.File) {
	dropBodies(f)
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, spec := range g.Specs {
			for _, value := range spec.(*ast.ValueSpec).Values {
				if literal, ok := value.(*ast.CompositeLit); ok {
					literal.Elts = nil
				}
			}
		}
	}
}
