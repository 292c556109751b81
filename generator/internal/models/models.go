package models

import (
	"bytes"
	"fmt"
	"go/format"
	"go/parser"
	"go/token"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	"golang.org/x/tools/go/ast/astutil"

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
func Print(doc *openapi3.T, pkg string) (source []byte, err error) {
	one.Lock()
	defer one.Unlock()
	defer func() {
		if r := recover(); r != nil {
			source, err = nil, fmt.Errorf("printing the models: %v", r)
		}
	}()
	config, err := configuration(pkg)
	if err != nil {
		return nil, err
	}
	text, err := codegen.Generate(doc, config)
	if err != nil {
		return nil, fmt.Errorf("printing the models: %w", err)
	}
	return used(text)
}

// used drops the imports that the printed models do not use: which are used depends on the types.
func used(text string) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "models.go", text, parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("printing the models: %w", err)
	}
	for _, path := range []string{"encoding/json", "errors", "fmt"} {
		if !astutil.UsesImport(file, path) {
			astutil.DeleteImport(fset, file, path)
		}
	}
	var b bytes.Buffer
	if err := format.Node(&b, fset, file); err != nil {
		return nil, fmt.Errorf("printing the models: %w", err)
	}
	return b.Bytes(), nil
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
