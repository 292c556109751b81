// Package spec holds the descriptions that come with the generator: Wix's Contacts endpoints, in the two versions that are live.
//
// It holds data only. Nothing in the generator knows what the descriptions say.
package spec

import _ "embed"

//go:generate go run ../cmd/contactsgen generate --config ../contactsgen.yaml

// Name is the file name that positions in the default description are reported under.
const Name = "spec/contacts.yaml"

// Package is the Go package that the default description becomes when no other is named.
const Package = "contacts"

// Contacts is the default description, of Contacts V4, OpenAPI 3.0.3 in YAML.
//
//go:embed contacts.yaml
var Contacts []byte

// ContactsV5 is the description of Contacts V5, OpenAPI 3.0.3 in YAML.
//
//go:embed contacts-v5.yaml
var ContactsV5 []byte

// API is one description.
type API struct {
	Name    string // by which it is asked for, such as contacts-v5
	File    string // that positions in it are reported under
	Package string // the Go package that it becomes when no other is named
	Data    []byte
}

// APIs lists the descriptions, the default one first.
func APIs() []API {
	return []API{
		{Name: "contacts-v4", File: Name, Package: Package, Data: Contacts},
		{Name: "contacts-v5", File: "spec/contacts-v5.yaml", Package: "contactsv5", Data: ContactsV5},
	}
}
