//contactsgen:feature helpers
//contactsgen:part update

package client

import (
	"cmp"
	"slices"
)

// Reasons for which an edit is refused.
const (
	readOnlyReason = "is read-only"
	noNullReason   = "cannot be removed: it has no null"
)

// differ makes one change. It goes through the payload once and collects what there is to say about it.
type differ struct {
	trait     *revisionTrait
	root      string   // pointer to the payload
	fixed     []string // pointers to token, identity and key
	paths     []string
	gone      []string
	violation *contractViolation
}

// way is how a value is written.
type way struct {
	first    bool   // the value is the payload itself
	complete bool   // unchanged members are written too
	verbatim bool   // unless it was changed, the value is written with its read-only members
	replaces bool   // what is left out is gone at the server, so that no null has to say it
	noted    bool   // a pointer to what surrounds the value is among the changed paths already
	removed  bool   // the caller removed the object whose members these are
	key      string // the member that may be set although it is read-only
}

// payload returns what is sent of the payload and whether the caller changed it.
func (d *differ) payload(v states) (*node, bool) {
	t := d.trait.payload
	v, s := v.at(t.read), d.trait.shape.descend(t.read)
	d.root = t.read.resolve(v.before)
	if equal(v.before, v.after) {
		return nil, false
	}
	switch { // Go leaves an empty struct or slice out
	case v.after == nil && v.before.is(kindObject):
		v.after = newObject(nil)
	case v.after == nil && v.before.is(kindArray):
		v.after = newArray(nil)
	case v.after == nil:
		d.refuse(d.root, noNullReason)
		return nil, false
	}
	w := way{first: true, complete: t.kind == payloadWhole, replaces: t.kind != payloadPatch}
	return d.value(v, s, d.root, w)
}

// below returns how the member name of a value written in way w is written.
func (d *differ) below(w way, name string) way {
	b := way{complete: w.complete, replaces: w.replaces, noted: w.noted, removed: w.removed}
	if w.first {
		t := d.trait.payload
		b.verbatim = t.kind == payloadWhole
		b.complete = t.kind != payloadPatch || !t.merge && (t.atomic == nil || slices.Contains(t.atomic, name))
	}
	return b
}

// value returns how v is written, and whether it was changed.
func (d *differ) value(v states, s *shape, path string, w way) (*node, bool) {
	switch {
	case v.after.is(kindObject):
		return d.object(v, s, path, w)
	case v.after.is(kindArray):
		return d.array(v, s, path, w)
	default:
		d.note(path, w)
		return v.after, true
	}
}

// note records that the value at path was changed.
func (d *differ) note(path string, w way) {
	if !w.noted {
		d.paths = append(d.paths, path)
	}
}

// object writes an object member by member, so that members the description does not know stay as they were read. What the server makes of
// other members is left out when one of those was changed and it was not: it does not fit any more.
func (d *differ) object(v states, s *shape, path string, w way) (*node, bool) {
	replaced := v.before != nil && !v.before.is(kindObject)
	if replaced {
		v.base, v.before = nil, nil
	}
	edited := replaced || v.before == nil && len(v.after.entries) == 0
	if edited {
		d.note(path, w)
		w.noted = true
	}
	var entries []entry
	var derived []string
	leftOut := ""
	for _, name := range v.names() {
		at, m := childPath(path, name), s.role(name)
		sub := v.member(name, m)
		if m.readOnly && name != w.key && !slices.Contains(d.fixed, at) {
			leftOut = cmp.Or(leftOut, d.readOnly(sub, at, w))
			continue
		}
		value, changed := d.member(sub, m, at, d.below(w, name))
		if value != nil && (changed || w.complete) {
			entries = append(entries, entry{name: name, value: value})
		}
		if m.derived && !changed {
			derived = append(derived, name)
		}
		edited = edited || changed
	}
	if edited {
		entries = slices.DeleteFunc(entries, func(e entry) bool { return slices.Contains(derived, e.name) })
	}
	if leftOut != "" && !edited {
		d.refuse(leftOut, readOnlyReason)
	}
	return newObject(entries), edited
}

// member returns how one member is written, nil when it is left out, and whether it was changed.
func (d *differ) member(v states, m role, path string, w way) (*node, bool) {
	switch {
	case m.changed(v) && v.after == nil:
		return d.remove(v, m, path, w)
	case m.changed(v):
		return d.value(v, m.shape, path, w)
	case v.base == nil && v.before == nil:
		return v.after, false // an empty slice of a new object
	case w.verbatim:
		return v.base, false
	default:
		return d.writable(v.base, m.shape, path), false
	}
}

// remove returns how the server is told that a member is to go.
func (d *differ) remove(v states, m role, path string, w way) (*node, bool) {
	switch {
	case m.declared && m.shape.list():
		d.note(path, w)
		return newArray(nil), true
	case w.replaces && (!m.nullable || !m.declared):
		d.note(path, w)
		d.gone = append(d.gone, path)
		return nil, true
	case m.nullable:
		d.note(path, w)
		return nullNode, true
	case v.before.is(kindObject):
		return d.empty(v, m, path, w)
	default:
		d.refuse(path, noNullReason)
		return nil, false
	}
}

// empty removes what can be removed of an object that has no null itself.
func (d *differ) empty(v states, m role, path string, w way) (*node, bool) {
	inner := w.removed
	v.after, w.removed = newObject(nil), true
	n, edited := d.object(v, m.shape, path, w)
	if !edited && !inner && len(v.before.entries) > 0 {
		d.refuse(path, noNullReason)
	}
	return n, edited
}

// readOnly refuses an edit of a read-only member, which is never sent. Whoever puts a new object in the place of an
// old one leaves such members out; path is returned then, since without any other edit it is an edit of the member.
func (d *differ) readOnly(v states, path string, w way) string {
	switch {
	case equal(v.before, v.after), w.removed, unset(v.before) && unset(v.after):
		return ""
	case v.after == nil && !w.first:
		return path
	default:
		d.refuse(firstDifference(v.before, v.after, path), readOnlyReason)
		return ""
	}
}

// writable returns n, which nobody changed, without its read-only members. Array elements are kept as they were read.
func (d *differ) writable(n *node, s *shape, path string) *node {
	if !n.is(kindObject) || s == nil {
		return n
	}
	entries := make([]entry, 0, len(n.entries))
	same := true
	for _, e := range n.entries {
		at, m := childPath(path, e.name), s.role(e.name)
		if m.readOnly && !slices.Contains(d.fixed, at) {
			same = false
			continue
		}
		value := d.writable(e.value, m.shape, at)
		same = same && value == e.value
		entries = append(entries, entry{name: e.name, quote: e.quote, value: value})
	}
	if same {
		return n
	}
	return newObject(entries)
}
