//contactsgen:feature core
//contactsgen:part resources

package fake

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/big"
)

// object is a JSON object. Values that are stored are never changed in place: whoever changes one makes a copy along the way.
type object = map[string]any

// decode reads one JSON value, keeping numbers as they are written.
func decode(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}

// encode writes a JSON value without escaping for HTML.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// generic gives any Go value as the JSON value it is marshalled to. Strings and []byte are taken for JSON text.
func generic(v any) (any, error) {
	switch v := v.(type) {
	case string:
		return decode([]byte(v))
	case []byte:
		return decode(v)
	case json.RawMessage:
		return decode(v)
	}
	data, err := encode(v)
	if err != nil {
		return nil, err
	}
	return decode(data)
}

// clone copies a JSON value in depth.
func clone(v any) any {
	switch v := v.(type) {
	case object:
		out := make(object, len(v))
		for k, x := range v {
			out[k] = clone(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = clone(x)
		}
		return out
	}
	return v
}

// equal tells whether two JSON values are the same; numbers are compared by value.
func equal(a, b any) bool {
	switch a := a.(type) {
	case object:
		b, ok := b.(object)
		if !ok || len(a) != len(b) {
			return false
		}
		for k, x := range a {
			if y, ok := b[k]; !ok || !equal(x, y) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i]) {
				return false
			}
		}
		return true
	case json.Number:
		b, ok := b.(json.Number)
		return ok && compareNumbers(a, b) == 0
	}
	return a == b
}

// compareNumbers compares two JSON numbers by value, however they are written.
func compareNumbers(a, b json.Number) int {
	x, okX := number(a)
	y, okY := number(b)
	if !okX || !okY {
		return bytes.Compare([]byte(a), []byte(b))
	}
	return x.Cmp(y)
}

// number gives the exact value of a JSON number, unless it is too long to be one that a person meant.
func number(n json.Number) (*big.Rat, bool) {
	const most = 64
	if f, err := n.Float64(); err != nil || len(n) > most || f > 1e300 || f < -1e300 {
		return nil, false
	}
	return new(big.Rat).SetString(string(n))
}

// mergePatch applies an RFC 7396 patch to a copy of target.
func mergePatch(target, patch any) any {
	changes, ok := patch.(object)
	if !ok {
		return patch
	}
	old, _ := target.(object)
	out := make(object, len(old)+len(changes))
	for k, v := range old {
		out[k] = v
	}
	for k, v := range changes {
		if v == nil {
			delete(out, k)
			continue
		}
		out[k] = mergePatch(out[k], v)
	}
	return out
}

// text gives a scalar as a person writes it, "" for anything else.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}

// texts gives an array's members as texts.
func texts(list []any) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = text(x)
	}
	return out
}
