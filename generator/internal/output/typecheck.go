package output

import (
	"bytes"
	"context"
	_ "embed" // the standard library's types
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/gcexportdata"
)

// languageVersion is the Go version the output promises to compile with.
const languageVersion = "go1.24"

// Fault is a place where an output would not compile.
type Fault struct {
	Pos     token.Position // in the output
	Message string         // as the compiler would say it
	Names   []string       // of what is around the place, the nearest first; the last are what the declaration is called
}

// Compile says what would not compile of the files of an output, as a program in Go 1.24 would see them. Functions of files for which
// given tells true are believed to be right inside, which is most of the work: they are the same in every output. It asks nobody: the
// standard library's types come with the program.
func Compile(files []File, given func(path string) bool) ([]Fault, error) {
	seen := slices.Clone(files)
	for i, f := range seen {
		if given(f.Path) {
			seen[i].Data = withoutBodies(f.Data)
		}
	}
	packages, err := parse(seen, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	std, err := Standard()
	if err != nil {
		return nil, err
	}
	var faults []Fault
	for _, p := range packages {
		found := p.compile(std, given)
		faults = append(faults, found...)
	}
	return faults, nil
}

// CompileTest says what would not compile of a file that is a package of its own, and imports some packages beside the standard library.
func CompileTest(f File, beside map[string]*types.Package) ([]Fault, error) {
	packages, err := parse([]File{f}, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	std, err := Standard()
	if err != nil {
		return nil, err
	}
	faults := packages[0].compile(withPackages{std, beside}, func(string) bool { return false })
	return faults, nil
}

// withPackages imports some packages, and asks another importer for the rest.
type withPackages struct {
	types.Importer

	beside map[string]*types.Package
}

// Import implements [types.Importer].
func (w withPackages) Import(path string) (*types.Package, error) {
	if p := w.beside[path]; p != nil {
		return p, nil
	}
	return w.Importer.Import(path)
}

// compile type-checks a package.
func (p *pkg) compile(std types.Importer, given func(path string) bool) (faults []Fault) {
	for i, f := range p.files {
		if given(p.names[i]) {
			dropBodies(f)
		}
	}
	config := types.Config{Importer: std, GoVersion: languageVersion, Error: func(err error) {
		var e types.Error
		if !errors.As(err, &e) || e.Soft && given(e.Fset.Position(e.Pos).Filename) {
			return // an import that only the bodies use
		}
		faults = append(faults, Fault{Pos: e.Fset.Position(e.Pos), Message: e.Msg, Names: p.namesAround(e.Pos)})
	}}
	_, _ = config.Check(p.folder, p.fset, p.files, nil) // every error went to config.Error
	return faults
}

// withoutBodies drops the bodies of functions from a file that is printed as gofmt does, where only a line of its own ends one. Most of the
// time of parsing is spent on them. What is short enough to be on the line of its function stays, and so does every line's number.
func withoutBodies(src []byte) []byte {
	out := make([]byte, 0, len(src)/2)
	signature, body := false, false
	for line := range bytes.Lines(src) {
		switch {
		case body:
			body = string(line) != "}\n"
			line = line[len(line)-1:]
		case signature || bytes.HasPrefix(line, []byte("func ")):
			head, opens := bytes.CutSuffix(line, []byte(" {\n"))
			if opens {
				line, body = append(bytes.Clone(head), '\n'), true
			}
			signature = !opens && !bytes.HasSuffix(line, []byte("}\n"))
		}
		out = append(out, line...)
	}
	return out
}

func dropBodies(f *ast.File) {
	for _, d := range f.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			f.Body = nil
		}
	}
}

// namesAround lists the names at a place, and then those that the declaration around it declares.
func (p *pkg) namesAround(at token.Pos) []string {
	var names []string
	add := func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && !slices.Contains(names, id.Name) {
			names = append(names, id.Name)
		}
		return true
	}
	for _, f := range p.files {
		if at < f.FileStart || at > f.FileEnd {
			continue
		}
		path, _ := astutil.PathEnclosingInterval(f, at, at)
		for _, n := range path[:min(len(path), 3)] {
			if _, whole := n.(*ast.FieldList); whole || n == ast.Node(f) {
				break
			}
			ast.Inspect(n, add)
		}
		for _, n := range path {
			for _, name := range declaredBy(n) {
				ast.Inspect(name, add)
			}
		}
	}
	return names
}

// declaredBy gives what says the names that a node declares.
func declaredBy(n ast.Node) []ast.Node {
	switch n := n.(type) {
	case *ast.FuncDecl:
		if n.Recv == nil {
			return []ast.Node{n.Name}
		}
		return []ast.Node{n.Recv.List[0].Type, n.Name}
	case *ast.TypeSpec:
		return []ast.Node{n.Name}
	case *ast.ValueSpec:
		var names []ast.Node
		for _, name := range n.Names {
			names = append(names, name)
		}
		return names
	}
	return nil
}

// standard are the exported types of the packages that outputs import, in the form of gcexportdata, which is the same for every release of
// Go that this program can be built with. The test of this package writes it.
//
//go:embed standard.export
var standard []byte

// Standard gives an importer of the packages of the standard library that outputs import. To call it early has it ready when it is needed.
var Standard = sync.OnceValues(func() (types.Importer, error) {
	packages, err := gcexportdata.ReadBundle(bytes.NewReader(standard), token.NewFileSet(), map[string]*types.Package{})
	known := importerOf{"unsafe": types.Unsafe}
	for _, p := range packages {
		known[p.Path()] = p
	}
	return known, err
})

// importerOf imports packages that are known by path.
type importerOf map[string]*types.Package

// Import implements [types.Importer].
func (known importerOf) Import(path string) (*types.Package, error) {
	if p := known[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("no output imports %s", path)
}

// Typecheck runs go/types over files as a program in Go 1.24 would see them. The standard library's own types come from the go
// command, which is asked once, offline, for the compiled packages that files import.
func Typecheck(ctx context.Context, files []File) error {
	packages, err := parse(files, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	imports := map[string]bool{}
	for _, p := range packages {
		for _, name := range p.imports() {
			imports[name] = true
		}
	}
	std, err := standardLibrary(ctx, packages[0].fset, imports)
	if err != nil {
		return err
	}
	var errs []error
	for _, p := range packages {
		config := types.Config{
			Importer:  std,
			GoVersion: languageVersion,
			Error:     func(err error) { errs = append(errs, err) },
		}
		_, _ = config.Check(p.folder, p.fset, p.files, nil) // every error went to config.Error
	}
	return errors.Join(errs...)
}

// standardLibrary gives an importer of the packages named, and of all that they need. It reads what the compiler wrote with the same
// package that reads the types which come with the program: go/importer knows formats of other compilers, too, and takes longer to compile.
func standardLibrary(ctx context.Context, fset *token.FileSet, imports map[string]bool) (types.Importer, error) {
	args := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}", "--", "errors"} // never no package at all
	args = append(args, slices.Sorted(maps.Keys(imports))...)
	// Neither a module, a workspace, nor flags around the caller have a say in what the standard library is.
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = os.TempDir()
	cmd.Env = append(os.Environ(), "GO111MODULE=off", "GOWORK=off", "GOENV=off", "GOFLAGS=")
	listed, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && len(exit.Stderr) > 0 {
			err = errors.New(strings.TrimSpace(string(exit.Stderr)))
		}
		return nil, fmt.Errorf("cannot type-check without the go command's word on the standard library: %w", err)
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(listed)) {
		name, file, _ := strings.Cut(strings.TrimSpace(line), "=")
		exports[name] = file
	}
	return &compiled{exports: exports, fset: fset, packages: map[string]*types.Package{}}, nil
}

// compiled imports packages from what the compiler wrote about them.
type compiled struct {
	exports  map[string]string // files, by path of the package
	fset     *token.FileSet
	packages map[string]*types.Package // what was read, and what it refers to
}

// Import implements [types.Importer].
func (c *compiled) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := c.packages[path]; p != nil && p.Complete() {
		return p, nil
	}
	name := c.exports[path]
	if name == "" {
		return nil, fmt.Errorf("%s is not in the standard library", path)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	export, err := gcexportdata.NewReader(file)
	if err != nil {
		return nil, err
	}
	return gcexportdata.Read(export, c.fset, c.packages, path)
}
