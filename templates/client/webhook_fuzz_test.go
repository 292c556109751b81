package client

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// What the webhooks of these tests are like: the event in a text in a text, as deliveries with levels have it.
var testWebhooks = webhookDescriptor{
	issuer: "things.example.com", audience: true, patience: time.Second,
	event: "/data/data", typ: "/data/eventType", id: "/data/data/id", entityID: "/data/data/entityId", sequence: "/data/data/sequence",
	kinds: []eventKind{{
		types: []string{"thing_created"}, payload: []pointer{"/data/data/created/entity", "/data/data/created/entityAsText"},
		make: eventOf(func(info WebhookInfo, payload *thing) WebhookEvent { return &thingCreated{info, payload} }),
	}},
}

type thingCreated struct {
	WebhookInfo
	Payload *thing
}

const testAudience = "app-4711"

var testNow = time.Date(2025, 5, 1, 12, 0, 0, 0, time.UTC)

// fixedClock stands still.
type fixedClock struct{ at time.Time }

func (c fixedClock) Now() time.Time                           { return c.at }
func (fixedClock) Sleep(context.Context, time.Duration) error { return nil }

var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func verifier(t testing.TB) *Webhooks {
	t.Helper()
	w, err := newWebhooks(&testWebhooks, WebhookConfig{PublicKey: derOf(t, &testKey().PublicKey), Audience: testAudience,
		Clock: fixedClock{testNow}, MaxBytes: 64 << 10})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func derOf(t testing.TB, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// signed signs any header and any claims with the key of these tests.
func signed(t testing.TB, header, claims string) string {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(header)) + "." + encode([]byte(claims))
	signature, err := jwt.SigningMethodRS256.Sign(text, testKey())
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + encode(signature)
}

// oracle is another reader of tokens with the strictest options it has.
func oracle(token string) error {
	_, err := jwt.NewParser(
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithStrictDecoding(),
		jwt.WithLeeway(defaultLeeway),
		jwt.WithIssuer(testWebhooks.issuer), jwt.WithAudience(testAudience), jwt.WithTimeFunc(func() time.Time { return testNow }),
	).ParseWithClaims(token, jwt.MapClaims{}, func(*jwt.Token) (any, error) { return &testKey().PublicKey, nil })
	return err
}

// FuzzWebhook holds two promises for any bytes. What is delivered without a signature of the key is refused. And of what is signed, nothing
// is accepted that another reader of tokens refuses; what that one accepts is refused only where we are stricter on purpose.
func FuzzWebhook(f *testing.F) {
	const claims = `{"iss":"things.example.com","aud":"app-4711","iat":1746100000,"exp":1746103600,"data":"{\"eventType\":\"thing_created\",\"data\":\"{\\\"id\\\":\\\"1\\\"}\"}"}`
	for _, seed := range [][3]string{
		{`{"alg":"RS256"}`, claims, ""},
		{`{"alg":"none"}`, claims, ""},
		{`{"alg":"HS256","typ":"JWT","kid":"x"}`, claims, ""},
		{`{"alg":"RS256","alg":"none"}`, claims, "e30.e30."},
		{`{"alg":"RS256","crit":["b64"],"b64":false}`, claims, "e30.e30.e30"},
		{`{"alg":"RS256"}`, `{"iss":"things.example.com","aud":["x","app-4711"],"exp":1746103600.5,"nbf":1e9}`, "..."},
		{`{"alg":"RS256"}`, `{"iss":"things.example.com","aud":["app-4711",1],"exp":null}`, "\n"},
		{`null`, `[]`, strings.Repeat("A", 100)},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, header, claims, delivery string) {
		w := verifier(t)
		if event, err := w.Verify([]byte(delivery)); err == nil {
			t.Errorf("nobody signed this, and it was accepted: %v", event)
		} else if !errors.Is(err, ErrInvalid) && !errors.Is(err, ErrUnauthenticated) {
			t.Errorf("an error of no class: %v", err)
		}
		token := signed(t, header, claims)
		_, ours := w.claims([]byte(token))
		theirs := oracle(token)
		switch {
		case ours == nil && theirs != nil && isFloat(header) && isFloat(claims):
			t.Errorf("accepted, and refused by another reader: %v", theirs)
		case ours != nil && theirs == nil && !isStricter(header, claims):
			t.Errorf("refused, and accepted by another reader: %v", ours)
		}
		if event, err := w.Verify([]byte(token)); err == nil && event.Info().Type == "" {
			t.Error("an event of no type was accepted")
		}
	})
}

// isFloat tells whether the numbers of a document are ones that the other reader can hold.
func isFloat(doc string) bool {
	var v any
	return json.Unmarshal([]byte(doc), &v) == nil
}

// isStricter tells whether something is refused here on purpose that the standard leaves open: members that stand twice, extensions that
// must be understood, long headers, long tokens, and dates that are none.
func isStricter(header, claims string) bool {
	h, errH := uniqueMembers([]byte(header))
	c, errC := uniqueMembers([]byte(claims))
	if errH != nil || errC != nil || h["crit"] != nil || len(header) > maxHeader || len(header)+len(claims) > 32<<10 {
		return true
	}
	for _, name := range []string{"exp", "nbf", "iat"} {
		if _, ok := numericDate(c[name]); c[name] != nil && !ok {
			return true
		}
	}
	return false
}
