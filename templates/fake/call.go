//contactsgen:feature core
//contactsgen:part server

package fake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Request is a request for an operation, as a function given to Handle sees it and as the record keeps it.
type Request struct {
	Operation string // operationId
	Method    string
	Path      string // without the query
	Params    map[string]string
	Query     url.Values
	Header    http.Header
	Body      []byte
}

// Decode reads the request's JSON body into v.
func (r *Request) Decode(v any) error { return json.Unmarshal(r.Body, v) }

// Form reads the request's body as a form, multipart/form-data or application/x-www-form-urlencoded: its values, and its files, which are
// in memory.
func (r *Request) Form() (*multipart.Form, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return nil, err
	case kind == "multipart/form-data":
		return multipart.NewReader(bytes.NewReader(r.Body), params["boundary"]).ReadForm(int64(len(r.Body)))
	case kind == "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(r.Body))
		return &multipart.Form{Value: values}, err
	}
	return nil, fmt.Errorf("a body of type %s is no form", kind)
}

// Answer is what an operation answers. A Status of 0 is 200. Body is marshalled as JSON; []byte goes out as it is, nil is none.
type Answer struct {
	Status int
	Header http.Header
	Body   any

	reason string // why the request was refused, in the characters of an id
}

// call is a request on its way through the server.
type call struct {
	*Request
	s          *Server
	route      *route
	collection *collectionState // the route's collection; nil without one
	values     []string
	body       any
	badBody    error
	origin     string // scheme and host that the request came to
	seen       *Exchange

	stale     int                  // read the state of so many revisions ago
	lag       int                  // list the states of so many revisions ago
	refuse    bool                 // answer as if the token were stale
	refused   string               // of many resources only this one; "": all
	normalise func(map[string]any) // changes what is stored
}

func (s *Server) newCall(r *http.Request, to *route, values []string, body []byte) *call {
	c := &call{s: s, route: to, values: values, collection: s.collections[to.Collection], Request: &Request{
		Operation: to.ID,
		Method:    r.Method,
		Path:      r.URL.Path,
		Params:    to.params(values),
		Query:     r.URL.Query(),
		Header:    r.Header.Clone(),
		Body:      body,
	}}
	if len(body) > 0 {
		c.body, c.badBody = decode(body)
	}
	c.origin = "http://" + r.Host
	if r.URL.Scheme != "" {
		c.origin = r.URL.Scheme + "://" + r.URL.Host
	}
	return c
}

// at gives the value that a location names in the request.
func (c *call) at(l location) (any, bool) {
	switch l.In {
	case inBody:
		return lookup(c.body, l.At)
	case inQuery:
		if c.Query.Has(l.Name) {
			return c.Query.Get(l.Name), true
		}
	case inHeader:
		if v := c.Header.Get(l.Name); v != "" {
			return v, true
		}
	case inPath:
		v, ok := c.Params[l.Name]
		return v, ok
	}
	return nil, false
}

// list gives the values of a location that may name several: a JSON array, a repeated parameter, or one joined by commas.
func (c *call) list(l location) []string {
	var out []string
	switch l.In {
	case inQuery:
		for _, v := range c.Query[l.Name] {
			out = append(out, strings.Split(v, ",")...)
		}
	case inBody:
		v, _ := c.at(l)
		items, _ := v.([]any)
		for _, x := range items {
			out = append(out, text(x))
		}
		if s, ok := v.(string); ok {
			out = strings.Split(s, ",")
		}
	default:
		if v, ok := c.at(l); ok {
			out = strings.Split(text(v), ",")
		}
	}
	return out
}

// keyParts gives the parts of the key that the request names.
func (c *call) keyParts() []string {
	out := make([]string, len(c.route.Key))
	for i, l := range c.route.Key {
		v, _ := c.at(l)
		out[i] = text(v)
	}
	return out
}

// joinKey makes one key of its parts.
func joinKey(parts ...string) string {
	escaped := make([]string, len(parts))
	for i, p := range parts {
		escaped[i] = url.PathEscape(p)
	}
	return strings.Join(escaped, "/")
}

// entity finds the resource that the request names.
func (c *call) entity() (*entity, error) {
	if c.collection == nil {
		return nil, c.notSimulated()
	}
	e := c.collection.byKey[joinKey(c.keyParts()...)]
	if e == nil {
		e = c.opened()
	}
	if e == nil {
		return nil, &failure{status: http.StatusNotFound, code: c.route.NotFound, message: c.collection.def.Name + " not found."}
	}
	if c.stale > 0 {
		return e.earlier(c.stale), nil
	}
	return e, nil
}

// opened makes the resource that a request names, where nothing else could have made it; nil where there is none.
func (c *call) opened() *entity {
	parts := c.keyParts()
	b := c.collection
	if !b.def.Open || b.kept || b.gone[joinKey(parts...)] || slices.Contains(parts, "") || len(parts) < len(b.def.Key) {
		return nil
	}
	key, value := c.newKey(b.def.completed(object{}))
	return b.put(key, value, 1)
}

// jsonBody refuses a body that is not a JSON object.
func (c *call) jsonBody() (object, error) {
	if c.badBody != nil {
		return nil, &failure{message: "The body is not JSON: " + c.badBody.Error() + "."}
	}
	o, ok := c.body.(object)
	if !ok {
		return nil, &failure{message: "Expected an object"}
	}
	return o, nil
}

// save stores a changed resource at its next revision.
func (c *call) save(e *entity, value object) {
	value = c.s.dated(c.collection.def.Updated, value)
	c.collection.change(e, c.normalised(value))
}

// store keeps a new resource, at revision 1.
func (c *call) store(key string, value object) *entity {
	value = c.s.dated(c.collection.def.Created, c.s.dated(c.collection.def.Updated, value))
	e := c.collection.put(key, c.normalised(value), 1)
	e.made = true
	return e
}

func (c *call) normalised(value object) object {
	if c.normalise == nil {
		return value
	}
	out := clone(value).(object)
	c.normalise(out)
	return out
}

// dated sets the members that hold the time of a change.
func (s *Server) dated(at []string, value object) object {
	var v any = value
	for _, pointer := range at {
		v = with(v, pointer, s.instant())
	}
	return v.(object)
}

// errors gives the error format of the call's operation.
func (c *call) errors() *errorFormat {
	if c.route.Errors != nil {
		return c.route.Errors
	}
	return &c.s.api.Errors
}

// fieldName names a place in a request as violations do: members joined by dots.
func fieldName(l location) string {
	if l.In == inBody {
		return strings.ReplaceAll(strings.TrimPrefix(l.At, "/"), "/", ".")
	}
	return l.Name
}
