// Package law is a server for revision-aware writes that was written from what such servers promise, and from nothing else: it shares no
// line and no assumption with the runtime of the generated fakes, which it is there to check. It keeps every state that a resource has
// had, and says of each who made it.
//
// What the server speaks is an [API]: how a write carries its payload, what its token looks like and where it travels. [API.Description]
// is the OpenAPI description of the same.
package law

import (
	"bytes"
	_ "embed"
	"text/template"
)

// Payload is how a write carries what is to be.
type Payload string

// The kinds of payload.
const (
	MergePatch Payload = "merge-patch" // members that are named are set, or removed by null
	Replace    Payload = "replace"     // what is sent is all there is afterwards
	Fields     Payload = "fields"      // members that a mask names are set, or removed when they are not there
	Actions    Payload = "actions"     // a list of things to do
)

// Shape is what a token looks like.
type Shape string

// The shapes of tokens.
const (
	Integer Shape = "integer" // a JSON number
	Digits  Shape = "digits"  // a number in a string, beyond what a float64 holds
	Opaque  Shape = "opaque"  // a string that says nothing
	Bytes   Shape = "bytes"   // base64
	Pair    Shape = "pair"    // two numbers
	ETag    Shape = "etag"    // an entity tag
	Date    Shape = "date"    // when the state was made, in whole seconds: the token of all states of one second
)

// Place is where a token travels.
type Place string

// The places of tokens.
const (
	Body   Place = "body"
	Header Place = "header"
	Query  Place = "query"
)

// Reply is what a write is answered with.
type Reply string

// The kinds of reply.
const (
	Whole     Reply = "whole"   // the resource
	TokenOnly Reply = "token"   // the new token
	Nothing   Reply = "nothing" // 204
)

// Carried is what the answer to a stale token carries.
type Carried string

// The kinds of what is carried.
const (
	CarriesNothing Carried = ""
	CarriesToken   Carried = "token"
	CarriesEntity  Carried = "entity"
)

// Escape is what a write has that is to overwrite, whatever the version.
type Escape string

// The kinds of escape.
const (
	NoEscape Escape = ""
	Omitted  Escape = "omit" // no token
	Any      Escape = "any"  // a token that stands for all: *
	Flagged  Escape = "flag" // overwrite=true in the query
)

// API is how an API speaks.
type API struct {
	Name    string
	Payload Payload
	Token   Shape
	Sink    Place  // where a write has the token; a read has an entity tag in a header, and any other in the body
	Order   string // of tokens: opaque, monotonic, increments, or content: a number that is made from the state, and comes back with it
	Step    int64  // how far one token is from the next; 1 unless Order says something else
	First   int64  // the first token
	Next    bool   // a write names the token that is to be
	Reply   Reply
	Carried Carried
	Keyed   bool   // an idempotency key tells a write that comes again
	Forgets bool   // so the description says; but the server looks at the token first, and refuses what it has applied
	Stale   int    // the status that refuses a stale token
	Code    string // the code that goes with it; "" has a text instead
	Bulk    bool   // many in one request
	Told    bool   // of these a flag says which were written, and none has a status of its own
	Exact   bool   // the description promises that numbers are stored as they are sent
	Force   bool   // an action may be forced
	Merges  bool   // a resource may be merged into another one, and its id then leads to that
	Escape  Escape // what a write has that overwrites
	Vouched bool   // the description promises that the reply to a write is whole
	Union   bool   // a resource begins with values that are one of several types

	Normalises bool // tags are stored in capital letters

	// Where things are; the zero values are those of the descriptions that [API.Description] makes.
	Path     string // of the collection; "things"
	Envelope string // the member of an answer that is the resource; "" is all of it
	Member   string // the token's name in the body; "version"
	SentAs   string // its name in a write; Member
	Part     string // what a write is sent to, below a resource; "" is the resource itself
}

// Named are the APIs that the explorer goes through: every kind of payload, and every shape of token.
var Named = []API{
	{Name: "patch", Payload: MergePatch, Token: Integer, Sink: Body, Order: "increments", Step: 1, First: 9007199254740993, Reply: Whole,
		Stale: 409, Code: "STALE", Bulk: true, Normalises: true},
	{Name: "replace", Payload: Replace, Token: ETag, Sink: Header, Order: "opaque", Step: 7, Reply: Whole, Vouched: true, Stale: 412},
	{Name: "quiet", Payload: Replace, Token: Opaque, Sink: Query, Order: "opaque", Step: 5, Reply: Nothing, Stale: 409, Code: "STALE"},
	{Name: "fields", Payload: Fields, Token: Bytes, Sink: Body, Order: "opaque", Step: 3, Reply: Whole, Carried: CarriesEntity, Stale: 400},
	{Name: "pair", Payload: Replace, Token: Pair, Sink: Query, Order: "opaque", Step: 2, Reply: TokenOnly, Stale: 409, Code: "STALE",
		Keyed: true},
	{Name: "next", Payload: Replace, Token: Digits, Sink: Body, Order: "increments", Step: 1, First: 9007199254740993, Next: true,
		Reply: Whole, Carried: CarriesToken, Stale: 409, Code: "STALE", Exact: true},
	{Name: "keyed", Payload: Replace, Token: ETag, Sink: Header, Order: "opaque", Step: 3,
		Reply: Whole, Stale: 412, Keyed: true, Forgets: true, Union: true},
	{Name: "dates", Payload: MergePatch, Token: Date, Sink: Header, Order: "opaque",
		Reply: Whole, Stale: 412, Union: true},
	{Name: "listed", Payload: Fields, Token: Opaque, Sink: Body, Order: "opaque", Step: 3,
		Reply: Whole, Carried: CarriesEntity, Stale: 409, Code: "STALE", Union: true},
	{Name: "free", Payload: MergePatch, Token: Opaque, Sink: Body, Order: "opaque", Step: 3, Reply: Whole, Stale: 409, Code: "STALE",
		Escape: Omitted},
	{Name: "any", Payload: Replace, Token: ETag, Sink: Header, Order: "opaque", Step: 3, Reply: Whole, Stale: 412, Escape: Any},
	{Name: "flagged", Payload: Fields, Token: Integer, Sink: Body, Order: "monotonic", Step: 3, Reply: Whole, Stale: 409, Code: "STALE",
		Escape: Flagged},
	{Name: "actions", Payload: Actions, Token: Integer, Sink: Body, Order: "monotonic", Step: 4, Reply: Whole, Carried: CarriesToken,
		Stale: 409, Code: "STALE", Force: true},
	{Name: "merge", Payload: Actions, Token: Integer, Sink: Body, Order: "increments", Step: 1, First: 9007199254740993, Reply: Whole,
		Stale: 409, Code: "STALE", Force: true, Merges: true},
	{Name: "part", Payload: Actions, Token: Digits, Sink: Query, SentAs: "revision", Part: "parts", Order: "increments", Step: 1,
		First: 9007199254740993, Reply: Whole, Stale: 409, Code: "STALE", Force: true},
	{Name: "beside", Payload: Actions, Token: Digits, Sink: Body, SentAs: "targetVersion", Part: "publish", Order: "opaque", Step: 3,
		Reply: Whole, Stale: 409, Code: "STALE", Force: true},
	{Name: "items", Payload: MergePatch, Token: Digits, Sink: Body, Order: "increments", Step: 1, First: 9007199254740993, Reply: Whole,
		Stale: 409, Code: "STALE", Bulk: true, Told: true},
	{Name: "content", Payload: MergePatch, Token: Digits, Sink: Body, Order: "content", Reply: Whole, Stale: 409, Code: "STALE"},
}

// Loops are the APIs that a loop can be written for by hand: PUT, with the version in a header or in the body.
var Loops = map[string]API{
	"etag": {Name: "etag", Payload: Replace, Token: ETag, Sink: Header, Order: "opaque", Step: 7, Reply: Whole, Stale: 412},
	"body": {Name: "body", Payload: Replace, Token: Opaque, Sink: Body, Order: "opaque", Step: 5, Reply: Whole, Stale: 409, Code: "STALE"},
}

// ByName finds one of [Named].
func ByName(name string) (API, bool) {
	for _, a := range Named {
		if a.Name == name {
			return a, true
		}
	}
	return API{}, false
}

//go:embed things.yaml.tmpl
var description string

var descriptionTemplate = template.Must(template.New("things").Parse(description))

// Description is the OpenAPI description of an API.
func (a API) Description() ([]byte, error) {
	var b bytes.Buffer
	if err := descriptionTemplate.Execute(&b, a); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
