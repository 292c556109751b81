package webhooks_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"try/hooks"
	"try/hooks/hookstest"
	"try/notices"
	"try/notices/noticestest"
)

// What the fake signs by Standard Webhooks reaches the handler once, and what was changed on the way, or comes late, does not.
func TestStandardWebhooks(t *testing.T) {
	events := noticestest.NewEvents(noticestest.WithClock(func() time.Time { return now }))
	var got []string
	handle := func(_ context.Context, event notices.WebhookEvent) error {
		if e, ok := event.(*notices.ThingChangedEvent); ok {
			got = append(got, e.ID+" "+e.EntityID+" "+*e.Payload.Name)
		}
		return nil
	}
	handler := func(at time.Time) http.Handler {
		w, err := notices.NewWebhooks(notices.WebhookConfig{Secrets: []string{events.Secret()}, Clock: clock{at}})
		if err != nil {
			t.Fatal(err)
		}
		return w.Handler(notices.InOrder(notices.NewWebhookStore(0), handle))
	}
	deliver := func(h http.Handler, r *http.Request) int {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		return answer.Code
	}
	event := noticestest.Event{ID: "msg_1", Type: "thing.changed", EntityID: "t1", Payload: map[string]any{"id": "t1", "name": "Ada"}}
	first := handler(now)
	for i, want := range []int{200, 200} {
		if code := deliver(first, events.Request(event)); code != want {
			t.Errorf("delivery %d was answered with %d", i+1, code)
		}
	}
	if want := []string{"msg_1 t1 Ada"}; len(got) != 1 || got[0] != want[0] {
		t.Errorf("handled %q, want %q", got, want)
	}
	if code := deliver(handler(now.Add(time.Hour)), events.Request(event)); code != http.StatusUnauthorized {
		t.Errorf("a replay after an hour was answered with %d", code)
	}
	changed := events.Request(event)
	changed.Header.Set("webhook-id", "msg_2")
	if code := deliver(handler(now), changed); code != http.StatusUnauthorized {
		t.Errorf("another id was answered with %d", code)
	}
	if len(got) != 1 {
		t.Errorf("handled %q", got)
	}
}

// The fake and an implementation of the standard written here agree on the bytes of a signature.
func TestStandardSignature(t *testing.T) {
	events := noticestest.NewEvents(noticestest.WithClock(func() time.Time { return now }))
	header, body := events.Deliver(noticestest.Event{ID: "msg_1", Type: "thing.changed"})
	secret, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(events.Secret(), "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("msg_1." + strconv.FormatInt(now.Unix(), 10) + "." + string(body)))
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if got := header.Get("webhook-signature"); got != want {
		t.Errorf("signed with %s, want %s", got, want)
	}
}

// The same description with HMAC in a header of its own, over a text with the time in it.
func TestHMACInAHeader(t *testing.T) {
	const secret, body = "a secret of ours", `{"type": "thing.changed", "data": {"id": "t1", "name": "Ada"}}`
	w, err := hooks.NewWebhooks(hooks.WebhookConfig{Secrets: []string{secret}, Clock: clock{now}})
	if err != nil {
		t.Fatal(err)
	}
	signed := func(text string, at time.Time) http.Header {
		stamp := strconv.FormatInt(at.Unix(), 10)
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte("v0:" + stamp + ":" + text))
		return http.Header{"X-Sent": {stamp}, "X-Signature": {"v0=" + hex.EncodeToString(mac.Sum(nil))}}
	}
	event, err := w.VerifySigned(signed(body, now), []byte(body))
	if e, ok := event.(*hooks.ThingChangedEvent); err != nil || !ok || *e.Payload.Name != "Ada" {
		t.Errorf("got %+v, %v", event, err)
	}
	for name, header := range map[string]http.Header{
		"of another body": signed(body+" ", now), "an hour old": signed(body, now.Add(-time.Hour)), "none": nil,
	} {
		if _, err := w.VerifySigned(header, []byte(body)); err == nil {
			t.Errorf("a signature that is %s was accepted", name)
		}
	}
	events := hookstest.NewEvents(hookstest.WithClock(func() time.Time { return now }))
	w, err = hooks.NewWebhooks(hooks.WebhookConfig{Secrets: []string{events.Secret()}, Clock: clock{now}})
	if err != nil {
		t.Fatal(err)
	}
	header, delivery := events.Deliver(hookstest.Event{Type: "thing.changed", Payload: `{"id": "t1", "name": "Ada"}`})
	if _, err := w.VerifySigned(header, delivery); err != nil {
		t.Error(err)
	}
	if _, err := w.VerifySigned(header, bytes.Replace(delivery, []byte("Ada"), []byte("Bob"), 1)); err == nil {
		t.Error("what was changed on the way was accepted")
	}
}
