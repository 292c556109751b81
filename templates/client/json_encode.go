//contactsgen:feature core
//contactsgen:part json

// Go values as JSON.

package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// selfWriter is a type that writes its document itself, where the package was made with the feature codec. False leaves it to
// encoding/json.
type selfWriter interface{ writeDocument() ([]byte, bool) }

// encode writes JSON without the escapes that are only of use inside HTML.
func encode(v any) ([]byte, error) {
	if w, ok := v.(selfWriter); ok && !isNilPointer(v) {
		if doc, ok := w.writeDocument(); ok {
			return doc, nil
		}
	}
	return encodeOrdinarily(v)
}

func isNilPointer(v any) bool {
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}

// encodeOrdinarily is encode with encoding/json.
func encodeOrdinarily(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// filled has a value fill its lists that cannot be null, if it has any.
func filled[T any](v T) T {
	if f, ok := any(&v).(interface{ fillNil() }); ok {
		f.fillNil()
	}
	return v
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

func jsonText(s string) json.RawMessage {
	if s == "" {
		return nil
	}
	doc, err := encodeOrdinarily(s)
	if err != nil {
		return nil
	}
	return doc
}
