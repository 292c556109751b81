//contactsgen:feature core
//contactsgen:part json

package client

import "regexp"

// pattern is a regular expression over the message of an error. It stands apart so that only a client whose description has one needs
// package regexp, which is larger than the rest of a small client.
type pattern string

func (p pattern) matches(text string) bool {
	ok, err := regexp.MatchString(string(p), text)
	return ok && err == nil
}
