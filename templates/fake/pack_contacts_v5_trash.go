//contactsgen:pack contactsv5
//contactsgen:part pack

package fake

import "time"

// expire empties the trash bin of what has been in it too long.
func (p *contactsV5) expire() {
	for key, at := range p.deleted {
		if e := p.trash.byKey[key]; e == nil || p.s.settings.now().Sub(at) > trashKept {
			if e != nil {
				p.trash.remove(e)
			}
			delete(p.deleted, key)
		}
	}
}

func (p *contactsV5) delete(c *call) (Answer, error) {
	e, err := p.contact(c)
	if err == nil {
		err = p.trashed(e, c.word("/deleteMember") == "true")
	}
	if err != nil {
		return Answer{}, err
	}
	return nothing()
}

// trashed moves a contact to the trash bin.
func (p *contactsV5) trashed(e *entity, members bool) error {
	if e.value["memberInfo"] != nil && !members {
		return refusal(428, "CANNOT_DELETE_MEMBER", "The contact is a member of the site.")
	}
	value := cloned(e.value)
	delete(value, "memberInfo")
	p.people.remove(e)
	p.trash.put(e.key, value, e.version)
	p.deleted[e.key] = p.s.settings.now()
	return nil
}

// inTrash finds the deleted contact of an id.
func (p *contactsV5) inTrash(id string) (*entity, error) {
	p.expire()
	e := p.trash.byKey[joinKey(id)]
	if e == nil {
		return nil, notFound("Contact")
	}
	return e, nil
}

func (p *contactsV5) getDeleted(c *call) (Answer, error) {
	e, err := p.inTrash(c.values[0])
	if err != nil {
		return Answer{}, err
	}
	return one("contact", e.value)
}

func (p *contactsV5) removeDeleted(c *call) (Answer, error) {
	e, err := p.inTrash(c.values[0])
	if err != nil {
		return Answer{}, err
	}
	p.trash.remove(e)
	delete(p.deleted, e.key)
	return nothing()
}

func (p *contactsV5) restore(c *call) (Answer, error) {
	e, err := p.restored(c.values[0])
	if err != nil {
		return Answer{}, err
	}
	return one("contact", e.value)
}

// restored brings a deleted contact back.
func (p *contactsV5) restored(id string) (*entity, error) {
	e, err := p.inTrash(id)
	if err != nil {
		return nil, err
	}
	p.trash.remove(e)
	delete(p.deleted, e.key)
	version := e.version
	if !p.set.RestoreKeeps {
		version++
	}
	return p.people.put(e.key, p.s.dated(p.people.def.Updated, e.value), version), nil
}

func (p *contactsV5) listDeleted(c *call) (Answer, error) {
	p.expire()
	from, errFrom := bound(c.word("/deletedFromDate"))
	to, errTo := bound(c.word("/deletedToDate"))
	if errFrom != nil || errTo != nil {
		return Answer{}, invalid("deletedFromDate", "is not a date", "FORMAT")
	}
	externalID, email, phone := c.word("/externalId"), c.word("/email"), c.word("/phone")
	among := p.trash.order
	if externalID+email+phone != "" {
		among = nil
		for _, m := range p.matches(p.trash.order, externalID, email, phone, "") {
			among = append(among, m.e)
		}
	}
	ids := c.list(location{In: inQuery, Name: "contactIds"})
	var found []*entity
	for _, e := range among {
		at := p.deleted[e.key]
		if (len(ids) == 0 || indexIn(anys(ids), e.value["id"]) >= 0) && (from.IsZero() || !at.Before(from)) && (to.IsZero() || !at.After(to)) {
			found = append(found, e)
		}
	}
	where := location{In: inQuery, Name: "paging.cursor"}
	first, last, err := c.page(&paging{Limit: location{In: inQuery, Name: "paging.limit"}, Cursor: where, Default: 50, Max: 100}, len(found))
	if err != nil {
		return Answer{}, err
	}
	values := []any{}
	for _, e := range found[first:last] {
		values = append(values, e.value)
	}
	cursors := object{}
	if last < len(found) {
		cursors["next"] = cursor(last)
	}
	return Answer{Body: object{"contacts": values, "pagingMetadata": object{"count": figure(len(values)), "cursors": cursors,
		"hasNext": last < len(found)}}}, nil
}

// bound reads an instant, the zero one of an empty text.
func bound(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, s)
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}
