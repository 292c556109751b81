package emit

import (
	"sort"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/godoc"
)

// tokenRequest prints how an app token is asked for; nil when the credential is not one.
func tokenRequest(t *api.TokenRequest) jen.Code {
	if t == nil {
		return nil
	}
	var constants []jen.Code
	for _, k := range sortedKeys(t.Constants) {
		constants = append(constants, jen.Lit(k).Op(":").Lit(t.Constants[k]))
	}
	return jen.Op("&").Id("tokenRequest").Add(literal(
		pair{"url", text(t.URL)},
		pair{"constants", jen.Map(jen.String()).String().Values(constants...)},
		pair{"token", text(t.Token)}, pair{"expiresIn", text(t.ExpiresIn)},
	))
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
