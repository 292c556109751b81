//contactsgen:feature core
//contactsgen:part json

package client

import "net/http"

// snapshot is the raw answer that a resource was decoded from. A write sends back what was not changed as it came.
type snapshot struct {
	body   []byte
	at     pointer // place of the resource in body
	header http.Header
	// partial says that more may be known of the resource than this: it is the answer to a write, or to a read with
	// parameters. Nothing is written back from it.
	partial bool
}

// keeper is a resource that remembers what it was decoded from.
type keeper interface {
	keepSnapshot(s snapshot)
	lastSnapshot() snapshot
}
