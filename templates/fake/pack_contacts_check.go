//contactsgen:pack contacts
//contactsgen:part pack

package fake

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// formats are what the texts of an info must look like, where the description says nothing of it.
var formats = map[string]*regexp.Regexp{
	"emails.items.email": emails,
	"phones.items.phone": regexp.MustCompile(`.`),
	"locale":             tongues,
}

// valid says what is wrong with an info, nil if nothing is.
func (p *contacts) valid(info object) error {
	var list []violation
	for _, name := range sortedNames(formats) {
		for _, v := range valuesAt(info, strings.Split(name, ".")) {
			if !formats[name].MatchString(text(v)) {
				list = append(list, violation{"info." + name, "has not the right format", "FORMAT"})
			}
		}
	}
	for _, name := range sortedNames(itemKinds) {
		list = append(list, lackingAbout(name, itemsIn(info, name))...)
	}
	if len(list) > 0 {
		return &failure{status: http.StatusBadRequest, message: list[0].field + " " + list[0].description, violations: list}
	}
	return p.sound(info)
}

// lackingAbout finds the items that lack the member that they are about.
func lackingAbout(name string, items []any) (out []violation) {
	for _, x := range items {
		if about := itemKinds[name]; about != "" && memberOf(x, about) == nil {
			out = append(out, violation{"info." + name + ".items." + about, "is required", "REQUIRED_FIELD"})
		}
	}
	return out
}

// sound checks what has an application code of its own.
func (p *contacts) sound(info object) error {
	if len(valuesAt(info["name"], []string{"first"}))+len(valuesAt(info["name"], []string{"last"}))+len(itemsIn(info, "emails"))+
		len(itemsIn(info, "phones")) == 0 {
		return refusal(http.StatusBadRequest, "INSUFFICIENT_CONTACT_DATA", "A contact needs a name, a phone or an email.")
	}
	for _, name := range []string{"emails", "phones"} {
		primaries := 0
		for _, x := range itemsIn(info, name) {
			if memberOf(x, "primary") == true {
				primaries++
			}
		}
		if primaries > 1 {
			return refusal(http.StatusBadRequest, "CANNOT_HAVE_MULTIPLE_PRIMARY_INFO", "Only one of the "+name+" can be primary.")
		}
	}
	var keys []string
	for _, key := range itemsIn(info, "labelKeys") {
		keys = append(keys, text(key))
	}
	if err := p.knownLabels(keys); err != nil {
		return err
	}
	return p.validFields(info)
}

// validFields checks the values of extended fields.
func (p *contacts) validFields(info object) error {
	v, _ := lookup(info, "/extendedFields/items")
	values, _ := v.(object)
	for _, key := range sortedKeys(values) {
		e := p.fields.byKey[joinKey(key)]
		if e == nil || !fits(values[key], text(e.value["dataType"]), text(e.value["fieldType"])) {
			return refusal(http.StatusBadRequest, "INVALID_EXTENDED_FIELD_VALUE", "The extended field "+key+
				" does not exist or does not take this value.")
		}
	}
	return nil
}

// fits tells whether an extended field takes a value.
func fits(v any, dataType, fieldType string) bool {
	s, isText := v.(string)
	switch {
	case fieldType == "SYSTEM":
		return true
	case dataType == "NUMBER":
		return !isText && text(v) != "" && v != true && v != false
	case dataType == "DATE":
		return isDate(s)
	case dataType == "URL":
		return isURL(s)
	}
	return isText
}

// duplicate refuses a contact if another has an email that the request gives or, when it gives none, a phone that it gives. What the
// contact had before is not looked at.
func (p *contacts) duplicate(value, given object, key string) error {
	name, about, member := "emails", "email", "duplicateEmail"
	if len(itemsIn(given, name)) == 0 {
		name, about, member = "phones", "phone", "duplicatePhone"
	}
	for _, x := range itemsIn(value["info"], name) {
		isGiven := slices.ContainsFunc(itemsIn(given, name), func(y any) bool { return sameAbout(memberOf(x, about), memberOf(y, about)) })
		if !isGiven {
			continue
		}
		if other := p.owner(name, about, x, key); other != nil {
			f := refusal(http.StatusConflict, "DUPLICATE_CONTACT_EXISTS", "Another contact has this "+about+".")
			f.data = object{"duplicateContactId": other.value["id"], member: memberOf(x, about)}
			return f
		}
	}
	return nil
}

// owner finds the contact that has an email or a phone, other than the one named.
func (p *contacts) owner(name, about string, item any, except string) *entity {
	for _, e := range p.people.order {
		if e.key != except && slices.ContainsFunc(itemsIn(e.value["info"], name), func(x any) bool { return sameNumber(x, item, about) }) {
			return e
		}
	}
	return nil
}

// itemsIn gives the items of one of an info's lists.
func itemsIn(info any, name string) []any {
	v, _ := lookup(info, "/"+name+"/items")
	items, _ := v.([]any)
	return items
}
