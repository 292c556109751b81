package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// readSecurity reads the security schemes and which sets of them let a caller in.
func (b *builder) readSecurity() {
	for _, m := range b.root.Get("components").Get("securitySchemes").Members() {
		n, err := m.Value.Follow()
		if err != nil {
			b.problems.Merge(err)
			continue
		}
		if c := b.credential(n, m.Key); c != nil {
			c.Pos = m.KeyPos
			b.api.Credentials = append(b.api.Credentials, c)
		}
	}
	if security := b.root.Get("security"); !security.IsZero() {
		b.readAlternatives(security)
		b.checkSchemes(security, b.problems)
		return
	}
	for _, path := range b.root.Get("paths").Members() {
		for _, method := range methods {
			b.readAlternatives(path.Value.Get(method).Get("security"))
		}
	}
}

// credential reads one scheme; nil when no option can fill it in (client certificates, digests).
func (b *builder) credential(n source.Node, key string) *Credential {
	c := &Credential{Scheme: key, Option: exported(key), Doc: docOf(n)}
	if o, ok := b.extension(n, "x-option"); ok {
		c.Option = o.Text()
	}
	switch n.Get("type").Text() {
	case "apiKey":
		c.In, c.Param = Place(n.Get("in").Text()), n.Get("name").Text()
		if c.In != InHeader && c.In != InQuery && c.In != InCookie {
			b.problems.Add(&diag.Problem{Pos: n.KeyPos(), Message: "the security scheme " + diag.Quote(key) + " does not say where its key travels", Help: "write in: header, query or cookie"})
			return nil
		}
	case "http":
		c.In, c.Param = InHeader, "Authorization"
		switch strings.ToLower(n.Get("scheme").Text()) {
		case "bearer":
			c.Prefix = "Bearer "
		case "basic":
			c.Prefix, c.Basic = "Basic ", true
		default:
			return nil
		}
	case "oauth2", "openIdConnect":
		c.In, c.Param, c.Prefix = InHeader, "Authorization", "Bearer "
	default:
		return nil
	}
	b.tokenRequest(n, c)
	return c
}

// tokenRequest reads how the token of a scheme is asked for.
func (b *builder) tokenRequest(n source.Node, c *Credential) {
	x, ok := b.extension(n, "x-token-request")
	if !ok {
		return
	}
	r := &TokenRequest{URL: x.Get("url").Text(), Constants: map[string]string{}}
	for _, m := range x.Get("body").Members() {
		if name, found := strings.CutPrefix(m.Value.Text(), "$option."); found {
			r.Options = append(r.Options, TokenOption{Member: m.Key, GoName: unexported(name)})
			continue
		}
		r.Constants[m.Key] = m.Value.Text()
	}
	r.Token = b.answerPointer(x.Get("token"))
	r.ExpiresIn = b.answerPointer(x.Get("expiresIn"))
	c.In, c.Param, c.Prefix = InHeader, "Authorization", "Bearer "
	if h := x.Get("header"); !h.IsZero() {
		c.Param = h.Text()
	}
	if p := x.Get("prefix"); !p.IsZero() {
		c.Prefix = p.Text()
	}
	c.Token = r
}

// answerPointer reads an expression about an answer that the description does not declare.
func (b *builder) answerPointer(n source.Node) string {
	if n.IsZero() {
		return ""
	}
	e, ok := b.parse(n)
	if !ok {
		return ""
	}
	if !e.answer || e.in != InBody {
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "this must name a place in the answer's body", Help: "begin it with $response.body#/"})
	}
	return pointer(e.path)
}

// readAlternatives adds the sets of schemes that a security requirement accepts. Sets with a scheme that no option can fill in
// are left out.
func (b *builder) readAlternatives(security source.Node) {
	for _, one := range security.Items() {
		names, usable := []string{}, true
		for _, m := range one.Members() {
			names = append(names, m.Key)
			usable = usable && slices.ContainsFunc(b.api.Credentials, func(c *Credential) bool { return c.Scheme == m.Key })
		}
		if !usable {
			continue
		}
		for _, set := range b.oneEach(names) {
			if !slices.ContainsFunc(b.api.Alternatives, func(have []string) bool { return slices.Equal(have, set) }) {
				b.api.Alternatives = append(b.api.Alternatives, set)
			}
		}
	}
}

// oneEach splits a set in which several schemes travel at one place (two OAuth flows, say) into sets with one of them each: a
// request has room for one.
func (b *builder) oneEach(names []string) [][]string {
	sets := [][]string{{}}
	seen := map[string]bool{}
	for _, name := range names {
		here := b.placeOf(name)
		if seen[here] {
			continue
		}
		seen[here] = true
		var next [][]string
		for _, set := range sets {
			for _, other := range names {
				if b.placeOf(other) == here {
					next = append(next, append(slices.Clone(set), other))
				}
			}
		}
		sets = next
	}
	return sets
}

// placeOf says where a scheme's credential travels.
func (b *builder) placeOf(scheme string) string {
	for _, c := range b.api.Credentials {
		if c.Scheme == scheme {
			return string(c.In) + " " + strings.ToLower(c.Param)
		}
	}
	return ""
}

// checkSchemes complains of schemes that are used and not declared: of the document's to all, of an operation's to that one.
func (b *builder) checkSchemes(security source.Node, problems *diag.List) {
	declared := b.root.Get("components").Get("securitySchemes")
	for _, one := range security.Items() {
		for _, m := range one.Members() {
			if !declared.Has(m.Key) {
				problems.Add(missing(m.KeyPos, "the description", "security scheme", m.Key, keys(declared)))
			}
		}
	}
}

// keys lists the keys of a mapping.
func keys(n source.Node) []string {
	var out []string
	for _, m := range n.Members() {
		out = append(out, m.Key)
	}
	return out
}

// contains tells whether a list has a name.
func contains(list []string, name string) bool { return slices.Contains(list, name) }

// plural writes a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
