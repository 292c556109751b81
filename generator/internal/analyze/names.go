package analyze

// Why names are made the way they are.
//
// A generated name is a promise: user code is written against it, so it must say what the description says, be Go, and
// stay when the description grows. Three rules follow.
//
// 1. The description's own spelling is kept wherever it is Go already. A schema key that is UpperCamel ASCII is the
// type's name, letter by letter; we do not "correct" HttpHeader to HTTPHeader, because its author chose it. Only
// spellings that are not Go (snake, kebab, lower case) are turned into Go, and only then are initialisms applied.
//
// 2. A clash is settled by saying more, never by counting. Every name is asked for with a list of forms, short to long:
// the plain one, the plain one with the kind it names (Schema, Operation, Param, …), the one in which punctuation is
// spelled out, and one that no other spelling can have. Whoever has the better claim keeps the shorter form: reserved
// names, then names somebody wrote for us (x-method, x-service, x-option), then spellings that are Go already, then the
// rest in the order of the description. A number after a name would move when an endpoint is added before it; a longer
// form does not, and what is added at the end of a description never takes a form that is taken.
//
// 3. Nothing exported is named elsewhere. Package-level identifiers of every kind (types, enum constants, options,
// codes, services, and the unexported variables) share one namespace, as they do in the package; methods of a service,
// fields of a struct and arguments of a method each have their own.
//
// Only a clash of two names that somebody wrote for us is an error: each of them was meant.

import (
	"encoding/hex"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
)

// argumentForms lists the names of a method's argument; place is where it travels.
func argumentForms(raw string, place api.Place) []string {
	name := naming.Unexported(raw)
	kind := naming.Exported(string(place))
	return []string{name, name + "Param", name + kind + "Param", naming.Unexported(naming.Spelled(raw)) + kind + "Param",
		name + kind + "ParamX" + hex.EncodeToString([]byte(raw))}
}
