//contactsgen:generator

package fake

// This file is not copied into outputs: it is how the generator fills in a table, and how a table is served that was made just now.

// Table is a table of routes.
type Table = api

// The parts of a table of routes, and how events are delivered.
type (
	// EventFormat says how the API tells of events.
	EventFormat = eventFormat
	// SignedHeaders says which headers sign a delivery, and how.
	SignedHeaders = signedHeaders
	// DeliveredKind is where events of some types carry their payload.
	DeliveredKind = deliveredKind
	// Route is one operation.
	Route = route
	// Verb is what a route does.
	Verb = verb
	// Location names one value in a request or an answer.
	Location = location
	// Place is the part of a request or an answer that a value travels in.
	Place = place
	// Parameter is what the description asks of a parameter.
	Parameter = parameter
	// Schema is what the description asks of a value.
	Schema = schema
	// Kind is what a value is, and what a text spells.
	Kind = kind
	// Presence is a condition on which members an object has.
	Presence = presence
	// Variant is one of the forms of a choice.
	Variant = variant
	// Collection is a set of resources of one kind.
	Collection = collection
	// Token is one part of a revision.
	Token = token
	// Form is how a revision is written.
	Form = form
	// Guard says how an operation's token travels.
	Guard = guard
	// Sent is where a request carries a part of the token.
	Sent = sent
	// ConflictRule is how a stale token is answered.
	ConflictRule = conflictRule
	// Payload maps a request's body to the resource.
	Payload = payload
	// Paging is how a route answers in pages.
	Paging = paging
	// Narrow is a parameter that keeps resources whose member equals it.
	Narrow = narrow
	// Bulk is how a route writes many resources.
	Bulk = bulk
	// ErrorFormat says where error answers carry what.
	ErrorFormat = errorFormat
	// ViolationMembers names the members of a violation.
	ViolationMembers = violationMembers
	// Shape describes one kind of object.
	Shape = shape
	// Member is one declared member of an object.
	Member = member
)

// The verbs of a table.
const (
	VerbNone   = verbNone
	VerbCreate = verbCreate
	VerbRead   = verbRead
	VerbUpdate = verbUpdate
	VerbDelete = verbDelete
	VerbList   = verbList
	VerbQuery  = verbQuery
	VerbTouch  = verbTouch
	VerbCount  = verbCount
	VerbBulk   = verbBulk
	VerbAdd    = verbAdd
	VerbRemove = verbRemove
	VerbAdjust = verbAdjust
	VerbAnswer = verbAnswer
)

// The kinds of values.
const (
	KindAny     = kindAny
	KindText    = kindText
	KindInteger = kindInteger
	KindInt32   = kindInt32
	KindNumber  = kindNumber
	KindBoolean = kindBoolean
	KindInstant = kindInstant
	KindDate    = kindDate
	KindEmail   = kindEmail
	KindUUID    = kindUUID
	KindURI     = kindURI
	KindBytes   = kindBytes
	KindArray   = kindArray
	KindMap     = kindMap
	KindObject  = kindObject
)

// The forms of a token.
const (
	FormNumber = formNumber
	FormDigits = formDigits
	FormOpaque = formOpaque
	FormTag    = formTag
	FormDate   = formDate
	FormBytes  = formBytes
	FormTime   = formTime
)

// packs are the packs that a table can ask for, by name. Each puts itself here, in a file that is not copied either.
var packs = map[string]pack{}

// Matching gives text when a regular expression matches it, else the shortest text that it obviously matches.
func Matching(expression, text string) string { return example(expression, text) }

// HasPack reports whether there is a pack of a name.
func HasPack(name string) bool { return packs[name] != nil }

// Open gives a server for a table of routes.
func Open(table *Table, options ...Option) *Server {
	return newServer(table, packs[table.Pack], options)
}
