//contactsgen:feature core
//contactsgen:part client

package client

import (
	"encoding/base64"
	"errors"
	"strings"
	"unicode"
)

// withBasic sets user and password of HTTP's Basic scheme (RFC 7617).
func withBasic(scheme, user, password string) ClientOption {
	return clientOption(func(o *clientOptions) error {
		pair := user + ":" + password
		if pair == ":" || strings.Contains(user, ":") || strings.ContainsFunc(pair, unicode.IsControl) {
			return errors.New("user and password are empty, the user has a colon, or one of them control characters")
		}
		o.setCredential(scheme, constant(base64.StdEncoding.EncodeToString([]byte(pair))))
		return nil
	})
}
