package analyze

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
	"github.com/contactsgen/contactsgen/generator/internal/naming"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// placeholder finds the parameters of a path template.
var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// readParameters reads the parameters of a path item and of its operation, the operation's replacing those of the same name
// and place, and sorts them into arguments and options.
func (b *builder) readParameters(o *operation, items []source.Node, hint string) {
	var declared []source.Node
	for _, n := range append(slices.Clone(items), o.node) {
		declared = append(declared, n.Get("parameters").Items()...)
	}
	for _, n := range declared {
		for _, p := range b.readParameter(o, n, hint) {
			same := func(have *api.Param) bool { return have.Name == p.Name && have.In == p.In }
			if i := slices.IndexFunc(o.params, same); i >= 0 {
				o.params[i] = p
				continue
			}
			o.params = append(o.params, p)
		}
	}
	b.pathParameters(o)
	params := &api.Params{Operation: o.Operation}
	for _, p := range o.params {
		switch {
		case p.In == api.InPath:
		case p.Required:
			o.Required = append(o.Required, p)
		default:
			params.Fields = append(params.Fields, p)
		}
	}
	if len(params.Fields) > 0 {
		o.Params = params
	}
}

// readParameter reads one parameter; none when it is not one that a caller gives, and several when it is the whole query (OpenAPI 3.2).
func (b *builder) readParameter(o *operation, n source.Node, hint string) []*api.Param {
	n, err := n.Follow()
	if err != nil {
		o.problems.Merge(err)
		return nil
	}
	p := &api.Param{Name: n.Get("name").Text(), In: api.Place(n.Get("in").Text()), Doc: withFacts(docOf(n), b.heard(n.Get("schema"))...),
		Pos: n.Pos()}
	p.Required, _ = n.Get("required").Bool()
	p.Deprecated, _ = n.Get("deprecated").Bool()
	p.Reason = deprecationOf(n)
	p.Chosen = b.chosenName(n, wordGoName)
	switch p.In {
	case api.InPath, api.InQuery, api.InCookie:
	case "querystring":
		return b.readQuery(o, n, hint)
	case api.InHeader:
		// OpenAPI: these are described elsewhere, and a parameter of the name is to be ignored.
		if slices.Contains([]string{"accept", "content-type", "authorization"}, strings.ToLower(p.Name)) {
			return nil
		}
	default:
		o.problems.Add(&diag.Problem{Pos: n.Pos(), Message: fmt.Sprintf("the parameter %s is in %s", diag.Quote(p.Name),
			diag.Quote(string(p.In))),
			Help: "a parameter is in path, query, header or cookie"})
		return nil
	}
	if p.Name == "" || strings.ContainsFunc(p.Name, isUnprintable) {
		o.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "a parameter has no name that can be sent",
			Help: "give it a name without control characters"})
		return nil
	}
	b.parameterType(o, n, p, hint)
	return []*api.Param{p}
}

// readQuery reads a parameter that is the whole query, written as a form: each member of it is a parameter.
func (b *builder) readQuery(o *operation, n source.Node, hint string) []*api.Param {
	media := n.Get("content").Get("application/x-www-form-urlencoded")
	schema, err := media.Get("schema").Follow()
	members := schema.Get("properties").Members()
	if err != nil || len(members) == 0 || len(n.Get("content").Members()) > 1 || media.Has("encoding") {
		o.problems.Add(&diag.Problem{Pos: n.Pos(),
			Message: fmt.Sprintf("the parameter %s is the whole query, in a form that the client cannot write", diag.Quote(n.Get("name").Text())),
			Help: "describe it as application/x-www-form-urlencoded with an object that has properties, or each parameter by itself as in: " +
				"query"})
		return nil
	}
	var required []string
	for _, r := range schema.Get("required").Items() {
		required = append(required, r.Text())
	}
	var out []*api.Param
	for _, m := range members {
		p := &api.Param{Name: m.Key, In: api.InQuery, Style: "form", Explode: true, Required: slices.Contains(required, m.Key),
			Doc: withFacts(docOf(m.Value), b.heard(m.Value)...), Pos: m.KeyPos}
		p.Type = b.schema(m.Value, hint+naming.Exported(m.Key)).Type
		out = append(out, p)
	}
	return out
}

// parameterType reads how a parameter is written. One that is described by a media type is written as JSON.
func (b *builder) parameterType(o *operation, n source.Node, p *api.Param, hint string) {
	hint += naming.Exported(p.Name)
	switch place := strings.Split(n.Pointer(), "/"); {
	case len(place) == 4 && place[1] == "components":
		hint = naming.Exported(jsonpointer.Unescape(place[3]))
	case len(place) == 5 && place[1] == "paths": // shared by the operations of the path, so it is named after none of them
		hint = naming.Exported(placeholder.ReplaceAllString(jsonpointer.Unescape(place[2]), "")) + naming.Exported(p.Name)
	}
	p.Style = map[api.Place]string{api.InQuery: "form", api.InCookie: "form", api.InPath: "simple", api.InHeader: "simple"}[p.In]
	// cookie (OpenAPI 3.2) says that nothing is escaped, as is so
	if s := n.Get("style").Text(); s != "" && (s != "cookie" || p.In != api.InCookie) {
		p.Style = s
	}
	p.Explode = p.Style == "form"
	if e, ok := n.Get("explode").Bool(); ok {
		p.Explode = e
	}
	p.AllowReserved, _ = n.Get("allowReserved").Bool()
	p.AllowReserved = p.AllowReserved && p.In == api.InQuery
	schema := n.Get("schema")
	if media := n.Get("content").Members(); len(media) > 0 {
		schema, p.Explode = media[0].Value.Get("schema"), false
		if !strings.HasPrefix(media[0].Key, "text/") {
			p.Style = "json"
		}
	}
	p.Type = b.schema(schema, hint).Type
	if n.Has("content") && p.Style != "json" && !p.Type.IsScalar() {
		o.problems.Add(&diag.Problem{Pos: n.Get("content").Pos(),
			Message: fmt.Sprintf("the parameter %s is more than a text, and has a media type of text", diag.Quote(p.Name)),
			Help:    "let its media type be application/json, or say its style instead"})
	}
	if !slices.Contains(stylesOf[p.In], p.Style) && !(p.Type.IsScalar() && contains(dullStyles, p.Style)) {
		b.refuseStyle(o, n, p)
	}
}

// stylesOf lists the styles that a parameter can be written in, by where it travels; dullStyles those in which the text of a scalar is just
// that; delimiters what stands between the elements of a list, where that is no comma.
var (
	stylesOf = map[api.Place][]string{
		api.InPath:   {"simple", "label", "matrix", "json"},
		api.InQuery:  {"form", "spaceDelimited", "pipeDelimited", "tabDelimited", "deepObject", "json"},
		api.InHeader: {"simple", "json"},
		api.InCookie: {"form", "json"},
	}
	dullStyles = []string{"simple", "form", "spaceDelimited", "pipeDelimited", "tabDelimited"}
	delimiters = map[string]string{"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}
)

// delimiterOf gives what stands between the elements of a list that is one part; "" where each is a part of its own, which is the default.
func delimiterOf(how source.Node) string {
	style := how.Get("style").Text()
	if apart, said := how.Get("explode").Bool(); apart || !said && (style == "" || style == "form") {
		return ""
	}
	if d := delimiters[style]; d != "" {
		return d
	}
	return ","
}

func (b *builder) refuseStyle(o *operation, n source.Node, p *api.Param) {
	pos := n.Get("style").Pos()
	o.problems.Add(&diag.Problem{Pos: pos, Message: fmt.Sprintf("the %s parameter %s has the style %s, which does not say how it is written",
		p.In, diag.Quote(p.Name), diag.Quote(p.Style)),
		Help: "write one of " + strings.Join(stylesOf[p.In][:len(stylesOf[p.In])-1], ", ")})
}

// splitPath takes the path of an operation apart. Descriptions tell operations at one path from each other by a query or a fragment; the
// query is sent, a fragment never is.
func (b *builder) splitPath(o *operation, path string) {
	path, _, _ = strings.Cut(path, "#")
	o.Path, o.Query, _ = strings.Cut(path, "?")
	if placeholder.MatchString(o.Query) {
		o.problems.Add(&diag.Problem{Pos: o.Pos, Message: fmt.Sprintf("the path %s has a parameter in its query", diag.Quote(path)),
			Help: "leave the query out of the path, and describe its parameters as in: query"})
	}
	if _, err := url.ParseQuery(o.Query); err != nil || strings.ContainsFunc(o.Query, func(c rune) bool { return c <= ' ' || c >= 0x7f }) {
		o.problems.Add(&diag.Problem{Pos: o.Pos, Message: fmt.Sprintf("the path %s has a query with characters that must be escaped",
			diag.Quote(path)),
			Help: "write them as %XX"})
	}
}

// pathParameters puts the path's parameters in the order of its template. A placeholder that nobody describes is a string.
func (b *builder) pathParameters(o *operation) {
	for _, match := range placeholder.FindAllStringSubmatch(o.Path, -1) {
		name := match[1]
		i := slices.IndexFunc(o.params, func(p *api.Param) bool { return p.In == api.InPath && p.Name == name })
		if i < 0 {
			o.params = append(o.params, &api.Param{Name: name, In: api.InPath, Style: "simple", Required: true, Pos: o.Pos,
				Type: &api.Type{Kind: api.KindScalar, Go: "string", Pos: o.Pos}})
			i = len(o.params) - 1
		}
		if slices.Contains(o.PathParams, o.params[i]) {
			o.problems.Add(&diag.Problem{Pos: o.Pos, Message: fmt.Sprintf("the path %s has {%s} twice", o.Path, name)})
			continue
		}
		o.PathParams = append(o.PathParams, o.params[i])
	}
	for _, p := range o.params {
		if p.In == api.InPath && !slices.Contains(o.PathParams, p) {
			o.problems.Add(&diag.Problem{Pos: p.Pos, Message: fmt.Sprintf("the path %s has no place for the parameter {%s}", o.Path, p.Name),
				Help: "add it to the path, or let it be a query parameter"})
		}
	}
}
