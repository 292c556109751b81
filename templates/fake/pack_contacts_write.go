//contactsgen:pack contacts
//contactsgen:part pack

package fake

import (
	"errors"
	"maps"
	"net/http"
	"strconv"
)

func contactNotFound() *failure {
	return refusal(http.StatusNotFound, "CONTACT_NOT_FOUND", "Contact not found.")
}

// contact finds the contact that the path names first.
func (p *contacts) contact(c *call) (*entity, error) {
	c.collection = p.people
	e := p.people.byKey[joinKey(c.values[0])]
	if e == nil {
		return nil, contactNotFound()
	}
	return e, nil
}

func (p *contacts) create(c *call) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	info, _ := body["info"].(object)
	if info, err = p.patched(object{}, info); err != nil {
		return Answer{}, err
	}
	value, err := p.checked(nil, withoutIDs(info))
	if err == nil && !c.flag("/allowDuplicates") {
		err = p.duplicate(value, info, "")
	}
	if err != nil {
		return Answer{}, err
	}
	return one("contact", p.made(c, value).value)
}

// withoutIDs gives an info whose items have no ids: they are the server's to give.
func withoutIDs(info object) object {
	out := maps.Clone(info)
	for name := range itemKinds {
		var items []any
		for _, x := range itemsIn(info, name) {
			items = append(items, without(x, "/id"))
		}
		if len(items) > 0 {
			out[name] = object{"items": items}
		}
	}
	return out
}

// made stores a new contact.
func (p *contacts) made(c *call, value object) *entity {
	c.collection = p.people
	id := p.s.settings.newID()
	value["id"] = id
	value["source"] = object{"sourceType": "THIRD_PARTY"}
	value["lastActivity"] = object{"activityDate": p.s.instant(), "activityType": "CONTACT_CREATED"}
	e := c.store(joinKey(id), value)
	if p.set.FromZero {
		e.state = state{p.people.def.stamp(e.key, e.value, 0), 0}
	}
	return e
}

func (p *contacts) update(c *call) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	info, _ := body["info"].(object)
	if len(info) == 0 {
		return Answer{}, refusal(http.StatusBadRequest, "INSUFFICIENT_UPDATE_CONTACT_DATA", "The update has no info.")
	}
	e, err := p.contact(c)
	if err == nil {
		err = p.fresh(c, e)
	}
	if err != nil {
		return Answer{}, err
	}
	value, err := p.changed(e, info)
	if err == nil && !c.flag("/allowDuplicates") {
		err = p.duplicate(value, info, e.key)
	}
	if err != nil {
		return Answer{}, err
	}
	c.save(e, value)
	return one("contact", e.value)
}

// changed gives a contact with its info patched, or says why it can't be.
func (p *contacts) changed(e *entity, patch object) (object, error) {
	old, _ := e.value["info"].(object)
	info, err := p.patched(old, patch)
	if err != nil {
		return nil, err
	}
	value, err := p.checked(e.value, info)
	if err != nil {
		return nil, err
	}
	if e.value["memberInfo"] != nil && !equal(e.value["primaryEmail"], value["primaryEmail"]) {
		return nil, refusal(http.StatusPreconditionRequired, "CANNOT_UPDATE_MEMBER_EMAIL", "The login email of a member cannot be changed.")
	}
	return value, nil
}

// fresh refuses a stale revision.
func (p *contacts) fresh(c *call, e *entity) error {
	if c.route.Guard != nil {
		for _, s := range c.route.Guard.Tokens {
			c.readDigits(s.In)
		}
	}
	err := c.checkToken(e)
	var f *failure
	if errors.As(err, &f) && f.stale && p.set.CarryRevision {
		f.data = object{"revision": e.value["revision"]}
	}
	return err
}

// readDigits takes a string of digits in the body for the number that it spells.
func (c *call) readDigits(l location) {
	v, _ := c.at(l)
	s, _ := v.(string)
	if n, err := strconv.Atoi(s); err == nil && l.In == inBody {
		c.body = with(c.body, l.At, figure(n))
	}
}

// checked gives a contact with a new info, after all that the server looks at.
func (p *contacts) checked(old, info object) (object, error) {
	if err := p.valid(info); err != nil {
		return nil, err
	}
	value := maps.Clone(old)
	if value == nil {
		value = object{}
	}
	value["info"] = info
	return p.filled(old, value), nil
}

func (p *contacts) delete(c *call) (Answer, error) {
	e, err := p.contact(c)
	switch {
	case err != nil && p.set.DeleteUnknown:
		return nothing()
	case err != nil:
		return Answer{}, err
	case e.value["memberInfo"] != nil:
		return Answer{}, refusal(http.StatusPreconditionRequired, "CANNOT_DELETE_MEMBER", "Members cannot be deleted.")
	}
	p.removed(e)
	return nothing()
}

// removed takes a contact away, and what belongs to it.
func (p *contacts) removed(e *entity) {
	p.people.remove(e)
	for _, file := range p.filesOf(text(e.value["id"])) {
		p.removeFile(file)
	}
}

// sideDoor stores a change that was made without a revision.
func (p *contacts) sideDoor(e *entity, info object) {
	value := maps.Clone(e.value)
	value["info"] = info
	value = p.s.dated(p.people.def.Updated, p.filled(e.value, value))
	if p.set.SideDoorsKeepRevision {
		p.people.replaceValue(e, value)
		return
	}
	p.people.change(e, value)
}

func (p *contacts) label(c *call) (Answer, error) {
	if _, err := c.jsonBody(); err != nil {
		return Answer{}, err
	}
	return p.relabel(c, c.list(location{In: inBody, At: "/labelKeys"}), nil)
}

func (p *contacts) unlabel(c *call) (Answer, error) {
	return p.relabel(c, nil, c.list(location{In: inQuery, Name: "labelKeys"}))
}

// relabel gives a contact labels, and takes others off.
func (p *contacts) relabel(c *call, add, remove []string) (Answer, error) {
	if n := len(add) + len(remove); n < 1 || n > 100 {
		return Answer{}, invalid("labelKeys", "must have 1 to 100 items", "SIZE")
	}
	if err := p.knownLabels(add); err != nil {
		return Answer{}, err
	}
	e, err := p.contact(c)
	if err != nil {
		return Answer{}, err
	}
	p.sideDoor(e, relabelled(e.value["info"], add, remove))
	return one("contact", e.value)
}

// relabelled gives an info with some labels more and some less.
func relabelled(info any, add, remove []string) object {
	keys := changedKeys(itemsIn(info, "labelKeys"), add, remove)
	if len(keys) == 0 {
		rest, _ := without(info, "/labelKeys").(object)
		return rest
	}
	return with(info, "/labelKeys/items", keys).(object)
}
