// Command api records the exported API of packages as Go source without bodies, and compares packages with such records.
//
//	api -dir ../.. -records ../api ./generated/...           compare; exits with 1 when something differs
//	api -dir ../.. -records ../api -record ./generated/...   record
//
// A record is meant to be read: its diff shows in a review what a change means to callers. What is not exported is left out, but for
// whether a struct has such fields and an interface such methods.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/exp/apidiff"
	"golang.org/x/tools/go/packages"
)

func main() {
	dir := flag.String("dir", ".", "`folder` of the module")
	records := flag.String("records", ".", "`folder` of the records")
	record := flag.Bool("record", false, "write the records instead of comparing")
	flag.Parse()
	same, err := run(os.Stdout, *dir, *records, *record, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "api:", err)
		os.Exit(2)
	}
	if !same {
		os.Exit(1)
	}
}

func run(out io.Writer, dir, records string, record bool, patterns []string) (bool, error) {
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps | packages.NeedModule,
		Dir:  dir,
	}, patterns...)
	if err != nil {
		return false, err
	}
	if packages.PrintErrors(loaded) > 0 {
		return false, errors.New("the packages do not compile")
	}
	same := true
	for _, p := range loaded {
		name := filepath.Join(records, p.Name+".go.txt")
		now, err := print(p.Types)
		if err != nil {
			return false, fmt.Errorf("%s: %w", p.PkgPath, err)
		}
		if record {
			if err := os.WriteFile(name, now, 0o644); err != nil {
				return false, err
			}
			fmt.Fprintf(out, "%s: recorded in %s\n", p.PkgPath, name)
			continue
		}
		before, err := os.ReadFile(name)
		if err != nil {
			return false, err
		}
		if bytes.Equal(before, now) {
			fmt.Fprintf(out, "%s: as recorded\n", p.PkgPath)
			continue
		}
		same = false
		known := importer{}
		packages.Visit(loaded, nil, func(p *packages.Package) { known[p.PkgPath] = p.Types })
		old, err := check(p.PkgPath, before, known)
		if err != nil {
			return false, err
		}
		current, err := check(p.PkgPath, now, known)
		if err != nil {
			return false, err
		}
		fmt.Fprintf(out, "%s: not as recorded in %s; make api-record records it anew\n", p.PkgPath, name)
		report := apidiff.Changes(old, current)
		if len(report.Changes) == 0 {
			fmt.Fprintln(out, "Nothing that callers could notice.")
		}
		if err := report.Text(out); err != nil {
			return false, err
		}
	}
	return same, nil
}

// importer gives the packages that were loaded already, so that both sides mean the same ones.
type importer map[string]*types.Package

func (i importer) Import(name string) (*types.Package, error) {
	if p := i[name]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%s is no longer imported", name)
}

func check(name string, src []byte, known importer) (*types.Package, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	config := types.Config{Importer: known, IgnoreFuncBodies: true}
	return config.Check(name, fset, []*ast.File{file}, nil)
}

// A printer prints the API of one package.
type printer struct {
	pkg     *types.Package
	imports map[string]string // path to name
	hidden  map[string]bool   // unexported types that are named
	out     bytes.Buffer
}

func print(pkg *types.Package) ([]byte, error) {
	p := &printer{pkg: pkg, imports: map[string]string{}, hidden: map[string]bool{}}
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		if token.IsExported(name) {
			p.object(scope.Lookup(name))
		}
	}
	for done := 0; done < len(p.hidden); {
		names := slices.Sorted(maps.Keys(p.hidden))
		done = len(names)
		for _, name := range names {
			if p.hidden[name] {
				p.hidden[name] = false
				p.object(scope.Lookup(name))
			}
		}
	}
	var src bytes.Buffer
	fmt.Fprintf(&src, "package %s\n\nimport (\n", pkg.Name())
	for _, name := range slices.Sorted(maps.Keys(p.imports)) {
		fmt.Fprintf(&src, "%s %q\n", p.imports[name], name)
	}
	src.WriteString(")\n\n")
	src.Write(p.out.Bytes())
	return format.Source(src.Bytes())
}

func (p *printer) object(o types.Object) {
	switch o := o.(type) {
	case *types.Const:
		typ := p.typ(o.Type()) + " "
		if b, ok := o.Type().(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
			typ = ""
		}
		fmt.Fprintf(&p.out, "const %s %s= %s\n\n", o.Name(), typ, o.Val().ExactString())
	case *types.Var:
		fmt.Fprintf(&p.out, "var %s %s\n\n", o.Name(), p.typ(o.Type()))
	case *types.Func:
		body := ""
		if o.Signature().TypeParams().Len() > 0 {
			body = " {}" // generic functions need one to be checked, empty as it is
		}
		fmt.Fprintf(&p.out, "func %s%s%s\n\n", o.Name(), p.signature(o.Signature()), body)
	case *types.TypeName:
		p.typeName(o)
	}
}

func (p *printer) typeName(o *types.TypeName) {
	if o.IsAlias() {
		fmt.Fprintf(&p.out, "type %s = %s\n\n", o.Name(), p.typ(types.Unalias(o.Type())))
		return
	}
	named := o.Type().(*types.Named)
	var params string
	if list := named.TypeParams(); list.Len() > 0 {
		var all []string
		for param := range list.TypeParams() {
			all = append(all, param.Obj().Name()+" "+p.typ(param.Constraint()))
		}
		params = "[" + strings.Join(all, ", ") + "]"
	}
	fmt.Fprintf(&p.out, "type %s%s ", o.Name(), params)
	switch u := named.Underlying().(type) {
	case *types.Struct:
		p.structure(u)
	case *types.Interface:
		p.iface(u)
	default:
		p.out.WriteString(p.typ(u))
	}
	p.out.WriteString("\n\n")
	methods := slices.Collect(named.Methods())
	slices.SortFunc(methods, func(a, b *types.Func) int { return strings.Compare(a.Name(), b.Name()) })
	for _, m := range methods {
		if m.Exported() {
			fmt.Fprintf(&p.out, "func (%s) %s%s\n\n", p.typ(m.Signature().Recv().Type()), m.Name(), p.signature(m.Signature()))
		}
	}
}

func (p *printer) structure(s *types.Struct) {
	p.out.WriteString("struct {\n")
	hidden := false
	for i := range s.NumFields() {
		f := s.Field(i)
		if !f.Exported() && !f.Embedded() {
			hidden = true
			continue
		}
		if !f.Embedded() {
			p.out.WriteString(f.Name() + " ")
		}
		p.out.WriteString(p.typ(f.Type()))
		if tag := s.Tag(i); tag != "" {
			fmt.Fprintf(&p.out, " %q", tag)
		}
		p.out.WriteString("\n")
	}
	switch {
	case hidden && types.Comparable(s):
		p.out.WriteString("_ struct{}\n")
	case hidden:
		p.out.WriteString("_ [0]func()\n")
	}
	p.out.WriteString("}")
}

func (p *printer) iface(i *types.Interface) {
	p.out.WriteString("interface {\n")
	for e := range i.EmbeddedTypes() {
		p.out.WriteString(p.typ(e) + "\n")
	}
	for m := range i.ExplicitMethods() {
		if m.Exported() {
			p.out.WriteString(m.Name() + p.signature(m.Signature()) + "\n")
		} else {
			p.out.WriteString(m.Name() + "()\n")
		}
	}
	p.out.WriteString("}")
}

func (p *printer) signature(s *types.Signature) string {
	return strings.TrimPrefix(p.typ(s), "func")
}

func (p *printer) typ(t types.Type) string {
	p.note(t)
	return types.TypeString(t, func(other *types.Package) string {
		if other == p.pkg {
			return ""
		}
		p.imports[other.Path()] = other.Name()
		return other.Name()
	})
}

// note remembers the unexported types that a type names.
func (p *printer) note(t types.Type) {
	switch t := t.(type) {
	case *types.Named:
		if o := t.Obj(); o.Pkg() == p.pkg && !o.Exported() {
			if _, known := p.hidden[o.Name()]; !known {
				p.hidden[o.Name()] = true
			}
		}
		for arg := range t.TypeArgs().Types() {
			p.note(arg)
		}
	case *types.Alias:
		p.note(types.Unalias(t))
	case interface{ Elem() types.Type }:
		if m, ok := t.(*types.Map); ok {
			p.note(m.Key())
		}
		p.note(t.Elem())
	case *types.Signature:
		for v := range t.Params().Variables() {
			p.note(v.Type())
		}
		for v := range t.Results().Variables() {
			p.note(v.Type())
		}
	}
}
