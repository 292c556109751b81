package client

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The ways in which these deliveries are signed: by Standard Webhooks, and by HMAC of the body alone.
var (
	standard = webhookDescriptor{typ: "/type", event: "", headers: &signedHeaders{
		id: "webhook-id", timestamp: "webhook-timestamp", signature: "webhook-signature", prefix: "v1,",
		signed: "{id}.{timestamp}.{body}", coded: true,
	}}
	bodyAlone = webhookDescriptor{typ: "/type", headers: &signedHeaders{
		signature: "X-Hub-Signature-256", prefix: "sha256=", hex: true, signed: "{body}",
	}}
)

// The example that the reference libraries of Standard Webhooks test themselves with, and that of GitHub's documentation.
const (
	standardSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" //nolint:gosec // published
	standardID     = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	standardTime   = 1614265330
	standardBody   = `{"test": 2432232314}`
	standardRight  = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

	publishedSecret = "It's a Secret to Everybody"
	publishedBody   = "Hello, World!"
	publishedRight  = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
)

// Published examples are signed as their publishers say. They are no events, which is found out after that.
func TestPublishedSignatures(t *testing.T) {
	for name, c := range map[string]struct {
		descriptor *webhookDescriptor
		secret     string
		header     http.Header
		body, want string // of the error
	}{
		"Standard Webhooks": {&standard, standardSecret, standardHeaders(nil), standardBody, "does not say of what type it is"},
		"GitHub": {&bodyAlone, publishedSecret, http.Header{"X-Hub-Signature-256": {publishedRight}}, publishedBody,
			"is no JSON object"},
	} {
		w, err := newWebhooks(c.descriptor, WebhookConfig{Secrets: []string{c.secret}, Clock: fixedClock{time.Unix(standardTime, 0)}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.VerifySigned(c.header, []byte(c.body))
		if err == nil || !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// standardHeaders are those of the published example, some of them changed.
func standardHeaders(changes map[string][]string) http.Header {
	h := http.Header{}
	h.Set("webhook-id", standardID)
	h.Set("webhook-timestamp", "1614265330")
	h.Set("webhook-signature", standardRight)
	for name, values := range changes {
		h[http.CanonicalHeaderKey(name)] = values
	}
	return h
}

// What is not signed, or not now, is not believed, and the error names nothing of it.
func TestSignedHeaders(t *testing.T) {
	old := "whsec_" + strings.Repeat("b2xk", 8)
	wrong := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF="
	for name, c := range map[string]struct {
		change  map[string][]string
		secrets []string
		at      int64
		body    string
		good    bool
	}{
		"as it is":                      {good: true},
		"the other of two secrets":      {secrets: []string{old, standardSecret}, good: true},
		"a secret without its mark":     {secrets: []string{strings.TrimPrefix(standardSecret, "whsec_")}, good: true},
		"several signatures":            {change: map[string][]string{"webhook-signature": {wrong + " " + standardRight + " v1a,x"}}, good: true},
		"five minutes later":            {at: standardTime + 300, good: true},
		"five minutes earlier":          {at: standardTime - 300, good: true},
		"replayed":                      {at: standardTime + 301},
		"from the future":               {at: standardTime - 301},
		"another body":                  {body: `{"test": 2432232315}`},
		"another secret":                {secrets: []string{old}},
		"another id":                    {change: map[string][]string{"webhook-id": {"msg_other"}}},
		"another time":                  {change: map[string][]string{"webhook-timestamp": {"1614265331"}}},
		"another signature":             {change: map[string][]string{"webhook-signature": {wrong}}},
		"another version":               {change: map[string][]string{"webhook-signature": {"v2" + standardRight[2:]}}},
		"a signature without a version": {change: map[string][]string{"webhook-signature": {standardRight[3:]}}},
		"no id":                         {change: map[string][]string{"webhook-id": nil}},
		"two ids":                       {change: map[string][]string{"webhook-id": {standardID, standardID}}},
		"no time":                       {change: map[string][]string{"webhook-timestamp": nil}},
		"a time that is none":           {change: map[string][]string{"webhook-timestamp": {"now"}}},
		"a time with a sign":            {change: map[string][]string{"webhook-timestamp": {"+1614265330"}}},
		"a time without end":            {change: map[string][]string{"webhook-timestamp": {strings.Repeat("9", 40)}}},
		"no signature":                  {change: map[string][]string{"webhook-signature": nil}},
		"two headers of signatures":     {change: map[string][]string{"webhook-signature": {standardRight, standardRight}}},
		"too many signatures":           {change: map[string][]string{"webhook-signature": {strings.Repeat(wrong+" ", 16) + standardRight}}},
	} {
		if c.secrets == nil {
			c.secrets = []string{standardSecret}
		}
		if c.at == 0 {
			c.at = standardTime
		}
		if c.body == "" {
			c.body = standardBody
		}
		w, err := newWebhooks(&standard, WebhookConfig{Secrets: c.secrets, Clock: fixedClock{time.Unix(c.at, 0)}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.VerifySigned(standardHeaders(c.change), []byte(c.body))
		switch {
		case c.good != errors.Is(err, ErrInvalid), c.good == errors.Is(err, ErrUnauthenticated):
			t.Errorf("%s: %v", name, err)
		case strings.Contains(err.Error(), "2432232314"), strings.Contains(err.Error(), standardID), strings.Contains(err.Error(), "g0hM9"):
			t.Errorf("%s: the error tells what was delivered: %v", name, err)
		}
	}
}

// Secrets that cannot be used are told of when the verifier is made, and not shown.
func TestSecrets(t *testing.T) {
	const shown = "c2VjcmV0"
	for name, c := range map[string]struct {
		descriptor *webhookDescriptor
		config     WebhookConfig
		want       string
	}{
		"none":                  {&standard, WebhookConfig{}, "a secret is needed"},
		"an empty one":          {&standard, WebhookConfig{Secrets: []string{standardSecret, "whsec_"}}, "a secret is needed"},
		"an empty text":         {&bodyAlone, WebhookConfig{Secrets: []string{""}}, "a secret is needed"},
		"no base64":             {&standard, WebhookConfig{Secrets: []string{"whsec_" + shown + "?"}}, "secret 1 is no base64"},
		"too many":              {&standard, WebhookConfig{Secrets: make([]string, 9)}, "9 secrets"},
		"a key as well":         {&standard, WebhookConfig{Secrets: []string{standardSecret}, PublicKey: []byte("k")}, "a public key is given"},
		"a secret for a token":  {&testWebhooks, WebhookConfig{Secrets: []string{shown}, Audience: testAudience}, "secrets are given"},
		"a secret of any bytes": {&bodyAlone, WebhookConfig{Secrets: []string{"?"}}, ""},
	} {
		_, err := newWebhooks(c.descriptor, c.config)
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), shown)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
