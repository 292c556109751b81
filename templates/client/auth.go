package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

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
	// check reports whether it belongs to the server that the client talks to.
	check(o *clientOptions) error
}

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
	o.credentials[scheme] = v
}

// grant is a security scheme with its credential.
type grant struct {
	scheme     *credentialScheme
	header     string // its name as HTTP writes it
	credential credential
}

// grants checks that the credentials given are one of the description's alternatives, complete and with nothing extra.
func (d *description) grants(o *clientOptions) ([]grant, error) {
	var errs []error
	var given []string
	var grants []grant
	for i := range d.credentials {
		s := &d.credentials[i]
		v, ok := o.credentials[s.name]
		if !ok {
			continue
		}
		if err := errors.Join(v.check(s, o), s.trusts(o)); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", s.option, err))
		}
		given = append(given, s.name)
		grants = append(grants, grant{s, http.CanonicalHeaderKey(s.param), v})
	}
	if !d.accepts(given) {
		errs = append(errs, errors.New("credentials: want "+d.wanted()+"; have "+d.optionsOf(given, "nothing")))
	}
	return grants, errors.Join(errs...)
}

func (s *credentialScheme) trusts(o *clientOptions) error {
	if s.token == nil {
		return nil
	}
	return s.token.check(o)
}

func (d *description) accepts(given []string) bool {
	if len(d.alternatives) == 0 {
		return true
	}
	return slices.ContainsFunc(d.alternatives, func(a []string) bool {
		return len(a) == len(given) && !slices.ContainsFunc(a, func(s string) bool { return !slices.Contains(given, s) })
	})
}

// wanted words the alternatives: "WithAPIKey with exactly one of WithSiteID and WithAccountID".
func (d *description) wanted() string {
	var firsts, wanted []string
	rest := map[string][]string{}
	for _, a := range d.alternatives {
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
		text := "none"
		if first != "" {
			text = d.optionsOf([]string{first}, "")
		}
		switch others := rest[first]; len(others) {
		case 0:
		case 1:
			text += " with " + others[0]
		default:
			text += " with exactly one of " + enumerate(others)
		}
		wanted = append(wanted, text)
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

// authorise writes the credentials into a request, and returns the values it used in the order of the grants.
func (c *core) authorise(req *http.Request) ([]string, error) {
	used := make([]string, 0, len(c.grants))
	for _, g := range c.grants {
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
func (c *core) renew(used []string) bool {
	again := false
	for i, g := range c.grants {
		if g.credential.renew(used[i]) {
			again = true
		}
	}
	return again
}
