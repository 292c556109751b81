package client

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/url"
	"reflect"
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

// encodeBody writes the body of a request in its media type. A value that is nil is no body.
func encodeBody(mediaType string, v any) ([]byte, error) {
	doc, err := encode(v)
	if err != nil || string(doc) == "null" {
		return nil, err
	}
	kind, _, err := mime.ParseMediaType(mediaType)
	switch {
	case mediaType == "" || err == nil && isJSON(kind):
		return doc, nil
	case kind == "application/x-www-form-urlencoded":
		return encodeForm(doc)
	}
	return nil, fmt.Errorf("a body of type %q cannot be written", mediaType)
}

func isJSON(kind string) bool { return kind == "application/json" || strings.HasSuffix(kind, "+json") }

// encodeForm writes an object as a form, as OpenAPI's defaults have it: a member per property, arrays repeated.
func encodeForm(doc []byte) ([]byte, error) {
	var tree map[string]any
	if err := decode(doc, &tree); err != nil {
		return nil, err
	}
	a := &arguments{}
	form := url.Values{}
	for name, v := range tree {
		a.addQuery(param{name: name, explode: true}, v)
	}
	for _, p := range a.query {
		form.Add(p.name, p.value)
	}
	return []byte(form.Encode()), nil
}
