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
	"github.com/contactsgen/contactsgen/generator/internal/parallel"
)

// Identifiers are the exported names that a client can have and neither the model decides nor the runtime declares. They are reserved in
// every output.
var Identifiers = []string{"Client", "NewClient", "NewWebhooks"}

// File is one printed file: its name without a suffix, and its source.
type File struct {
	Name   string
	Source []byte
}

// Files prints the client of an API. The files of one API make one package together with its models and the runtime.
func Files(api *model.API) ([]File, error) {
	p := &printer{api: api, shapes: newShapes(api)}
	return render(api.Package, []part{
		{"doc", p.doc, false},
		{"client", p.client, false},
		{"services", p.services, false},
		{"operations", p.operations, false},
		{"params", p.params, len(api.Params) == 0},
		{"forms", p.forms, len(api.Forms) == 0},
		{"revisions", p.revisions, !api.Features[model.FeatureHelpers]},
		{"iterators", p.iterators, !api.Features[model.FeatureIterators]},
		{"waiters", p.waiters, !api.Features[model.FeatureWaiters]},
		{"webhooks", p.webhooks, !api.Features[model.FeatureWebhooks]},
		{"enums", p.enums, !hasEnums(api)},
		{"codes", p.codes, len(api.Codes) == 0},
		{"codec", p.codec, !api.Features[model.FeatureCodec]},
	})
}

// part is a file that is printed unless there is nothing in it.
type part struct {
	name  string
	print func(*jen.File)
	empty bool
}

// render prints the parts of a package.
func render(pkg string, parts []part) ([]File, error) {
	parts = slices.DeleteFunc(parts, func(p part) bool { return p.empty })
	return parallel.Map(parts, func(p part) (File, error) {
		f := jen.NewFile(pkg)
		p.print(f)
		var b bytes.Buffer
		if err := f.Render(&b); err != nil {
			return File{}, fmt.Errorf("printing %s of package %s: %w", p.name, pkg, err)
		}
		return File{Name: p.name, Source: b.Bytes()}, nil
	})
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

// eachOperation calls f for every operation, in the order of services and operations.
func (p *printer) eachOperation(f func(*model.Service, *model.Operation)) {
	for _, s := range p.api.Services {
		for _, op := range s.Operations {
			f(s, op)
		}
	}
}
