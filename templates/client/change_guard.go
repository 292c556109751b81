package client

import (
	"slices"
	"strings"
)

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
			d.refuse(difference(before, after, f.at.resolve(v.before)), f.reason)
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

// within returns p relative to the value that outer points at, and false when p is not inside of it.
func (p pointer) within(outer pointer) (pointer, bool) {
	rest, ok := strings.CutPrefix(string(p), string(outer))
	return pointer(rest), ok && strings.HasPrefix(rest, "/")
}

// resolve writes p with indices in place of selectors. What root does not have is written as it is.
func (p pointer) resolve(root *node) string {
	segments, err := p.segments()
	if err != nil {
		return string(p)
	}
	path, n := "", root
	for _, s := range segments {
		i := -1
		if n.is(kindArray) {
			i = s.position(n)
		}
		switch {
		case i >= 0:
			path = nth(path, i)
		case s.selector:
			path += "/" + s.String()
		default:
			path = child(path, s.name)
		}
		n = s.child(n)
	}
	return path
}

// guardOutside refuses edits of everything that is not on the way to the payload: the write would drop them silently.
func (d *differ) guardOutside(v states) {
	segments, err := d.trait.payload.read.segments()
	if err != nil {
		return
	}
	path, s := "", d.trait.shape
	for _, next := range segments {
		for _, name := range union(v.before, v.after) {
			if name != next.name {
				d.guard(v.before.member(name), v.after.member(name), child(path, name), s.role(name))
			}
		}
		v = states{before: next.child(v.before), after: next.child(v.after)}
		path, s = child(path, next.name), s.role(next.name).shape
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
	d.refuse(difference(before, after, path), reason)
}

// difference returns the deepest pointer under which all that differs between a and b can be found first.
func difference(a, b *node, path string) string {
	switch {
	case a.is(kindObject) && b.is(kindObject):
		for _, name := range union(a, b) {
			if x, y := a.member(name), b.member(name); !equal(x, y) {
				return difference(x, y, child(path, name))
			}
		}
	case a.is(kindArray) && b.is(kindArray):
		for i := range max(len(a.items), len(b.items)) {
			if x, y := a.nth(i), b.nth(i); !equal(x, y) {
				return difference(x, y, nth(path, i))
			}
		}
	}
	return path
}

// union returns the names of the members of both objects, those of a first.
func union(a, b *node) []string {
	var names []string
	if a != nil {
		for _, e := range a.entries {
			names = append(names, e.name)
		}
	}
	if b != nil {
		for _, e := range b.entries {
			if a.find(e.name) < 0 {
				names = append(names, e.name)
			}
		}
	}
	return slices.Clip(names)
}

// nth returns element i of an array, nil when it has none.
func (n *node) nth(i int) *node {
	if n == nil || i >= len(n.items) {
		return nil
	}
	return n.items[i]
}
