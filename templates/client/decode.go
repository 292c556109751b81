package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

var (
	errEmptyBody = errors.New("the body is empty")
	errNoResult  = errors.New("the result is missing")
	errTrailing  = errors.New("something follows the JSON value")
)

// decode reads one JSON value and nothing after it. Free-form numbers keep their digits as json.Number, and a number may be
// written as a string, or the other way round.
func decode(doc []byte, into any) error {
	err := decodeStrictly(doc, into)
	var wrongType *json.UnmarshalTypeError
	if !errors.As(err, &wrongType) {
		return err
	}
	fitting, failed := relax(doc, into)
	if failed != nil || decodeStrictly(fitting, into) != nil {
		return err
	}
	return nil
}

func decodeStrictly(doc []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			return errEmptyBody
		}
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errTrailing
	}
	return nil
}

// decodeResult reads the operation's result from a success. Answers that can have no body give an empty one.
func decodeResult[T any](c *core, op *operation, a *answer) (*T, error) {
	result := new(T)
	if len(a.body) == 0 && hasNoBody(a.status) {
		return result, nil
	}
	err := decodeAt(a.body, op.result, result)
	if err != nil {
		return nil, c.undecodable(op, a, err)
	}
	if k, ok := any(result).(keeper); ok {
		k.keepSnapshot(snapshot{body: a.body, at: op.result, header: a.header})
	}
	return result, nil
}

// hasNoBody reports whether answers with a status have none.
func hasNoBody(status int) bool {
	return status == http.StatusNoContent || status == http.StatusResetContent
}

func decodeAt(doc []byte, at pointer, into any) error {
	if at == "" {
		return decode(doc, into)
	}
	var whole json.RawMessage
	if err := decode(doc, &whole); err != nil {
		return err
	}
	part, ok := at.get(whole)
	if !ok || string(part) == "null" {
		return errNoResult
	}
	return decode(part, into)
}

// undecodable is the error of a success whose body is not what the description says. The call did succeed.
func (c *core) undecodable(op *operation, a *answer, err error) *APIError {
	e := c.parseError(op, a)
	e.Err = err
	return e
}
