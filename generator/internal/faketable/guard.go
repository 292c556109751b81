package faketable

import (
	"slices"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// payload decides where the request has what is written, and where it goes; false when the request holds nothing of the resource.
func (t *table) payload(op *api.Operation, res *resource) (fake.Payload, bool) {
	if op.Revision != nil {
		p := op.Revision.Payload
		if p == nil {
			return fake.Payload{}, false
		}
		return fake.Payload{Send: p.Send, Read: p.Read, As: p.As, Mask: location(p.Mask)}, true
	}
	if !hasJSON(op) {
		return fake.Payload{}, false
	}
	as := ""
	if op.Method == "PUT" {
		as = "replace"
	}
	body := op.Body.Type.Underlying()
	if res.revision != nil && res.revision.Payload != nil && res.revision.Payload.Send != "" && body.At(res.revision.Payload.Send) != nil {
		return fake.Payload{Send: res.revision.Payload.Send, Read: res.revision.Payload.Read, As: as}, true
	}
	if body == res.typ {
		return fake.Payload{As: as}, true
	}
	for _, f := range body.Fields {
		if typ := f.Type.Underlying(); typ == res.typ || "/"+segment(f.Name) == res.at && shares(typ, res.typ) {
			return fake.Payload{Send: "/" + segment(f.Name), As: as}, true
		}
	}
	return fake.Payload{As: as}, shares(body, res.typ)
}

// shares tells whether two objects have a member in common, one of them being free-form included.
func shares(a, b *api.Type) bool {
	if a.Kind == api.KindAny || a.Kind == api.KindMap {
		return true
	}
	return slices.ContainsFunc(a.Fields, func(f *api.Field) bool {
		return slices.ContainsFunc(b.Fields, func(g *api.Field) bool { return f.Name == g.Name })
	})
}

// guard puts a revision into the table.
func guard(r *api.Revision) *fake.Guard {
	g := &fake.Guard{
		Next:          r.Next,
		CarriedToken:  location(r.CarriedToken),
		CarriedEntity: location(r.CarriedEntity),
		Idempotency:   location(r.IdempotencyKey),
	}
	for _, part := range r.Tokens {
		g.Tokens = append(g.Tokens, fake.Sent{In: location(part.Send), Unquoted: part.Unquoted, AsString: part.AsString})
	}
	if len(r.Conflict) > 0 {
		c := r.Conflict[0]
		g.Conflict = fake.ConflictRule{Status: c.Status, Code: c.Code, Text: c.Text, Body: c.Body}
	}
	if e := r.Escape; e != nil {
		g.MayOmit, g.Any, g.Flag, g.On = e.Omit, e.Value, location(e.Flag), e.On
	}
	return g
}

func paging(p *api.Paging) *fake.Paging {
	out := &fake.Paging{
		Items: p.Items, Total: p.Total,
		Limit: location(p.Limit), Offset: location(p.Offset), Cursor: location(p.CursorSend), Next: location(p.CursorRead),
		Link: p.CursorLink, Number: location(p.Number), First: p.First, Count: p.Count,
		Default: p.DefaultLimit, Max: p.MaxLimit,
	}
	for _, l := range p.Replaces {
		out.Replaces = append(out.Replaces, location(l))
	}
	return out
}

func errorFormat(e *api.Errors) fake.ErrorFormat {
	return fake.ErrorFormat{
		Code: location(e.Code), Message: location(e.Message), Description: location(e.Description), Data: location(e.Data),
		Violations: location(e.Violations), RequestID: location(e.RequestID),
		Violation: fake.ViolationMembers{Field: e.Violation.Field, Description: e.Violation.Description, Rule: e.Violation.Rule,
			RuleName: e.Violation.RuleName},
	}
}
