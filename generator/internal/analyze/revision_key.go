package analyze

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/diag"
	"github.com/contactsgen/contactsgen/generator/internal/source"
)

// isExpression tells whether a value of an extension names a place in a request.
func isExpression(n source.Node) bool {
	return n.IsString() && strings.HasPrefix(n.Text(), "$request.")
}

// keyArgument reads where a path parameter of the read comes from.
func (t *revisionReader) keyArgument(n source.Node) api.Argument {
	return api.Argument{Write: t.keyAt(n)}
}

// keyAt finds the part of the key that an expression names. The path parameters of the write are parts of its key by themselves; what the
// read is given from elsewhere in the write's request becomes one: both requests carry it, and whoever calls a helper has to say it.
func (t *revisionReader) keyAt(n source.Node) int {
	at, ok := t.b.requestAt(t.write, n)
	if !ok {
		return 0
	}
	if at.In == api.InPath {
		return slices.Index(t.write.PathParams, at.Param)
	}
	if under := at.Type.Underlying(); under.Kind != api.KindScalar && under.Kind != api.KindEnum {
		t.b.problems.Add(&diag.Problem{Pos: n.Pos(), Message: "what names the resource has to be a text, a number or a boolean",
			Help: "name a place below it"})
		return 0
	}
	for i, k := range t.Keys {
		if k.Send.In == at.In && k.Send.Name == at.Name && k.Send.At == at.At {
			return len(t.write.PathParams) + i
		}
	}
	k := &api.Key{Send: at.Location, Raw: at.In == api.InBody && !isText(at.Type), Arg: &api.Param{Name: at.Name, In: at.In, Type: at.Type,
		Pos: n.Pos()}}
	if at.In == api.InBody && len(at.path) > 0 {
		k.Arg.Name = at.path[len(at.path)-1].Name
	}
	t.keyNodes = append(t.keyNodes, n.Text())
	t.Keys = append(t.Keys, k)
	return len(t.write.PathParams) + len(t.Keys) - 1
}

// keyNames lists the parts of the key as an identity names them.
func (t *revisionReader) keyNames() []string { return append(names(t.write.PathParams), t.keyNodes...) }

// readAsks reads what of the key the read carries outside of its path.
func (t *revisionReader) readAsks(n source.Node) {
	for _, m := range n.Get("parameters").Members() {
		if !isExpression(m.Value) {
			continue
		}
		if p := t.parameterOf(t.read, m); p != nil && p.In != api.InPath {
			t.Asks = append(t.Asks, api.Ask{At: api.Location{In: p.In, Name: p.Name, Pos: m.KeyPos}, Key: t.keyAt(m.Value)})
		}
	}
	body := n.Get("requestBody")
	if body.IsZero() {
		return
	}
	constant, ok := t.readTemplate(body, t.read.bodyType(), nil)
	if !ok {
		return
	}
	data, err := json.Marshal(constant)
	t.b.problems.Merge(err)
	t.ReadBody = string(data)
}

// readTemplate reads the body of the read: constants, and expressions in their place. It gives the constants.
func (t *revisionReader) readTemplate(n source.Node, typ *api.Type, at []api.Step) (any, bool) {
	if typ == nil {
		t.b.problems.Add(&diag.Problem{Pos: n.KeyPos(), Message: t.read.ID + " takes no JSON body", Help: "leave requestBody out"})
		return nil, false
	}
	if isExpression(n) {
		t.Asks = append(t.Asks, api.Ask{At: api.Location{In: api.InBody, At: api.Pointer(at), Pos: n.Pos()}, Key: t.keyAt(n), Raw: !isText(typ)})
		return nil, true
	}
	if n.Kind() != source.Mapping {
		data, err := n.JSON()
		t.b.problems.Merge(err)
		return json.RawMessage(data), err == nil
	}
	constants := map[string]any{}
	for _, m := range n.Members() {
		next, have := typ.Step(api.Step{Name: m.Key})
		if next == nil {
			t.b.problems.Add(diag.Missing(m.KeyPos, "the request body of "+t.read.ID, "property", m.Key, have))
			continue
		}
		if c, ok := t.readTemplate(m.Value, next, append(slices.Clone(at), api.Step{Name: m.Key})); ok && c != nil {
			constants[m.Key] = c
		}
	}
	return constants, true
}

// readRest finds what the helpers have to be given besides the key: required parameters of the write that no part of the extension fills
// in. And it tells an action that is nothing but its token, such as a removal, from one that has a request to build.
func (t *revisionReader) readRest() {
	for _, p := range t.write.Required {
		if !t.fills(p) {
			t.Required = append(t.Required, p)
		}
	}
	t.Bare = t.Payload == nil && (t.write.Body == nil || t.write.Body.Encoding == api.BodyJSON && t.write.bodyType() != nil &&
		t.write.bodyType().Underlying().Kind == api.KindStruct && len(rest(t.write.bodyType(), nil, t.takenMembers())) == 0)
}

// fills tells whether a part of the extension gives a parameter its value.
func (t *revisionReader) fills(p *api.Param) bool {
	return slices.ContainsFunc(t.places(), func(at api.Location) bool { return at.In == p.In && at.Name == p.Name })
}

// places lists the places of the request that the helpers fill in.
func (t *revisionReader) places() []api.Location {
	places := []api.Location{t.IdempotencyKey}
	if t.Payload != nil {
		places = append(places, t.Payload.Mask)
	}
	for _, part := range t.Tokens {
		places = append(places, part.Send)
	}
	for _, k := range t.Keys {
		places = append(places, k.Send)
	}
	return places
}

// takenMembers lists the places of the body that the helpers fill in, the payload apart.
func (t *revisionReader) takenMembers() []string {
	var taken []string
	for _, at := range t.places() {
		if at.In == api.InBody {
			taken = append(taken, at.At)
		}
	}
	return taken
}
