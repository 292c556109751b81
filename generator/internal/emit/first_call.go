package emit

import (
	"fmt"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// FirstCall gives a program that makes one call of the client against a server at an address, to begin with; "" where no operation is
// simple enough. The package is imported by the path given.
func FirstCall(a *api.API, importPath, baseURL string) string {
	service, op := simplest(a)
	credentials := CredentialCalls(a)
	if op == nil || credentials == nil {
		return ""
	}
	options := append([]string{fmt.Sprintf("%s.WithBaseURL(%q)", a.Package, baseURL)}, credentials...)
	args := []string{"context.Background()"}
	for _, p := range op.PathParams {
		args = append(args, fmt.Sprintf("%q", p.Name))
	}
	return fmt.Sprintf(`package main

import (
	"context"
	"fmt"
	"log"

	%q
)

func main() {
	client, err := %s.NewClient(%s)
	if err != nil {
		log.Fatal(err)
	}
	answer, err := client.%s.%s(%s)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%%+v\n", answer)
}
`, importPath, a.Package, strings.Join(options, ", "), service, op.Name, strings.Join(args, ", "))
}

// effort ranks operations to begin with: a list comes before what asks for a key.
func effort(op *api.Operation) int {
	n := 2 * len(op.PathParams)
	if op.Paging == nil {
		n++
	}
	return n
}

// simplest gives the operation to begin with: one that reads, has an answer and needs nothing, or nothing but texts in its path.
func simplest(a *api.API) (service string, best *api.Operation) {
	for _, s := range a.Services {
		for _, op := range s.Operations {
			if !op.Safe || op.Body != nil || len(op.Required) > 0 || op.Result.Kind != api.ResultJSON {
				continue
			}
			texts := true
			for _, p := range op.PathParams {
				texts = texts && p.Type.Name == "" && p.Type.Kind == api.KindScalar && p.Type.Go == "string"
			}
			if texts && (best == nil || effort(op) < effort(best)) {
				service, best = s.Name, op
			}
		}
	}
	return service, best
}
