// Package stamp copies the runtime into an output: the embedded Go files of the features that a model asks for, with their package
// clause rewritten and what nothing refers to left out.
package stamp

import (
	"maps"
	"slices"
	"sync"

	"github.com/contactsgen/contactsgen/generator/internal/model"
	"github.com/contactsgen/contactsgen/generator/internal/output"
	"github.com/contactsgen/contactsgen/generator/internal/parallel"
	"github.com/contactsgen/contactsgen/templates"
)

// file is one runtime file, and what it declares. It is never changed.
type file struct {
	templates.Source
	*outline
}

// client is the whole runtime of clients, read once: names are reserved from it, and it is stamped from it.
var client = sync.OnceValues(func() ([]*file, error) { return outlined(templates.Client()) })

// outlined finds the outlines of sources.
func outlined(sources []templates.Source, err error) ([]*file, error) {
	if err != nil {
		return nil, err
	}
	return parallel.Map(sources, func(s templates.Source) (*file, error) {
		o, err := outlineOf(s)
		return &file{s, o}, err
	})
}

// Client gives the files of the client runtime that the API needs, in order of name. What neither the printed files nor the
// runtime's own exported names lead to is left out.
func Client(api *model.API, printed [][]byte) ([]output.File, error) {
	files, err := client()
	if err != nil {
		return nil, err
	}
	return prune(wanted(files, api.Features), "", api.Package, printed)
}

// Fake gives the files of the fake's runtime, with the pack that the API asks for, in the folder that is called like the package. What neither the
// printed files nor its own exported names lead to is left out.
func Fake(api *model.API, pkg string, printed [][]byte) ([]output.File, error) {
	files, err := outlined(templates.Fake(api.FakePack))
	if err != nil {
		return nil, err
	}
	return prune(wanted(files, api.Features), pkg, pkg, printed)
}

// wanted are the files of the core and of the features that an output has.
func wanted(files []*file, has model.Features) []*file {
	return slices.DeleteFunc(slices.Clone(files), func(f *file) bool {
		return f.Feature != templates.Core && !has[model.Feature(f.Feature)]
	})
}

// Identifiers gives every package-level identifier of the whole client runtime, sorted. They are reserved in every output, whichever
// features it has, so that a name does not change when a feature joins. The list is the caller's.
func Identifiers() ([]string, error) {
	names, err := identifiers()
	return slices.Clone(names), err
}

// identifiers looks through the runtime once: it is part of the program.
var identifiers = sync.OnceValues(func() ([]string, error) {
	files, err := client()
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, f := range files {
		for _, d := range f.declarations {
			for _, n := range d.names {
				if d.receiver == "" {
					names[n] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(names)), nil
})
