package api

import "github.com/contactsgen/contactsgen/generator/internal/diag"

// Webhooks is how the API tells of events. Every place is a JSON Pointer in the claims of a token, or in the body that the headers sign; ""
// is nowhere, but for Event.
type Webhooks struct {
	Headers      *SignedHeaders // that have the signature; nil: a delivery is a token
	Issuer       string
	Audience     string // what callers have to give, in words; "" when tokens name none
	AnswerWithin int    // milliseconds; 0: not said
	Event        string
	Type         string
	Instance     string
	ID           string
	Entity       string
	EntityID     string
	Slug         string
	Sequence     string
	Time         string
	Encoded      []string // places whose value is JSON text in a string, the outer before the inner
	Events       []*Event // in the description's order
	Pos          diag.Position
}

// Event is one kind of event.
type Event struct {
	Key     string // in the description: "ContactCreated"
	Name    string // Go type: "ContactCreatedEvent"
	Doc     string
	Types   []string // what an event of this kind calls itself
	Payload []string // places in the claims, of which the first that is there counts
	Schema  *Type    // of the payload; nil when there is none
	Pos     diag.Position
}

// SignedHeaders are headers that sign the body of a delivery with HMAC-SHA256.
type SignedHeaders struct {
	ID, Timestamp, Signature string // names; "" is none
	Prefix                   string // of each signature that counts
	Hex                      bool   // signatures are hexadecimal; else they are base64
	Signed                   string // what is signed, with {id}, {timestamp} and {body} in it
	Coded                    bool   // secrets are base64 behind "whsec_"
}
