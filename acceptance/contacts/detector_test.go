//go:build race

package contacts_test

// detector tells whether the race detector is on, which makes room of its own.
const detector = true
