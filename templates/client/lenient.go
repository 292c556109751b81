//contactsgen:feature core
//contactsgen:part json

package client

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// relax makes a document fit a type that it would fit if its numbers were strings, or its strings numbers: servers write
// long numbers as strings, some change their mind, and descriptions say one or the other.
func relax(doc []byte, into any) ([]byte, error) {
	var tree any
	if err := decodeStrictly(doc, &tree); err != nil {
		return nil, err
	}
	return encodeOrdinarily(relaxed(tree, reflect.TypeOf(into)))
}

// relaxed is a JSON value with the scalars that a type wants. What does not fit stays as it is.
func relaxed(v any, t reflect.Type) any {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return v
	}
	switch t.Kind() {
	case reflect.Struct:
		relaxMembers(v, t)
	case reflect.Map:
		if o, ok := v.(map[string]any); ok {
			for name, member := range o {
				o[name] = relaxed(member, t.Elem())
			}
		}
	case reflect.Slice:
		if list, ok := v.([]any); ok {
			for i, element := range list {
				list[i] = relaxed(element, t.Elem())
			}
		}
	case reflect.String:
		if n, ok := v.(json.Number); ok && t != reflect.TypeFor[json.Number]() {
			return n.String()
		}
	case reflect.Int32, reflect.Int64:
		if s, ok := v.(string); ok && isWhole(s) {
			return json.Number(s)
		}
	}
	return v
}

func relaxMembers(v any, t reflect.Type) {
	o, ok := v.(map[string]any)
	if !ok {
		return
	}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if member, ok := o[name]; ok {
			o[name] = relaxed(member, t.Field(i).Type)
		}
	}
}

func isWhole(s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	return err == nil && strconv.FormatInt(n, 10) == s
}
