// Command prepare generates the two clients that loops use, before they can be compiled.
package main

import (
	"context"
	"log"
	"os"
	"path/filepath"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"github.com/contactsgen/contactsgen/generator"
	"github.com/contactsgen/contactsgen/testdata/judge/law"
)

func main() {
	log.SetFlags(0)
	description, err := law.Loops["etag"].Description()
	if err != nil {
		log.Fatal(err)
	}
	files, err := generator.Generate(context.Background(), generator.Options{
		Spec: generator.Input{Name: "things.yaml", Data: description}, Package: "ours", Features: []generator.Feature{"helpers", "codec"},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range files {
		write("gen/ours/"+f.Path, f.Data)
	}
	document, err := openapi3.NewLoader().LoadFromData(description)
	if err != nil {
		log.Fatal(err)
	}
	code, err := codegen.Generate(document, codegen.Configuration{
		PackageName: "oapi", Generate: codegen.GenerateOptions{Client: true, Models: true},
		OutputOptions: codegen.OutputOptions{ResponseTypeSuffix: "Result"},
	})
	if err != nil {
		log.Fatal(err)
	}
	write("gen/oapi/client.go", []byte(code))
}

func write(file string, data []byte) {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		log.Fatal(err)
	}
}
