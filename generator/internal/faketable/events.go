package faketable

import (
	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// Events says how the fake signs deliveries. The API must have webhooks.
func Events(a *api.API) *fake.EventFormat {
	w := a.Webhooks
	out := &fake.EventFormat{
		Issuer: w.Issuer, Type: w.Type, Instance: w.Instance, ID: w.ID, Entity: w.Entity, EntityID: w.EntityID,
		Slug: w.Slug, Sequence: w.Sequence, Time: w.Time, Encoded: w.Encoded,
	}
	if h := w.Headers; h != nil {
		out.Headers = &fake.SignedHeaders{ID: h.ID, Timestamp: h.Timestamp, Signature: h.Signature, Prefix: h.Prefix, Hex: h.Hex,
			Signed: h.Signed, Coded: h.Coded}
	}
	for _, e := range w.Events {
		kind := fake.DeliveredKind{Types: e.Types}
		if len(e.Payload) > 0 {
			kind.Payload = e.Payload[0]
		}
		out.Kinds = append(out.Kinds, kind)
	}
	return out
}
