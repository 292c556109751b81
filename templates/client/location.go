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

func jsonText(s string) json.RawMessage {
	if s == "" {
		return nil
	}
	doc, err := encode(s)
	if err != nil {
		return nil
	}
	return doc
}
