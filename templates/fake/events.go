//contactsgen:feature webhooks
//contactsgen:part server

package fake

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Event is what a delivery tells of. What is left out is filled in, but for Instance, Entity and Payload, which the delivery then lacks.
type Event struct {
	Type     string // one that the description knows, or any other
	Instance string
	Entity   string
	EntityID string
	Slug     string
	ID       string         // without one it is a new id
	Sequence int64          // 0 is one more than the last of the entity
	Time     time.Time      // zero is now
	Payload  any            // where events of the type carry it; a Go value that is marshalled as JSON, or a string or []byte of JSON
	Expires  time.Time      // zero is an hour from now
	Claims   map[string]any // what the token claims beside this, or instead of it: {"iss": "somebody else"}; nil leaves a claim out
}

// Events signs deliveries as the API does, with a key that is no secret: trust it in tests alone. The same calls give the same bytes, if
// the clock does. It may be used by several goroutines at once.
type Events struct {
	format   *eventFormat
	audience string
	settings settings

	mu   sync.Mutex
	last map[string]int64 // sequence, by entity
}

// eventFormat says how the API tells of events: data only, printed by the generator. Places are JSON Pointers in the claims; "" is nowhere.
type eventFormat struct {
	Issuer                                                     string
	Headers                                                    *signedHeaders // that have the signature; nil: a delivery is a token
	Type, Instance, ID, Entity, EntityID, Slug, Sequence, Time string
	// places whose value is JSON text in a string, the outer before the inner
	Encoded []string
	Kinds   []deliveredKind
}

// deliveredKind is where events of some types carry their payload.
type deliveredKind struct {
	Types   []string
	Payload string
}

// newEvents makes a signer of deliveries.
func newEvents(format *eventFormat, audience string, options []Option) *Events {
	e := &Events{format: format, audience: audience, settings: settings{now: time.Now, newID: countingIDs()}, last: map[string]int64{}}
	for _, option := range options {
		option(&e.settings)
	}
	return e
}

// PublicKey gives the key that checks the deliveries that are tokens, as PEM.
func (e *Events) PublicKey() []byte {
	der, err := x509.MarshalPKIXPublicKey(&eventKey().PublicKey)
	if err != nil {
		panic(err) // it is a key
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// Request gives the delivery of an event as a request that a server receives, for its ServeHTTP.
func (e *Events) Request(event Event) *http.Request {
	header, body := e.Deliver(event)
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "/", bytes.NewReader(body))
	if err != nil {
		panic(err) // nothing in it can be wrong
	}
	r.Header = header
	return r
}

// Deliver gives the headers and the body of an event's delivery. It panics when the payload cannot be marshalled.
func (e *Events) Deliver(event Event) (http.Header, []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	event = e.filled(event)
	claims, err := encode(e.claims(event))
	if err != nil {
		panic("fake: Deliver: " + err.Error())
	}
	if e.format.Headers != nil {
		return e.format.Headers.sign(event.ID, e.settings.now(), claims), claims
	}
	return http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, signToken(claims)
}

// Sign gives the body of an event's delivery. It panics when the payload cannot be marshalled. Where the headers have the signature, Deliver
// gives them, too.
func (e *Events) Sign(event Event) []byte {
	_, body := e.Deliver(event)
	return body
}

// signToken makes a JSON Web Token.
func signToken(claims []byte) []byte {
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256"}`)) + "." + base64.RawURLEncoding.EncodeToString(claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(nil, eventKey(), crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // the key can
	}
	return []byte(text + "." + base64.RawURLEncoding.EncodeToString(signature))
}

// filled gives an event with what was left out.
func (e *Events) filled(event Event) Event {
	if event.ID == "" {
		event.ID = e.settings.newID()
	}
	if event.EntityID == "" {
		event.EntityID = e.settings.newID()
	}
	entity := event.Instance + "\x00" + event.Entity + "\x00" + event.EntityID
	if event.Sequence == 0 {
		event.Sequence = e.last[entity] + 1
	}
	e.last[entity] = max(e.last[entity], event.Sequence)
	if event.Time.IsZero() {
		event.Time = e.settings.now()
	}
	if event.Expires.IsZero() {
		event.Expires = e.settings.now().Add(time.Hour)
	}
	return event
}

// claims puts everything in its place.
func (e *Events) claims(event Event) any {
	f := e.format
	var v any = object{}
	if f.Headers == nil {
		v = object{"aud": e.audience, "iat": event.Time.Unix(), "exp": event.Expires.Unix()}
	}
	if f.Issuer != "" {
		v = with(v, "/iss", f.Issuer)
	}
	for _, one := range []struct{ at, value string }{
		{f.Type, event.Type}, {f.Instance, event.Instance}, {f.ID, event.ID}, {f.Entity, event.Entity}, {f.EntityID, event.EntityID},
		{f.Slug, event.Slug}, {f.Sequence, strconv.FormatInt(event.Sequence, 10)},
		{f.Time, event.Time.UTC().Format("2006-01-02T15:04:05.000Z07:00")},
	} {
		if one.at != "" && one.value != "" {
			v = with(v, one.at, one.value)
		}
	}
	if at := f.payloadOf(event.Type); at != "" && event.Payload != nil {
		payload, err := generic(event.Payload)
		if err != nil {
			panic("fake: Deliver: the payload is no JSON: " + err.Error())
		}
		v = with(v, at, payload)
	}
	for i := len(f.Encoded) - 1; i >= 0; i-- {
		if inner, ok := lookup(v, f.Encoded[i]); ok {
			text, err := encode(inner)
			if err != nil {
				panic("fake: Deliver: " + err.Error())
			}
			v = with(v, f.Encoded[i], string(text))
		}
	}
	claims := v.(object)
	for name, value := range event.Claims {
		if claims[name] = value; value == nil {
			delete(claims, name)
		}
	}
	return claims
}

// payloadOf gives where events of a type carry their payload. Those of no known type carry it where the first kind does.
func (f *eventFormat) payloadOf(name string) string {
	for _, k := range f.Kinds {
		for _, t := range k.Types {
			if t == name {
				return k.Payload
			}
		}
	}
	if len(f.Kinds) > 0 {
		return f.Kinds[0].Payload
	}
	return ""
}

// eventKey is the key that deliveries are signed with. Everybody knows it, and it is the same everywhere, so that tests see the same bytes
// in every run.
var eventKey = sync.OnceValue(func() *rsa.PrivateKey {
	const exponent = 65537
	p, q, one := new(big.Int), new(big.Int), big.NewInt(1)
	p.SetString("db74140574efa8f0cc575097665a54b736635c06ac6a9c8fe91d5c1db870d049"+
		"72f20cf8805025668bc9a8c64128cef7dc3b04a64eb3cbc6586c4002b0d3ce76"+
		"f627c20b7f827bcd0e0637e7b09c6db80c10b724d0a1cf1d172c01fb612ebb37"+
		"c7cd1356154c9d39e822bc5d34c63843031779345f04a68618d915a5a20461e3", 16)
	q.SetString("d792bcc171af19bf337fde34405dcf9dd6656e58786d861bbe01fd22a8c87186"+
		"20ae1dc244a7b685d3e71635a29859bb1085d887835fa1fc372a4ce5ea99c912"+
		"e67b6722be4043992aa188761188ff5a707c382037befe910e2b309b704dce60"+
		"994a1fbf930cac06a33763ec373c65bfb3bf09e434aec952db386a77357990bb", 16)
	totient := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: exponent},
		D:         new(big.Int).ModInverse(big.NewInt(exponent), totient),
		Primes:    []*big.Int{p, q},
	}
	key.Precompute()
	return key
})
