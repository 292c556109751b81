// Package generator turns an OpenAPI description into the files of a Go client whose resources know their revision.
//
// Generate is a pure function: the same Options give the same bytes, whatever the time, the machine and the working directory. It writes
// nothing; writing, comparing and checking files on disk is the business of the caller. It knows no API: everything specific to one is in
// its description, as the extensions of spec/README.md.
package generator

import (
	"context"
	"errors"
	"go/types"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/contactsgen/contactsgen/generator/internal/analyze"
	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/emit"
	"github.com/contactsgen/contactsgen/generator/internal/faketable"
	"github.com/contactsgen/contactsgen/generator/internal/models"
	"github.com/contactsgen/contactsgen/generator/internal/output"
	"github.com/contactsgen/contactsgen/generator/internal/runtime"
	"github.com/contactsgen/contactsgen/generator/internal/source"
	"github.com/contactsgen/contactsgen/templates"
)

// Input is a document and the name that positions in it are reported under.
type Input = source.Input

// File is one generated file.
type File = output.File

// Feature is a part of the output that can be asked for by name.
type Feature = api.Feature

// Choice says which operations of a description are generated.
type Choice = analyze.Choice

// Chosen is a tag or an operationId in a Choice, and where the caller names it.
type Chosen = analyze.Chosen

// FakeFeature is the feature whose files go to a folder of their own: the name of the package and "test".
const FakeFeature = api.FeatureFake

// DefaultFeatures gives the features that are made unless Options choose.
func DefaultFeatures() []Feature { return slices.Clone(api.DefaultFeatures) }

// OptInFeatures gives the features that are made only where Options name them.
func OptInFeatures() []Feature { return slices.Clone(api.OptInFeatures) }

// Options say what to generate. The zero value of every field but Spec and Package has a meaning.
type Options struct {
	Spec     Input   // the description: OpenAPI 3.0 to 3.2, or Swagger 2.0, YAML or JSON
	Overlays []Input // OpenAPI Overlays, applied in this order
	Package  string  // name of the Go package

	// ImportPath is what the client will be imported by, which its Examples have to say; "": there are none.
	ImportPath string

	// Warn is called with each thing that the description says and that means nothing, with its position; nil: nobody listens.
	Warn func(warning string)

	SkipUnsupported bool // leave out operations that cannot be generated instead of failing
	Typecheck       bool // type-check the runtime, too, against the standard library of the go command, which takes longer

	Choice   Choice    // of operations; the zero value is all of them
	Features []Feature // parts of the output; nil is DefaultFeatures
}

// header opens every generated file. Outputs are under a licence that asks nothing of those who vendor them.
var header = output.Header + "\n// SPDX-License-Identifier: MIT-0\n\n"

// Generate renders the files of the client in order of their path, or says everything that is wrong with the input.
// Complaints about a document are a list with positions.
func Generate(ctx context.Context, o Options) ([]File, error) {
	go func() { // what is asked for once the description is read
		runtime.Prepare()
		_, _ = output.Standard()
	}()
	// 1. Bytes to a tree with positions; overlays applied. (internal/source)
	// 2. Every decision: services, operations, types, revisions, names. (internal/analyze)
	a, err := build(ctx, o)
	if err != nil {
		return nil, err
	}
	for _, w := range a.Warnings {
		if o.Warn != nil {
			o.Warn(w.Error())
		}
	}
	if err := checkFake(a); err != nil {
		return nil, err
	}
	// 3. Models (internal/models), methods over descriptors (internal/emit), printed, and the runtime that they need (internal/runtime).
	// 4. The fake, in a folder of its own: its table of routes (internal/faketable), printed, and its runtime.
	var client, fake rendered
	err = together(len(o.Spec.Data) < large,
		func() (err error) { client, err = clientOf(a); return err },
		func() (err error) { fake, err = fakeOf(a); return err },
	)
	if err != nil {
		return nil, err
	}
	files := append(client.files, fake.files...)
	// 5. Header, checks. (internal/output)
	if files, err = finish(ctx, files, o.Typecheck); err != nil {
		return nil, err
	}
	if client.compiled == nil || fake.compiled == nil {
		return files, defects(a, o.Spec.Name, files)
	}
	// 6. Examples, which are a package of their own and import both. (internal/examples)
	example, err := examplesOf(a, o.ImportPath, client.compiled, fake.compiled)
	if err != nil || example == nil {
		return files, err
	}
	return inOrder(append(files, *example)), nil
}

// From here on a description's parts are printed one after the other: each takes much room, and keeps all processors busy by itself.
const (
	large = 4 << 20 // bytes
	many  = 5000    // types
)

// together does several things, at a time if that is wanted, and gives the first error in their order.
func together(atOnce bool, things ...func() error) error {
	if !atOnce {
		for _, do := range things {
			if err := do(); err != nil {
				return err
			}
		}
		return nil
	}
	errs := make([]error, len(things))
	var doing sync.WaitGroup
	for i, do := range things {
		doing.Go(func() { errs[i] = do() })
	}
	doing.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// checkFake complains of what the description says of its fake and does not fit the rest of it.
func checkFake(a *api.API) error {
	if !a.Features[api.FeatureFake] {
		return nil
	}
	return faketable.Check(a)
}

// rendered is one package of an output, and what it is to others; nil: it would not compile.
type rendered struct {
	files    []File
	compiled *types.Package
}

// clientOf renders the client, its models among it.
func clientOf(a *api.API) (rendered, error) {
	rt, err := runtime.Client(a)
	if err != nil {
		return rendered{}, err
	}
	var types []byte
	var printed []emit.File
	err = together(len(a.Types) < many,
		func() (err error) { types, err = models.Print(models.Schema(a.Types), a.Package, rt.See); return err },
		func() (err error) { printed, err = emit.Files(a, rt.Parts(), rt.See); return err },
	)
	if err != nil {
		return rendered{}, err
	}
	return render("", a.Package, append(printed, emit.File{Name: "models", Data: types, Rank: emit.RankTypes}), rt)
}

// fakeOf renders the fake that stands beside the client, if the output has one.
func fakeOf(a *api.API) (rendered, error) {
	if !a.Features[api.FeatureFake] {
		return rendered{compiled: types.NewPackage("none", "none")}, nil
	}
	rt, err := runtime.Fake(a)
	if err != nil {
		return rendered{}, err
	}
	printed, err := emit.Fake(a, rt.Parts(), rt.See)
	if err != nil {
		return rendered{}, err
	}
	folder := emit.FakePackage(a)
	return render(folder, folder, printed, rt)
}

// render puts what was printed for a package and what it needs of the runtime into a folder.
func render(folder, pkg string, printed []emit.File, rt *runtime.Runtime) (rendered, error) {
	files, err := rt.Files(folder, pkg)
	if err != nil {
		return rendered{}, err
	}
	slices.SortStableFunc(printed, func(a, b emit.File) int { return int(a.Rank - b.Rank) })
	for _, f := range printed {
		files = append(files, File{Path: path.Join(folder, f.Name+".gen.go"), Data: f.Data})
	}
	compiled, err := output.Compiled(pkg, groups(files, printed), runtime.IsRuntime)
	return rendered{files, compiled}, err
}

// checkedAtOnce is how many bytes are type-checked together, where they need not be: each group takes room while it is, and all of them a
// little more time.
var checkedAtOnce = 3 << 20

// groups parts the files of a package for the type checker. The last of them are the printed ones, in order of rank: those that have types
// are together, with the runtime, and what follows is, up to a size.
func groups(files []File, printed []emit.File) (all [][]File) {
	given := len(files) - len(printed)
	from, size, open := 0, 0, false
	for i, f := range printed {
		if f.Rank != emit.RankTypes && !open && size+len(f.Data) > checkedAtOnce {
			all, from, size = append(all, files[from:given+i]), given+i, 0
		}
		size += len(f.Data)
		open = f.Open
	}
	return append(all, files[from:])
}

// finish gives every file its header, and checks all of them together. They were printed as gofmt does, each by the package that printed
// it.
func finish(ctx context.Context, files []File, typecheck bool) ([]File, error) {
	for i, f := range files {
		files[i].Data = append([]byte(header), f.Data...)
	}
	inOrder(files)
	if err := output.Check(files, nil); err != nil {
		return nil, err
	}
	if !typecheck {
		return files, nil
	}
	return files, errors.Join(output.CheckFormat(files), output.Typecheck(ctx, files))
}

// inOrder sorts files by their path.
func inOrder(files []File) []File {
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// build reads the documents and decides.
func build(ctx context.Context, o Options) (*api.API, error) { return decide(ctx, o, false) }

// decide is build; to inspect a description is to be told what nothing comes of and what it could say, too.
func decide(ctx context.Context, o Options, inspecting bool) (*api.API, error) {
	doc, err := source.Load(ctx, o.Spec, o.Overlays, source.DefaultLimits())
	if err != nil {
		return nil, err
	}
	reserved, err := runtime.Identifiers()
	if err != nil {
		return nil, err
	}
	packs, err := templates.Packs()
	if err != nil {
		return nil, err
	}
	return analyze.Build(doc, analyze.Options{
		Package:         o.Package,
		SkipUnsupported: o.SkipUnsupported,
		Choice:          o.Choice,
		Features:        o.Features,
		Reserved:        append(reserved, emit.Identifiers...),
		Packs:           packs,
		NameKeywords:    inspecting,
		Suggest:         inspecting,
	})
}
