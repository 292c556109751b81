package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/url"
	"reflect"
	"slices"
	"strings"
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

// encodeValue writes the value of a body. One that is nil is no body.
func encodeValue(v any) ([]byte, error) {
	doc, err := encode(v)
	if err != nil || string(doc) == "null" {
		return nil, err
	}
	return doc, nil
}

// encodeBody writes a body that is JSON in the media type of its operation.
func encodeBody(op *operation, doc []byte) ([]byte, error) {
	kind, _, err := mime.ParseMediaType(op.content)
	switch {
	case op.content == "" || err == nil && isJSON(kind):
		return doc, nil
	case kind == "application/x-www-form-urlencoded":
		return encodeForm(op.form, doc)
	}
	return nil, fmt.Errorf("a body of type %q cannot be written", op.content)
}

func isJSON(kind string) bool { return kind == "application/json" || strings.HasSuffix(kind, "+json") }

// encodeForm writes an object as a form: a member per property, in the style that the description gives it, or else as OpenAPI's defaults have
// it, with arrays repeated.
func encodeForm(styles []param, doc []byte) ([]byte, error) {
	var tree map[string]any
	if err := decode(doc, &tree); err != nil {
		return nil, err
	}
	a := &arguments{}
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		p := param{name: name, explode: true}
		if i := slices.IndexFunc(styles, func(p param) bool { return p.name == name }); i >= 0 {
			p = styles[i]
		}
		v, err := p.tree(tree[name])
		if err != nil {
			return nil, err
		}
		a.addQuery(p, v)
	}
	form := url.Values{}
	for _, p := range a.query {
		form.Add(p.name, p.value)
	}
	pairs := a.encoded
	if len(form) > 0 {
		pairs = append([]string{form.Encode()}, pairs...)
	}
	return []byte(strings.Join(pairs, "&")), nil
}
