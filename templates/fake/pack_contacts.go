//contactsgen:pack contacts
//contactsgen:part pack

package fake

import (
	"math/rand/v2"
	"net/http"
	"strings"
)

// ContactsSettings choose among the ways that Wix's Contacts may behave where nothing is documented. The zero value is the
// likelier way throughout.
type ContactsSettings struct {
	MergeItemsByID        bool // an update's emails, phones and addresses join those that are there; default: they replace them
	AddLabelKeys          bool // an update's labelKeys join those that are there; default: they replace them
	ReplaceExtendedFields bool // an update's extended fields replace all custom ones; default: they are merged key by key
	RefuseNull            bool // null in an update is refused; default: it clears the member
	RefuseEmptyItems      bool // an empty list in an update is refused; default: it clears the list
	SideDoorsKeepRevision bool // label, unlabel, deleting a label or field, bulk jobs and submit keep the revision; default: they move it
	MergeKeepsRevision    bool // a merge keeps the target's revision; default: it moves it
	FromZero              bool // a new contact has revision 0; default: 1
	CarryRevision         bool // a conflict carries the current revision in its data; default: it does not
	DeleteUnknown         bool // deleting an unknown contact succeeds; default: 404
	FlatRename            bool // renaming a label or field takes {"displayName": …}, too; default: only in its envelope
	PlainFieldKeys        bool // the key of a new extended field is its name alone; default: it has a random tail
	MembersLoggedIn       bool // who submits as a member is logged in; default: nobody is, and the member's contact stays as it is
	RequireAuthorization  bool // requests without an Authorization header get 401; default: nobody asks
	StaleMerge            int  // status of a merge with a stale revision, 409 or 428; default: 409
	QuotaStatus           int  // status of a quota that is reached; default: 429
	LabelQuota            int  // how many labels of their own a site may have; default: no limit
	ListLag               int  // how many of the latest writes to one thing lists, queries and facets do not see yet; default: 0
	JobPolls              int  // how many reads of a bulk job it takes until it is completed; default: 2
}

// WithContacts sets how Contacts behaves where nothing is documented.
func WithContacts(c ContactsSettings) Option { return func(s *settings) { s.pack = c } }

// contacts knows what the description of Contacts cannot say.
type contacts struct {
	s                             *Server
	set                           ContactsSettings
	people, labels, fields, files *collectionState
	jobs                          jobs
	merged                        map[string]string // id of a contact that was merged away -> id of its target
	uploads                       map[string]upload // by the last part of the upload URL
	contents                      map[string][]byte // of uploaded files, by attachment
	tails                         *rand.Rand        // of the keys of extended fields
}

// contactsPack teaches a server Contacts V4.
func contactsPack(s *Server, settings any) {
	p := &contacts{s: s, merged: map[string]string{}, uploads: map[string]upload{}, contents: map[string][]byte{}}
	p.set, _ = settings.(ContactsSettings)
	p.tails = rand.New(rand.NewPCG(s.settings.seed, 1)) // the faults have the stream 0
	const base = "/contacts/v4"
	revision := []token{{At: "/revision", Form: formNumber}}
	dates := collection{Created: []string{"/createdDate"}, Updated: []string{"/updatedDate"}}
	p.people = s.collectionOf("GET "+base+"/contacts/{}", collection{Name: "Contact", Key: []string{"/id"}, Tokens: revision,
		Created: dates.Created, Updated: dates.Updated})
	p.labels = s.collectionOf("GET "+base+"/labels/{}", collection{Name: "ContactLabel", Key: []string{"/key"}, Created: dates.Created,
		Updated: dates.Updated})
	p.fields = s.collectionOf("GET "+base+"/extended-fields/{}", collection{Name: "ExtendedField", Key: []string{"/key"},
		Created: dates.Created, Updated: dates.Updated})
	p.files = s.collectionOf("GET "+base+"/attachments/{}/{}", collection{Name: "ContactAttachment", Key: []string{"", "/id"}})
	p.jobs = newJobs(s.collectionOf("GET "+base+"/bulk/jobs/{}", collection{Name: "ContactBulkJob", Key: []string{"/id"}}))
	p.people.fill = p.seeded
	p.labels.fill, p.fields.fill = labelFilled, fieldFilled
	p.seedLabels()
	p.seedFields()
	s.unfold = unlabelled
	s.extra[uploadPrefix] = http.HandlerFunc(p.serveUpload)
	s.extra[filePrefix] = http.HandlerFunc(p.serveFile)
	s.register(p.operations(base))
}

// operations are all that Contacts V4 has.
func (p *contacts) operations(base string) map[string]simulation {
	out := map[string]simulation{}
	for name, simulate := range map[string]simulation{
		"POST /contacts":                        p.create,
		"PATCH /contacts/{}":                    p.update,
		"POST /contacts/{}/merge":               p.merge,
		"POST /contacts/{}/preview-merge":       p.previewMerge,
		"DELETE /contacts/{}":                   p.delete,
		"POST /contacts/{}/labels":              p.label,
		"DELETE /contacts/{}/labels":            p.unlabel,
		"GET /contacts":                         p.list,
		"POST /contacts/query":                  p.query,
		"GET /contacts/facets":                  p.listFacets,
		"POST /contacts/facets/query":           p.queryFacets,
		"POST /bulk/contacts/delete":            p.bulkDelete,
		"POST /bulk/contacts/update":            p.bulkUpdate,
		"POST /bulk/contacts/add-remove-labels": p.bulkLabel,
		"GET /contacts/{}":                      p.get,
		"GET /bulk/jobs/{}":                     p.getJob,
		"GET /bulk/jobs":                        p.listJobs,
		"GET /labels":                           p.listLabels,
		"POST /labels":                          p.findOrCreateLabel,
		"GET /labels/{}":                        p.getLabel,
		"PATCH /labels/{}":                      p.renameLabel,
		"DELETE /labels/{}":                     p.deleteLabel,
		"POST /labels/query":                    p.queryLabels,
		"GET /extended-fields":                  p.listFields,
		"POST /extended-fields":                 p.findOrCreateField,
		"GET /extended-fields/{}":               p.getField,
		"PATCH /extended-fields/{}":             p.renameField,
		"DELETE /extended-fields/{}":            p.deleteField,
		"POST /extended-fields/query":           p.queryFields,
		"POST /attachments/{}/upload-url":       p.uploadURL,
		"GET /attachments/{}":                   p.listAttachments,
		"GET /attachments/{}/{}":                p.getAttachment,
		"DELETE /attachments/{}/{}":             p.deleteAttachment,
		"POST /contact-submit":                  p.submit,
	} {
		method, path, _ := strings.Cut(name, " ")
		out[method+" "+base+path] = authorised(p.set.RequireAuthorization, simulate)
	}
	return out
}
