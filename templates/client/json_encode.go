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

// filledTo is a body that is a list or a map with what fillWithin puts into it.
func filledTo[T any](v T, depth int) T {
	fillWithin(&v, depth)
	return v
}

// fillWithin puts something empty in the place of what is nil within a list or a map, as many levels deep: lists, maps and bytes of which
// null is no value. Lists and maps that are changed are copies: the caller's stay as they are.
func fillWithin[T any](v *T, depth int) {
	r := reflect.ValueOf(v).Elem()
	if full, changed := filledWithin(r, depth); changed {
		r.Set(full)
	}
}

func filledWithin(v reflect.Value, depth int) (full reflect.Value, changed bool) {
	if depth == 0 || v.IsNil() {
		return v, false
	}
	full = v
	set := func(at int, key, value reflect.Value) {
		if !changed {
			full, changed = copyOf(v), true
		}
		if v.Kind() == reflect.Map {
			full.SetMapIndex(key, value)
			return
		}
		full.Index(at).Set(value)
	}
	at := 0
	for key, held := range v.Seq2() {
		switch inner, filled := filledWithin(held, depth-1); {
		case held.IsNil():
			set(at, key, emptyOf(held.Type()))
		case filled:
			set(at, key, inner)
		}
		at++
	}
	return full, changed
}

// copyOf copies a list or a map, and not what is in it.
func copyOf(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Slice {
		return reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v)
	}
	c := reflect.MakeMapWithSize(v.Type(), v.Len())
	for key, value := range v.Seq2() {
		c.SetMapIndex(key, value)
	}
	return c
}

func emptyOf(t reflect.Type) reflect.Value {
	if t.Kind() == reflect.Map {
		return reflect.MakeMap(t)
	}
	return reflect.MakeSlice(t, 0, 0)
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
