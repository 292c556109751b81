// Package generator turns an OpenAPI description into the files of a Go client whose resources know their revision.
//
// Generate is a pure function: the same Options give the same bytes, whatever the time, the machine and the working directory. It writes
// nothing; writing, comparing and checking files on disk is the business of the caller. It knows no API: everything specific to one is in its
// description, as the extensions of spec/README.md.
package generator

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/emit"
	"github.com/contactsgen/contactsgen/generator/internal/lower"
	"github.com/contactsgen/contactsgen/generator/internal/model"
	"github.com/contactsgen/contactsgen/generator/internal/oapi"
	"github.com/contactsgen/contactsgen/generator/internal/output"
	"github.com/contactsgen/contactsgen/generator/internal/parallel"
	"github.com/contactsgen/contactsgen/generator/internal/routes"
	"github.com/contactsgen/contactsgen/generator/internal/source"
	"github.com/contactsgen/contactsgen/generator/internal/stamp"
	"github.com/contactsgen/contactsgen/templates"
)

// Input is a document and the name that positions in it are reported under.
type Input = source.Input

// File is one generated file.
type File = output.File

// Feature is a part of the output that can be asked for by name.
type Feature = model.Feature

// DefaultFeatures gives the features that are made unless Options choose.
func DefaultFeatures() []Feature { return slices.Clone(model.DefaultFeatures) }

// FeaturesOnRequest gives the features that are made only where Options name them.
func FeaturesOnRequest() []Feature { return slices.Clone(model.FeaturesOnRequest) }

// Options say what to generate. The zero value of every field but Spec and Package has a meaning.
type Options struct {
	Spec     Input   // the description: OpenAPI 3.0, 3.1 or Swagger 2.0, YAML or JSON
	Overlays []Input // OpenAPI Overlays, applied in this order
	Package  string  // name of the Go package

	SkipUnsupported bool // leave out operations that cannot be generated instead of failing
	Typecheck       bool // type-check the output, which takes longer

	IncludeTags, ExcludeTags             []string  // of operations; empty includes all
	IncludeOperations, ExcludeOperations []string  // operationIds; empty includes all
	Features                             []Feature // parts of the output; nil is DefaultFeatures
}

// header opens every generated file. Outputs are under a licence that asks nothing of those who vendor them.
var header = output.Header + "\n// SPDX-License-Identifier: MIT-0\n\n"

// Generate renders the files of the client in order of their path, or says everything that is wrong with the input.
// Complaints about a document are a list with positions.
func Generate(ctx context.Context, o Options) ([]File, error) {
	// 1. Bytes to a tree with positions; overlays applied. (internal/source)
	// 2. Every decision: services, operations, types, traits, names. (internal/model)
	api, err := build(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := checkFake(api); err != nil {
		return nil, err
	}
	parts, err := render(api,
		printed, // 3. Models and methods, from what was decided.
		fakeOf,  // 4. The fake, in a folder of its own: its table of routes (internal/routes), printed, and its runtime, stamped.
	)
	if err != nil {
		return nil, err
	}
	// 5. The runtime files of the features that the model asks for. (internal/stamp)
	stamped, err := stamp.Client(api, sources(parts[0]))
	if err != nil {
		return nil, err
	}
	files := slices.Concat(append(parts, stamped)...)
	// 6. Header, checks. (internal/output)
	return finish(ctx, files, o.Typecheck)
}

// part is some files of an output. It knows nothing of the other parts, so that they are made at once.
type part func(*model.API) ([]File, error)

func render(api *model.API, parts ...part) ([][]File, error) {
	return parallel.Map(parts, func(p part) ([]File, error) { return p(api) })
}

// printed are the files that are not stamped: what there is of the output before the runtime joins it.
func printed(api *model.API) ([]File, error) {
	parts, err := render(api,
		modelsOf, // decided types to a components-only document (internal/lower), printed by oapi-codegen (internal/oapi)
		clientOf, // thin typed methods over descriptors (internal/emit)
	)
	return slices.Concat(parts...), err
}

// checkFake complains of what the description says of its fake and does not fit the rest of it.
func checkFake(api *model.API) error {
	if !api.Features[model.FeatureFake] {
		return nil
	}
	return routes.Check(api)
}

// modelsOf prints the types.
func modelsOf(api *model.API) ([]File, error) {
	source, err := oapi.Models(lower.Document(api.Types), api.Package)
	return []File{{Path: "models.gen.go", Data: source}}, err
}

// clientOf prints what calls operations.
func clientOf(api *model.API) ([]File, error) {
	printed, err := emit.Files(api)
	return inFolder("", printed), err
}

// inFolder makes files of what was printed.
func inFolder(folder string, printed []emit.File) []File {
	var files []File
	for _, f := range printed {
		files = append(files, File{Path: path.Join(folder, f.Name+".gen.go"), Data: f.Source})
	}
	return files
}

// fakeOf renders the fake that stands beside the client, if the output has one.
func fakeOf(api *model.API) ([]File, error) {
	if !api.Features[model.FeatureFake] {
		return nil, nil
	}
	printed, err := emit.Fake(api)
	if err != nil {
		return nil, err
	}
	files := inFolder(emit.FakePackage(api), printed)
	stamped, err := stamp.Fake(api, emit.FakePackage(api), sources(files))
	return append(files, stamped...), err
}

func sources(files []File) [][]byte {
	var out [][]byte
	for _, f := range files {
		out = append(out, f.Data)
	}
	return out
}

// finish gives every file its header, and checks all of them together. They were printed as gofmt does, each by the package that printed it.
func finish(ctx context.Context, files []File, typecheck bool) ([]File, error) {
	for i, f := range files {
		files[i].Data = append([]byte(header), f.Data...)
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	if err := output.Check(files, nil); err != nil {
		return nil, err
	}
	if !typecheck {
		return files, nil
	}
	return files, errors.Join(output.CheckFormat(files), output.Typecheck(ctx, files))
}

// build reads the documents and decides.
func build(ctx context.Context, o Options) (*model.API, error) {
	doc, err := source.Load(ctx, o.Spec, o.Overlays, source.DefaultLimits())
	if err != nil {
		return nil, err
	}
	reserved, err := stamp.Identifiers()
	if err != nil {
		return nil, err
	}
	packs, err := templates.Packs()
	if err != nil {
		return nil, err
	}
	return model.Build(doc, model.Options{
		Package:           o.Package,
		SkipUnsupported:   o.SkipUnsupported,
		IncludeTags:       o.IncludeTags,
		ExcludeTags:       o.ExcludeTags,
		IncludeOperations: o.IncludeOperations,
		ExcludeOperations: o.ExcludeOperations,
		Features:          o.Features,
		Reserved:          append(reserved, emit.Identifiers...),
		Packs:             packs,
	})
}
