package emit

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/godoc"
)

// client prints
//
//	var api = description{…}
//	type Client struct { Contacts *ContactsService; … ; core *core }
//	func NewClient(opts ...ClientOption) (*Client, error) { … }
//	func (c *Client) With(opts ...ClientOption) (*Client, error) { … }
//	func WithAPIKey(value string) ClientOption { … }
func (p *printer) client(f *jen.File) {
	f.Add(p.description())
	f.Line()
	f.Add(doc(
		"Client calls "+p.title()+": a field for each group of operations.",
		"Make one with [NewClient] and share it: it is safe for use by many goroutines, and writers that share a client wait for each other "+
			"instead of conflicting.",
	))
	f.Type().Id("Client").StructFunc(func(g *jen.Group) {
		for _, s := range p.api.Services {
			g.Add(doc(group(s.Name, s))).Line().Id(s.Name).Op("*").Id(s.TypeName)
		}
		g.Line().Id("handle")
	})
	f.Line()
	f.Add(doc("NewClient makes a client. Options are checked here, so that a client that was made can be used: "+p.credentialRule(),
		"It makes no request."))
	f.Func().Id("NewClient").Params(jen.Id("opts").Op("...").Id("ClientOption")).Params(jen.Op("*").Id("Client"), jen.Error()).Block(
		jen.List(jen.Id("core"), jen.Err()).Op(":=").Id("newCore").Call(jen.Op("&").Id("api"), jen.Id("opts")),
		jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err())),
		jen.Return(jen.Id("clientOf").Call(jen.Id("core")), jen.Nil()),
	)
	f.Line()
	f.Add(doc(
		"With makes a client of the same options and more: of another site, account or user, say, with a credential of its own and "+
			"[WithTenant]. "+
			"Credentials that do not go with those given are left behind.",
		"All clients that are made from one another share transport, tokens and the budget of retries. Those of one tenant also share the "+
			"queues of resources, the measured "+
			"latency, and the time to hold back after a 429, so a client can be made for each call. One with credentials of its own and no tenant "+
			"shares none of these. "+
			"The server stays the same: for another one use [NewClient].",
	))
	f.Func().Params(jen.Id("c").Op("*").Id("Client")).Id("With").Params(jen.Id("opts").Op("...").Id("ClientOption")).
		Params(jen.Op("*").Id("Client"), jen.Error()).Block(
		jen.List(jen.Id("core"), jen.Err()).Op(":=").Id("c").Dot("core").Dot("with").Call(jen.Id("opts")),
		jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err())),
		jen.Return(jen.Id("clientOf").Call(jen.Id("core")), jen.Nil()),
	)
	f.Line()
	f.Func().Id("clientOf").Params(jen.Id("core").Op("*").Id("core")).Op("*").Id("Client").Block(
		jen.Return(jen.Op("&").Id("Client").Add(literal(p.clientFields()...))),
	)
	f.Line()
	f.Add(escapeHatch())
	p.server(f)
	for _, c := range p.api.Credentials {
		f.Line()
		f.Add(p.credentialOption(c))
		if c.Flow != nil {
			f.Line()
			f.Add(p.flowOption(c))
		}
	}
}

// server prints the option for the variables of the server's address:
//
//	type Server struct { Region string }
//	func WithServer(s Server) ClientOption {
//		return withServer("WithServer", "https://{region}.example.com", serverVariable{"region", s.Region, "eu", []string{"eu", "us"}})
//	}
func (p *printer) server(f *jen.File) {
	s := p.api.Server
	if s == nil {
		return
	}
	f.Line()
	f.Add(doc(s.TypeName + " chooses where " + p.title() + " is: " + godoc.Clean(s.URL) + ". A field that is empty has its default."))
	f.Type().Id(s.TypeName).StructFunc(func(g *jen.Group) {
		for _, v := range s.Variables {
			if about, ok := godoc.Noun(v.GoName, v.Doc); ok {
				g.Add(doc(godoc.Sentence(about)))
			}
			g.Id(v.GoName).String().Comment(choices(v))
		}
	})
	f.Line()
	f.Add(doc("With" + s.Option + " sends requests to another server than that of the defaults. Values that are none of those described are " +
		"an error of [NewClient]; " +
		"[WithBaseURL] goes before it."))
	f.Func().Id("With" + s.Option).Params(jen.Id("s").Id(s.TypeName)).Id("ClientOption").Block(
		jen.Return(jen.Id("withServer").CallFunc(func(g *jen.Group) {
			g.Lit("With" + s.Option)
			g.Lit(s.URL)
			for _, v := range s.Variables {
				g.Id("serverVariable").ValuesFunc(func(g *jen.Group) {
					g.Lit(v.Name)
					g.Id("s").Dot(v.GoName)
					g.Lit(v.Default)
					g.Add(texts(v.Values))
				})
			}
		})),
	)
}

// mostChoices is how many values of a variable a comment lists.
const mostChoices = 6

// choices says which values a variable may have.
func choices(v *api.ServerVariable) string {
	about := "default " + quoted(v.Default)
	var others []string
	for _, value := range v.Values {
		if value != v.Default {
			others = append(others, quoted(value))
		}
	}
	if len(others) > mostChoices {
		return about + fmt.Sprintf(", or one of %d others", len(others))
	}
	if len(others) > 0 {
		about += ", or " + strings.Join(others, ", ")
	}
	return about
}

// texts prints a list of strings.
func texts(list []string) jen.Code {
	if list == nil {
		return jen.Nil()
	}
	return jen.Index().String().ValuesFunc(func(g *jen.Group) {
		for _, s := range list {
			g.Lit(s)
		}
	})
}

// escapeHatch prints the method for what the description lacks.
func escapeHatch() jen.Code {
	return doc(
		"Do calls what no method of the client does. The path begins with a slash and stays below the base URL, where credentials may go; "+
			"values in it, or in a query "+
			"behind it, have to be escaped. Unless it is nil, request is sent as JSON, and the response's JSON is decoded into what result points "+
			"at; a [*json.RawMessage] takes it unchanged.",
		"Any status from 200 to 299 is a success, anything else an [*APIError], which names neither the path nor the query. "+
			"GET, HEAD and OPTIONS are retried according to [RetryPolicy]; other methods are sent exactly once, and fail with [ErrAmbiguousWrite] "+
			"when no response arrives.",
	).Line().
		Func().Params(jen.Id("c").Op("*").Id("Client")).Id("Do").
		Params(jen.Id("ctx").Qual("context", "Context"), jen.List(jen.Id("method"), jen.Id("path")).String(),
			jen.List(jen.Id("request"), jen.Id("result")).Any(), optionsArg()).
		Error().Block(jen.Return(jen.Id("do").Call(
		jen.Id("ctx"), jen.Id("c").Dot("core"), jen.Id("method"), jen.Id("path"), jen.Id("request"), jen.Id("result"), jen.Id("opts"),
	)))
}

func (p *printer) clientFields() []pair {
	fields := []pair{{"handle", jen.Id("handle").Values(jen.Id("core"))}}
	for _, s := range p.api.Services {
		fields = append(fields, pair{s.Name, jen.Op("&").Id(s.TypeName).Values(jen.Id("handle").Values(jen.Id("core")))})
	}
	return fields
}

func (p *printer) title() string { return title(p.api) }

func title(a *api.API) string {
	if t := godoc.Clean(a.Title); t != "" {
		return strings.ReplaceAll(t, "\n", " ")
	}
	return "the API"
}

// group is the comment of a service or of the field that holds it.
func group(name string, s *api.Service) string {
	about := name + " has the operations of the tag " + quoted(s.Tag) + "."
	switch {
	case s.Group != "":
		about = name + " has the operations below " + quoted(s.Group) + " that have no tag."
	case s.Tag == "":
		about = name + " has the operations that have no tag."
	}
	return strings.TrimSpace(about + " " + sentenceOf(s.Doc))
}

func quoted(s string) string { return fmt.Sprintf("%q", godoc.Clean(s)) }

func (p *printer) description() jen.Code {
	return jen.Comment("api is what the description says about the API as a whole.").Line().
		Var().Id("api").Op("=").Id("description").Add(literal(
		pair{"name", text(p.api.Package)},
		pair{"baseURL", text(p.api.BaseURL)},
		pair{"credentials", p.credentialSchemes()},
		pair{"alternatives", requirement("requirement", p.api.Alternatives)}, pair{"requirements", p.requirements()},
		pair{"errors", errorFormat(&p.api.Errors)}, pair{"usual", usualErrors(&p.api.Errors)},
	))
}

func (p *printer) credentialSchemes() jen.Code {
	if len(p.api.Credentials) == 0 {
		return nil
	}
	var elems []jen.Code
	for _, c := range p.api.Credentials {
		elems = append(elems, inline(
			pair{"name", text(c.Scheme)}, pair{"option", text(optionsOf(c, "With%s"))}, pair{"in", jen.Id(places[c.In])},
			pair{"param", text(c.Param)}, pair{"prefix", text(c.Prefix)}, pair{"token", tokenRequest(c)},
		))
	}
	return jen.Index().Id("credentialScheme").Add(list(elems))
}

// requirements prints what operations accept that do not accept what the description does.
func (p *printer) requirements() jen.Code {
	var elems []jen.Code
	for _, sets := range p.api.Requirements {
		elems = append(elems, requirement("", sets))
	}
	if elems == nil {
		return nil
	}
	return jen.Index().Id("requirement").Add(list(elems))
}

// requirement prints sets of schemes, with their type where Go needs it.
func requirement(typ string, sets [][]string) jen.Code {
	if len(sets) == 0 {
		return nil
	}
	return jen.Id(typ).ValuesFunc(func(g *jen.Group) {
		for _, names := range sets {
			g.ValuesFunc(func(g *jen.Group) {
				for _, n := range names {
					g.Lit(n)
				}
			})
		}
	})
}

// credentialRule says in words which credentials a client needs.
func (p *printer) credentialRule() string {
	switch sets := p.credentialSets(p.api.Alternatives); {
	case len(p.api.Requirements) > 0:
		return "it needs the credentials of at least one operation, and takes none that no operation has a use for. A call carries those that " +
			"the description " +
			"has for it and no other, and fails with [ErrUnauthenticated], unsent, where the client lacks them."
	case len(sets) == 0:
		return "no credentials are needed."
	case len(sets) < len(p.api.Alternatives):
		return "it takes no credentials, or exactly one of these sets: " + strings.Join(sets, ", or ") + "."
	default:
		return "it needs exactly one of these sets of credentials: " + strings.Join(sets, ", or ") + "."
	}
}

// credentialSets names the options of each set of schemes that has some.
func (p *printer) credentialSets(sets [][]string) []string {
	option := map[string]string{}
	for _, c := range p.api.Credentials {
		option[c.Scheme] = optionsOf(c, "[With%s]")
	}
	var out []string
	for _, names := range sets {
		var links []string
		for _, n := range names {
			links = append(links, option[n])
		}
		if len(links) > 0 {
			out = append(out, strings.Join(links, " with "))
		}
	}
	return out
}

// carried is when a credential travels.
func (p *printer) carried() string {
	if len(p.api.Requirements) > 0 {
		return "with the requests that it is for."
	}
	return "with every request."
}

func (p *printer) credentialOption(c *api.Credential) jen.Code {
	name := "With" + c.Option
	if c.Token != nil {
		return p.tokenOption(name, c)
	}
	if c.Basic {
		return doc(name+" gives the client user and password of "+quoted(c.Scheme)+", sent "+p.carried(), godoc.Sentence(godoc.Clean(c.Doc)),
			"Neither is ever logged, put into an error, or sent to another host.").Line().
			Func().Id(name).Params(jen.List(jen.Id("user"), jen.Id("password")).String()).Id("ClientOption").Block(
			jen.Return(jen.Id("withBasic").Call(jen.Lit(c.Scheme), jen.Id("user"), jen.Id("password"))),
		)
	}
	about := "gives the client the credential " + quoted(c.Scheme) + ", sent as the " + string(c.In) + " " + quoted(c.Param) + " " +
		p.carried()
	return doc(name+" "+about, godoc.Sentence(godoc.Clean(c.Doc)), "The value is never logged, put into an error, or sent to another host.").
		Line().
		Func().Id(name).Params(jen.Id("value").String()).Id("ClientOption").Block(
		jen.Return(jen.Id("withCredential").Call(jen.Lit(c.Scheme), jen.Id("value"))),
	)
}

// usualErrors prints what reads errors of which the description does not say where they carry what.
func usualErrors(e *api.Errors) jen.Code {
	if *e != (api.Errors{}) {
		return nil
	}
	return jen.Id("usualErrors").Values()
}

func errorFormat(e *api.Errors) jen.Code {
	body := errorFormatBody(e)
	if body == nil {
		return nil
	}
	return jen.Id("errorFormat").Add(body)
}

func errorFormatBody(e *api.Errors) *jen.Statement {
	v := e.Violation
	members := inline(pair{"field", text(v.Field)}, pair{"description", text(v.Description)}, pair{"rule", text(v.Rule)},
		pair{"ruleName", text(v.RuleName)})
	var violation, wait jen.Code
	if v != (api.ViolationMembers{}) {
		violation = jen.Id("violationMembers").Add(members)
	}
	if e.RetryAfter > 0 {
		wait = jen.Lit(e.RetryAfter).Op("*").Qual("time", "Second")
	}
	fields := []pair{
		{"code", location(e.Code)}, {"message", location(e.Message)}, {"description", location(e.Description)}, {"data", location(e.Data)},
		{"violations", location(e.Violations)}, {"violation", violation}, {"requestID", location(e.RequestID)}, {"retryAfter", wait},
	}
	if len(codes(fields)) == 0 {
		return nil
	}
	return literal(fields...)
}
