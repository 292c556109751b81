//contactsgen:pack contactsv5
//contactsgen:part pack

package fake

import (
	"maps"
	"net/http"
	"strings"
	"time"
)

// ContactsV5Settings choose among the ways that Wix's Contacts V5 may behave where nothing is documented. The zero value is the
// likelier way throughout.
type ContactsV5Settings struct {
	ReplaceObjects       bool // an update's objects replace those that are there; default: they are merged member by member
	RefuseNull           bool // null in an update is refused; default: it clears the member
	MergeAddresses       bool // an update of an address leaves what it does not give; default: it replaces the entry
	SideDoorsKeep        bool // tags, subscriptions, phone countries and images keep the revision; default: they move it
	IgnoredKeepsRevision bool // adding a phone or an address that is there keeps the revision; default: it moves it
	RestoreKeeps         bool // a contact that comes back from the trash bin keeps its revision; default: it moves it
	FromZero             bool // a new contact has revision "0"; default: "1"
	CarryRevision        bool // a conflict carries the current revision in its data; default: it does not
	StrictCursors        bool // a cursor with a filter or a sort beside it is refused; default: the cursor alone counts
	RequireAuthorization bool // requests without an Authorization header get 401; default: nobody asks
	CountsInJobs         bool // jobs call their numbers counts; default: counters
	DuplicateStatus      int  // status of DUPLICATE_CONTACT_EXISTS, 409 or 400; default: 409
	StaleStatus          int  // status of a stale revision; default: 409
	ListLag              int  // how many of a contact's latest writes queries, searches and counts do not see yet; default: 0
	JobPolls             int  // how many reads of a job or an image's upload it takes until it is done; default: 2
}

// WithContactsV5 sets how Contacts V5 behaves where nothing is documented.
func WithContactsV5(c ContactsV5Settings) Option { return func(s *settings) { s.pack = c } }

// trashKept is how long a deleted contact can be brought back.
const trashKept = 90 * 24 * time.Hour

// contactsV5 knows what the description of Contacts V5 cannot say.
type contactsV5 struct {
	s             *Server
	set           ContactsV5Settings
	people, trash *collectionState
	jobs          jobs
	items         map[string][]any     // of jobs
	deleted       map[string]time.Time // when what is in the trash bin was deleted
	images        map[string]*image    // by the id of their upload
}

// contactsv5Pack teaches a server Contacts V5.
func contactsv5Pack(s *Server, settings any) {
	p := &contactsV5{s: s, items: map[string][]any{}, deleted: map[string]time.Time{}, images: map[string]*image{}}
	p.set, _ = settings.(ContactsV5Settings)
	const base = "/contacts/v5"
	contact := collection{
		Name: "Contact", Key: []string{"/id"}, Tokens: []token{{At: "/revision", Form: formDigits}},
		Created: []string{"/createdDate"}, Updated: []string{"/updatedDate"},
	}
	p.people = s.collectionOf("GET "+base+"/contacts/{}", contact)
	p.trash = s.collectionOf("GET "+base+"/contacts/trash-bin/{}", collection{Name: "DeletedContact", Key: []string{"/id"}})
	p.jobs = newJobs(s.collectionOf("GET /async-jobs/v1/async-jobs/{}", collection{Name: "AsyncJob", Key: []string{"/id"}}))
	p.people.fill = p.seeded
	p.trash.fill = func(_, value object) object {
		p.deleted[joinKey(text(value["id"]))] = s.settings.now()
		return p.filled(nil, value)
	}
	s.unfold = unfolded
	s.extra[imagePrefix] = http.HandlerFunc(p.serveImage)
	s.register(p.operations(base))
}

// operations are all that Contacts V5 has, and the two of the jobs.
func (p *contactsV5) operations(base string) map[string]simulation {
	out := map[string]simulation{}
	for name, simulate := range map[string]simulation{
		"POST " + base + "/contacts":                                          p.create,
		"GET " + base + "/contacts/{}":                                        p.get,
		"PATCH " + base + "/contacts/{}":                                      p.update,
		"DELETE " + base + "/contacts/{}":                                     p.delete,
		"POST " + base + "/contacts/upsert":                                   p.upsert,
		"POST " + base + "/contacts/{}/update-tags":                           p.updateTags,
		"POST " + base + "/contacts/{}/merge":                                 p.merge,
		"GET " + base + "/contacts/find-matching":                             p.findMatching,
		"POST " + base + "/contacts/query":                                    p.query,
		"POST " + base + "/contacts/search":                                   p.search,
		"POST " + base + "/contacts/count":                                    p.count,
		"POST " + base + "/contacts/{}/additional-emails":                     p.addEmail,
		"POST " + base + "/contacts/{}/additional-phones":                     p.addPhone,
		"POST " + base + "/contacts/{}/addresses":                             p.addAddress,
		"PATCH " + base + "/contacts/{}/addresses/{}":                         p.updateAddress,
		"DELETE " + base + "/contacts/{}/addresses/{}":                        p.deleteAddress,
		"POST " + base + "/contacts/{}/image/upload-url":                      p.imageURL,
		"GET " + base + "/contacts/{}/image-upload/{}":                        p.imageStatus,
		"POST " + base + "/bulk/contacts/create":                              p.bulkCreate,
		"POST " + base + "/bulk/contacts/update":                              p.bulkUpdate,
		"POST " + base + "/bulk/contacts/upsert":                              p.bulkUpsert,
		"POST " + base + "/bulk/contacts/delete":                              p.bulkDelete,
		"POST " + base + "/bulk/contacts/update-tags":                         p.bulkUpdateTags,
		"POST " + base + "/bulk/contacts/delete-by-filter":                    p.deleteByFilter,
		"POST " + base + "/bulk/contacts/update-tags-by-filter":               p.updateTagsByFilter,
		"POST " + base + "/bulk/contacts/subscriptions/update":                p.updateSubscriptions,
		"POST " + base + "/bulk/contacts/update-phone-country-code-by-filter": p.updatePhoneCountry,
		"GET " + base + "/contacts/trash-bin":                                 p.listDeleted,
		"GET " + base + "/contacts/trash-bin/{}":                              p.getDeleted,
		"DELETE " + base + "/contacts/trash-bin/{}":                           p.removeDeleted,
		"POST " + base + "/contacts/trash-bin/{}/restore":                     p.restore,
		"POST " + base + "/bulk/contacts/trash-bin/restore":                   p.bulkRestore,
		"GET /async-jobs/v1/async-jobs/{}":                                    p.getJob,
		"GET /async-jobs/v1/async-jobs/{}/items":                              p.listJobItems,
	} {
		out[name] = authorised(p.set.RequireAuthorization, simulate)
	}
	return out
}

// objectAt gives an object that is a member of a value, or an empty one.
func objectAt(v any, names ...string) object {
	value, _ := lookup(v, "/"+strings.Join(names, "/"))
	o, _ := value.(object)
	return o
}

// cloned copies an object one level deep; nil becomes an empty one.
func cloned(o object) object {
	if o == nil {
		return object{}
	}
	return maps.Clone(o)
}
