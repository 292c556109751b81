//contactsgen:feature helpers
//contactsgen:part update

// What a client knows of a guarded operation: how its token travels, what of the resource it writes, and the shapes of types.

package client

import (
	"net/http"
)

// revisionDescriptor says how the concurrency token of one guarded operation travels: data only, written by the generator
// from the description's x-revision.
type revisionDescriptor struct {
	write, read *operation

	// readArgs gives, for each path parameter of read, where its value comes from.
	readArgs []argument
	// keys gives, for each part of the key behind the path parameters of write, where the write carries it.
	keys []keyPlace
	// asks are the parts of the key that the read carries outside of its path.
	readKeyParams []keyPlace
	// readBody is the JSON that the body of a read begins with; "" when it has none.
	readBody string
	// readParams are constant parameters that every read carries.
	readParams []fixedParam
	// projection are extra parameters of a cheap read that still answers with identity and token; nil: no such read.
	projection []fixedParam

	// resource is where the resource is in the read's success body ("" is the whole body). The helper's T is decoded from it.
	resource pointer
	// identity gives, for each part of the key, the place in the resource that must equal it; nowhere: not known.
	identity []location
	// key gives, for each part of the key, the place in the resource it can be filled in from (for <Op>From).
	key []pointer

	tokens []tokenPart // one, or several for a compound token
	order  tokenOrder
	next   bool // the token plus one is sent

	payload  payloadDescriptor
	conflict carriedState
	escape   escapeDescriptor
	// again recognises answers which prove that the write was not applied and which the same write may follow: a lock
	// that was busy, or a 503, which then has to say Retry-After. A 429 always is one.
	again []conflictRule

	idempotencyKey location // nowhere: the API has none

	// shape describes the resource: which members exist, which are read-only, nullable, keyed.
	shape *shape
	// replyResource is where the write's success body carries the resource (same type as the read's); hasReply says whether it does.
	replyResource pointer
	hasReply      bool
	// wholeReply says that this is the whole resource, as the read answers it: the next write may be made from it.
	wholeReply bool
}

// keyPlace is where a request carries a part of the key outside of its path.
type keyPlace struct {
	at  location
	key int  // index into the key: path parameters of the write, then keys
	raw bool // in a body it is no string
}

// argument is where a path parameter of the read comes from: a part of the key (index) or the write's request body.
type argument struct {
	write int     // index into the key; -1: body
	body  pointer // place in the write's request body, when write is -1
}

// fixedParam is a parameter with a value known at generation time.
type fixedParam struct {
	param param
	value []string
}

// tokenOrder is what is known about successive tokens of one resource.
type tokenOrder uint8

const (
	orderOpaque     tokenOrder = iota // equal or not, nothing else
	orderMonotonic                    // decimal numbers that grow
	orderIncrements                   // decimal numbers that grow by exactly one with each write
	orderContent                      // made from the content: a state that comes back brings its token back
)

// tokenPart is one part of a concurrency token.
type tokenPart struct {
	read, send, reply location // read is within the read's whole answer; reply at nowhere: the write's answer has none
	form              validity // nil: any text will do
	unquoted          bool     // the quotes of an entity tag are dropped when it is sent
	asString          bool     // a body token is sent as a JSON string, whatever it was read as
}

// validity is what a token has to look like before it can guard a write: an entity tag, or a date of HTTP.
type validity interface {
	// fault says why a value cannot guard a write, given the headers of the answer it was found in.
	fault(p tokenPart, value string, header http.Header) error
}

// faultOf says why a value of the part cannot guard a write.
func (p tokenPart) faultOf(value string, header http.Header) error {
	if p.form == nil {
		return nil
	}
	return p.form.fault(p, value, header)
}

// payloadKind is how a write's body relates to the state that was read.
type payloadKind uint8

const (
	payloadNone   payloadKind = iota // an action: the request is built by a callback
	payloadPatch                     // changed members only (merge-patch)
	payloadWhole                     // the whole payload (replace)
	payloadFields                    // changed members, and their names in a mask
)

// payloadDescriptor maps the state that was read to the write's body.
type payloadDescriptor struct {
	kind   payloadKind
	read   pointer  // place of the payload within the resource
	send   pointer  // place of the payload within the request body
	mask   location // payloadFields: where the list of changed members goes
	atomic []string // first-level members sent whole when changed; nil: all
	merge  bool     // no member is atomic: RFC 7396 at every depth
	exact  []string // first-level members the server stores exactly as sent

	outside []string // first-level members that were read and that the request has no place for
}

// carriedState is what a conflict answer carries of the current state.
type carriedState struct {
	token, entity location // nowhere: not carried
}

// escapeDescriptor is an unconditional write, where the API has one.
type escapeDescriptor struct {
	omit  bool     // the token is left out
	value string   // sent in the token's place: "*"
	flag  location // a flag that switches the check off
	on    string   // the flag's value
}

// shape describes one JSON value: what its members may be and how they may be written.
type shape struct {
	members  []memberShape // of an object; nil: not an object with declared members
	values   *shape        // of a map's values; nil with values unset means free-form when isMap
	items    *shape        // of an array's elements
	itemKey  string        // member by which an element keeps its identity; "" is none
	isMap    bool
	isArray  bool
	freeForm bool // anything goes: no member of it is unknown
}

// memberShape is one declared member of an object.
type memberShape struct {
	name     string
	readOnly bool
	derived  bool // the server makes it from other members when it is left out
	nullable bool
	shape    *shape // nil: a scalar
}

// role is what the description says of one member of an object.
type role struct {
	memberShape
	declared bool // false: a key of a map, or a member nobody described
}

// role returns what s says of the member name. What is not described may be removed with null, like a key of a map.
func (s *shape) role(name string) role {
	if s == nil {
		return role{memberShape: memberShape{nullable: true}}
	}
	for _, m := range s.members {
		if m.name == name {
			return role{memberShape: m, declared: true}
		}
	}
	return role{memberShape: memberShape{nullable: true, shape: s.values}}
}

// settle turns the null of a typed form into an absent value where the description has no null.
func (r role) settle(n *node) *node {
	if !n.is(kindNull) || !r.declared || r.shape.free() {
		return n
	}
	if r.nullable && !r.shape.list() && !r.shape.dictionary() {
		return n
	}
	return nil
}

func (s *shape) list() bool       { return s != nil && s.isArray }
func (s *shape) dictionary() bool { return s != nil && s.isMap }
func (s *shape) free() bool       { return s != nil && s.freeForm }

// element returns the shape of an array's elements.
func (s *shape) element() *shape {
	if s == nil {
		return nil
	}
	return s.items
}

// key returns the name of the member by which an array's elements keep their identity; "" when there is none.
func (s *shape) key() string {
	if s == nil {
		return ""
	}
	return s.itemKey
}

// descend returns the shape of what p points at.
func (s *shape) descend(p pointer) *shape {
	segments, err := p.segments()
	if err != nil {
		return nil
	}
	for _, segment := range segments {
		if s.list() {
			s = s.items
		} else {
			s = s.role(segment.name).shape
		}
	}
	return s
}

// isEmptyContainer reports whether n is all that is left of empty slices: [], or an object that holds nothing but such. An
// object without members is not empty, since some APIs mean something by it.
func isEmptyContainer(n *node, s *shape) bool {
	switch {
	case n == nil:
		return true
	case s.list():
		return n.is(kindArray) && len(n.items) == 0
	case !n.is(kindObject) || len(n.entries) == 0 || s == nil || s.members == nil:
		return false
	}
	for _, e := range n.entries {
		if !isEmptyContainer(e.value, s.role(e.name).shape) {
			return false
		}
	}
	return true
}
