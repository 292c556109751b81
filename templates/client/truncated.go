//contactsgen:feature core
//contactsgen:part json

package client

import (
	"bytes"
	"slices"
)

// closeJSON makes a document that was cut off whole again: it ends after the last complete member or element, and
// what is open there is closed. An error's code is mostly near its beginning, whatever follows.
func closeJSON(doc []byte) []byte {
	cut, _ := scanJSON(doc)
	_, open := scanJSON(doc[:cut])
	slices.Reverse(open)
	return append(bytes.Clone(doc[:cut]), open...)
}

// scanJSON returns where the last complete member or element ends, and the brackets that would close what is still
// open at the end of doc.
func scanJSON(doc []byte) (cut int, open []byte) {
	inString, escaped := false, false
	for i, c := range doc {
		switch {
		case escaped:
			escaped = false
		case inString:
			escaped, inString = c == '\\', c != '"'
		case c == '"':
			inString = true
		case c == '{':
			open = append(open, '}')
		case c == '[':
			open = append(open, ']')
		case (c == '}' || c == ']') && len(open) > 0:
			open = open[:len(open)-1]
			cut = i + 1
		case c == ',':
			cut = i
		}
	}
	return cut, open
}
