//contactsgen:feature core
//contactsgen:part client

package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
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
	log           recorder // nil: none
	clock         Clock
	random        func() float64 // in [0, 1)
	budget        *budget
	hold          holdback
	errors        *errorLookup // of the description's errors
	calls         callOptions  // what every call begins with
	parts         sync.Map     // what features keep for the client, one value per type: see part
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
		limiter: o.limiter, log: o.log, clock: o.clock, random: o.random, budget: newBudget(), errors: d.errors.lookup(), calls: o.calls,
	}
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
