// Package runtime copies the runtime into an output: the declarations of the embedded Go files of the features that a model asks for, under
// the output's package clause, without those that nothing refers to. Runtime files that belong to one part become one file.
package runtime

import (
	"go/ast"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/output"
	"github.com/contactsgen/contactsgen/templates"
)

// client is the whole runtime of clients: names are reserved from it, and it is copied from it.
var client = sync.OnceValues(templates.Client)

// parsed takes sources apart.
func parsed(sources []templates.Source) ([]*file, error) {
	var files []*file
	for _, s := range sources {
		f, err := parse(s)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// Runtime is the runtime of one package of an output: the files that its features and its pack ask for.
type Runtime struct {
	files []*file
	parts []templates.Part
}

// Client gives the client runtime of an API.
func Client(a *api.API) (*Runtime, error) {
	sources, err := client()
	if err != nil {
		return nil, err
	}
	return newRuntime(sources, templates.ClientParts, a.Features)
}

// Fake gives the runtime of the fake of an API, with the pack that it asks for.
func Fake(a *api.API) (*Runtime, error) {
	sources, err := templates.Fake(a.FakePack)
	if err != nil {
		return nil, err
	}
	return newRuntime(sources, templates.FakeParts, a.Features)
}

func newRuntime(sources []templates.Source, parts []templates.Part, has api.Features) (*Runtime, error) {
	files, err := parsed(wanted(sources, has))
	return &Runtime{files, slices.DeleteFunc(slices.Clone(parts), func(p templates.Part) bool {
		return !slices.ContainsFunc(files, func(f *file) bool { return f.Part == p.Name })
	})}, err
}

// Parts gives the parts that the runtime has, in reading order.
func (r *Runtime) Parts() []templates.Part { return slices.Clone(r.parts) }

// Files gives a file for each part, in reading order, for a folder and a package. What neither the printed files nor the runtime's own
// exported names lead to is left out.
func (r *Runtime) Files(folder, pkg string, printed []*ast.File) ([]output.File, error) {
	return prune(r.files, r.parts, folder, pkg, printed)
}

// prefix begins the name of every runtime file of an output.
const prefix = "runtime_"

// IsRuntime tells whether a file of an output is one of the runtime.
func IsRuntime(file string) bool { return strings.HasPrefix(path.Base(file), prefix) }

// wanted are the files of the core, of packs, and of the features that an output has.
func wanted(sources []templates.Source, has api.Features) []templates.Source {
	return slices.DeleteFunc(slices.Clone(sources), func(s templates.Source) bool {
		return s.Packs == nil && s.Feature != templates.Core && !has[api.Feature(s.Feature)]
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
	sources, err := client()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range sources {
		names = append(names, declaredIn(s.Data)...)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
})
