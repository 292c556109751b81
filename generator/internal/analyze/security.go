package analyze

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// readSchemes reads the security schemes that an option can fill in.
func (b *builder) readSchemes() {
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
	b.checkSchemes(b.root.Get("security"), b.problems)
}

// decideSecurity decides which sets of schemes each operation accepts: its own security overrides the document's. Where the document has
// none, what any operation accepts stands for it, for calls of what is not described. A scheme that nothing names gets no option, unless
// the description does not speak of security at all: then every call may carry whatever is given.
func (b *builder) decideSecurity() {
	root := b.root.Get("security")
	b.api.Alternatives = b.alternativesOf(root)
	for _, o := range b.operations {
		if root.IsZero() {
			b.api.Alternatives = addSets(b.api.Alternatives, b.alternativesOf(o.node.Get("security")))
		}
	}
	if root.IsZero() && !b.speaksOfSecurity {
		return
	}
	for _, o := range b.operations {
		accepts := orNothing(b.api.Alternatives)
		if own := o.node.Get("security"); root.IsZero() || !own.IsZero() {
			accepts = orNothing(b.alternativesOf(own))
		}
		o.Security = b.requirement(accepts)
	}
	b.api.Alternatives = orNothing(b.api.Alternatives)
	b.dropUnnamedSchemes()
}

// needCredentials complains of operations that accept nothing but schemes which no option fills in: their calls would carry none of them.
func (b *builder) needCredentials() {
	for _, o := range b.operations {
		security := o.node.Get("security")
		if security.IsZero() {
			security = b.root.Get("security")
		}
		sets := security.Items()
		if len(sets) > 0 && !slices.ContainsFunc(sets, func(set source.Node) bool { return b.unfilledIn(set) == nil }) {
			o.problems.Add(b.unfilledIn(sets[0]))
		}
	}
}

// unfilledIn gives what is to be said of a set of which no option fills anything in, though there is something to send; nil of any other.
func (b *builder) unfilledIn(set source.Node) (found *diag.Problem) {
	for _, m := range set.Members() {
		p := b.unfilled[m.Key]
		if p == nil {
			return nil
		}
		found = p
	}
	return found
}

// orNothing gives sets of schemes; where there are none, nothing lets a caller in.
func orNothing(alternatives [][]string) [][]string {
	if len(alternatives) == 0 {
		return [][]string{{}}
	}
	return alternatives
}

// requirement gives the number of what an operation accepts: 0 is what the document accepts, others count from 1.
func (b *builder) requirement(accepts [][]string) int {
	a := b.api
	if sameSets(accepts, orNothing(a.Alternatives)) {
		return 0
	}
	i := slices.IndexFunc(a.Requirements, func(have [][]string) bool { return sameSets(have, accepts) })
	if i < 0 {
		i = len(a.Requirements)
		a.Requirements = append(a.Requirements, accepts)
	}
	return i + 1
}

func sameSets(x, y [][]string) bool { return slices.EqualFunc(x, y, slices.Equal[[]string]) }

// addSets adds to sets of schemes those of others that are not among them.
func addSets(sets, others [][]string) [][]string {
	for _, set := range others {
		if !slices.ContainsFunc(sets, func(have []string) bool { return slices.Equal(have, set) }) {
			sets = append(sets, set)
		}
	}
	return sets
}

// dropUnnamedSchemes leaves only credentials that some call can carry.
func (b *builder) dropUnnamedSchemes() {
	named := map[string]bool{}
	for _, sets := range append([][][]string{b.api.Alternatives}, b.api.Requirements...) {
		for _, set := range sets {
			for _, name := range set {
				named[name] = true
			}
		}
	}
	b.api.Credentials = slices.DeleteFunc(b.api.Credentials, func(c *api.Credential) bool { return !named[c.Scheme] })
}

// credential reads one scheme; nil when no option can fill it in (client certificates, digests).
func (b *builder) credential(n source.Node, key string) *api.Credential {
	c := &api.Credential{Scheme: key, Option: naming.Exported(key), Doc: docOf(n)}
	if o, ok := b.extension(n, "x-option"); ok {
		c.Option = o.Text()
	}
	switch n.Get("type").Text() {
	case "apiKey":
		c.In, c.Param = api.Place(n.Get("in").Text()), n.Get("name").Text()
		if c.In != api.InHeader && c.In != api.InQuery && c.In != api.InCookie {
			b.problems.Add(&diag.Problem{Pos: n.KeyPos(), Message: "the security scheme " + diag.Quote(key) + " does not say where its key travels",
				Help: "write in: header, query or cookie"})
			return nil
		}
	case "http":
		c.In, c.Param = api.InHeader, "Authorization"
		switch strings.ToLower(n.Get("scheme").Text()) {
		case "bearer":
			c.Prefix = "Bearer "
		case "basic":
			c.Prefix, c.Basic = "Basic ", true
		default:
			b.noCredential(n, key, "the http scheme "+diag.Quote(n.Get("scheme").Text()))
			return nil
		}
	case "oauth2", "openIdConnect":
		c.In, c.Param, c.Prefix = api.InHeader, "Authorization", "Bearer "
	case "mutualTLS": // the transport's
		return nil
	default:
		b.noCredential(n, key, "the type "+diag.Quote(n.Get("type").Text()))
		return nil
	}
	b.tokenRequest(n, c)
	b.clientCredentials(n, c)
	return c
}

// noCredential says of a scheme that no option can fill it in. That is a reason to refuse the description only where nothing else is
// accepted.
func (b *builder) noCredential(n source.Node, key, why string) {
	p := &diag.Problem{Pos: n.KeyPos(), Message: fmt.Sprintf("the security scheme %s has %s, which the client does not send", diag.Quote(key),
		why),
		Help: "take it out of security with an overlay, and have the http.Client that is given to the client's constructor send it"}
	b.unfilled[key] = p
	b.api.Notes = append(b.api.Notes, p)
}

// tokenRequest reads how the token of a scheme is asked for.
func (b *builder) tokenRequest(n source.Node, c *api.Credential) {
	x, ok := b.extension(n, "x-token-request")
	if !ok {
		return
	}
	r := &api.TokenRequest{URL: x.Get("url").Text(), Constants: map[string]string{}}
	for _, m := range x.Get("body").Members() {
		if name, found := strings.CutPrefix(m.Value.Text(), "$option."); found {
			r.Options = append(r.Options, api.TokenOption{Member: m.Key, GoName: naming.Unexported(name)})
			continue
		}
		r.Constants[m.Key] = m.Value.Text()
	}
	r.Token = b.answerPointer(x.Get("token"))
	r.ExpiresIn = b.answerPointer(x.Get("expiresIn"))
	c.In, c.Param, c.Prefix = api.InHeader, "Authorization", "Bearer "
	if h := x.Get("header"); !h.IsZero() {
		c.Param = h.Text()
	}
	if p := x.Get("prefix"); !p.IsZero() {
		c.Prefix = p.Text()
	}
	c.Token = r
}

// clientCredentials reads the flow by which a client asks for tokens in its own name. What the description says about token requests for us
// goes before it.
func (b *builder) clientCredentials(n source.Node, c *api.Credential) {
	flow := n.Get("flows").Get("clientCredentials")
	if n.Get("type").Text() != "oauth2" || flow.Kind() != source.Mapping || c.Token != nil {
		return
	}
	c.Flow = &api.ClientCredentials{Option: c.Option + "ClientCredentials", Scopes: keys(flow.Get("scopes"))}
	if strings.HasSuffix(c.Option, "ClientCredentials") {
		c.Flow.Option = c.Option + "Flow"
	}
	at := flow.Get("tokenUrl")
	why := tokenURLFault(at.Text())
	if why == "" {
		c.Flow.URL = at.Text()
		return
	}
	pos := at.Pos()
	if at.IsZero() {
		pos = flow.KeyPos()
	}
	b.api.Notes = append(b.api.Notes, &diag.Problem{Pos: pos,
		Message: "the client cannot ask for tokens where the description says: the tokenUrl " + why,
		Help:    "have callers give it with WithTokenURL, or correct it with an overlay"})
}

// tokenURLFault says why a client cannot ask for tokens at a URL; "" when it can.
func tokenURLFault(s string) string {
	u, err := url.Parse(s)
	switch {
	case s == "":
		return "is missing"
	case strings.ContainsAny(s, "{}"):
		return "has a variable in it"
	case err != nil || strings.ContainsFunc(s, unicode.IsSpace):
		return "is malformed"
	case u.User != nil || u.Fragment != "" || u.Opaque != "":
		return "has user information or a fragment, or no path"
	case u.Scheme != "" && u.Scheme != "https" && u.Scheme != "http", u.Scheme != "" && u.Hostname() == "":
		return "is none of https or http"
	}
	return ""
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
	if !e.answer || e.in != api.InBody {
		b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "this must name a place in the answer's body",
			Help: "begin it with $response.body#/"})
	}
	return api.Pointer(e.path)
}

// alternativesOf gives the sets of schemes that a security requirement accepts. A scheme that no option can fill in (a client
// certificate, a digest) is the transport's business: nothing of it is in a request that the client makes.
func (b *builder) alternativesOf(security source.Node) [][]string {
	var sets [][]string
	for _, one := range security.Items() {
		names, declared := []string{}, true
		for _, m := range one.Members() {
			declared = declared && b.root.Get("components").Get("securitySchemes").Has(m.Key)
			if slices.ContainsFunc(b.api.Credentials, func(c *api.Credential) bool { return c.Scheme == m.Key }) {
				names = append(names, m.Key)
			}
		}
		if declared {
			sets = addSets(sets, b.oneEach(names))
		}
	}
	return sets
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
				problems.Add(diag.Missing(m.KeyPos, "the description", "security scheme", m.Key, keys(declared)))
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
