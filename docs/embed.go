// Package docs holds what the command hands out of the documentation.
package docs

import _ "embed"

// Schema is the JSON Schema of contactsgen.yaml, for editors.
//
//go:embed contactsgen.schema.json
var Schema []byte
