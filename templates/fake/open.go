package fake

// This file is not stamped: it is how the generator fills in a table, and how a table is served that was made just now.

// Table is a table of routes. The other types are its parts.
type (
	Table            = api
	Route            = route
	Verb             = verb
	Location         = location
	Place            = place
	Collection       = collection
	Token            = token
	Form             = form
	Guard            = guard
	Sent             = sent
	ConflictRule     = conflictRule
	Payload          = payload
	Paging           = paging
	Narrow           = narrow
	ErrorFormat      = errorFormat
	ViolationMembers = violationMembers
	Shape            = shape
	Member           = member
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
)

// The forms of a token.
const (
	FormNumber = formNumber
	FormDigits = formDigits
	FormOpaque = formOpaque
	FormTag    = formTag
)

// packs are the packs that a table can ask for, by name. Each puts itself here, in a file that is not stamped either.
var packs = map[string]pack{}

// HasPack reports whether there is a pack of a name.
func HasPack(name string) bool { return packs[name] != nil }

// Open gives a server for a table of routes.
func Open(table *Table, options ...Option) *Server {
	return newServer(table, packs[table.Pack], options)
}
