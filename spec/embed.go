// Package spec holds the description that the generator uses when it is given no other: Wix's Contacts V4 endpoints.
//
// It holds data only. Nothing in the generator knows what the description says.
package spec

import _ "embed"

// Name is the file name that positions in the embedded description are reported under.
const Name = "spec/contacts.yaml"

// Contacts is the embedded description, OpenAPI 3.0.3 in YAML.
//
//go:embed contacts.yaml
var Contacts []byte
