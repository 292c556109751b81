//contactsgen:generator

// Package client is the runtime of generated clients. It is compiled and tested here, and copied into every generated
// package, which adds the data of its API (see description, operation and revisionDescriptor) and thin typed methods.
//
// It knows nothing of any API, needs the standard library alone, and promises: a write is sent once unless it is known
// not to have been applied; no error, log record or redirect shows a credential or what was in a request; a value in a
// path stays in its segment.
package client
