package suggest

import (
	"strings"
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// note is the resource of the description below: an object with a revision.
var note = &api.Type{Name: "Note", Kind: api.KindStruct,
	Fields: []*api.Field{{Name: "id", Type: &api.Type{Kind: api.KindScalar, Go: "string"}}}}

// notes gives a description of one write with a token that nothing guards, and the read that it comes from.
func notes(change func(read, write *api.Operation)) *api.API {
	id, parent := &api.Param{Name: "id", In: api.InPath}, &api.Param{Name: "folder id", In: api.InPath}
	envelope := &api.Type{Kind: api.KindStruct, Fields: []*api.Field{{Name: "a/b", Type: note}}}
	read := &api.Operation{ID: "getNote", Method: "GET", Path: "/folders/{folder id}/notes/{id}", PathParams: []*api.Param{parent, id},
		Result: api.Result{Type: envelope}}
	write := &api.Operation{
		ID: "updateNote", Method: "PATCH", Path: "/folders/{folder id}/notes/{id}", PathParams: read.PathParams, Body: &api.Body{Type: note},
		Candidate: &api.Candidate{
			Read: read, Tokens: []api.TokenPart{{Read: api.Location{In: api.InHeader, Name: "ETag"},
				Send: api.Location{In: api.InHeader, Name: "If-Match"}}},
			Payload: &api.CandidatePayload{Read: api.Location{In: api.InBody, At: "/a~1b"}, Send: api.Location{In: api.InBody}, As: "merge-patch"},
			Reason:  "it sends an entity tag", PassedOver: []string{"#/version, which is read-only"},
		},
		Overlay: "$.paths['/folders/{folder id}/notes/{id}'].patch",
	}
	change(read, write)
	return &api.API{Title: "Notes", Services: []*api.Service{{Operations: []*api.Operation{read, write}}}}
}

// TestOverlay keeps the promise of a whole overlay: everything that the description tells is filled in, and what it cannot tell is not
// guessed.
func TestOverlay(t *testing.T) {
	got, n, err := Overlay(notes(func(_, _ *api.Operation) {}))
	if err != nil || n != (Counts{Writes: 1, ToFillIn: 1}) {
		t.Fatalf("%+v, %v", n, err)
	}
	const want = `# FILL-IN: how a refused token shows. A status; and a code or a text too, where the status means other things as well.
overlay: 1.0.0
info:
  title: Revisions of Notes
  version: "1.0.0"
actions:
  # "updateNote": it sends an entity tag
  # passed over: "#/version, which is read-only"
  - target: $.paths['/folders/{folder id}/notes/{id}'].patch
    update:
      x-contactsgen-revision:
        read:
          operationId: getNote
          parameters:
            folder id: $request.path.folder id
            id: $request.path.id
        token:
          read: $response.header.ETag
          send: $request.header.If-Match
          order: opaque
        payload:
          read: $response.body#/a~1b
          send: $request.body
          as: merge-patch
        conflict:
          - status: FILL-IN
`
	if string(got) != want {
		t.Errorf("have\n%s\nwant\n%s", got, want)
	}
}

// What is said of a write follows from its candidate: what takes a mask names it, an action has no payload, a status that is known needs no
// filling in, and what no overlay reaches is left out.
func TestOverlayOfCandidates(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(write *api.Operation)
		want   Counts
		line   string // "": no action is about the write
	}{
		{"a mask", func(w *api.Operation) {
			w.Candidate.Payload.Mask = api.Location{In: api.InQuery, Name: "updateMask"}
		}, Counts{Writes: 1, ToFillIn: 1}, "mask: $request.query.updateMask"},
		{"the token that comes next", func(w *api.Operation) { w.Candidate.Next = true }, Counts{Writes: 1, ToFillIn: 1}, "use: next"},
		{"a known status", func(w *api.Operation) { w.Candidate.Conflict = []int{412} }, Counts{Writes: 1}, "- status: 412"},
		{"a status that may be it", func(w *api.Operation) {
			w.Candidate.Refusals = []string{"409"}
		}, Counts{Writes: 1, ToFillIn: 1}, "# declared: 409"},
		{"a header that nobody declared", func(w *api.Operation) {
			w.Candidate.Undeclared = []api.Undeclared{{Header: "ETag", Answer: "$.paths.x"}}
		}, Counts{Writes: 1, ToFillIn: 1}, "target: $.paths.x"},
		{"no candidate", func(w *api.Operation) { w.Candidate = nil }, Counts{}, ""},
		{"in another file", func(w *api.Operation) { w.Overlay = "" }, Counts{}, ""},
	} {
		text, n, err := Overlay(notes(func(_, w *api.Operation) { tt.change(w) }))
		if err != nil || n != tt.want || !strings.Contains(string(text), tt.line) ||
			(tt.line == "") != !strings.Contains(string(text), "updateNote") {
			t.Errorf("%s: %+v, %v\n%s", tt.name, n, err, text)
		}
	}
}

// What the read requires beside its path comes from the write where that has it, and is left to a person where it has not.
func TestReadParameters(t *testing.T) {
	word := &api.Type{Kind: api.KindScalar, Go: "string"}
	site, region := &api.Param{Name: "site", In: api.InQuery, Type: word}, &api.Param{Name: "region", In: api.InQuery, Type: word}
	a := notes(func(r, w *api.Operation) { r.Required, w.Required = []*api.Param{site, region}, []*api.Param{site} })
	ops := a.Services[0].Operations
	var got []string
	for _, n := range (&writer{}).readParameters(ops[1], ops[0]).Content {
		got = append(got, n.Value)
	}
	want := []string{"folder id", "$request.path.folder id", "id", "$request.path.id", "site", "$request.query.site", "region", "FILL-IN"}
	if len(got) != len(want) {
		t.Fatalf("%q, want %q", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%q, want %q", got[i], want[i])
		}
	}
}
