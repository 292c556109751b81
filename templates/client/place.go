//contactsgen:feature iterators
//contactsgen:part pages

package client

import (
	"encoding/json"
	"fmt"
)

// valueAt returns what an answer has at a location.
func (a *answer) valueAt(at location) json.RawMessage { return findIn(at, a.header, a.body) }

// valueAt returns what a request has at a location.
func (r *request) valueAt(at location) json.RawMessage {
	if at.in == inQuery {
		return jsonText(r.query.Get(at.name))
	}
	return findIn(at, r.header, r.body)
}

// setAt sets what a request has at a location.
func (r *request) setAt(at location, v json.RawMessage) (err error) {
	switch at.in {
	case inBody:
		r.body, err = at.at.set(r.body, v)
	case inQuery:
		r.setQuery(at.name, text(v))
	case inHeader:
		if !validHeaderValue(text(v)) {
			return fmt.Errorf("the value for %s has control characters", at.name)
		}
		r.setHeader(at.name, text(v))
	default:
		return fmt.Errorf("there is no place to send %s", at.name)
	}
	return err
}
