//contactsgen:generator

// Package fake is a stateful, in-memory stand-in for a described HTTP API, for tests of programs that call it.
//
// It keeps what it is sent, counts revisions, and refuses a write that carries a stale one, as the real server would: a
// test of two racing writers fails here if it would lose an update there. Faults (conflicts, lost answers, throttling,
// broken bodies, stale reads) are scripted with Inject; every request is recorded.
//
// What it does comes from a table of routes, which is data. It knows no API; a pack may teach it one.
// What neither says is answered with 501 and a message that names Handle, which fills it in.
package fake
