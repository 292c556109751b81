package orders_test

import (
	"context"
	"net/http/httptest"
	"testing"

	"shapes/orders"
	"shapes/orders/orderstest"
)

// Events that are the claims themselves, of tokens that name neither issuer nor audience.
func TestEvents(t *testing.T) {
	events := orderstest.NewEvents("")
	hooks, err := orders.NewWebhooks(orders.WebhookConfig{PublicKey: events.PublicKey()})
	if err != nil {
		t.Fatal(err)
	}
	var got []orders.WebhookEvent
	handler := hooks.Handler(func(_ context.Context, event orders.WebhookEvent) error { got = append(got, event); return nil })
	for _, e := range []orderstest.Event{
		{Type: "customer.created", Instance: "m1", Entity: "customer", EntityID: "c1", Sequence: 3, Payload: map[string]any{"given_name": "Ada"}},
		{Type: "order.updated", EntityID: "o1", Payload: `{"order_id": "o1", "state": "OPEN"}`},
		{Type: "ping"},
		{Type: "refund.created"},
	} {
		answer := httptest.NewRecorder()
		if handler.ServeHTTP(answer, events.Request(e)); answer.Code != 200 {
			t.Fatalf("%s: %d %s", e.Type, answer.Code, answer.Body)
		}
	}
	customer, ok := got[0].(*orders.CustomerCreatedEvent)
	if !ok || *customer.Payload.GivenName != "Ada" || customer.Instance != "m1" || customer.Entity != "customer" || customer.Sequence != 3 {
		t.Errorf("got %T %+v", got[0], got[0])
	}
	order, ok := got[1].(*orders.OrderEvent)
	if !ok || *order.Payload.State != "OPEN" || order.Type != "order.updated" || order.Sequence != 1 {
		t.Errorf("got %T %+v", got[1], got[1])
	}
	if ping, ok := got[2].(*orders.PingEvent); !ok || ping.ID == "" {
		t.Errorf("got %T %+v", got[2], got[2])
	}
	if _, ok := got[3].(*orders.UnknownEvent); !ok {
		t.Errorf("got %T", got[3])
	}
}
