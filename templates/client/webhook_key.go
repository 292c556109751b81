//contactsgen:feature webhooks
//contactsgen:part webhooks

package client

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// What keys may be: RFC 7518 asks for 2048 bits, and checking longer ones takes longer than anybody waits for.
const (
	minKeyBits = 2048
	maxKeyBits = 8192
	maxKeys    = 8
)

// parseKeys reads public keys from PEM, or one from DER.
func parseKeys(data []byte) ([]*rsa.PublicKey, error) {
	if len(data) == 0 {
		return nil, errors.New("a public key is needed")
	}
	block, rest := pem.Decode(data)
	if block == nil {
		key, err := parseKey(data)
		if err != nil {
			return nil, errors.New("the public key is neither PEM nor DER")
		}
		return checkKeys([]*rsa.PublicKey{key})
	}
	var keys []*rsa.PublicKey
	for ; block != nil; block, rest = pem.Decode(rest) {
		key, err := parseKey(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("the PEM block %d is no RSA public key", len(keys)+1)
		}
		keys = append(keys, key)
	}
	if len(bytes.TrimSpace(rest)) > 0 {
		return nil, fmt.Errorf("something that is not PEM follows the PEM block %d", len(keys))
	}
	return checkKeys(keys)
}

// parseKey reads DER: a public key in either form, or a certificate, of which nothing but the key counts.
func parseKey(der []byte) (*rsa.PublicKey, error) {
	if key, err := x509.ParsePKCS1PublicKey(der); err == nil {
		return key, nil
	}
	var key any
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		certificate, failed := x509.ParseCertificate(der)
		if failed != nil {
			return nil, err
		}
		key = certificate.PublicKey
	}
	if key, ok := key.(*rsa.PublicKey); ok {
		return key, nil
	}
	return nil, errors.New("not an RSA key")
}

func checkKeys(keys []*rsa.PublicKey) ([]*rsa.PublicKey, error) {
	if len(keys) > maxKeys {
		return nil, fmt.Errorf("there are %d public keys, and no more than %d are accepted", len(keys), maxKeys)
	}
	for _, key := range keys {
		if bits := key.N.BitLen(); bits < minKeyBits || bits > maxKeyBits {
			return nil, fmt.Errorf("the public key has %d bits, and must have from %d to %d", bits, minKeyBits, maxKeyBits)
		}
	}
	return keys, nil
}
