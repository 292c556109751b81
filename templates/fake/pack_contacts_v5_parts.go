//contactsgen:pack contactsv5
//contactsgen:part pack

package fake

import (
	"errors"
	"net/http"
	"slices"
)

// How many of each a contact can have.
const (
	mostAdditional = 10
	mostAddresses  = 50
)

func (p *contactsV5) addEmail(c *call) (Answer, error) {
	return p.addTo(c, "email", "additionalEmails", mostAdditional, refusal(http.StatusPreconditionRequired, "ADDITIONAL_EMAILS_LIMIT_REACHED",
		"The contact has ten already."))
}

func (p *contactsV5) addPhone(c *call) (Answer, error) {
	return p.addTo(c, "phone", "additionalPhones", mostAdditional, refusal(http.StatusPreconditionRequired, "ADDITIONAL_PHONES_LIMIT_REACHED",
		"The contact has ten already."))
}

func (p *contactsV5) addAddress(c *call) (Answer, error) {
	return p.addTo(c, "address", "addresses", mostAddresses, refusal(http.StatusPreconditionRequired, "ADDRESSES_LIMIT_REACHED",
		"The contact has fifty already."))
}

// addTo adds what the request calls by a name to a list of a contact. What the contact has already is passed over.
func (p *contactsV5) addTo(c *call, name, list string, most int, full *failure) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	e, err := p.contact(c)
	if err == nil {
		err = p.fresh(c, e)
	}
	if err != nil {
		return Answer{}, err
	}
	if name != "address" && text(objectAt(e.value, name)[name]) == "" {
		code := map[string]string{"email": "EMAIL_REQUIRED", "phone": "PHONE_REQUIRED"}[name]
		return Answer{}, refusal(http.StatusPreconditionRequired, code, "The contact has no main "+name+".")
	}
	had := listOf(e.value, "/"+list)
	given := p.given(object{list: []any{body[name]}})
	if added := listOf(given, "/"+list)[0]; memberOf(added, "defaultAddress") == true {
		had = noDefault(had)
	}
	value, err := p.checked(e.value, mergePatch(e.value, object{list: append(slices.Clone(had), listOf(given, "/"+list)...)}).(object))
	code := ""
	if f := (*failure)(nil); errors.As(err, &f) {
		code = f.code
	}
	switch {
	case code == "DUPLICATE_EMAIL" || code == "DUPLICATE_PHONE" || code == "DUPLICATE_ADDRESS":
		if p.set.IgnoredKeepsRevision {
			return one("contact", e.value)
		}
		value = e.value
	case err != nil:
		return Answer{}, err
	case len(had) >= most:
		return Answer{}, full
	}
	c.save(e, value)
	return one("contact", e.value)
}

// addressOf finds the address that the path names.
func (p *contactsV5) addressOf(c *call) (*entity, int, error) {
	e, err := p.contact(c)
	if err == nil {
		err = p.fresh(c, e)
	}
	if err != nil {
		return nil, 0, err
	}
	at := slices.IndexFunc(listOf(e.value, "/addresses"), func(x any) bool { return text(memberOf(x, "id")) == c.values[1] })
	if at < 0 {
		return nil, 0, refusal(http.StatusNotFound, "ADDRESS_NOT_FOUND", "The contact has no such address.")
	}
	return e, at, nil
}

func (p *contactsV5) updateAddress(c *call) (Answer, error) {
	body, err := c.jsonBody()
	if err != nil {
		return Answer{}, err
	}
	e, at, err := p.addressOf(c)
	if err != nil {
		return Answer{}, err
	}
	list := slices.Clone(listOf(e.value, "/addresses"))
	given, _ := listOf(p.given(object{"addresses": []any{body["address"]}}), "/addresses")[0].(object)
	entry := cloned(given)
	if p.set.MergeAddresses {
		entry, _ = mergePatch(list[at], given).(object)
	}
	entry["id"] = c.values[1]
	if entry["defaultAddress"] == true {
		list = noDefault(list)
	}
	list[at] = entry
	return p.withAddresses(c, e, list)
}

// noDefault gives addresses of which none is the default: another one is to be.
func noDefault(list []any) []any {
	out := make([]any, len(list))
	for i, x := range list {
		out[i] = with(x, "/defaultAddress", false)
	}
	return out
}

func (p *contactsV5) deleteAddress(c *call) (Answer, error) {
	e, at, err := p.addressOf(c)
	if err != nil {
		return Answer{}, err
	}
	return p.withAddresses(c, e, slices.Delete(slices.Clone(listOf(e.value, "/addresses")), at, at+1))
}

// withAddresses gives a contact other addresses.
func (p *contactsV5) withAddresses(c *call, e *entity, list []any) (Answer, error) {
	value, err := p.checked(e.value, with(e.value, "/addresses", list).(object))
	if err != nil {
		return Answer{}, err
	}
	c.save(e, value)
	return one("contact", e.value)
}
