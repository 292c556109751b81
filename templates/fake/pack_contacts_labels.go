//contactsgen:pack contacts
//contactsgen:part pack

package fake

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// labelFields are the names that filters and sorts of labels may use, whose operators nobody has documented.
var labelFields = map[string]field{
	"key":                  {[]string{"key"}, nil, false, nil},
	"displayName":          {[]string{"displayName"}, nil, true, nil},
	"createdDate":          {[]string{"createdDate"}, nil, true, nil},
	"updatedDate":          {[]string{"updatedDate"}, nil, true, nil},
	"namespace":            {[]string{"namespace"}, nil, false, nil},
	"namespaceDisplayName": {[]string{"namespaceDisplayName"}, nil, false, nil},
	"labelType":            {[]string{"labelType"}, nil, false, nil},
}

// fieldFields are those of extended fields.
var fieldFields = map[string]field{
	"key":         {[]string{"key"}, []string{"$eq", "$ne", "$in"}, false, nil},
	"displayName": {[]string{"displayName"}, []string{"$eq", "$ne", "$in", "$startsWith"}, true, nil},
	"createdDate": {[]string{"createdDate"}, dateOperators, true, isMoment},
	"updatedDate": {[]string{"updatedDate"}, dateOperators, true, isMoment},
	"namespace":   {[]string{"namespace"}, []string{"$eq", "$ne"}, false, nil},
	"fieldType":   {[]string{"fieldType"}, []string{"$eq"}, false, nil},
	"dataType":    {[]string{"dataType"}, []string{"$eq", "$ne"}, false, nil},
}

// namesOf gives the names of labels or of extended fields.
func (p *contacts) namesOf(b *collectionState) language {
	names := labelFields
	if b == p.fields {
		names = fieldFields
	}
	return func(name string) (field, bool) { f, ok := names[name]; return f, ok }
}

// unlabelled gives a request that takes labels off a contact the form that the description has. The SDK has the keys in the query, samples
// of the documentation have them in a body, and the service seems to take both.
func unlabelled(r *http.Request, body []byte) (*http.Request, []byte) {
	if r.Method != http.MethodDelete || r.URL.Query().Has("labelKeys") || !strings.HasPrefix(r.URL.Path, "/contacts/v4/contacts/") ||
		!strings.HasSuffix(r.URL.Path, "/labels") {
		return r, body
	}
	v, err := decode(body)
	keys := texts(listOf(v, "/labelKeys"))
	if err != nil || len(keys) == 0 {
		return r, body
	}
	r = r.Clone(r.Context())
	query := r.URL.Query()
	query["labelKeys"] = keys
	r.URL.RawQuery = query.Encode()
	return r, nil
}

// seedLabels makes the labels that every site has.
func (p *contacts) seedLabels() {
	for _, x := range [][2]string{{"contacts.contacted-me", "Contacted Me"}, {"contacts.customers", "Customers"}} {
		p.s.seed(p.labels, object{
			"key": x[0], "displayName": x[1], "labelType": "SYSTEM", "namespace": "contacts", "namespaceDisplayName": "Contacts",
		}, nil)
	}
}

// labelFilled gives a label that a test stores what it lacks.
func labelFilled(_, value object) object {
	return filledFrom(value, object{"labelType": "USER_DEFINED", "namespace": "custom", "namespaceDisplayName": "My labels"})
}

// knowLabels makes the labels that a contact carries and nobody has made.
func (p *contacts) knowLabels(contact object) {
	for _, key := range itemsIn(contact["info"], "labelKeys") {
		if key := text(key); key != "" && p.labels.byKey[joinKey(key)] == nil {
			p.s.seed(p.labels, namedByKey(key), nil)
		}
	}
}

// namedByKey gives a label or field what its key says: "custom.regular-guest" is called "regular guest".
func namedByKey(key string) object {
	namespace, name, found := strings.Cut(key, ".")
	if !found {
		namespace, name = "custom", key
	}
	return object{"key": key, "namespace": namespace, "displayName": strings.ReplaceAll(name, "-", " ")}
}

// knownLabels refuses label keys that do not exist.
func (p *contacts) knownLabels(keys []string) error {
	for _, key := range keys {
		if p.labels.byKey[joinKey(key)] == nil {
			return invalid("labelKeys", "has a key that does not exist: "+key, "CUSTOM")
		}
	}
	return nil
}

func (p *contacts) listLabels(c *call) (Answer, error) {
	return p.answerNamed(c, p.labels, "labels", p.namedLike(c, p.labels, "labelType"), "metadata", 1000, 2000)
}

func (p *contacts) queryLabels(c *call) (Answer, error) {
	found, err := p.namedBy(c, p.labels)
	if err != nil {
		return Answer{}, err
	}
	return p.answerNamed(c, p.labels, "labels", found, "pagingMetadata", 1000, 2000)
}

// namedLike gives the labels or fields that a list's parameters let through.
func (p *contacts) namedLike(c *call, b *collectionState, kind string) []*entity {
	var out []*entity
	for _, e := range p.late(c, b) {
		starts := strings.HasPrefix(text(e.value["displayName"]), c.word("/startsWith"))
		if starts && isOr(c.word("/"+kind), e.value[kind]) && isOr(c.word("/namespace"), e.value["namespace"]) {
			out = append(out, e)
		}
	}
	return out
}

func isOr(wanted string, v any) bool { return wanted == "" || wanted == text(v) }

// namedBy gives the labels or fields that a query's filter lets through.
func (p *contacts) namedBy(c *call, b *collectionState) ([]*entity, error) {
	if _, err := c.jsonBody(); err != nil {
		return nil, err
	}
	filter, _ := lookup(c.body, "/query/filter")
	match, err := compileFilter(filter, p.namesOf(b))
	if err != nil {
		return nil, filterRefused(err, "UNSUPPORTED_FILTER_FIELD", "UNSUPPORTED_FILTER_VALUE")
	}
	var out []*entity
	for _, e := range p.late(c, b) {
		if match(e.value) {
			out = append(out, e)
		}
	}
	return out, nil
}

// answerNamed sorts and pages labels or fields.
func (p *contacts) answerNamed(c *call, b *collectionState, name string, found []*entity, metadataName string, otherwise, most int) (Answer,
	error) {
	prefix := ""
	if c.Method == http.MethodPost {
		prefix = "/query"
	}
	found, err := p.sorted(c, prefix, found, p.namesOf(b), "INVALID_SORT")
	if err != nil {
		return Answer{}, err
	}
	from, to, metadata, err := pageOf(c, prefix+"/paging", len(found), otherwise, most)
	if err != nil {
		return Answer{}, err
	}
	values := make([]any, 0, to-from)
	for _, e := range found[from:to] {
		values = append(values, e.value)
	}
	return Answer{Body: object{name: values, metadataName: metadata}}, nil
}

func (p *contacts) findOrCreateLabel(c *call) (Answer, error) {
	name, err := c.displayName("/displayName", 180)
	if err != nil {
		return Answer{}, err
	}
	if e := p.named(p.labels, name); e != nil {
		return Answer{Body: object{"label": e.value, "newLabel": false}}, nil
	}
	own := p.own(p.labels, "labelType")
	if p.set.LabelQuota > 0 && own >= p.set.LabelQuota {
		f := refusal(p.quotaStatus(), "LABELS_QUOTA_REACHED", "The site has as many labels as it may have.")
		f.data = object{"labelsQuota": figure(p.set.LabelQuota).String(), "labelsCurrentTotal": figure(own).String()}
		return Answer{}, f
	}
	e := p.keep(p.labels, object{"key": p.newKey(p.labels, name), "displayName": name})
	return Answer{Body: object{"label": e.value, "newLabel": true}}, nil
}

// keep stores a label or a field that a request makes: lists that are late do not see it yet.
func (p *contacts) keep(b *collectionState, value object) *entity {
	e := p.s.seed(b, value, nil)
	e.made = true
	return e
}

func (p *contacts) quotaStatus() int {
	if p.set.QuotaStatus != 0 {
		return p.set.QuotaStatus
	}
	return http.StatusTooManyRequests
}

// displayName reads a name from the request's body.
func (c *call) displayName(pointer string, most int) (string, error) {
	if _, err := c.jsonBody(); err != nil {
		return "", err
	}
	l := location{In: inBody, At: pointer}
	v, _ := c.at(l)
	name, _ := v.(string)
	if name == "" || utf8.RuneCountInString(name) > most {
		return "", invalid(fieldName(l), "must have 1 to "+figure(most).String()+" characters", "SIZE")
	}
	return name, nil
}

// named finds a label or field by its name.
func (p *contacts) named(b *collectionState, name string) *entity {
	i := slices.IndexFunc(b.order, func(e *entity) bool { return text(e.value["displayName"]) == name })
	if i < 0 {
		return nil
	}
	return b.order[i]
}

// own counts the labels or fields that the site made.
func (p *contacts) own(b *collectionState, kind string) int {
	n := 0
	for _, e := range b.order {
		if e.value[kind] == "USER_DEFINED" {
			n++
		}
	}
	return n
}

// newKey makes a key of a name: its letters and digits, joined by dashes, with a number if it is taken.
func (p *contacts) newKey(b *collectionState, name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	key := "custom." + strings.Join(words, "-")
	key = key[:min(len(key), 70)]
	for n, free := 1, key; ; n++ {
		if b.byKey[joinKey(free)] == nil && free != "custom." {
			return free
		}
		free = strings.TrimSuffix(key, ".") + "-" + figure(n).String()
		if key == "custom." {
			free = key + figure(n).String()
		}
	}
}

func (p *contacts) getLabel(c *call) (Answer, error) {
	e := p.labels.byKey[joinKey(c.values[0])]
	if e == nil {
		return Answer{}, notFound("Label")
	}
	return one("label", e.value)
}

func (p *contacts) renameLabel(c *call) (Answer, error) {
	e := p.labels.byKey[joinKey(c.values[0])]
	if e == nil {
		return Answer{}, notFound("Label")
	}
	return p.rename(c, p.labels, e, "label", 180)
}

// rename gives a label or field of the site's own another name. Its key stays.
func (p *contacts) rename(c *call, b *collectionState, e *entity, envelope string, most int) (Answer, error) {
	name, err := c.displayName("/"+envelope+"/displayName", most)
	if err != nil && p.set.FlatRename {
		name, err = c.displayName("/displayName", most)
	}
	if err != nil {
		return Answer{}, err
	}
	if e.value["labelType"] == "SYSTEM" || e.value["fieldType"] == "SYSTEM" {
		return Answer{}, refusal(http.StatusPreconditionRequired, "FAILED_PRECONDITION", "What the system has made cannot be renamed.")
	}
	if other := p.named(b, name); other != nil && other != e {
		return Answer{}, refusal(http.StatusConflict, "ALREADY_EXISTS", "The name is taken.")
	}
	value := maps.Clone(e.value)
	value["displayName"] = name
	c.collection = b
	c.save(e, value)
	return one(envelope, e.value)
}

func (p *contacts) deleteLabel(c *call) (Answer, error) {
	e := p.labels.byKey[joinKey(c.values[0])]
	switch {
	case e == nil:
		return Answer{}, notFound("Label")
	case e.value["labelType"] == "SYSTEM":
		return Answer{}, refusal(http.StatusPreconditionRequired, "FAILED_PRECONDITION", "System labels cannot be deleted.")
	}
	p.labels.remove(e)
	key := text(e.value["key"])
	for _, contact := range p.people.order {
		if indexIn(itemsIn(contact.value["info"], "labelKeys"), key) >= 0 {
			p.sideDoor(contact, relabelled(contact.value["info"], nil, []string{key}))
		}
	}
	return nothing()
}
