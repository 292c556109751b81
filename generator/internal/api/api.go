// Package api holds what was decided about an API, as data: all that printers see. It does not know what it was decided from, or by whom.
//
// Every Doc, Summary, Title and Description is text that is safe in a comment and does not begin with the Go name: printers put that first,
// as oapi-codegen does by itself.
package api

import (
	"slices"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
)

// API is a whole description, decided.
type API struct {
	Package     string // Go package name
	Title       string
	Version     string
	Description string // as it is in the description, for the package comment
	BaseURL     string // first server, no trailing slash

	Server       *Server // nil when the server's address has no variables
	Services     []*Service
	Types        []*Type   // every named type the models file prints, in order of name
	Params       []*Params // every per-operation parameter struct, in order of operation
	Forms        []*Form   // every multipart form, in order of operation
	Credentials  []*Credential
	Alternatives [][]string   // sets of credential schemes, any of which lets a caller in; nil: the description does not speak of security
	Requirements [][][]string // the same, of operations that have others
	Errors       Errors
	Filters      []*Filter
	Codes        []*Code // application codes, in order of Go name
	Features     Features
	Webhooks     *Webhooks       // how the API tells of events; nil when it does not
	FakePack     string          // the pack of the fake that the description asks for; "" is none
	Notes        []*diag.Problem // what is right and could be better, or is not what it looks like
	Warnings     []*diag.Problem // what a description says and means nothing
	Swagger      bool            // it was written as Swagger 2.0, and so are overlays on it
	Skipped      []Skipped       // operations left out because they cannot be generated (Options.SkipUnsupported)

	ErrorsCandidate   *Errors            // where errors seem to carry what; nil when nothing was found
	ItemKeyCandidates []ItemKeyCandidate // in order of the description
}

// Server is the document's server, whose address has variables.
type Server struct {
	TypeName  string // "Server"
	Option    string // "Server": WithServer
	URL       string // with names of variables in braces
	Variables []*ServerVariable
	Pos       diag.Position
}

// ServerVariable is a part of a server's address that the caller may choose.
type ServerVariable struct {
	Name, GoName string
	Default      string
	Values       []string // the only ones there are; nil: any
	Doc          string
}

// Skipped is an operation that was left out, and why.
type Skipped struct {
	OperationID, Method, Path string // the method is * where the description does not reach the path's operations
	Problem                   *diag.Problem
}

// Service is one group of operations: a tag.
type Service struct {
	Name       string // field of Client: "Contacts"
	TypeName   string // "ContactsService"
	File       string // of the output that has it, without suffix: "contacts_service"
	Tag        string
	Group      string // what the paths of operations without a tag begin with; "" is nothing in particular
	Doc        string
	Pos        diag.Position
	Operations []*Operation
}

// Operation is one operation, decided.
type Operation struct {
	ID         string // operationId as in the description, or derived from method and path when it has none
	Method     string // GET, POST, …
	Path       string // template, without what follows a question mark or a number sign
	Query      string // constant, escaped: what follows the question mark
	Name       string // Go method: "Update"
	ConstName  string // package constant of its ID: "OperationUpdateContact"; "" is none
	VarName    string // package variable of its descriptor: "opUpdateContact"
	Summary    string
	Doc        string // description of the operation
	Pos        diag.Position
	Reason     string // why it is deprecated; "" where the description does not say
	Overlay    string // JSONPath, as an overlay names it; "": it is in another file, where no overlay reaches
	Deprecated bool

	PathParams []*Param // in order of the path template
	Required   []*Param // required query, header and cookie parameters: arguments of the method, after the path
	Params     *Params  // optional parameters and the rest of a guarded request; nil when there are none
	Body       *Body    // nil when there is none
	Success    []StatusRange
	Bare       []int    // statuses of successes without a body, where others have one
	Headers    []string // that successful answers declare
	Result     Result
	Safe       bool
	Tagged     bool // its answers carry an entity tag that guards a write, and so must come as they are stored
	Accept     string
	Security   int    // which sets of credentials it accepts: 0 is API.Alternatives, others count API.Requirements from 1
	BaseURL    string // where the description has it at another server than the document's; "" is the document's

	NotModified bool // it declares an answer for a caller who has what the server has

	Failures  []Failure // declared error answers, where no x-errors says what is where in them
	Errors    *Errors   // overrides the document's; nil: the document's
	Codes     []*Code   // codes declared on this operation's responses
	Paging    *Paging
	Job       *Job
	Revision  *Revision
	Bulk      *Bulk
	Upsert    *Upsert
	Fake      *Fake  // what the fake does, where the description says it; nil: the shape decides
	Unguarded string // why a write operation has no revision-aware helpers, for inspect; "" when it has or is a read

	Candidate       *Candidate       // the token that an unguarded write seems to carry; nil when none was found
	PagingCandidate *PagingCandidate // the pages in which it seems to answer; nil when none were found
	ResultCandidate Location         // the member of the answer that seems to be the resource
}

// Failure is a declared error answer.
type Failure struct {
	Statuses StatusRange // zero: any that is not declared otherwise
	Type     *Type
}

// StatusRange is an inclusive range of HTTP statuses.
type StatusRange struct{ From, To int }

// ResultKind says what a method returns besides the error.
type ResultKind int

// What a method can return.
const (
	ResultNone   ResultKind = iota // nothing
	ResultJSON                     // a pointer to a decoded value
	ResultStream                   // an io.ReadCloser: text, binary, event streams
)

// Result is what a method returns.
type Result struct {
	Kind     ResultKind
	At       string // JSON Pointer of the result in the success body
	Type     *Type  // for ResultJSON
	Nullable bool   // null is a declared value
	Doc      string

	Example string // of the whole success body, as JSON; "" when the description has none
}

// Body is a request body.
type Body struct {
	ContentType string
	Encoding    BodyEncoding
	Required    bool
	Nullable    bool     // null is a declared value
	Pointer     bool     // *T
	CanBeNil    bool     // a required one has a Go value that stands for none:
	Nil         string   // JSON that is sent for it; "": it is refused
	Type        *Type    // for JSON and form bodies
	Styles      []*Param // BodyForm: members that are written in another style than OpenAPI's default
	Form        *Form    // BodyMultipart
	GoName      string   // argument: "request"
	Doc         string
}

// Form is the request of an operation that sends a multipart form: a field for each of its parts.
type Form struct {
	TypeName  string // "UploadFileRequest"
	Operation *Operation
	Parts     []*Part
	Rest      *Type // of parts that are not declared; nil: there are none
}

// Part is a part of a multipart form.
type Part struct {
	Name        string // on the wire
	GoName      string
	Doc         string
	Type        *Type
	ContentType string // "": what suits the value
	Delimiter   string // stands between the elements of a list; "": each is a part of that name
	Pos         diag.Position

	Required, Deprecated bool

	Reason string // why it is deprecated; "" where the description does not say
}

// FormFile is the runtime's type of a file in a form.
const FormFile = "FormFile"

// BodyEncoding says how a body is written.
type BodyEncoding int

// How a body can be written.
const (
	BodyJSON BodyEncoding = iota
	BodyForm
	BodyMultipart
	BodyStream // an io.Reader, sent as it is
)

// Place is the part of a request or an answer a value travels in.
type Place string

// The places a value can travel in.
const (
	Nowhere  Place = ""
	InBody   Place = "body"
	InHeader Place = "header"
	InQuery  Place = "query"
	InPath   Place = "path"
	InCookie Place = "cookie"
)

// Param is a parameter of an operation.
type Param struct {
	Name    string // on the wire
	GoName  string // field or argument
	Doc     string
	In      Place
	Style   string // OpenAPI's, or "json": written as JSON text
	Explode bool

	AllowReserved bool // reserved characters go into a query as they are
	Whole         bool // of a read: its answer leaves nothing out because of the parameter
	Type          *Type
	Pos           diag.Position

	Required, Deprecated bool

	Reason string // why it is deprecated; "" where the description does not say
	Chosen string // Go name that the description chooses; "" is none
}

// Params is the struct of an operation's optional parameters; it is a call option.
type Params struct {
	TypeName  string // "ListContactsParams"
	Operation *Operation
	Fields    []*Param      // query and header parameters
	Members   []*BodyMember // members of a guarded request's body that are neither token nor payload
}

// BodyMember is a member of a request body that travels beside the payload.
type BodyMember struct {
	Path   []Step
	At     string // JSON Pointer in the request body
	GoName string
	Doc    string
	Type   *Type
}

// Kind is the form of a type.
type Kind int

// The forms a type can have.
const (
	KindScalar Kind = iota // string, integers, float64, bool, Timestamp, []byte
	KindEnum
	KindStruct
	KindArray
	KindMap
	KindAny   // free-form: any
	KindUnion // raw JSON with accessors
	KindRef   // a named type that is another one (alias of a $ref)
)

// Type is one type. Named types (Name != "") are printed once and referred to by name; unnamed ones are scalars, arrays, maps
// and free-form values in place. After the model is built no Type is changed.
type Type struct {
	Name       string // Go name; "" in place
	Kind       Kind
	Go         string // KindScalar: string, int32, int64, float64, bool, Timestamp, []byte
	Doc        string
	Use        string // what it is for, in words; for types whose Doc says nothing
	Deprecated bool
	Reason     string   // why it is deprecated; "" where the description does not say
	Fields     []*Field // KindStruct, KindUnion, in the description's order
	Values     *Type    // KindMap; KindStruct with additional properties beside declared ones
	Elem       *Type    // KindArray, KindRef
	Enum       []*EnumValue
	EnumGo     string // KindEnum: string or int64
	Union      *Union
	ItemKey    string // KindStruct: wire name of the member that identifies it in an array
	Resource   bool   // a resource of a guarded operation: keeps a snapshot of what was read
	Tells      []Tell // of a resource: what is printed of it
	Codec      Codec  // its methods for JSON
	FillsNil   bool   // it is written, and has members that fill what is nil
	Limits     Limits // what bounds its values
	Nullable   bool   // of an array's element or a map's value: null is a declared value (fields, bodies and results say so themselves)
	Pos        diag.Position
	Pointer    string // JSON Pointer in the description

	Closed   bool      // KindStruct: it has no members but those that are declared
	Presence *Presence // KindStruct: which members can be there together; nil is any
}

// Tell is something that tells a resource apart: which one it is, or at which revision.
type Tell struct {
	Name   string
	Fields []string // Go names of the fields that lead to it; nil: it is the header Name of the answer that the resource was read from
}

// Limits are what a schema bounds the values of a type by. The client leaves them to the server; the fake keeps them.
type Limits struct {
	MinLength, MaxLength int    // characters of a text; 0 is no bound
	MinItems, MaxItems   int    // of an array, or members of an object; 0 is no bound
	Unique               bool   // an array has no item twice
	Minimum, Maximum     string // of a number, as JSON; "" is no bound
	Above, Below         string // the same, and the bound itself is none of its values
	MultipleOf           string // of a number, as JSON; "" is any
	Pattern              string // that a text matches; "" is none
	Format               string // of a text: date, email, uuid, uri; others ask nothing
}

// Presence is a condition on which members an object has.
type Presence struct {
	All   []string // these are there
	Not   *Presence
	One   []Presence // exactly one of them holds
	Any   []Presence // at least one of them holds
	Every []Presence // all of them hold
}

// Field is one member of a struct.
type Field struct {
	Name       string // on the wire
	GoName     string
	Doc        string
	Type       *Type
	Pointer    bool // *T
	OmitEmpty  bool
	OmitZero   bool
	Required   bool // in requests
	ReadOnly   bool
	Derived    bool // the server makes it from other members when a request leaves it out
	WriteOnly  bool
	Nullable   bool
	Clears     bool // it is a Nullable[T]: left out, null and a value are three things in a request
	FillsNil   bool // a nil list, map or bytes are sent as empty ones: requests require the member, and null is no value of it
	Deprecated bool
	Reason     string            // why it is deprecated; "" where the description does not say
	Tags       map[string]string // struct tags beside json
	Fixed      string            // the one value that it can have, as JSON; "": it is free
	Pos        diag.Position
}

// EnumValue is one constant of an enum.
type EnumValue struct {
	Value  string // as text; digits for integers
	GoName string // "PhoneTagMobile"
	Chosen string // name that the description chooses, without that of the type; "" is none
	Doc    string
}

// Union is a oneOf or anyOf of named types, or what schemas are derived from with a discriminator. Members that are declared beside the
// variants are the type's Fields.
type Union struct {
	Variants      []*Variant
	Discriminator string // wire name of the first; "" is none
	VarName       string // of what the runtime has to know of the variants
}

// Variant is one of the types that a value of a union can be.
type Variant struct {
	Type          *Type
	Constructor   string   // Go name
	Discriminator string   // wire name of the member that tells; "" is none
	Kinds         []string // its values for this variant, as text
	KindsJSON     []string // the same as JSON
	Own, Others   []string // members that it has alone among those which exclude each other, and those that only the others have

	Key   string // of the component schema; "" is none
	Group Alternative
}

// Alternative says what excludes a variant: others of the same choice and branch. The branches of an anyOf do not exclude each other.
type Alternative struct{ Choice, Branch int }

// Credential is a security scheme that an option fills in.
type Credential struct {
	Scheme string // key in the description
	Option string // "APIKey": WithAPIKey
	Doc    string
	In     Place
	Param  string
	Prefix string
	Basic  bool // user and password
	Token  *TokenRequest
	Flow   *ClientCredentials // by which the client can ask for tokens, instead of being given one; nil: there is none
	Pos    diag.Position
}

// ClientCredentials is OAuth's flow of that name (RFC 6749, section 4.4), as the description has it.
type ClientCredentials struct {
	Option string   // "AppClientCredentials": WithAppClientCredentials
	URL    string   // of tokens, maybe relative to the server; "": callers have to give it
	Scopes []string // that the description knows, in its order
}

// TokenRequest is how an app token is asked for.
type TokenRequest struct {
	URL              string
	Constants        map[string]string // members of the JSON body with fixed values
	Options          []TokenOption     // members filled in by the user, in the description's order
	Token, ExpiresIn string            // JSON Pointers in the answer
}

// TokenOption is a member of a token request that the user fills in.
type TokenOption struct{ Member, GoName string }

// Errors says where error answers carry what.
type Errors struct {
	Code, Message, Description, Data, Violations, RequestID Location
	Violation                                               ViolationMembers
	RetryAfter                                              int // seconds; 0: not said
}

// ViolationMembers names the members of one violation.
type ViolationMembers struct{ Field, Description, Rule, RuleName string }

// Location names one value in a request or an answer. At uses the runtime's pointer notation: RFC 6901 plus [name=value].
type Location struct {
	In   Place
	Name string
	At   string
	Pos  diag.Position
}

// Upsert is how an operation that creates finds who is there already, so that a helper can change that one instead.
type Upsert struct {
	Update  *Revision    // changes who is there; it has a payload
	Exists  ConflictRule // the answer that says so
	Key     []string     // JSON Pointers in that answer, one per path parameter of Update
	By      []string     // JSON Pointers in the request, of which one is there at least
	Unless  string       // JSON Pointer in the request: a flag that lets the server make another; "" is none
	Method  string       // Go name of the helper: "CreateOrUpdate"
	VarName string       // of its descriptor
	Pos     diag.Position
}

// Code is an application error code.
type Code struct {
	Value  string
	GoName string // "CodeDuplicateContactExists"
	Doc    string
	Status int    // 0: not known
	Class  string // "", or one of spec/README.md's classes
	Data   *Type  // of what the error adds to it, an object; nil where nothing says
	Pos    diag.Position
}

// Paging is how an operation pages.
type Paging struct {
	Items, Total              string // JSON Pointers in the answer
	Item                      *Type
	Limit, Offset, CursorSend Location
	CursorRead                Location
	CursorLink                bool       // CursorRead has an address that carries the cursor where CursorSend is
	Replaces                  []Location // what is left out of the request once a cursor is sent
	Number                    Location   // of the page, where pages are counted
	First                     int        // the number of the first page
	Count                     string     // JSON Pointer in the answer: how many pages there are
	DefaultLimit, MaxLimit    int
	Method                    string // Go name of the iterator: "ListAll"
	Pages                     string // Go name of the iterator of whole answers: "ListPages"; "" when an answer is nothing but a list
	VarName                   string // "pageListContacts"
	Pos                       diag.Position
}

// Job is the job that an operation starts.
type Job struct {
	Read                       *Operation
	Args                       []string // for each path parameter of Read, the JSON Pointer in the start's answer
	Status, Errors             string   // JSON Pointers in Read's answer
	Total, Succeeded, Failures []string // the same; the first that is there counts
	Done, Failed               []string
	Result                     *Type
	Method                     string // Go name of the waiter: "BulkDeleteWait"
	VarName                    string // "jobBulkDeleteContacts"
	Pos                        diag.Position
}

// Revision is how an operation guards a write. See spec/README.md.
type Revision struct {
	Write, Read *Operation
	VarName     string // "revUpdateContact"
	Pos         diag.Position

	ReadArgs   []Argument // one per path parameter of Read
	ReadParams []FixedParam
	Projection []FixedParam
	Resource   string     // JSON Pointer in Read's answer
	Type       *Type      // the helper's T
	Identity   []Location // one per path parameter of Write, then per one of Keys, relative to the resource
	Key        []string   // the same as JSON Pointers; nil when a copy of the resource does not say which one it is

	Tokens []TokenPart
	Order  string // opaque, monotonic, increments, content
	Next   bool

	Keys     []*Key   // parts of the key that are no path parameters of Write: arguments of the helpers, after those
	Asks     []Ask    // what the read carries of the key outside of its path
	ReadBody string   // JSON that the read's body begins with; "" when it has none
	Required []*Param // required parameters of Write that the helpers do not know: arguments of theirs, after the key

	Bare                        bool     // an action whose request is nothing but its token
	Payload                     *Payload // nil for an action
	Conflict                    []ConflictRule
	Terminal                    []ConflictRule
	Again                       []ConflictRule // answers that prove that the write was not applied, and may be sent again as it is
	CarriedToken, CarriedEntity Location
	Escape                      *Escape
	IdempotencyKey              Location
	Forced                      bool // an action whose request can be the same for every state
	Applied                     *Applied
	ReplyResource               string
	HasReply                    bool
	WholeReply                  bool // the resource there has all that a read has

	Helper, Force, From, ThreeWay, Each, EachFrom string // Go names; "" when not made

	KeyName   string   // Go name of the struct that a key of several parts is for Each; "" when the key is a value
	KeyFields []string // Go names of its fields, one for each part of the key
}

// Bulk is how an operation writes many resources at once. Places within an item or a result are JSON Pointers. See spec/README.md.
type Bulk struct {
	Op      *Operation
	Items   string    // JSON Pointer of the list in the request
	Limit   int       // of items in one request
	Results string    // JSON Pointer of the list in the answer
	Of      *Revision // of the operation that does for one resource what this one does for many
	Each    *Revision // of one item: its Write is what the client knows of an item
	Errors  Errors    // within a result

	Index, ID, Success, Status string // within a result; "": it has none

	VarName string // "bulkBulkUpdateContacts"
	Helper  string // Go name; "" when not made
	Pos     diag.Position
}

// Fake is what the generated fake does for an operation. See spec/README.md.
type Fake struct {
	Verb, Collection            string     // "": the shape decides
	Key                         []Location // where the request has the parts of the key; nil: the shape decides
	Filter, Sort, Fields, Items Location
	Add, Remove                 Location // of a list, in one request
	List, Total                 string   // JSON Pointers: within the resource, in the answer
	Answer                      string   // JSON
	Pos                         diag.Position
	CollectionPos, ListPos      diag.Position
}

// Key is a part of a key that travels outside of the path: in a query, a header or a body.
type Key struct {
	Arg  *Param // how the helpers take it
	Send Location
	Raw  bool // in a body it is no string
}

// Ask is a part of the key in the request of a read.
type Ask struct {
	At  Location
	Key int  // index into the write's path parameters, then Keys
	Raw bool // in a body it is no string
}

// Argument is where a path parameter of the read comes from.
type Argument struct {
	Write int    // index into the write's path parameters, then Keys; -1: the request body
	Body  string // JSON Pointer in the request body
}

// FixedParam is a parameter with a constant value.
type FixedParam struct {
	Param *Param
	Value []string
}

// TokenPart is one part of a token.
type TokenPart struct {
	Read, Send, Reply            Location
	Unquoted, SendWeak, AsString bool
	Form                         TokenForm
}

// TokenForm is what a part of a token has to look like to guard a write.
type TokenForm string

// The forms of a token.
const (
	AnyToken  TokenForm = ""
	EntityTag TokenForm = "entity-tag"
	BareTag   TokenForm = "bare-tag" // an entity tag, or one word without quotes
	HTTPDate  TokenForm = "date"
)

// Payload maps what was read to what is written.
type Payload struct {
	Read, Send string // JSON Pointers: within the resource, within the request body
	As         string // merge-patch, replace, fields
	Mask       Location
	Atomic     []string // nil: all
	Merge      bool
	Exact      []string
	Outside    []string // first-level members that are read there and that the request has no place for
	Type       *Type    // of Force's argument
}

// ConflictRule recognises a refused token.
type ConflictRule struct {
	Status           int
	Code, Text, Body string
	Pos              diag.Position
}

// Escape is an unconditional write.
type Escape struct {
	Omit  bool
	Value string
	Flag  Location
	On    string
}

// Applied recognises that an action was applied.
type Applied struct {
	Read     *Operation
	Args     []Argument
	Identity string
}

// Accepts gives the sets of credential schemes, any of which lets a caller of the operation in; nil: the description says nothing.
func (a *API) Accepts(o *Operation) [][]string {
	if o.Security == 0 {
		return a.Alternatives
	}
	return a.Requirements[o.Security-1]
}

// Join adds another declaration of the same code.
func (c *Code) Join(o *Code) {
	if c.Doc == "" {
		c.Doc = o.Doc
	}
	if c.Status != o.Status {
		c.Status = 0
	}
	if c.Data == nil {
		c.Data = o.Data
	}
	if c.Class == "" {
		c.Class = o.Class
	} else if o.Class != "" && c.Class != o.Class {
		c.Class = ""
	}
}

// KeyParams are the parts of the key: the path's parameters, and what else of the request names the resource.
func (r *Revision) KeyParams() []*Param {
	params := slices.Clone(r.Write.PathParams)
	for _, k := range r.Keys {
		params = append(params, k.Arg)
	}
	return params
}
