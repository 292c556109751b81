package main

import (
	"testing"
	"time"

	"github.com/contactsgen/contactsgen/testdata/examples/engines/client/contactstest"
)

// What is shared over NATS does what clients of many hosts need of a lock and of a limit.
func TestShared(t *testing.T) {
	const life = 600 * time.Millisecond
	kv, err := start(t.Context(), t.TempDir(), life)
	if err != nil {
		t.Fatal(err)
	}
	contactstest.TestLocker(t, locker{kv, life}, locker{kv, life})
	lasting, err := start(t.Context(), t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	l := limiter{lasting, 10 * time.Millisecond, 50 * time.Millisecond}
	contactstest.TestLimiter(t, l, l, 100, time.Second, 5)
}
