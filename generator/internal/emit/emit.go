// Package emit prints the client: everything of an output that is neither a model nor the runtime.
//
// It is the only door to jennifer, and it decides nothing. What a thing is called, whether it exists and in which order it stands was
// decided by package model; anything with a loop in it is real Go in the runtime (templates/client). What is left here
// are descriptors, which are data, and methods of one line.
package emit

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/model"
	"github.com/contactsgen/contactsgen/templates"
)

// Identifiers are the exported names that a client can have and neither the model decides nor the runtime declares. They are reserved in
// every output.
var Identifiers = []string{"Client", "NewClient", "NewWebhooks"}

// File is one printed file: its name without a suffix, and its source.
type File struct {
	Name   string
	Source []byte
}

// Files prints the client of an API. The files of one API make one package together with its models and the runtime, whose parts the
// table of contents lists.
func Files(api *model.API, runtime []templates.Part) ([]File, error) {
	p := &printer{api: api, shapes: newShapes(api)}
	parts := []part{
		{"doc", func(f *jen.File) { p.doc(f, runtime) }, false},
		{"client", p.client, false},
	}
	for _, s := range api.Services {
		parts = append(parts, part{s.File, func(f *jen.File) { p.service(f, s) }, false})
	}
	return render(api.Package, append(parts,
		part{"webhooks", p.webhooks, !api.Features[model.FeatureWebhooks]},
		part{"unions", p.unions, !hasUnions(api)},
		part{"enums", p.enums, !hasEnums(api)},
		part{"codes", p.codes, len(api.Codes) == 0},
		part{"codec", p.codec, !api.Features[model.FeatureCodec]},
	))
}

// part is a file that is printed unless there is nothing in it.
type part struct {
	name  string
	print func(*jen.File)
	empty bool
}

// render prints the parts of a package.
func render(pkg string, parts []part) ([]File, error) {
	var files []File
	for _, p := range parts {
		if p.empty {
			continue
		}
		f := jen.NewFile(pkg)
		p.print(f)
		var b bytes.Buffer
		if err := f.Render(&b); err != nil {
			return nil, fmt.Errorf("printing %s of package %s: %w", p.name, pkg, err)
		}
		files = append(files, File{Name: p.name, Source: b.Bytes()})
	}
	return files, nil
}

// printer holds what every part prints from.
type printer struct {
	api    *model.API
	shapes *shapes
}

func hasEnums(api *model.API) bool {
	for _, t := range api.Types {
		if t.Kind == model.KindEnum {
			return true
		}
	}
	return false
}

// operationsWith are the operations of a service that something holds for, where the output has the feature that makes use of it.
func (p *printer) operationsWith(f model.Feature, s *model.Service, holds func(*model.Operation) bool) []*model.Operation {
	if !p.api.Features[f] {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Operations), func(op *model.Operation) bool { return !holds(op) })
}

// traits prints a descriptor for each operation, in one declaration.
func traits(f *jen.File, about string, ops []*model.Operation, trait func(*model.Operation) jen.Code) {
	if len(ops) == 0 {
		return
	}
	f.Comment(about)
	f.Var().DefsFunc(func(g *jen.Group) {
		for _, op := range ops {
			g.Add(trait(op))
		}
	})
	f.Line()
}

// eachOperation calls f for every operation, in the order of services and operations.
func (p *printer) eachOperation(f func(*model.Service, *model.Operation)) {
	for _, s := range p.api.Services {
		for _, op := range s.Operations {
			f(s, op)
		}
	}
}
