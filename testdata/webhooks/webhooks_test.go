// Package webhooks_test is put into a module of its own beside a client and a fake that were generated just now, with the feature webhooks.
// What is signed here is signed by a library of others, which is also asked what it thinks of each token.
package webhooks_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"maps"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"try/contacts"
	"try/contacts/contactstest"
)

const app = "0f5ae0e3-0000-4000-8000-2b2b2b2b2b2b"

var now = time.Date(2025, 5, 1, 12, 0, 0, 0, time.UTC)

type clock struct{ at time.Time }

func (c clock) Now() time.Time                           { return c.at }
func (clock) Sleep(context.Context, time.Duration) error { return nil }

var keys = sync.OnceValue(func() (two [2]*rsa.PrivateKey) {
	for i := range two {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		two[i] = key
	}
	return two
})

func public(key *rsa.PrivateKey) []byte {
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func verifier(t *testing.T, config contacts.WebhookConfig) *contacts.Webhooks {
	t.Helper()
	if config.PublicKey == nil {
		config.PublicKey = public(keys()[0])
	}
	config.Audience, config.Clock = app, clock{now}
	w, err := contacts.NewWebhooks(config)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// text is a value as JSON text.
func text(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

type object = map[string]any

// claims are those of a good delivery, with some replaced; nil leaves one out.
func claims(event object, others object) jwt.MapClaims {
	c := jwt.MapClaims{
		"iss": "wix.com", "aud": app, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		"data": text(object{"eventType": "wix.contacts.v4.contact_updated", "instanceId": "site-1",
			"identity": text(object{"identityType": "APP"}), "data": text(event)}),
	}
	for name, value := range others {
		if c[name] = value; value == nil {
			delete(c, name)
		}
	}
	return c
}

var updated = object{
	"id": "e-1", "entityFqdn": "wix.contacts.v4.contact", "slug": "updated", "entityId": "c-1", "eventTime": "2025-05-01T11:59:59.123Z",
	"entityEventSequence": "9007199254740993", "originatedFrom": "merge",
	"updatedEvent": object{"currentEntity": object{"id": "c-1", "revision": 7, "info": object{"name": object{"first": "Ada"}}, "isNew": true}},
}

func sign(method jwt.SigningMethod, key any, c jwt.Claims) string {
	token, err := jwt.NewWithClaims(method, c).SignedString(key)
	if err != nil {
		panic(err)
	}
	return token
}

func good() string { return sign(jwt.SigningMethodRS256, keys()[0], claims(updated, nil)) }

func TestATypedEvent(t *testing.T) {
	event, err := verifier(t, contacts.WebhookConfig{}).Verify([]byte(good()))
	if err != nil {
		t.Fatal(err)
	}
	e, ok := event.(*contacts.ContactUpdatedEvent)
	if !ok {
		t.Fatalf("got a %T", event)
	}
	when, err := e.Time.Time()
	if err != nil || !when.Equal(time.Date(2025, 5, 1, 11, 59, 59, 123e6, time.UTC)) {
		t.Errorf("time %v, %v", when, err)
	}
	if e.ID != "e-1" || e.Sequence != 9007199254740993 || e.EntityID != "c-1" || e.Entity != "wix.contacts.v4.contact" ||
		e.Slug != "updated" || e.Instance != "site-1" {
		t.Errorf("info %+v", e.WebhookInfo)
	}
	if e.Payload == nil || e.Payload.ID != "c-1" || *e.Payload.Info.Name.First != "Ada" {
		t.Errorf("payload %+v", e.Payload)
	}
	var raw object
	if err := json.Unmarshal(e.Raw, &raw); err != nil || raw["originatedFrom"] != "merge" {
		t.Errorf("raw %v, %v", raw, err)
	}
}

// What an API delivers next year is no error today.
func TestEventsThatAreNotKnown(t *testing.T) {
	w := verifier(t, contacts.WebhookConfig{})
	envelope := func(kind string, event any) object {
		return object{"data": object{"eventType": kind, "data": event}} // objects where texts were
	}
	for _, c := range []struct {
		name, kind string
		event      object
		fails      bool
	}{
		{"a new type", "wix.contacts.v9.contact_archived", object{"id": "1"}, false},
		{"another case", "wix.contacts.v4.Contact_updated", object{"id": "1"}, false},
		{"another payload", "wix.contacts.v4.contact_updated", object{"id": "1", "updatedEvent": object{"currentEntity": object{"info": "none"}}},
			true},
	} {
		t.Run(c.name, func(t *testing.T) {
			event, err := w.Verify([]byte(sign(jwt.SigningMethodRS256, keys()[0], claims(nil, envelope(c.kind, c.event)))))
			if err != nil {
				t.Fatal(err)
			}
			e, ok := event.(*contacts.UnknownEvent)
			if !ok || e.Type != c.kind || e.ID != "1" || (e.Err != nil) != c.fails || len(e.Raw) == 0 {
				t.Errorf("got %T %+v", event, event.Info())
			}
		})
	}
}

func TestSpellingsAndTexts(t *testing.T) {
	w := verifier(t, contacts.WebhookConfig{})
	for _, kind := range []string{"extended-field", "extended_field"} {
		for _, place := range []string{"entity", "entityAsJson"} {
			entity := any(object{"key": "custom.size", "displayName": "Size"})
			if place == "entityAsJson" {
				entity = text(entity)
			}
			event, err := w.Verify([]byte(sign(jwt.SigningMethodRS256, keys()[0], claims(nil, object{"data": text(object{
				"eventType": "wix.contacts.v4." + kind + "_created", "data": text(object{"id": "1", "createdEvent": object{place: entity}})})}))))
			if err != nil {
				t.Fatal(err)
			}
			if e, ok := event.(*contacts.ExtendedFieldCreatedEvent); !ok || e.Payload == nil || e.Payload.Key != "custom.size" {
				t.Errorf("%s, %s: %T %+v", kind, place, event, event)
			}
		}
	}
	bare, err := w.Verify([]byte(sign(jwt.SigningMethodRS256, keys()[0], claims(nil, object{"data": text(object{
		"eventType": "wix.contacts.v4.contact_deleted", "data": text(object{"id": "1", "entityId": "c-1", "deletedEvent": object{}})})}))))
	if e, ok := bare.(*contacts.ContactDeletedEvent); err != nil || !ok || e.Payload != nil || e.EntityID != "c-1" {
		t.Errorf("a removal without what was removed: %T %+v, %v", bare, bare, err)
	}
}

// raw signs a header and claims as they are written.
func raw(header, body string) string {
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(header)) + "." + encode([]byte(body))
	signature, err := jwt.SigningMethodRS256.Sign(signed, keys()[0])
	if err != nil {
		panic(err)
	}
	return signed + "." + encode(signature)
}

// What is not to be trusted is answered with 401, what is no delivery with 400, what is too long with 413; and nobody is told of it as an
// event.
func TestWhatIsRefused(t *testing.T) {
	token := good()
	parts := strings.Split(token, ".")
	body := text(claims(updated, nil))
	tampered := base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(body, "site-1", "site-2", 1)))
	for _, c := range []struct {
		name, delivery string
		status         int
	}{
		{"nothing wrong", token, 200},
		{"expired within the leeway", sign(jwt.SigningMethodRS256, keys()[0], claims(updated, object{"exp": now.Add(-59 * time.Second).Unix()})),
			200},
		{"several audiences", sign(jwt.SigningMethodRS256, keys()[0], claims(updated, object{"aud": []string{"x", app}})), 200},
		{"a key id", raw(`{"alg":"RS256","kid":"unknown"}`, body), 200},

		{"another key", sign(jwt.SigningMethodRS256, keys()[1], claims(updated, nil)), 401},
		{"alg none", sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims(updated, nil)), 401},
		{"alg none with our signature", raw(`{"alg":"none"}`, body), 401},
		{"alg in another case", raw(`{"alg":"rs256"}`, body), 401},
		{"alg under another name", raw(`{"ALG":"RS256"}`, body), 401},
		{"HS256 with the public key", sign(jwt.SigningMethodHS256, public(keys()[0]), claims(updated, nil)), 401},
		{"RS512", sign(jwt.SigningMethodRS512, keys()[0], claims(updated, nil)), 401},
		{"PS256", sign(jwt.SigningMethodPS256, keys()[0], claims(updated, nil)), 401},
		{"critical extensions", raw(`{"alg":"RS256","crit":["exp"]}`, body), 401},
		{"expired", sign(jwt.SigningMethodRS256, keys()[0], claims(updated, object{"exp": now.Add(-time.Minute).Unix()})), 401},
		{"no expiry", sign(jwt.SigningMethodRS256, keys()[0], claims(updated, object{"exp": nil})), 401},
		{"expiry in words", sign(jwt.SigningMethodRS256, keys()[0], claims(updated, object{"exp": "never"})), 401},
		{"not yet", sign(jwt.SigningMethodRS256, keys()[0], claims(updated, object{"nbf": now.Add(2 * time.Minute).Unix()})), 401},
		{"issued tomorrow", sign(jwt.SigningMethodRS256, keys()[0], claims(updated, object{"iat": now.Add(24 * time.Hour).Unix()})), 401},
		{"another app's", sign(jwt.SigningMethodRS256, keys()[0], claims(updated, object{"aud": "another"})), 401},
		{"nobody's", sign(jwt.SigningMethodRS256, keys()[0], claims(updated, object{"aud": nil})), 401},
		{"another issuer's", sign(jwt.SigningMethodRS256, keys()[0], claims(updated, object{"iss": "wix.com.example.com"})), 401},
		{"no issuer's", sign(jwt.SigningMethodRS256, keys()[0], claims(updated, object{"iss": nil})), 401},
		{"tampered with", parts[0] + "." + tampered + "." + parts[2], 401},
		{"without a signature", parts[0] + "." + parts[1] + ".", 401},
		{"truncated", token[:len(token)-6], 401},
		{"an empty signature and header", ".." + parts[2], 400},

		{"a header that says two things", raw(`{"alg":"RS256","alg":"none"}`, body), 400},
		{"claims that say two things", raw(`{"alg":"RS256"}`, strings.Replace(body, `{`, `{"aud":"another",`, 1)), 400},
		{"a header that is no object", raw(`["RS256"]`, body), 400},
		{"a long header", raw(`{"alg":"RS256","x":"`+strings.Repeat("x", 9000)+`"}`, body), 400},
		{"claims that are no object", raw(`{"alg":"RS256"}`, `"claims"`), 400},
		{"nothing", "", 400},
		{"JSON", `{"eventType":"wix.contacts.v4.contact_updated"}`, 400},
		{"two parts", parts[0] + "." + parts[1], 400},
		{"four parts", token + ".", 400},
		{"padding", token + "==", 400},
		{"a line break", token + "\n", 400},
		{"another alphabet", parts[0] + "." + parts[1] + "." + strings.NewReplacer("-", "+", "_", "/").Replace(parts[2][:20]) + "+/", 400},
		{"bits that do not count", token[:len(token)-1] + nextLetter(token[len(token)-1]), 400},
		{"no event", sign(jwt.SigningMethodRS256, keys()[0], claims(nil, object{"data": "{}"})), 400},
		{"an event in no text", sign(jwt.SigningMethodRS256, keys()[0], claims(nil, object{"data": text(object{"eventType": "x", "data": "{"})})),
			400},
		{"an event of no type", sign(jwt.SigningMethodRS256, keys()[0], claims(nil, object{"data": text(object{"data": "{}"})})), 400},
		{"too long", token + strings.Repeat("A", 64<<10), 413},
	} {
		t.Run(c.name, func(t *testing.T) {
			events, refusals := 0, []error{}
			w := verifier(t, contacts.WebhookConfig{MaxBytes: 64 << 10, Refused: func(_ *http.Request, err error) {
				refusals = append(refusals, err)
			}})
			handler := w.Handler(func(context.Context, contacts.WebhookEvent) error { events++; return nil })
			status := post(handler, c.delivery)
			if status != c.status || (events == 1) != (status == 200) || (len(refusals) == 1) != (status != 200) {
				t.Errorf("answered %d with %d events and refusals %v, want %d", status, events, refusals, c.status)
			}
			for _, err := range refusals {
				if errors.Is(err, contacts.ErrUnauthenticated) != (c.status == 401) || errors.Is(err, contacts.ErrInvalid) != (c.status != 401) {
					t.Errorf("the class of %v", err)
				}
				for _, delivered := range []string{"Ada", "c-1", "site-1", "wix.com.example.com"} {
					if strings.Contains(err.Error(), delivered) {
						t.Errorf("%v tells %s", err, delivered)
					}
				}
			}
		})
	}
}

// nextLetter changes the last letter of base64 in the bits that stand for nothing: two signatures of 256 bytes end in four of them.
func nextLetter(c byte) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(alphabet[strings.IndexByte(alphabet, c)|1])
}

func post(handler http.Handler, delivery string) int {
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/events", strings.NewReader(delivery)))
	return answer.Code
}

// Over a real connection: methods, lengths that are not announced, and handlers that fail or take too long.
func TestTheHandler(t *testing.T) {
	fail, deadlines := false, []time.Duration{}
	w := verifier(t, contacts.WebhookConfig{MaxBytes: 4096})
	server := httptest.NewServer(w.Handler(func(ctx context.Context, _ contacts.WebhookEvent) error {
		if at, ok := ctx.Deadline(); ok {
			deadlines = append(deadlines, time.Until(at))
		}
		if fail {
			return errors.New("the queue of c-1 is full")
		}
		return nil
	}))
	defer server.Close()
	send := func(method string, body io.Reader) (*http.Response, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL, body)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		said, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer, string(said)
	}
	if a, _ := send("GET", nil); a.StatusCode != 405 || a.Header.Get("Allow") != "POST" {
		t.Errorf("GET: %d, Allow %q", a.StatusCode, a.Header.Get("Allow"))
	}
	if a, _ := send("POST", io.MultiReader(strings.NewReader(strings.Repeat("x", 5000)))); a.StatusCode != 413 {
		t.Errorf("a long body of no announced length: %d", a.StatusCode)
	}
	if a, said := send("POST", strings.NewReader(good())); a.StatusCode != 200 || said != "" {
		t.Errorf("a good delivery: %d %q", a.StatusCode, said)
	}
	fail = true
	if a, said := send("POST", strings.NewReader(good())); a.StatusCode != 500 || strings.Contains(said, "c-1") {
		t.Errorf("a handler that fails: %d %q", a.StatusCode, said)
	}
	if len(deadlines) != 2 || deadlines[0] > time.Second {
		t.Errorf("a handler may take %v", deadlines)
	}
}

// While a key is replaced, both count.
func TestTwoKeys(t *testing.T) {
	w := verifier(t, contacts.WebhookConfig{PublicKey: append(public(keys()[1]), public(keys()[0])...)})
	for _, key := range keys() {
		if _, err := w.Verify([]byte(sign(jwt.SigningMethodRS256, key, claims(updated, nil)))); err != nil {
			t.Error(err)
		}
	}
}

// For any mixture of what can be wrong with a token, it is accepted exactly when another reader with the same strict options accepts it.
func TestAgreesWithAnotherReader(t *testing.T) {
	const seed, rounds = 20250501, 3000
	random := mathrand.New(mathrand.NewPCG(seed, 0))
	w := verifier(t, contacts.WebhookConfig{})
	theirs := jwt.NewParser(
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithStrictDecoding(),
		jwt.WithLeeway(time.Minute),
		jwt.WithIssuer("wix.com"), jwt.WithAudience(app), jwt.WithTimeFunc(func() time.Time { return now }),
	)
	key := func(*jwt.Token) (any, error) { return &keys()[0].PublicKey, nil }
	accepted := 0
	for round := range rounds {
		token := anyToken(random)
		_, err := w.Verify([]byte(token))
		_, other := theirs.ParseWithClaims(token, jwt.MapClaims{}, key)
		if (err == nil) != (other == nil) {
			t.Fatalf("seed %d, round %d: we say %v, the other reader %v, of\n%s", seed, round, err, other, token)
		}
		if err == nil {
			accepted++
		}
	}
	t.Logf("%d of %d accepted", accepted, rounds)
	if accepted < rounds/20 || accepted > rounds*19/20 {
		t.Errorf("%d of %d were accepted: that tells little", accepted, rounds)
	}
}

// anyToken makes a token with up to two things about it that may be wrong.
func anyToken(random *mathrand.Rand) string {
	pick := func(of ...any) any { return of[random.IntN(len(of))] }
	around := func() any { return now.Add(time.Duration(random.IntN(241)-120) * time.Second).Unix() }
	others := object{}
	header, key := object{"alg": "RS256"}, keys()[0]
	mutate := func(token string) string { return token }
	for range random.IntN(3) {
		switch random.IntN(10) {
		case 0:
			others["exp"] = pick(around(), around(), around(), nil, "1", 0, 1e12, float64(now.Unix())+0.5, true)
		case 1:
			others["nbf"] = pick(around(), around(), around(), 0, float64(now.Unix())+60.5)
		case 2:
			others["iat"] = pick(around(), around(), around(), nil, 0, "1")
		case 3:
			others["aud"] = pick(app, []string{app}, []string{"x", app}, []string{}, "x", nil, []any{app, 1}, 1, "", strings.ToUpper(app))
		case 4:
			others["iss"] = pick("wix.com", "Wix.com", "", nil, 1, []string{"wix.com"})
		case 5:
			header["alg"] = pick("RS256", "RS384", "PS256", "HS256", "ES256", "none", "", nil, 1, "RS256 ")
		case 6:
			maps.Copy(header, object{"typ": pick("JWT", "at+jwt", nil, 1), "kid": pick("a", "", 1)})
		case 7:
			key = keys()[random.IntN(2)]
		case 8:
			mutate = func(token string) string {
				at := random.IntN(len(token))
				return token[:at] + string("Ab-_.=+/"[random.IntN(8)]) + token[at+1:]
			}
		case 9:
			mutate = func(token string) string { return token[:len(token)-random.IntN(8)] }
		}
	}
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(text(header))) + "." + encode([]byte(text(claims(updated, others))))
	signature, err := jwt.SigningMethodRS256.Sign(signed, key)
	if err != nil {
		panic(err)
	}
	return mutate(signed + "." + encode(signature))
}

// The fake signs what a handler is tested with: the same bytes in every run, which another reader takes for a token, too.
func TestTheFakesEvents(t *testing.T) {
	events := contactstest.NewEvents(app, contactstest.WithClock(func() time.Time { return now }))
	w := verifier(t, contacts.WebhookConfig{PublicKey: events.PublicKey()})
	var seen []string
	handler := w.Handler(contacts.InOrder(contacts.NewWebhookStore(0), func(_ context.Context, event contacts.WebhookEvent) error {
		e, ok := event.(*contacts.ContactUpdatedEvent)
		if !ok || e.Payload == nil || e.Instance != "site-1" {
			t.Errorf("got %T %+v", event, event.Info())
			return nil
		}
		seen = append(seen, *e.Payload.Info.Name.First)
		return nil
	}))
	deliver := func(r *http.Request) {
		answer := httptest.NewRecorder()
		if handler.ServeHTTP(answer, r); answer.Code != 200 {
			t.Errorf("answered %d", answer.Code)
		}
	}
	event := func(first string) contactstest.Event {
		return contactstest.Event{Type: "wix.contacts.v4.contact_updated", Instance: "site-1", EntityID: "c-1",
			Payload: object{"id": "c-1", "info": object{"name": object{"first": first}}}}
	}
	one, two := events.Request(event("one")), events.Request(event("two"))
	again := two.Clone(t.Context())
	again.Body, _ = two.GetBody()
	deliver(two)
	deliver(again)
	deliver(one) // late
	deliver(events.Request(event("three")))
	if got := strings.Join(seen, " "); got != "two three" {
		t.Errorf("handled %s", got)
	}

	a, b := contactstest.NewEvents(app, contactstest.WithClock(func() time.Time {
		return now
	})), contactstest.NewEvents(app, contactstest.WithClock(func() time.Time { return now }))
	if string(a.Sign(event("x"))) != string(b.Sign(event("x"))) {
		t.Error("the same event was signed differently")
	}
	block, _ := pem.Decode(a.PublicKey())
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := jwt.NewParser(jwt.WithTimeFunc(func() time.Time {
		return now
	})).Parse(string(a.Sign(event("x"))), func(*jwt.Token) (any, error) { return key, nil }); err != nil {
		t.Error(err)
	}
	for name, bad := range map[string]contactstest.Event{
		"expired": {Type: "x", Expires: now.Add(-time.Hour)}, "of another": {Type: "x", Claims: object{"iss": "another"}},
		"for nobody": {Type: "x", Claims: object{"aud": nil}},
	} {
		if _, err := w.Verify(a.Sign(bad)); !errors.Is(err, contacts.ErrUnauthenticated) {
			t.Errorf("an event that is %s: %v", name, err)
		}
	}
}
