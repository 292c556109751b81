//contactsgen:pack contactsv5
//contactsgen:part pack

package fake

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Operators that the documentation gives to kinds of fields of a search.
var (
	choiceOperators = []string{"$eq", "$ne", "$in", "$nin", "$exists"}
	switchOperators = []string{"$eq", "$ne"}
	wordOperators   = []string{"$eq", "$ne", "$in", "$nin", "$exists", "$startsWith", "$begins"}
	listOperators   = []string{"$exists", "$hasAll", "$hasSome", "$isEmpty"}
	manyOperators   = []string{"$exists", "$hasAll", "$hasSome"}
	manyWords       = []string{"$exists", "$hasAll", "$hasSome", "$startsWith", "$begins"}
	knownOperators  = []string{"$eq", "$in", "$exists"}
)

// queryable are the names that a query may filter by.
var queryable = map[string][]string{
	"id": {"$eq", "$in"}, "createdDate": {"$eq", "$gt", "$gte", "$lt", "$lte"}, "updatedDate": {"$eq", "$gt", "$gte", "$lt", "$lte"},
	"externalId": knownOperators, "email.email": knownOperators, "phone.phone": knownOperators,
}

// querySorts are the names that a query may sort by.
var querySorts = []string{"createdDate", "updatedDate"}

// kinds of fields of a search: which operators they have, and whether they can be sorted by.
var searchable = []struct {
	names     string
	operators []string
	sortable  bool
	takes     func(v any) bool
}{
	{"assigneeId memberInfo.memberId source.appId source.userId timeZone", choiceOperators, false, nil},
	{"memberInfo.profileInfo.privacyStatus memberInfo.status memberInfo.userInfo.role", choiceOperators, true, nil},
	{"memberInfo.emailVerificationRequired memberInfo.emailVerified memberInfo.profileInfo.muted memberInfo.profileInfo.reported " +
		"memberInfo.requireProfileCompletion", switchOperators, false, isBool},
	{"createdDate updatedDate lastActivity.date memberInfo.sessionInfo.lastMobileLogin memberInfo.sessionInfo.lastWebLogin " +
		"memberInfo.signupDate birthdate", dateOperators, true, isMoment},
	{"company.jobTitle company.name email.email memberInfo.email memberInfo.profileInfo.nickname name.first name.last phone.phone",
		wordOperators, true, nil},
	{"id email.deliverabilityStatus email.subscriptionStatus.status phone.deliverabilityStatus phone.subscriptionStatus.status",
		statusOperators, false, nil},
	{"locale phone.e164 source.additionalInfo", wordOperators, false, nil},
	{"locationIds memberInfo.groupInfo.groupIds memberInfo.sessionInfo.mobileAppNames segmentIds tags.privateTags.tagIds", listOperators,
		false, nil},
	{"addresses.address.country addresses.address.subdivision addresses.recipient.phone", manyOperators, false, nil},
	{"additionalEmails.email additionalPhones.e164 additionalPhones.phone addresses.address.addressLine addresses.address.city " +
		"addresses.address.postalCode " +
		"addresses.address.streetAddress.name addresses.address.subdivisionFullname addresses.recipient.company addresses.recipient.firstName " +
		"addresses.recipient.lastName", manyWords, false, nil},
	{"externalId", knownOperators, false, nil},
}

// foundIn are the fields that the words of a search are looked for in.
var foundIn = []string{"name.first", "name.last", "email.email", "phone.phone", "company.name", "company.jobTitle", "memberInfo.email",
	"memberInfo.profileInfo.nickname"}

// unfolded gives a query or a search the form that the description has. The official SDK puts short ones into the parameter .r of a GET, as
// base64url of the body that they are otherwise.
func unfolded(r *http.Request, body []byte) (*http.Request, []byte) {
	folded := r.URL.Query().Get(".r")
	if r.Method != http.MethodGet || folded == "" || !slices.Contains([]string{"/contacts/v5/contacts/query", "/contacts/v5/contacts/search"},
		r.URL.Path) {
		return r, body
	}
	unpacked, err := base64.RawURLEncoding.DecodeString(folded)
	if err != nil {
		return r, body
	}
	r = r.Clone(r.Context())
	r.Method, r.URL.RawQuery = http.MethodPost, ""
	r.Header.Set("Content-Type", "application/json")
	return r, unpacked
}

// queryField resolves a name in the filter of a query.
func queryField(name string) (field, bool) {
	operators, ok := queryable[name]
	f := field{path: strings.Split(name, "."), operators: operators, sortable: slices.Contains(querySorts, name)}
	if f.sortable {
		f.takes = isMoment
	}
	return f, ok
}

// searchField resolves a name in the filter or the sort of a search.
func searchField(name string) (field, bool) {
	for _, kind := range searchable {
		if slices.Contains(strings.Fields(kind.names), name) {
			return field{strings.Split(name, "."), kind.operators, kind.sortable, kind.takes}, true
		}
	}
	return field{}, false
}

// listed are the contacts as queries and searches see them: as late as a fault has it, or else the settings.
func (p *contactsV5) listed(c *call) []*entity {
	c.lag = cmp.Or(c.lag, p.set.ListLag)
	return c.listed(p.people)
}

func (p *contactsV5) findMatching(c *call) (Answer, error) {
	externalID, email, phone := c.word("/externalId"), c.word("/email"), c.word("/phone")
	if externalID+email+phone == "" {
		return Answer{}, refusal(http.StatusBadRequest, "NO_IDENTIFIER_PROVIDED", "An external id, an email or a phone is needed.")
	}
	values := []any{}
	for _, m := range p.matches(p.listed(c), externalID, email, phone, "") {
		values = append(values, m.e.value)
	}
	return one("contacts", values[:min(len(values), 100)])
}

// request is what a page is a page of: a cursor carries it.
type pageRequest struct {
	Filter any `json:"filter,omitempty"`
	Sort   any `json:"sort,omitempty"`
	Search any `json:"search,omitempty"`
	At     int `json:"at"`
}

// request reads what a page is asked of below a prefix: from its cursor, or else from what stands beside it.
func (p *contactsV5) request(c *call, prefix string) (pageRequest, error) {
	cursor := text(c.value(prefix + "/cursorPaging/cursor"))
	beside := pageRequest{Filter: c.value(prefix + "/filter"), Sort: c.value(prefix + "/sort"), Search: c.value(prefix + "/search")}
	if cursor == "" {
		return beside, nil
	}
	if p.set.StrictCursors && (beside.Filter != nil || beside.Sort != nil) {
		return pageRequest{}, invalid(strings.TrimPrefix(prefix, "/")+".cursorPaging.cursor", "cannot be given with a filter or a sort", "")
	}
	data, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		d := json.NewDecoder(strings.NewReader(string(data)))
		d.UseNumber()
		err = d.Decode(&beside)
	}
	if err != nil || beside.At < 0 {
		return pageRequest{}, invalid(strings.TrimPrefix(prefix, "/")+".cursorPaging.cursor", "is not a cursor", "FORMAT")
	}
	return beside, nil
}

// cursor gives the cursor of a page of the same request.
func (r pageRequest) cursor(at int) string {
	r.At = at
	data, err := encode(r)
	if err != nil {
		return "" // it was JSON before
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// value gives what is in the request's body at a pointer.
func (c *call) value(pointer string) any { v, _ := lookup(c.body, pointer); return v }

// paged answers a page of contacts, 50 unless the request says how many.
func (p *contactsV5) paged(r pageRequest, limit any, found []*entity) (object, error) {
	size := 50
	if limit != nil {
		n, err := strconv.Atoi(text(limit))
		if err != nil || n < 0 || n > 100 {
			return nil, invalid("cursorPaging.limit", "must be from 0 to 100", "MAX")
		}
		size = n
	}
	from := min(r.At, len(found))
	to := min(from+size, len(found))
	values := []any{}
	for _, e := range found[from:to] {
		values = append(values, e.value)
	}
	cursors := object{}
	if to < len(found) && size > 0 {
		cursors["next"] = r.cursor(to)
	}
	if from > 0 {
		cursors["prev"] = r.cursor(max(from-size, 0))
	}
	metadata := object{"count": figure(len(values)), "cursors": cursors, "hasNext": to < len(found)}
	return object{"contacts": values, "pagingMetadata": metadata}, nil
}

func (p *contactsV5) query(c *call) (Answer, error) {
	if _, err := c.jsonBody(); err != nil {
		return Answer{}, err
	}
	r, err := p.request(c, "/query")
	if err != nil {
		return Answer{}, err
	}
	match, err := compileFilter(r.Filter, queryField)
	if err != nil {
		return Answer{}, unfilterable(err)
	}
	found := kept(p.listed(c), match)
	if err := inOrder(found, r.Sort, queryField, ""); err != nil {
		return Answer{}, err
	}
	body, err := p.paged(r, c.value("/query/cursorPaging/limit"), found)
	return Answer{Body: body}, err
}

// unfilterable answers a filter that is wrong as a query does: no code, and a violation without a rule.
func unfilterable(err error) error {
	var f *filterFault
	if !errors.As(err, &f) {
		return err
	}
	description := err.Error()
	if f.kind == unknownField {
		description = "Field '" + f.about + "' is not declared as filterable"
	}
	return &failure{status: http.StatusBadRequest, message: description, violations: []violation{{"value", description, ""}}}
}

// kept gives those of some contacts that match, the newest first.
func kept(among []*entity, match predicate) []*entity {
	var out []*entity
	for _, e := range among {
		if match(e.value) {
			out = append(out, e)
		}
	}
	slices.Reverse(out)
	sortBy(out, []order{{[]string{"createdDate"}, true}})
	return out
}

// inOrder puts contacts in the order that a request asks for. Where the name to show is sorted by, its format says which part comes first.
func inOrder(list []*entity, sort any, names language, nameFormat string) error {
	items, _ := sort.([]any)
	var by []order
	for _, x := range items {
		name, descending := text(memberOf(x, "fieldName")), memberOf(x, "order") == "DESC"
		f, ok := names(name)
		switch {
		case name == "displayName" && nameFormat == "BY_LAST_NAME":
			by = append(by, order{[]string{"name", "last"}, descending}, order{[]string{"name", "first"}, descending})
		case name == "displayName":
			by = append(by, order{[]string{"name", "first"}, descending}, order{[]string{"name", "last"}, descending})
		case !ok || !f.sortable:
			description := "Field '" + name + "' is not declared as sortable"
			return &failure{status: http.StatusBadRequest, message: description, violations: []violation{{"value", description, ""}}}
		default:
			by = append(by, order{f.path, descending})
		}
	}
	sortBy(list, by)
	return nil
}

func (p *contactsV5) search(c *call) (Answer, error) {
	if _, err := c.jsonBody(); err != nil {
		return Answer{}, err
	}
	r, err := p.request(c, "/search")
	if err != nil {
		return Answer{}, err
	}
	isFirst := text(c.value("/search/cursorPaging/cursor")) == ""
	if words := text(c.value("/semanticQuery")); words != "" && !isFirst {
		return Answer{}, invalid("semanticQuery", "cannot be given with a cursor", "")
	} else if words != "" {
		r.Search = object{"expression": words}
	}
	found, err := p.found(c, r.Filter, r.Search)
	if err != nil {
		return Answer{}, err
	}
	if err := inOrder(found, r.Sort, searchField, text(c.value("/nameFormat"))); err != nil {
		return Answer{}, err
	}
	body, err := p.paged(r, c.value("/search/cursorPaging/limit"), found)
	if err != nil {
		return Answer{}, err
	}
	if isFirst {
		body["pagingMetadata"].(object)["total"] = figure(len(found))
	}
	wanted, _ := c.value("/search/aggregations").([]any)
	if len(wanted) > 0 {
		body["aggregationData"], err = aggregated(wanted, found, text(c.value("/search/timeZone")))
	}
	return Answer{Body: body}, err
}

func (p *contactsV5) count(c *call) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	found, err := p.found(c, body["filter"], object{"expression": text(body["search"])})
	return Answer{Body: object{"count": figure(len(found))}}, err
}

// found gives the contacts that a filter and words let through, the newest first.
func (p *contactsV5) found(c *call, filter, search any) ([]*entity, error) {
	match, err := compileFilter(filter, searchField)
	if err != nil {
		return nil, unfilterable(err)
	}
	fields := texts(listOf(search, "/fields"))
	if len(fields) == 0 {
		fields = foundIn
	}
	words := strings.Fields(strings.ToLower(text(memberOf(search, "expression"))))
	all := memberOf(search, "mode") == "AND"
	return kept(p.listed(c), func(value object) bool {
		return match(value) && (len(words) == 0 || hasWords(value, fields, words, all))
	}), nil
}

// hasWords tells whether one of some words, or all of them, are in some fields.
func hasWords(value object, fields, words []string, all bool) bool {
	has := func(word string) bool {
		return slices.ContainsFunc(fields, func(name string) bool {
			if name == "name.full" {
				name = "name"
			}
			path := strings.Split(name, ".")
			if name == "name" {
				return strings.Contains(strings.ToLower(text(objectAt(value, "name")["first"])+" "+text(objectAt(value, "name")["last"])), word)
			}
			return slices.ContainsFunc(valuesAt(value, path), func(v any) bool { return strings.Contains(strings.ToLower(text(v)), word) })
		})
	}
	if all {
		return !slices.ContainsFunc(words, func(word string) bool { return !has(word) })
	}
	return slices.ContainsFunc(words, has)
}
