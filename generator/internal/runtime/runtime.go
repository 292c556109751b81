// Package runtime copies the runtime into an output: the declarations of the embedded Go files of the features that a model asks for, under
// the output's package clause, without those that nothing refers to. Runtime files that belong to one part become one file.
package runtime

import (
	"errors"
	"go/ast"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/output"
	"github.com/contactsgen/contactsgen/templates"
)

// client is the whole runtime of clients: names are reserved from it, and it is copied from it.
var client = sync.OnceValues(templates.Client)

// parsed takes sources apart, as many at a time as there are processors.
func parsed(sources []templates.Source) ([]*file, error) {
	files, errs := make([]*file, len(sources)), make([]error, len(sources))
	var next atomic.Int32
	var parsing sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		parsing.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(sources); i = int(next.Add(1)) - 1 {
				files[i], errs[i] = parse(sources[i])
			}
		})
	}
	parsing.Wait()
	return files, errors.Join(errs...)
}

// Runtime is the runtime of one package of an output: the files that its features and its pack ask for.
type Runtime struct {
	files []*file
	parts []templates.Part

	mu      sync.Mutex
	printed mentions // in what was seen
}

// See notes what a printed file refers to. Files can be seen several at a time.
func (r *Runtime) See(f *ast.File) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range f.Decls {
		r.printed.visit(d)
	}
}

// Client gives the client runtime of an API.
func Client(a *api.API) (*Runtime, error) {
	sources, err := client()
	if err != nil {
		return nil, err
	}
	early, _ := usualClient() // what is wrong with it is wrong with sources
	return newRuntime(sources, templates.ClientParts, a.Features, early)
}

// Fake gives the runtime of the fake of an API, with the pack that it asks for.
func Fake(a *api.API) (*Runtime, error) {
	sources, err := templates.Fake(a.FakePack)
	if err != nil {
		return nil, err
	}
	early, _ := usualFake()
	return newRuntime(sources, templates.FakeParts, a.Features, early)
}

// What most outputs have of the runtimes. It is taken apart once, and never changed.
var (
	usualClient = sync.OnceValues(func() (map[string]*file, error) { return usual(client()) })
	usualFake   = sync.OnceValues(func() (map[string]*file, error) { return usual(templates.Fake("")) })
)

// Prepare takes apart what most outputs have of the runtime, so that it is there when it is asked for.
func Prepare() {
	_, _ = usualClient()
	_, _ = usualFake()
}

// usual gives the files of the default features, by name.
func usual(sources []templates.Source, err error) (map[string]*file, error) {
	if err != nil {
		return nil, err
	}
	has := api.Features{}
	for _, f := range api.DefaultFeatures {
		has[f] = true
	}
	files, err := parsed(wanted(sources, has))
	byName := map[string]*file{}
	for _, f := range files {
		byName[f.Name] = f
	}
	return byName, err
}

// newRuntime makes a runtime of sources, some of which may have been taken apart early.
func newRuntime(sources []templates.Source, parts []templates.Part, has api.Features, early map[string]*file) (*Runtime, error) {
	asked := wanted(sources, has)
	late, err := parsed(slices.DeleteFunc(slices.Clone(asked), func(s templates.Source) bool { return early[s.Name] != nil }))
	if err != nil {
		return nil, err
	}
	files := make([]*file, 0, len(asked))
	for _, s := range asked {
		f := early[s.Name]
		if f == nil {
			f, late = late[0], late[1:]
		}
		files = append(files, f)
	}
	return &Runtime{files: files, parts: slices.DeleteFunc(slices.Clone(parts), func(p templates.Part) bool {
		return !slices.ContainsFunc(files, func(f *file) bool { return f.Part == p.Name })
	}), printed: newMentions()}, nil
}

// Parts gives the parts that the runtime has, in reading order.
func (r *Runtime) Parts() []templates.Part { return slices.Clone(r.parts) }

// Files gives a file for each part, in reading order, for a folder and a package. What neither the files that were seen nor the runtime's own
// exported names lead to is left out.
func (r *Runtime) Files(folder, pkg string) ([]output.File, error) {
	return prune(r.files, r.parts, folder, pkg, r.printed)
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
