package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// iterators prints, for each operation that answers in pages, its descriptor and its iterator:
//
//	func (s *ContactsService) ListAll(ctx context.Context, opts ...CallOption) iter.Seq2[*Contact, error] {
//		return items[Contact](ctx, s.core, &opListContacts, nil, body{}, &pageListContacts, opts)
//	}
func (p *printer) iterators(f *jen.File, s *api.Service) {
	for _, op := range p.paged(s) {
		f.Add(iterator(s, op))
		f.Line()
	}
}

// paged are the operations of a service that have iterators.
func (p *printer) paged(s *api.Service) []*api.Operation {
	return p.operationsWith(api.FeatureIterators, s, func(op *api.Operation) bool { return op.Paging != nil })
}

func (p *printer) pageTraits(f *jen.File, s *api.Service) {
	descriptors(f, "How the operations of "+s.TypeName+" return pages.", p.paged(s), pageDescriptor)
}

func pageDescriptor(op *api.Operation) jen.Code {
	g := op.Paging
	return jen.Id(op.Paging.VarName).Op("=").Id("pageDescriptor").Add(rows(
		[]pair{{"items", text(g.Items)}, {"total", text(g.Total)}, {"defaultLimit", number(g.DefaultLimit)}, {"maxLimit", number(g.MaxLimit)}},
		[]pair{{"limit", location(g.Limit)}, {"offset", location(g.Offset)}},
		[]pair{{"cursorSend", location(g.CursorSend)}, {"cursorRead", location(g.CursorRead)}, {"cursorLink", flag(g.CursorLink)}},
		[]pair{{"cursorReplaces", locations(g.Replaces)}},
		[]pair{{"number", location(g.Number)}, {"first", number(g.First)}, {"count", text(g.Count)}},
	))
}

// iterator prints the iterator of items and the one of pages.
func iterator(s *api.Service, op *api.Operation) jen.Code {
	g := op.Paging
	out := doc(
		g.Method+" iterates over everything that ["+s.TypeName+"."+op.Name+"] returns, page by page. An error is the last pair. "+optionsDoc(op),
		"HTTP: "+op.Method+" "+op.Path,
	).Line().Add(ranger(s, op, g.Method, "eachItem", g.Item))
	if g.Pages == "" {
		return out
	}
	return out.Line().Line().Add(doc(g.Pages + " iterates over the same pages as [" + s.TypeName + "." + g.Method +
		"], and yields each page whole.")).Line().
		Add(ranger(s, op, g.Pages, "eachPage", op.Result.Type.Value()))
}

// ranger prints a method that calls a function of the runtime for an iterator.
func ranger(s *api.Service, op *api.Operation, name, function string, elem *api.Type) jen.Code {
	args := append([]jen.Code{jen.Id("ctx").Qual("context", "Context")}, typedArgs(op.PathParams)...)
	args = append(args, typedArgs(op.Required)...)
	if op.Body != nil {
		args = append(args, bodyArg(op))
	}
	args = append(args, optionsArg())
	values := []jen.Code{
		jen.Id("ctx"), jen.Id("s").Dot("core"), jen.Op("&").Id(op.VarName), keyValues(op.PathParams), bodyValue(op),
		jen.Op("&").Id(op.Paging.VarName), callOptions(op),
	}
	return jen.Func().Params(receiver(s)).Id(name).Params(args...).
		Qual("iter", "Seq2").Types(pointerTo(elem), jen.Error()).
		Block(jen.Return(jen.Id(function).Types(goType(elem)).Call(values...)))
}

// waiters prints, for each operation that starts a job, its descriptor and its waiter.
func (p *printer) waiters(f *jen.File, s *api.Service) {
	for _, op := range p.jobs(s) {
		f.Add(waiter(s, op))
		f.Line()
	}
}

// jobs are the operations of a service that have waiters.
func (p *printer) jobs(s *api.Service) []*api.Operation {
	return p.operationsWith(api.FeatureWaiters, s, func(op *api.Operation) bool { return op.Job != nil })
}

func (p *printer) jobTraits(f *jen.File, s *api.Service) {
	descriptors(f, "How the jobs that operations of "+s.TypeName+" start are followed.", p.jobs(s), jobDescriptor)
}

func jobDescriptor(op *api.Operation) jen.Code {
	j := op.Job
	return jen.Id(op.Job.VarName).Op("=").Id("jobDescriptor").Add(rows(
		[]pair{{"read", address(j.Read)}, {"args", pointers(j.Args)}, {"status", text(j.Status)}, {"done", strs(j.Done)},
			{"failed", strs(j.Failed)}},
		[]pair{{"total", pointers(j.Total)}, {"succeeded", pointers(j.Succeeded)}, {"failures", pointers(j.Failures)},
			{"errors", text(j.Errors)}},
	))
}

func waiter(s *api.Service, op *api.Operation) jen.Code {
	j := op.Job
	return doc(
		j.Method+" waits until the job that ["+s.TypeName+"."+op.Name+
			"] started has ended, and returns its last state. A job that failed, wholly or in part, is a [*JobError] with the job's own errors.",
		"It polls, less often as time goes by, until ctx is done; [WithProgress] reports how far the job is.",
		"HTTP: "+j.Read.Method+" "+j.Read.Path,
	).Line().
		Func().Params(receiver(s)).Id(j.Method).
		Params(jen.Id("ctx").Qual("context", "Context"), jen.Id("started").Add(pointerTo(op.Result.Type)), optionsArg()).
		Params(pointerTo(j.Result), jen.Error()).
		Block(jen.Return(jen.Id("waitJob").Types(goType(j.Result)).Call(
			jen.Id("ctx"), jen.Id("s").Dot("core"), jen.Op("&").Id(op.Job.VarName), jen.Id("started"), jen.Id("opts"),
		)))
}
