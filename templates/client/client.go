//contactsgen:feature core
//contactsgen:part client

// What a client is made of and how it is made: options for all calls and for one, the base URL, the clock, state that features keep.

package client

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// newCore checks the options of a client and puts it together.
func newCore(d *description, opts []ClientOption) (*core, error) {
	o := &clientOptions{
		baseURL:   d.baseURL,
		userAgent: d.name + "-go",
		clock:     systemClock{},
		random:    rand.Float64,
		calls:     callOptions{timeout: defaultTimeout, maxBytes: defaultMaxBytes},
	}
	return o.core(d, o.apply(opts))
}

// core puts a client together, unless there are errors.
func (o *clientOptions) core(d *description, errs []error) (*core, error) {
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
		d: d, base: base, elsewhere: o.baseURLGiven && strings.TrimRight(o.baseURL, "/") != d.baseURL, insecure: o.insecure, keys: keys,
		userAgent: o.userAgent,
		limiter:   o.limiter, tenant: o.tenant, log: o.log, clock: o.clock, random: o.random, budget: newBudget(), errors: d.errors.lookup(),
		calls: o.calls,
		made:  o, standing: &standing{}, relatives: &relatives{},
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

// WithBaseURL sends requests to another server than the description's: all of them, with their credentials, also those of operations that
// the description has at a server of their own. A path in it is kept.
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
// error. Each call of a helper adds one info record with its outcome and counts, and at level debug its revision. None has values of the
// path or query, bodies or credentials.
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

// WithIfNoneMatch makes a call that reads conditional: while the entity tag of what it asks for is still etag, it fails with
// ErrNotModified. etag is what the header ETag of an answer said, quotes and all; see WithResponse.
func WithIfNoneMatch(etag string) CallOption {
	return callOption(func(o *callOptions) error {
		if !isQuoted(strings.TrimPrefix(etag, "W/")) {
			return errors.New("WithIfNoneMatch: this is no entity tag, which is text in double quotes")
		}
		o.ifNoneMatch = etag
		return nil
	})
}

// isQuoted reports whether s is quotes around characters that an entity tag can have.
func isQuoted(s string) bool {
	inner := withoutQuotes(s)
	return len(inner) == len(s)-2 && !strings.ContainsFunc(inner, func(c rune) bool { return c <= ' ' || c == '"' || c == 0x7f })
}

// withoutQuotes is an entity tag without mark of weakness and quotes; what has no quotes at both ends stays as it is.
func withoutQuotes(s string) string {
	tag := strings.TrimPrefix(s, "W/")
	if len(tag) < 2 || tag[0] != '"' || tag[len(tag)-1] != '"' {
		return s
	}
	return tag[1 : len(tag)-1]
}

// WithResponse fills r after a success, and after ErrNotModified.
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
		if o.ifNoneMatch != "" && !op.safe {
			errs = append(errs, errors.New("WithIfNoneMatch is for calls that read"))
		}
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

// Ptr returns a pointer to a copy of v, for optional members.
func Ptr[T any](v T) *T { return &v }

// ownServer is the base URL of operations that the description has at a server of their own.
type ownServer string

// base is the URL while the client is where the description has it. A client that was pointed elsewhere sends everything there, and
// credentials with it: whoever chose a server has not agreed to any other. Only what the description has on the same host, at another path,
// is at that path of the other host, too.
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
	u, err := urlBelow(&root, before+strings.TrimSuffix(own.EscapedPath(), "/"))
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

// handle is what a client and its services hold. However they are printed or logged, what is seen is where they send to: the rest of a
// client is credentials, headers and what it remembers of others' data.
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
