//contactsgen:pack contacts
//contactsgen:part pack

package fake

import "net/http"

// submit appends to the contact that the request names or whose email or phone it has, or makes one.
func (p *contacts) submit(c *call) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	info, _ := body["info"].(object)
	if info, err = p.patched(object{}, info); err != nil {
		return Answer{}, err
	}
	info = withoutIDs(info)
	e, err := p.submitted(text(body["contactId"]), info)
	if err != nil {
		return Answer{}, err
	}
	if e == nil {
		value, err := p.checked(nil, info)
		if err != nil {
			return Answer{}, err
		}
		return submitAnswer(p.made(c, value), "CONTACT", true)
	}
	if e.value["memberInfo"] != nil && !p.set.MembersLoggedIn {
		return submitAnswer(e, "NOT_AUTHENTICATED_MEMBER", false)
	}
	grown := p.absorbed(infoOf(e.value), info)
	if err := p.valid(grown); err != nil {
		return Answer{}, err
	}
	p.sideDoor(e, grown)
	if e.value["memberInfo"] != nil {
		return submitAnswer(e, "MEMBER", false)
	}
	return submitAnswer(e, "CONTACT", false)
}

// submitted finds the contact that a submission is about, nil when it is a new one.
func (p *contacts) submitted(id string, info object) (*entity, error) {
	if id != "" {
		e := p.people.byKey[joinKey(id)]
		if e == nil {
			return nil, contactNotFound()
		}
		return e, nil
	}
	if len(info) == 0 {
		return nil, refusal(http.StatusBadRequest, "INSUFFICIENT_CONTACT_DATA", "A submission needs a name, a phone or an email.")
	}
	whole := p.filled(nil, object{"info": info})
	for _, name := range []string{"emails", "phones"} {
		for _, x := range itemsIn(whole["info"], name) {
			if e := p.owner(name, itemKinds[name], x, ""); e != nil {
				return e, nil
			}
		}
	}
	return nil, nil
}

func submitAnswer(e *entity, identity string, isNew bool) (Answer, error) {
	return Answer{Body: object{"contactId": e.value["id"], "identityType": identity, "newContact": isNew}}, nil
}

// infoOf gives a contact's info, empty when it has none.
func infoOf(value object) object {
	info, _ := value["info"].(object)
	return info
}
