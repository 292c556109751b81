package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// upserting are the operations of a service that create, or change who is there.
func (p *printer) upserting(s *api.Service) []*api.Operation {
	return p.operationsWith(api.FeatureUpsert, s, func(op *api.Operation) bool { return op.Upsert != nil && op.Upsert.Method != "" })
}

// upserts prints, for each of them, a method:
//
//	func (s *ThingsService) CreateOrUpdate(ctx context.Context, request CreateThingRequest, mutate func(*Thing) error, opts ...CallOption) (*Thing, error) {
//		return createOrUpdate(ctx, s.core, &upsertCreateThing, nil, jsonBody(request), mutate, opts)
//	}
func (p *printer) upserts(f *jen.File, s *api.Service) {
	for _, op := range p.upserting(s) {
		u := op.Upsert
		args := append([]jen.Code{jen.Id("ctx").Qual("context", "Context")}, typedArgs(op.PathParams)...)
		args = append(append(args, typedArgs(op.Required)...), bodyArg(op), mutator(u.Update), optionsArg())
		f.Add(doc(upsertDoc(op)...)).Line().
			Func().Params(receiver(s)).Id(u.Method).Params(args...).Params(pointerTo(u.Update.Type), jen.Error()).
			Block(jen.Return(jen.Id("createOrUpdate").Call(jen.Id("ctx"), jen.Id("s").Dot("core"), jen.Op("&").Id(u.VarName),
				keyValues(op.PathParams), bodyValue(op), jen.Id("mutate"), callOptions(op))))
		f.Line()
	}
}

func upsertDoc(op *api.Operation) []string {
	u := op.Upsert
	r := u.Update
	return []string{
		u.Method + " creates the " + thing(r) + " that request describes or, where the server says that there is one already, lets mutate " +
			"change that one, as " + r.Helper + " does. " +
			"What went away between the refusal and the change is created after all.",
		"Whatever happens, mutate gets the state that the server has. When that is not who is meant any more, it returns [ErrNotThis], and " +
			"creating is tried again. " +
			"A request that says nothing that one could be known by is refused before it is sent.",
		"[Report] tells what was done: its outcome is [Created], or that of the change. After a lost response to creating it is sent again, " +
			"since the server makes no second one; " +
			"if it then says that there is one, nothing tells whether that is ours or a rival's, and the call ends with [ErrAmbiguousWrite], or " +
			"goes on with mutate under [Idempotent].",
		"HTTP: " + op.Method + " " + op.Path + ", then " + r.Read.Method + " " + r.Read.Path + " and " + r.Write.Method + " " + r.Write.Path,
	}
}

func (p *printer) upsertTraits(f *jen.File, s *api.Service) {
	descriptors(f, "How operations of "+s.TypeName+" find who is there already.", p.upserting(s), func(op *api.Operation) jen.Code {
		u := op.Upsert
		return jen.Id(u.VarName).Op("=").Id("upsertDescriptor").Add(rows(
			[]pair{{"create", address(op)}, {"update", jen.Op("&").Id(u.Update.VarName)}},
			[]pair{{"exists", jen.Id("conflictRule").Add(conflictRule(u.Exists))}},
			[]pair{{"key", pointers(u.Key)}, {"by", pointers(u.By)}, {"unless", text(u.Unless)}},
		))
	})
}
