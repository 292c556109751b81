//contactsgen:pack contacts
//contactsgen:part pack

package fake

import (
	"errors"
	"maps"
	"net/http"
)

func (p *contacts) merge(c *call) (Answer, error) {
	if _, err := c.jsonBody(); err != nil {
		return Answer{}, err
	}
	target, err := p.contact(c)
	if err == nil {
		err = p.staleMerge(p.fresh(c, target))
	}
	if err != nil {
		return Answer{}, err
	}
	value, sources, err := p.mergedValue(c, target)
	if err != nil {
		return Answer{}, err
	}
	for _, source := range sources {
		p.merged[text(source.value["id"])] = text(target.value["id"])
		p.removed(source)
	}
	value["lastActivity"] = object{"activityDate": p.s.instant(), "activityType": "CONTACT_MERGED"}
	if p.set.MergeKeepsRevision {
		p.people.replaceValue(target, value)
	} else {
		c.save(target, value)
	}
	return one("contact", target.value)
}

func (p *contacts) previewMerge(c *call) (Answer, error) {
	if _, err := c.jsonBody(); err != nil {
		return Answer{}, err
	}
	target, err := p.contact(c)
	if err != nil {
		return Answer{}, err
	}
	value, _, err := p.mergedValue(c, target)
	if err != nil {
		return Answer{}, err
	}
	return one("contact", value)
}

// staleMerge gives a stale target revision the status that the settings choose.
func (p *contacts) staleMerge(err error) error {
	var f *failure
	if !errors.As(err, &f) || !f.stale {
		return err
	}
	f.status, f.code = http.StatusConflict, "CONTACT_ALREADY_CHANGED"
	if p.set.StaleMerge == http.StatusPreconditionRequired {
		f.status, f.code = http.StatusPreconditionRequired, "FAILED_PRECONDITION"
	}
	return f
}

// mergedValue gives what a merge makes of its target, and the sources.
func (p *contacts) mergedValue(c *call, target *entity) (object, []*entity, error) {
	ids := c.list(location{In: inBody, At: "/sourceContactIds"})
	if len(ids) < 1 || len(ids) > 5 {
		return nil, nil, invalid("sourceContactIds", "must have 1 to 5 items", "SIZE")
	}
	info, _ := target.value["info"].(object)
	var sources []*entity
	seen := map[string]bool{target.key: true}
	for _, id := range ids {
		key := joinKey(id)
		source := p.people.byKey[key]
		switch {
		case source == nil:
			return nil, nil, contactNotFound()
		case seen[key]:
			return nil, nil, refusal(http.StatusBadRequest, "ILLEGAL_MERGE", "The sources must be different contacts, and not the target.")
		case source.value["memberInfo"] != nil:
			return nil, nil, refusal(http.StatusPreconditionRequired, "FAILED_PRECONDITION", "A member cannot be merged into another contact.")
		}
		seen[key] = true
		sources = append(sources, source)
		info = p.absorbed(info, source.value["info"])
	}
	value := maps.Clone(target.value)
	value["info"] = info
	return p.filled(target.value, value), sources, nil
}

// absorbed gives an info with what another has more. Nothing of it is overwritten; lists get what they lack.
func (p *contacts) absorbed(info object, other any) object {
	out := maps.Clone(info)
	if out == nil {
		out = object{}
	}
	more, _ := other.(object)
	for name, v := range more {
		switch {
		case itemKinds[name] != "":
			out[name] = object{"items": newItems(itemsIn(info, name), itemsIn(other, name), itemKinds[name])}
		case name == "labelKeys":
			out[name] = object{"items": appended(itemsIn(info, name), itemsIn(other, name))}
		case name == "name" || name == "extendedFields":
			out[name] = mergePatch(v, out[name])
		case out[name] == nil:
			out[name] = v
		}
		if out[name] == nil {
			out[name] = v
		}
	}
	return out
}

// newItems appends items that are about something new. They are new items here, and not primary.
func newItems(items, more []any, about string) []any {
	same := func(x, y any) bool { return sameNumber(x, y, about) }
	if len(items) == 0 {
		return absorbedItems(items, more, same, "id")
	}
	return absorbedItems(items, more, same, "id", "primary")
}
