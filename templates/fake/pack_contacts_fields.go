//contactsgen:pack contacts
//contactsgen:part pack

package fake

import (
	"net/http"
	"slices"
	"strings"
)

// fieldQuota is how many extended fields of its own a site may have.
const fieldQuota = 100

// systemKeys are the extended fields that every site has.
var systemKeys = []string{
	"contacts.displayByFirstName", "contacts.displayByLastName", "emailSubscriptions.deliverabilityStatus",
	"emailSubscriptions.effectiveEmail", "emailSubscriptions.subscriptionStatus", "members.membershipStatus",
}

// seedFields makes the extended fields that every site has.
func (p *contacts) seedFields() {
	for _, key := range systemKeys {
		namespace, name, _ := strings.Cut(key, ".")
		p.s.seed(p.fields, object{"key": key, "displayName": name, "dataType": "TEXT", "fieldType": "SYSTEM", "namespace": namespace}, nil)
	}
}

// fieldFilled gives a field that a test stores what it lacks.
func fieldFilled(_, value object) object {
	return filledFrom(value, object{"fieldType": "USER_DEFINED", "dataType": "TEXT", "namespace": "custom"})
}

// knowFields makes the extended fields that a contact has values of and nobody has made.
func (p *contacts) knowFields(contact object) {
	v, _ := lookup(contact["info"], "/extendedFields/items")
	values, _ := v.(object)
	for _, key := range sortedKeys(values) {
		if p.fields.byKey[joinKey(key)] != nil {
			continue
		}
		field := namedByKey(key)
		field["dataType"] = "TEXT"
		for _, dataType := range []string{"NUMBER", "DATE", "URL"} {
			if fits(values[key], dataType, "") {
				field["dataType"] = dataType
			}
		}
		p.s.seed(p.fields, field, nil)
	}
}

func (p *contacts) isSystemField(key string) bool { return slices.Contains(systemKeys, key) }

// systemFields fills in a contact's system fields. What a test has stored there stays.
func (p *contacts) systemFields(contact, info object) {
	first, _ := lookup(info, "/name/first")
	last, _ := lookup(info, "/name/last")
	values := object{}
	if had, _ := lookup(info, "/extendedFields/items"); had != nil {
		if had, ok := had.(object); ok {
			for key, v := range had {
				values[key] = v
			}
		}
	}
	set := func(key, value string) {
		if delete(values, key); value != "" {
			values[key] = value
		}
	}
	set("contacts.displayByFirstName", strings.TrimSpace(text(first)+" "+text(last)))
	set("contacts.displayByLastName", strings.TrimSpace(text(last)+" "+text(first)))
	set("emailSubscriptions.effectiveEmail", text(memberOf(contact["primaryEmail"], "email")))
	set("emailSubscriptions.deliverabilityStatus", text(memberOf(contact["primaryEmail"], "deliverabilityStatus")))
	set("emailSubscriptions.subscriptionStatus", text(memberOf(contact["primaryEmail"], "subscriptionStatus")))
	set("members.membershipStatus", "NOT_A_MEMBER")
	if contact["memberInfo"] != nil {
		set("members.membershipStatus", "MEMBER")
	}
	info["extendedFields"] = object{"items": values}
}

func (p *contacts) listFields(c *call) (Answer, error) {
	return p.answerNamed(c, p.fields, "fields", p.namedLike(c, p.fields, "fieldType"), "metadata", 100, 1000)
}

func (p *contacts) queryFields(c *call) (Answer, error) {
	found, err := p.namedBy(c, p.fields)
	if err != nil {
		return Answer{}, err
	}
	return p.answerNamed(c, p.fields, "fields", found, "pagingMetadata", 100, 1000)
}

func (p *contacts) findOrCreateField(c *call) (Answer, error) {
	name, err := c.displayName("/displayName", 150)
	if err != nil {
		return Answer{}, err
	}
	if e := p.named(p.fields, name); e != nil {
		return Answer{Body: object{"field": e.value, "newField": false}}, nil
	}
	dataType := c.word("/dataType")
	if !slices.Contains([]string{"TEXT", "NUMBER", "DATE", "URL"}, dataType) {
		return Answer{}, invalid("dataType", "must be TEXT, NUMBER, DATE or URL", "FORMAT")
	}
	if p.own(p.fields, "fieldType") >= fieldQuota {
		return Answer{}, refusal(p.quotaStatus(), "FIELDS_QUOTA_EXCEEDED", "The site has as many extended fields as it may have.")
	}
	e := p.keep(p.fields, object{"key": p.newFieldKey(name), "displayName": name, "dataType": dataType})
	return Answer{Body: object{"field": e.value, "newField": true}}, nil
}

// newFieldKey makes the key of a new field: its name and a tail that nobody can guess.
func (p *contacts) newFieldKey(name string) string {
	const letters, fewest, most, longest = "abcdefghijklmnopqrstuvwxyz", 16, 29, 80
	key := p.newKey(p.fields, name)
	if p.set.PlainFieldKeys {
		return key
	}
	tail := make([]byte, fewest+p.tails.IntN(most-fewest+1))
	for i := range tail {
		tail[i] = letters[p.tails.IntN(len(letters))]
	}
	return key[:min(len(key), longest-1-len(tail))] + "_" + string(tail)
}

func (p *contacts) getField(c *call) (Answer, error) {
	e := p.fields.byKey[joinKey(c.values[0])]
	if e == nil {
		return Answer{}, notFound("Field")
	}
	return one("field", e.value)
}

func (p *contacts) renameField(c *call) (Answer, error) {
	e := p.fields.byKey[joinKey(c.values[0])]
	if e == nil {
		return Answer{}, notFound("Field")
	}
	return p.rename(c, p.fields, e, "field", 150)
}

func (p *contacts) deleteField(c *call) (Answer, error) {
	e := p.fields.byKey[joinKey(c.values[0])]
	switch {
	case e == nil:
		return Answer{}, notFound("Field")
	case e.value["fieldType"] == "SYSTEM":
		return Answer{}, refusal(http.StatusPreconditionRequired, "FAILED_PRECONDITION", "System fields cannot be deleted.")
	}
	p.fields.remove(e)
	key := text(e.value["key"])
	for _, contact := range p.people.order {
		v, _ := lookup(contact.value, "/info/extendedFields/items")
		if values, ok := v.(object); ok && values[key] != nil {
			rest := without(values, "/"+escapeSegment(key))
			info, _ := with(contact.value["info"], "/extendedFields/items", rest).(object)
			p.sideDoor(contact, info)
		}
	}
	return nothing()
}

// escapeSegment writes a member's name as a segment of a pointer.
func escapeSegment(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
