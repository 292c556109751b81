//contactsgen:pack contactsv5
//contactsgen:part pack

package fake

import (
	"net/http"
	"slices"
)

func (p *contactsV5) upsert(c *call) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	e, action, err := p.upserted(c, p.given(body["contact"]), text(body["upsertMode"]), body["updateMember"] == true)
	if err != nil {
		return Answer{}, err
	}
	return p.withImage(object{"contact": e.value, "action": action}, e)
}

// upserted changes who is known by what is given, or makes a contact of it, and says which.
func (p *contactsV5) upserted(c *call, given object, mode string, updateMember bool) (*entity, string, error) {
	found := p.matching(given, "")
	if len(found) == 0 {
		e, err := p.created(c, given, true)
		return e, "CREATED", err
	}
	e := found[0].e
	if e.value["memberInfo"] != nil && !updateMember {
		f := refusal(http.StatusPreconditionRequired, "CANNOT_UPDATE_MEMBER", "The contact is a member of the site.")
		f.data = object{"contactId": e.value["id"]}
		return nil, "", f
	}
	next := p.patched(e.value, given)
	switch mode {
	case "APPEND":
		next = absorbedContact(e.value, given, false)
	case "OVERWRITE_APPEND_ARRAYS":
		next = absorbedContact(e.value, given, true)
	}
	value, err := p.checked(e.value, next)
	if err != nil {
		return nil, "", err
	}
	c.collection = p.people
	c.save(e, value)
	return e, "UPDATED", nil
}

// absorbedContact gives a contact with what another has more: what is empty is filled, lists get what they lack. With overwrite, what is no
// list is the other's where both have it.
func absorbedContact(value, more object, overwrite bool) object {
	out := cloned(value)
	first, second := value, more
	if overwrite {
		first, second = more, value
	}
	for name, v := range mergePatch(second, first).(object) {
		switch name {
		case "email", "phone", "additionalEmails", "additionalPhones", "addresses", "locationIds", "tags", "id", "revision":
		default:
			out[name] = v
		}
	}
	absorbWays(out, more, "email", "additionalEmails")
	absorbWays(out, more, "phone", "additionalPhones")
	if had := listOf(value, "/addresses"); len(listOf(more, "/addresses")) > 0 {
		drop := []string{}
		if len(had) > 0 {
			drop = append(drop, "defaultAddress")
		}
		out["addresses"] = absorbedItems(had, filledAddresses(more), sameAddress, drop...)
	}
	if list := listOf(more, "/locationIds"); len(list) > 0 {
		out["locationIds"] = appended(listOf(value, "/locationIds"), list)
	}
	if list := listOf(more, tagIDs); len(list) > 0 {
		out = with(out, tagIDs, appended(listOf(value, tagIDs), list)).(object)
	}
	return out
}

// filledAddresses gives the addresses of a contact as they would be stored, so that they can be compared with some that are. They are new
// entries where they go.
func filledAddresses(contact object) []any {
	list := slices.Clone(listOf(contact, "/addresses"))
	for i, x := range list {
		o, _ := x.(object)
		o = filledFrom(o, object{"tag": "OTHER"})
		if address := objectAt(o, "address"); address != nil {
			o["address"] = filledAddress(address)
		}
		list[i] = o
	}
	return list
}

// absorbWays adds the emails, or the phones, of another contact: the first is the main one where there is none, the others are additional.
func absorbWays(out, more object, main, list string) {
	rest := slices.Clone(listOf(more, "/"+list))
	if one := objectAt(more, main); one != nil {
		rest = slices.Insert(rest, 0, any(one))
	}
	same := func(x, y any) bool { return sameWay(taggedWay(x, main), taggedWay(y, main), main) }
	if len(rest) > 0 && text(objectAt(out, main)[main]) == "" {
		out[main], rest = rest[0], rest[1:]
	}
	all := absorbedItems(append([]any{objectAt(out, main)}, listOf(out, "/"+list)...), rest, same, "subscriptionStatus",
		"deliverabilityStatus")
	if len(all) > 1 {
		out[list] = all[1:]
	}
}

// taggedWay gives an email or a phone as it would be stored.
func taggedWay(x any, main string) any {
	o, _ := x.(object)
	if main == "phone" {
		return numbered(o)
	}
	return object{"email": plainEmail(o["email"])}
}

func (p *contactsV5) merge(c *call) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	target, err := p.contact(c)
	if err == nil {
		err = p.fresh(c, target)
	}
	if err != nil {
		return Answer{}, err
	}
	sources, err := p.sources(c, target)
	if err != nil {
		return Answer{}, err
	}
	next := target.value
	if _, given := body["targetContact"].(object); given {
		next = p.patched(target.value, p.given(body["targetContact"]))
	} else {
		for _, source := range sources {
			next = absorbedContact(next, mergeable(source.value), false)
		}
	}
	value, err := p.checked(target.value, next)
	if err == nil && !c.flag("/allowDuplicates") {
		err = p.duplicateBeside(target, value, sources)
	}
	switch {
	case err != nil:
		return Answer{}, err
	case body["preview"] == true:
		return one("contact", value)
	}
	for _, source := range sources {
		p.people.remove(source)
	}
	value["lastActivity"] = object{"date": p.s.instant()}
	c.save(target, value)
	return one("contact", target.value)
}

// sources are the contacts to merge into a target.
func (p *contactsV5) sources(c *call, target *entity) ([]*entity, error) {
	var out []*entity
	for _, id := range c.list(location{In: inBody, At: "/sourceContactIds"}) {
		e := p.people.byKey[joinKey(id)]
		switch {
		case e == nil:
			return nil, refusal(http.StatusNotFound, "SOURCE_NOT_FOUND", "A contact to merge is not there.")
		case e == target || slices.Contains(out, e):
			return nil, refusal(http.StatusBadRequest, "INVALID_CONTACT_MERGE", "The sources must be different contacts, and not the target.")
		case e.value["memberInfo"] != nil:
			return nil, refusal(http.StatusPreconditionRequired, "CANNOT_MERGE_SOURCE_MEMBER", "A member cannot be merged into another contact.")
		}
		out = append(out, e)
	}
	if len(out) == 0 {
		return nil, refusal(http.StatusBadRequest, "INVALID_CONTACT_MERGE", "There is nothing to merge.")
	}
	return out, nil
}

// mergeable is a source less what is its own alone.
func mergeable(source object) object {
	out := cloned(source)
	for _, name := range []string{"createdDate", "updatedDate", "source", "lastActivity", "memberInfo"} {
		delete(out, name)
	}
	return out
}

// duplicateBeside refuses what a merge makes of its target if anybody beside the sources is known by it.
func (p *contactsV5) duplicateBeside(target *entity, value object, sources []*entity) error {
	given := object{}
	for _, name := range []string{"externalId", "email", "phone"} {
		if !equal(target.value[name], value[name]) {
			given[name] = value[name]
		}
	}
	for _, m := range p.matching(given, target.key) {
		if !slices.Contains(sources, m.e) {
			return p.duplicate(given, target.key)
		}
	}
	return nil
}

// tagIDs is where a contact and a request have tags.
const tagIDs = "/tags/privateTags/tagIds"

func (p *contactsV5) updateTags(c *call) (Answer, error) {
	assign, unassign, err := tagsIn(c)
	if err != nil {
		return Answer{}, err
	}
	e, err := p.contact(c)
	if err != nil {
		return Answer{}, err
	}
	p.retag(e, assign, unassign)
	return one("contact", e.value)
}

// tagsIn gives the tags to put on and to take off.
func tagsIn(c *call) (assign, unassign []string, err error) {
	if _, err := c.jsonBody(); err != nil {
		return nil, nil, err
	}
	assign, unassign = texts(listOf(c.body, "/assignTags/privateTags/tagIds")), texts(listOf(c.body, "/unassignTags/privateTags/tagIds"))
	if len(assign)+len(unassign) == 0 {
		return nil, nil, refusal(http.StatusBadRequest, "EMPTY_ASSIGN_AND_UNASSIGN_LISTS", "There is no tag to put on or to take off.")
	}
	return assign, unassign, nil
}

// retag puts tags on a contact and takes others off. One in both lists is put on.
func (p *contactsV5) retag(e *entity, assign, unassign []string) {
	tags := changedKeys(listOf(e.value, tagIDs), assign, unassign)
	if tags == nil {
		tags = []any{}
	}
	p.sideDoor(e, with(e.value, tagIDs, tags).(object))
}
