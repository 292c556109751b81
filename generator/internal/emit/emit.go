// Package emit prints the client: everything of an output that is neither a model nor the runtime.
//
// It is the only door to jennifer, and it decides nothing. What a thing is called, whether it exists and in which order it stands was
// decided by package analyze; anything with a loop in it is real Go in the runtime (templates/client). What is left here
// are descriptors, which are data, and methods of one line.
package emit

import (
	"bytes"
	"fmt"
	"go/token"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/output"
	"github.com/contactsgen/contactsgen/templates"
)

// Identifiers are the exported names that a client can have and neither the model decides nor the runtime declares. They are reserved in
// every output.
var Identifiers = []string{"Client", "NewClient", "NewWebhooks"}

// File is one printed file, and its name without a suffix.
type File struct {
	Name string
	output.Source
}

// Files prints the client of an API. The files of one API make one package together with its models and the runtime, whose parts the
// table of contents lists.
func Files(fset *token.FileSet, a *api.API, runtime []templates.Part) ([]File, error) {
	p := &printer{api: a, shapes: newShapes(a)}
	parts := []part{
		{"doc", func(f *jen.File) { p.doc(f, runtime) }, false},
		{"client", p.client, false},
	}
	for _, s := range a.Services {
		parts = append(parts, part{s.File, func(f *jen.File) { p.service(f, s) }, false})
	}
	return render(fset, a.Package, append(parts,
		part{"webhooks", p.webhooks, !a.Features[api.FeatureWebhooks]},
		part{"unions", p.unions, !hasUnions(a)},
		part{"enums", func(f *jen.File) { p.enums(f); p.filters(f) }, !hasEnums(a) && !a.Features[api.FeatureFilters]},
		part{"codes", p.codes, len(a.Codes) == 0},
		part{"codec", p.codec, !a.Features[api.FeatureCodec] && !slices.ContainsFunc(a.Types, func(t *api.Type) bool { return t.FillsNil })},
	))
}

// part is a file that is printed unless there is nothing in it.
type part struct {
	name  string
	print func(*jen.File)
	empty bool
}

// render prints the parts of a package.
func render(fset *token.FileSet, pkg string, parts []part) ([]File, error) {
	var files []File
	for _, p := range parts {
		if p.empty {
			continue
		}
		f := jen.NewFile(pkg)
		f.NoFormat = true
		p.print(f)
		var b bytes.Buffer
		err := f.Render(&b)
		if err != nil {
			return nil, fmt.Errorf("printing %s of package %s: %w", p.name, pkg, err)
		}
		source, err := output.Print(fset, p.name, b.Bytes())
		if err != nil {
			return nil, fmt.Errorf("printing package %s: %w", pkg, err)
		}
		files = append(files, File{p.name, source})
	}
	return files, nil
}

// printer holds what every part prints from.
type printer struct {
	api    *api.API
	shapes *shapes
}

func hasEnums(a *api.API) bool {
	for _, t := range a.Types {
		if t.Kind == api.KindEnum {
			return true
		}
	}
	return false
}

// operationsWith are the operations of a service that something holds for, where the output has the feature that makes use of it.
func (p *printer) operationsWith(f api.Feature, s *api.Service, holds func(*api.Operation) bool) []*api.Operation {
	if !p.api.Features[f] {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Operations), func(op *api.Operation) bool { return !holds(op) })
}

// descriptors prints a descriptor for each operation, in one declaration.
func descriptors(f *jen.File, about string, ops []*api.Operation, one func(*api.Operation) jen.Code) {
	if len(ops) == 0 {
		return
	}
	f.Comment(about)
	f.Var().DefsFunc(func(g *jen.Group) {
		for _, op := range ops {
			g.Add(one(op))
		}
	})
	f.Line()
}

// eachOperation calls f for every operation, in the order of services and operations.
func (p *printer) eachOperation(f func(*api.Service, *api.Operation)) {
	for _, s := range p.api.Services {
		for _, op := range s.Operations {
			f(s, op)
		}
	}
}
