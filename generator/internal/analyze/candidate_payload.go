package analyze

import (
	"net/http"
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
)

// part is an object within a request or an answer.
type part struct {
	at  string
	typ *api.Type
}

// parts lists an object that something is about and the objects that are its members.
func parts(at string, t *api.Type) []part {
	t = t.Underlying()
	out := []part{{at, t}}
	for _, f := range t.Fields {
		if inner := f.Type.Underlying(); inner.Kind == api.KindStruct {
			out = append(out, part{at + "/" + jsonpointer.Escape(f.Name), inner})
		}
	}
	return out
}

// payloadFor finds the part of the resource that a write takes; nil where it takes something else, or where that cannot be told. One type
// in both is what is meant; else the request has some of the members that were read.
func (o *operation) payloadFor(read *operation, c *api.Candidate) *api.CandidatePayload {
	body := o.bodyType()
	if body == nil || o.Body.Encoding != api.BodyJSON {
		return nil
	}
	at, resource := read.Result.At, read.Result.Type.Underlying()
	if body.Underlying().Kind == api.KindMap {
		return o.freeForm(at, resource)
	}
	if body.Underlying().Kind != api.KindStruct {
		return nil
	}
	if f := envelope(resource); at == "" && f != nil {
		at, resource = "/"+jsonpointer.Escape(f.Name), f.Type.Underlying()
	}
	for _, fits := range []func(sent, have part) bool{
		func(sent, have part) bool { return sent.typ == have.typ },
		func(sent, have part) bool { return have.at == at && o.takesMembersOf(sent, have, c) },
	} {
		var found []api.CandidatePayload
		for _, sent := range parts("", body) {
			for _, have := range parts(at, resource) {
				if fits(sent, have) && sent.typ.HasFields() {
					found = append(found, api.CandidatePayload{Read: api.Location{In: api.InBody, At: have.at},
						Send: api.Location{In: api.InBody, At: sent.at}})
				}
			}
		}
		if i := slices.IndexFunc(found, func(p api.CandidatePayload) bool { return p.Send.At == "" }); i >= 0 {
			found = found[i : i+1] // the whole of it, not a part
		}
		if len(found) == 1 {
			return o.written(&found[0])
		}
	}
	return nil
}

// freeForm finds the only member of a resource that is of the free form which a write takes: a document beside what is kept of it.
func (o *operation) freeForm(at string, resource *api.Type) *api.CandidatePayload {
	var found *api.CandidatePayload
	for _, f := range resource.Fields {
		if f.Type.Underlying() != o.bodyType().Underlying() {
			continue
		}
		if found != nil {
			return nil
		}
		found = &api.CandidatePayload{Read: api.Location{In: api.InBody, At: at + "/" + jsonpointer.Escape(f.Name)},
			Send: api.Location{In: api.InBody}}
	}
	if found == nil {
		return nil
	}
	return o.written(found)
}

// written decides how a payload is written.
func (o *operation) written(p *api.CandidatePayload) *api.CandidatePayload {
	p.Mask = o.maskAt()
	switch {
	case p.Mask.In != api.Nowhere:
		p.As = "fields"
	case o.Method == http.MethodPatch:
		p.As = "merge-patch"
	default:
		p.As = "replace"
	}
	return p
}

// takesMembersOf tells whether all that a request sends beside its token is called, and formed, like a member of a resource.
func (o *operation) takesMembersOf(sent, have part, c *api.Candidate) bool {
	shared := 0
	for _, f := range sent.typ.Fields {
		at := sent.at + "/" + jsonpointer.Escape(f.Name)
		within := func(p api.TokenPart) bool {
			return p.Send.In == api.InBody && (p.Send.At == at || strings.HasPrefix(p.Send.At, at+"/"))
		}
		same := have.typ.FieldNamed(f.Name)
		switch {
		case same != nil && alikeValues(f.Type, same.Type):
			if !slices.ContainsFunc(c.Tokens, within) {
				shared++
			}
		case !slices.ContainsFunc(c.Tokens, within):
			return false
		}
	}
	return shared > 0
}

// alikeValues tells whether what is read as one type can be sent as another.
func alikeValues(x, y *api.Type) bool {
	x, y = x.Underlying(), y.Underlying()
	if x.IsScalar() && y.IsScalar() {
		return true
	}
	return api.CategoryOf(x) == api.CategoryOf(y)
}

// maskAt gives the query parameter that takes the list of changed members; nowhere when there is none.
func (o *operation) maskAt() api.Location {
	for _, p := range o.params {
		name, about := strings.ToLower(p.Name), strings.ToLower(p.Doc)
		named := strings.HasSuffix(name, "mask") || strings.HasSuffix(name, "fields")
		if p.In == api.InQuery && (named && strings.Contains(name, "update") || strings.Contains(about, "field mask") &&
			strings.Contains(about, "update")) {
			return api.Location{In: api.InQuery, Name: p.Name, Pos: p.Pos}
		}
	}
	return api.Location{}
}
