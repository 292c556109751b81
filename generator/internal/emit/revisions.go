package emit

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/godoc"
)

// guarded are the operations of a service that have helpers, and bulk those that have bulk ones.
func (p *printer) guarded(s *api.Service) []*api.Operation {
	return p.operationsWith(api.FeatureHelpers, s, func(op *api.Operation) bool { return op.Revision != nil && op.Revision.Helper != "" })
}

func (p *printer) bulk(s *api.Service) []*api.Operation {
	return p.operationsWith(api.FeatureBulk, s, func(op *api.Operation) bool { return op.Bulk != nil && op.Bulk.Helper != "" })
}

// helpers prints the revision-aware methods of a service.
func (p *printer) helpers(f *jen.File, s *api.Service) {
	for _, op := range p.guarded(s) {
		for _, helper := range helpers(s, op.Revision) {
			f.Add(helper)
			f.Line()
		}
		if op.Revision.KeyName != "" {
			f.Add(keyStruct(s, op.Revision))
			f.Line()
		}
	}
	for _, op := range p.bulk(s) {
		f.Add(bulkWriteHelper(s, op))
		f.Line()
	}
}

// revisions prints how the tokens of a service's operations travel, and what the service is the first to need of the resources: the methods
// by which they keep their snapshots, and their shapes.
func (p *printer) revisions(f *jen.File, s *api.Service) {
	for _, op := range p.guarded(s) {
		f.Add(revisionDescriptor(p, op.Revision))
		f.Line()
	}
	for _, op := range p.bulk(s) {
		f.Add(revisionDescriptor(p, op.Bulk.Each))
		f.Line()
		f.Add(bulkDescriptor(op.Bulk))
		f.Line()
	}
	for _, t := range p.shapes.resources[s] {
		f.Add(snapshotMethods(t))
		f.Line()
		f.Add(teller(t))
		f.Line()
	}
	p.shapes.print(f, s)
}

// snapshotMethods prints the two methods by which a resource keeps the JSON it was read from.
func snapshotMethods(t *api.Type) jen.Code {
	self := jen.Id("v").Op("*").Id(t.Name)
	return jen.Func().Params(self.Clone()).Id("keepSnapshot").Params(jen.Id("s").Id("snapshot")).
		Block(jen.Id("v").Dot("snapshot").Op("=").Id("s")).Line().Line().
		Func().Params(self.Clone()).Id("lastSnapshot").Params().Id("snapshot").Block(jen.Return(jen.Id("v").Dot("snapshot")))
}

// teller prints the methods by which a resource is printed, logged and compared without what it keeps.
func teller(t *api.Type) jen.Code {
	told := make([]jen.Code, 0, 2*len(t.Tells))
	for _, tell := range t.Tells {
		value := jen.Id("v")
		for _, name := range tell.Fields {
			value.Dot(name)
		}
		if tell.Fields == nil {
			value.Dot("snapshot").Dot("header").Dot("Get").Call(jen.Lit(tell.Name))
		}
		told = append(told, jen.Lit(tell.Name), value)
	}
	method := func(about, name string, params []jen.Code, result, is jen.Code) jen.Code {
		return doc(about).Line().Func().Params(jen.Id("v").Id(t.Name)).Id(name).Params(params...).Add(result).Block(jen.Return(is)).Line().Line()
	}
	return jen.Add(
		method("String says which "+t.Name+" it is, and at which revision. The rest may be somebody's personal data.", "String", nil,
			jen.String(),
			jen.Id("resourceText").Call(append([]jen.Code{jen.Lit(t.Name)}, told...)...)),
		method(
			"LogValue is the same for package log/slog.",
			"LogValue",
			nil,
			jen.Qual("log/slog", "Value"),
			jen.Id("resourceValue").Call(told...),
		),
		method("Equal reports whether both have the same members, whatever they were read from.", "Equal", []jen.Code{jen.Id("other").Id(t.Name)},
			jen.Bool(),
			jen.Id("sameMembers").Call(jen.Op("&").Id("v"), jen.Op("&").Id("other"))),
	)
}

// helpers prints the revision-aware methods of one operation.
func helpers(s *api.Service, r *api.Revision) []jen.Code {
	var out []jen.Code
	if r.Helper != "" && r.Payload != nil {
		out = append(out, updateHelper(s, r))
	}
	switch {
	case r.Helper != "" && r.Bare:
		out = append(out, bareHelper(s, r))
	case r.Helper != "" && r.Payload == nil:
		out = append(out, actionHelper(s, r))
	}
	if r.From != "" {
		out = append(out, fromHelper(s, r))
	}
	if r.ThreeWay != "" {
		out = append(out, threeWayHelper(s, r))
	}
	switch {
	case r.Force != "" && r.Forced:
		out = append(out, forceActionHelper(s, r))
	case r.Force != "":
		out = append(out, forceHelper(s, r))
	}
	if r.Each != "" {
		out = append(out, eachHelper(s, r))
	}
	if r.EachFrom != "" {
		out = append(out, eachFromHelper(s, r))
	}
	return out
}

func pointerTo(t *api.Type) *jen.Statement { return jen.Op("*").Add(goType(t)) }

// mutator is the type of the callback of an update.
func mutator(r *api.Revision) jen.Code {
	return jen.Id("mutate").Func().Params(pointerTo(r.Type)).Error()
}

// helper prints one helper method: its arguments after ctx, and the call it consists of.
func helper(s *api.Service, r *api.Revision, name string, about []string, args []jen.Code, function jen.Code, values ...jen.Code) jen.Code {
	params := append([]jen.Code{jen.Id("ctx").Qual("context", "Context")}, args...)
	params = append(params, optionsArg())
	call := append([]jen.Code{jen.Id("ctx"), jen.Id("s").Dot("core"), jen.Op("&").Id(r.VarName)}, values...)
	call = append(call, helperOptions(r))
	return doc(about...).Line().
		Func().Params(receiver(s)).Id(name).Params(params...).Params(pointerTo(r.Type), jen.Error()).
		Block(jen.Return(jen.Add(function).Call(call...)))
}

func updateHelper(s *api.Service, r *api.Revision) jen.Code {
	return helper(s, r, r.Helper, updateDoc(r), append(helperArgs(r), mutator(r)),
		jen.Id("updateWithRetry"), keyValues(r.KeyParams()), jen.Id("mutate"))
}

func fromHelper(s *api.Service, r *api.Revision) jen.Code {
	return helper(s, r, r.From, fromDoc(r), append([]jen.Code{jen.Id("copied").Add(pointerTo(r.Type))},
		append(typedArgs(r.Required), mutator(r))...),
		jen.Id("updateFrom"), jen.Id("copied"), jen.Id("mutate"))
}

func threeWayHelper(s *api.Service, r *api.Revision) jen.Code {
	args := append([]jen.Code{jen.List(jen.Id("base"), jen.Id("desired")).Add(pointerTo(r.Type))}, typedArgs(r.Required)...)
	return helper(s, r, r.ThreeWay, threeWayDoc(r), append(args, jen.Id("resolve").Id("Resolver")),
		jen.Id("updateThreeWay"), jen.Id("base"), jen.Id("desired"), jen.Id("resolve"))
}

func forceHelper(s *api.Service, r *api.Revision) jen.Code {
	return helper(s, r, r.Force, forceDoc(r), append(helperArgs(r), jen.Id("payload").Add(goType(r.Payload.Type))),
		jen.Id("forceUpdate").Types(goType(r.Type), goType(r.Payload.Type)), keyValues(r.KeyParams()), jen.Id("payload"))
}

func forceActionHelper(s *api.Service, r *api.Revision) jen.Code {
	request := goType(r.Write.Body.Type)
	return helper(s, r, r.Force, forceActionDoc(r), append(helperArgs(r), jen.Id("request").Add(request.Clone())),
		jen.Id("forceAction").Types(goType(r.Type), request), keyValues(r.KeyParams()), jen.Id("request"))
}

func actionHelper(s *api.Service, r *api.Revision) jen.Code {
	build := jen.Id("build").Func().Params(pointerTo(r.Type)).Params(goType(r.Write.Body.Type), jen.Error())
	return helper(s, r, r.Helper, actionDoc(r), append(helperArgs(r), build),
		jen.Id("actWithRetry"), keyValues(r.KeyParams()), applied(r.Applied), jen.Id("build"))
}

func bareHelper(s *api.Service, r *api.Revision) jen.Code {
	check := jen.Id("check").Func().Params(pointerTo(r.Type)).Error()
	return helper(s, r, r.Helper, bareDoc(r), append(helperArgs(r), check),
		jen.Id("checkWithRetry"), keyValues(r.KeyParams()), jen.Id("check"))
}

// helperArgs are the arguments of a helper before its callback or payload.
func helperArgs(r *api.Revision) []jen.Code {
	return append(typedArgs(r.KeyParams()), typedArgs(r.Required)...)
}

// helperOptions passes the required parameters that no part of the descriptor fills in on in front of the caller's options.
func helperOptions(r *api.Revision) jen.Code { return withRequired(r.Write, r.Required) }

// thing is what a resource is called in prose: its type's name, linked.
func thing(r *api.Revision) string { return "[" + goType(r.Type).GoString() + "]" }

func httpLines(r *api.Revision) string {
	return "HTTP: " + r.Read.Method + " " + r.Read.Path + ", then " + r.Write.Method + " " + r.Write.Path
}

func updateDoc(r *api.Revision) []string {
	return []string{
		r.Helper + " reads the " + thing(r) + ", lets mutate change a copy of it, and writes what changed together with the token that was " +
			"read. When another " +
			"writer was faster, it waits, reads again and runs mutate on the new state. It never sends an old change with a new token.",
		"mutate may run several times. It gets a deep copy each time, must have no effects of its own and must not call the client. Returning " +
			"[ErrSkip] " +
			"leaves everything as it is; any other error ends the call as [ErrMutate]. " + payloadDoc(r) +
			" Write it so that it ensures something (\"add this " +
			"unless it is there\") instead of counting: then even a lost response can be resolved for you.",
		"The result is the " + thing(r) + " after the write; [Report] tells whether the server was seen to hold it. Errors: [ErrConflict] when " +
			"the attempts are used up, [ErrAmbiguousWrite] when a write may have been applied, " +
			"an [*APIError] for what the server refuses for other reasons, and the other kinds of [*UpdateError]. [WithReport] gives the counts.",
		paramsDoc(r.Write),
		httpLines(r),
	}
}

func payloadDoc(r *api.Revision) string {
	if r.Payload.Read == "" {
		return "Changing the identity, the token or a read-only member is a contract error, and nothing is written."
	}
	return "Only what is below " + strings.Join(strings.Split(strings.Trim(r.Payload.Read, "/"), "/"), ".") +
		" can be changed; an edit anywhere else, or of a read-only member, is a contract error, and nothing is written."
}

func paramsDoc(op *api.Operation) string {
	if op.Params == nil {
		return ""
	}
	return "Pass the rest of the request as [" + op.Params.TypeName + "]."
}

func fromDoc(r *api.Revision) []string {
	return []string{
		r.From + " is " + r.Helper + " starting from a copy that was read before. While the copy is current, it reads nothing and sends one " +
			"request. The copy is not changed.",
		"An error of mutate, or a mutate that changes nothing, counts only on fresh state: it reads the " + thing(r) +
			" and runs mutate once more, unless [TrustNoop] is given.",
		httpLines(r),
	}
}

func threeWayDoc(r *api.Revision) []string {
	return []string{
		r.ThreeWay + " applies to the " + thing(r) + " what the caller changed in a copy: base is the copy as it was read, desired the copy as " +
			"it should be. The difference is merged with " +
			"what others changed since. While base is current, it reads nothing and sends one request. Neither copy is changed.",
		"Where both sides changed the same member differently, resolve decides: [Ours], [Theirs], or your own function. With nil, or where it " +
			"does not decide, nothing is written " +
			"and the call fails with a [*MergeConflictError] that lists every such place. It fails with the same errors as " + r.Helper +
			" otherwise.",
		httpLines(r),
	}
}

func forceDoc(r *api.Revision) []string {
	how := "with the newest token, and again when another writer was faster"
	absent := "It never creates: what does not exist fails with [ErrNotFound]. It is bounded like " + r.Helper +
		" and fails with the same errors."
	if r.Escape != nil {
		how = "unconditionally and in one request, which the API allows"
		absent = "What it does to a resource that does not exist is up to the API. It fails with the same errors as " + r.Helper + "."
	}
	return []string{
		r.Force + " overwrites the resource with payload, " + how + ". It overwrites what others " +
			"changed, on purpose; where that matters, use " + r.Helper + ". Members that payload leaves out stay as they are if the API keeps them.",
		absent,
		paramsDoc(r.Write),
		forceLine(r),
	}
}

func forceActionDoc(r *api.Revision) []string {
	how := "with the newest token, and again when another writer was faster"
	if r.Escape != nil {
		how = "unconditionally and in one request, which the API allows"
	}
	return []string{
		r.Force + " sends request regardless of the current state, " + how +
			". It ignores what others did meanwhile, on purpose; where that matters, use " + r.Helper + ".",
		ambiguityDoc(r) + " Else it is bounded like " + r.Helper + " and fails with the same errors.",
		forceLine(r),
	}
}

func forceLine(r *api.Revision) string {
	if r.Escape != nil {
		return "HTTP: " + r.Write.Method + " " + r.Write.Path
	}
	return httpLines(r)
}

func actionDoc(r *api.Revision) []string {
	name := goType(r.Write.Body.Type).GoString()
	return []string{
		r.Helper + " reads the " + thing(r) + ", asks build for the request, and sends it with the token that was read. When another writer " +
			"was faster it reads again and asks build again for the new state.",
		"build gets a deep copy, may run several times and decides each time whether the action still makes sense; [ErrSkip] ends the call " +
			"without an action. The token in [" + name + "] is set for it.",
		ambiguityDoc(r),
		httpLines(r),
	}
}

func bareDoc(r *api.Revision) []string {
	lost := "After a lost response it sends nothing again and fails with [ErrAmbiguousWrite]."
	if r.Write.Method == "DELETE" {
		lost = "After a lost response it checks whether the " + thing(r) +
			" is gone. It sends the request again only if the resource is still there with the same token."
	}
	return []string{
		r.Helper + " reads the " + thing(r) + ", asks check whether to go on, and sends the request with the token that was read. When another " +
			"writer was faster it reads again and asks check again about the new state.",
		"check gets a deep copy and may run several times; nil always goes on. [ErrSkip] ends the call without a request, any other error as " +
			"[ErrMutate].",
		lost + " The result is what was read last, or the response.",
		httpLines(r),
	}
}

func ambiguityDoc(r *api.Revision) string {
	if r.Applied != nil {
		return "After a lost response it checks whether the action was applied before it sends anything again."
	}
	return "After a lost response it sends nothing again and fails with [ErrAmbiguousWrite]."
}

// revisionDescriptor prints
//
//	var revUpdateContact = revisionDescriptor{write: &opUpdateContact, read: &opGetContact, …}
func revisionDescriptor(p *printer, r *api.Revision) jen.Code {
	return jen.Comment(r.VarName + " says how the token of " + quoted(r.Write.ID) + " travels.").Line().
		Var().Id(r.VarName).Op("=").Id("revisionDescriptor").Add(rows(
		[]pair{{"write", address(r.Write)}, {"read", address(r.Read)}, {"readArgs", arguments(r.ReadArgs)}, {"keys", keys(r)},
			{"readKeyParams", asks(r.Asks)}},
		[]pair{{"readBody", text(r.ReadBody)}},
		[]pair{{"readParams", fixedParams(r.ReadParams)}},
		[]pair{{"projection", fixedParams(r.Projection)}},
		[]pair{{"resource", text(r.Resource)}, {"identity", locations(r.Identity)}, {"key", pointers(r.Key)}},
		[]pair{{"tokens", tokenParts(r.Tokens)}},
		[]pair{{"order", tokenOrder(r.Order)}, {"next", flag(r.Next)}, {"payload", payload(r.Payload)}},
		[]pair{{"conflict", carried(r)}, {"escape", escape(r.Escape)}, {"idempotencyKey", location(r.IdempotencyKey)}},
		[]pair{{"again", conflictRules(r.Again)}},
		[]pair{{"shape", p.shapes.reference(r.Type)}, {"replyResource", text(r.ReplyResource)}, {"hasReply", flag(r.HasReply)},
			{"wholeReply", flag(r.WholeReply)}},
	))
}

func address(op *api.Operation) jen.Code { return jen.Op("&").Id(op.VarName) }

func arguments(args []api.Argument) jen.Code {
	if len(args) == 0 {
		return nil
	}
	return jen.Index().Id("argument").ValuesFunc(func(g *jen.Group) {
		for _, a := range args {
			g.Add(inline(pair{"write", jen.Lit(a.Write)}, pair{"body", text(a.Body)}))
		}
	})
}

// keys prints where the write carries the parts of the key that are not in its path.
func keys(r *api.Revision) jen.Code {
	places := make([]api.Ask, len(r.Keys))
	for i, k := range r.Keys {
		places[i] = api.Ask{At: k.Send, Key: len(r.Write.PathParams) + i, Raw: k.Raw}
	}
	return asks(places)
}

func asks(places []api.Ask) jen.Code {
	if len(places) == 0 {
		return nil
	}
	var elems []jen.Code
	for _, a := range places {
		elems = append(elems, inline(pair{"at", location(a.At)}, pair{"key", jen.Lit(a.Key)}, pair{"raw", flag(a.Raw)}))
	}
	return jen.Index().Id("keyPlace").Add(list(elems))
}

func fixedParams(params []api.FixedParam) jen.Code {
	if len(params) == 0 {
		return nil
	}
	return jen.Index().Id("fixedParam").ValuesFunc(func(g *jen.Group) {
		for _, fp := range params {
			g.Add(inline(pair{"param", paramLiteral(fp.Param)}, pair{"value", strs(fp.Value)}))
		}
	})
}

func locations(ls []api.Location) jen.Code {
	if len(ls) == 0 {
		return nil
	}
	return jen.Index().Id("location").ValuesFunc(func(g *jen.Group) {
		for _, l := range ls {
			if l.In == api.Nowhere {
				g.Values()
				continue
			}
			g.Add(locationBody(l))
		}
	})
}

func pointers(ps []string) jen.Code {
	if len(ps) == 0 {
		return nil
	}
	return jen.Index().Id("pointer").ValuesFunc(func(g *jen.Group) {
		for _, p := range ps {
			g.Lit(p)
		}
	})
}

func tokenParts(parts []api.TokenPart) jen.Code {
	var elems []jen.Code
	for _, t := range parts {
		elems = append(elems, literal(
			pair{"read", location(t.Read)}, pair{"send", location(t.Send)}, pair{"reply", location(t.Reply)},
			pair{"form", tokenForm(t)}, pair{"unquoted", flag(t.Unquoted)}, pair{"asString", flag(t.AsString)},
		))
	}
	return jen.Index().Id("tokenPart").Add(list(elems))
}

// tokenForm prints what a part of a token has to look like.
func tokenForm(t api.TokenPart) jen.Code {
	switch t.Form {
	case api.EntityTag, api.BareTag:
		return jen.Id("entityTag").Add(inline(pair{"bare", flag(t.Form == api.BareTag)}, pair{"weak", flag(t.SendWeak)}))
	case api.HTTPDate:
		return jen.Id("httpDate").Add(inline(pair{"weak", flag(t.SendWeak)}))
	}
	return nil
}

// tokenOrder prints the runtime's constant for an order, which bears its name.
func tokenOrder(order string) jen.Code {
	if order == "opaque" {
		return nil
	}
	return jen.Id("order" + strings.ToUpper(order[:1]) + order[1:])
}

var payloadKinds = map[string]string{"merge-patch": "payloadPatch", "replace": "payloadWhole", "fields": "payloadFields"}

func payload(w *api.Payload) jen.Code {
	if w == nil {
		return nil
	}
	return jen.Id("payloadDescriptor").Add(inline(
		pair{"kind", jen.Id(payloadKinds[w.As])}, pair{"read", text(w.Read)}, pair{"send", text(w.Send)}, pair{"mask", location(w.Mask)},
		pair{"atomic", strs(w.Atomic)}, pair{"merge", flag(w.Merge)}, pair{"exact", strs(w.Exact)}, pair{"outside", strs(w.Outside)},
	))
}

func carried(r *api.Revision) jen.Code {
	token, entity := location(r.CarriedToken), location(r.CarriedEntity)
	if token == nil && entity == nil {
		return nil
	}
	return jen.Id("carriedState").Add(inline(pair{"token", token}, pair{"entity", entity}))
}

func escape(e *api.Escape) jen.Code {
	if e == nil {
		return nil
	}
	return jen.Id("escapeDescriptor").Add(inline(pair{"omit", flag(e.Omit)}, pair{"value", text(e.Value)}, pair{"flag", location(e.Flag)},
		pair{"on", text(e.On)}))
}

func applied(a *api.Applied) jen.Code {
	if a == nil {
		return jen.Nil()
	}
	return jen.Op("&").Id("appliedCheck").Add(inline(pair{"read", address(a.Read)}, pair{"args", arguments(a.Args)},
		pair{"identity", text(a.Identity)}))
}

// sentenceOf is the first sentence of a text, for lists.
func sentenceOf(text string) string {
	first, _ := firstSentence(godoc.Clean(text))
	return godoc.Sentence(strings.ReplaceAll(first, "\n", " "))
}
