//contactsgen:feature core
//contactsgen:part json

package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

var (
	errEmptyBody = errors.New("the body is empty")
	errNoResult  = errors.New("the result is missing")
	errTrailing  = errors.New("something follows the JSON value")
)

// selfReader is a type that reads itself from the value at a place in a document, where the package was made with the feature codec. False
// leaves the document to encoding/json, which accepts more and knows what is wrong.
type selfReader interface {
	readDocument(doc []byte, at pointer) bool
}

// decode reads one JSON value and nothing after it. Free-form numbers keep their digits as json.Number, and a number may be
// written as a string, or the other way round.
func decode(doc []byte, into any) error { return decodeAt(doc, "", into) }

// decodeAt is decode for the value at a place in a document.
func decodeAt(doc []byte, at pointer, into any) error {
	if readsItself(doc, at, into) {
		return nil
	}
	if at != "" {
		part, ok := at.get(doc)
		if !ok || string(part) == "null" {
			return noResult(doc)
		}
		doc = part
	}
	doc = spelled(doc, reflect.TypeOf(into), false)
	err := decodeStrictly(doc, into)
	if _, ok := wrapped[*json.UnmarshalTypeError](err); !ok {
		return err
	}
	fitting, failed := relax(doc, into)
	if failed != nil || decodeStrictly(fitting, into) != nil {
		return err
	}
	return nil
}

// readsItself has a value read itself if it can. What is no new value is not for it: encoding/json adds to what is there.
func readsItself(doc []byte, at pointer, into any) bool {
	r, ok := into.(selfReader)
	if !ok || !reflect.ValueOf(into).Elem().IsZero() {
		return false
	}
	if r.readDocument(doc, at) {
		return true
	}
	reflect.ValueOf(into).Elem().SetZero()
	return false
}

// noResult is the error of a document without a value at the place where one has to be.
func noResult(doc []byte) error {
	var whole json.RawMessage
	if err := decodeStrictly(doc, &whole); err != nil {
		return err
	}
	return errNoResult
}

// decodeStrictly has encoding/json read a document of one value; numbers stay as they are written.
func decodeStrictly(doc []byte, into any) error {
	doc = bytes.TrimRight(doc, " \t\r\n")
	d, _ := decoders.Get().(*decoder)
	d.source.Reset(doc)
	start := d.InputOffset()
	switch err := d.Decode(into); {
	case errors.Is(err, io.EOF):
		return errEmptyBody
	case err != nil:
		if s, ok := wrapped[*json.SyntaxError](err); ok {
			s.Offset -= start
		}
		return err
	case d.InputOffset()-start < int64(len(doc)):
		return errTrailing
	}
	decoders.Put(d)
	return nil
}

// decoder reads one document after the other.
type decoder struct {
	*json.Decoder
	source *bytes.Reader
}

// decoders have the room for a document that a new one would make bit by bit. One that met with an error, or has something left, does not
// come back.
var decoders = sync.Pool{New: func() any {
	d := &decoder{source: bytes.NewReader(nil)}
	d.Decoder = json.NewDecoder(d.source)
	d.UseNumber()
	return d
}}

// decodeResult reads the operation's result from a success. Answers that can have no body give an empty one.
func decodeResult[T any](c *core, op *operation, a *answer) (*T, error) {
	result := new(T)
	if len(a.body) == 0 && hasNoBody(a.status) || op.isBare(a.status) {
		return result, nil
	}
	err := decodeAt(a.body, op.result, result)
	if err != nil {
		return nil, c.undecodable(op, a, err)
	}
	if k, ok := any(result).(keeper); ok {
		k.keepSnapshot(snapshot{body: a.body, at: op.result, header: a.header, partial: a.partial})
	}
	return result, nil
}

// hasNoBody reports whether answers with a status have none.
func hasNoBody(status int) bool {
	return status == http.StatusNoContent || status == http.StatusResetContent
}

// undecodable is the error of a success whose body is not what the description says. The call did succeed.
func (c *core) undecodable(op *operation, a *answer, err error) *APIError {
	e := c.parseError(op, a)
	e.Err = err
	if kind, _, failed := mime.ParseMediaType(a.header.Get("Content-Type")); failed == nil && !isJSON(kind) && decodeStrictly(a.body, new(json.RawMessage)) != nil {
		e.Err = &notJSON{kind, err}
	}
	return e
}

// notJSON is the error of an answer that says itself that it is something else: the page of a login or of a proxy, most likely.
type notJSON struct {
	kind string
	err  error
}

func (e *notJSON) Error() string {
	return "the answer is no JSON: it has the media type " + mediaType(e.kind)
}

// mediaType is a media type as it may stand in an error.
func mediaType(kind string) string {
	family, name, _ := strings.Cut(kind, "/")
	return printable(family) + "/" + printable(name)
}

func (e *notJSON) Unwrap() error { return e.err }

// isBare reports whether the description has no body for answers with a status.
func (op *operation) isBare(status int) bool { return slices.Contains(op.bare, status) }

// readable gives the text of an answer in UTF-8, without the mark that some servers put in front. Where the answer says that it is in another
// character set it may be wrong: what is UTF-8 is taken for that.
func readable(body []byte, contentType string) []byte {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if utf8.Valid(body) {
		return body
	}
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return body
	}
	switch strings.ToLower(params["charset"]) {
	case "iso-8859-1", "latin1":
		runes := make([]rune, len(body))
		for i, c := range body {
			runes[i] = rune(c)
		}
		return []byte(string(runes))
	}
	return body
}
