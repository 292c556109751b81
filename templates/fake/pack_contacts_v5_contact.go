//contactsgen:pack contactsv5
//contactsgen:part pack

package fake

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// contact finds the contact that the path names first.
func (p *contactsV5) contact(c *call) (*entity, error) {
	c.collection = p.people
	e := p.people.byKey[joinKey(c.values[0])]
	if e == nil {
		return nil, notFound("Contact")
	}
	return e, nil
}

func (p *contactsV5) get(c *call) (Answer, error) {
	e, err := p.contact(c)
	if err != nil {
		return Answer{}, err
	}
	if c.stale > 0 {
		e = e.earlier(c.stale)
	}
	return one("contact", e.value)
}

// given is the contact that a request gives, less what is the server's to say.
func (p *contactsV5) given(v any) object {
	out, _ := p.s.writable(v, p.s.shapes[p.people.def.Shape]).(object)
	out = cloned(out)
	delete(out, "id")
	delete(out, "revision")
	return out
}

func (p *contactsV5) create(c *call) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	e, err := p.created(c, p.given(body["contact"]), c.flag("/allowDuplicates"))
	if err != nil {
		return Answer{}, err
	}
	return p.withImage(object{"contact": e.value}, e)
}

// created makes a contact of what is given.
func (p *contactsV5) created(c *call, given object, allowDuplicates bool) (*entity, error) {
	value, err := p.checked(nil, given)
	if err == nil && !allowDuplicates {
		err = p.duplicate(given, "")
	}
	if err != nil {
		return nil, err
	}
	c.collection = p.people
	id := p.s.settings.newID()
	value["id"] = id
	value["lastActivity"] = object{"date": p.s.instant()}
	if value["source"] == nil {
		value["source"] = object{}
	}
	e := c.store(joinKey(id), value)
	if p.set.FromZero {
		e.state = state{p.people.def.stamp(e.key, e.value, 0), 0}
	}
	return e, nil
}

func (p *contactsV5) update(c *call) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	e, err := p.contact(c)
	if err == nil {
		err = p.fresh(c, e)
	}
	if err == nil {
		err = p.updated(c, e, p.given(body["contact"]), c.flag("/allowDuplicates"))
	}
	if err != nil {
		return Answer{}, err
	}
	return p.withImage(object{"contact": e.value}, e)
}

// updated changes a contact by what is given.
func (p *contactsV5) updated(c *call, e *entity, given object, allowDuplicates bool) error {
	if p.set.RefuseNull && hasNull(given) {
		return invalid("contact", "must have no null", "FORMAT")
	}
	next, err := p.checked(e.value, p.patched(e.value, given))
	if err == nil && !allowDuplicates {
		err = p.duplicate(given, e.key)
	}
	if err != nil {
		return err
	}
	c.collection = p.people
	c.save(e, next)
	return nil
}

// fresh refuses a stale revision.
func (p *contactsV5) fresh(c *call, e *entity) error {
	if g := c.route.Guard; g != nil {
		for _, s := range g.Tokens {
			v, _ := c.at(s.In)
			if revision, ok := v.(string); ok && strings.Trim(revision, "0123456789") != "" {
				return invalid(fieldName(s.In), "is no number", "FORMAT")
			}
		}
	}
	err := c.checkToken(e)
	var f *failure
	if !errors.As(err, &f) || !f.stale {
		return err
	}
	f.message = "Outdated revision for entity id " + text(e.value["id"])
	f.data = object{"revisionViolation": object{"entityId": e.value["id"]}}
	if p.set.CarryRevision {
		f.data = object{"revisionViolation": object{"entityId": e.value["id"], "revision": e.value["revision"]}}
	}
	if p.set.StaleStatus != 0 {
		f.status = p.set.StaleStatus
	}
	return f
}

// patched gives a contact after an update: what is not given stays, lists are replaced.
func (p *contactsV5) patched(old, given object) object {
	out := cloned(old)
	for name, v := range given {
		if _, isObject := v.(object); isObject && !p.set.ReplaceObjects {
			v = mergePatch(old[name], v)
		}
		if out[name] = v; v == nil || v == "" {
			delete(out, name)
		}
	}
	return out
}

// checked gives a contact with everything that the server adds, or says why it cannot be. Old is what it was, nil for a new one.
func (p *contactsV5) checked(old, value object) (object, error) {
	value = p.filled(old, value)
	for _, check := range []func(old, value object) error{checkData, checkContactWays, checkAddresses, checkRest} {
		if err := check(old, value); err != nil {
			return nil, err
		}
	}
	return value, nil
}

func checkData(old, value object) error {
	has := func(names ...string) bool { v, _ := lookup(value, "/"+strings.Join(names, "/")); return text(v) != "" }
	if !has("name", "first") && !has("name", "last") && !has("email", "email") && !has("phone", "phone") {
		return refusal(http.StatusBadRequest, "INSUFFICIENT_CONTACT_DATA", "A contact needs a name, an email or a phone.")
	}
	if was := text(old["externalId"]); was != "" && was != text(value["externalId"]) {
		return refusal(http.StatusBadRequest, "CANNOT_CHANGE_EXTERNAL_ID", "The external id is set once.")
	}
	if old["memberInfo"] != nil && !equal(objectAt(old, "email")["email"], objectAt(value, "email")["email"]) {
		return refusal(http.StatusPreconditionRequired, "CANNOT_UPDATE_MEMBER_EMAIL", "The login email of a member cannot be changed.")
	}
	return nil
}

// checkContactWays looks at emails and phones.
func checkContactWays(_, value object) error {
	for _, way := range []struct{ main, more, required, twice string }{
		{"email", "/additionalEmails", "EMAIL_REQUIRED", "DUPLICATE_EMAIL"},
		{"phone", "/additionalPhones", "PHONE_REQUIRED", "DUPLICATE_PHONE"},
	} {
		all := slices.Clone(listOf(value, way.more))
		main := objectAt(value, way.main)
		if len(all) > 0 && text(main[way.main]) == "" {
			return refusal(http.StatusBadRequest, way.required, "There are additional ones, but no main "+way.main+".")
		}
		if main != nil {
			all = append(all, main)
		}
		if hasTwice(all, func(x, y any) bool { return sameWay(x, y, way.main) }) {
			return refusal(http.StatusBadRequest, way.twice, "The contact has the "+way.main+" twice.")
		}
	}
	return nil
}

// sameWay tells whether two emails, or two phones with their tags, are one.
func sameWay(x, y any, about string) bool {
	return sameNumber(x, y, about) && (about == "email" || memberOf(x, "tag") == memberOf(y, "tag"))
}

func hasTwice(list []any, same func(x, y any) bool) bool {
	for i, x := range list {
		if slices.ContainsFunc(list[:i], func(y any) bool { return same(x, y) }) {
			return true
		}
	}
	return false
}

func checkAddresses(_, value object) error {
	list := listOf(value, "/addresses")
	defaults := 0
	for _, x := range list {
		if memberOf(x, "defaultAddress") == true {
			defaults++
		}
	}
	switch {
	case defaults > 1:
		return refusal(http.StatusBadRequest, "MULTIPLE_DEFAULT_ADDRESSES", "Only one address can be the default.")
	case hasTwice(list, func(x, y any) bool { return equal(memberOf(x, "id"), memberOf(y, "id")) }):
		return refusal(http.StatusBadRequest, "DUPLICATE_ADDRESS_ID", "Two addresses have the same id.")
	case hasTwice(list, sameAddress):
		return refusal(http.StatusBadRequest, "DUPLICATE_ADDRESS", "The contact has an address twice.")
	}
	return nil
}

// sameAddress tells whether two entries are the same place with the same tag and recipient.
func sameAddress(x, y any) bool {
	return memberOf(x, "tag") == memberOf(y, "tag") && equal(memberOf(x, "address"), memberOf(y, "address")) &&
		equal(memberOf(x, "recipient"), memberOf(y, "recipient"))
}

func checkRest(_, value object) error {
	if tongue := text(value["locale"]); tongue != "" && !tongues.MatchString(tongue) {
		return invalid("contact.locale", "is not a language tag", "FORMAT")
	}
	if zone := text(value["timeZone"]); zone != "" && !isZone(zone) {
		return refusal(http.StatusBadRequest, "INVALID_TIME_ZONE", "There is no such time zone.")
	}
	if address := text(objectAt(value, "image")["url"]); address != "" && !isURL(address) {
		return refusal(http.StatusBadRequest, "INVALID_IMAGE_URL", "The image has no valid URL.")
	}
	return nil
}

// isZone tells whether a text names a time zone. Where the machine knows none, what looks like a name is believed.
func isZone(name string) bool {
	if _, err := time.LoadLocation("Europe/Berlin"); err != nil {
		return strings.Contains(name, "/") || name == "UTC"
	}
	_, err := time.LoadLocation(name)
	return err == nil && name != "Local"
}

// filled gives a contact with everything that the server adds: lists, ids, tags, numbers, states. What it knew of an email or a phone stays
// as long as that does.
func (p *contactsV5) filled(old, value object) object {
	out := cloned(value)
	for _, name := range []string{"additionalEmails", "additionalPhones", "addresses", "locationIds", "segmentIds"} {
		if listOf(out, "/"+name) == nil {
			out[name] = []any{}
		}
	}
	if email := objectAt(out, "email"); email != nil {
		out["email"] = filledEmail(objectAt(old, "email"), email)
	}
	if phone := objectAt(out, "phone"); phone != nil {
		out["phone"] = filledPhone(objectAt(old, "phone"), phone)
	}
	for i, x := range copied(out, "additionalEmails") {
		listOf(out, "/additionalEmails")[i] = object{"email": plainEmail(memberOf(x, "email"))}
	}
	for i, x := range copied(out, "additionalPhones") {
		o, _ := x.(object)
		listOf(out, "/additionalPhones")[i] = numbered(o)
	}
	p.fillAddresses(out)
	if old != nil && old["source"] != nil {
		out["source"] = old["source"]
	}
	return out
}

// copied puts a copy of a list in its place.
func copied(value object, name string) []any {
	list := slices.Clone(listOf(value, "/"+name))
	value[name] = list
	return list
}

func plainEmail(v any) string { return strings.ToLower(strings.TrimSpace(text(v))) }

func filledEmail(old, email object) any {
	out := cloned(email)
	out["email"] = plainEmail(out["email"])
	if out["email"] == "" {
		return nil
	}
	if out["email"] == old["email"] {
		out = filledFrom(out, old)
	}
	return filledFrom(out, object{"subscriptionStatus": object{"status": "NOT_SET"}, "deliverabilityStatus": "NOT_SET"})
}

func filledPhone(old, phone object) any {
	out := numbered(phone)
	if text(out["phone"]) == "" {
		return nil
	}
	if out["phone"] == old["phone"] {
		out = filledFrom(out, old)
	}
	status := "NO_SUBSCRIPTION_STATUS" // no message can reach a number without its international form
	if text(out["e164"]) != "" {
		status = "NOT_SET"
	}
	return filledFrom(out, object{"subscriptionStatus": object{"status": status}, "deliverabilityStatus": "NOT_SET"})
}

// numbered gives a phone its tag and, where that can be known, its international form.
func numbered(phone object) object {
	out := cloned(phone)
	if text(out["tag"]) == "" {
		out["tag"] = "OTHER"
	}
	if number := e164(text(out["phone"]), text(out["countryCode"])); number != "" {
		out["e164"] = number
	}
	return out
}

// fillAddresses gives addresses ids, tags, a default and a line to show.
func (p *contactsV5) fillAddresses(value object) {
	hasDefault := false
	list := copied(value, "addresses")
	for i, x := range list {
		o, _ := x.(object)
		o = cloned(o)
		if text(o["id"]) == "" {
			o["id"] = p.s.settings.newID()
		}
		if text(o["tag"]) == "" {
			o["tag"] = "OTHER"
		}
		if address := objectAt(o, "address"); address != nil {
			o["address"] = filledAddress(address)
		}
		hasDefault = hasDefault || o["defaultAddress"] == true
		list[i] = o
	}
	for i, x := range list {
		o := x.(object)
		o["defaultAddress"] = o["defaultAddress"] == true || !hasDefault && i == 0
	}
}

// filledAddress gives an address a line to show, where it has none, and a street all its parts.
func filledAddress(address object) object {
	out := cloned(address)
	street := objectAt(out, "streetAddress")
	if street != nil {
		street = filledFrom(street, object{"number": "", "name": "", "apt": ""})
		out["streetAddress"] = street
	}
	if text(out["formattedAddress"]) == "" {
		line := strings.TrimSpace(text(street["number"]) + " " + text(street["name"]))
		var parts []string
		for _, part := range []string{line, text(out["addressLine"]), text(out["addressLine2"]), text(out["city"]), text(out["subdivision"]),
			text(out["postalCode"]), text(out["country"])} {
			if part != "" {
				parts = append(parts, part)
			}
		}
		if delete(out, "formattedAddress"); len(parts) > 0 {
			out["formattedAddress"] = strings.Join(parts, ", ")
		}
	}
	return out
}

// seeded gives a contact that a test stores with everything that the server adds.
func (p *contactsV5) seeded(old, value object) object {
	out := p.filled(old, value)
	return filledFrom(out, object{"source": object{}, "lastActivity": object{"date": out["createdDate"]}})
}

// sideDoor stores a change that was made without a revision.
func (p *contactsV5) sideDoor(e *entity, value object) {
	value = p.s.dated(p.people.def.Updated, p.filled(e.value, value))
	if p.set.SideDoorsKeep {
		p.people.replaceValue(e, value)
		return
	}
	p.people.change(e, value)
}

// match is a contact that somebody could be, and how strongly: 4 for the external id, 2 for the email, 1 for the phone, or a sum of them.
type match struct {
	e        *entity
	strength int
}

const (
	byPhone      = 1
	byEmail      = 2
	byExternalID = 4
)

// matches finds who has an external id, a main email or a main phone, the strongest first and then the oldest. A contact with another
// external id is somebody else.
func (p *contactsV5) matches(among []*entity, externalID, email, phone, except string) []match {
	var out []match
	wanted := numbered(object{"phone": phone})
	for _, e := range among {
		if e.key == except {
			continue
		}
		m := match{e: e}
		own := text(e.value["externalId"])
		if externalID != "" && own == externalID {
			m.strength |= byExternalID
		}
		if email != "" && plainEmail(email) == objectAt(e.value, "email")["email"] {
			m.strength |= byEmail
		}
		if phone != "" && sameNumber(wanted, e.value["phone"], "phone") {
			m.strength |= byPhone
		}
		if m.strength == 0 || externalID != "" && own != "" && own != externalID {
			continue
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b match) int { return b.strength - a.strength })
	return out
}

// matching finds who has what a contact is known by.
func (p *contactsV5) matching(given object, except string) []match {
	return p.matches(p.people.order, text(given["externalId"]), text(objectAt(given, "email")["email"]),
		text(objectAt(given, "phone")["phone"]), except)
}

// duplicate refuses what another contact is known by, if the request gives it.
func (p *contactsV5) duplicate(given object, key string) error {
	found := p.matching(given, key)
	if len(found) == 0 {
		return nil
	}
	kind := "EXTERNAL_ID"
	switch s := found[0].strength; {
	case s&byExternalID != 0:
	case s == byEmail|byPhone:
		kind = "EMAIL_AND_PHONE"
	case s == byEmail:
		kind = "EMAIL"
	default:
		kind = "PHONE"
	}
	status := http.StatusConflict
	if p.set.DuplicateStatus != 0 {
		status = p.set.DuplicateStatus
	}
	f := refusal(status, "DUPLICATE_CONTACT_EXISTS", "Another contact is known by this.")
	f.data = object{"matchingContactId": found[0].e.value["id"], "matchType": kind}
	return f
}
