// Package model decides everything the generator will print: services, operations, resources, traits, paging, errors, and
// every Go name. What comes after it only prints.
//
// Every Doc, Summary, Title and Description is text that is safe in a comment (text.go) and does not begin with the Go name: printers
// put that first, as oapi-codegen does by itself.
//
// It reads the tree that package source gives and knows OpenAPI and the extensions of spec/README.md. It does not know any API.
package analyze
