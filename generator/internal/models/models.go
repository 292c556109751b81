package models

import (
	"fmt"
	"go/parser"
	"go/token"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/contactsgen/contactsgen/generator/internal/output"
	"github.com/contactsgen/contactsgen/templates"
)

// one guards oapi-codegen's package variables.
var one sync.Mutex

// asDecided is a name normaliser that leaves the names of package analyze alone.
const asDecided codegen.NameNormalizerFunction = "as-decided"

func init() {
	codegen.NameNormalizers[asDecided] = func(name string) string { return name }
}

// Print prints the types of a components-only document as the Go source of a package.
// The document is edited on the way and must not be used afterwards.
func Print(fset *token.FileSet, doc *openapi3.T, pkg string) (source output.Source, err error) {
	one.Lock()
	defer one.Unlock()
	defer func() {
		if r := recover(); r != nil {
			source, err = output.Source{}, fmt.Errorf("printing the models: %v", r)
		}
	}()
	config, err := configuration(pkg)
	if err != nil {
		return source, err
	}
	text, err := codegen.Generate(doc, config)
	*doc = openapi3.T{} // which a variable of oapi-codegen's refers to from now on
	if err != nil {
		return source, fmt.Errorf("printing the models: %w", err)
	}
	return used(fset, text)
}

// used drops the imports that the printed models do not use: which are used depends on the types.
func used(fset *token.FileSet, text string) (output.Source, error) {
	file, err := parser.ParseFile(fset, "models", text, parser.ParseComments) // with objects: unused imports are found by them
	if err != nil {
		return output.Source{}, fmt.Errorf("printing the models: %w", err)
	}
	for _, path := range []string{"encoding/json", "errors", "fmt"} {
		if !astutil.UsesImport(file, path) {
			astutil.DeleteImport(fset, file, path)
		}
	}
	return output.PrintSyntax(fset, file, len(text))
}

func configuration(pkg string) (codegen.Configuration, error) {
	texts, err := templates.OAPI()
	if err != nil {
		return codegen.Configuration{}, err
	}
	none := ""
	return codegen.Configuration{
		PackageName: pkg,
		Generate:    codegen.GenerateOptions{Models: true},
		Compatibility: codegen.CompatibilityOptions{
			DisableRequiredReadOnlyAsPointer: true,
			AlwaysPrefixEnumValues:           true,
			AllowUnexportedStructFieldNames:  true,
		},
		OutputOptions: codegen.OutputOptions{
			SkipFmt:                          true, // the output package formats
			SkipPrune:                        true,
			SkipEnumValidate:                 true,
			SkipEnumViaOneOf:                 true,
			UserTemplates:                    texts,
			ResponseTypeSuffix:               "Response",
			ClientTypeName:                   "Client",
			DisableTypeAliasesForType:        []string{"array"},
			NameNormalizer:                   string(asDecided),
			GenerateTypesForAnonymousSchemas: true,
		},
		AllowRemoteRefsFrom:  []string{},
		NoVCSVersionOverride: &none,
	}, nil
}
