package generator

import (
	"go/types"
	"slices"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/emit"
	"github.com/contactsgen/contactsgen/generator/internal/examples"
	"github.com/contactsgen/contactsgen/generator/internal/output"
)

// examplesOf gives the file of Examples of a client, by the path that it is imported by; nil where there is nothing to show. An Example
// that would not compile is not shown: it is the client that somebody waits for.
func examplesOf(a *api.API, importPath string, client, fake *types.Package) (*File, error) {
	if importPath == "" || !a.Features[api.FeatureExamples] {
		return nil, nil
	}
	beside := map[string]*types.Package{importPath: client, importPath + "/" + emit.FakePackage(a): fake}
	var wrong []string
	for range 2 {
		text := examples.Print(a, importPath, func(name string) bool { return slices.Contains(wrong, name) })
		if text == nil {
			return nil, nil
		}
		printed, err := output.Print(examples.FileName, text, nil)
		if err != nil {
			return nil, err
		}
		file := File{Path: examples.FileName, Data: append([]byte(header), printed...)}
		faults, err := output.CompileTest(file, beside)
		if err != nil || len(faults) == 0 {
			return &file, err
		}
		for _, f := range faults {
			wrong = append(wrong, f.Names...)
		}
	}
	return nil, nil
}
