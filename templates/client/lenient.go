//contactsgen:feature core
//contactsgen:part json

package client

import (
	"encoding/json"
	"math"
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
	case reflect.Int32, reflect.Int64, reflect.Uint64:
		switch v := v.(type) {
		case string:
			if isWhole(v) {
				return json.Number(v)
			}
		case json.Number:
			return integral(v)
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
	if err == nil {
		return strconv.FormatInt(n, 10) == s
	}
	u, err := strconv.ParseUint(s, 10, 64)
	return err == nil && strconv.FormatUint(u, 10) == s
}

// integral writes a whole number without the fraction or exponent that it may be written with: 1.0 and 1e3 are integers in JSON Schema.
func integral(n json.Number) json.Number {
	const exact = 1 << 53
	if f, err := n.Float64(); err == nil && f == math.Trunc(f) && math.Abs(f) <= exact && strings.ContainsAny(n.String(), ".eE") {
		return json.Number(strconv.FormatInt(int64(f), 10))
	}
	return n
}
