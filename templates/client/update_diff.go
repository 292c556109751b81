//contactsgen:feature helpers
//contactsgen:part update

// What a callback changed, as the request says it: compared with the state before it, and laid over the bytes that were read.

package client

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// change is what a write sends so that the server's state becomes what the caller made of it.
type change struct {
	payload json.RawMessage // what goes to payload.send; nil when nothing changed
	paths   []string        // JSON pointers within the resource to what changed; an array is one value
	mask    []string        // payloadFields: the changed members of the payload
	gone    []string        // JSON pointers to what was removed by leaving it out of what is sent
}

// contractViolation is an edit that the write cannot express or that is not the caller's to make.
type contractViolation struct {
	path   string // JSON pointer within the resource
	reason string
}

// Error names the place; never the value, which may be personal data.
func (e *contractViolation) Error() string {
	return strings.TrimPrefix(e.path+" "+e.reason, " ")
}

// diff returns what to send. base is the resource as it was read, before what the typed model made of it, after what
// the caller made of that. Only a difference between the two typed forms is the caller's: the model may lose explicit
// nulls, empty objects and members it does not know, all of which base still has.
func (t *revisionDescriptor) diff(base, before, after []byte) (change, error) {
	v, err := parseStates(base, before, after)
	if err != nil {
		return change{}, err
	}
	d := &differ{descriptor: t}
	d.guardFixed(v)
	d.guardOutside(v)
	payload, changed := d.payload(v)
	switch {
	case d.violation != nil:
		return change{}, d.violation
	case !changed:
		return change{}, nil
	}
	return change{payload: payload.bytes(), paths: d.paths, mask: d.mask(), gone: d.gone}, nil
}

// stateTriple is one place of the resource in the three states a change is made from.
type stateTriple struct {
	base   *node // as it was read
	before *node // what the typed model made of base
	after  *node // what the caller made of before
}

func parseStates(base, before, after []byte) (stateTriple, error) {
	var v stateTriple
	for _, part := range []struct {
		name string
		doc  []byte
		to   **node
	}{{"resource", base, &v.base}, {"typed resource", before, &v.before}, {"changed resource", after, &v.after}} {
		n, err := parseNode(part.doc)
		if err != nil {
			return stateTriple{}, fmt.Errorf("%s: %w", part.name, err)
		}
		*part.to = n
	}
	return v, nil
}

// at returns the place p points at.
func (v stateTriple) at(p pointer) stateTriple {
	return stateTriple{base: p.find(v.base), before: p.find(v.before), after: p.find(v.after)}
}

// member returns the place of one member. Where the description has no null, a null of the typed form is Go's nil: a
// slice, map or pointer that is not there.
func (v stateTriple) member(name string, m role) stateTriple {
	return stateTriple{
		base:   v.base.member(name),
		before: m.settle(v.before.member(name)),
		after:  m.settle(v.after.member(name)),
	}
}

// item returns the place of one array element: element i as it was read and element j as it is now.
func (v stateTriple) item(i, j int) stateTriple {
	return stateTriple{base: v.base.items[i], before: v.before.items[i], after: v.after.items[j]}
}

// names returns the members that can end up in what is sent: those that were read in their order, then new ones.
func (v stateTriple) names() []string {
	var names []string
	if v.base.is(kindObject) {
		for _, e := range v.base.entries {
			names = append(names, e.name)
		}
	}
	for _, e := range v.after.entries {
		if v.base.position(e.name) < 0 {
			names = append(names, e.name)
		}
	}
	return names
}

// changed reports whether the caller changed the member. A slice that is nil and one that is empty are the same.
func (r role) changed(v stateTriple) bool {
	if equal(v.before, v.after) {
		return false
	}
	return !r.declared || !isEmptyContainer(v.before, r.shape) || !isEmptyContainer(v.after, r.shape)
}

// mask names the first-level members of the payload that changed, for servers that want to be told.
func (d *differ) mask() []string {
	if d.descriptor.payload.kind != payloadFields {
		return nil
	}
	var mask []string
	for _, path := range d.paths {
		rest := strings.TrimPrefix(path, d.root+"/")
		part, _, _ := strings.Cut(rest, "/")
		name, err := unescapeSegment(part)
		if err == nil && !slices.Contains(mask, name) {
			mask = append(mask, name)
		}
	}
	return mask
}

// refuse records an edit that must not be. The first one counts.
func (d *differ) refuse(path, reason string) {
	if d.violation == nil {
		d.violation = &contractViolation{path: path, reason: reason}
	}
}

// guardFixed refuses edits of what tells one resource and one of its revisions from another.
func (d *differ) guardFixed(v stateTriple) {
	for _, f := range d.descriptor.fixed() {
		before, after := f.at.find(v.before), f.at.find(v.after)
		if !equal(before, after) && !(isZeroJSON(before) && isZeroJSON(after)) {
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
func (t *revisionDescriptor) fixed() []fixedPlace {
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
func (d *differ) guardOutside(v stateTriple) {
	segments, err := d.descriptor.payload.read.segments()
	if err != nil {
		return
	}
	path, s := "", d.descriptor.shape
	for _, next := range segments {
		for _, name := range unionNames(v.before, v.after) {
			if name != next.name {
				d.guard(v.before.member(name), v.after.member(name), childPath(path, name), s.role(name))
			}
		}
		v = stateTriple{before: next.child(v.before), after: next.child(v.after)}
		path, s = childPath(path, next.name), s.role(next.name).shape
	}
	if d.descriptor.payload.kind == payloadNone {
		d.guard(v.before, v.after, path, role{})
	}
}

// guard refuses an edit of one value outside the payload.
func (d *differ) guard(before, after *node, path string, m role) {
	if equal(before, after) || isZeroJSON(before) && isZeroJSON(after) {
		return
	}
	reason := "is outside of what this write sends"
	if m.readOnly {
		reason = readOnlyReason
	}
	d.refuse(firstDifference(before, after, path), reason)
}

// array writes an array, which is always sent whole. Each element goes back as it was read unless it was changed.
func (d *differ) array(v stateTriple, s *shape, path string, w way) (*node, bool) {
	from := v.origins(s.key())
	changed := !v.before.is(kindArray) || len(v.before.items) != len(v.after.items)
	items := make([]*node, len(v.after.items))
	for j, i := range from {
		item, edited := d.item(v, i, j, s, nthPath(path, j))
		items[j] = item
		changed = changed || edited || i != j
	}
	if !changed {
		return v.base, false
	}
	d.note(path, w)
	return newArray(items), true
}

// item writes element j, which was element i of the array that was read, or is new when i is negative.
func (d *differ) item(v stateTriple, i, j int, s *shape, path string) (*node, bool) {
	sub := stateTriple{after: v.after.items[j]}
	if i >= 0 {
		sub = v.item(i, j)
		if equal(sub.before, sub.after) {
			return sub.base, false
		}
	}
	w := way{complete: true, replaces: true, noted: true, key: s.key()}
	n, edited := d.value(sub, s.element(), path, w)
	if !edited && i >= 0 {
		return sub.base, false
	}
	return n, true
}

// origins finds for each element of the changed array the element that was read which it is, -1 for a new one.
func (v stateTriple) origins(key string) []int {
	var was []*node
	if v.base.is(kindArray) && v.before.is(kindArray) && len(v.base.items) == len(v.before.items) {
		was = v.before.items
	}
	return origins(was, v.after.items, key)
}

// Reasons for which an edit is refused.
const (
	readOnlyReason = "is read-only"
	noNullReason   = "cannot be removed: it has no null"
)

// differ makes one change. It goes through the payload once and collects what there is to say about it.
type differ struct {
	descriptor *revisionDescriptor
	root       string   // pointer to the payload
	fixed      []string // pointers to token, identity and key
	paths      []string
	gone       []string
	violation  *contractViolation
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
func (d *differ) payload(v stateTriple) (*node, bool) {
	t := d.descriptor.payload
	v, s := v.at(t.read), d.descriptor.shape.descend(t.read)
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
		t := d.descriptor.payload
		b.verbatim = t.kind == payloadWhole
		b.complete = t.kind != payloadPatch || !t.merge && (t.atomic == nil || slices.Contains(t.atomic, name))
	}
	return b
}

// value returns how v is written, and whether it was changed.
func (d *differ) value(v stateTriple, s *shape, path string, w way) (*node, bool) {
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
func (d *differ) object(v stateTriple, s *shape, path string, w way) (*node, bool) {
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
		if w.first && slices.Contains(d.descriptor.payload.outside, name) {
			d.guard(sub.before, sub.after, at, m)
			continue
		}
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
func (d *differ) member(v stateTriple, m role, path string, w way) (*node, bool) {
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
func (d *differ) remove(v stateTriple, m role, path string, w way) (*node, bool) {
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
func (d *differ) empty(v stateTriple, m role, path string, w way) (*node, bool) {
	inner := w.removed
	v.after, w.removed = newObject(nil), true
	n, edited := d.object(v, m.shape, path, w)
	if !edited && !inner && len(v.before.entries) > 0 {
		d.refuse(path, noNullReason)
	}
	return n, edited
}

// readOnly refuses an edit of a read-only member, which is never sent. A caller who replaces a whole object leaves such members out;
// then it returns path, since without any other edit that is an edit of the member.
func (d *differ) readOnly(v stateTriple, path string, w way) string {
	switch {
	case equal(v.before, v.after), w.removed, isZeroJSON(v.before) && isZeroJSON(v.after):
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

// untouched reports whether current shows that sent, made from base, was not what led to it. It is asked when current
// is exactly one revision after base: then something else made the one step, and sent can never be applied. That is so
// when every place sent would have changed is as it was, or when a member that is stored exactly as sent is another.
//
// The other way round nothing follows: a rival may have made the same change.
func (t *revisionDescriptor) untouched(base []byte, sent change, current []byte) bool {
	was, err := parseNode(base)
	if err != nil {
		return false
	}
	is, err := parseNode(current)
	if err != nil {
		return false
	}
	if t.storedOtherwise(sent, is) {
		return true
	}
	same := func(path string) bool {
		return equal(pointer(path).find(was), pointer(path).find(is))
	}
	return len(sent.paths) > 0 && !slices.ContainsFunc(sent.paths, func(path string) bool { return !same(path) })
}

// storedOtherwise reports whether a member that the server stores exactly as sent has another value than was sent.
func (t *revisionDescriptor) storedOtherwise(sent change, current *node) bool {
	payload, err := parseNode(sent.payload)
	if err != nil {
		return false
	}
	stored, s := t.payload.read.find(current), t.shape.descend(t.payload.read)
	return slices.ContainsFunc(t.payload.exact, func(name string) bool {
		value := payload.member(name)
		return value != nil && !contained(value, stored.member(name), s.role(name).shape)
	})
}

// contains reports whether everything that was sent is so in the resource current, whoever made it so.
func (t *revisionDescriptor) contains(sent change, current []byte) bool {
	payload, err := parseNode(sent.payload)
	if err != nil {
		return false
	}
	is, err := parseNode(current)
	if err != nil {
		return false
	}
	there := func(path string) bool { return !absent(pointer(path).find(is)) }
	return contained(payload, t.payload.read.find(is), t.shape.descend(t.payload.read)) && !slices.ContainsFunc(sent.gone, there)
}

// contained reports whether sent holds in current. Members that the server added, and read-only members, do not count;
// a null says that there is nothing; an array holds only if it has no other elements, in no other order.
func contained(sent, current *node, s *shape) bool {
	switch {
	case sent.kind == kindNull:
		return absent(current)
	case sent.kind == kindArray && len(sent.items) == 0 && absent(current):
		return true
	case sent.kind == kindArray:
		return containedItems(sent, current, s)
	case sent.kind == kindObject:
		return containedMembers(sent, current, s)
	default:
		return equal(sent, current)
	}
}

func containedItems(sent, current *node, s *shape) bool {
	if !current.is(kindArray) || len(sent.items) != len(current.items) {
		return false
	}
	for i, item := range sent.items {
		if !contained(item, current.items[i], s.element()) {
			return false
		}
	}
	return true
}

func containedMembers(sent, current *node, s *shape) bool {
	if !absent(current) && current.kind != kindObject {
		return false
	}
	for _, e := range sent.entries {
		if m := s.role(e.name); !m.readOnly && !contained(e.value, current.member(e.name), m.shape) {
			return false
		}
	}
	return true
}
