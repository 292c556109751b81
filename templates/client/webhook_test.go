package client

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A key that cannot be used is told of when the verifier is made, and not by the first delivery.
func TestWebhookKeys(t *testing.T) {
	block := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	pkix := derOf(t, &testKey().PublicKey)
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := x509.MarshalPKCS1PublicKey(&testKey().PublicKey)
	for _, c := range []struct {
		name string
		key  []byte
		want string // of the error; "": none
	}{
		{"PKIX DER", pkix, ""},
		{"PKCS #1 DER", pkcs1, ""},
		{"PEM", block("PUBLIC KEY", pkix), ""},
		{"PEM of PKCS #1", block("RSA PUBLIC KEY", pkcs1), ""},
		{"two keys", bytes.Repeat(block("PUBLIC KEY", pkix), 2), ""},
		{"nothing", nil, "a public key is needed"},
		{"a word", []byte("secret"), "neither PEM nor DER"},
		{"a short key", block("PUBLIC KEY", derOf(t, &short.PublicKey)), "has 1024 bits"},
		{"another kind of key", block("PUBLIC KEY", derOf(t, &curve.PublicKey)), "no RSA public key"},
		{"a private key", block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(testKey())), "no RSA public key"},
		{"too many", bytes.Repeat(block("PUBLIC KEY", pkix), 9), "9 public keys"},
		{"something behind it", append(block("PUBLIC KEY", pkix), "and more"...), "not PEM"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := newWebhooks(&testWebhooks, WebhookConfig{PublicKey: c.key, Audience: testAudience})
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if _, err := newWebhooks(&testWebhooks, WebhookConfig{PublicKey: pkix}); err == nil {
		t.Error("no audience was accepted")
	}
}

// orderOf makes an event of a thing.
func orderOf(id, entity string, sequence int64) *thingCreated {
	return &thingCreated{WebhookInfo: WebhookInfo{ID: id, EntityID: entity, Sequence: sequence}}
}

// An event is handled once, and none after a later one of its entity; one that fails is handled when it comes again.
func TestEventsInOrder(t *testing.T) {
	var handled []string
	fail := errors.New("no")
	failing := "nothing"
	handle := InOrder(NewWebhookStore(0), func(_ context.Context, e WebhookEvent) error {
		if e.Info().ID == failing {
			return fail
		}
		handled = append(handled, e.Info().ID)
		return nil
	})
	send := func(id, entity string, sequence int64) error {
		return handle(t.Context(), orderOf(id, entity, sequence))
	}
	for _, e := range []struct {
		id, entity string
		sequence   int64
		fails      bool
	}{
		{"a1", "a", 1, false}, {"a3", "a", 3, false}, {"a3", "a", 3, false}, {"a2", "a", 2, false}, // twice, late
		{"b1", "b", 1, false}, {"a4", "a", 4, true}, {"a4", "a", 4, false}, // another entity, failed, again
		{"a3", "a", 9, false}, {"a5", "a", 4, false}, {"", "", 0, false}, {"", "", 0, false}, // the id counts; the same place; no name
	} {
		failing = "nothing"
		if e.fails {
			failing = e.id
		}
		if err := send(e.id, e.entity, e.sequence); (err != nil) != e.fails {
			t.Errorf("%s: %v", e.id, err)
		}
	}
	if got, want := strings.Join(handled, " "), "a1 a3 b1 a4 a5  "; got != want {
		t.Errorf("handled %q, want %q", got, want)
	}
}

// Events of one entity wait for each other, and do not wait longer than their contexts; a handler that panics lets go.
func TestEventsOfOneEntityWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		at, most := map[string]int{}, 0
		handle := InOrder(NewWebhookStore(100), func(_ context.Context, e WebhookEvent) error {
			entity := e.Info().EntityID
			mu.Lock()
			at[entity]++
			most = max(most, at[entity])
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			at[entity]--
			mu.Unlock()
			if e.Info().ID == "panics" {
				panic("handler")
			}
			return nil
		})
		start := time.Now()
		func() {
			defer func() { _ = recover() }()
			_ = handle(t.Context(), orderOf("panics", "e0", 1))
		}()
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() { _ = handle(t.Context(), orderOf(fmt.Sprint(i), fmt.Sprint("e", i%2), 1)) })
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		synctest.Wait()
		if err := handle(ctx, orderOf("late", "e0", 2)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("an event that waited too long: %v", err)
		}
		group.Wait()
		if most != 1 || time.Since(start) != 11*time.Second {
			t.Errorf("%d at once, %v", most, time.Since(start))
		}
	})
}

// What is remembered is bounded, and what was used last is what stays.
func TestWebhookStoreForgets(t *testing.T) {
	store := NewWebhookStore(10).(*memoryStore)
	for i := range 1000 {
		end, err := store.Begin(t.Context(), &WebhookInfo{ID: fmt.Sprint(i), EntityID: fmt.Sprint(i), Sequence: 1})
		if err != nil || end == nil {
			t.Fatal(i, err)
		}
		if err := end(nil); err != nil {
			t.Fatal(err)
		}
	}
	if len(store.ids.at) != 10 || store.ids.order.Len() != 10 || len(store.entities.at) != 10 || len(store.busy) != 0 {
		t.Errorf("%d ids, %d entities, %d held", len(store.ids.at), len(store.entities.at), len(store.busy))
	}
	for id, news := range map[string]bool{"999": false, "990": false, "1": true} {
		end, err := store.Begin(t.Context(), &WebhookInfo{ID: id})
		if err != nil || (end != nil) != news {
			t.Errorf("%s is news: %v, %v", id, end != nil, err)
		}
	}
}
