// Package spec holds the description that the generator uses when it is given no other: Wix's Contacts V4 endpoints.
//
// It holds data only. Nothing in the generator knows what the description says.
package spec

import _ "embed"

// Name is the file name that positions in the embedded description are reported under.
const Name = "spec/contacts.yaml"

// Package is the Go package that the embedded description becomes when no other is named.
const Package = "contacts"

// Contacts is the embedded description, OpenAPI 3.0.3 in YAML.
//
//go:embed contacts.yaml
var Contacts []byte
