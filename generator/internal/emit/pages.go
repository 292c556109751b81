package emit

import (
	"github.com/dave/jennifer/jen"

	"github.com/contactsgen/contactsgen/generator/internal/model"
)

// iterators prints, for each operation that answers in pages, its trait and its iterator:
//
//	func (s *ContactsService) ListAll(ctx context.Context, opts ...CallOption) iter.Seq2[*Contact, error] {
//		return items[Contact](ctx, s.core, &opListContacts, nil, body{}, &pageListContacts, opts)
//	}
func (p *printer) iterators(f *jen.File) {
	p.eachOperation(func(s *model.Service, op *model.Operation) {
		if op.Paging == nil {
			return
		}
		f.Add(pageTrait(op))
		f.Line()
		f.Add(iterator(s, op))
		f.Line()
	})
}

func pageVar(op *model.Operation) string { return "page" + op.VarName[len("op"):] }

func pageTrait(op *model.Operation) jen.Code {
	g := op.Paging
	return jen.Comment(pageVar(op) + " says how " + quoted(op.ID) + " answers in pages.").Line().
		Var().Id(pageVar(op)).Op("=").Id("pageTrait").Add(literal(
		pair{"items", text(g.Items)}, pair{"total", text(g.Total)},
		pair{"limit", location(g.Limit)}, pair{"offset", location(g.Offset)},
		pair{"cursorSend", location(g.CursorSend)}, pair{"cursorRead", location(g.CursorRead)},
		pair{"defaultLimit", number(g.DefaultLimit)}, pair{"maxLimit", number(g.MaxLimit)},
	))
}

func iterator(s *model.Service, op *model.Operation) jen.Code {
	args := append([]jen.Code{jen.Id("ctx").Qual("context", "Context")}, typedArgs(op.PathParams)...)
	args = append(args, typedArgs(op.Required)...)
	if op.Body != nil {
		args = append(args, bodyArg(op))
	}
	args = append(args, optionsArg())
	values := []jen.Code{
		jen.Id("ctx"), jen.Id("s").Dot("core"), jen.Op("&").Id(op.VarName), keyValues(op.PathParams), bodyValue(op), jen.Op("&").Id(pageVar(op)), callOptions(op),
	}
	return doc(
		op.Paging.Method+" goes through everything that ["+s.TypeName+"."+op.Name+"] answers, page by page. The first error is the last pair, and the iteration ends with it; leaving the loop ends it too.",
		optionsDoc(op),
		"HTTP: "+op.Method+" "+op.Path,
	).Line().
		Func().Params(receiver(s)).Id(op.Paging.Method).Params(args...).
		Qual("iter", "Seq2").Types(jen.Op("*").Add(goType(op.Paging.Item)), jen.Error()).
		Block(jen.Return(jen.Id("items").Types(goType(op.Paging.Item)).Call(values...)))
}

// waiters prints, for each operation that starts a job, its trait and its waiter.
func (p *printer) waiters(f *jen.File) {
	p.eachOperation(func(s *model.Service, op *model.Operation) {
		if op.Job == nil {
			return
		}
		f.Add(jobTrait(op))
		f.Line()
		f.Add(waiter(s, op))
		f.Line()
	})
}

func jobVar(op *model.Operation) string { return "job" + op.VarName[len("op"):] }

func jobTrait(op *model.Operation) jen.Code {
	j := op.Job
	return jen.Comment(jobVar(op) + " says how the job that " + quoted(op.ID) + " starts is followed.").Line().
		Var().Id(jobVar(op)).Op("=").Id("jobTrait").Add(literal(
		pair{"read", address(j.Read)}, pair{"args", pointers(j.Args)}, pair{"status", text(j.Status)},
		pair{"done", strs(j.Done)}, pair{"failed", strs(j.Failed)},
		pair{"total", text(j.Total)}, pair{"succeeded", text(j.Succeeded)}, pair{"failures", text(j.Failures)}, pair{"errors", text(j.Errors)},
	))
}

func waiter(s *model.Service, op *model.Operation) jen.Code {
	j := op.Job
	return doc(
		j.Method+" waits until the job that ["+s.TypeName+"."+op.Name+"] started has ended, and returns its last state. A job that failed, wholly or in part, is a [*JobError] with the job's own errors.",
		"It asks now and then, less often as time goes by, until ctx is done; [WithProgress] tells how far the job is.",
		"HTTP: "+j.Read.Method+" "+j.Read.Path,
	).Line().
		Func().Params(receiver(s)).Id(j.Method).
		Params(jen.Id("ctx").Qual("context", "Context"), jen.Id("started").Add(pointerTo(op.Result.Type)), optionsArg()).
		Params(pointerTo(j.Result), jen.Error()).
		Block(jen.Return(jen.Id("waitJob").Types(goType(j.Result)).Call(
			jen.Id("ctx"), jen.Id("s").Dot("core"), jen.Op("&").Id(jobVar(op)), jen.Id("started"), jen.Id("opts"),
		)))
}
