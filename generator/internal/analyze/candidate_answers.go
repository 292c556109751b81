package analyze

import (
	"slices"
	"strings"

	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/generator/internal/jsonpointer"
)

// suggest finds what the description could say of its operations beside what it says.
func (b *builder) suggest() {
	for _, o := range b.operations {
		b.suggestPaging(o)
	}
	b.suggestRevisions()
	for _, o := range b.operations {
		b.suggestResult(o)
	}
	b.suggestErrors()
	b.suggestItemKeys()
}

// envelopeNames are what envelopes call what is in them, whatever it is.
var envelopeNames = []string{"data", "result", "item", "object", "resource", "response", "payload", "record", "entity"}

// suggestResult finds the resource in an answer that is an envelope, where it is called like what the operation is about.
func (b *builder) suggestResult(o *operation) {
	if o.Result.Kind != api.ResultJSON || b.has(o.node, "x-result") || o.PagingCandidate != nil || o.Paging != nil {
		return
	}
	f := envelope(o.answer.Underlying())
	if f == nil {
		return
	}
	name := strings.Join(lowerWords(f.Name), "")
	if slices.Contains(envelopeNames, name) || slices.Contains(o.nouns(), name) {
		o.ResultCandidate = api.Location{In: api.InBody, At: "/" + jsonpointer.Escape(f.Name), Pos: f.Pos}
	}
}

// codePlaces and messagePlaces are where error answers usually have their code and their text.
var (
	codePlaces = []string{"/error/code", "/error/errorCode", "/errors/0/code", "/errorCode", "/error_code", "/code", "/fault/code",
		"/error/type", "/error/status", "/status_code"}
	messagePlaces = []string{"/error/message", "/errors/0/message", "/errors/0/detail", "/message", "/detail", "/error_description",
		"/error/description", "/description", "/title", "/msg"}
)

// suggestErrors finds where most of the declared error answers have a code. Without one there is nothing to say: what errors usually carry
// is looked for anyway.
func (b *builder) suggestErrors() {
	if b.has(b.root, "x-errors") {
		return
	}
	var bodies []*api.Type
	for _, o := range b.operations {
		for _, f := range o.failures {
			if f.body != nil && f.body.Underlying().HasFields() && !slices.Contains(bodies, f.body.Underlying()) {
				bodies = append(bodies, f.body.Underlying())
			}
		}
	}
	code := usual(bodies, codePlaces)
	if code == "" {
		return
	}
	b.api.ErrorsCandidate = &api.Errors{Code: api.Location{In: api.InBody, At: code}}
	if message := usual(bodies, messagePlaces); message != "" {
		b.api.ErrorsCandidate.Message = api.Location{In: api.InBody, At: message}
	}
}

// usual gives the first of some places that more than half of the bodies have, as a text or a number; "" is none.
func usual(bodies []*api.Type, places []string) string {
	for _, at := range places {
		n := 0
		for _, t := range bodies {
			if found := t.At(at); found != nil && found.Underlying().Kind != api.KindAny && found.IsScalar() {
				n++
			}
		}
		if 2*n > len(bodies) {
			return at
		}
	}
	return ""
}

// keyMembers are what items call what they are told apart by.
var keyMembers = []string{"id", "_id", "uid", "uuid", "guid"}

// suggestItemKeys finds the members by which the items of lists keep their identity, in what guarded writes write.
func (b *builder) suggestItemKeys() {
	seen := map[*api.Type]bool{}
	for _, o := range b.operations {
		switch {
		case o.Revision != nil && o.Revision.Payload != nil:
			b.itemKeysIn(o.Revision.Type, seen)
		case o.Candidate != nil && o.Candidate.Payload != nil:
			b.itemKeysIn(o.Candidate.Read.Result.Type, seen)
		}
	}
}

func (b *builder) itemKeysIn(t *api.Type, seen map[*api.Type]bool) {
	t = t.Underlying()
	if seen[t] {
		return
	}
	seen[t] = true
	for _, f := range t.Fields {
		next := f.Type.Underlying()
		if next.Kind == api.KindArray {
			next = next.Elem.Underlying()
			b.itemKeyOf(next)
		}
		b.itemKeysIn(next, seen)
	}
}

// itemKeyOf notes the key of the items of a list.
func (b *builder) itemKeyOf(t *api.Type) {
	if t.Kind != api.KindStruct || t.ItemKey != "" {
		return
	}
	schema := b.doc.At(t.Pointer)
	if schema.JSONPath() == "" || b.has(schema, "x-item-key") {
		return
	}
	for _, name := range keyMembers {
		if f := t.FieldNamed(name); f != nil && f.Type.IsScalar() {
			one := api.ItemKeyCandidate{Schema: schema.JSONPath(), Member: name}
			if !slices.Contains(b.api.ItemKeyCandidates, one) {
				b.api.ItemKeyCandidates = append(b.api.ItemKeyCandidates, one)
			}
			return
		}
	}
}
