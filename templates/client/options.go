//contactsgen:feature core
//contactsgen:part client

package client

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// ClientOption configures a client when it is made.
type ClientOption interface{ applyClient(*clientOptions) error }

// CallOption configures one call.
type CallOption interface{ applyCall(*callOptions) error }

// Option configures one call, or every call of a client.
type Option interface {
	ClientOption
	CallOption
}

// Limiter delays requests; Wait returns when the next one may go, or an error when it may not.
type Limiter interface{ Wait(context.Context) error }

// clientOptions is what the options of a client add up to.
type clientOptions struct {
	http        *http.Client
	baseURL     string
	insecure    bool
	userAgent   string
	credentials map[string]credential // by the name of their scheme
	limiter     Limiter
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

// WithLimiter asks l before every request, retries included. What it takes is neither latency of the server nor a part of
// WithMaxElapsed; only the context of the call ends it.
func WithLimiter(l Limiter) ClientOption {
	return clientOption(func(o *clientOptions) error {
		if l == nil {
			return errors.New("WithLimiter: the limiter is nil")
		}
		o.limiter = l
		return nil
	})
}

// WithLogger writes one debug record per request: operation, method, path template, status, duration and request id;
// never values of the path or query, bodies or credentials.
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
