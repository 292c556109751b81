//contactsgen:feature webhooks
//contactsgen:part webhooks

package client

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// WebhookConfig says how deliveries are checked. PublicKey is what it cannot do without; the zero value of the rest has a meaning.
type WebhookConfig struct {
	// PublicKey is the RSA key that deliveries are signed with: PEM (PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE) or its DER, of 2048 to 8192 bits.
	// PEM may hold up to eight keys, of which any will do: the old one and the new, while a key is replaced.
	PublicKey []byte
	// Audience is whom deliveries have to be meant for. It must be given where the API names one.
	Audience string
	// Leeway is by how much clocks may differ; 0 is a minute, below 0 none.
	Leeway time.Duration
	// MaxBytes is how long a delivery may be; 0 is 1 MiB.
	MaxBytes int64
	// AnswerWithin is how long a handler may take before its context ends; 0 is four fifths of what the API waits for, or as long as it
	// takes where that is not known.
	AnswerWithin time.Duration
	// Clock is what expiry is measured by; nil is the machine's.
	Clock Clock
	// Refused, unless it is nil, is told of each request that was not a good delivery, and why. The error names nothing that was delivered.
	Refused func(r *http.Request, err error)
}

// Webhooks checks deliveries and decodes their events. It is safe for concurrent use.
type Webhooks struct {
	trait  *webhookTrait
	config WebhookConfig
	keys   []*rsa.PublicKey
}

// Limits and defaults of deliveries.
const (
	defaultLeeway   = time.Minute
	defaultDelivery = 1 << 20
)

// newWebhooks checks a configuration.
func newWebhooks(trait *webhookTrait, config WebhookConfig) (*Webhooks, error) {
	keys, err := parseKeys(config.PublicKey)
	if err == nil && trait.audience && config.Audience == "" {
		err = errors.New("an audience is needed: without one, what was signed for others would be accepted")
	}
	if err != nil {
		return nil, fmt.Errorf("webhooks: %w", err)
	}
	switch {
	case config.Leeway == 0:
		config.Leeway = defaultLeeway
	case config.Leeway < 0:
		config.Leeway = 0
	}
	if config.MaxBytes <= 0 {
		config.MaxBytes = defaultDelivery
	}
	if config.AnswerWithin <= 0 {
		config.AnswerWithin = trait.patience * 4 / 5
	}
	if config.Clock == nil {
		config.Clock = systemClock{}
	}
	return &Webhooks{trait: trait, config: config, keys: keys}, nil
}

// Verify checks one delivery, the body of a request, and decodes its event. The event is a pointer to one of the package's event types; one of a
// type that the description does not know is an [*UnknownEvent], and no error. Use it where [Webhooks.Handler] does not fit: behind a queue, say.
//
// The error is [ErrUnauthenticated] for what is not signed by the key, expired or meant for others, and [ErrInvalid] for what is no delivery at all. It
// names nothing that was delivered.
func (w *Webhooks) Verify(delivery []byte) (WebhookEvent, error) {
	claims, err := w.claims(delivery)
	if err != nil {
		return nil, err
	}
	return w.trait.decode(claims)
}

// refusal says why something is no good delivery.
type refusal struct {
	status int // of the answer
	class  error
	reason string
}

// Error says why, and nothing of what was delivered.
func (r *refusal) Error() string { return "webhooks: " + r.reason }

// Is reports whether target is the class.
func (r *refusal) Is(target error) bool { return target == r.class }

// malformed is what is no delivery at all; refused is one that cannot be trusted.
func malformed(reason string) error { return &refusal{http.StatusBadRequest, ErrInvalid, reason} }
func refused(reason string) error {
	return &refusal{http.StatusUnauthorized, ErrUnauthenticated, reason}
}

func tooLarge(limit int64) error {
	return &refusal{http.StatusRequestEntityTooLarge, ErrInvalid, fmt.Sprintf("the delivery is longer than %d bytes", limit)}
}
