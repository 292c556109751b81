//contactsgen:feature core
//contactsgen:part json

package client

import (
	"encoding/json"
	"strconv"
)

// wholeNumber is a JSON number, or a string with one, as some APIs write integers.
func wholeNumber(raw json.RawMessage, otherwise int64) int64 {
	n, err := strconv.ParseInt(text(raw), 10, 64)
	if err != nil || n < 0 {
		return otherwise
	}
	return n
}

// valueAt returns the value at a place that the description may not name.
func valueAt(at pointer, doc []byte) json.RawMessage {
	if at == "" {
		return nil
	}
	v, _ := at.get(doc)
	return v
}
