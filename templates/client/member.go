//contactsgen:feature core
//contactsgen:part json

package client

import "fmt"

// setMember adds to the body of op what a helper that builds the rest of it does not know: a flag of the request beside
// the resource.
func (o *callOptions) setMember(op *operation, at pointer, value any) error {
	doc, err := encode(value)
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	if string(doc) == "null" {
		return nil
	}
	a := o.argumentsOf(op)
	a.edits = append(a.edits, func(body []byte) ([]byte, error) { return at.set(body, doc) })
	return nil
}
