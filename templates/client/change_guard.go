//contactsgen:feature helpers
//contactsgen:part update

package client

// refuse records an edit that must not be. The first one counts.
func (d *differ) refuse(path, reason string) {
	if d.violation == nil {
		d.violation = &contractViolation{path: path, reason: reason}
	}
}

// guardFixed refuses edits of what tells one resource and one of its revisions from another.
func (d *differ) guardFixed(v states) {
	for _, f := range d.trait.fixed() {
		before, after := f.at.find(v.before), f.at.find(v.after)
		if !equal(before, after) && !(unset(before) && unset(after)) {
			d.refuse(firstDifference(before, after, f.at.resolve(v.before)), f.reason)
		}
		d.fixed = append(d.fixed, f.at.resolve(v.after))
	}
}

// fixedPlace is a place in the resource that a caller must leave alone although it may be sent.
type fixedPlace struct {
	at     pointer
	reason string
}

// fixed returns the places of token, identity and key within the resource.
func (t *revisionTrait) fixed() []fixedPlace {
	var places []fixedPlace
	for _, token := range t.tokens {
		if at, ok := token.read.at.within(t.resource); ok && token.read.in == inBody {
			places = append(places, fixedPlace{at, "is the concurrency token and must not be changed"})
		}
	}
	const reason = "is the resource's identity and must not be changed"
	for _, id := range t.identity {
		if id.in == inBody && id.at != "" {
			places = append(places, fixedPlace{id.at, reason})
		}
	}
	for _, key := range t.key {
		if key != "" {
			places = append(places, fixedPlace{key, reason})
		}
	}
	return places
}

// guardOutside refuses edits of everything that is not on the way to the payload: the write would drop them silently.
func (d *differ) guardOutside(v states) {
	segments, err := d.trait.payload.read.segments()
	if err != nil {
		return
	}
	path, s := "", d.trait.shape
	for _, next := range segments {
		for _, name := range unionNames(v.before, v.after) {
			if name != next.name {
				d.guard(v.before.member(name), v.after.member(name), childPath(path, name), s.role(name))
			}
		}
		v = states{before: next.child(v.before), after: next.child(v.after)}
		path, s = childPath(path, next.name), s.role(next.name).shape
	}
	if d.trait.payload.kind == payloadNone {
		d.guard(v.before, v.after, path, role{})
	}
}

// guard refuses an edit of one value outside the payload.
func (d *differ) guard(before, after *node, path string, m role) {
	if equal(before, after) || unset(before) && unset(after) {
		return
	}
	reason := "is outside of what this write sends"
	if m.readOnly {
		reason = readOnlyReason
	}
	d.refuse(firstDifference(before, after, path), reason)
}
