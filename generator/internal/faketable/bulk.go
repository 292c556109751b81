package faketable

import (
	"github.com/contactsgen/contactsgen/generator/internal/api"
	"github.com/contactsgen/contactsgen/templates/fake"
)

// bulk decides how many resources are written at once: each as the operation for one would, but for the places.
func (t *table) bulk(k *api.Bulk) *fake.Bulk {
	r := k.Each
	each := fake.Route{ID: k.Op.ID, Verb: fake.VerbUpdate, Collection: t.byPath[unnamed(r.Read.Path)].name, Guard: guard(r)}
	each.NotFound, each.Exists = codeOf(r.Write, "not-found", 404), codeOf(r.Write, "already-exists", 409)
	for _, a := range r.ReadArgs {
		if a.Write >= 0 {
			each.Key = append(each.Key, location(r.Keys[a.Write].Send))
		}
	}
	p := r.Payload
	each.Payload = fake.Payload{Send: p.Send, Read: p.Read, As: p.As, Mask: location(p.Mask)}
	return &fake.Bulk{
		Items: k.Items, Results: k.Results, Limit: k.Limit, Each: &each,
		Index: k.Index, ID: k.ID, Success: k.Success, Status: k.Status,
		Code: k.Errors.Code.At, Message: k.Errors.Message.At, Description: k.Errors.Description.At, Data: k.Errors.Data.At,
		Resource: r.ReplyResource,
	}
}
