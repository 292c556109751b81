package analyze

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
)

// refuseOrSkip looks at what makes operations impossible: faults of their own, and of the types they reach. Each is a
// complaint, unless the caller wants such operations left out; then they are listed. What is wrong with a type that no operation reaches
// hurts nobody who leaves things out, and is a complaint to everybody else.
func (b *builder) refuseOrSkip() {
	if !b.options.SkipUnsupported {
		for _, o := range b.operations {
			b.problems.Merge(o.problems.Err())
		}
		for _, t := range b.faulty() {
			for _, p := range b.faults[t] {
				b.problems.Add(p)
			}
		}
		return
	}
	kept := b.operations[:0:0]
	for _, o := range b.operations {
		if p := b.firstFault(o); p != nil {
			b.api.Skipped = append(b.api.Skipped, api.Skipped{OperationID: o.ID, Method: o.Method, Path: o.Path, Problem: p})
			continue
		}
		kept = append(kept, o)
	}
	b.operations = kept
	b.dropOrphanedRelations()
}

// faulty lists the types with faults, in the order of the description.
func (b *builder) faulty() []*api.Type {
	var out []*api.Type
	for t := range b.faults {
		out = append(out, t)
	}
	slices.SortFunc(out, func(x, y *api.Type) int {
		switch {
		case x.Pos.Less(y.Pos):
			return -1
		case y.Pos.Less(x.Pos):
			return 1
		}
		return strings.Compare(x.Pointer, y.Pointer)
	})
	return out
}

// firstFault gives the first reason why an operation cannot be generated, nil when there is none.
func (b *builder) firstFault(o *operation) *diag.Problem {
	if o.problems.Len() > 0 {
		return o.problems.Problems()[0]
	}
	var first *diag.Problem
	reach(o.roots(), func(t *api.Type) {
		if list := b.faults[t]; first == nil && len(list) > 0 {
			first = list[0]
		}
	})
	return first
}

// dropOrphanedRelations takes away what operations say of operations that have been left out.
func (b *builder) dropOrphanedRelations() {
	kept := map[*api.Operation]bool{}
	for _, o := range b.operations {
		kept[o.Operation] = true
	}
	for _, o := range b.operations {
		if r := o.Revision; r != nil && (!kept[r.Read] || r.Applied != nil && !kept[r.Applied.Read]) {
			o.Revision, o.Unguarded = nil, "the operation that reads its state was left out"
		}
		if o.Upsert != nil && (!kept[o.Upsert.Update.Write] || !kept[o.Upsert.Update.Read]) {
			o.Upsert = nil
		}
		if o.Job != nil && !kept[o.Job.Read] {
			o.Job = nil
		}
	}
	if w := b.api.Webhooks; w != nil {
		w.Events = slices.DeleteFunc(w.Events, func(e *api.Event) bool { return e.Schema != nil && b.isFaulty(e.Schema) })
	}
}

// roots lists the types that an operation's method needs. Of an answer it is what the method returns, not what that comes wrapped in.
func (o *operation) roots() []*api.Type {
	out := []*api.Type{o.bodyType(), o.Result.Type}
	for _, p := range o.params {
		out = append(out, p.Type)
	}
	if o.Body != nil && o.Body.Form != nil {
		for _, p := range o.Body.Form.Parts {
			out = append(out, p.Type)
		}
		out = append(out, o.Body.Form.Rest)
	}
	return out
}

// reach visits types and everything they are made of, each once, in a fixed order.
func reach(roots []*api.Type, visit func(*api.Type)) {
	seen := map[*api.Type]bool{}
	var walk func(t *api.Type)
	walk = func(t *api.Type) {
		if t == nil || seen[t] {
			return
		}
		seen[t] = true
		visit(t)
		walk(t.Elem)
		walk(t.Values)
		for _, f := range t.Fields {
			walk(f.Type)
		}
		if t.Union != nil {
			for _, v := range t.Union.Variants {
				walk(v.Type)
			}
		}
	}
	for _, t := range roots {
		walk(t)
	}
}
