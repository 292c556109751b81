//contactsgen:feature core
//contactsgen:part client

// Which credentials a call carries, and how they are put into its request. They are in no error, log record or format verb.

package client

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// constant is a credential that never changes.
type constant string

func (v constant) check(s *credentialScheme, _ *clientOptions) error {
	switch {
	case v == "" || strings.TrimSpace(string(v)) != string(v) || !validHeaderValue(string(v)):
		return errors.New("the value is empty, or has spaces around it or control characters")
	case s.in == inCookie && (!validCookieValue(string(v)) || strings.Contains(string(v), ",") || !validHeaderName(s.param)):
		return errors.New("the value cannot be in a cookie")
	}
	return nil
}

func (v constant) value(context.Context, *core) (string, error) { return string(v), nil }

func (constant) renew(string) bool { return false }

func (o *clientOptions) setCredential(scheme string, v credential) {
	if o.credentials == nil {
		o.credentials = map[string]credential{}
	}
	o.credentials[scheme] = sealed(func() credential { return v })
}

// keyring is the credentials of a client.
type keyring struct {
	given []string  // names of the schemes that there are credentials of
	met   [][]grant // what each requirement is met with, in the order of operation.security; nil: it is not
}

// sealed is a credential that nothing can print: package fmt, and whatever else looks into values, finds the address of a function.
type sealed func() credential

func (s sealed) check(scheme *credentialScheme, o *clientOptions) error { return s().check(scheme, o) }

func (s sealed) value(ctx context.Context, c *core) (string, error) { return s().value(ctx, c) }

func (s sealed) renew(refused string) bool { return s().renew(refused) }

// grant is a security scheme with its credential.
type grant struct {
	scheme     *credentialScheme
	header     string // its name as HTTP writes it
	credential credential
}

// grants checks that the given credentials are enough for some call, and that every one of them is of use.
func (d *description) grants(o *clientOptions) (keyring, error) {
	var errs []error
	var keys keyring
	var all []grant // beside keys.given
	for i := range d.credentials {
		s := &d.credentials[i]
		v, ok := o.credentials[s.name]
		if !ok {
			continue
		}
		if o.checked[s.name] {
			// it is in use
		} else if err := v.check(s, o); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", s.option, err))
		}
		keys.given = append(keys.given, s.name)
		all = append(all, grant{s, http.CanonicalHeaderKey(s.param), v})
	}
	unused := slices.Clone(keys.given)
	open := false
	for _, r := range append([]requirement{d.alternatives}, d.requirements...) {
		var grants []grant
		if set := r.meet(keys.given); set != nil {
			grants, open = []grant{}, true
			for _, name := range set {
				grants = append(grants, all[slices.Index(keys.given, name)])
				unused = slices.DeleteFunc(unused, func(s string) bool { return s == name })
			}
		}
		keys.met = append(keys.met, grants)
	}
	if !open || len(unused) > 0 || len(keys.given) < len(o.credentials) {
		errs = append(errs, d.unfit(d.anyOf(), keys.given))
	}
	return keys, errors.Join(errs...)
}

// meet chooses the set of schemes whose credentials a call carries: of the sets for which all credentials are given, the largest, and the
// first of several. It is nil when no set is complete.
func (r requirement) meet(given []string) (best []string) {
	if r == nil {
		return append([]string{}, given...)
	}
	for _, set := range r {
		complete := !slices.ContainsFunc(set, func(s string) bool { return !slices.Contains(given, s) })
		if complete && (best == nil || len(set) > len(best)) {
			best = append([]string{}, set...)
		}
	}
	return best
}

// anyOf joins the sets of all requirements.
func (d *description) anyOf() requirement {
	sets := slices.Clone(d.alternatives)
	for _, r := range d.requirements {
		for _, set := range r {
			if !slices.ContainsFunc(sets, func(have []string) bool { return slices.Equal(have, set) }) {
				sets = append(sets, set)
			}
		}
	}
	return sets
}

// unfit is the error of credentials that are not what is wanted.
func (d *description) unfit(r requirement, given []string) error {
	return errors.New("credentials: want " + d.wanted(r) + "; have " + d.optionsOf(given, "nothing"))
}

// admit refuses a call whose credentials the client does not have.
func (c *core) admit(op *operation) error {
	if c.keys.met[op.security] != nil {
		return nil
	}
	return &missingCredentials{c.d.unfit(c.d.requirement(op), c.keys.given)}
}

// missingCredentials says which credentials a call would need.
type missingCredentials struct{ error }

// Is matches ErrUnauthenticated.
func (*missingCredentials) Is(target error) bool { return target == ErrUnauthenticated }

// requirement is what an operation accepts.
func (d *description) requirement(op *operation) requirement {
	if op.security == 0 {
		return d.alternatives
	}
	return d.requirements[op.security-1]
}

// wanted words the alternatives: "WithAPIKey with exactly one of WithSiteID and WithAccountID".
func (d *description) wanted(alternatives requirement) string {
	var firsts, wanted []string
	rest := map[string][]string{}
	for _, a := range alternatives {
		first := ""
		if len(a) > 0 {
			first = a[0]
		}
		if !slices.Contains(firsts, first) {
			firsts = append(firsts, first)
		}
		if len(a) > 1 {
			rest[first] = append(rest[first], d.optionsOf(a[1:], ""))
		}
	}
	for _, first := range firsts {
		said := "none"
		if first != "" {
			said = d.optionsOf([]string{first}, "")
		}
		switch others := rest[first]; len(others) {
		case 0:
		case 1:
			said += " with " + others[0]
		default:
			said += " with exactly one of " + enumerate(others)
		}
		wanted = append(wanted, said)
	}
	return strings.Join(wanted, ", or ")
}

// optionsOf names the options of schemes.
func (d *description) optionsOf(schemes []string, none string) string {
	var options []string
	for _, s := range d.credentials {
		if slices.Contains(schemes, s.name) {
			options = append(options, s.option)
		}
	}
	if options == nil {
		return none
	}
	return enumerate(options)
}

// enumerate is "a, b and c".
func enumerate(list []string) string {
	last := len(list) - 1
	if last == 0 {
		return list[0]
	}
	return strings.Join(list[:last], ", ") + " and " + list[last]
}

// authorise writes the credentials of an operation into its request, and returns the values it used in the order of the grants.
func (c *core) authorise(op *operation, req *http.Request) ([]string, error) {
	grants := c.keys.met[op.security]
	used := make([]string, 0, len(grants))
	for _, g := range grants {
		v, err := g.credential.value(req.Context(), c)
		if err != nil {
			return nil, err
		}
		used = append(used, v)
		switch g.scheme.in {
		case inHeader:
			req.Header[g.header] = []string{g.scheme.prefix + v}
		case inCookie:
			setCookie(req, g.scheme.param, g.scheme.prefix+v)
		case inQuery:
			pair := url.Values{g.scheme.param: {g.scheme.prefix + v}}.Encode()
			req.URL.RawQuery = strings.TrimPrefix(req.URL.RawQuery+"&"+pair, "&")
		}
	}
	return used, nil
}

// renew tells the credentials that the values used were refused, and reports whether another try may fare better.
func (c *core) renew(op *operation, used []string) bool {
	again := false
	for i, g := range c.keys.met[op.security] {
		if g.credential.renew(used[i]) {
			again = true
		}
	}
	return again
}

// withBasic sets user and password of HTTP's Basic scheme (RFC 7617).
func withBasic(scheme, user, password string) ClientOption {
	return clientOption(func(o *clientOptions) error {
		pair := user + ":" + password
		if !validPair(pair) || strings.Contains(user, ":") {
			return errors.New("user and password are empty, the user has a colon, or one of them control characters")
		}
		o.setCredential(scheme, constant(base64.StdEncoding.EncodeToString([]byte(pair))))
		return nil
	})
}

// validPair reports whether a text can be what HTTP's Basic scheme encodes: user and password with a colon between them.
func validPair(pair string) bool {
	return pair != ":" && strings.Contains(pair, ":") && !strings.ContainsFunc(pair, unicode.IsControl)
}

// withCredential sets the value of a security scheme that never changes.
func withCredential(scheme, value string) ClientOption {
	return clientOption(func(o *clientOptions) error {
		o.setCredential(scheme, constant(value))
		return nil
	})
}
