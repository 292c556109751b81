//contactsgen:feature webhooks
//contactsgen:part webhooks

package client

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

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

// webhookTrait says how deliveries are signed and where events have what. Places are those in the claims; "" is nowhere, but for event.
type webhookTrait struct {
	issuer   string
	audience bool          // tokens name one
	patience time.Duration // what the API waits for an answer; 0: not known

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
func (t *webhookTrait) decode(claims []byte) (WebhookEvent, error) {
	root, err := parseNode(claims)
	if err != nil {
		return nil, malformed("the claims of the token are nested too deep")
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

// claimReader finds values in claims. A string on the way, or where an object has to be, is read as the JSON text it holds: APIs wrap events in texts, once or
// several times, and not always alike.
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
