//contactsgen:feature core
//contactsgen:part server

package fake

// api is all that the fake knows of a description: data only, printed by the generator.
type api struct {
	Title       string
	BasePath    string // path of the description's server address, "" when it has none; requests may carry it or not
	Pack        string // name of the pack that the description asks for; "" is none
	Routes      []route
	Collections []collection
	Shapes      []shape
	Errors      errorFormat
}

// verb is what a route does to its collection.
type verb string

// The closed list of verbs. A route without one is answered with 501 until Handle or a pack fills it in.
const (
	verbNone   verb = ""
	verbCreate verb = "create" // makes a resource of the payload
	verbRead   verb = "read"   // answers one resource
	verbUpdate verb = "update" // changes one resource by the payload
	verbDelete verb = "delete" // removes one resource
	verbList   verb = "list"   // answers resources in pages, narrowed by parameters
	verbQuery  verb = "query"  // answers resources in pages, narrowed by a filter
	verbTouch  verb = "touch"  // moves the revision and nothing else: publish, archive
	verbAdd    verb = "add"    // adds what the resource's list lacks
	verbRemove verb = "remove" // takes items off the resource's list
	verbAdjust verb = "adjust" // does both at a time
	verbCount  verb = "count"  // answers how many resources a filter matches
	verbAnswer verb = "answer" // always gives the same answer
	verbBulk   verb = "bulk"   // changes many resources, each by an item of the request
)

// route is one operation.
type route struct {
	ID     string // operationId
	Method string
	Path   string // template: "/things/{thingId}"
	Base   string // path of a server address of its own, "" when it has none; requests may carry it or not
	Status int    // of success; 0 is 200
	Safe   bool   // changes nothing

	Unchanged bool // it answers 304 to a caller who has what the server has

	Verb       verb
	Collection string
	Asks       string // shape of what the request says of the resource; "" is the collection's own
	// an answer that is no resource of the collection, or an item of a list of such: a JSON object that the resource's members of the same
	// names are put into
	Sample   string
	Beside   string     // what a list's answer has beside its resources: a JSON object
	Stream   string     // media type of an answer that is no JSON
	Key      []location // where the key's parts are in the request; fewer than the collection has: the parents alone
	NotFound string     // application code of an unknown key
	Exists   string     // application code of a key that is taken

	Payload  payload
	Resource string     // place of the resource in the answer; for add, remove and touch too
	Empty    bool       // success has no resource in its body
	Show     []location // one per token part: where this answer carries it outside of the resource
	Hide     bool       // the answer's resource comes without its token
	Guard    *guard     // nil: the operation carries no token

	Paging *paging
	Narrow []narrow    // parameters that must equal a member
	Params []parameter // those that not every value is right for
	Body   *schema     // of the request's body, if it is JSON
	Needed bool        // a request needs a body
	Filter location
	Sort   location
	Fields location

	List  string   // verbAdd, verbRemove, verbAdjust: the array within the resource
	Items location // verbAdd, verbRemove: its items in the request
	Add   location // verbAdjust: what is added to it
	Off   location // verbAdjust: what is taken off it
	Total string   // verbCount: place of the count in the answer
	Value string   // verbAnswer: the body, as JSON
	Bulk  *bulk    // verbBulk

	Errors *errorFormat // nil: the api's
}

// place is the part of a request or an answer that a value travels in.
type place string

const (
	nowhere  place = ""
	inBody   place = "body"
	inHeader place = "header"
	inQuery  place = "query"
	inPath   place = "path"
)

// location names one value in a request or an answer.
type location struct {
	In   place
	Name string // header, query or path parameter
	At   string // JSON Pointer, where "[name=value]" selects the first array element whose member is that string
}

// parameter is what the description asks of a parameter.
type parameter struct {
	Name     string
	In       place // nowhere is the query
	Required bool
	Is       schema // a list is repeated, or joined by commas
}

// schema is what the description asks of a value. What is empty asks nothing.
type schema struct {
	Form     kind
	Nullable bool
	Shape    string  // of an object
	Elem     *schema // of each item of an array, or value of a map

	Enum                 []string // as text
	MinLength, MaxLength int      // characters
	Pattern              string
	Minimum, Maximum     string // JSON numbers
	Above, Below         string // the same, and not these themselves
	MultipleOf           string
	MinItems, MaxItems   int // of an array, or members of an object
	Unique               bool
}

// kind is what a value is, and what a text spells.
type kind string

const (
	kindAny     kind = ""
	kindText    kind = "string"
	kindInteger kind = "integer"
	kindInt32   kind = "int32"
	kindNumber  kind = "number"
	kindBoolean kind = "boolean"
	kindInstant kind = "date-time"
	kindDate    kind = "date"
	kindEmail   kind = "email"
	kindUUID    kind = "uuid"
	kindURI     kind = "uri"
	kindBytes   kind = "base64"
	kindArray   kind = "array"
	kindMap     kind = "map"
	kindObject  kind = "object"
)

// collection is a set of resources of one kind.
type collection struct {
	Name    string   // how Seed, Get and Edit name it
	Key     []string // JSON Pointers of the key's parts in the resource; "": the part is in the path only
	Tokens  []token
	Created []string // JSON Pointers of instants set when a resource is made
	Updated []string // and whenever it changes
	Shape   string
	Sample  string // what the server has of its own in a resource, as a JSON object
	Open    bool   // nothing makes resources: until a test stores one, any that is asked for is there
}

// token is one part of the revision of a collection's resources.
type token struct {
	At   string // JSON Pointer in the resource; "" when it travels outside of it
	Form form
}

// form is how a revision is written.
type form string

const (
	formNumber form = "number" // JSON number: 5
	formDigits form = "digits" // string of digits: "5"
	formOpaque form = "opaque" // string without meaning
	formTag    form = "tag"    // quoted entity tag
	formDate   form = "date"   // date of HTTP
	formBytes  form = "bytes"  // bytes without meaning, in base64
	formTime   form = "time"   // instant, as in RFC 3339
)

// guard says how an operation's token travels and what happens when it is stale.
type guard struct {
	Tokens   []sent
	Next     bool         // the token plus one is expected
	Conflict conflictRule // the answer to a stale token

	CarriedToken  location // places in the conflict answer; nowhere: not carried
	CarriedEntity location

	MayOmit     bool     // without a token the write is unconditional
	Any         string   // this value in the token's place makes it so, too: "*"
	Flag        location // so does this parameter …
	On          string   // … with this value
	Idempotency location // key under which an answer is remembered
}

// sent is where a request carries one part of the token.
type sent struct {
	In       location
	Unquoted bool // an entity tag comes without its quotes
	AsString bool // a number comes as a string
}

// conflictRule is how a stale token is answered.
type conflictRule struct {
	Status int    // 0 is 409
	Code   string // application code
	Text   string // regular expression that the message must match
	Body   string // the whole body, as JSON
}

// payload maps the request's body to the resource.
type payload struct {
	Send string // place in the request's body
	Read string // place in the resource
	As   string // "merge-patch" (also ""), "replace" or "fields"
	Mask location
}

// paging is how a route answers in pages.
type paging struct {
	Items, Total          string // JSON Pointers in the answer
	Limit, Offset, Cursor location
	Next                  location   // where the answer has the next cursor
	Link                  bool       // it has the address of the next page there, and the cursor in its query
	Replaces              []location // what no request says beside a cursor, which stands for it
	Number                location   // of the page, where pages are counted
	First                 int        // number of the first page
	Count                 string     // JSON Pointer in the answer: how many pages there are
	Default, Max          int        // limits; 0 is 50, and none
}

// narrow is a parameter that keeps resources whose member equals it.
type narrow struct {
	From location
	At   string // JSON Pointer in the resource
}

// errorFormat says where error answers carry what. Without a place for the message it is at /message.
type errorFormat struct {
	Code, Message, Description, Data location
	Violations                       location
	Violation                        violationMembers
	RequestID                        location
}

// violationMembers names the members of one entry of the violations.
type violationMembers struct{ Field, Description, Rule, RuleName string }

// shape describes one kind of object. Shapes name each other, since types may be recursive.
type shape struct {
	Name     string
	Members  []member
	ItemKey  string    // the member by which an array's items keep their identity
	Closed   bool      // it has no other members
	Values   *schema   // of members that are not declared; nil: anything
	Presence *presence // which members can be there together; nil: any
	Variants []variant // it is one of them, or more where they do not exclude each other; none: it is no choice
}

// member is one declared member of an object.
type member struct {
	Name     string
	ReadOnly bool
	Required bool // in requests
	Is       schema
}

// objects names the shape of a member that is an object, or of the objects in its array or map; many tells which.
func (m *member) objects() (name string, many bool) {
	is := &m.Is
	for ; is.Elem != nil; is = is.Elem {
		many = true
	}
	return is.Shape, many
}

// presence is a condition on which members an object has: all of its own, none of what it excludes, and of the others one or at least one.
type presence struct {
	All   []string
	Not   *presence
	One   []presence // exactly one of them holds
	Any   []presence // at least one of them holds
	Every []presence // all of them hold
}

// variant is one of the forms of a choice.
type variant struct {
	Is     schema
	Member string   // that tells it apart; "": none does
	Kinds  []string // what is in it then
}
