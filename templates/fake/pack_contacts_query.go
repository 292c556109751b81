//contactsgen:pack contacts
//contactsgen:part pack

package fake

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// contactFields are the names that filters and sorts of contacts may use.
var contactFields = map[string]field{
	"id":                        {[]string{"id"}, idOperators, false, nil},
	"createdDate":               {[]string{"createdDate"}, dateOperators, true, isMoment},
	"updatedDate":               {[]string{"updatedDate"}, dateOperators, false, isMoment},
	"lastActivity.activityDate": {[]string{"lastActivity", "activityDate"}, dateOperators, true, isMoment},
	"info.birthdate":            {[]string{"info", "birthdate"}, dateOperators, true, isMoment},
	"primaryInfo.email":         {[]string{"primaryInfo", "email"}, textOperators, true, nil},
	"primaryInfo.phone":         {[]string{"primaryInfo", "phone"}, textOperators, false, nil},
	"info.name.first":           {[]string{"info", "name", "first"}, textOperators, true, nil},
	"info.name.last":            {[]string{"info", "name", "last"}, textOperators, true, nil},
	"info.emails.email":         {[]string{"info", "emails", "items", "email"}, textOperators, false, nil},
	"info.phones.phone":         {[]string{"info", "phones", "items", "phone"}, textOperators, false, nil},
	"info.phones.e164Phone":     {[]string{"info", "phones", "items", "e164Phone"}, textOperators, false, nil},
	"info.addresses.street": {[]string{"info", "addresses", "items", "address", "streetAddress", "name"}, textOperators, false,
		nil},
	"info.addresses.city":               {[]string{"info", "addresses", "items", "address", "city"}, textOperators, false, nil},
	"info.company":                      {[]string{"info", "company"}, textOperators, true, nil},
	"info.jobTitle":                     {[]string{"info", "jobTitle"}, textOperators, true, nil},
	"info.addresses.subdivision":        {[]string{"info", "addresses", "items", "address", "subdivision"}, idOperators, false, nil},
	"info.addresses.country":            {[]string{"info", "addresses", "items", "address", "country"}, idOperators, false, nil},
	"info.locale":                       {[]string{"info", "locale"}, idOperators, false, nil},
	"primaryEmail.email":                {[]string{"primaryEmail", "email"}, textOperators, true, nil},
	"primaryEmail.subscriptionStatus":   {[]string{"primaryEmail", "subscriptionStatus"}, statusOperators, false, nil},
	"primaryEmail.deliverabilityStatus": {[]string{"primaryEmail", "deliverabilityStatus"}, statusOperators, false, nil},
	"primaryPhone.phone":                {[]string{"primaryPhone", "phone"}, textOperators, false, nil},
	"primaryPhone.e164Phone":            {[]string{"primaryPhone", "e164Phone"}, textOperators, false, nil},
	"primaryPhone.formattedPhone":       {[]string{"primaryPhone", "formattedPhone"}, textOperators, true, nil},
	"primaryPhone.countryCode":          {[]string{"primaryPhone", "countryCode"}, textOperators, true, nil},
	"primaryPhone.subscriptionStatus":   {[]string{"primaryPhone", "subscriptionStatus"}, statusOperators, false, nil},
	"info.labelKeys":                    {[]string{"info", "labelKeys", "items"}, setOperators, false, nil},
	"info.locations":                    {[]string{"info", "locations", "items"}, setOperators, false, nil},
}

// searched are the fields that a search looks at.
var searched = []string{"info.name.first", "info.name.last", "info.emails.email", "info.phones.phone", "info.phones.e164Phone"}

// projections are the members that fieldsets stand for; FULL is everything.
var projections = map[string][]string{
	"BASIC":                 {"primaryInfo", "info.name"},
	"COMMUNICATION_DETAILS": {"primaryInfo", "info.name", "info.emails", "info.phones", "info.addresses"},
	"EXTENDED":              {"primaryInfo", "info.name", "info.extendedFields"},
}

// contactField resolves a name in a filter or sort of contacts, extended fields included.
func (p *contacts) contactField(name string) (field, bool) {
	if f, ok := contactFields[name]; ok {
		return f, true
	}
	key, ok := strings.CutPrefix(name, "info.extendedFields.")
	e := p.fields.byKey[joinKey(key)]
	if !ok || e == nil {
		return field{}, false
	}
	f := field{path: []string{"info", "extendedFields", "items", key}, sortable: true}
	switch {
	case key == "emailSubscriptions.effectiveEmail":
		f.operators = existsOperators
	case e.value["fieldType"] == "SYSTEM":
		f.operators, f.sortable = statusOperators, false
	case e.value["dataType"] == "NUMBER":
		f.operators, f.takes = dateOperators, isNumber
	case e.value["dataType"] == "DATE":
		f.operators, f.takes = dateOperators, isMoment
	default:
		f.operators = []string{"$eq", "$ne", "$in", "$startsWith"}
	}
	return f, true
}

func (p *contacts) get(c *call) (Answer, error) {
	c.collection = p.people
	responseType := "REGULAR"
	e, err := c.entity()
	for id := c.values[0]; e == nil && p.merged[id] != ""; responseType = "MERGED" {
		id = p.merged[id]
		e = p.people.byKey[joinKey(id)]
	}
	if e == nil {
		if err != nil {
			err = contactNotFound()
		}
		return Answer{}, err
	}
	return Answer{Body: object{"contact": p.shown(c, e, ""), "responseType": responseType}}, nil
}

// shown projects a contact as the request asks, whose fields and fieldsets are below a prefix.
func (p *contacts) shown(c *call, e *entity, prefix string) any {
	names := c.list(c.in(prefix + "/fields"))
	for _, set := range c.list(c.in(prefix + "/fieldsets")) {
		if projections[set] == nil {
			return e.value
		}
		names = append(names, projections[set]...)
	}
	if len(names) == 0 {
		return e.value
	}
	pointers := []string{"/id", "/revision"}
	for _, name := range names {
		pointers = append(pointers, "/"+strings.ReplaceAll(name, ".", "/"))
	}
	return p.people.def.project(e.value, pointers)
}

func (p *contacts) list(c *call) (Answer, error) { return p.answerContacts(c, "", p.listed(c)) }

// listed are the contacts as a list or a query sees them.
func (p *contacts) listed(c *call) []*entity { return p.late(c, p.people) }

// late gives a collection as a list or a query sees it: as late as a fault has it, or else the settings.
func (p *contacts) late(c *call, b *collectionState) []*entity {
	c.lag = cmp.Or(c.lag, p.set.ListLag)
	return c.listed(b)
}

func (p *contacts) query(c *call) (Answer, error) {
	if _, err := c.jsonBody(); err != nil {
		return Answer{}, err
	}
	found, err := p.matching(c, p.listed(c), "/query/filter", "/search")
	if err != nil {
		return Answer{}, err
	}
	return p.answerContacts(c, "/query", found)
}

// matching gives those of some contacts that a filter and a search let through.
func (p *contacts) matching(c *call, among []*entity, filterAt, searchAt string) ([]*entity, error) {
	filter, _ := lookup(c.body, filterAt)
	match, err := compileFilter(filter, p.contactField)
	if err != nil {
		return nil, filterRefused(err, "UNSUPPORTED_FILTER_FIELD_UNKNOWN", "UNSUPPORTED_FILTER_VALUE_TYPE")
	}
	search := c.word(searchAt)
	if utf8.RuneCountInString(search) > 100 {
		return nil, invalid("search", "must have at most 100 characters", "MAX")
	}
	var out []*entity
	for _, e := range among {
		if match(e.value) && isFound(e.value, strings.ToLower(search)) {
			out = append(out, e)
		}
	}
	return out, nil
}

// isFound tells whether a text is in one of the fields that a search looks at.
func isFound(value object, search string) bool {
	return search == "" || slices.ContainsFunc(searched, func(name string) bool {
		return slices.ContainsFunc(valuesAt(value, contactFields[name].path), func(v any) bool {
			return strings.Contains(strings.ToLower(text(v)), search)
		})
	})
}

// filterRefused gives what is wrong with a filter its application code.
func filterRefused(err error, unknown, wrong string) error {
	var f *filterFault
	if !errors.As(err, &f) {
		return err
	}
	code := map[filterProblem]string{
		malformedFilter: "MALFORMED_FILTER",
		unknownField:    unknown,
		unknownOperator: "UNSUPPORTED_FILTER_OPERATOR",
		wrongValue:      wrong,
	}[f.kind]
	return refusal(http.StatusBadRequest, code, err.Error())
}

// answerContacts sorts, pages and projects contacts as the request asks below a prefix.
func (p *contacts) answerContacts(c *call, prefix string, found []*entity) (Answer, error) {
	found, err := p.sorted(c, prefix, found, p.contactField, "UNSUPPORTED_SORT_FIELD")
	if err != nil {
		return Answer{}, err
	}
	from, to, metadata, err := pageOf(c, prefix+"/paging", len(found), 50, 1000)
	if err != nil {
		return Answer{}, refusal(http.StatusBadRequest, "ILLEGAL_LIMIT", err.Error())
	}
	shown := make([]any, 0, to-from)
	for _, e := range found[from:to] {
		shown = append(shown, p.shown(c, e, prefix))
	}
	return Answer{Body: object{"contacts": shown, "pagingMetadata": metadata}}, nil
}

// sorted puts a copy of a list in the order that the request asks for below a prefix. A list asks with one object, a query with an array.
func (p *contacts) sorted(c *call, prefix string, list []*entity, names language, code string) ([]*entity, error) {
	list = slices.Clone(list)
	v, _ := lookup(c.body, prefix+"/sort")
	items, _ := v.([]any)
	if c.Method == http.MethodGet {
		items = []any{object{"fieldName": c.word("/sort/fieldName"), "order": c.word("/sort/order")}}
	}
	var by []order
	for _, x := range items {
		name := text(memberOf(x, "fieldName"))
		f, ok := names(name)
		switch {
		case name == "":
			continue
		case !ok || !f.sortable:
			return nil, refusal(http.StatusBadRequest, code, "Cannot sort by "+name+".")
		}
		by = append(by, order{f.path, memberOf(x, "order") == "DESC"})
	}
	sortBy(list, by)
	return list, nil
}

// pageOf gives the bounds of the page that the request asks for, and what is said of it.
func pageOf(c *call, prefix string, total, otherwise, most int) (from, to int, metadata object, err error) {
	from, to, err = c.page(&paging{Limit: c.in(prefix + "/limit"), Offset: c.in(prefix + "/offset"), Default: otherwise, Max: most}, total)
	offset, _ := c.count(c.in(prefix+"/offset"), 0)
	return from, to, object{"count": figure(to - from), "offset": figure(offset), "total": figure(total)}, err
}
