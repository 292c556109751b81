//contactsgen:feature webhooks
//contactsgen:part webhooks

// What the API delivers to a server: checked, decoded into events, seen once and in order.

package client

import (
	"bytes"
	"container/list"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// WebhookConfig says how deliveries are checked. It cannot do without PublicKey or Secrets, whichever the API signs with; the zero value of
// the rest has a meaning.
type WebhookConfig struct {
	// PublicKey is the RSA key that deliveries are signed with: PEM (PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE) or its DER, of 2048 to 8192
	// bits. PEM may hold up to eight keys, of which any will do: the old one and the new, while a key is replaced.
	PublicKey []byte
	// Secrets are what deliveries are signed with where that is no key, as the API shows them ("whsec_…"). Any of up to eight will do: the
	// old one and the new, while a secret is replaced.
	Secrets []string
	// Tolerance is how old a delivery may be that says when it was sent, and by how much clocks may differ then; 0 is five minutes. What is
	// older may be a copy that somebody sends again.
	Tolerance time.Duration
	// Audience is whom deliveries have to be meant for. It must be given where the API names one.
	Audience string
	// Leeway is by how much clocks may differ for a token; 0 is a minute, below 0 none.
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
	descriptor *webhookDescriptor
	config     WebhookConfig
	keys       []*rsa.PublicKey
	secrets    [][]byte
}

// Limits and defaults of deliveries.
const (
	defaultLeeway   = time.Minute
	defaultDelivery = 1 << 20
)

// newWebhooks checks a configuration.
func newWebhooks(descriptor *webhookDescriptor, config WebhookConfig) (*Webhooks, error) {
	w := &Webhooks{descriptor: descriptor}
	err := w.trust(config)
	if err == nil && descriptor.audience && config.Audience == "" {
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
		config.AnswerWithin = descriptor.patience * 4 / 5
	}
	if config.Clock == nil {
		config.Clock = systemClock{}
	}
	if config.Tolerance <= 0 {
		config.Tolerance = defaultTolerance
	}
	w.config = config
	return w, nil
}

// trust reads what deliveries are signed with.
func (w *Webhooks) trust(config WebhookConfig) (err error) {
	switch headers := w.descriptor.headers; {
	case headers == nil && config.Secrets != nil:
		return errors.New("secrets are given, and deliveries are signed with a key: give its public part")
	case headers == nil:
		w.keys, err = parseKeys(config.PublicKey)
	case config.PublicKey != nil:
		return errors.New("a public key is given, and deliveries are signed with a secret: give that")
	default:
		w.secrets, err = headers.parseSecrets(config.Secrets)
	}
	return err
}

// Verify checks one delivery, the body of a request, and decodes its event. The event is a pointer to one of the package's event types; one
// of a type that the description does not know is an [*UnknownEvent], and no error. Use it where [Webhooks.Handler] does not fit: behind a
// queue, say. Where the signature is in the headers, [Webhooks.VerifySigned] is needed.
//
// The error is [ErrUnauthenticated] for what is not signed by the key, expired or meant for others, and [ErrInvalid] for what is no
// delivery at all. It names nothing that was delivered.
func (w *Webhooks) Verify(delivery []byte) (WebhookEvent, error) {
	return w.VerifySigned(nil, delivery)
}

// VerifySigned is Verify for a delivery whose signature may be in the headers of the request. A delivery that says when it was sent has to
// be checked before [WebhookConfig.Tolerance] is over.
func (w *Webhooks) VerifySigned(header http.Header, delivery []byte) (WebhookEvent, error) {
	if w.descriptor.headers == nil {
		claims, err := w.claims(delivery)
		if err != nil {
			return nil, err
		}
		return w.descriptor.decode(claims)
	}
	if int64(len(delivery)) > w.config.MaxBytes {
		return nil, tooLarge(w.config.MaxBytes)
	}
	id, err := w.descriptor.headers.check(header, delivery, w.secrets, w.config.Clock.Now(), w.config.Tolerance)
	if err != nil {
		return nil, err
	}
	if _, err := uniqueMembers(delivery); err != nil {
		return nil, malformed("the delivery " + err.Error())
	}
	event, err := w.descriptor.decode(delivery)
	if err != nil {
		return nil, err
	}
	if info := event.Info(); info.ID == "" {
		info.ID = id
	}
	return event, nil
}

// deliveryError says why something is no good delivery.
type deliveryError struct {
	status int // of the answer
	class  error
	reason string
}

// Error says why, and nothing of what was delivered.
func (r *deliveryError) Error() string { return "webhooks: " + r.reason }

// Is reports whether target is the class.
func (r *deliveryError) Is(target error) bool { return target == r.class }

// malformed is the error of what is no delivery at all, untrusted that of one that cannot be trusted.
func malformed(reason string) error { return &deliveryError{http.StatusBadRequest, ErrInvalid, reason} }
func untrusted(reason string) error {
	return &deliveryError{http.StatusUnauthorized, ErrUnauthenticated, reason}
}

func tooLarge(limit int64) error {
	return &deliveryError{http.StatusRequestEntityTooLarge, ErrInvalid, fmt.Sprintf("the delivery is longer than %d bytes", limit)}
}

// WebhookEvent is what a delivery tells of: a pointer to one of the package's event types, for a type switch, or an [*UnknownEvent].
type WebhookEvent interface {
	// Info gives what all events have.
	Info() *WebhookInfo
	isWebhookEvent()
}

// WebhookInfo is what all events have. What an event does not say, or the API does not name, is empty.
type WebhookInfo struct {
	ID       string          // of the event: the same whenever it is delivered again
	Type     string          // what the event calls itself
	Instance string          // whose event it is: the installation, or the tenant
	Entity   string          // what kind of thing it is about
	EntityID string          // which one
	Slug     string          // what happened to it
	Sequence int64           // of what happened to this entity: what comes later has the larger one; 0 is none
	Time     Timestamp       // when it happened
	Raw      json.RawMessage // the whole event, as it was delivered
}

// Info is the info itself.
func (i *WebhookInfo) Info() *WebhookInfo { return i }

func (i *WebhookInfo) isWebhookEvent() {}

// UnknownEvent is an event of a type that the description does not know, or whose payload is not what it says. Raw has all of it.
type UnknownEvent struct {
	WebhookInfo
	// Err says why the payload of a known type could not be decoded; nil for an unknown type.
	Err error
}

// webhookDescriptor says how deliveries are signed and where events have what. Places are those in the claims; "" is nowhere, but for
// event.
type webhookDescriptor struct {
	issuer   string
	audience bool           // tokens name one
	headers  *signedHeaders // that have the signature; nil: a delivery is a token
	patience time.Duration  // what the API waits for an answer; 0: not known

	event, typ, instance, id, entity, entityID, slug, sequence, time pointer

	kinds []eventKind
}

// eventKind is one kind of event.
type eventKind struct {
	types   []string
	payload []pointer // of which the first that is there counts
	make    func(info WebhookInfo, payload []byte) (WebhookEvent, error)
}

// eventOf makes the function that makes events with a payload of type T; nil payloads are events without.
func eventOf[T any](event func(WebhookInfo, *T) WebhookEvent) func(WebhookInfo, []byte) (WebhookEvent, error) {
	return func(info WebhookInfo, doc []byte) (WebhookEvent, error) {
		if doc == nil {
			return event(info, nil), nil
		}
		payload := new(T)
		if err := decode(doc, payload); err != nil {
			return nil, err
		}
		return event(info, payload), nil
	}
}

// bareEvent makes the function that makes events without a payload.
func bareEvent(event func(WebhookInfo) WebhookEvent) func(WebhookInfo, []byte) (WebhookEvent, error) {
	return func(info WebhookInfo, _ []byte) (WebhookEvent, error) { return event(info), nil }
}

// decode makes the event that claims tell of.
func (t *webhookDescriptor) decode(claims []byte) (WebhookEvent, error) {
	root, err := parseNode(claims)
	if err != nil {
		return nil, malformed("the delivery is nested too deep")
	}
	r := claimReader{root: root, texts: map[*node]*node{}}
	event := r.value(t.event)
	if !event.is(kindObject) {
		return nil, malformed("there is no event where the description says it is")
	}
	info := WebhookInfo{
		ID: r.text(t.id), Type: r.text(t.typ), Instance: r.text(t.instance), Entity: r.text(t.entity), EntityID: r.text(t.entityID),
		Slug: r.text(t.slug), Sequence: r.number(t.sequence), Time: Timestamp(r.text(t.time)), Raw: event.bytes(),
	}
	if info.Type == "" {
		return nil, malformed("the event does not say of what type it is")
	}
	for i := range t.kinds {
		if t.kinds[i].has(info.Type) {
			return t.kinds[i].event(info, &r), nil
		}
	}
	return &UnknownEvent{WebhookInfo: info}, nil
}

func (k *eventKind) has(name string) bool {
	for _, t := range k.types {
		if t == name {
			return true
		}
	}
	return false
}

// event makes an event of this kind, unless its payload is not what the description says.
func (k *eventKind) event(info WebhookInfo, r *claimReader) WebhookEvent {
	var doc []byte
	for _, at := range k.payload {
		if n := r.value(at); n != nil && n.kind != kindNull {
			doc = n.bytes()
			break
		}
	}
	event, err := k.make(info, doc)
	if err != nil {
		return &UnknownEvent{WebhookInfo: info, Err: err}
	}
	return event
}

// claimReader finds values in claims. A string on the way, or where an object has to be, is read as the JSON text it holds: APIs wrap
// events in texts, once or several times, and not always alike.
type claimReader struct {
	root  *node
	texts map[*node]*node // what was read already
}

// value gives what is at a place, a text opened; nil when there is nothing.
func (r *claimReader) value(p pointer) *node {
	segments, err := p.segments()
	if err != nil {
		return nil
	}
	n := r.open(r.root)
	for _, s := range segments {
		n = r.open(s.child(n))
	}
	return n
}

// open reads a string that holds a JSON object or array. Any other value is what it is.
func (r *claimReader) open(n *node) *node {
	text, ok := n.text()
	if !ok {
		return n
	}
	if inner, known := r.texts[n]; known {
		return inner
	}
	r.texts[n] = n
	if start := strings.TrimLeft(text, " \t\r\n"); strings.HasPrefix(start, "{") || strings.HasPrefix(start, "[") {
		if inner, err := parseNode([]byte(text)); err == nil {
			r.texts[n] = inner
		}
	}
	return r.texts[n]
}

// text gives the string or the number at a place.
func (r *claimReader) text(p pointer) string {
	n := r.value(p)
	switch {
	case p == "":
		return ""
	case n.is(kindNumber):
		return string(n.bytes())
	}
	text, _ := n.text()
	return text
}

// number gives the whole number at a place, written as one or as a string; 0 where there is none.
func (r *claimReader) number(p pointer) int64 {
	n, err := strconv.ParseInt(r.text(p), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Handler answers deliveries. Each that is good is handed to handle, and the answer is 200 when that returns nil, and 500 when it fails, so
// that the event is delivered again. Anything else never reaches handle: 405 for what is no POST, 413 for what is too long, 400 for what is
// no delivery, 401 for what is not signed by the key or the secret, expired or meant for others.
//
// The API waits for the answer, and not for long: handle should put the event where it is safe, a queue or a table, and return; what takes
// longer belongs behind that. Its context ends when there is no use in going on. It is called by many goroutines at once, and may see an
// event several times and late; [InOrder] keeps that away.
func (w *Webhooks) Handler(handle func(context.Context, WebhookEvent) error) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		event, err := w.receive(rw, r)
		if err != nil {
			w.refuse(rw, r, err)
			return
		}
		ctx := r.Context()
		if within := w.config.AnswerWithin; within > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, within)
			defer cancel()
		}
		if handle(ctx, event) != nil {
			http.Error(rw, "the event was not handled", http.StatusInternalServerError)
			return
		}
		rw.WriteHeader(http.StatusOK)
	})
}

// receive reads the event of a request.
func (w *Webhooks) receive(rw http.ResponseWriter, r *http.Request) (WebhookEvent, error) {
	if r.Method != http.MethodPost {
		return nil, &deliveryError{http.StatusMethodNotAllowed, ErrInvalid, "a delivery is a POST"}
	}
	if r.ContentLength > w.config.MaxBytes {
		return nil, tooLarge(w.config.MaxBytes)
	}
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, w.config.MaxBytes))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return nil, tooLarge(w.config.MaxBytes)
	case err != nil:
		return nil, malformed("the delivery could not be read to its end")
	}
	return w.VerifySigned(r.Header, body)
}

// refuse answers what is no good delivery.
func (w *Webhooks) refuse(rw http.ResponseWriter, r *http.Request, err error) {
	if w.config.Refused != nil {
		w.config.Refused(r, err)
	}
	status := http.StatusBadRequest
	var why *deliveryError
	if errors.As(err, &why) {
		status = why.status
	}
	if status == http.StatusMethodNotAllowed {
		rw.Header().Set("Allow", http.MethodPost)
	}
	http.Error(rw, http.StatusText(status), status)
}

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

// errHandlerPanicked is what an event is forgotten for whose handler never returned.
var errHandlerPanicked = errors.New("the handler panicked")

// WebhookStore remembers which events were handled. [NewWebhookStore] keeps them in memory; where several processes receive events, put one
// over a database that they share.
type WebhookStore interface {
	// Begin tells whether an event is news: neither was its id handled before, nor an event of the same entity with a larger sequence. For
	// what is no news, end is nil. Otherwise the entity is held until end is called, once: with nil it remembers the event, with the error of
	// the handler it forgets it. In a database that is a transaction, with the entity's row locked.
	Begin(ctx context.Context, event *WebhookInfo) (end func(handled error) error, err error)
}

// InOrder makes of handle a handler that sees each event once, and the events of one entity one after the other in the order of their
// Sequence. What was handled already is passed over, and so is what comes after a later event of the same entity: there is nothing to learn
// from it, since the later one tells how the entity is now. Handlers should treat an update of an entity they do not know as its creation.
//
// An event that handle fails is not remembered, and is handled when it is delivered again.
func InOrder(store WebhookStore, handle func(context.Context, WebhookEvent) error) func(context.Context, WebhookEvent) error {
	return func(ctx context.Context, event WebhookEvent) error {
		end, err := store.Begin(ctx, event.Info())
		if err != nil || end == nil {
			return err
		}
		failed := errHandlerPanicked
		defer func() {
			if failed == errHandlerPanicked {
				_ = end(failed) // the panic goes on
			}
		}()
		failed = handle(ctx, event)
		if err := end(failed); failed == nil {
			return err
		}
		return failed
	}
}

// NewWebhookStore gives a store that remembers, in memory, the ids of the last limit events and the sequences of the last limit entities; 0
// is 10,000, some megabytes. An event that is delivered again after it was forgotten is handled again; so is everything after a restart.
func NewWebhookStore(limit int) WebhookStore {
	if limit <= 0 {
		limit = 10_000
	}
	return &memoryStore{ids: newRecent(limit), entities: newRecent(limit), busy: map[string]chan struct{}{}}
}

// memoryStore is a WebhookStore in memory.
type memoryStore struct {
	mu            sync.Mutex
	ids, entities *recent
	busy          map[string]chan struct{} // entities that are held; closed when they are let go
}

// Begin waits until the event's entity is not held.
func (s *memoryStore) Begin(ctx context.Context, event *WebhookInfo) (func(error) error, error) {
	key := event.key()
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.mu.Lock()
		held := s.busy[key]
		if held == nil {
			defer s.mu.Unlock()
			return s.hold(key, *event), nil
		}
		s.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-held:
		}
	}
}

// hold takes an entity, unless the event is no news; called with the store locked.
func (s *memoryStore) hold(key string, event WebhookInfo) func(error) error {
	_, seen := s.ids.get(event.id())
	last, _ := s.entities.get(key)
	if seen || event.Sequence != 0 && event.Sequence < last {
		return nil
	}
	done := make(chan struct{})
	s.busy[key] = done
	return func(handled error) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if handled == nil && event.ID != "" {
			s.ids.put(event.id(), 0)
		}
		if handled == nil && event.EntityID != "" {
			s.entities.put(key, max(event.Sequence, last))
		}
		delete(s.busy, key)
		close(done)
		return nil
	}
}

// key names the entity of an event; the event itself, where it names none.
func (i *WebhookInfo) key() string {
	if i.EntityID == "" {
		return i.id()
	}
	return i.Instance + "\x00" + i.Entity + "\x00" + i.EntityID
}

// id names an event: ids of other instances are their own.
func (i *WebhookInfo) id() string { return i.Instance + "\x00\x00" + i.ID }

// recent remembers the numbers of the keys that were used last.
type recent struct {
	limit int
	order *list.List // of *recentEntry, the last used in front
	at    map[string]*list.Element
}

type recentEntry struct {
	key string
	n   int64
}

func newRecent(limit int) *recent {
	return &recent{limit: limit, order: list.New(), at: map[string]*list.Element{}}
}

func (r *recent) get(key string) (int64, bool) {
	e := r.at[key]
	if e == nil {
		return 0, false
	}
	return e.Value.(*recentEntry).n, true
}

func (r *recent) put(key string, n int64) {
	if e := r.at[key]; e != nil {
		e.Value.(*recentEntry).n = n
		r.order.MoveToFront(e)
		return
	}
	r.at[key] = r.order.PushFront(&recentEntry{key, n})
	if r.order.Len() > r.limit {
		oldest := r.order.Back()
		r.order.Remove(oldest)
		delete(r.at, oldest.Value.(*recentEntry).key)
	}
}

// maxHeader bounds what is read of a token before its signature was looked at.
const maxHeader = 8 << 10

var (
	errNoObject = errors.New("is no JSON object")
	errTwice    = errors.New("has a member twice")
)

// claims checks a delivery and gives the claims of its token. A delivery is a JSON Web Token in compact form, signed with RS256, and
// nothing around it. What stands in it is not looked at before its signature was found to be right, but for its header.
//
// It is stricter than the standard where leniency has been an attack: the algorithm is not the token's to choose, base64 has one form only,
// no member stands twice, and a token without an expiry is refused.
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
		return nil, untrusted("the token is not signed with the key")
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
		return untrusted("the token asks for extensions")
	}
	var algorithm string
	if json.Unmarshal(header["alg"], &algorithm) != nil || algorithm != "RS256" {
		return untrusted("the token is not signed with RS256")
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
		return untrusted("the token is expired, or does not say when it expires")
	}
	for _, name := range []string{"nbf", "iat"} {
		if raw, given := claims[name]; given {
			if from, ok := numericDate(raw); !ok || now.Before(from.Add(-leeway)) {
				return untrusted("the token is not valid yet")
			}
		}
	}
	if want := w.descriptor.issuer; want != "" {
		var issuer string
		if json.Unmarshal(claims["iss"], &issuer) != nil || issuer != want {
			return untrusted("the token is from another issuer")
		}
	}
	if want := w.config.Audience; want != "" && !slices.Contains(audiences(claims["aud"]), want) {
		return untrusted("the token is meant for another audience")
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
