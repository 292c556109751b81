// Package emit prints the client: everything of an output that is neither a model nor the runtime.
//
// It is the only door to jennifer, and it decides nothing. What a thing is called, whether it exists and in which order it stands was
// decided by package analyze; anything with a loop in it is real Go in the runtime (templates/client). What is left here
// are descriptors, which are data, and methods of one line.
package emit

import (
	"bytes"
	"fmt"
	"go/ast"
	"runtime"
	"slices"
	"sync"

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
	Data []byte
	Rank Rank
	Open bool // this file, or one before it of the same rank, refers to one behind it
}

// Rank says which files of a package refer to each other: none refers to one of a higher rank.
type Rank int

// The ranks.
const (
	RankTypes   Rank = iota // types and what belongs to them
	RankCodec               // how types read and write themselves
	RankService             // services
	RankClient              // the client itself
)

// Files prints the client of an API. The files of one API make one package together with its models and the runtime, whose parts the
// table of contents lists. The syntax of each is shown to see, of several at a time.
func Files(a *api.API, runtime []templates.Part, see func(*ast.File)) ([]File, error) {
	p := &printer{api: a, shapes: newShapes(a)}
	parts := []part{
		{"doc", func(f *jen.File) { p.doc(f, runtime) }, false, RankTypes, false},
		{"client", p.client, false, RankClient, false},
	}
	open := openServices(a)
	for i, s := range a.Services {
		parts = append(parts, part{s.File, func(f *jen.File) { p.service(f, s) }, false, RankService, open[i]})
	}
	noCodec := !a.Features[api.FeatureCodec] && !slices.ContainsFunc(a.Types, func(t *api.Type) bool { return t.FillsNil })
	noEnums := !hasEnums(a) && !a.Features[api.FeatureFilters]
	return render(a.Package, append(parts,
		part{"webhooks", p.webhooks, !a.Features[api.FeatureWebhooks], RankClient, false},
		part{"unions", p.unions, !hasUnions(a), RankTypes, false},
		part{"enums", func(f *jen.File) { p.enums(f); p.filters(f) }, noEnums, RankTypes, false},
		part{"codes", p.codes, len(a.Codes) == 0, RankTypes, false},
		part{"codec", p.codec, noCodec, RankCodec, false},
	), see)
}

// part is a file that is printed unless there is nothing in it.
type part struct {
	name  string
	print func(*jen.File)
	empty bool
	rank  Rank
	open  bool
}

// render prints the parts of a package, as many at a time as there are processors.
func render(pkg string, parts []part, see func(*ast.File)) ([]File, error) {
	parts = slices.DeleteFunc(parts, func(p part) bool { return p.empty })
	files, errs := make([]File, len(parts)), make([]error, len(parts))
	next := make(chan int)
	var printing sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		printing.Go(func() {
			for i := range next {
				files[i], errs[i] = parts[i].file(pkg, see)
			}
		})
	}
	for i := range parts {
		next <- i
	}
	close(next)
	printing.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// file prints one part.
func (p part) file(pkg string, see func(*ast.File)) (File, error) {
	f := jen.NewFile(pkg)
	f.NoFormat = true
	p.print(f)
	var b bytes.Buffer
	if err := f.Render(&b); err != nil {
		return File{}, fmt.Errorf("printing %s of package %s: %w", p.name, pkg, err)
	}
	data, err := output.Print(p.name, b.Bytes(), see)
	if err != nil {
		return File{}, fmt.Errorf("printing package %s: %w", pkg, err)
	}
	return File{p.name, data, p.rank, p.open}, nil
}

// openServices tells of each service whether it, or one before it, refers to one behind it: to the operation that reads a job, or the
// revision of a resource.
func openServices(a *api.API) []bool {
	index := map[*api.Operation]int{}
	for i, s := range a.Services {
		for _, op := range s.Operations {
			index[op] = i
		}
	}
	open := make([]bool, len(a.Services))
	last := 0
	for i, s := range a.Services {
		for _, op := range s.Operations {
			for _, other := range related(op) {
				last = max(last, index[other])
			}
		}
		open[i] = last > i
	}
	return open
}

// related gives the operations that what is made of one refers to.
func related(op *api.Operation) []*api.Operation {
	var all []*api.Operation
	revision := func(r *api.Revision) {
		if r == nil {
			return
		}
		all = append(all, r.Write, r.Read)
		if r.Applied != nil {
			all = append(all, r.Applied.Read)
		}
	}
	revision(op.Revision)
	if op.Job != nil {
		all = append(all, op.Job.Read)
	}
	if op.Upsert != nil {
		revision(op.Upsert.Update)
	}
	if op.Bulk != nil {
		revision(op.Bulk.Of)
	}
	return all
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
