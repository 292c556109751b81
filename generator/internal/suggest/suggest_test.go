package suggest

import (
	"testing"

	"github.com/contactsgen/contactsgen/generator/internal/api"
)

// note is the resource of the description below: an object with a revision.
var note = &api.Type{Name: "Note", Kind: api.KindStruct, Fields: []*api.Field{{Name: "id", Type: &api.Type{Kind: api.KindScalar, Go: "string"}}}}

// notes gives a description of one write with a token that nothing guards, and the read that it comes from.
func notes(change func(read, write *api.Operation)) *api.API {
	id, parent := &api.Param{Name: "id", In: api.InPath}, &api.Param{Name: "folder id", In: api.InPath}
	envelope := &api.Type{Kind: api.KindStruct, Fields: []*api.Field{{Name: "a/b", Type: note}}}
	read := &api.Operation{ID: "getNote", Method: "GET", Path: "/folders/{folder id}/notes/{id}", PathParams: []*api.Param{parent, id}, Result: api.Result{Type: envelope}}
	write := &api.Operation{
		ID: "updateNote", Method: "PATCH", Path: "/folders/{folder id}/notes/{id}", PathParams: read.PathParams, Body: &api.Body{Type: note},
		Candidate: &api.Candidate{
			Read: read, Token: api.Location{In: api.InHeader, Name: "ETag"}, Send: api.Location{In: api.InHeader, Name: "If-Match"},
			Reason: "it sends an entity tag", PassedOver: []string{"#/version, which is read-only"},
		},
	}
	change(read, write)
	return &api.API{Title: "Notes", Services: []*api.Service{{Operations: []*api.Operation{read, write}}}}
}

// TestOverlay keeps the promise of a whole overlay: everything that the description tells is filled in, and what it cannot tell is not guessed.
func TestOverlay(t *testing.T) {
	got, n, err := Overlay(notes(func(_, _ *api.Operation) {}))
	if err != nil || n != 1 {
		t.Fatalf("%d suggestions, %v", n, err)
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

// What a suggestion says of a payload follows from the write: its method, its mask, and whether it takes the resource at all.
func TestPayload(t *testing.T) {
	mask := &api.Param{Name: "updateMask", In: api.InQuery}
	for _, tt := range []struct {
		name   string
		change func(read, write *api.Operation)
		as     string // "" is no payload
		mask   string
	}{
		{"PUT replaces", func(_, w *api.Operation) { w.Method = "PUT" }, "replace", ""},
		{"a mask", func(_, w *api.Operation) {
			w.Params = &api.Params{Fields: []*api.Param{{Name: "fields", In: api.InQuery}, mask}}
		}, "fields", "$request.query.updateMask"},
		{"fields of the answer", func(_, w *api.Operation) {
			w.Params = &api.Params{Fields: []*api.Param{{Name: "fields", In: api.InQuery}}}
		}, "merge-patch", ""},
		{"another body", func(_, w *api.Operation) { w.Body = &api.Body{Type: &api.Type{Kind: api.KindStruct}} }, "", ""},
		{"no body", func(_, w *api.Operation) { w.Body = nil }, "", ""},
		{"two members of the type", func(r, _ *api.Operation) {
			r.Result.Type = &api.Type{Kind: api.KindStruct, Fields: []*api.Field{{Name: "old", Type: note}, {Name: "new", Type: note}}}
		}, "", ""},
	} {
		a := notes(tt.change)
		ops := a.Services[0].Operations
		payload := suggestedPayload(ops[1], ops[0])
		said := map[string]string{}
		if payload != nil {
			for i := 0; i < len(payload.Content); i += 2 {
				said[payload.Content[i].Value] = payload.Content[i+1].Value
			}
		}
		if said["as"] != tt.as || said["mask"] != tt.mask {
			t.Errorf("%s: %v, want as %q and mask %q", tt.name, said, tt.as, tt.mask)
		}
	}
}

// A write that cannot name what the read answers is no suggestion: it makes the resource.
func TestOverlayLeavesOut(t *testing.T) {
	for name, change := range map[string]func(read, write *api.Operation){
		"no candidate": func(_, w *api.Operation) { w.Candidate = nil },
		"a creation":   func(_, w *api.Operation) { w.PathParams = nil },
	} {
		if _, n, err := Overlay(notes(change)); err != nil || n != 0 {
			t.Errorf("%s: %d suggestions, %v", name, n, err)
		}
	}
}

// What the read requires beside its path comes from the write where that has it, and is left to a person where it has not.
func TestReadParameters(t *testing.T) {
	site, region := &api.Param{Name: "site", In: api.InQuery}, &api.Param{Name: "region", In: api.InQuery}
	a := notes(func(r, w *api.Operation) { r.Required, w.Required = []*api.Param{site, region}, []*api.Param{site} })
	ops := a.Services[0].Operations
	var got []string
	for _, n := range readParameters(ops[1], ops[0]).Content {
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
