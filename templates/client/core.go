//contactsgen:feature core
//contactsgen:part client

// What the files of the runtime share: the client, the options of a call, its request and its response. What is done with them is in files
// of their own.

package client

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"sync"
	"time"
)

// core is what every call of a client shares. It is safe for concurrent use.
type core struct {
	d             *description
	base          *url.URL
	elsewhere     bool // base is not the description's
	insecure      bool
	reads, writes *http.Client
	keys          keyring
	userAgent     string
	limiter       Limiter
	listener      LimitObserver // the limiter, where it wants to hear of answers; nil: it does not
	tenant        string
	log           recorder // nil: none
	clock         Clock
	random        func() float64 // in [0, 1)
	budget        *budget
	errors        *errorLookup   // of the description's errors
	calls         callOptions    // what every call begins with
	made          *clientOptions // what it was made of

	*standing // of the tenant
	relatives *relatives
}

// standing is what clients of one tenant share that were made from each other.
type standing struct {
	hold   holdback
	states sync.Map // what features keep for the client, one value per type: see clientState
}

// clientState is what a feature keeps for a client as a whole: one value of type T, made when it is first asked for.
func clientState[T any](c *core) *T {
	key := reflect.TypeFor[T]()
	if v, ok := c.states.Load(key); ok {
		return v.(*T)
	}
	v, _ := c.states.LoadOrStore(key, new(T))
	return v.(*T)
}

// Clock is the time that waits and deadlines are measured in. The default is the machine's.
type Clock interface {
	// Now is the present instant.
	Now() time.Time
	// Sleep returns nil after d, or the error of ctx as soon as that is done.
	Sleep(ctx context.Context, d time.Duration) error
}

// systemClock is the Clock of the machine; inside a testing/synctest bubble it is virtual like all of package time.
type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Limiter delays requests; Wait returns when the next one may go, or an error when it may not. RequestOf tells which one it is. It is
// called concurrently.
type Limiter interface{ Wait(context.Context) error }

// recorder writes records. Only [WithLogger] puts something behind it: a program that never asks for records does not carry package
// log/slog along.
type recorder interface {
	try(ctx context.Context, c *core, op *operation, started time.Time, resp *http.Response, err error)
	logger() *slog.Logger
}

// credential is the value of one security scheme.
type credential interface {
	// check reports what is missing or wrong when the client is made.
	check(s *credentialScheme, o *clientOptions) error
	// value is what is sent now.
	value(ctx context.Context, c *core) (string, error)
	// renew is told that the server refused a value, and reports whether there can be another.
	renew(refused string) bool
}

// issuer is the server that a scheme's tokens are asked of.
type issuer interface {
	// urlFor is its address; an error where it does not belong to the server that the client talks to.
	urlFor(o *clientOptions) (string, error)
}

// ClientOption configures a client when it is made.
type ClientOption interface{ applyClient(*clientOptions) error }

// CallOption configures one call.
type CallOption interface{ applyCall(*callOptions) error }

// Option configures one call, or every call of a client.
type Option interface {
	ClientOption
	CallOption
}

// clientOptions is what the options of a client add up to.
type clientOptions struct {
	http        *http.Client
	baseURL     string
	insecure    bool
	userAgent   string
	credentials map[string]credential // by the name of their scheme
	limiter     Limiter
	tenant      string
	log         recorder
	clock       Clock
	random      func() float64
	calls       callOptions // what every call begins with

	baseURLGiven bool // baseURL is not the description's

	checked map[string]bool // schemes whose credential another client has checked, and uses, too
}

type clientOption func(*clientOptions) error

func (f clientOption) applyClient(o *clientOptions) error { return f(o) }

type callOption func(*callOptions) error

func (f callOption) applyCall(o *callOptions) error { return f(o) }

// sharedOption is an Option: what every call of the client begins with, or what one call changes.
type sharedOption func(*callOptions) error

func (f sharedOption) applyClient(o *clientOptions) error { return f(&o.calls) }

func (f sharedOption) applyCall(o *callOptions) error { return f(o) }

// callOptions is what the options of one call add up to.
type callOptions struct {
	header   http.Header
	timeout  time.Duration // of one request; 0 is none
	maxBytes int64         // of a success body
	response *Response

	ifNoneMatch string // entity tag; "" is none

	arguments []*arguments // at most one of an operation
	settings  []any        // one value of a type; kept by their own files, see adjust
}

// Response is a success as it came.
type Response struct {
	Status int
	Header http.Header
	Body   []byte // the whole of it, also where a method returns a part; nil where the method returns it as a stream
}

// arguments are parameters and edits of the body that belong to one operation.
type arguments struct {
	op      *operation
	query   []pair
	encoded []string // query pairs whose delimiters must not be escaped
	header  []pair
	cookies []pair
	edits   []func(body []byte) ([]byte, error)

	narrowed string // a query parameter that may leave a part of the answer out; "": there is none
}

// pair is one name with its value.
type pair struct{ name, value string }

// clone lets a call change its options without changing the client's.
func (o *callOptions) clone() *callOptions {
	c := *o
	c.header = o.header.Clone()
	c.arguments = slices.Clone(o.arguments)
	c.settings = slices.Clone(o.settings)
	return &c
}

// headers are those that each request of the call has.
func (o *callOptions) headers() http.Header {
	h := o.header.Clone()
	if o.ifNoneMatch != "" {
		if h == nil {
			h = http.Header{}
		}
		h.Set("If-None-Match", o.ifNoneMatch)
	}
	return h
}

// argumentsOf is where options that belong to one operation add themselves.
func (o *callOptions) argumentsOf(op *operation) *arguments {
	if a := o.given(op); a != nil {
		return a
	}
	a := &arguments{op: op}
	o.arguments = append(o.arguments, a)
	return a
}

// given is what options that belong to one operation have added, nil when there is none.
func (o *callOptions) given(op *operation) *arguments {
	for _, a := range o.arguments {
		if a.op == op {
			return a
		}
	}
	return nil
}

// keepResponse fills in the Response of a caller who gave WithResponse.
func (o *callOptions) keepResponse(a *response) {
	if o.response != nil {
		*o.response = Response{Status: a.status, Header: a.header.Clone(), Body: bytes.Clone(a.body)}
	}
}

// keepNotModified hands over what a server said of something that has not changed.
func (o *callOptions) keepNotModified(err error) {
	if e, ok := err.(*APIError); ok && e.class == ErrNotModified { //nolint:errorlint // of this very request
		o.keepResponse(&response{status: e.Status, header: e.Header, body: e.Body})
	}
}

// optionValue is what one file of the runtime keeps among the options of a call: the value of type T, or its zero value. So
// files can have options of their own without the others knowing them.
func optionValue[T any](o *callOptions) T {
	for _, s := range o.settings {
		if v, ok := s.(T); ok {
			return v
		}
	}
	var zero T
	return zero
}

// adjust changes the value of type T. Values are replaced, never shared: a call's options don't reach the client's.
func adjust[T any](o *callOptions, set func(*T)) {
	v := optionValue[T](o)
	set(&v)
	for i, s := range o.settings {
		if _, ok := s.(T); ok {
			o.settings[i] = v
			return
		}
	}
	o.settings = append(o.settings, v)
}

// request is one call, ready to be sent any number of times.
type request struct {
	op      *operation
	path    []string    // values, as the caller gave them
	query   url.Values  // nil: none
	encoded []string    // query pairs that are escaped already
	header  http.Header // nil: none
	cookies []pair
	body    []byte     // nil: none
	upload  uploadBody // in the place of a body; nil: none
	o       *callOptions
	time    allowance // of the call that it is a part of; nil: there is no limit but those of the context and of each try

	url *url.URL // without the query

	tries     int32 // of it, and of the requests of its operation before it in the same call
	completes bool  // see RequestInfo.Completes
}

// allowance is the time that a call of several requests may take. Waits that a limiter or the server asks for are no part of it.
type allowance interface {
	// left is what is left of it; false when it has no limit.
	left() (time.Duration, bool)
	// pause has it stand still until resume.
	pause()
	resume()
}

// response is what came back for one try.
type response struct {
	status    int
	header    http.Header
	body      []byte
	resent    bool  // net/http sent the request more than once
	truncated bool  // an error's body was longer than is kept, or broke off
	partial   bool  // what a success holds may be a part of the resource only
	lost      error // why it broke off
}
