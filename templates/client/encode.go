//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
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

// document is a value that is sent as JSON.
type document struct{ value any }

// written is a body with a value.
func written(v any) body { return body{value: document{v}} }

func (d document) marshal() ([]byte, error) {
	doc, err := encode(d.value)
	if err != nil || string(doc) == "null" {
		return nil, err
	}
	return doc, nil
}

// needed is a body with a value that the operation cannot do without. A nil one is sent as what stands for it, and refused where nothing does.
func needed(v any, empty string) body { return body{value: neededDocument{document{v}, empty}} }

type neededDocument struct {
	document
	empty string
}

var errNoBody = errors.New("the request is missing")

func (d neededDocument) marshal() ([]byte, error) {
	doc, err := d.document.marshal()
	switch {
	case err != nil || doc != nil:
		return doc, err
	case d.empty == "":
		return nil, errNoBody
	}
	return []byte(d.empty), nil
}

// encodeBody writes a body that is JSON in the media type of its operation.
func encodeBody(op *operation, doc []byte) ([]byte, error) {
	if op.form != nil {
		return op.form.write(doc)
	}
	kind, _, err := mime.ParseMediaType(op.content)
	if op.content == "" || err == nil && isJSON(kind) {
		return doc, nil
	}
	return nil, fmt.Errorf("a body of type %q cannot be written", op.content)
}

func isJSON(kind string) bool { return kind == "application/json" || strings.HasSuffix(kind, "+json") }
