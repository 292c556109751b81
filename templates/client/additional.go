//contactsgen:feature core
//contactsgen:part json

package client

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// readOpen reads an object of a type that names some of its members. The others are kept beside them.
func readOpen[D, V any](doc []byte, declared *D, rest *map[string]V) error {
	var members map[string]json.RawMessage
	if err := decodeStrictly(doc, &members); err != nil {
		return err
	}
	known := map[string]json.RawMessage{} // by its very name: to encoding/json "ID" is "id" as well
	for _, name := range memberNames(reflect.TypeFor[D]()) {
		if member, ok := members[name]; ok {
			known[name] = member
			delete(members, name)
		}
	}
	named, err := encodeOrdinarily(known)
	if err != nil {
		return err
	}
	if err := decode(named, declared); err != nil {
		return err
	}
	if len(members) == 0 {
		return nil
	}
	*rest = make(map[string]V, len(members))
	for name, member := range members {
		var v V
		if err := decode(member, &v); err != nil {
			return fmt.Errorf("an additional property: %w", err)
		}
		(*rest)[name] = v
	}
	return nil
}

// writeOpen writes an object of a type that names some of its members, and the others in the order of their names.
func writeOpen[D, V any](declared D, rest map[string]V) ([]byte, error) {
	doc, err := encodeOrdinarily(declared)
	if err != nil || len(rest) == 0 {
		return doc, err
	}
	taken := memberNames(reflect.TypeFor[D]())
	doc = doc[:len(doc)-1]
	for _, name := range slices.Sorted(maps.Keys(rest)) {
		if slices.Contains(taken, name) {
			return nil, fmt.Errorf("the additional property %q is one that has a field", name)
		}
		member, err := encode(rest[name])
		if err != nil {
			return nil, err
		}
		if len(doc) > 1 {
			doc = append(doc, ',')
		}
		doc = append(append(append(doc, quote(name)...), ':'), member...)
	}
	return append(doc, '}'), nil
}

// memberNames gives the names that the fields of a struct have in JSON.
func memberNames(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		name, _, more := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" && (name != "-" || more) {
			names = append(names, name)
		}
	}
	return names
}
