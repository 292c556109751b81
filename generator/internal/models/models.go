package models

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
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

// Print prints the types of a components-only document as the Go source of a package, whose syntax is shown to see.
// The document is edited on the way and must not be used afterwards.
func Print(doc *openapi3.T, pkg string, see func(*ast.File)) (source []byte, err error) {
	one.Lock()
	defer one.Unlock()
	defer func() {
		if r := recover(); r != nil {
			source, err = nil, fmt.Errorf("printing the models: %v", r)
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
	return used(text, see)
}

// used drops the imports that the printed models do not use: which are used depends on the types. No model has a variable that is called
// like one of them.
func used(text string, see func(*ast.File)) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "models", text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("printing the models: %w", err)
	}
	names := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok {
				names[id.Name] = true
			}
		}
		return true
	})
	for _, imported := range []string{"encoding/json", "errors", "fmt"} {
		if !names[path.Base(imported)] {
			astutil.DeleteImport(fset, file, imported)
		}
	}
	return output.PrintSyntax(fset, file, len(text), see)
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
