//contactsgen:feature core
//contactsgen:part client

// What a client is made of and how it is made: options for all calls and for one, the base URL, the clock, state that features keep.

package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
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
	hold          holdback
	errors        *errorLookup // of the description's errors
	calls         callOptions  // what every call begins with
	states        sync.Map     // what features keep for the client, one value per type: see part
}

// newCore checks the options of a client and puts it together.
func newCore(d *description, opts []ClientOption) (*core, error) {
	o := &clientOptions{
		baseURL:   d.baseURL,
		userAgent: d.name + "-go",
		clock:     systemClock{},
		random:    rand.Float64,
		calls:     callOptions{timeout: defaultTimeout, maxBytes: defaultMaxBytes},
	}
	errs := o.apply(opts)
	base, err := parseBaseURL(o.baseURL, o.insecure)
	if err != nil && !o.baseURLGiven {
		err = fmt.Errorf("%w; it is the description's: give the whole URL of a server with WithBaseURL", err)
	}
	if err != nil {
		errs = append(errs, fmt.Errorf("base URL: %w", err))
	}
	keys, err := d.grants(o)
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, fmt.Errorf("%s: %w", d.name, err)
	}
	c := &core{
		d: d, base: base, elsewhere: o.baseURLGiven && strings.TrimRight(o.baseURL, "/") != d.baseURL, insecure: o.insecure, keys: keys, userAgent: o.userAgent,
		limiter: o.limiter, tenant: o.tenant, log: o.log, clock: o.clock, random: o.random, budget: newBudget(), errors: d.errors.lookup(), calls: o.calls,
	}
	c.listener, _ = o.limiter.(LimitObserver)
	c.reads, c.writes = httpClients(o.http)
	return c, nil
}

func (o *clientOptions) apply(opts []ClientOption) (errs []error) {
	for i, opt := range opts {
		if opt == nil {
			errs = append(errs, fmt.Errorf("option %d is nil", i+1))
			continue
		}
		errs = append(errs, opt.applyClient(o))
	}
	return errs
}

// call sends an operation and decodes its result.
func call[T any](ctx context.Context, c *core, op *operation, path []string, b body, opts []CallOption) (*T, error) {
	r, err := c.prepare(op, path, b, opts)
	if err != nil {
		return nil, err
	}
	a, err := c.send(ctx, r)
	if err != nil {
		return nil, err
	}
	r.o.keepResponse(a)
	return decodeResult[T](c, op, a)
}

// callNothing sends an operation whose success says nothing more. Its body is not looked at, and may be lost.
func callNothing(ctx context.Context, c *core, op *operation, path []string, b body, opts []CallOption) error {
	r, err := c.prepare(op, path, b, opts)
	if err != nil {
		return err
	}
	a, err := c.send(ctx, r)
	if successSeen(err) {
		return nil
	}
	if err != nil {
		return err
	}
	r.o.keepResponse(a)
	return nil
}

// successSeen reports whether the status line of a success was seen, although its body was lost.
func successSeen(err error) bool {
	lost, ok := wrapped[*transportError](err)
	return ok && lost.status != 0
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
}

type clientOption func(*clientOptions) error

func (f clientOption) applyClient(o *clientOptions) error { return f(o) }

type callOption func(*callOptions) error

func (f callOption) applyCall(o *callOptions) error { return f(o) }

// sharedOption is an Option: what every call of the client begins with, or what one call changes.
type sharedOption func(*callOptions) error

func (f sharedOption) applyClient(o *clientOptions) error { return f(&o.calls) }

func (f sharedOption) applyCall(o *callOptions) error { return f(o) }

// WithHTTPClient sends requests through h: its Transport, Jar and Timeout. The client works on a copy, h itself is
// never changed; redirects follow the client's own rules, not h.CheckRedirect.
func WithHTTPClient(h *http.Client) ClientOption {
	return clientOption(func(o *clientOptions) error {
		if h == nil {
			return errors.New("WithHTTPClient: the client is nil")
		}
		o.http = h
		return nil
	})
}

// WithBaseURL sends requests to another server than the description's: all of them, with their credentials, also those of operations that the
// description has at a server of their own. A path in it is kept.
func WithBaseURL(base string) ClientOption {
	return clientOption(func(o *clientOptions) error {
		if base == "" {
			return errors.New("WithBaseURL: the URL is empty")
		}
		o.baseURL, o.baseURLGiven = base, true
		return nil
	})
}

// WithInsecureHTTP allows a base URL with http beyond the machine itself: credentials then travel in the clear.
func WithInsecureHTTP() ClientOption {
	return clientOption(func(o *clientOptions) error {
		o.insecure = true
		return nil
	})
}

// WithUserAgent sets the User-Agent header.
func WithUserAgent(agent string) ClientOption {
	return clientOption(func(o *clientOptions) error {
		if agent == "" || !validHeaderValue(agent) {
			return errors.New("WithUserAgent: the value is empty or has control characters")
		}
		o.userAgent = agent
		return nil
	})
}

// WithLogger writes one debug record per request: operation, method, path template, duration, and what there is of status, request id and
// error. Each call of a helper adds one info record with its outcome and counts, and at level debug its revision. None has values of the path
// or query, bodies or credentials.
func WithLogger(log *slog.Logger) ClientOption {
	return clientOption(func(o *clientOptions) error {
		if log == nil {
			return errors.New("WithLogger: the logger is nil")
		}
		o.log = structured{log}
		return nil
	})
}

// WithClock replaces the machine's clock, in tests.
func WithClock(clock Clock) ClientOption {
	return clientOption(func(o *clientOptions) error {
		if clock == nil {
			return errors.New("WithClock: the clock is nil")
		}
		o.clock = clock
		return nil
	})
}

// WithRandom replaces the source of jitter, in tests: random returns numbers in [0, 1), and is called concurrently.
func WithRandom(random func() float64) ClientOption {
	return clientOption(func(o *clientOptions) error {
		if random == nil {
			return errors.New("WithRandom: the function is nil")
		}
		o.random = random
		return nil
	})
}

// WithHeader sends a header. It cannot replace a credential, nor what HTTP itself needs.
func WithHeader(name, value string) Option {
	return sharedOption(func(o *callOptions) error {
		if !validHeaderName(name) || !validHeaderValue(value) {
			return fmt.Errorf("WithHeader: %q is no header name, or its value has control characters", name)
		}
		if o.header == nil {
			o.header = http.Header{}
		}
		o.header.Set(name, value)
		return nil
	})
}

// WithTimeout limits each request, from its first byte to the last of its answer; 0 is no limit. The default is one
// minute. The context of a call limits the call as a whole.
func WithTimeout(d time.Duration) Option {
	return sharedOption(func(o *callOptions) error {
		if d < 0 {
			return errors.New("WithTimeout: the duration is negative")
		}
		o.timeout = d
		return nil
	})
}

// WithRetryPolicy changes how requests are retried: see RetryPolicy.
func WithRetryPolicy(p RetryPolicy) Option {
	return sharedOption(func(o *callOptions) error {
		adjust(o, func(v *RetryPolicy) { *v = p })
		return p.check()
	})
}

// WithMaxResponseBytes limits the body of a success. The default is 64 MiB.
func WithMaxResponseBytes(n int64) Option {
	return sharedOption(func(o *callOptions) error {
		if n <= 0 {
			return errors.New("WithMaxResponseBytes: the limit is not positive")
		}
		o.maxBytes = n
		return nil
	})
}

// Response is a success as it came.
type Response struct {
	Status int
	Header http.Header
	Body   []byte // the whole of it, also where a method returns a part; nil where the method returns it as a stream
}

// WithResponse fills r after a success.
func WithResponse(r *Response) CallOption {
	return callOption(func(o *callOptions) error {
		if r == nil {
			return errors.New("WithResponse: the response is nil")
		}
		o.response = r
		return nil
	})
}

const (
	defaultTimeout  = time.Minute
	defaultMaxBytes = 64 << 20
)

// callOptions is what the options of one call add up to.
type callOptions struct {
	header    http.Header
	timeout   time.Duration // of one request; 0 is none
	maxBytes  int64         // of a success body
	response  *Response
	arguments []*arguments // at most one of an operation
	settings  []any        // one value of a type; kept by their own files, see adjust
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

// keepResponse hands a success to the caller who asked for it.
func (o *callOptions) keepResponse(a *response) {
	if o.response != nil {
		*o.response = Response{Status: a.status, Header: a.header.Clone(), Body: bytes.Clone(a.body)}
	}
}

// options adds up the options of a call that sends the given operations, the one the call is named after first.
func (c *core) options(opts []CallOption, ops ...*operation) (*callOptions, error) {
	o := c.calls.clone()
	var errs []error
	for i, opt := range opts {
		if opt == nil {
			errs = append(errs, fmt.Errorf("option %d is nil", i+1))
			continue
		}
		if err := opt.applyCall(o); err != nil {
			errs = append(errs, err)
		}
	}
	for _, op := range ops {
		errs = append(errs, c.admit(op))
	}
	for _, a := range o.arguments {
		if !slices.Contains(ops, a.op) {
			errs = append(errs, fmt.Errorf("an option of %s does not fit %s", a.op.id, ops[0].id))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, c.refused(ops[0], err)
	}
	return o, nil
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
func adjust[T any](o *callOptions, change func(*T)) {
	v := optionValue[T](o)
	change(&v)
	for i, s := range o.settings {
		if _, ok := s.(T); ok {
			o.settings[i] = v
			return
		}
	}
	o.settings = append(o.settings, v)
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

// requiredParam is a parameter that the generated method takes as an argument.
type requiredParam struct {
	op    *operation
	param param
	value any
}

func (p requiredParam) applyCall(o *callOptions) error {
	tree, err := p.param.tree(p.value)
	if err == nil && tree.isEmpty() {
		err = errors.New("it is required, and has no value")
	}
	if err == nil {
		err = o.argumentsOf(p.op).addStyled(p.param, tree)
	}
	return p.param.named(err)
}

// isEmpty reports whether nothing would be sent of a value.
func (n *node) isEmpty() bool {
	return n.kind == kindNull || n.kind == kindArray && len(n.items) == 0 || n.kind == kindObject && len(n.entries) == 0
}

// value is the result of a call whose type is no struct.
func value[T any](v *T, err error) (T, error) {
	if err != nil {
		var zero T
		return zero, err
	}
	return *v, nil
}

// Ptr returns a pointer to a copy of v, for optional members.
func Ptr[T any](v T) *T { return &v }

// ownServer is the base URL of operations that the description has at a server of their own.
type ownServer string

// base is the URL while the client is where the description has it. A client that was pointed elsewhere sends everything there, and credentials
// with it: whoever chose a server has not agreed to any other. Only what the description has on the same host, at another path, is at that
// path of the other host, too.
func (s ownServer) base(c *core) (*url.URL, error) {
	own, err := url.Parse(string(s))
	if err == nil && !c.elsewhere {
		own, err = parseBaseURL(string(s), c.insecure)
	}
	if err != nil {
		return nil, fmt.Errorf("the operation's own server: %w", withoutURL(err))
	}
	if !c.elsewhere {
		return own, nil
	}
	return c.beside(own), nil
}

// beside is the base URL with the path of another server of the description's host in the place of its own.
func (c *core) beside(own *url.URL) *url.URL {
	described, err := url.Parse(c.d.baseURL)
	if err != nil || own.Scheme != described.Scheme || own.Host != described.Host {
		return c.base
	}
	before, found := strings.CutSuffix(strings.TrimSuffix(c.base.EscapedPath(), "/"), strings.TrimSuffix(described.EscapedPath(), "/"))
	if !found {
		return c.base
	}
	root := *c.base
	root.Path, root.RawPath = "", ""
	u, err := below(&root, before+strings.TrimSuffix(own.EscapedPath(), "/"))
	if err != nil {
		return c.base
	}
	return u
}

// parseBaseURL checks the URL of a server. Its errors don't print it: there could be a password in it.
func parseBaseURL(s string, insecure bool) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, errors.New("it is malformed")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("the scheme is neither https nor http")
	case u.Hostname() == "":
		return nil, errors.New("the host is missing")
	case u.User != nil:
		return nil, errors.New("it has user information")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, errors.New("it has a query or a fragment")
	case u.Scheme == "http" && !insecure && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf("http beyond loopback (%s) needs WithInsecureHTTP", u.Hostname())
	}
	return u, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// below is the URL of an escaped path below base.
func below(base *url.URL, escaped string) (*url.URL, error) {
	raw := strings.TrimSuffix(base.EscapedPath(), "/") + escaped
	plain, err := url.PathUnescape(raw)
	if err != nil {
		return nil, err
	}
	u := *base
	u.Path, u.RawPath = plain, raw
	return &u, nil
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

// handle is what a client and its services hold. However they are printed or logged, what is seen is where they send to: the rest of a client
// is credentials, headers and what it remembers of others' data.
type handle struct{ core *core }

// Format prints the name of the package and the server, whatever the verb.
func (h handle) Format(f fmt.State, _ rune) { fmt.Fprint(f, h.describe()) }

// LogValue is the same for package log/slog.
func (h handle) LogValue() slog.Value { return slog.StringValue(h.describe()) }

func (h handle) describe() string {
	if h.core == nil {
		return "client without a server"
	}
	return h.core.d.name + " client of " + h.core.base.Scheme + "://" + h.core.base.Host
}
