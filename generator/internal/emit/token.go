package emit

import (
	"fmt"
	"sort"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/godoc"
)

// tokenRequest prints how an app token is asked for; nil when the credential is not one.
func tokenRequest(c *api.Credential) jen.Code {
	switch t := c.Token; {
	case t != nil:
		var constants []jen.Code
		for _, k := range sortedKeys(t.Constants) {
			constants = append(constants, jen.Lit(k).Op(":").Lit(t.Constants[k]))
		}
		return jen.Op("&").Id("tokenRequest").Add(literal(
			pair{"url", text(t.URL)},
			pair{"constants", jen.Map(jen.String()).String().Values(constants...)},
			pair{"token", text(t.Token)}, pair{"expiresIn", text(t.ExpiresIn)},
		))
	case c.Flow != nil:
		return jen.Id("clientCredentials").Call(jen.Lit(c.Flow.URL))
	}
	return nil
}

// optionsOf names the options that can fill in a scheme, each as the format says.
func optionsOf(c *api.Credential, format string) string {
	s := fmt.Sprintf(format, c.Option)
	if c.Flow != nil {
		s += " or " + fmt.Sprintf(format, c.Flow.Option)
	}
	return s
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// tokenOption prints the option that makes a client ask for its own token.
func (p *printer) tokenOption(name string, c *api.Credential) jen.Code {
	var args []jen.Code
	values := []jen.Code{jen.Lit(c.Scheme)}
	var members []jen.Code
	for _, o := range c.Token.Options {
		args = append(args, jen.Id(o.GoName))
		members = append(members, jen.Lit(o.Member).Op(":").Id(o.GoName))
	}
	values = append(values, jen.Map(jen.String()).String().Values(members...))
	return doc(
		name+" makes the client ask for an access token and send it "+p.carried()+
			" The token is shared by all calls, asked for again before it runs out, and once more when the server refuses it.",
		godoc.Sentence(godoc.Clean(c.Doc)),
		"Neither the secret nor the token is ever logged, put into an error, or sent to another host.",
	).Line().
		Func().Id(name).Params(jen.List(args...).String()).Id("ClientOption").Block(
		jen.Return(jen.Id("withTokenRequest").Call(values...)),
	)
}

// mostScopes is how many scopes a comment lists.
const mostScopes = 12

// flowOption prints the option that makes a client ask for its own token by OAuth's client credentials:
//
//	func WithAppClientCredentials(clientID, clientSecret string, scopes ...string) ClientOption {
//		return withClientCredentials("app", clientID, clientSecret, scopes)
//	}
func (p *printer) flowOption(c *api.Credential) jen.Code {
	name, where := "With"+c.Flow.Option, " at "+quoted(c.Flow.URL)
	if c.Flow.URL == "" {
		where = ", at the URL given with [WithTokenURL],"
	}
	return doc(
		name+" makes the client ask"+where+" for an access token by OAuth's client credentials, and send it "+p.carried()+
			" The token is shared by all calls, asked for again before it runs out, and once more when the server refuses it.",
		"Without scopes the server gives those it gives by itself."+knownScopes(c.Flow.Scopes),
		"Neither the secret nor the token is ever logged, put into an error, or sent to another host.",
	).Line().
		Func().Id(name).Params(jen.List(jen.Id("clientID"), jen.Id("clientSecret")).String(), jen.Id("scopes").Op("...").String()).
		Id("ClientOption").Block(
		jen.Return(jen.Id("withClientCredentials").Call(jen.Lit(c.Scheme), jen.Id("clientID"), jen.Id("clientSecret"), jen.Id("scopes"))),
	)
}

// knownScopes says which scopes the description knows.
func knownScopes(scopes []string) string {
	if len(scopes) == 0 {
		return ""
	}
	var list []string
	for _, s := range scopes[:min(len(scopes), mostScopes)] {
		list = append(list, quoted(s))
	}
	if len(scopes) > mostScopes {
		list = append(list, fmt.Sprintf("and %d more", len(scopes)-mostScopes))
	}
	return " The description has " + strings.Join(list, ", ") + "."
}
