package emit

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/godoc"
)

// service prints all there is of a service: its type and plain methods, what stands on top of them, and the descriptors that all of these
// pass on. A plain method is
//
//	func (s *ContactsService) Get(ctx context.Context, contactID string, opts ...CallOption) (*Contact, error) {
//		return call[Contact](ctx, s.core, &opGetContact, []string{contactID}, body{}, opts)
//	}
func (p *printer) service(f *jen.File, s *api.Service) {
	f.Add(doc(group(s.TypeName, s)))
	f.Type().Id(s.TypeName).Id("struct").Values(jen.Id("handle"))
	for _, op := range s.Operations {
		f.Line()
		f.Add(doc(p.methodDoc(s, op)...))
		f.Add(method(s, op))
	}
	f.Line()
	p.helpers(f, s)
	p.upserts(f, s)
	p.iterators(f, s)
	p.waiters(f, s)
	p.params(f, s)
	p.forms(f, s)
	p.operations(f, s)
	p.failures(f, s)
	p.revisions(f, s)
	p.upsertTraits(f, s)
	p.pageTraits(f, s)
	p.jobTraits(f, s)
}

func receiver(s *api.Service) jen.Code { return jen.Id("s").Op("*").Id(s.TypeName) }

func method(s *api.Service, op *api.Operation) jen.Code {
	args := append([]jen.Code{jen.Id("ctx").Qual("context", "Context")}, typedArgs(op.PathParams)...)
	args = append(args, typedArgs(op.Required)...)
	if op.Body != nil {
		args = append(args, bodyArg(op))
	}
	args = append(args, optionsArg())
	return jen.Func().Params(receiver(s)).Id(op.Name).Params(args...).Add(results(op)).Block(jen.Return(invocation(op)))
}

func optionsArg() jen.Code { return jen.Id("opts").Op("...").Id("CallOption") }

// typedArgs prints parameters as arguments.
func typedArgs(params []*api.Param) []jen.Code {
	var out []jen.Code
	for _, p := range params {
		out = append(out, jen.Id(p.GoName).Add(goType(p.Type)))
	}
	return out
}

func bodyArg(op *api.Operation) jen.Code {
	b := op.Body
	switch {
	case b.Encoding == api.BodyStream:
		return jen.Id(b.GoName).Qual("io", "Reader")
	case b.Pointer:
		return jen.Id(b.GoName).Op("*").Add(bodyType(b))
	}
	return jen.Id(b.GoName).Add(bodyType(b))
}

func bodyType(b *api.Body) *jen.Statement {
	if b.Form != nil {
		return jen.Id(b.Form.TypeName)
	}
	return goType(b.Type)
}

// byValue tells whether a result is returned as it is: things that can be nil by themselves, or compared.
func byValue(t *api.Type) bool {
	if t.IsPointer() {
		return true
	}
	switch t.Kind {
	case api.KindStruct, api.KindUnion:
		return false
	case api.KindRef:
		return byValue(t.Elem)
	}
	return true
}

func results(op *api.Operation) *jen.Statement {
	switch op.Result.Kind {
	case api.ResultNone:
		return jen.Error()
	case api.ResultStream:
		return jen.Params(jen.Qual("io", "ReadCloser"), jen.Error())
	}
	if byValue(op.Result.Type) {
		return jen.Params(goType(op.Result.Type), jen.Error())
	}
	return jen.Params(jen.Op("*").Add(goType(op.Result.Type)), jen.Error())
}

func invocation(op *api.Operation) jen.Code {
	args := []jen.Code{jen.Id("ctx"), jen.Id("s").Dot("core"), jen.Op("&").Id(op.VarName), keyValues(op.PathParams), bodyValue(op),
		callOptions(op)}
	switch op.Result.Kind {
	case api.ResultNone:
		return jen.Id("callNothing").Call(args...)
	case api.ResultStream:
		return jen.Id("callRaw").Call(args...)
	}
	c := jen.Id("call").Types(goType(op.Result.Type)).Call(args...)
	if byValue(op.Result.Type) {
		return jen.Id("valueOf").Call(c)
	}
	return c
}

func keyValues(params []*api.Param) jen.Code {
	if len(params) == 0 {
		return jen.Nil()
	}
	return jen.Index().String().ValuesFunc(func(g *jen.Group) {
		for _, p := range params {
			g.Add(asText(p))
		}
	})
}

// asText prints a parameter's value as a string expression.
func asText(p *api.Param) jen.Code {
	if !isPlainText(p) {
		return jen.Id("pathText").Call(paramLiteral(p), jen.Id(p.GoName))
	}
	return textOf(p.Type, jen.Id(p.GoName))
}

// textOf prints a value as a string expression.
func textOf(t *api.Type, v *jen.Statement) jen.Code {
	switch {
	case t.Name == "" && t.Kind == api.KindScalar && t.Go == "string":
		return v
	case t.Kind == api.KindEnum && t.EnumGo == "string", t.Kind == api.KindScalar && t.Go == "Timestamp", t.Kind == api.KindScalar &&
		t.Go == "string":
		return jen.String().Call(v)
	}
	return jen.Qual("fmt", "Sprint").Call(v)
}

// isPlainText tells whether a path parameter is nothing but the text of its value.
func isPlainText(p *api.Param) bool {
	t := p.Type.Underlying()
	scalar := t.Kind == api.KindEnum || t.Kind == api.KindScalar && t.Go != "[]byte" && t.Go != "float64"
	return p.In != api.InPath || scalar && p.Style != "label" && p.Style != "matrix" && p.Style != "json"
}

func bodyValue(op *api.Operation) jen.Code {
	switch b := op.Body; {
	case b == nil:
		return jen.Id("requestBody").Values()
	case b.Encoding == api.BodyStream:
		return jen.Id("requestBody").Values(jen.Id("upload").Op(":").Id("streamed").Call(jen.Id(b.GoName)))
	case b.Form != nil:
		return jen.Id("requestBody").Values(jen.Id("upload").Op(":").Id("multipartForm").Call(jen.Id(b.GoName).Dot("parts").Call()))
	case b.CanBeNil:
		return jen.Id("needed").Call(filledBody(b), jen.Lit(b.Nil))
	default:
		return jen.Id("jsonBody").Call(filledBody(b))
	}
}

// filledBody prints the value of a body. What is nil within a list or a map is filled before it is written.
func filledBody(b *api.Body) jen.Code {
	depth := b.Type.FillDepth()
	if depth == 0 {
		return jen.Id(b.GoName)
	}
	return jen.Id("filledTo").Call(jen.Id(b.GoName), jen.Lit(depth))
}

// callOptions passes the required parameters on in front of the caller's options.
func callOptions(op *api.Operation) jen.Code { return withRequired(op, op.Required) }

func withRequired(op *api.Operation, params []*api.Param) jen.Code {
	if len(params) == 0 {
		return jen.Id("opts")
	}
	given := jen.Index().Id("CallOption").ValuesFunc(func(g *jen.Group) {
		for _, p := range params {
			g.Id("requiredParam").Values(jen.Op("&").Id(op.VarName), paramLiteral(p), jen.Id(p.GoName))
		}
	})
	return jen.Append(given, jen.Id("opts").Op("..."))
}

func (p *printer) methodDoc(s *api.Service, op *api.Operation) []string {
	head := op.Name + " calls the operation " + quoted(op.ID) + "."
	about := godoc.Clean(op.Doc)
	if text, ok := godoc.Verb(op.Name, op.Summary); ok {
		head = godoc.Sentence(text)
	} else if first, rest := firstSentence(about); first != "" {
		text, _ := godoc.Verb(op.Name, first)
		head, about = godoc.Sentence(text), rest
	}
	out := []string{head, godoc.Sentence(about), strings.TrimSpace(optionsDoc(op) + " " + retriesDoc(s, op))}
	switch {
	case op.Deprecated && op.Reason == "":
		out = append(out, "Deprecated: the description marks this operation so.")
	case op.Deprecated:
		out = append(out, deprecation(true, op.Reason))
	}
	if op.BaseURL != "" {
		out = append(out, "The description has it at a server of its own. A client with [WithBaseURL] sends it to that one instead.")
	}
	if op.Security != 0 {
		out = append(out, p.securityDoc(op))
	}
	return append(out, "HTTP: "+op.Method+" "+op.BaseURL+op.Path+constantQuery(op))
}

func constantQuery(op *api.Operation) string {
	if op.Query == "" {
		return ""
	}
	return "?" + op.Query
}

// securityDoc says which credentials an operation carries that differs from others.
func (p *printer) securityDoc(op *api.Operation) string {
	accepts := p.api.Accepts(op)
	sets := p.credentialSets(accepts)
	switch {
	case len(sets) == 0:
		return "It carries no credentials."
	case len(sets) < len(accepts):
		return "It carries the credentials of " + strings.Join(sets, ", or ") + ", or none."
	}
	return "It needs the credentials of " + strings.Join(sets, ", or ") + "."
}

func firstSentence(text string) (first, rest string) {
	para, more, _ := strings.Cut(text, "\n\n")
	if i := strings.Index(para, ". "); i >= 0 {
		return para[:i+1], strings.TrimSpace(para[i+1:] + "\n\n" + more)
	}
	return para, more
}

func optionsDoc(op *api.Operation) string {
	if op.Params == nil || len(op.Params.Fields) == 0 {
		return ""
	}
	return "Pass optional parameters as [" + op.Params.TypeName + "]."
}

func retriesDoc(s *api.Service, op *api.Operation) string {
	switch {
	case op.Safe:
		return "It changes nothing and is retried according to [RetryPolicy]."
	case op.Bulk != nil && op.Bulk.Helper != "":
		return "It is sent exactly once: after a lost response it fails with [ErrAmbiguousWrite]. The response has the outcome of each item. [" +
			s.TypeName + "." + op.Bulk.Helper + "] reads and retries for you."
	case op.Revision != nil:
		text := "It is sent exactly once, with the token it is given. A stale token fails with [ErrConflict], a lost response with " +
			"[ErrAmbiguousWrite]."
		if h := op.Revision.Helper; h != "" {
			text += " [" + s.TypeName + "." + h + "] reads and retries for you."
		}
		return text
	}
	return "It is sent exactly once. After a lost response it fails with [ErrAmbiguousWrite] and may have been applied."
}
