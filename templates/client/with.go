//contactsgen:feature core
//contactsgen:part client

// Clients made from others: of another site or account, over the same transport.

package client

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"weak"
)

// with makes a client of the same options and more. All that are made from one another share transport, tokens and the budget of retries;
// those of one tenant share queues, latency, and the time to hold back after a 429, too.
func (c *core) with(opts []ClientOption) (*core, error) {
	o := *c.made
	o.calls = *c.calls.clone()
	o.credentials = nil
	errs := o.apply(opts)
	if o.baseURL != c.made.baseURL {
		errs = append(errs, errors.New("a client made by With keeps to the server of the one it is made from, which the credentials "+
			"are for: another one takes a client of its own"))
	}
	sameSite := len(o.credentials) == 0
	o.keepCredentials(c.d, c.made.credentials)
	next, err := o.core(c.d, errs)
	if err != nil {
		return nil, err
	}
	next.budget, next.relatives = c.budget, c.relatives
	switch {
	case o.tenant == c.tenant && (sameSite || o.tenant != ""):
		next.standing = c.standing
	case o.tenant != "":
		next.standing = c.relatives.of(c, o.tenant)
	}
	return next, nil
}

// keepCredentials adds those of another client that go with the ones given: a site's id takes the place of an account's.
func (o *clientOptions) keepCredentials(d *description, earlier map[string]credential) {
	given := o.credentials
	o.credentials, o.checked = maps.Clone(earlier), map[string]bool{}
	if o.credentials == nil {
		o.credentials = map[string]credential{}
	}
	for _, set := range d.anyOf() {
		has := func(scheme string) bool { return given[scheme] != nil || earlier[scheme] != nil }
		covered := true
		for scheme := range given {
			covered = covered && slices.Contains(set, scheme)
		}
		if len(given) > 0 && covered && !slices.ContainsFunc(set, func(s string) bool { return !has(s) }) {
			maps.DeleteFunc(o.credentials, func(s string, _ credential) bool { return !slices.Contains(set, s) })
			break
		}
	}
	for scheme := range o.credentials {
		o.checked[scheme] = true
	}
	for scheme, v := range given {
		o.credentials[scheme] = v
		delete(o.checked, scheme)
	}
}

// relatives are clients that were made from one another. They know what those of a tenant share as long as one of these is in use.
type relatives struct {
	mu      sync.Mutex
	tenants map[string]weak.Pointer[standing]
	sweep   int // how many tenants there are before those without clients are looked for
}

// leastSweep is the number of tenants up to which nobody looks for those whose clients are gone.
const leastSweep = 64

// of returns what the clients of a tenant share, or adopts that of the client that asks.
func (r *relatives) of(from *core, tenant string) *standing {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tenants == nil {
		r.tenants, r.sweep = map[string]weak.Pointer[standing]{}, leastSweep
	}
	if from.tenant != "" {
		r.tenants[from.tenant] = weak.Make(from.standing)
	}
	if s := r.tenants[tenant].Value(); s != nil {
		return s
	}
	if len(r.tenants) >= r.sweep {
		maps.DeleteFunc(r.tenants, func(_ string, s weak.Pointer[standing]) bool { return s.Value() == nil })
		r.sweep = max(leastSweep, 2*len(r.tenants))
	}
	s := &standing{}
	r.tenants[tenant] = weak.Make(s)
	return s
}
