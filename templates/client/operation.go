//contactsgen:feature core
//contactsgen:part client

// What a client knows of an operation: its descriptor.

package client

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"
)

// description is what the generated code knows of the API as a whole: data only, written once per package.
type description struct {
	name         string             // Go package name, used in the user agent and in error texts
	baseURL      string             // first server of the description, no trailing slash
	credentials  []credentialScheme // every security scheme that an option can fill in
	alternatives requirement        // of calls; nil: they carry whatever is given
	requirements []requirement      // of operations that have others
	usual        errorReader        // of errors of which it does not say where they carry what; nil: it does
	errors       errorFormat        // where error answers carry what
}

// credentialScheme says where one credential travels.
type credentialScheme struct {
	name   string // key of the security scheme
	option string // the client option that sets it, "WithAPIKey"
	in     place  // inHeader, inQuery or inCookie
	param  string // header, query parameter or cookie name
	prefix string // written before the value, "Bearer "
	token  issuer // nil: the option's value is what is sent
}

// requirement is what a call accepts: sets of credentialScheme names, of which one must be complete.
type requirement [][]string

// place is the part of a request or an answer that a value travels in.
type place uint8

const (
	nowhere place = iota
	inBody
	inHeader
	inQuery
	inPath
	inCookie
)

// location names one value in a request or an answer.
type location struct {
	in   place
	name string  // header, query or path parameter
	at   pointer // place in a JSON body; "" is the whole body
}

// findIn returns the JSON at a location; what is not in a body counts as a JSON string, and as absent when empty.
func findIn(at location, header http.Header, body []byte) json.RawMessage {
	switch at.in {
	case inBody:
		v, _ := at.at.get(body)
		return v
	case inHeader:
		return jsonText(header.Get(at.name))
	}
	return nil
}

// textIn is findIn for what is a text, or a number's digits; "" when there is none.
func textIn(at location, header http.Header, body []byte) string {
	if at.in == inHeader {
		return header.Get(at.name)
	}
	return text(findIn(at, header, body))
}

// operation is what the client knows of one operation: data only, one value per operation, written by the generator.
type operation struct {
	id       string        // operationId
	method   string        // HTTP method
	path     string        // path template: "/contacts/v4/contacts/{contactId}"
	query    string        // constant part of the query, escaped; "" is none
	server   server        // its own, in the place of the description's; nil: it has none
	escaped  []string      // path parameters whose values come escaped: their style has punctuation
	accept   string        // media type asked for; "" is application/json
	content  string        // media type of the request body; "" is application/json
	security int           // which credentials it carries: 0 is description.alternatives, others count description.requirements from 1
	form     encoding      // of a body that is a form; nil: it is JSON
	safe     bool          // repeating the call changes nothing: transport failures are retried
	watch    watcher       // sees what becomes of a request on its way, where it writes; nil: it reads
	tagged   bool          // an entity tag of its answers guards writes: they have to come as they are stored
	success  []statusRange // statuses of the declared success; nil is 200 to 299
	bare     []int         // statuses among them whose answers have no body, where others have one
	result   pointer       // where the method's result is in the success body
	token    []location    // where a request has its concurrency token; nil: it has none
	conflict []conflictRule
	terminal []conflictRule // rules that win over conflict
	codes    []codeClass    // application codes whose class the status alone does not give; of a guarded operation, those of a 428 too
	errors   *errorFormat   // nil: the description's
}

// watcher makes a context in which a request is watched, and what watches it.
type watcher func(context.Context) (*wire, context.Context)

// server is a server that the description has an operation at, beside the one that it has for all.
type server interface {
	base(c *core) (*url.URL, error)
}

// statusRange is an inclusive range of HTTP statuses.
type statusRange struct{ from, to int }

// conflictRule recognises a refused token in an answer. Every part that is set must match.
type conflictRule struct {
	status int     // HTTP status; 0 is any
	code   string  // application code (errorFormat.code); "" is any
	text   matcher // of the error message: a pattern; nil is any
	body   string  // literal JSON that the whole body must equal; "" is any
}

// matcher is a rule about a text.
type matcher interface{ matches(text string) bool }

// codeClass gives an application code its class. It points at the sentinel because only an address is known before a program runs: what
// is computed when it starts is linked into it, used or not.
type codeClass struct {
	code  ErrorCode
	class *error // one of the class sentinels: &ErrAlreadyExists, …; nil: the code is known, and has none
}

// errorFormat says where error answers carry what. Locations left at nowhere are not there.
type errorFormat struct {
	code, message, description, data location
	violations                       location
	violation                        violationMembers
	requestID                        location
	retryAfter                       time.Duration // wait after a 429 or 503 that names none; 0 is 1 s
}

// violationMembers names the members of one entry of the violations list.
type violationMembers struct{ field, description, rule, ruleName string }

// param is how one query, header or cookie parameter is written.
type param struct {
	in      place // inHeader, inQuery or inCookie
	name    string
	style   string // OpenAPI style; "" is form for queries and simple for headers
	explode bool

	reserved bool // reserved characters go into a query as they are
	nested   bool // it is part of a deep object
	whole    bool // an answer leaves nothing out because of it
}

// requestBody is the payload of a request: at most one of the members is set.
type requestBody struct {
	value  payload    // written as the operation's media type says
	raw    []byte     // JSON that is marshalled already
	upload uploadBody // read as it is sent
}

// payload is a value that writes its JSON; nil when it is no body. Only calls that have one link what writes it.
type payload interface{ marshal() ([]byte, error) }

// encoding gives a body that is JSON another form.
type encoding interface {
	write(doc []byte) ([]byte, error)
}

// uploadBody is a body that is read while it is sent, instead of being held in memory.
type uploadBody interface {
	check() error      // why it cannot be sent
	mediaType() string // "" is the operation's
	size() int64       // -1 is not known
	replayable() bool  // it can be opened again
	open() io.ReadCloser
}
