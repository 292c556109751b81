package analyze

import (
	"fmt"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// readJob reads an x-job.
func (b *builder) readJob(o *operation, x source.Node) {
	before := b.problems.Len()
	read, ok := b.operationNamed(x.Get("read").Get("operationId"))
	if !ok {
		return
	}
	j := &api.Job{Read: read.Operation, Result: read.Result.Type, Pos: x.KeyPos()}
	j.Args = b.jobArguments(o, read, x.Get("read"))
	status, _ := b.answerAt(read, x.Get("status"))
	j.Status = status.At
	b.checkStates(status, x)
	if n := x.Get("errors"); !n.IsZero() {
		at, _ := b.answerAt(read, n)
		j.Errors = at.At
	}
	for _, one := range []struct {
		key string
		at  *[]string
	}{{"total", &j.Total}, {"succeeded", &j.Succeeded}, {"failures", &j.Failures}} {
		for _, n := range list(x.Get(one.key)) {
			at, _ := b.answerAt(read, n)
			*one.at = append(*one.at, at.At)
		}
	}
	j.Done, j.Failed = texts(x.Get("done")), texts(x.Get("failed"))
	if read.Result.Kind != api.ResultJSON {
		b.problems.Add(&diag.Problem{Pos: x.Get("read").Get("operationId").Pos(), Message: read.ID +
			" does not answer with JSON, so it cannot tell how far a job has come"})
	}
	if b.problems.Len() == before {
		o.Job = j
	}
}

// jobArguments reads where the path parameters of the job's read are in the answer of its start.
func (b *builder) jobArguments(o, read *operation, n source.Node) []string {
	args := make([]string, len(read.PathParams))
	given := n.Get("parameters")
	for i, p := range read.PathParams {
		value := given.Get(p.Name)
		if value.IsZero() {
			b.problems.Add(&diag.Problem{Pos: n.Get("operationId").Pos(),
				Message: fmt.Sprintf("nothing is said to fill in the path parameter %s of %s", diag.Quote(p.Name), read.ID),
				Help:    "add it to parameters, for instance " + p.Name + ": $response.body#/…"})
			continue
		}
		at, ok := b.answerAt(o, value)
		if ok && at.In != api.InBody {
			b.problems.Add(&diag.Problem{Pos: value.Pos(), Message: "this must name a place in the body of the answer of " + o.ID,
				Help: "begin it with $response.body#/"})
		}
		args[i] = at.At
	}
	for _, m := range given.Members() {
		if !contains(names(read.PathParams), m.Key) {
			b.problems.Add(diag.Missing(m.KeyPos, read.ID, "path parameter", m.Key, names(read.PathParams)))
		}
	}
	return args
}

// checkStates complains of final states that the status, if it is an enum, does not have.
func (b *builder) checkStates(at spot, x source.Node) {
	if at.Type == nil || at.Type.Underlying().Kind != api.KindEnum {
		return
	}
	var have []string
	for _, v := range at.Type.Underlying().Enum {
		have = append(have, v.Value)
	}
	for _, list := range []string{"done", "failed"} {
		for _, n := range x.Get(list).Items() {
			if !contains(have, n.Text()) {
				b.problems.Add(diag.Missing(n.Pos(), "the job's status", "value", n.Text(), have))
			}
		}
	}
}

// texts reads a list of strings; nil when it is not there.
func texts(n source.Node) []string {
	var out []string
	for _, item := range n.Items() {
		out = append(out, item.Text())
	}
	return out
}
