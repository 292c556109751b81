package analyze

import (
	"errors"
	"net/url"
	"regexp"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// serverOf gives the first server that a node names, its variables at their defaults; "" when it names none.
func serverOf(n source.Node) string {
	servers := n.Get("servers").Items()
	if len(servers) == 0 {
		return ""
	}
	address := servers[0].Get("url").Text()
	for _, v := range servers[0].Get("variables").Members() {
		address = strings.ReplaceAll(address, "{"+v.Key+"}", v.Value.Get("default").Text())
	}
	return strings.TrimRight(address, "/")
}

// undeclared complains of variables of the document's servers that nothing gives a value: requests would go to a place that has braces in
// it.
func (b *builder) undeclared() {
	servers := b.root.Get("servers").Items()
	if len(servers) == 0 {
		return
	}
	at := servers[0].Get("url")
	for _, name := range variable.FindAllString(at.Text(), -1) {
		if !servers[0].Get("variables").Get(strings.Trim(name, "{}")).Has("default") {
			b.problems.Add(&diag.Problem{Pos: at.Pos(), Message: "the URL of the server has the variable " + name + ", which has no default",
				Help: "declare it below variables, with a default"})
		}
	}
}

// readVariables reads the variables of the document's server, of which those that have one value are not for callers to choose.
func (b *builder) readVariables() {
	servers := b.root.Get("servers").Items()
	if len(servers) == 0 {
		return
	}
	at := servers[0].Get("url")
	s := &api.Server{URL: strings.TrimRight(at.Text(), "/"), Pos: at.Pos()}
	choice := false
	for _, m := range servers[0].Get("variables").Members() {
		v := &api.ServerVariable{Name: m.Key, Default: m.Value.Get("default").Text(), Doc: docOf(m.Value)}
		for _, value := range m.Value.Get("enum").Items() {
			v.Values = append(v.Values, value.Text())
		}
		if strings.Contains(s.URL, "{"+m.Key+"}") && m.Value.Has("default") {
			s.Variables = append(s.Variables, v)
			choice = choice || len(v.Values) != 1
		}
	}
	if choice {
		b.api.Server = s
	}
}

// nameServer names the option that fills in the variables of the server.
func (b *builder) nameServer(pkg *naming.Namespace) {
	s := b.api.Server
	if s == nil {
		return
	}
	pkg.Give([]naming.Claim{{Forms: []string{"Server", "ServerVariables", "ServerAddress"}, Rank: naming.Derived,
		What: "the variables of the server", Pos: s.Pos,
		Taken: func(name string) { s.TypeName = name }}})
	pkg.Give([]naming.Claim{{Forms: []string{"With" + s.TypeName, "With" + s.TypeName + "Option"}, Rank: naming.Derived,
		What: "the option of the server's variables", Pos: s.Pos,
		Taken: func(name string) { s.Option = strings.TrimPrefix(name, "With") }}})
	fields := naming.New(b.problems)
	var claims []naming.Claim
	for _, v := range s.Variables {
		claims = append(claims, naming.Claim{Forms: naming.Forms("", v.Name, "Variable"), Rank: naming.Derived, What: "the variable " +
			diag.Quote(v.Name), Pos: s.Pos,
			Taken: func(name string) { v.GoName = name }})
	}
	fields.Give(claims)
}

// readServer reads the server that an operation, or its path, has for itself.
func (b *builder) readServer(o *operation, nodes ...source.Node) {
	for _, n := range nodes {
		if len(n.Get("servers").Items()) == 0 {
			continue
		}
		o.BaseURL, o.ownServer = serverOf(n), true
		if err := checkServer(o.BaseURL); err != nil {
			o.problems.Add(&diag.Problem{Pos: n.Get("servers").Items()[0].Pos(), Message: "the operation has a server of its own, and its URL " +
				err.Error(),
				Help: "write https, a host and a path, and give every variable a default"})
		}
		return
	}
}

// variable is the placeholder of a server's variable.
var variable = regexp.MustCompile(`\{[^}]*\}`)

// checkServer says why requests cannot be sent to a server.
func checkServer(address string) error {
	u, err := url.Parse(address)
	switch {
	case variable.MatchString(address):
		return errors.New("has a variable without a default")
	case err != nil || strings.ContainsFunc(address, isUnprintable):
		return errors.New("is malformed")
	case u.Scheme != "" && u.Scheme != "https" && u.Scheme != "http" || u.Opaque != "":
		return errors.New("is neither https nor http")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return errors.New("has more than a host and a path")
	}
	return nil
}

// decideServers makes the server that most operations share the client's; only those at another one keep their own. One without a
// host is on the document's.
func (b *builder) decideServers() {
	count := map[string]int{}
	best := b.api.BaseURL
	for _, o := range b.operations {
		o.BaseURL = b.absolute(o)
		count[o.BaseURL]++
	}
	for _, o := range b.operations {
		if count[o.BaseURL] > count[best] {
			best = o.BaseURL
		}
	}
	if b.api.BaseURL != best {
		b.api.Server = nil // nearly nothing is there
	}
	b.api.BaseURL = best
	for _, o := range b.operations {
		if o.BaseURL == best {
			o.BaseURL = ""
		}
	}
}

// absolute gives the base URL of an operation, with the host of the document's when it has none of its own.
func (b *builder) absolute(o *operation) string {
	document, err := url.Parse(b.api.BaseURL)
	if o.BaseURL == "" && !o.ownServer {
		return b.api.BaseURL
	}
	own, fault := url.Parse(o.BaseURL)
	switch {
	case o.BaseURL == "" && document != nil && document.Host == "":
		return "/"
	case err != nil || fault != nil || own.Host != "" || document.Host == "":
		return o.BaseURL
	}
	document.Path += "/" // relative to what is below it, not beside
	return strings.TrimRight(document.ResolveReference(own).String(), "/")
}
