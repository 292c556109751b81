//contactsgen:feature webhooks
//contactsgen:part webhooks

package client

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// maxHeader bounds what is read of a token before its signature was looked at.
const maxHeader = 8 << 10

var (
	errNoObject = errors.New("is no JSON object")
	errTwice    = errors.New("has a member twice")
)

// claims checks a delivery and gives the claims of its token. A delivery is a JSON Web Token in compact form, signed with RS256, and nothing
// around it. What stands in it is not looked at before its signature was found to be right, but for its header.
//
// It is stricter than the standard where leniency has been an attack: the algorithm is not the token's to choose, base64 has one form only, no member stands
// twice, and a token without an expiry is refused.
func (w *Webhooks) claims(delivery []byte) ([]byte, error) {
	if int64(len(delivery)) > w.config.MaxBytes {
		return nil, tooLarge(w.config.MaxBytes)
	}
	parts := bytes.Split(delivery, []byte("."))
	if len(parts) != 3 {
		return nil, malformed("the delivery is no token of three parts")
	}
	var raw [3][]byte
	for i, part := range parts {
		var ok bool
		if raw[i], ok = decodeBase64(part); !ok {
			return nil, malformed("a part of the token is no base64url")
		}
	}
	if err := checkHeader(raw[0]); err != nil {
		return nil, err
	}
	if !w.signed(delivery[:len(delivery)-len(parts[2])-1], raw[2]) {
		return nil, refused("the token is not signed with the key")
	}
	members, err := uniqueMembers(raw[1])
	if err != nil {
		return nil, malformed("the claims of the token " + err.Error())
	}
	return raw[1], w.checkClaims(members)
}

// decodeBase64 reads base64url in its one form: no padding, no line breaks, no bits that do not count.
func decodeBase64(part []byte) ([]byte, bool) {
	if bytes.ContainsAny(part, "\r\n") { // which the decoder passes over
		return nil, false
	}
	out := make([]byte, base64.RawURLEncoding.DecodedLen(len(part)))
	n, err := base64.RawURLEncoding.Strict().Decode(out, part)
	return out[:n], err == nil
}

// checkHeader refuses every algorithm but the one, and what asks for more than is understood here. A kid is passed over: the keys are
// those of the configuration.
func checkHeader(raw []byte) error {
	if len(raw) > maxHeader {
		return malformed("the header of the token is too long")
	}
	header, err := uniqueMembers(raw)
	if err != nil {
		return malformed("the header of the token " + err.Error())
	}
	if _, asks := header["crit"]; asks {
		return refused("the token asks for extensions")
	}
	var algorithm string
	if json.Unmarshal(header["alg"], &algorithm) != nil || algorithm != "RS256" {
		return refused("the token is not signed with RS256")
	}
	return nil
}

// signed tells whether one of the keys made the signature.
func (w *Webhooks) signed(text, signature []byte) bool {
	sum := sha256.Sum256(text)
	return slices.ContainsFunc(w.keys, func(key *rsa.PublicKey) bool {
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil
	})
}

// checkClaims refuses a token that is expired, not valid yet, or of or for somebody else.
func (w *Webhooks) checkClaims(claims map[string]json.RawMessage) error {
	now, leeway := w.config.Clock.Now(), w.config.Leeway
	expires, ok := numericDate(claims["exp"])
	if !ok || !now.Before(expires.Add(leeway)) {
		return refused("the token is expired, or does not say when it expires")
	}
	for _, name := range []string{"nbf", "iat"} {
		if raw, given := claims[name]; given {
			if from, ok := numericDate(raw); !ok || now.Before(from.Add(-leeway)) {
				return refused("the token is not valid yet")
			}
		}
	}
	if want := w.trait.issuer; want != "" {
		var issuer string
		if json.Unmarshal(claims["iss"], &issuer) != nil || issuer != want {
			return refused("the token is from another issuer")
		}
	}
	if want := w.config.Audience; want != "" && !slices.Contains(audiences(claims["aud"]), want) {
		return refused("the token is meant for another audience")
	}
	return nil
}

// numericDate reads seconds since 1970. Fractions are dropped; what lies before 1970 or cannot be told to the second is no date.
func numericDate(raw json.RawMessage) (time.Time, bool) {
	var seconds float64
	if len(raw) == 0 || string(raw) == "null" || json.Unmarshal(raw, &seconds) != nil || seconds < 0 || seconds > 1<<53 {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0), true
}

// audiences reads one audience or a list of them; nil where it is neither.
func audiences(raw json.RawMessage) []string {
	var one string
	if json.Unmarshal(raw, &one) == nil && string(raw) != "null" {
		return []string{one}
	}
	var list []*string
	if json.Unmarshal(raw, &list) != nil || slices.Contains(list, nil) {
		return nil
	}
	var out []string
	for _, s := range list {
		out = append(out, *s)
	}
	return out
}

// uniqueMembers reads a JSON object and refuses one that has a member twice: two readers could each see another one.
func uniqueMembers(doc []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(doc))
	if start, err := d.Token(); err != nil || start != json.Delim('{') || !validJSON(doc) {
		return nil, errNoObject
	}
	members := map[string]json.RawMessage{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, errNoObject
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, errNoObject
		}
		if _, twice := members[name.(string)]; twice {
			return nil, errTwice
		}
		members[name.(string)] = value
	}
	return members, nil
}
