package analyze

import (
	"fmt"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// readWebhooks reads the x-webhooks of the document, and names the types of what the standard's own webhooks carry.
func (b *builder) readWebhooks() {
	b.readDeliveries()
	x, ok := b.extension(b.root, "x-webhooks")
	if !ok {
		return
	}
	w := &api.Webhooks{Issuer: x.Get("issuer").Text(), Audience: cleanText(x.Get("audience").Text()), Pos: x.KeyPos()}
	w.Headers = b.signedHeaders(x)
	within, _ := x.Get("answerWithin").Int()
	w.AnswerWithin = int(within)
	b.checkRoots(x, w)
	w.Event = b.claimAt(x.Get("event"), "")
	for _, one := range []struct {
		key string
		at  *string
	}{
		{"type", &w.Type}, {"instance", &w.Instance}, {"id", &w.ID}, {"entity", &w.Entity}, {"entityId", &w.EntityID},
		{"slug", &w.Slug}, {"sequence", &w.Sequence}, {"time", &w.Time},
	} {
		*one.at = b.claimAt(x.Get(one.key), w.Event)
	}
	for _, n := range x.Get("encoded").Items() {
		w.Encoded = append(w.Encoded, b.claimAt(n, w.Event))
	}
	b.checkEncoded(w, x.Get("encoded").Items())
	said := map[string]string{}
	for _, m := range x.Get("events").Members() {
		w.Events = append(w.Events, b.readEvent(m, w, said))
	}
	b.api.Webhooks = w
}

// The algorithms that headers sign by.
const (
	hmacSHA256       = "HMAC-SHA256"
	standardWebhooks = "standard-webhooks"
)

// signedHeaders reads which headers sign a delivery, and how; nil where it is a token.
func (b *builder) signedHeaders(x source.Node) *api.SignedHeaders {
	algorithm := x.Get("algorithm").Text()
	about := map[string]bool{"issuer": true, "audience": true}
	h := &api.SignedHeaders{ID: "webhook-id", Timestamp: "webhook-timestamp", Signature: "webhook-signature", Prefix: "v1,",
		Signed: "{id}.{timestamp}.{body}", Coded: true}
	switch algorithm {
	case hmacSHA256:
		h = &api.SignedHeaders{Prefix: x.Get("prefix").Text(), Hex: x.Get("encoding").Text() != "base64", Signed: x.Get("signed").Text()}
	case standardWebhooks:
		about["prefix"], about["encoding"], about["signed"] = true, true, true
	default:
		h, about = nil, map[string]bool{"headers": true, "prefix": true, "encoding": true, "signed": true}
	}
	for _, m := range x.Members() {
		if about[m.Key] {
			b.problems.Add(&diag.Problem{Pos: m.KeyPos, Message: "x-contactsgen-webhooks." + m.Key + " says nothing of " + algorithm,
				Help: "leave it out, or name another algorithm"})
		}
	}
	if h == nil {
		return nil
	}
	for _, one := range []struct {
		key string
		to  *string
	}{{"id", &h.ID}, {"timestamp", &h.Timestamp}, {"signature", &h.Signature}} {
		if n := x.Get("headers").Get(one.key); !n.IsZero() {
			*one.to = n.Text()
		}
	}
	b.checkSigned(x, h)
	return h
}

// checkSigned complains of signatures that nobody could check, and fills in what is signed.
func (b *builder) checkSigned(x source.Node, h *api.SignedHeaders) {
	if h.Signature == "" {
		b.problems.Add(&diag.Problem{Pos: x.KeyPos(), Message: "nothing says which header has the signature", Help: "add headers.signature"})
	}
	if h.Signed == "" {
		h.Signed = "{body}"
		if h.Timestamp != "" {
			h.Signed = "{timestamp}.{body}"
		}
	}
	for _, one := range []struct{ word, header string }{{"{id}", h.ID}, {"{timestamp}", h.Timestamp}} {
		if at := x.Get("signed"); strings.Contains(h.Signed, one.word) != (one.header != "") && !at.IsZero() {
			b.problems.Add(&diag.Problem{Pos: at.Pos(), Message: "what is signed and the headers differ about " + one.word,
				Help: "name its header and sign it, or neither: what is not signed can be anybody's"})
		}
	}
}

// checkRoots complains of places in claims where there is no token, and of those in a body that is one.
func (b *builder) checkRoots(x source.Node, w *api.Webhooks) {
	wrong, right := "$body", "$claims"
	if w.Headers != nil {
		wrong, right = right, wrong
	}
	check := func(n source.Node) {
		if root, _, _ := strings.Cut(n.Text(), "#"); root == wrong {
			b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: diag.Quote(n.Text()) + " is no place in what " + x.Get("algorithm").Text() + " signs",
				Help: "write " + right + " instead of " + wrong})
		}
	}
	for _, m := range x.Members() {
		for _, n := range list(m.Value) {
			check(n)
		}
	}
	for _, m := range x.Get("events").Members() {
		for _, n := range list(m.Value.Get("payload")) {
			check(n)
		}
	}
}

// readDeliveries makes a type of what each of the webhooks carries that OpenAPI 3.1 describes, and of those that were called x-webhooks
// before. How they are to be trusted OpenAPI does not say, so nothing but types is made of them.
func (b *builder) readDeliveries() {
	hooks := b.root.Get("webhooks")
	if hooks.IsZero() {
		hooks = b.others(b.root, "x-webhooks")
	}
	for _, m := range hooks.Members() {
		item, err := m.Value.Follow()
		if err != nil {
			continue
		}
		for _, delivery := range b.methodsOf(item) {
			if schema := b.delivered(delivery.Value); !schema.IsZero() {
				b.nameDelivery(m, delivery.Value, schema)
				break
			}
		}
	}
}

// delivered gives the schema of the JSON that a webhook carries.
func (b *builder) delivered(n source.Node) source.Node {
	body, err := n.Get("requestBody").Follow()
	if err != nil {
		return source.Node{}
	}
	for _, media := range body.Get("content").Members() {
		if isJSON(media.Key) && media.Value.Get("schema").Kind() == source.Mapping {
			return media.Value.Get("schema")
		}
	}
	return source.Node{}
}

func (b *builder) nameDelivery(m source.Member, n, schema source.Node) {
	if b.types[schema] != nil {
		return
	}
	name := naming.Exported(m.Key) + "Webhook"
	t := b.newType(schema)
	t.Doc = joined("What the webhook "+diag.Quote(cleanText(m.Key))+" carries.", docOf(n, m.Value))
	b.types[schema] = t
	b.name(t, want{forms: []string{name, name + "Payload"}, rank: naming.Derived, what: "the webhook " + diag.Quote(m.Key)})
	b.fillNamed(t, schema, name)
	b.deliveries = append(b.deliveries, t)
}

// claimAt gives the place in a token's claims that an expression names; "" when there is none, or after a complaint.
func (b *builder) claimAt(n source.Node, event string) string {
	if n.IsZero() {
		return ""
	}
	root, rest, _ := strings.Cut(n.Text(), "#")
	var e expression
	if rest != "" {
		if err := e.parseBody("#" + rest); err != nil {
			b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "the expression " + diag.Quote(n.Text()) + " " + err.Error(),
				Help: "write $claims#/pointer or $event#/pointer"})
			return ""
		}
	}
	at := ""
	if root == "$event" {
		at = event
	}
	return at + api.Pointer(e.path)
}

// checkEncoded complains of an order in which the fake could not write the texts into each other.
func (b *builder) checkEncoded(w *api.Webhooks, nodes []source.Node) {
	for i, at := range w.Encoded {
		for j, other := range w.Encoded[:i] {
			if at != "" && other != "" && (at == other || strings.HasPrefix(other, at+"/")) {
				b.problems.Add(&diag.Problem{Pos: nodes[i].Pos(),
					Message: fmt.Sprintf("x-contactsgen-webhooks.encoded names %s after %s, which is inside of it or the same",
						diag.Quote(nodes[i].Text()), diag.Quote(nodes[j].Text())), Help: "list each place once, the outer before the inner"})
			}
		}
	}
}

// readEvent reads one kind of event. The types that are taken say by which kind.
func (b *builder) readEvent(m source.Member, w *api.Webhooks, said map[string]string) *api.Event {
	e := &api.Event{Key: m.Key, Doc: docOf(m.Value), Pos: m.KeyPos}
	for _, n := range m.Value.Get("types").Items() {
		if other, taken := said[n.Text()]; taken {
			b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: fmt.Sprintf("the type %s is one of %s already", diag.Quote(n.Text()),
				diag.Quote(other)), Help: "name each type once"})
			continue
		}
		said[n.Text()] = m.Key
		e.Types = append(e.Types, n.Text())
	}
	payload, schema := m.Value.Get("payload"), m.Value.Get("schema")
	for _, n := range list(payload) {
		e.Payload = append(e.Payload, b.claimAt(n, w.Event))
	}
	switch {
	case payload.IsZero() != schema.IsZero():
		b.problems.Add(&diag.Problem{Pos: m.KeyPos, Message: "the event " + diag.Quote(m.Key) +
			" has one of payload and schema without the other",
			Help: "say where the payload is and what it is, or neither"})
	case !schema.IsZero():
		e.Schema = b.schema(schema, naming.Exported(m.Key)+"Payload").Type
		if form := api.CategoryOf(e.Schema.Underlying()); form != api.CategoryObject && len(b.faults[e.Schema]) == 0 {
			b.problems.Add(&diag.Problem{Pos: schema.Pos(), Message: "the payload of the event " + diag.Quote(m.Key) + " is no object",
				Help: "give its schema as an object, or a $ref to one"})
		}
	}
	return e
}

// webhookRoots lists the types that events carry, where events are made.
func (b *builder) webhookRoots() []*api.Type {
	var out []*api.Type
	if w := b.api.Webhooks; w != nil && b.chosen(api.FeatureWebhooks) {
		for _, e := range w.Events {
			out = append(out, e.Schema)
		}
	}
	return out
}

// nameEvents names the types of events, each after its key.
func (b *builder) nameEvents(pkg *naming.Namespace) {
	if b.api.Webhooks == nil {
		return
	}
	var claims []naming.Claim
	for _, e := range b.api.Webhooks.Events {
		name := naming.Exported(e.Key)
		claims = append(claims, naming.Claim{Forms: append([]string{name + "Event", name + "WebhookEvent"},
			naming.Forms("", e.Key, "DeliveredEvent")[1:]...), Rank: naming.Derived,
			What: "the event " + e.Key, Pos: e.Pos, Taken: func(name string) { e.Name = name }})
	}
	pkg.Give(claims)
}
