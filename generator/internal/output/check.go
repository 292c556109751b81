package output

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Check says whether files may replace what is there: every one has the header, imports the standard library alone, and has the
// package clause of its folder. That they are Go as gofmt prints it is what printing them has seen to; [CheckFormat] makes sure, at the
// price of printing them again. An error of either is a fault of the generator, never of the description.
//
// declared, unless nil, gives for each folder of the output ("." is the output directory) the names decided for it, as
// Declarations prints them: a name printed without being decided, or decided and not printed, is an error.
func Check(files []File, declared map[string][]string) error {
	if err := checkPaths(files); err != nil {
		return err
	}
	mode := parser.ImportsOnly
	if declared != nil {
		mode = parser.SkipObjectResolution
	}
	packages, err := parse(files, mode)
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range files {
		line, _, _ := bytes.Cut(f.Data, []byte("\n"))
		if string(line) != Header {
			errs = append(errs, fmt.Errorf("%s: the first line is %q, not the header", f.Path, line))
		}
	}
	printed := map[string]bool{}
	for _, p := range packages {
		printed[p.folder] = true
		errs = append(errs, p.check()...)
		if declared != nil {
			errs = append(errs, compareNames(p.folder, p.declarations(), declared[p.folder])...)
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(declared)) {
		if !printed[folder] {
			errs = append(errs, compareNames(folder, nil, declared[folder])...)
		}
	}
	return errors.Join(errs...)
}

// CheckFormat says whether every file is Go as gofmt prints it.
func CheckFormat(files []File) error {
	var errs []error
	for _, f := range files {
		if formatted, err := Format(f.Path, f.Data); err != nil || !bytes.Equal(formatted, f.Data) {
			errs = append(errs, fmt.Errorf("%s is not as gofmt prints it", f.Path))
		}
	}
	return errors.Join(errs...)
}

// Declarations gives, for each folder of the output, the names declared at package level in order: Name for constants,
// variables, types and functions, Type.Name for methods. init and the blank name are left out.
func Declarations(files []File) (map[string][]string, error) {
	packages, err := parse(files, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	all := map[string][]string{}
	for _, p := range packages {
		all[p.folder] = p.declarations()
	}
	return all, nil
}

// A pkg is the files of one folder.
type pkg struct {
	folder string
	fset   *token.FileSet
	files  []*ast.File
	names  []string // paths of files
}

// parse reads as much of all files as the mode says, and collects what does not parse.
func parse(files []File, mode parser.Mode) ([]*pkg, error) {
	if len(files) == 0 {
		return nil, errors.New("there is no output")
	}
	fset := token.NewFileSet()
	byFolder := map[string]*pkg{}
	var errs []error
	for _, f := range files {
		file, err := parser.ParseFile(fset, f.Path, f.Data, mode)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		folder := path.Dir(f.Path)
		p := byFolder[folder]
		if p == nil {
			p = &pkg{folder: folder, fset: fset}
			byFolder[folder] = p
		}
		p.files, p.names = append(p.files, file), append(p.names, f.Path)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	packages := make([]*pkg, 0, len(byFolder))
	for _, p := range byFolder {
		packages = append(packages, p)
	}
	sort.Slice(packages, func(i, j int) bool { return packages[i].folder < packages[j].folder })
	return packages, nil
}

func (p *pkg) check() []error {
	var errs []error
	for i, f := range p.files {
		if f.Name.Name != p.files[0].Name.Name {
			errs = append(errs, fmt.Errorf("%s is of package %s, %s of package %s", p.names[i], f.Name.Name, p.names[0], p.files[0].Name.Name))
		}
	}
	for _, name := range p.imports() {
		// The standard library's paths are those whose first element has no dot. The go command keeps the same rule.
		if first, _, _ := strings.Cut(name, "/"); strings.Contains(first, ".") || name == "C" {
			errs = append(errs, fmt.Errorf("%s imports %q, which is not the standard library", p.names[0], name))
		}
	}
	return errs
}

// imports gives the paths that the package imports, each once, in order.
func (p *pkg) imports() []string {
	var names []string
	for _, f := range p.files {
		for _, spec := range f.Imports {
			name, _ := strconv.Unquote(spec.Path.Value) // the parser accepted it
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (p *pkg) declarations() []string {
	var names []string
	add := func(name string) {
		if name != "_" && name != "init" {
			names = append(names, name)
		}
	}
	for _, f := range p.files {
		for _, decl := range f.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Recv == nil {
					add(decl.Name.Name)
				} else {
					names = append(names, receiver(decl.Recv.List[0].Type)+"."+decl.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						add(spec.Name.Name)
					case *ast.ValueSpec:
						for _, name := range spec.Names {
							add(name.Name)
						}
					}
				}
			}
		}
	}
	slices.Sort(names)
	return names
}

// receiver gives the type's name in a method's receiver: T of T, *T, T[P] and *T[P].
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return "?"
}

func compareNames(folder string, printed, decided []string) []error {
	var errs []error
	want := map[string]bool{}
	for _, name := range decided {
		want[name] = true
	}
	have := map[string]bool{}
	for _, name := range printed {
		if have[name] {
			errs = append(errs, fmt.Errorf("%s: %s is declared twice", folder, name))
		}
		have[name] = true
		if !want[name] {
			errs = append(errs, fmt.Errorf("%s: %s was printed and never decided", folder, name))
		}
	}
	for _, name := range decided {
		if !have[name] {
			errs = append(errs, fmt.Errorf("%s: %s was decided and not printed", folder, name))
		}
	}
	return errs
}
