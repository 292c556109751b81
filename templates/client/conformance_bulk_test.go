package client

import (
	"context"
	"fmt"
	"slices"

	"github.com/contactsgen/contactsgen/testdata/conformance"
)

// miniMember is a resource of an API that writes many at once.
type miniMember struct {
	ID       string  `json:"id,omitzero"`
	Revision string  `json:"revision,omitzero"`
	Nickname *string `json:"nickname,omitempty"`

	snapshot snapshot
}

func (m *miniMember) keepSnapshot(s snapshot) { m.snapshot = s }
func (m *miniMember) lastSnapshot() snapshot  { return m.snapshot }

// membersAPI is that API: an item of a request is what the request for one would be, with its key.
func membersAPI() *miniAPI {
	read := &operation{id: "getMember", method: "GET", path: "/members/{id}", safe: true, result: "/member"}
	item := &operation{
		id: "bulkUpdateMembers", method: "POST", path: "/bulk/members/update", watch: watchWire,
		conflict: []conflictRule{{code: "REVISION_MISMATCH"}},
		codes:    []codeClass{{code: "MEMBER_NOT_FOUND", class: &ErrNotFound}, {code: "EMAIL_TAKEN", class: &ErrAlreadyExists}},
		errors:   &errorFormat{code: inBodyAt("/itemMetadata/error/code")},
	}
	each := &revisionDescriptor{
		write: item, read: read,
		readArgs: []argument{{write: 0}}, keys: []keyPlace{{at: inBodyAt("/member/id")}},
		resource: "/member", identity: []location{inBodyAt("/id")}, key: []pointer{"/id"},
		tokens:        []tokenPart{{read: inBodyAt("/member/revision"), send: inBodyAt("/member/revision"), reply: inBodyAt("/item/revision")}},
		order:         orderIncrements,
		payload:       payloadDescriptor{kind: payloadFields, send: "/member", mask: inBodyAt("/fieldMask")},
		shape:         objectShape(map[string]memberShape{"id": miniReadOnly, "revision": {}, "nickname": miniScalar}),
		replyResource: "/item", hasReply: true, wholeReply: true,
	}
	return &miniAPI{trait: each, many: &bulkDescriptor{
		op:    &operation{id: "bulkUpdateMembers", method: "POST", path: "/bulk/members/update", watch: watchWire},
		items: "/members", limit: 5, each: each,
		results: "/results", index: "/itemMetadata/originalIndex", id: "/itemMetadata/id", success: "/itemMetadata/success",
	}}
}

// CallMany makes the call of a case about many resources.
func (m *miniClient) CallMany(ctx context.Context, c conformance.Call, runs *int) (out []conformance.Result) {
	mutate := func(v *miniMember) error {
		*runs++
		nickname := ""
		if v.Nickname != nil {
			nickname = *v.Nickname
		}
		edited, err := conformance.EditNickname(c.Mutate, nickname)
		v.Nickname = &edited
		return err
	}
	parts := func(k string) []string { return []string{k} }
	for item, err := range bulkUpdate(ctx, m.core, m.api.many, slices.Values(c.Keys), parts, mutate, callOptionsNamed(c.Options)) {
		r := conformance.Result{Key: item.Key, Err: err, Report: miniReport(item.Report)}
		if item.Value != nil {
			r.ID, r.Info = item.Value.ID, item.Value
		}
		if item.Index != len(out) {
			r.Err = fmt.Errorf("item %d comes in place %d", item.Index, len(out))
		}
		out = append(out, r)
	}
	return out
}
