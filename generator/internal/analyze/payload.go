package analyze

import (
	"slices"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// readPayload reads how what was read becomes what is written; a write without one is an action.
func (t *revisionReader) readPayload(n source.Node) {
	if n.IsZero() {
		return
	}
	p := &api.Payload{As: n.Get("as").Text()}
	if at, ok := t.b.answerAt(t.read, n.Get("read")); ok {
		p.Read, t.payload = t.inResource(at, "the payload").At, at.Type
	}
	at, ok := t.b.requestAt(t.write, n.Get("send"))
	if !ok {
		return
	}
	p.Send, p.Type = at.At, at.Type
	if mask := n.Get("mask"); !mask.IsZero() {
		p.Mask = t.sent(mask)
	}
	switch atomic := n.Get("atomic"); {
	case atomic.Text() == "none":
		p.Merge = true
	case atomic.Kind() == source.Sequence:
		p.Atomic = t.membersOf(p.Type, atomic)
	}
	p.Exact = t.membersOf(p.Type, n.Get("exact"))
	p.Outside = slices.DeleteFunc(outside(t.payload, p.Type), func(name string) bool { // what names the resource may always be sent
		return slices.ContainsFunc(t.Identity, func(at api.Location) bool {
			return at.In == api.InBody && at.At == p.Read+"/"+jsonpointer.Escape(name)
		})
	})
	t.Payload = p
}

// outside lists the members that are read and that a request has no place for: it declares others, and that there are no more of them than
// those.
func outside(read, sent *api.Type) []string {
	if read == nil || sent == nil || read.Underlying() == sent.Underlying() || sent.Underlying().Kind != api.KindStruct ||
		sent.Underlying().Values != nil {
		return nil
	}
	var out []string
	for _, f := range read.Underlying().Fields {
		if sent.FieldNamed(f.Name) == nil {
			out = append(out, f.Name)
		}
	}
	return out
}

// membersOf reads a list of first-level members of the payload.
func (t *revisionReader) membersOf(payload *api.Type, n source.Node) []string {
	var out []string
	for _, item := range n.Items() {
		if next, have := payload.Step(api.Step{Name: item.Text()}); next == nil {
			t.b.problems.Add(diag.Missing(item.Pos(), "the payload", "property", item.Text(), have))
		}
		out = append(out, item.Text())
	}
	return out
}

// restOfRequest makes the members of a guarded write's body that are neither key nor token nor payload options of the call: a helper
// fills in the rest. Where the payload is the whole body, what the resource has is payload.
func (t *revisionReader) restOfRequest() {
	if t.Payload == nil || t.write.bodyType() == nil {
		return
	}
	taken := t.takenMembers()
	if t.Payload.Send != "" {
		taken = append(taken, t.Payload.Send)
	}
	members := rest(t.write.bodyType(), nil, taken)
	if t.Payload.Send == "" {
		members = slices.DeleteFunc(members, func(m *api.BodyMember) bool {
			next, _ := t.payload.Step(m.Path[0])
			return next != nil
		})
	}
	if len(members) == 0 {
		return
	}
	if t.write.Params == nil {
		t.write.Params = &api.Params{Operation: t.write.Operation}
	}
	t.write.Params.Members = members
}

// rest lists the members of a body that are not taken, descending only where something below a member is.
func rest(t *api.Type, at []api.Step, taken []string) []*api.BodyMember {
	t = t.Underlying()
	if t.Kind != api.KindStruct || slices.Contains(taken, api.Pointer(at)) {
		return nil
	}
	var out []*api.BodyMember
	for _, f := range t.Fields {
		here := append(slices.Clone(at), api.Step{Name: f.Name})
		p := api.Pointer(here)
		switch {
		case f.ReadOnly || slices.Contains(taken, p):
		case slices.ContainsFunc(taken, func(s string) bool { return len(s) > len(p) && s[:len(p)+1] == p+"/" }):
			out = append(out, rest(f.Type, here, taken)...)
		default:
			out = append(out, &api.BodyMember{Path: here, At: p, Doc: f.Doc, Type: f.Type})
		}
	}
	return out
}
