//contactsgen:pack contacts
//contactsgen:part pack

package fake

import (
	"maps"
	"slices"
	"strings"
)

// itemKinds are the lists of an info whose items have ids, and the member that each item is about.
var itemKinds = map[string]string{"emails": "email", "phones": "phone", "addresses": "address"}

// patched gives an info after an update. Old stays as it is.
func (p *contacts) patched(old, patch object) (object, error) {
	out := maps.Clone(old)
	if out == nil {
		out = object{}
	}
	for _, name := range sortedKeys(patch) {
		v, err := p.patchedMember(name, old[name], patch[name])
		if err != nil {
			return nil, err
		}
		if v == nil || v == "" {
			delete(out, name)
			continue
		}
		out[name] = v
	}
	return out, nil
}

// patchedMember gives one member of an info after an update, nil to clear it.
func (p *contacts) patchedMember(name string, old, patch any) (any, error) {
	if p.set.RefuseNull && hasNull(patch) {
		return nil, invalid("info."+name, "must not be null", "FORMAT")
	}
	o, isObject := patch.(object)
	if !isObject {
		return patch, nil
	}
	items, hasItems := o["items"]
	if list, ok := items.([]any); ok && len(list) == 0 && p.set.RefuseEmptyItems {
		return nil, invalid("info."+name+".items", "must not be empty", "MIN")
	}
	before, _ := lookup(old, "/items")
	switch {
	case name == "name":
		return mergePatch(old, patch), nil
	case name == "extendedFields":
		return p.patchedFields(before, items), nil
	case itemKinds[name] == "" && name != "labelKeys":
		return patch, nil
	case !hasItems:
		return old, nil
	case items == nil:
		return nil, nil
	}
	list, ok := items.([]any)
	if !ok {
		return nil, invalid("info."+name+".items", "must be an array", "FORMAT")
	}
	was, _ := before.([]any)
	if name == "labelKeys" {
		if !p.set.AddLabelKeys {
			was = nil
		}
		return itemsOf(appended(was, list)), nil
	}
	if p.set.MergeItemsByID {
		list = joinedItems(was, list, itemKinds[name])
	}
	return itemsOf(slices.Clone(list)), nil
}

// itemsOf wraps a list as infos do; an empty one is no member at all.
func itemsOf(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return object{"items": list}
}

// patchedFields gives the extended fields after an update.
func (p *contacts) patchedFields(old, patch any) any {
	changes, _ := patch.(object)
	before, _ := old.(object)
	out := object{}
	for key, v := range before {
		if !p.set.ReplaceExtendedFields || p.isSystemField(key) {
			out[key] = v
		}
	}
	for key, v := range changes {
		if p.isSystemField(key) {
			continue
		}
		if v == nil || v == "" {
			delete(out, key)
			continue
		}
		out[key] = p.asStored(key, v)
	}
	return object{"items": out}
}

// asStored gives the value of an extended field as it is kept: a URL has a protocol.
func (p *contacts) asStored(key string, v any) any {
	e := p.fields.byKey[joinKey(key)]
	s, isText := v.(string)
	if e == nil || e.value["dataType"] != "URL" || !isText || strings.Contains(s, "://") {
		return v
	}
	return "https://" + s
}

// joinedItems merges items that have an id or a value in common and appends the others.
func joinedItems(old, more []any, about string) []any {
	out := slices.Clone(old)
	for _, x := range more {
		i := slices.IndexFunc(out, func(y any) bool { return sameItem(x, y, about) })
		if i < 0 {
			out = append(out, x)
			continue
		}
		out[i] = mergePatch(out[i], x)
	}
	return out
}

// sameItem tells whether two items are one: by id, or else by what they are about.
func sameItem(x, y any, about string) bool {
	a, _ := x.(object)
	b, _ := y.(object)
	if text(a["id"]) != "" && text(b["id"]) != "" {
		return a["id"] == b["id"]
	}
	return sameAbout(a[about], b[about])
}

// filled gives a contact with everything that the server adds: ids, primaries, numbers, mirrors.
func (p *contacts) filled(old, value object) object {
	out := maps.Clone(value)
	info, _ := value["info"].(object)
	info = maps.Clone(info)
	if info == nil {
		info = object{}
	}
	for _, name := range sortedNames(itemKinds) {
		about := itemKinds[name]
		list, _ := lookup(info, "/"+name+"/items")
		items, ok := list.([]any)
		if !ok || len(items) == 0 {
			continue
		}
		before, _ := lookup(old, "/info/"+name+"/items")
		was, _ := before.([]any)
		items = p.identified(items, was, about)
		if name != "addresses" {
			onePrimary(items, was)
		}
		info[name] = object{"items": items}
	}
	out["info"] = info
	p.mirror(out, info)
	return out
}

// seeded gives a contact that a test stores with everything that the server adds. The labels and the extended fields that it carries are
// there, too.
func (p *contacts) seeded(old, value object) object {
	p.knowLabels(value)
	p.knowFields(value)
	out := p.filled(old, value)
	if out["source"] == nil {
		out["source"] = object{"sourceType": "OTHER"}
	}
	if out["lastActivity"] == nil {
		out["lastActivity"] = object{"activityDate": out["createdDate"], "activityType": "CONTACT_CREATED"}
	}
	return out
}

// identified gives items copied, with ids, tags and numbers. An item that was there keeps its id.
func (p *contacts) identified(items, was []any, about string) []any {
	out := make([]any, len(items))
	for i, x := range items {
		o, _ := x.(object)
		o = maps.Clone(o)
		if o == nil {
			o = object{}
		}
		at := slices.IndexFunc(was, func(y any) bool { return sameItem(x, y, about) })
		switch {
		case at >= 0:
			o["id"] = was[at].(object)["id"]
		case was != nil || o["id"] == nil:
			o["id"] = p.s.settings.newID()
		}
		if text(o["tag"]) == "" {
			o["tag"] = "UNTAGGED"
		}
		if about == "phone" {
			addNumbers(o)
		}
		out[i] = o
	}
	return out
}

// onePrimary makes one item the primary one: the one that says so, or the one that was, or the first.
func onePrimary(items, was []any) {
	isPrimary := func(x any) bool { v, _ := lookup(x, "/primary"); return v == true }
	at := slices.IndexFunc(items, isPrimary)
	if i := slices.IndexFunc(was, isPrimary); at < 0 && i >= 0 {
		id, _ := lookup(was[i], "/id")
		at = slices.IndexFunc(items, func(x any) bool { v, _ := lookup(x, "/id"); return v == id })
	}
	for i, x := range items {
		x.(object)["primary"] = i == max(at, 0)
	}
}

// mirror fills in what a contact repeats of its info. What is known of an address or a number stays as long as it does.
func (p *contacts) mirror(out, info object) {
	email := mirrored(primaryOf(info, "emails"), out["primaryEmail"], "email")
	if email != nil && email["subscriptionStatus"] == nil {
		email["subscriptionStatus"] = "NOT_SET"
	}
	phone := mirrored(primaryOf(info, "phones"), out["primaryPhone"], "phone", "countryCode", "e164Phone", "formattedPhone")
	primary := object{}
	for name, value := range map[string]object{"email": email, "phone": phone} {
		whole := "primary" + strings.ToUpper(name[:1]) + name[1:]
		if delete(out, whole); value != nil {
			out[whole] = value
			primary[name] = value[name]
		}
	}
	if email != nil && email["deliverabilityStatus"] == nil {
		email["deliverabilityStatus"] = "NOT_SET"
	}
	if phone != nil && phone["subscriptionStatus"] == nil {
		phone["subscriptionStatus"] = "NO_SUBSCRIPTION_STATUS" // no message can reach a number without its international form
		if text(phone["e164Phone"]) != "" {
			phone["subscriptionStatus"] = "NOT_SET"
		}
	}
	if delete(out, "primaryInfo"); len(primary) > 0 {
		out["primaryInfo"] = primary
	}
	p.systemFields(out, info)
}

// mirrored gives what a contact repeats of a primary item, whose first named member is what it is about; nil without an item.
func mirrored(item object, was any, names ...string) object {
	if text(item[names[0]]) == "" {
		return nil
	}
	out := object{}
	if before, ok := was.(object); ok && sameAbout(before[names[0]], item[names[0]]) {
		out = maps.Clone(before)
	}
	for _, name := range names {
		if item[name] != nil {
			out[name] = item[name]
		}
	}
	return out
}

// primaryOf gives the primary item of a list.
func primaryOf(info object, name string) object {
	list, _ := lookup(info, "/"+name+"/items")
	items, _ := list.([]any)
	for _, x := range items {
		if o, ok := x.(object); ok && o["primary"] == true {
			return o
		}
	}
	return nil
}
