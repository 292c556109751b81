//contactsgen:feature core
//contactsgen:part json

package client

import (
	"encoding/json"
	"net/http"
)

// findIn returns the JSON at a location; what is not in a body counts as a JSON string, and as absent when empty.
func findIn(at location, header http.Header, body []byte) json.RawMessage {
	switch at.in {
	case inBody:
		v, _ := at.at.get(body)
		return v
	case inHeader:
		return jsonText(header.Get(at.name))
	}
	return nil
}

// textIn is findIn for what is a text, or a number's digits; "" when there is none.
func textIn(at location, header http.Header, body []byte) string {
	if at.in == inHeader {
		return header.Get(at.name)
	}
	return text(findIn(at, header, body))
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
