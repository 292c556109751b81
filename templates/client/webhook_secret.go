//contactsgen:feature webhooks
//contactsgen:part webhooks

// Deliveries whose headers have the signature, made with a secret that both sides know.

package client

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// signedHeaders says how the headers of a delivery sign its body with HMAC-SHA256. Standard Webhooks is one such way.
type signedHeaders struct {
	id, timestamp, signature string // headers; "" is none
	prefix                   string // of each signature that counts: "v1,"
	hex                      bool   // signatures are hexadecimal; else they are base64
	signed                   string // what is signed, with {id}, {timestamp} and {body} in it
	coded                    bool   // secrets are base64 behind "whsec_"
}

// Limits and defaults of signed headers.
const (
	defaultTolerance = 5 * time.Minute // what Standard Webhooks recommends
	maxSignatures    = 16              // in one delivery: more than anybody needs to replace a secret
	maxSecrets       = 8
	codedSecret      = "whsec_"
)

// errSecretNeeded is the error of a configuration without a secret, or with an empty one.
var errSecretNeeded = errors.New("a secret is needed: deliveries are signed with one that both sides know")

// parseSecrets reads secrets. Its errors don't name them.
func (s *signedHeaders) parseSecrets(secrets []string) ([][]byte, error) {
	if len(secrets) > maxSecrets {
		return nil, fmt.Errorf("there are %d secrets, and no more than %d are accepted", len(secrets), maxSecrets)
	}
	var keys [][]byte
	for i, text := range secrets {
		key := []byte(text)
		if s.coded {
			var err error
			if key, err = base64.StdEncoding.Strict().DecodeString(strings.TrimPrefix(text, codedSecret)); err != nil {
				return nil, fmt.Errorf("secret %d is no base64, with or without %s in front", i+1, codedSecret)
			}
		}
		if len(key) == 0 {
			return nil, errSecretNeeded
		}
		keys = append(keys, key)
	}
	if keys == nil {
		return nil, errSecretNeeded
	}
	return keys, nil
}

// check tells whether a delivery was signed with one of the secrets, now or not long ago, and gives its id.
func (s *signedHeaders) check(header http.Header, body []byte, secrets [][]byte, now time.Time, tolerance time.Duration) (string, error) {
	id, ok := onlyValue(header, s.id)
	if !ok {
		return "", untrusted("the delivery has no id, or several")
	}
	timestamp, ok := onlyValue(header, s.timestamp)
	if !ok {
		return "", untrusted("the delivery has no timestamp, or several")
	}
	if s.timestamp != "" && !isNear(timestamp, now, tolerance) {
		return "", untrusted("the delivery was sent too long ago, or is not sent yet")
	}
	signatures, ok := onlyValue(header, s.signature)
	if !ok {
		return "", untrusted("the delivery has no signature, or several headers with one")
	}
	text := []byte(strings.NewReplacer("{id}", id, "{timestamp}", timestamp, "{body}", string(body)).Replace(s.signed))
	given := strings.Fields(signatures)
	if len(given) > maxSignatures {
		return "", untrusted("the delivery has too many signatures")
	}
	right := false
	for _, secret := range secrets {
		want := []byte(s.prefix + s.sign(secret, text))
		for _, one := range given {
			right = hmac.Equal([]byte(one), want) || right
		}
	}
	if !right {
		return "", untrusted("the delivery is not signed with the secret")
	}
	return id, nil
}

// sign makes the signature of a text, without its prefix.
func (s *signedHeaders) sign(secret, text []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write(text)
	if s.hex {
		return hex.EncodeToString(mac.Sum(nil))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// onlyValue gives the value of a header that must be there once. A header without a name is none that anybody needs.
func onlyValue(header http.Header, name string) (string, bool) {
	if name == "" {
		return "", true
	}
	values := header.Values(name)
	if len(values) != 1 || values[0] == "" {
		return "", false
	}
	return values[0], true
}

// isNear tells whether a timestamp, in seconds since 1970, is no further from now than what is tolerated.
func isNear(timestamp string, now time.Time, tolerance time.Duration) bool {
	const maxDigits = 12
	seconds, err := strconv.ParseUint(timestamp, 10, 63)
	if err != nil || len(timestamp) > maxDigits || timestamp[0] == '+' {
		return false
	}
	apart := now.Sub(time.Unix(int64(seconds), 0)) //nolint:gosec // it has 63 bits
	return apart.Abs() <= tolerance
}
