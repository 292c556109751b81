package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/contactsgen/contactsgen/testdata/conformance"
)

// The APIs of the conformance cases, and a client of each as the generator would write it, in small. All speak of the
// same thing; they differ in how its token travels.

type miniContact struct {
	ID       string      `json:"id,omitzero"`
	Revision json.Number `json:"revision,omitzero"`
	Updated  *string     `json:"updatedDate,omitzero"`
	Info     miniInfo    `json:"info,omitzero"`

	snapshot snapshot
}

type miniInfo struct {
	Name     miniName   `json:"name,omitzero"`
	JobTitle *string    `json:"jobTitle,omitzero"`
	Company  *string    `json:"company,omitzero"`
	Phones   miniPhones `json:"phones,omitzero"`
}

type miniName struct {
	First *string `json:"first,omitzero"`
	Last  *string `json:"last,omitzero"`
}

type miniPhones struct {
	Items []miniPhone `json:"items,omitzero"`
}

type miniPhone struct {
	ID        *string `json:"id,omitzero"`
	Phone     string  `json:"phone"`
	Formatted *string `json:"formattedPhone,omitzero"`
}

type miniMerge struct {
	Sources []string `json:"sourceContactIds"`
}

func (c *miniContact) keepSnapshot(s snapshot) { c.snapshot = s }
func (c *miniContact) lastSnapshot() snapshot  { return c.snapshot }

var (
	miniScalar   = memberShape{nullable: true}
	miniReadOnly = memberShape{readOnly: true}
)

var miniShape = objectShape(map[string]memberShape{
	"id":          miniReadOnly,
	"revision":    miniReadOnly,
	"updatedDate": miniReadOnly,
	"info": {shape: objectShape(map[string]memberShape{
		"name":     {shape: objectShape(map[string]memberShape{"first": miniScalar, "last": miniScalar})},
		"jobTitle": miniScalar,
		"company":  miniScalar,
		"phones": {shape: objectShape(map[string]memberShape{
			"items": {shape: &shape{isArray: true, itemKey: "id", items: objectShape(map[string]memberShape{
				"id": miniReadOnly, "phone": {}, "formattedPhone": miniReadOnly,
			})}},
		})},
	})},
})

// miniAPI is one API: the data a generator would write for it. How its server speaks is testdata/conformance's matter.
type miniAPI struct {
	trait *revisionDescriptor
	// merge is the trait of the action, where there is one, and merged recognises that it was applied.
	merge  *revisionDescriptor
	merged *appliedCheck
	// many is how many resources are written at once, where they can be.
	many *bulkDescriptor
}

func inBodyAt(p pointer) location     { return location{in: inBody, at: p} }
func inHeaderOf(name string) location { return location{in: inHeader, name: name} }
func inQueryOf(name string) location  { return location{in: inQuery, name: name} }

var miniDescription = &description{
	name: "minis", baseURL: "https://api.example.com",
	errors: errorFormat{
		code:    inBodyAt("/details/applicationError/code"),
		message: inBodyAt("/message"),
		data:    inBodyAt("/details/applicationError/data"),
	},
}

// contactsAPI is the shape of Wix's Contacts.
func contactsAPI() *miniAPI {
	read := &operation{id: "getContact", method: "GET", path: "/v4/contacts/{id}", safe: true, result: "/contact"}
	write := &operation{
		id: "updateContact", method: "PATCH", path: "/v4/contacts/{contactId}", watch: watchWire, result: "/contact",
		success:  []statusRange{{200, 200}},
		conflict: []conflictRule{{status: 409, code: "CONTACT_ALREADY_CHANGED"}},
		codes: []codeClass{
			{code: "DUPLICATE_CONTACT_EXISTS", class: &ErrAlreadyExists},
			{code: "CANNOT_UPDATE_MEMBER_EMAIL", class: &ErrPrecondition},
		},
	}
	t := &revisionDescriptor{
		write: write, read: read,
		readArgs: []argument{{write: 0}}, resource: "/contact",
		projection:    []fixedParam{{param{in: inQuery, name: "fieldsets", explode: true}, []string{"BASIC"}}},
		identity:      []location{inBodyAt("/id")},
		key:           []pointer{"/id"},
		tokens:        []tokenPart{{read: inBodyAt("/contact/revision"), send: inBodyAt("/revision"), reply: inBodyAt("/contact/revision")}},
		order:         orderIncrements,
		payload:       payloadDescriptor{kind: payloadPatch, read: "/info", send: "/info"},
		shape:         miniShape,
		replyResource: "/contact", hasReply: true, wholeReply: true,
	}
	merged := &appliedCheck{read: t.read, args: []argument{{write: -1, body: "/sourceContactIds/0"}}, identity: "/contact/id"}
	return &miniAPI{trait: t, merge: mergeDescriptor(t), merged: merged}
}

// mergeDescriptor is the trait of an action: sources become part of the target, which answers in their place afterwards.
func mergeDescriptor(update *revisionDescriptor) *revisionDescriptor {
	t := *update
	t.write = &operation{
		id: "mergeContacts", method: "POST", path: "/v4/contacts/{targetContactId}/merge", watch: watchWire, result: "/contact",
		conflict: update.write.conflict,
	}
	t.payload = payloadDescriptor{kind: payloadNone}
	t.tokens = []tokenPart{{read: inBodyAt("/contact/revision"), send: inBodyAt("/targetContactRevision"),
		reply: inBodyAt("/contact/revision")}}
	return &t
}

// miniAPIs are the APIs that cases name.
var miniAPIs = map[string]func() *miniAPI{
	"contacts": contactsAPI,
	"members":  membersAPI,
	"keyed": func() *miniAPI {
		a := contactsAPI()
		a.trait.idempotencyKey = inHeaderOf("Idempotency-Key")
		return a
	},
	"thin": func() *miniAPI {
		a := contactsAPI()
		a.trait.wholeReply = false
		return a
	},
	"content": func() *miniAPI {
		a := etagAPI(tokenPart{})
		a.trait.order = orderContent
		return a
	},
	"digest": func() *miniAPI {
		a := contactsAPI()
		a.trait.order = orderContent
		return a
	},
	"opaque": func() *miniAPI {
		a := contactsAPI()
		a.trait.order = orderOpaque
		return a
	},
	"exact": func() *miniAPI {
		a := contactsAPI()
		a.trait.payload.exact = []string{"jobTitle"}
		return a
	},
	"quiet": func() *miniAPI {
		a := contactsAPI()
		a.trait.hasReply, a.trait.wholeReply = false, false
		a.trait.write.success = nil
		a.trait.tokens[0].reply = location{}
		return a
	},
	"carried-entity": func() *miniAPI {
		a := contactsAPI()
		a.trait.conflict.entity = inBodyAt("/details/applicationError/data/contact")
		return a
	},
	"carried-token": func() *miniAPI {
		a := contactsAPI()
		a.trait.conflict.token = inBodyAt("/details/applicationError/data/current")
		return a
	},
	"carried-token-thin": func() *miniAPI {
		a := contactsAPI()
		a.trait.wholeReply = false
		a.trait.conflict.token = inBodyAt("/details/applicationError/data/current")
		return a
	},
	"conflict-in-200": func() *miniAPI {
		a := contactsAPI()
		a.trait.write.conflict = []conflictRule{{status: 200, body: "false"}, {status: 200, code: "CONFLICT"}}
		return a
	},
	"conflict-in-text": func() *miniAPI {
		a := contactsAPI()
		a.trait.write.conflict = []conflictRule{{status: 500, text: pattern("update out of sequence")}, {status: 400, code: "failedPrecondition"}}
		return a
	},
	"conflict-by-status": func() *miniAPI {
		a := contactsAPI()
		a.trait.write.conflict = []conflictRule{{status: 409}}
		return a
	},
	"no-check": func() *miniAPI {
		a := contactsAPI()
		a.merged = nil
		return a
	},
	"next-text": func() *miniAPI {
		a := contactsAPI()
		a.trait.next = true
		return a
	},
	"next-version": func() *miniAPI {
		a := contactsAPI()
		a.trait.next = true
		return a
	},
	"text-revision": contactsAPI,
	"pair": func() *miniAPI {
		a := contactsAPI()
		a.trait.order = orderOpaque
		part := func(name, param string) tokenPart {
			return tokenPart{read: inBodyAt(pointer("/" + name)), send: inQueryOf(param), reply: inBodyAt(pointer("/" + name))}
		}
		a.trait.tokens = []tokenPart{part("_seq_no", "if_seq_no"), part("_primary_term", "if_primary_term")}
		return a
	},
	"etag":      func() *miniAPI { return etagAPI(tokenPart{}) },
	"weak-etag": func() *miniAPI { return etagAPI(tokenPart{form: entityTag{weak: true}}) },
	"bare-etag": func() *miniAPI { return etagAPI(tokenPart{form: entityTag{bare: true}, unquoted: true}) },
	"body-etag": func() *miniAPI {
		a := etagAPI(tokenPart{form: entityTag{bare: true}})
		a.trait.tokens[0].read, a.trait.tokens[0].reply = inBodyAt("/etag"), inBodyAt("/etag")
		return a
	},
	"wildcard": func() *miniAPI {
		a := etagAPI(tokenPart{})
		a.trait.escape.value = "*"
		return a
	},
	"wildcard-thin": func() *miniAPI {
		a := etagAPI(tokenPart{})
		a.trait.escape.value = "*"
		a.trait.wholeReply = false
		return a
	},
}

// etagAPI is a resource that is replaced as a whole under If-Match: 412 is a stale tag, 409 a store that was busy.
func etagAPI(part tokenPart) *miniAPI {
	a := contactsAPI()
	if part.form == nil {
		part.form = entityTag{}
	}
	part.read, part.send, part.reply = inHeaderOf("ETag"), inHeaderOf("If-Match"), inHeaderOf("ETag")
	t := a.trait
	t.read.result, t.write.result, t.resource, t.replyResource = "", "", "", ""
	t.write.method = "PUT"
	t.write.conflict = []conflictRule{{status: 412}}
	t.again = []conflictRule{{status: 409, code: "ConditionalRequestConflict"}}
	t.tokens, t.order = []tokenPart{part}, orderOpaque
	t.payload = payloadDescriptor{kind: payloadWhole, read: "/info", send: "/info"}
	return a
}

// miniClient is a client of one of the APIs. Its methods stand for generated ones.
type miniClient struct {
	core *core
	api  *miniAPI
}

func newMiniClient(api *miniAPI, opts ...ClientOption) (*miniClient, error) {
	c, err := newCore(miniDescription, opts)
	return &miniClient{c, api}, err
}

// call makes the call of a case. runs counts how often the callback ran.
func (m *miniClient) call(ctx context.Context, c conformance.Call, copied *miniContact, runs *int,
	opts []CallOption) (*miniContact, error) {
	t, key := m.api.trait, []string{c.ID()}
	mutate := func(v *miniContact) error {
		*runs++
		return miniMutates[c.Mutate](v, *runs)
	}
	switch c.Helper {
	case "", "UpdateWithRetry":
		return updateWithRetry(ctx, m.core, t, key, mutate, opts)
	case "UpdateFrom":
		return updateFrom(ctx, m.core, t, copied, mutate, opts)
	case "ForceUpdate":
		return forceUpdate[miniContact](ctx, m.core, t, key, miniInfo{JobTitle: Ptr("forced")}, opts)
	case "UpdateThreeWay":
		desired, err := m.copyOf(copied)
		if err != nil {
			return nil, err
		}
		if err := miniMutates[c.Desired](desired, 1); err != nil {
			return nil, err
		}
		return updateThreeWay(ctx, m.core, t, copied, desired, map[string]Resolver{"ours": Ours, "theirs": Theirs}[c.Resolve], opts)
	case "MergeWithRetry":
		return actWithRetry(ctx, m.core, m.api.merge, key, m.api.merged, func(*miniContact) (miniMerge, error) {
			*runs++
			if c.Mutate == "skip-again" && *runs > 1 {
				return miniMerge{}, ErrSkip
			}
			return miniMerge{Sources: []string{"S"}}, nil
		}, opts)
	case "Update":
		doc := fmt.Sprintf(`{"revision":%s,"info":{"jobTitle":"plain"}}`, c.Revision)
		return call[miniContact](ctx, m.core, t.write, key, requestBody{raw: []byte(doc)}, nil)
	}
	return nil, fmt.Errorf("no helper %q", c.Helper)
}

// copyOf is a copy of a copy.
func (m *miniClient) copyOf(c *miniContact) (*miniContact, error) {
	v := new(miniContact)
	return v, decode(conformance.JSON(c), v)
}

var errUser = errors.New("the user's own error")

// miniMutates are the callbacks that cases name.
var miniMutates = map[string]func(c *miniContact, run int) error{
	"set-company":  func(c *miniContact, _ int) error { c.Info.Company = Ptr("Acme"); return nil },
	"append-phone": func(c *miniContact, _ int) error { c.Info.appendPhone("111"); return nil },
	"ensure-phone": func(c *miniContact, _ int) error {
		for _, p := range c.Info.Phones.Items {
			if p.Phone == "111" {
				return nil
			}
		}
		c.Info.appendPhone("111")
		return nil
	},
	"increment": func(c *miniContact, _ int) error {
		var n int
		if c.Info.JobTitle != nil {
			if _, err := fmt.Sscan(*c.Info.JobTitle, &n); err != nil {
				return err
			}
		}
		c.Info.JobTitle = Ptr(fmt.Sprint(n + 1))
		return nil
	},
	"set-job":     func(c *miniContact, _ int) error { c.Info.JobTitle = Ptr("ours"); return nil },
	"remove-name": func(c *miniContact, _ int) error { c.Info.Name.First = nil; return nil },
	"nothing":     func(*miniContact, int) error { return nil },
	"skip":        func(c *miniContact, _ int) error { c.Info.Company = Ptr("Acme"); return ErrSkip },
	"fail":        func(*miniContact, int) error { return errUser },
	"fail-first": func(c *miniContact, run int) error {
		if run == 1 {
			return errUser
		}
		c.Info.Company = Ptr("Acme")
		return nil
	},
	"panic": func(*miniContact, int) error { panic(errUser) },
	"panic-first": func(c *miniContact, run int) error {
		if run == 1 {
			panic(errUser)
		}
		c.Info.Company = Ptr("Acme")
		return nil
	},
	"touch-id":       func(c *miniContact, _ int) error { c.ID = "Z"; return nil },
	"touch-revision": func(c *miniContact, _ int) error { c.Revision = "99"; return nil },
	"touch-updated":  func(c *miniContact, _ int) error { c.Updated = Ptr("2024-01-01T00:00:00Z"); return nil },
}

func (i *miniInfo) appendPhone(number string) {
	i.Phones.Items = append(i.Phones.Items, miniPhone{Phone: number})
}
